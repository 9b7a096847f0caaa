/* Path query: what path a network has between two nodes, and why this one or why none, as an
 * operator asks it in JSON and has it told.
 *
 * Members are those of an intent where they mean the same (setup_type, bandwidth, setup_priority,
 * dynamic); nodes are named by their names or any address of theirs. An answer says what was found
 * ("outcome"), the path, and the explanation of core/path/explain.h.
 *
 * Thread: any, one at a time; a query that was read is not changed by its answer. Owns: nothing
 * beyond the struct; answers are new references. Bound: PATH_QUERY_EXCLUDED_MAX nodes and as many
 * SRLGs that are kept off; an answer has PATH_HOPS_MAX links at most. */
#ifndef PCED_CORE_INTENT_PATH_QUERY_H
#define PCED_CORE_INTENT_PATH_QUERY_H

#include "core/intent/intent_json.h"

#define PATH_QUERY_EXCLUDED_MAX 32
#define PATH_QUERY_NODE_SIZE    (TED_NAME_SIZE_MAX + 1)

struct path_query {
    char from[PATH_QUERY_NODE_SIZE], to[PATH_QUERY_NODE_SIZE];
    struct intent intent; /* its setup type */
    struct intent_path path;
    enum path_objective objective;
    uint8_t algorithm; /* 0: any path */
    uint32_t node_count, srlg_count;
    char nodes[PATH_QUERY_EXCLUDED_MAX][PATH_QUERY_NODE_SIZE];
    uint32_t srlgs[PATH_QUERY_EXCLUDED_MAX];
};

/* False: the fault says what is wrong. */
bool path_query_read(const json_t *json, struct path_query *query, struct intent_fault *fault);

/* held: what LSPs hold of the network; NULL: nothing. NULL when memory ran out. */
json_t *path_query_answer(const struct path_query *query, struct path_engine *engine,
                          const struct ted_snapshot *snapshot, const struct ted_reservations *held);

#endif
