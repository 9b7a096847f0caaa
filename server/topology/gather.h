/* Gathering: when changes that peers tell become one new network.
 *
 * A change waits until no other has come for the time of gathering, or until that time since the first
 * one. Making a network may take longer than that, and would then never end while a table is told or links flap on
 * and on: until a pause, the next one waits four times as long as the last one took, so that the thread
 * is for those who tell four fifths of its time.
 *
 * What is told of a network that nobody is shown yet has time: while the first table of a peer comes, a
 * network is made of it when it is told, when the peer has paused, or when the wait for it is over.
 *
 * Thread: the topology thread. Owns: nothing.
 * Bound: no change waits longer than GATHER_MAX_MS, or the time of gathering where that is longer; in the first
 * table, not longer than that is waited for. */
#ifndef PCED_SERVER_TOPOLOGY_GATHER_H
#define PCED_SERVER_TOPOLOGY_GATHER_H

#include "core/base/mono.h"

#include <stdbool.h>

#define GATHER_MAX_MS   2000
#define GATHER_RETRY_MS 500
#define GATHER_PAUSE_MS 500 /* of a peer, after which its first table is taken for told */

struct gather {
    uint64_t generation; /* of the RIB, as it was seen last */
    struct mono first;   /* change that is in no network; MONO_NEVER: all are */
    struct mono latest;  /* change; not before `first` */
    uint64_t spent_ms;   /* on the last network */
};

/* generation: of the network that is published. */
void gather_begin(struct gather *gather, uint64_t generation);
void gather_look(struct gather *gather, uint64_t generation, struct mono now);
/* When a network is to be made; MONO_NEVER: there is nothing new. table: until when the first table of a peer
 * is waited for; MONO_NEVER: none comes. */
struct mono gather_deadline(const struct gather *gather, uint32_t gather_ms, struct mono table);
/* One was made of all that has been seen. */
void gather_end(struct gather *gather, struct mono began, struct mono now);
/* None could be made or published: all that has been seen is new still, and is tried again. */
void gather_fail(struct gather *gather, struct mono now);

#endif
