#include "bench/pceload/results/tally.h"

#include <stdio.h>
#include <string.h>

static const char *const names[TALLY_KINDS] = {
#define TALLY_NAME(id, name) [TALLY_##id] = name,
    TALLY_ROWS(TALLY_NAME)
#undef TALLY_NAME
};

static uint32_t at_most(uint32_t value, uint32_t count)
{
    return value < count ? value : count - 1;
}

void tally_errno(struct tally *tally, int error)
{
    tally->errnos[at_most((uint32_t)error, TALLY_ERRNOS)]++;
}

void tally_pair(uint64_t table[TALLY_TYPES][TALLY_VALUES], uint8_t type, uint8_t value)
{
    table[at_most(type, TALLY_TYPES)][at_most(value, TALLY_VALUES)]++;
}

void tally_close(struct tally *tally, uint8_t reason)
{
    tally->close[at_most(reason, TALLY_VALUES)]++;
}

/* The struct is nothing but counters. */
void tally_merge(struct tally *tally, const struct tally *from)
{
    uint64_t *to = (uint64_t *)tally;
    const uint64_t *add = (const uint64_t *)from;
    for (size_t i = 0; i < sizeof *tally / sizeof *to; i++)
        to[i] += add[i];
}

uint64_t tally_wrong(const struct tally *tally)
{
    uint64_t count = 0;
    for (unsigned i = 0; i < TALLY_WRONG_COUNT; i++)
        count += tally->kinds[i];
    return count;
}

static void list_pairs(const char *what, const uint64_t table[TALLY_TYPES][TALLY_VALUES],
                       void (*on_row)(void *context, const char *name, uint64_t count),
                       void *context)
{
    char name[64];
    for (unsigned type = 0; type < TALLY_TYPES; type++) {
        for (unsigned value = 0; value < TALLY_VALUES; value++) {
            (void)snprintf(name, sizeof name, "%s-%u-%u", what, type, value);
            if (table[type][value] > 0)
                on_row(context, name, table[type][value]);
        }
    }
}

void tally_list(const struct tally *tally,
                void (*on_row)(void *context, const char *name, uint64_t count), void *context)
{
    char name[64];
    for (unsigned i = 0; i < TALLY_KINDS; i++) {
        if (tally->kinds[i] > 0)
            on_row(context, names[i], tally->kinds[i]);
    }
    for (int i = 0; i < TALLY_ERRNOS; i++) {
        const char *text = strerrorname_np(i);
        (void)snprintf(name, sizeof name, "errno-%s", text == NULL ? "other" : text);
        if (tally->errnos[i] > 0)
            on_row(context, name, tally->errnos[i]);
    }
    list_pairs("pcerr", tally->pcerr, on_row, context);
    list_pairs("pcntf", tally->pcntf, on_row, context);
    for (unsigned i = 0; i < TALLY_VALUES; i++) {
        (void)snprintf(name, sizeof name, "close-reason-%u", i);
        if (tally->close[i] > 0)
            on_row(context, name, tally->close[i]);
    }
}
