/* Coalesce: when a shard may let completions gather before it wakes for them.
 *
 * A shard with very many sessions and nothing but their Keepalives wakes for each one of them, and
 * waking costs more than the work. While such wakings are many, and no message has come for a while
 * that somebody may await an answer to, the ring waits a little longer for more
 * (ring_set_coalesce). The price: the first request after such a time is found by so much later.
 *
 * Thread: the shard. Owns: nothing. Bound: none of its own. */
#ifndef PCED_SERVER_SHARD_COALESCE_H
#define PCED_SERVER_SHARD_COALESCE_H

#include "core/base/mono.h"

#include <stdbool.h>
#include <stdint.h>

#define COALESCE_WINDOW_MS 100  /* what is counted, is counted over so long */
#define COALESCE_TURNS     30   /* in a window: so many wakings are many */
#define COALESCE_RESULTS   10   /* in a window: with fewer completions there is nothing to gather */
#define COALESCE_CALM_MS   1000 /* since the last message */

/* All zero: nothing is waited for. */
struct coalesce {
    struct mono window; /* when it began */
    struct mono message_at;
    uint64_t completions; /* at that time */
    uint32_t turns;       /* in it */
    bool is_on;
};

/* A message that is not the session's own business has come. */
static inline void coalesce_on_message(struct coalesce *coalesce, struct mono now)
{
    coalesce->message_at = now;
}

/* Once a turn, with the number of completions that there ever were: whether the next one may wait
 * for more. */
bool coalesce_on_turn(struct coalesce *coalesce, uint64_t completions, struct mono now);

#endif
