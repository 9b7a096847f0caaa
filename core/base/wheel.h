/* Hierarchical timer wheel: O(1) start, stop and restart of very many timers on one shard.
 *
 * Ticks are one millisecond. A deadline is rounded up to a tick and the present down to one, so
 * that a timer never fires early. Level 0 has a slot for each of the next 256 ticks; a slot of a
 * higher level spans 256 slots of the level below and is emptied downwards ("cascades") when its
 * time begins. Slots that may hold timers have a bit, so that time without timers is stepped over,
 * however long it was.
 *
 * A timer whose deadline moves to later is only stamped, and is filed again when it comes up: a
 * restart by traffic is one store.
 *
 * What cascades waits in one queue, the carry, of which each tick moves WHEEL_CASCADE_MAX at most:
 * a slot with very many timers does not hold up the shard. It may make those timers late, by one
 * tick for each WHEEL_CASCADE_MAX timers that were in the carry when they joined it; with fewer in
 * it nothing is late. (A timer joins when its slot begins, so never after its deadline, and one
 * that is past its deadline when it leaves fires at once.) A turn within the same tick moves as
 * many again.
 *
 * Thread: the owning shard. Owns: nothing but its slots; timers live in the things that they time,
 * and must be stopped before they go. Bound: 16 KiB and 32 octets a timer. Deadlines more than 2^32
 * ms (49 days) ahead are looked at again once in that time. */
#ifndef PCED_CORE_BASE_WHEEL_H
#define PCED_CORE_BASE_WHEEL_H

#include "core/base/list.h"
#include "core/base/mono.h"

#include <stdbool.h>
#include <stdint.h>

#define WHEEL_LEVELS      4
#define WHEEL_SLOTS       256
#define WHEEL_CASCADE_MAX 1024

struct wheel_timer;
/* now is what wheel_turn was given. The timer does not run any more and may be started, or freed.
 */
typedef void wheel_fire_fn(struct wheel_timer *timer, struct mono now);

struct wheel_timer {
    struct list_link link; /* in a slot, the carry or the due; unlinked when not running */
    uint64_t deadline_ms;  /* when it is to fire; it is filed for then or earlier */
    wheel_fire_fn *fire;
};

struct wheel {
    uint64_t now_ms;  /* the tick up to which everything has fired */
    uint64_t count;   /* timers that run */
    uint64_t next_ms; /* the first tick that finds timers in a slot; 0: to be looked for */
    bool is_turning;
    struct list_link slots[WHEEL_LEVELS][WHEEL_SLOTS];
    uint64_t occupied[WHEEL_LEVELS]
                     [WHEEL_SLOTS / 64]; /* a bit for each slot that may hold timers */
    struct list_link due;                /* what this tick fires */
    struct list_link carry;              /* waits to be filed again, or to fire at once */
};

void wheel_init(struct wheel *wheel, struct mono now);
void wheel_timer_init(struct wheel_timer *timer, wheel_fire_fn *fire);

/* Runs the timer so that it fires in the first turn that is not before the deadline; a timer that
 * runs already is moved. A deadline that has passed fires with the next tick or turn, never with
 * the tick that is being fired. MONO_NEVER stops it. */
void wheel_start(struct wheel *wheel, struct wheel_timer *timer, struct mono deadline);
/* Harmless when it does not run. */
void wheel_stop(struct wheel *wheel, struct wheel_timer *timer);
bool wheel_is_running(const struct wheel_timer *timer);

/* Fires every timer whose deadline is not after now (but for what the carry delays: see above),
 * those of earlier ticks first. A fire function may start, stop and restart any timer, its own
 * included; it must not turn the wheel. A now before the last one is taken as the last one. Returns
 * how many fired. */
uint64_t wheel_turn(struct wheel *wheel, struct mono now);

/* An instant before which wheel_turn has nothing to do: not after the earliest deadline, and before
 * it when a slot is to be cascaded first. The wheel's present when there is work at once;
 * MONO_NEVER when none runs. */
struct mono wheel_next(struct wheel *wheel);

/* CHECKs the whole wheel (validate.h: where PCED_VALIDATE is defined): the links, the count of the
 * timers, the bits of the slots, that each timer is in a slot that is emptied in time, and that
 * none of these is before the tick that is kept as the first one. Within a turn as well. Returns the steps that it took. */
uint64_t wheel_validate(const struct wheel *wheel);

#endif
