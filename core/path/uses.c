#include "core/path/uses.h"

#include "core/base/check.h"

#include <stdlib.h>

/* What the links of an answer are told apart by: a mark for each link, one for each node. */
static void uses_next_stamp(uint32_t *marks, uint32_t count, uint32_t *stamp)
{
    if (engine_stamp_wraps(stamp)) {
        for (uint32_t i = 0; i < count; i++)
            marks[i] = 0;
    }
}

static bool uses_reserve(struct path_uses *uses, const struct ted_snapshot *snapshot)
{
    void *links = uses->links, *queue = uses->queue;
    void *link_marks = uses->link_marks, *node_marks = uses->node_marks;
    uint32_t link_count = snapshot->link_count, node_count = snapshot->node_count;
    bool is_enough =
        engine_grow(&links, &uses->links_capacity, link_count, sizeof(uint32_t)) &&
        engine_grow(&queue, &uses->queue_capacity, node_count, sizeof(uint32_t)) &&
        engine_grow(&link_marks, &uses->link_mark_capacity, link_count, sizeof(uint32_t)) &&
        engine_grow(&node_marks, &uses->node_mark_capacity, node_count, sizeof(uint32_t));
    uses->links = links;
    uses->queue = queue;
    uses->link_marks = link_marks;
    uses->node_marks = node_marks;
    return is_enough;
}

static void uses_add(struct path_uses *uses, uint32_t link)
{
    if (uses->link_marks[link] == uses->link_stamp)
        return;
    uses->link_marks[link] = uses->link_stamp;
    uses->links[uses->count++] = link;
}

static void uses_reach(struct path_uses *uses, uint32_t node)
{
    if (uses->node_marks[node] == uses->node_stamp)
        return;
    uses->node_marks[node] = uses->node_stamp;
    uses->queue[uses->queue_count++] = node;
}

/* The last links of the shortest paths to a node of the segment, and where they begin. */
static void uses_go_back(struct path_uses *uses, struct path_engine *engine,
                         const struct ted_snapshot *snapshot, uint32_t node)
{
    uint32_t first = snapshot->reverse_first_edge[node];
    uint32_t end = snapshot->reverse_first_edge[node + 1];
    engine->work += end - first;
    for (uint32_t i = first; i < end; i++) {
        const struct ted_edge *edge = &snapshot->reverse_edges[i];
        if (!segment_is_last_link(&engine->segment, edge, node))
            continue;
        uses_add(uses, edge->link);
        uses_reach(uses, edge->node);
    }
}

/* All branches of a node segment, from its end back to where it begins. */
static enum path_outcome uses_add_segment(struct path_uses *uses, struct path_engine *engine,
                                          const struct problem *problem, uint32_t from, uint32_t to)
{
    const struct dimensions none = {.count = 0};
    if (from == to)
        return PATH_FOUND;
    enum path_outcome outcome = segment_begin(engine, problem, &none, from, to);
    if (outcome == PATH_FOUND)
        outcome = segment_settle(engine, problem, to);
    if (outcome != PATH_FOUND)
        return outcome;
    uses_next_stamp(uses->node_marks, uses->node_mark_capacity, &uses->node_stamp);
    uses->node_marks[from] = uses->node_stamp;
    uses->queue_count = 0;
    uses_reach(uses, to);
    for (uint32_t i = 0; i < uses->queue_count; i++)
        uses_go_back(uses, engine, problem->snapshot, uses->queue[i]);
    uses->metric += key_metric(engine->segment.nodes[to].worst_key);
    return engine_is_exhausted(engine) ? PATH_WORK_EXCEEDED : PATH_FOUND;
}

static void uses_add_link(struct path_uses *uses, const struct problem *problem, uint32_t link)
{
    uses_add(uses, link);
    uses->metric += link_metric(problem->snapshot, link, problem->metric);
}

static enum path_outcome uses_add_list(struct path_uses *uses, struct path_engine *engine,
                                       const struct problem *problem)
{
    uint32_t at = problem->source;
    enum path_outcome outcome = PATH_FOUND;
    for (uint32_t i = 0; i < engine->sid_count && outcome == PATH_FOUND; i++) {
        const struct path_sid *sid = &engine->sids[i];
        if (sid->kind == PATH_SID_ADJACENCY)
            uses_add_link(uses, problem, sid->link);
        else
            outcome = uses_add_segment(uses, engine, problem, at, sid->node);
        at = sid->node;
    }
    /* Each segment of an answer can be followed: it was, when the answer was found. */
    CHECK(outcome != PATH_NONE);
    return outcome;
}

/* A hop that names the far node alone may mean each link that leads there. */
static void uses_add_hop(struct path_uses *uses, const struct problem *problem, uint32_t link)
{
    const struct ted_snapshot *snapshot = problem->snapshot;
    uses_add_link(uses, problem, link);
    if (problem->hops == NULL || problem->hops->of_links == NULL ||
        problem->hops->of_links[link].kind != TED_HOP_NODE)
        return;
    uint32_t from = snapshot->links[link].from, to = snapshot->links[link].to;
    for (uint32_t i = snapshot->first_edge[from]; i < snapshot->first_edge[from + 1]; i++) {
        if (snapshot->edges[i].node == to)
            uses_add(uses, snapshot->edges[i].link);
    }
}

enum path_outcome path_uses_find(struct path_uses *uses, struct path_engine *engine,
                                 const struct ted_snapshot *snapshot,
                                 const struct path_request *request, uint64_t work_max)
{
    if (!uses_reserve(uses, snapshot))
        return PATH_NO_MEMORY;
    uses_next_stamp(uses->link_marks, uses->link_mark_capacity, &uses->link_stamp);
    uses->count = 0;
    uses->metric = 0;
    struct path_request answered = *request;
    answered.algorithm = engine->algorithm;
    struct problem problem = problem_of_request(snapshot, &answered);
    problem.constraint.is_trivial = true; /* where the answer leads is all that is asked */
    problem.undesired = NULL;
    engine->work = 0;
    engine->work_limit = work_max;
    if (problem.wants_sids)
        return uses_add_list(uses, engine, &problem);
    for (uint32_t i = 0; i < engine->link_count; i++)
        uses_add_hop(uses, &problem, engine->links[i]);
    return PATH_FOUND;
}

void path_uses_fini(struct path_uses *uses)
{
    free(uses->links);
    free(uses->queue);
    free(uses->link_marks);
    free(uses->node_marks);
}

size_t path_uses_octets(const struct path_uses *uses)
{
    return ((size_t)uses->links_capacity + uses->queue_capacity + uses->link_mark_capacity +
            uses->node_mark_capacity) *
           sizeof(uint32_t);
}
