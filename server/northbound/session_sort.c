#include "server/northbound/session_sort.h"

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

bool session_sort_parse(const char *text, struct session_sort *sort)
{
    sort->is_descending = text[0] == '-';
    const char *name = sort->is_descending ? text + 1 : text;
    for (uint32_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (strcmp(rows[i].text, name) != 0)
            continue;
        sort->key = rows[i].key;
        return true;
    }
    return false;
}

const char *session_sort_explain(void)
{
#define TEXT_ROW(name, text) text ", "
    return "must be one of " SESSION_KEYS(TEXT_ROW) "with - before it for the largest first";
#undef TEXT_ROW
}

uint64_t session_sort_rank(const struct session_sort *sort, bool has_value, uint64_t value)
{
    if (!has_value)
        return RANK_WITHOUT;
    uint64_t kept = value < RANK_VALUE_MAX ? value : RANK_VALUE_MAX;
    return sort->is_descending ? RANK_VALUE_MAX - kept : kept;
}
