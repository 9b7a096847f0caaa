#include "core/base/wheel.h"

#include "core/base/check.h"
#include "core/base/validate.h"

#include <stddef.h>

#define SLOT_BITS   8
#define SLOT_MASK   (WHEEL_SLOTS - 1)
#define HORIZON_MS  ((UINT64_C(1) << (SLOT_BITS * WHEEL_LEVELS)) - 1)
#define WORD_BITS   64
#define NEVER_MS    UINT64_MAX
#define UNKNOWN_MS  0 /* of next_ms, which is after now_ms */
#define TIMER(node) CONTAINER_OF(node, struct wheel_timer, link)

_Static_assert(WHEEL_SLOTS == 1 << SLOT_BITS, "a level has a slot for each value of its bits");
_Static_assert(SLOT_BITS *WHEEL_LEVELS == 32, "the horizon is 2^32 ms");
_Static_assert(WHEEL_SLOTS % WORD_BITS == 0, "whole words of bits");
_Static_assert(sizeof(((struct wheel *)0)->slots) == 16384, "wheel.h says 16 KiB");
_Static_assert(sizeof(struct wheel_timer) == 32, "wheel.h says 32 octets a timer");

/* The last tick that is not after the instant. */
static uint64_t tick_at(struct mono t)
{
    return t.ns / MONO_NS_PER_MS;
}

/* The first tick that is not before the instant. */
static uint64_t tick_after(struct mono t)
{
    return t.ns / MONO_NS_PER_MS + (t.ns % MONO_NS_PER_MS != 0);
}

void wheel_init(struct wheel *wheel, struct mono now)
{
    *wheel = (struct wheel){.now_ms = tick_at(now)};
    for (unsigned level = 0; level < WHEEL_LEVELS; level++) {
        for (unsigned slot = 0; slot < WHEEL_SLOTS; slot++)
            list_init(&wheel->slots[level][slot]);
    }
    list_init(&wheel->due);
    list_init(&wheel->carry);
}

void wheel_timer_init(struct wheel_timer *timer, wheel_fire_fn *fire)
{
    *timer = (struct wheel_timer){.fire = fire};
    list_init(&timer->link);
}

bool wheel_is_running(const struct wheel_timer *timer)
{
    return list_is_linked(&timer->link);
}

/* Puts an unlinked timer where its deadline belongs, seen from now_ms. The level is that of the
 * distance, so that a slot's own time is always 1 to 256 of its spans ahead: never the slot that
 * this tick empties. */
static void wheel_file(struct wheel *wheel, struct wheel_timer *timer)
{
    if (timer->deadline_ms <= wheel->now_ms) {
        list_push_back(&wheel->carry, &timer->link);
        return;
    }
    uint64_t distance = timer->deadline_ms - wheel->now_ms;
    if (distance > HORIZON_MS)
        distance = HORIZON_MS;
    unsigned level = (unsigned)(63 - __builtin_clzll(distance)) / SLOT_BITS;
    uint64_t tick = wheel->now_ms + distance;
    unsigned slot = (unsigned)(tick >> (level * SLOT_BITS)) & SLOT_MASK;
    list_push_back(&wheel->slots[level][slot], &timer->link);
    wheel->occupied[level][slot / WORD_BITS] |= UINT64_C(1) << slot % WORD_BITS;
    uint64_t slot_ms = tick >> (level * SLOT_BITS) << (level * SLOT_BITS);
    if (slot_ms < wheel->next_ms)
        wheel->next_ms = slot_ms;
}

/* The last timer of a slot may have been the one that next_ms is of. */
static void wheel_unfile(struct wheel *wheel, struct wheel_timer *timer)
{
    if (timer->link.next == timer->link.prev)
        wheel->next_ms = UNKNOWN_MS;
    list_remove(&timer->link);
}

void wheel_start(struct wheel *wheel, struct wheel_timer *timer, struct mono deadline)
{
    if (mono_is_never(deadline)) {
        wheel_stop(wheel, timer);
        return;
    }
    uint64_t deadline_ms = tick_after(deadline);
    if (wheel_is_running(timer)) {
        bool is_later = deadline_ms >= timer->deadline_ms;
        timer->deadline_ms = deadline_ms;
        if (is_later)
            return;
        wheel_unfile(wheel, timer);
    } else {
        CHECK(timer->fire != NULL);
        timer->deadline_ms = deadline_ms;
        wheel->count++;
    }
    wheel_file(wheel, timer);
    VALIDATE(VALIDATE_STEPS, wheel_validate(wheel));
}

/* The slot's bit stays: it is cleared when the slot is next looked at. */
void wheel_stop(struct wheel *wheel, struct wheel_timer *timer)
{
    if (!wheel_is_running(timer))
        return;
    CHECK(wheel->count > 0);
    wheel_unfile(wheel, timer);
    wheel->count--;
    VALIDATE(VALIDATE_STEPS, wheel_validate(wheel));
}

/* Whether the slot holds timers; clears the bit of one that does not. */
static bool slot_is_occupied(struct wheel *wheel, unsigned level, unsigned slot)
{
    if (!list_is_empty(&wheel->slots[level][slot]))
        return true;
    wheel->occupied[level][slot / WORD_BITS] &= ~(UINT64_C(1) << slot % WORD_BITS);
    return false;
}

/* The first occupied slot of a word's slots from..63 of that word; WHEEL_SLOTS when there is none.
 */
static unsigned word_find(struct wheel *wheel, unsigned level, unsigned word, uint64_t mask)
{
    uint64_t bits = wheel->occupied[level][word] & mask;
    while (bits != 0) {
        unsigned slot = word * WORD_BITS + (unsigned)__builtin_ctzll(bits);
        if (slot_is_occupied(wheel, level, slot))
            return slot;
        bits &= bits - 1;
    }
    return WHEEL_SLOTS;
}

/* How many slots after the current one of the level the first occupied one comes, 1 to 256 (the
 * current one's next round); 0 when the level is empty. */
static unsigned level_distance(struct wheel *wheel, unsigned level)
{
    unsigned from = ((unsigned)(wheel->now_ms >> (level * SLOT_BITS)) + 1) & SLOT_MASK;
    uint64_t from_mask = UINT64_MAX << from % WORD_BITS;
    const unsigned words = WHEEL_SLOTS / WORD_BITS;
    for (unsigned i = 0; i <= words; i++) {
        uint64_t mask = UINT64_MAX;
        if (i == 0)
            mask = from_mask;
        else if (i == words)
            mask = ~from_mask;
        unsigned slot = word_find(wheel, level, (from / WORD_BITS + i) % words, mask);
        if (slot < WHEEL_SLOTS)
            return ((slot - from) & SLOT_MASK) + 1;
    }
    return 0;
}

static uint64_t wheel_find_next(struct wheel *wheel)
{
    uint64_t next = NEVER_MS;
    for (unsigned level = 0; level < WHEEL_LEVELS; level++) {
        unsigned distance = level_distance(wheel, level);
        if (distance == 0)
            continue;
        unsigned shift = level * SLOT_BITS;
        uint64_t tick = ((wheel->now_ms >> shift) + distance) << shift;
        if (tick < next)
            next = tick;
    }
    return next;
}

/* The first tick after now_ms whose turn finds a slot with timers; NEVER_MS when there is none. It
 * is found once and kept: a shard asks in each turn, and many turns go into a tick. */
static uint64_t wheel_next_tick(struct wheel *wheel)
{
    if (wheel->next_ms == UNKNOWN_MS)
        wheel->next_ms = wheel_find_next(wheel);
    return wheel->next_ms;
}

struct mono wheel_next(struct wheel *wheel)
{
    if (wheel->count == 0)
        return MONO_NEVER;
    uint64_t tick = wheel->now_ms;
    if (list_is_empty(&wheel->carry))
        tick = wheel_next_tick(wheel);
    CHECK(tick != NEVER_MS);
    return (struct mono){tick * MONO_NS_PER_MS};
}

/* Moves the slots of higher levels whose time begins with this tick into the carry. */
static void wheel_cascade(struct wheel *wheel)
{
    for (unsigned level = 1; level < WHEEL_LEVELS; level++) {
        unsigned shift = level * SLOT_BITS;
        if ((wheel->now_ms & ((UINT64_C(1) << shift) - 1)) != 0)
            return;
        unsigned slot = (unsigned)(wheel->now_ms >> shift) & SLOT_MASK;
        list_splice_back(&wheel->carry, &wheel->slots[level][slot]);
    }
}

static void wheel_move_carry(struct wheel *wheel)
{
    for (unsigned i = 0; i < WHEEL_CASCADE_MAX; i++) {
        struct list_link *link = list_pop_front(&wheel->carry);
        if (link == NULL)
            return;
        if (TIMER(link)->deadline_ms <= wheel->now_ms)
            list_push_back(&wheel->due, link);
        else
            wheel_file(wheel, TIMER(link));
    }
}

/* Fires what is due; files again what was stamped with a later deadline since. Each timer is taken
 * off the list before anything is called, and the list is asked anew each time: a fire function may
 * do what it likes with every timer. */
static uint64_t wheel_fire_due(struct wheel *wheel, struct mono now)
{
    uint64_t fired = 0;
    for (;;) {
        struct list_link *link = list_pop_front(&wheel->due);
        if (link == NULL)
            return fired;
        struct wheel_timer *timer = TIMER(link);
        if (timer->deadline_ms > wheel->now_ms) {
            wheel_file(wheel, timer);
            continue;
        }
        wheel->count--;
        fired++;
        timer->fire(timer, now);
    }
}

uint64_t wheel_turn(struct wheel *wheel, struct mono now)
{
    CHECK(!wheel->is_turning);
    wheel->is_turning = true;
    const uint64_t target = tick_at(now);
    /* What the tick before left in the carry. */
    wheel_move_carry(wheel);
    uint64_t fired = wheel_fire_due(wheel, now);
    while (wheel->now_ms < target) {
        uint64_t tick = wheel->now_ms + 1;
        if (list_is_empty(&wheel->carry))
            tick = wheel_next_tick(wheel);
        wheel->now_ms = tick < target ? tick : target;
        if (wheel->next_ms <= wheel->now_ms)
            wheel->next_ms = UNKNOWN_MS;
        wheel_cascade(wheel);
        wheel_move_carry(wheel);
        list_splice_back(&wheel->due, &wheel->slots[0][wheel->now_ms & SLOT_MASK]);
        fired += wheel_fire_due(wheel, now);
    }
    wheel->is_turning = false;
    VALIDATE(VALIDATE_STEPS, wheel_validate(wheel));
    return fired;
}

/* ---- validation ---- */

#ifdef PCED_VALIDATE

/* Returns the timers of a list, none of which is to fire before that tick. found: so many were seen
 * in other lists, so that the walk ends however the links go. */
static uint64_t list_validate(const struct wheel *wheel, const struct list_link *head,
                              uint64_t deadline_min_ms, uint64_t found)
{
    CHECK(head->next->prev == head && head->prev->next == head);
    uint64_t count = 0;
    LIST_FOR(link, head)
    {
        CHECK(link->next->prev == link && link->prev->next == link);
        CHECK(TIMER(link)->fire != NULL);
        CHECK(TIMER(link)->deadline_ms >= deadline_min_ms);
        count++;
        CHECK(found + count <= wheel->count);
    }
    return count;
}

/* The tick with which the slot is emptied: its next round, 1 to 256 of its spans ahead. */
static uint64_t slot_tick(const struct wheel *wheel, unsigned level, unsigned slot)
{
    unsigned shift = level * SLOT_BITS;
    uint64_t present = wheel->now_ms >> shift;
    uint64_t ahead = ((slot - (unsigned)present - 1) & SLOT_MASK) + 1;
    return (present + ahead) << shift;
}

/* The slots of a level; adds their timers to *found. Returns how many were looked into: a timer in
 * one whose bit is not set is missed, and missing in the count. */
static uint64_t level_validate(const struct wheel *wheel, unsigned level, uint64_t *found)
{
    uint64_t slots = 0;
    for (unsigned word = 0; word < WHEEL_SLOTS / WORD_BITS; word++) {
        for (uint64_t bits = wheel->occupied[level][word]; bits != 0; bits &= bits - 1) {
            unsigned slot = word * WORD_BITS + (unsigned)__builtin_ctzll(bits);
            const struct list_link *head = &wheel->slots[level][slot];
            CHECK(list_is_empty(head) || wheel->next_ms <= slot_tick(wheel, level, slot));
            *found += list_validate(wheel, head, slot_tick(wheel, level, slot), *found);
            slots++;
        }
    }
    return slots;
}

uint64_t wheel_validate(const struct wheel *wheel)
{
    CHECK(wheel->is_turning || list_is_empty(&wheel->due));
    uint64_t steps = 2;
    uint64_t found = list_validate(wheel, &wheel->due, 0, 0);
    found += list_validate(wheel, &wheel->carry, 0, found);
    for (unsigned level = 0; level < WHEEL_LEVELS; level++)
        steps += level_validate(wheel, level, &found);
    CHECK(found == wheel->count);
    return steps + found;
}

#endif
