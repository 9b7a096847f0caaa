/* Gathering: when changes that peers tell become one new network.
 *
 * A change waits until no other has come for the time of gathering, or until that time since the first
 * one. Making a network may take longer than that, and would then never end while a table is told or links flap on
 * and on: until a pause, the next one waits four times as long as the last one took, so that the thread
 * is for those who tell four fifths of its time.
 *
 * Thread: the topology thread. Owns: nothing.
 * Bound: no change waits longer than GATHER_MAX_MS, or the time of gathering where that is longer. */
#ifndef PCED_SERVER_TOPOLOGY_GATHER_H
#define PCED_SERVER_TOPOLOGY_GATHER_H

#include "core/base/mono.h"

#include <stdbool.h>

#define GATHER_MAX_MS   2000
#define GATHER_RETRY_MS 500

struct gather {
    uint64_t generation; /* of the RIB, as it was seen last */
    struct mono first;   /* change that is in no network; MONO_NEVER: all are */
    struct mono latest;  /* change; not before `first` */
    uint64_t spent_ms;   /* on the last network */
};

/* generation: of the network that is published. */
void gather_begin(struct gather *gather, uint64_t generation);
void gather_look(struct gather *gather, uint64_t generation, struct mono now);
/* When a network is to be made; MONO_NEVER: there is nothing new. */
struct mono gather_deadline(const struct gather *gather, uint32_t gather_ms);
/* One was made of all that has been seen. */
void gather_end(struct gather *gather, struct mono began, struct mono now);
/* None could be made or published: all that has been seen is new still, and is tried again. */
void gather_fail(struct gather *gather, struct mono now);

#endif
