/* Cut: the links that keep a request from its destination, and which constraint each of them breaks.
 *
 * The nodes that the source reaches over usable links are one side, all others the other one: every
 * link that leads across is ruled out, and each way to the destination has one of them. The same is
 * true of the nodes from which the destination is reached. Of both cuts the one of fewer links is
 * told; of as many, the source's. A destination that is reached has no cut: what is in the way then
 * is a bound, or the list of SIDs.
 *
 * Thread: the engine's. Owns: nothing. Bound: PATH_CUT_LINKS_MAX links are told, and all counted;
 * each edge is looked at twice for each side. */
#ifndef PCED_CORE_PATH_CUT_H
#define PCED_CORE_PATH_CUT_H

#include "core/path/engine.h"

#define PATH_CUT_LINKS_MAX 64

struct path_cut_link {
    uint32_t link;
    uint32_t breaks; /* enum path_constraint; 0: its near node carries no transit */
};

struct path_cut {
    uint32_t total; /* links across */
    uint32_t count; /* of `links`: the first ones, by their near nodes */
    struct path_cut_link links[PATH_CUT_LINKS_MAX];
};

/* false: memory ran out. */
bool path_cut_find(struct path_engine *engine, const struct ted_snapshot *snapshot,
                   const struct path_request *request, struct path_cut *cut);

#endif
