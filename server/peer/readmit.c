#include "server/peer/readmit.h"

static bool readmit_is_over(const struct readmit_row *row, struct mono now)
{
    return !mono_is_before(now, mono_add_s(row->last, READMIT_MEMORY_S));
}

static bool is_waiting(const struct readmit_row *row, struct mono now)
{
    return mono_is_before(now, row->from);
}

/* NULL where there is none. */
static struct readmit_row *readmit_find(struct readmit *readmit, const struct ip *address)
{
    for (uint32_t i = 0; i < readmit->count; i++) {
        if (ip_is_equal(&readmit->rows[i].address, address))
            return &readmit->rows[i];
    }
    return NULL;
}

/* A row that is free, or that of the one that may come back first. */
static struct readmit_row *readmit_place(struct readmit *readmit, struct mono now)
{
    struct readmit_row *first = &readmit->rows[0];
    if (readmit->count < READMIT_MAX)
        return &readmit->rows[readmit->count++];
    for (uint32_t i = 0; i < READMIT_MAX; i++) {
        struct readmit_row *row = &readmit->rows[i];
        if (readmit_is_over(row, now))
            return row;
        if (mono_is_before(row->from, first->from))
            first = row;
    }
    readmit->ousted += is_waiting(first, now);
    return first;
}

uint32_t readmit_bar(struct readmit *readmit, const struct ip *address, uint32_t wait_s,
                     uint32_t random, struct mono now)
{
    struct readmit_row *row = readmit_find(readmit, address);
    const bool is_again = row != NULL && !readmit_is_over(row, now);
    if (wait_s == 0)
        return 0;
    if (row == NULL)
        row = readmit_place(readmit, now);
    uint8_t factor = is_again ? (uint8_t)(2 * row->factor) : 1;
    if (factor > READMIT_FACTOR_MAX)
        factor = READMIT_FACTOR_MAX;
    const uint32_t base_s = wait_s * factor;
    const uint32_t whole_s = base_s + random % (base_s / 8 + 1);
    *row = (struct readmit_row){
        .address = *address, .factor = factor, .from = mono_add_s(now, whole_s), .last = now};
    return whole_s;
}

bool readmit_is_barred(const struct readmit *readmit, const struct ip *address, struct mono now)
{
    for (uint32_t i = 0; i < readmit->count; i++) {
        const struct readmit_row *row = &readmit->rows[i];
        if (is_waiting(row, now) && ip_is_equal(&row->address, address))
            return true;
    }
    return false;
}

uint32_t readmit_waiting(const struct readmit *readmit, struct mono now)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < readmit->count; i++)
        count += is_waiting(&readmit->rows[i], now);
    return count;
}
