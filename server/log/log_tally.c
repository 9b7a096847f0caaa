#include "server/log/log_tally.h"

#include "core/base/check.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define OTHERS_SIZE 32 /* of ", 4294967295 others" and a NUL */

/* Whether the row is the reason's, or has become it. */
static bool is_row_of(struct log_tally_row *row, const char *reason)
{
    const char *there = atomic_load(&row->reason);
    if (there == NULL && atomic_compare_exchange_strong(&row->reason, &there, reason))
        return true;
    return there == reason || strcmp(there, reason) == 0;
}

void log_tally_add(struct log_tally *tally, const char *reason)
{
    for (size_t i = 0; i < LOG_TALLY_ROWS && reason != NULL; i++) {
        if (is_row_of(&tally->rows[i], reason)) {
            atomic_fetch_add(&tally->rows[i].count, 1);
            return;
        }
    }
    atomic_fetch_add(&tally->others, 1);
}

/* False when there is no room for it beside the count of the others. */
static bool log_tally_put(char *text, size_t *used, uint32_t count, const char *reason)
{
    CHECK(*used < LOG_TALLY_TEXT_SIZE - OTHERS_SIZE);
    size_t room = LOG_TALLY_TEXT_SIZE - OTHERS_SIZE - *used;
    int size = snprintf(text + *used, room, "%s%u %s", *used == 0 ? "" : ", ", count, reason);
    if (size < 0 || (size_t)size >= room) {
        text[*used] = '\0';
        return false;
    }
    *used += (size_t)size;
    return true;
}

static uint32_t log_tally_take_count(_Atomic uint32_t *count)
{
    return atomic_load(count) == 0 ? 0 : atomic_exchange(count, 0);
}

uint32_t log_tally_take(struct log_tally *tally, char text[LOG_TALLY_TEXT_SIZE])
{
    size_t used = 0;
    uint32_t others = log_tally_take_count(&tally->others);
    uint32_t sum = others;
    text[0] = '\0';
    for (size_t i = 0; i < LOG_TALLY_ROWS; i++) {
        const char *reason = atomic_load(&tally->rows[i].reason);
        uint32_t count = reason == NULL ? 0 : log_tally_take_count(&tally->rows[i].count);
        sum += count;
        if (count > 0 && !log_tally_put(text, &used, count, reason))
            others += count;
    }
    if (others > 0)
        (void)snprintf(text + used, LOG_TALLY_TEXT_SIZE - used, "%s%u others",
                       used == 0 ? "" : ", ", others);
    return sum;
}
