#include "core/path/sid_list.h"

#include "core/path/segment.h"

/* How each position of the path is reached first: position p is the node after p links. */
struct reach {
    uint16_t
        segments[PATH_HOPS_MAX + 1];  /* least number that leads here; UINT16_MAX: not reached */
    uint16_t from[PATH_HOPS_MAX + 1]; /* position where the last one of them begins */
    bool by_link[PATH_HOPS_MAX + 1];  /* it is an adjacency segment */
};

static uint32_t node_at(const struct path_engine *engine, const struct problem *problem,
                        uint32_t position)
{
    if (position == 0)
        return problem->source;
    return problem->snapshot->links[engine->links[position - 1]].to;
}

struct path_sid sid_of_link(const struct problem *problem, uint32_t link)
{
    const struct ted_adj_sid *sid = ted_find_adj_sid(problem->snapshot, link, problem->family);
    return (struct path_sid){PATH_SID_ADJACENCY, sid == NULL ? TED_NONE : sid->label,
                             problem->snapshot->links[link].to, link};
}

/* The path's own part since the position where the segment begins. */
struct part {
    uint64_t distance;
    uint64_t key;
    uint64_t sums[ADDITIVE_METRIC_COUNT];
};

static void add_link(struct part *part, const struct problem *problem,
                     const struct dimensions *dimensions, uint32_t index)
{
    const struct ted_link *link = &problem->snapshot->links[index];
    part->distance += link->igp_metric;
    part->key += link_key(link, problem->metric);
    for (uint32_t d = 0; d < dimensions->count; d++)
        part->sums[d] += link_metric(link, dimensions->metrics[d]);
}

/* Whether a node segment may stand for the part: it is a shortest path itself, every other one
 * keeps to the constraint, and none costs more. */
static bool is_part_a_segment(const struct segment_search *search, const struct part *part,
                              uint32_t node)
{
    const struct segment_node *end = &search->nodes[node];
    if (!segment_is_admissible(search, node) || segment_distance(search, node) != part->distance)
        return false;
    if (key_metric(end->worst_key) > key_metric(part->key))
        return false;
    for (uint32_t d = 0; d < search->dimensions.count; d++) {
        if (end->worst[d] > part->sums[d])
            return false;
    }
    return true;
}

static void reach_position(struct reach *reach, uint32_t from, uint32_t to, bool by_link)
{
    if (reach->segments[to] != UINT16_MAX)
        return;
    reach->segments[to] = (uint16_t)(reach->segments[from] + 1);
    reach->from[to] = (uint16_t)from;
    reach->by_link[to] = by_link;
}

/* Marks all positions that one segment from `from` leads to. *is_complete: every one that its
 * length allows, so that no earlier position can do better. */
static enum path_outcome extend(struct path_engine *engine, const struct problem *problem,
                                struct reach *reach, uint32_t from, bool *is_complete)
{
    uint32_t at = node_at(engine, problem, from);
    struct dimensions dimensions = dimensions_of(problem, false);
    struct part part = {0};
    *is_complete = true;
    enum path_outcome outcome = segment_begin(engine, problem, &dimensions, at);
    for (uint32_t to = from + 1; to <= engine->link_count && outcome == PATH_FOUND; to++) {
        add_link(&part, problem, &dimensions, engine->links[to - 1]);
        uint32_t node = node_at(engine, problem, to);
        outcome = segment_settle(engine, problem, node);
        if (outcome != PATH_FOUND || !is_part_a_segment(&engine->segment, &part, node))
            break;
        if (segment_label(problem, at, node) != TED_NONE)
            reach_position(reach, from, to, false);
        else
            *is_complete = false;
    }
    if (sid_of_link(problem, engine->links[from]).label != TED_NONE)
        reach_position(reach, from, from + 1, true);
    return outcome;
}

/* Writes the list that leads to the end. */
static void take_list(struct path_engine *engine, const struct problem *problem,
                      const struct reach *reach)
{
    uint32_t place = reach->segments[engine->link_count];
    engine->sid_count = place;
    for (uint32_t to = engine->link_count; to > 0; to = reach->from[to]) {
        uint32_t from = reach->from[to], node = node_at(engine, problem, to);
        if (reach->by_link[to]) {
            engine->sids[--place] = sid_of_link(problem, engine->links[from]);
            continue;
        }
        uint32_t label = segment_label(problem, node_at(engine, problem, from), node);
        engine->sids[--place] = (struct path_sid){PATH_SID_NODE, label, node, TED_NONE};
    }
}

/* Positions that `segments` segments lead to are extended from the last to the first. When one of
 * them is complete, those before it lead no farther and are left alone. */
static enum path_outcome extend_all(struct path_engine *engine, const struct problem *problem,
                                    struct reach *reach, uint32_t segments)
{
    for (uint32_t position = engine->link_count; position-- > 0;) {
        if (reach->segments[position] != segments)
            continue;
        bool is_complete = false;
        enum path_outcome outcome = extend(engine, problem, reach, position, &is_complete);
        if (outcome != PATH_FOUND || is_complete)
            return outcome;
    }
    return PATH_FOUND;
}

enum path_outcome sid_list_of_path(struct path_engine *engine, const struct problem *problem)
{
    struct reach reach;
    uint32_t end = engine->link_count;
    for (uint32_t position = 0; position <= end; position++)
        reach.segments[position] = UINT16_MAX;
    reach.segments[0] = 0;
    for (uint32_t segments = 0; segments < problem->sids_max; segments++) {
        enum path_outcome outcome = extend_all(engine, problem, &reach, segments);
        if (outcome != PATH_FOUND)
            return outcome;
        if (reach.segments[end] == UINT16_MAX)
            continue;
        take_list(engine, problem, &reach);
        return PATH_FOUND;
    }
    return PATH_NONE;
}
