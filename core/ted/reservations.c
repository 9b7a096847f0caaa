#include "core/ted/reservations.h"

#include "core/base/check.h"

#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>

/* A model of all orders makes do with few. */
#ifndef RESERVATION_ROWS
#define RESERVATION_ROWS 1024 /* of a chunk */
#endif

_Static_assert(TED_RESERVED_MAX <= UINT64_MAX >> 21, "the sum of 2^21 LSPs fits a sum");

struct row {
    _Atomic(uint64_t) held[TED_PRIORITIES];
};

struct chunk {
    struct row rows[RESERVATION_ROWS];
    _Atomic(uint64_t) unflooded[RESERVATION_ROWS];
};

struct ted_reservations {
    uint32_t chunk_count;
    _Atomic(uint64_t) changes, pressed, refused;
    _Atomic(struct chunk *) chunks[];
};

uint64_t ted_octets_of_bandwidth(float bandwidth)
{
    if (!(bandwidth > 0))
        return 0;
    double whole = ceil((double)bandwidth);
    return whole < (double)TED_RESERVED_MAX ? (uint64_t)whole : TED_RESERVED_MAX;
}

struct ted_claim ted_claim_of(float bandwidth, uint8_t setup, uint8_t holding)
{
    return (struct ted_claim){.octets_per_s = ted_octets_of_bandwidth(bandwidth),
                              .setup = setup,
                              .holding = holding < setup ? holding : setup};
}

struct ted_reservations *ted_reservations_create(uint32_t numbers_max)
{
    if (numbers_max > TED_LINK_NUMBERS_MAX)
        numbers_max = TED_LINK_NUMBERS_MAX;
    uint32_t chunk_count = (numbers_max + RESERVATION_ROWS - 1) / RESERVATION_ROWS;
    struct ted_reservations *reservations =
        calloc(1, sizeof *reservations + chunk_count * sizeof reservations->chunks[0]);
    if (reservations != NULL)
        reservations->chunk_count = chunk_count;
    return reservations;
}

void ted_reservations_destroy(struct ted_reservations *reservations)
{
    if (reservations == NULL)
        return;
    for (uint32_t i = 0; i < reservations->chunk_count; i++)
        free(atomic_load_explicit(&reservations->chunks[i], memory_order_relaxed));
    free(reservations);
}

enum pce_status ted_reservations_make_room(struct ted_reservations *reservations, uint32_t count)
{
    uint32_t wanted = count / RESERVATION_ROWS + (count % RESERVATION_ROWS != 0);
    if (wanted > reservations->chunk_count)
        return PCE_LIMIT;
    for (uint32_t i = 0; i < wanted; i++) {
        if (atomic_load_explicit(&reservations->chunks[i], memory_order_relaxed) != NULL)
            continue;
        struct chunk *chunk = calloc(1, sizeof *chunk);
        if (chunk == NULL)
            return PCE_NO_MEMORY;
        atomic_store_explicit(&reservations->chunks[i], chunk, memory_order_release);
    }
    return PCE_OK;
}

/* NULL: the number is of no snapshot that was published. */
static struct row *reservations_row_of(const struct ted_reservations *reservations, uint32_t number)
{
    uint32_t index = number / RESERVATION_ROWS;
    if (index >= reservations->chunk_count)
        return NULL;
    struct chunk *chunk = atomic_load_explicit(&reservations->chunks[index], memory_order_acquire);
    return chunk == NULL ? NULL : &chunk->rows[number % RESERVATION_ROWS];
}

uint64_t ted_reservations_held(const struct ted_reservations *reservations, uint32_t number,
                               unsigned priority)
{
    CHECK(priority < TED_PRIORITIES);
    struct row *row = reservations_row_of(reservations, number);
    return row == NULL ? 0 : atomic_load_explicit(&row->held[priority], memory_order_relaxed);
}

static _Atomic(uint64_t) *reservations_unflooded_of(const struct ted_reservations *reservations,
                                                    uint32_t number)
{
    uint32_t index = number / RESERVATION_ROWS;
    if (index >= reservations->chunk_count)
        return NULL;
    struct chunk *chunk = atomic_load_explicit(&reservations->chunks[index], memory_order_acquire);
    return chunk == NULL ? NULL : &chunk->unflooded[number % RESERVATION_ROWS];
}

/* Ordered with the sums of the link: more of it than is held is harmless, less is not. */
void ted_reservations_flood(struct ted_reservations *reservations, uint32_t number,
                            uint64_t octets_per_s, bool adds)
{
    _Atomic(uint64_t) *unflooded = reservations_unflooded_of(reservations, number);
    if (unflooded == NULL)
        return;
    if (adds)
        (void)atomic_fetch_add(unflooded, octets_per_s);
    else
        (void)atomic_fetch_sub(unflooded, octets_per_s);
}

uint64_t ted_reservations_unflooded(const struct ted_reservations *reservations, uint32_t number)
{
    _Atomic(uint64_t) *unflooded = reservations_unflooded_of(reservations, number);
    return unflooded == NULL ? 0 : atomic_load(unflooded);
}

/* ---- limits ---- */

static const struct ted_link *reservations_link_of(const struct ted_snapshot *snapshot,
                                                   uint32_t number)
{
    const struct ted_link_numbers *numbers = snapshot->link_numbers;
    if (numbers == NULL || number >= numbers->count || numbers->links[number] == TED_NONE)
        return NULL;
    return &snapshot->links[numbers->links[number]];
}

/* What LSPs may hold of a link, whole octets a second. A link that is gone has nothing. */
static uint64_t reservations_limit_of(const struct ted_link *link, unsigned priority)
{
    CHECK(priority < TED_PRIORITIES);
    double unreserved = link == NULL ? 0 : (double)link->unreserved[priority];
    if (!(unreserved >= 1))
        return 0;
    return unreserved < 0x1p63 ? (uint64_t)unreserved : UINT64_C(1) << 63;
}

/* ---- one link ---- */

static void reservations_add(struct row *row, unsigned first, unsigned end, uint64_t octets)
{
    for (unsigned p = first; p < end; p++)
        (void)atomic_fetch_add_explicit(&row->held[p], octets, memory_order_relaxed);
}

static void reservations_subtract(struct row *row, unsigned first, unsigned end, uint64_t octets)
{
    for (unsigned p = first; p < end; p++)
        (void)atomic_fetch_sub_explicit(&row->held[p], octets, memory_order_relaxed);
}

static bool reservations_add_within(_Atomic(uint64_t) *held, uint64_t octets, uint64_t limit)
{
    uint64_t sum = atomic_load_explicit(held, memory_order_relaxed);
    while (sum <= limit && octets <= limit - sum)
        if (atomic_compare_exchange_weak_explicit(held, &sum, sum + octets, memory_order_relaxed,
                                                  memory_order_relaxed))
            return true;
    return false;
}

/* A link, what it may hold beyond what the network says, and from which priority on it is looked at. */
struct over {
    const struct ted_link *link;
    uint64_t unflooded;
    unsigned first;
};

static uint64_t reservations_over_limit(const struct over *over, unsigned priority)
{
    return reservations_limit_of(over->link, priority) + over->unflooded;
}

static bool reservations_is_row_over(const struct row *row, const struct over *over,
                                     unsigned *priority)
{
    for (unsigned p = TED_PRIORITIES; p-- > over->first;) {
        *priority = p;
        if (atomic_load_explicit(&row->held[p], memory_order_acquire) >
            reservations_over_limit(over, p))
            return true;
    }
    return false;
}

static bool reservations_take_row(struct ted_reservations *reservations, struct row *row,
                                  const struct ted_link *link, const struct ted_claim *claim)
{
    unsigned lowest;
    for (unsigned p = claim->holding; p <= claim->setup; p++) {
        if (reservations_add_within(&row->held[p], claim->octets_per_s,
                                    reservations_limit_of(link, p)))
            continue;
        reservations_subtract(row, claim->holding, p, claim->octets_per_s);
        return false;
    }
    reservations_add(row, claim->setup + 1U, TED_PRIORITIES, claim->octets_per_s);
    const struct over over = {.link = link, .first = claim->setup + 1U};
    if (over.first < TED_PRIORITIES && reservations_is_row_over(row, &over, &lowest))
        (void)atomic_fetch_add_explicit(&reservations->pressed, 1, memory_order_relaxed);
    return true;
}

/* ---- all links of a path ---- */

/* Told when it is done: who has read the number before knows that what it saw since is old. Of what
 * was refused, too: it may have been seen for a moment. */
static void reservations_tell_change(struct ted_reservations *reservations,
                                     const struct ted_claim *claim)
{
    if (claim->octets_per_s > 0)
        (void)atomic_fetch_add_explicit(&reservations->changes, 1, memory_order_release);
}

void ted_reservations_release(struct ted_reservations *reservations, const uint32_t *numbers,
                              uint32_t count, const struct ted_claim *claim)
{
    for (uint32_t i = 0; i < count; i++) {
        struct row *row = reservations_row_of(reservations, numbers[i]);
        if (row != NULL)
            reservations_subtract(row, claim->holding, TED_PRIORITIES, claim->octets_per_s);
    }
    reservations_tell_change(reservations, claim);
}

enum pce_status ted_reservations_take(struct ted_reservations *reservations,
                                      const struct ted_snapshot *snapshot, const uint32_t *numbers,
                                      uint32_t count, const struct ted_claim *claim)
{
    CHECK(claim->holding <= claim->setup && claim->setup < TED_PRIORITIES);
    for (uint32_t i = 0; i < count; i++) {
        CHECK(i == 0 ||
              numbers[i - 1] < numbers[i]); /* two paths in two orders would refuse each other */
        const struct ted_link *link = reservations_link_of(snapshot, numbers[i]);
        struct row *row = reservations_row_of(reservations, numbers[i]);
        if (link != NULL && row != NULL && reservations_take_row(reservations, row, link, claim))
            continue;
        ted_reservations_release(reservations, numbers, i, claim);
        (void)atomic_fetch_add_explicit(&reservations->refused, 1, memory_order_relaxed);
        return link == NULL || row == NULL ? PCE_NOT_FOUND : PCE_LIMIT;
    }
    reservations_tell_change(reservations, claim);
    return PCE_OK;
}

void ted_reservations_force(struct ted_reservations *reservations, const uint32_t *numbers,
                            uint32_t count, const struct ted_claim *claim)
{
    for (uint32_t i = 0; i < count; i++) {
        struct row *row = reservations_row_of(reservations, numbers[i]);
        if (row != NULL)
            reservations_add(row, claim->holding, TED_PRIORITIES, claim->octets_per_s);
    }
    reservations_tell_change(reservations, claim);
    if (count > 0 && claim->octets_per_s > 0)
        (void)atomic_fetch_add_explicit(&reservations->pressed, 1, memory_order_relaxed);
}

/* ---- pre-emption ---- */

/* Who looks reads it before the sums, since it is taken off after them, and once more behind them,
 * since it is added before. */
static struct over reservations_over_of(const struct ted_reservations *reservations,
                                        const struct ted_snapshot *snapshot, uint32_t number,
                                        unsigned first)
{
    return (struct over){.link = reservations_link_of(snapshot, number),
                         .unflooded = ted_reservations_unflooded(reservations, number),
                         .first = first};
}

bool ted_reservations_is_over(const struct ted_reservations *reservations,
                              const struct ted_snapshot *snapshot, uint32_t number,
                              unsigned *priority)
{
    const struct row *row = reservations_row_of(reservations, number);
    if (row == NULL)
        return false;
    for (unsigned look = 0; look < 2; look++) {
        const struct over over = reservations_over_of(reservations, snapshot, number, 0);
        if (!reservations_is_row_over(row, &over, priority))
            return false;
    }
    return true;
}

/* The sum that is over decides, by one exchange; the others follow it. */
bool ted_reservations_give_way(struct ted_reservations *reservations,
                               const struct ted_snapshot *snapshot, uint32_t number,
                               const struct ted_claim *claim)
{
    struct row *row = reservations_row_of(reservations, number);
    unsigned p;
    if (row == NULL || claim->octets_per_s == 0)
        return false;
    for (;;) {
        struct over over = reservations_over_of(reservations, snapshot, number, claim->holding);
        if (!reservations_is_row_over(row, &over, &p))
            return false;
        over = reservations_over_of(reservations, snapshot, number, claim->holding);
        uint64_t sum = atomic_load_explicit(&row->held[p], memory_order_relaxed);
        if (sum <= reservations_over_limit(&over, p) ||
            !atomic_compare_exchange_weak_explicit(&row->held[p], &sum, sum - claim->octets_per_s,
                                                   memory_order_relaxed, memory_order_relaxed))
            continue;
        reservations_subtract(row, claim->holding, p, claim->octets_per_s);
        reservations_subtract(row, p + 1, TED_PRIORITIES, claim->octets_per_s);
        reservations_tell_change(reservations, claim);
        return true;
    }
}

uint64_t ted_reservations_changes(const struct ted_reservations *reservations)
{
    return atomic_load_explicit(&reservations->changes, memory_order_acquire);
}

uint64_t ted_reservations_pressed(const struct ted_reservations *reservations)
{
    return atomic_load_explicit(&reservations->pressed, memory_order_relaxed);
}

uint64_t ted_reservations_refused(const struct ted_reservations *reservations)
{
    return atomic_load_explicit(&reservations->refused, memory_order_relaxed);
}
