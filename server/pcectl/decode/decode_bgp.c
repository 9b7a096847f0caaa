#include "server/pcectl/decode/decode_bgp.h"

#include "core/bgp/json.h"
#include "core/bgp/print.h"

#include <stdio.h>
#include <stdlib.h>

bool decode_bgp_is(struct wire_span octets)
{
    for (size_t i = 0; i < BGP_MARKER_SIZE && i < octets.size; i++) {
        if (octets.octets[i] != 0xFF)
            return false;
    }
    return octets.size >= BGP_MARKER_SIZE;
}

static bool bgp_show_text(const struct decode_show *show, const struct bgp_message *message,
                          const struct bgp_fault *fault, const struct decode_head *head)
{
    if (head->text != NULL && printf("%s\n", head->text) < 0)
        return false;
    for (size_t room = DECODE_TEXT_MIN; room <= DECODE_TEXT_MAX; room *= 2) {
        uint8_t *text = malloc(room);
        if (text == NULL)
            return false;
        struct wire_writer writer = wire_writer_init(text, room);
        bgp_print(&writer, message, fault,
                  (struct bgp_print_options){.has_offsets = show->has_offsets});
        size_t size = wire_written(&writer);
        bool is_whole = !writer.failed && fwrite(text, 1, size, stdout) == size;
        free(text);
        if (is_whole)
            return true;
    }
    return false;
}

static bool bgp_show_json(const struct bgp_message *message, const struct bgp_fault *fault,
                          const struct decode_head *head)
{
    json_t *json = decode_with_head(bgp_to_json(message, fault), head);
    if (json == NULL)
        return false;
    bool is_written = json_dumpf(json, stdout, JSON_COMPACT) == 0 && putchar('\n') != EOF;
    json_decref(json);
    return is_written;
}

bool decode_bgp_message(struct decode_show *show, struct wire_span octets,
                        const struct decode_head *head, bool *has_as2, bool *is_faulty)
{
    struct bgp_message message;
    struct bgp_fault fault;
    const struct bgp_options options = {.has_as4 = !*has_as2};
    arena_reset(&show->arena);
    if (bgp_decode(octets, options, &show->arena, &message, &fault) == PCE_LIMIT)
        return false;
    *is_faulty = bgp_fault_is_set(&fault);
    if (message.type == BGP_MESSAGE_OPEN)
        *has_as2 |= bgp_find_capability(&message.open, BGP_CAPABILITY_FOUR_OCTET_AS) == NULL;
    if (show->is_silent)
        return true;
    return show->is_json ? bgp_show_json(&message, &fault, head)
                         : bgp_show_text(show, &message, &fault, head);
}

bool decode_bgp_show(struct decode_show *show, struct wire_span octets,
                     struct decode_bgp_result *result)
{
    static const struct decode_head none;
    bool has_as2 = false;
    size_t whole = octets.size;
    *result = (struct decode_bgp_result){.is_faulty = false};
    while (octets.size > 0) {
        struct bgp_fault fault = {.action = BGP_ACTION_NONE};
        uint32_t size = 0;
        bool has_header = octets.size >= BGP_HEADER_SIZE;
        bool is_good = has_header && bgp_frame_check_header(octets.octets, true, &size, &fault);
        if (!is_good || size > octets.size) {
            result->bad_stream = has_header && !is_good ? fault.reason : "the message is cut off";
            result->bad_offset = whole - octets.size;
            return true;
        }
        bool is_faulty;
        if (!decode_bgp_message(show, (struct wire_span){octets.octets, size}, &none, &has_as2,
                                &is_faulty))
            return false;
        result->is_faulty |= is_faulty;
        octets.octets += size;
        octets.size -= size;
    }
    return true;
}
