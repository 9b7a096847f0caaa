/* Last segment: what the last segment of a SID list may be. One search from the destination
 * backwards tells of every node whether a node segment leads from it to the destination, and what
 * its worst branch costs: the same as a segment search from that node would find.
 *
 * A search for lists of limited length asks it: a partial path that has room for one more segment
 * is of no use where none leads to the destination, and where one does it is known what the list
 * costs, which is an upper bound for all others.
 *
 * Thread: the engine's. Owns: its arrays. Bound: each edge once. */
#ifndef PCED_CORE_PATH_LAST_SEGMENT_H
#define PCED_CORE_PATH_LAST_SEGMENT_H

#include "core/path/segment.h"

struct path_engine;

struct last_segment {
    struct spf_node *states;    /* keys are plain IGP distances to the destination */
    struct segment_node *nodes; /* index_end is the maximum number of links of a branch here */
    uint32_t capacity, node_capacity;
    uint32_t stamp;
    uint32_t admitted_waiting;
    uint32_t index_end_min; /* of sid_is_of_node, for the destination */
    bool is_known;          /* false: nothing is known of any node */
};

enum last_segment_kind {
    LAST_SEGMENT_UNKNOWN, /* there may be such a segment */
    LAST_SEGMENT_NONE,
    LAST_SEGMENT_SEGMENT, /* there is; nodes[] says what it costs */
};

/* PATH_FOUND, whether or not anything leads to the destination; PATH_NO_MEMORY,
 * PATH_WORK_EXCEEDED. */
enum path_outcome last_segment_search(struct path_engine *engine, const struct problem *problem,
                                      const struct dimensions *dimensions);

enum last_segment_kind last_segment_of_node(const struct last_segment *last_segment, uint32_t node);

void last_segment_fini(struct last_segment *last_segment);
size_t last_segment_octets(const struct last_segment *last_segment);

#endif
