/* Prefixes: their text, their lists. */
#include "server/config_lists.h"

#include <stdlib.h>
#include <string.h>

static bool parse_bits(const char *text, unsigned bits_max, uint8_t *bits)
{
    size_t size = strspn(text, "0123456789");
    unsigned value = 0;
    if (size == 0 || size > 3 || text[size] != '\0' || (text[0] == '0' && size > 1))
        return false;
    for (const char *c = text; *c != '\0'; c++)
        value = value * 10 + (unsigned)(*c - '0');
    *bits = (uint8_t)value;
    return value <= bits_max;
}

/* Whether an octet or a part of one behind the length is not 0. */
static bool has_rest(const struct config_prefix *prefix)
{
    size_t size = ip_size(&prefix->ip);
    for (size_t i = 0; i < size; i++) {
        unsigned kept = prefix->bits > 8 * i ? prefix->bits - 8 * (unsigned)i : 0;
        if (kept < 8 && (prefix->ip.octets[i] & (0xffU >> kept)) != 0)
            return true;
    }
    return false;
}

bool config_parse_prefix(const char *text, struct config_prefix *prefix, const char **reason)
{
    char address[IP_TEXT_SIZE];
    const char *slash = strchr(text, '/');
    size_t size = slash == NULL ? strlen(text) : (size_t)(slash - text);
    *reason = "is no IPv4 or IPv6 prefix";
    if (size >= sizeof address)
        return false;
    memcpy(address, text, size);
    address[size] = '\0';
    if (!ip_parse(address, &prefix->ip))
        return false;
    unsigned bits_max = 8 * (unsigned)ip_size(&prefix->ip);
    prefix->bits = (uint8_t)bits_max;
    *reason = "its length is no number, or greater than the address";
    if (slash != NULL && !parse_bits(slash + 1, bits_max, &prefix->bits))
        return false;
    *reason = "the address has bits behind the length of the prefix";
    return !has_rest(prefix);
}

bool config_prefixes_are_equal(const struct config_prefixes *a, const struct config_prefixes *b)
{
    if (a->count != b->count)
        return false;
    for (uint32_t i = 0; i < a->count; i++) {
        if (a->items[i].bits != b->items[i].bits || !ip_is_equal(&a->items[i].ip, &b->items[i].ip))
            return false;
    }
    return true;
}
