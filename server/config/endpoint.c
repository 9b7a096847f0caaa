#include "server/config/endpoint.h"

#include "core/base/number.h"

#include <string.h>

#define LETTERS_DIGITS                                                                             \
    "abcdefghijklmnopqrstuvwxyz"                                                                   \
    "ABCDEFGHIJKLMNOPQRSTUVWXYZ"                                                                   \
    "0123456789"

static bool endpoint_parse_port(const char *text, uint16_t *port)
{
    uint64_t value;
    bool is_port = number_parse(text, UINT16_MAX, &value) && value != 0;
    *port = (uint16_t)value;
    return is_port;
}

bool endpoint_parse(const char *text, struct ip *address, uint16_t *port)
{
    static const uint8_t loopback[4] = {127, 0, 0, 1};
    char ip[IP_TEXT_SIZE];
    const char *colon = strrchr(text, ':');
    *address = ip_from_v4(loopback);
    if (colon == NULL)
        return endpoint_parse_port(text, port);
    bool is_v6 = text[0] == '[';
    const char *begin = is_v6 ? text + 1 : text;
    const char *end = is_v6 ? colon - 1 : colon;
    if (end < begin || (is_v6 && *end != ']') || (size_t)(end - begin) >= sizeof ip)
        return false;
    memcpy(ip, begin, (size_t)(end - begin));
    ip[end - begin] = '\0';
    return ip_parse(ip, address) && (address->family == IP_V6) == is_v6 &&
           endpoint_parse_port(colon + 1, port);
}

bool host_names_are_good(const char *names)
{
    return names[strspn(names, LETTERS_DIGITS "-. ")] == '\0';
}
