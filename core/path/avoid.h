/* Avoid: a set of links, nodes and SRLGs that a request keeps off (XRO of RFC 5521 2, and the paths of
 * the other LSPs of a disjoint association, RFC 8800).
 *
 * A request may point to one set that it must not touch (`excluded`) and to one that it touches as
 * little as it can (`undesired`). A link touches a set when the link itself is in it, when it belongs
 * to an SRLG that is in it, or when it leads to a node that is in it; a request's own source and
 * destination do not count as such nodes, so that one set serves requests between any ends.
 *
 * Thread: whoever owns the set fills it; searches of any thread may read it meanwhile it is not
 * changed. Owns: its arrays, sized for the largest snapshot that it was begun for; what is in it is
 * taken out by path_avoid_clear in the time that it took to put it in. Bound: 5 octets for each
 * directed link. */
#ifndef PCED_CORE_PATH_AVOID_H
#define PCED_CORE_PATH_AVOID_H

#include "core/ted/ted.h"

#include <stdbool.h>
#include <stdint.h>

/* How a link touches the set: bits. */
enum path_avoid_mark {
    PATH_AVOID_LINK = 1 << 0, /* it is in the set, or an SRLG of it is */
    PATH_AVOID_NODE = 1 << 1, /* the node is that it leads to */
};

struct path_avoid {
    const struct ted_snapshot *snapshot;
    uint8_t *marks;    /* by directed link */
    uint32_t *touched; /* the links that have a mark */
    uint32_t marks_capacity, touched_capacity;
    uint32_t touched_count;
};

/* An empty set for this snapshot; a set that is all zero may be begun, and one that was begun before.
 * false: memory ran out, and the set must not be used. */
bool path_avoid_begin(struct path_avoid *avoid, const struct ted_snapshot *snapshot);
void path_avoid_fini(struct path_avoid *avoid);
void path_avoid_clear(struct path_avoid *avoid);
size_t path_avoid_octets(const struct path_avoid *avoid);

/* The directed link alone. */
void path_avoid_link(struct path_avoid *avoid, uint32_t link);
/* The link in both directions, as far as the snapshot knows its other one. */
void path_avoid_both_ways(struct path_avoid *avoid, uint32_t link);
/* Every link that leads to the node. */
void path_avoid_node(struct path_avoid *avoid, uint32_t node);
/* Every link that belongs to the SRLG: a look at all links of the snapshot. */
void path_avoid_srlg(struct path_avoid *avoid, uint32_t srlg);
/* What is in another set of the same snapshot, too. */
void path_avoid_add(struct path_avoid *avoid, const struct path_avoid *other);

static inline bool path_avoid_is_empty(const struct path_avoid *avoid)
{
    return avoid->touched_count == 0;
}

/* Whether a directed link touches the set, for a request between two nodes. */
static inline bool path_avoid_has(const struct path_avoid *avoid, uint32_t link, uint32_t source,
                                  uint32_t destination)
{
    uint8_t mark = avoid->marks[link];
    if (mark == 0)
        return false;
    uint32_t to = avoid->snapshot->links[link].to;
    return (mark & PATH_AVOID_LINK) != 0 || (to != source && to != destination);
}

#endif
