/* Prefixes: their text, their lists. */
#include "server/config/config_lists.h"

bool config_parse_prefix(const char *text, struct config_prefix *prefix, const char **reason)
{
    if (!ip_parse_prefix(text, &prefix->ip, &prefix->bits, reason))
        return false;
    *reason = "the address has bits behind the length of the prefix";
    return !ip_has_bits_behind(&prefix->ip, prefix->bits);
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
