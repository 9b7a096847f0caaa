/* Hierarchical timer wheel: O(1) start, stop and restart of very many timers on one shard.
 *
 * Ticks are one millisecond. A timer is filed by its deadline; when its slot comes up it fires, or is
 * filed again when its deadline was moved later meanwhile: a restart by traffic is one store (lazy
 * re-filing). Cascades from a coarser level are spread: at most WHEEL_CASCADE_MAX timers are moved for
 * each tick that is turned, the rest in the next ones, and never a timer fires late because of it by
 * more than one tick per WHEEL_CASCADE_MAX timers in its slot.
 *
 * Thread: the owning shard. Owns: nothing but its slots; timers live in the things that they time.
 * Bound: deadlines up to 2^32 ms (49 days) ahead; later ones are filed at that horizon and re-filed. */
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
typedef void wheel_fire_fn(struct wheel_timer *timer, struct mono now);

struct wheel_timer {
    struct list_link link; /* in a slot, or unlinked when not running */
    uint64_t deadline_ms;  /* when it is to fire */
    uint64_t filed_ms;     /* where it is filed: never later than deadline_ms */
    wheel_fire_fn *fire;
};

struct wheel {
    uint64_t now_ms; /* the tick up to which everything has fired */
    uint64_t count;  /* timers that run */
    struct list_link slots[WHEEL_LEVELS][WHEEL_SLOTS];
    uint64_t occupied[WHEEL_LEVELS][WHEEL_SLOTS / 64]; /* a bit for each slot that may hold timers */
    struct list_link due;                              /* being fired in this turn */
    struct list_link carry;                            /* to be cascaded in the next ticks */
};

void wheel_init(struct wheel *wheel, struct mono now);
void wheel_timer_init(struct wheel_timer *timer, wheel_fire_fn *fire);

/* Runs the timer so that it fires at the first tick that is not before the deadline; a timer that runs
 * already is moved. Later deadlines are only stamped, earlier ones are filed anew. */
void wheel_start(struct wheel *wheel, struct wheel_timer *timer, struct mono deadline);
/* Harmless when it does not run. */
void wheel_stop(struct wheel *wheel, struct wheel_timer *timer);
bool wheel_is_running(const struct wheel_timer *timer);

/* Fires every timer whose deadline is not after now. A fire function may start, stop and restart any
 * timer, its own included. Returns how many fired. */
uint64_t wheel_turn(struct wheel *wheel, struct mono now);

/* An instant before which wheel_turn has nothing to do (a lower bound; MONO_NEVER when none runs). */
struct mono wheel_next(const struct wheel *wheel);

#endif
