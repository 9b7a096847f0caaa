/* Uses: every link that the traffic of an answer may take: of a segment list all branches of its node
 * segments, of strict hops all links that a hop may mean; and what the dearest branch costs, whatever
 * else was asked for.
 *
 * Thread: the engine's. Owns: its arrays. Bound: the links of the snapshot, each once for a segment that
 * uses it. */
#ifndef PCED_CORE_PATH_USES_H
#define PCED_CORE_PATH_USES_H

#include "core/path/engine.h"

struct path_uses {
    uint32_t *links; /* directed, each once */
    uint32_t count;
    uint64_t metric; /* the minimised one, of the dearest branch */
    uint32_t *queue; /* nodes of a segment that are to be gone back from */
    uint32_t queue_count;
    uint32_t *link_marks, *node_marks;
    uint32_t link_stamp, node_stamp;
    uint32_t links_capacity, queue_capacity, link_mark_capacity, node_mark_capacity;
};

/* The links of the engine's last answer, a path, to this request. PATH_FOUND, PATH_NO_MEMORY,
 * PATH_WORK_EXCEEDED: more than work_max. engine->work is what it took; the answer stays as it is. */
enum path_outcome path_uses_find(struct path_uses *uses, struct path_engine *engine,
                                 const struct ted_snapshot *snapshot,
                                 const struct path_request *request, uint64_t work_max);

void path_uses_fini(struct path_uses *uses);
size_t path_uses_octets(const struct path_uses *uses);

#endif
