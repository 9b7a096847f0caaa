#include "server/northbound/session_order.h"

#include <string.h>

#define RANK_WITHOUT   (SESSION_RANK_END - 1) /* of what has no value */
#define RANK_VALUE_MAX (SESSION_RANK_END - 2)

static const struct {
    enum session_key key;
    const char *text;
} rows[] = {
#define TABLE_ROW(name, text) {SESSION_KEY_##name, text},
    SESSION_KEYS(TABLE_ROW)
#undef TABLE_ROW
};

bool session_order_parse(const char *text, struct session_order *order)
{
    order->is_descending = text[0] == '-';
    const char *name = order->is_descending ? text + 1 : text;
    for (uint32_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (strcmp(rows[i].text, name) != 0)
            continue;
        order->key = rows[i].key;
        return true;
    }
    return false;
}

const char *session_order_explain(void)
{
#define TEXT_ROW(name, text) text ", "
    return "must be one of " SESSION_KEYS(TEXT_ROW) "with - before it for the largest first";
#undef TEXT_ROW
}

uint64_t session_order_rank(const struct session_order *order, bool has_value, uint64_t value)
{
    if (!has_value)
        return RANK_WITHOUT;
    uint64_t kept = value < RANK_VALUE_MAX ? value : RANK_VALUE_MAX;
    return order->is_descending ? RANK_VALUE_MAX - kept : kept;
}
