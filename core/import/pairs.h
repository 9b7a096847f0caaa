/* Pairs: the directed edges of a graph that are the two directions of one link.
 *
 * Between two nodes the first edge of one direction goes with the first one of the other. What
 * routers tell is paired by its addresses instead, when the snapshot is made; but a link of IPv4
 * alone and one of IPv6 alone between two nodes that have no other are one link.
 *
 * Thread: one. Owns: partners, until pairs_fini. */
#ifndef PCED_CORE_IMPORT_PAIRS_H
#define PCED_CORE_IMPORT_PAIRS_H

#include "core/import/graph.h"

struct pairs {
    /* Of each edge: the edge of its other direction; itself, for one without a direction; TED_NONE:
     * it has one direction, or is the second of a pair. */
    uint32_t *partners;
    bool *are_second;
};

bool pairs_init(struct pairs *pairs, struct graph *graph);
void pairs_fini(struct pairs *pairs);

#endif
