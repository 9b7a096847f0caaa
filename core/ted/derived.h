/* Derived: what readers work out of a snapshot, and leave there for all others to find. One block
 * for each node, made when somebody first wants it; it is never changed after it has been given,
 * and never taken away before the snapshot is. What the blocks say is the readers' affair.
 *
 * Thread: prepare and free belong to whoever has the snapshot alone; all else may be called by any
 * number of readers at once. Owns: all blocks that were given. Bound: octets_max. */
#ifndef PCED_CORE_TED_DERIVED_H
#define PCED_CORE_TED_DERIVED_H

#include "core/ted/ted.h"

#include <stdatomic.h>

/* The beginning of each block; from malloc. */
struct ted_block {
    const struct ted_block *next; /* of all that were given */
    size_t octets;                /* of the whole block */
    uint32_t users; /* snapshots' sets of blocks; changed by who makes and destroys them */
};

struct ted_derived {
    _Atomic(const struct ted_block *) all;
    atomic_size_t octets; /* of all blocks */
    size_t octets_max;
    uint32_t users; /* snapshots; changed by who makes and destroys them */
    /* Blocks of another set that hold here, too. */
    const struct ted_block **taken;
    uint32_t taken_count;
    _Atomic(const struct ted_block *) of_nodes[];
};

/* Makes room for blocks of at most so many octets. false: memory ran out. */
bool ted_derived_prepare(struct ted_snapshot *snapshot, size_t octets_max);
/* The blocks of one snapshot hold for another one of the same nodes and places of links, too. */
void ted_derived_share(const struct ted_snapshot *from, struct ted_snapshot *snapshot);
/* Takes over those blocks of another snapshot of the same nodes that hold for this one, which has none yet; without
 * memory none. */
void ted_derived_take(const struct ted_snapshot *from, struct ted_snapshot *snapshot,
                      bool (*holds)(const struct ted_block *block, void *context), void *context);
/* When the last snapshot lets go of it; NULL: nothing. */
void ted_derived_free(struct ted_derived *derived);

/* The block of a node that was given last; NULL when there is none. */
static inline const struct ted_block *ted_derived_find(const struct ted_snapshot *snapshot,
                                                       uint32_t node)
{
    if (snapshot->derived == NULL)
        return NULL;
    return atomic_load_explicit(&snapshot->derived->of_nodes[node], memory_order_acquire);
}

/* Whether there is room for small blocks, as things stand. */
static inline bool ted_derived_has_room(const struct ted_snapshot *snapshot)
{
    const struct ted_derived *derived = snapshot->derived;
    return derived != NULL &&
           atomic_load_explicit(&derived->octets, memory_order_relaxed) < derived->octets_max / 2;
}

/* From now on the block is found, and is the snapshot's. false: there is no room, and it stays the
 * caller's. Blocks that were given before stay what they are. */
bool ted_derived_give(const struct ted_snapshot *snapshot, uint32_t node, struct ted_block *block);

#endif
