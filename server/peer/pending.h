/* Pending octets of a shard: how many wait for its peers together, and for which peer most of them.
 *
 * A peer's pending octets are what waits in its queue and what the kernel has taken for it and its
 * TCP has not acknowledged, as of the last look at it. Peers with many of them stand in one list
 * for each power of two, so that the worst one is found without a walk over all: the first lists
 * that are not empty hold it, and of that list at most PENDING_LOOKS are compared (past that the
 * worst is right to a factor of two).
 *
 * Thread: the shard. Owns: nothing; entries live in their peers and must be taken out (0 octets)
 * before they go. Bound: 24 octets a peer; PENDING_LOOKS entries for one answer. */
#ifndef PCED_SERVER_PEER_PENDING_H
#define PCED_SERVER_PEER_PENDING_H

#include "core/base/list.h"

#include <stdint.h>

#define PENDING_LISTED_MIN 4096 /* fewer octets are counted, but not looked for */
#define PENDING_LISTS      20   /* 2^12 … 2^32 - 1 octets */
#define PENDING_LOOKS      64

struct pending_entry {
    struct list_link link; /* in a list while `octets` is PENDING_LISTED_MIN or more */
    uint32_t octets;
};

struct pending {
    uint64_t octets;   /* of all entries */
    uint32_t occupied; /* a bit for each list that is not empty */
    struct list_link lists[PENDING_LISTS];
};

void pending_init(struct pending *pending);
void pending_entry_init(struct pending_entry *entry);
/* What the entry has from now on; more than 2^32 - 1 counts as that. */
void pending_set(struct pending *pending, struct pending_entry *entry, uint64_t octets);
/* NULL when none has PENDING_LISTED_MIN. */
struct pending_entry *pending_worst(const struct pending *pending);
/* The largest power of two that is not above what the worst has; 0 when there is none. */
uint64_t pending_worst_floor(const struct pending *pending);

/* CHECKs the whole (core/base/validate.h: where PCED_VALIDATE is defined): the links, that each
 * entry is in the list of its octets, the bits of the lists, and that the sum is not below what is
 * listed. Returns the steps that it took. */
uint64_t pending_validate(const struct pending *pending);

#endif
