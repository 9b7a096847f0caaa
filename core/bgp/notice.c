#include "core/bgp/notice.h"

#include "core/base/utf8.h"

#include <string.h>

size_t bgp_communication_size(const uint8_t *octets, size_t size)
{
    size_t whole = 0;
    while (whole < size) {
        size_t character = utf8_character_size(octets + whole, size - whole);
        if (character == 0 || whole + character > BGP_COMMUNICATION_MAX)
            break;
        whole += character;
    }
    return whole;
}

/* What would steer a terminal is no text of an operator (RFC 9003 5). */
static void notice_take_text(struct bgp_notice *notice, struct wire_span text)
{
    size_t size = bgp_communication_size(text.octets, text.size);
    memcpy(notice->text, text.octets, size);
    notice->text[size] = '\0';
    for (size_t i = 0; i < size; i++) {
        unsigned char octet = (unsigned char)notice->text[i];
        if (octet < 0x20 || octet == 0x7F)
            notice->text[i] = ' ';
    }
}

void bgp_notice_set(struct bgp_notice *notice, const struct bgp_notification *notification,
                    struct mono now)
{
    unsigned error = (unsigned)notification->code << 8 | notification->subcode;
    struct wire_span data = notification->data;
    *notice = (struct bgp_notice){
        .at = now, .code = notification->code, .subcode = notification->subcode};
    bool has_text = error == BGP_ERROR_SHUTDOWN || error == BGP_ERROR_RESET;
    if (has_text && data.size > 0 && data.octets[0] < data.size)
        notice_take_text(notice, (struct wire_span){data.octets + 1, data.octets[0]});
}
