#include "core/path/sid_list.h"

#include "core/path/expansion.h"
#include "core/path/segment.h"
#include "core/path/sid.h"

/* A position p of the path is the node after p links. */
static uint32_t node_at(const struct path_engine *engine, const struct problem *problem,
                        uint32_t position)
{
    if (position == 0)
        return problem->source;
    return problem->snapshot->links[engine->links[position - 1]].to;
}

/* The path's own part since the position where the segment begins. */
struct part {
    uint64_t distance;
    uint64_t key;
    uint64_t sums[DIMENSIONS_MAX];
    bool is_two_way; /* all links are: the IGP may use the part */
};

static void sid_list_add_link(struct part *part, const struct problem *problem,
                              const struct dimensions *dimensions, uint32_t index)
{
    const struct ted_link *link = &problem->snapshot->links[index];
    part->is_two_way = part->is_two_way && link->is_two_way;
    part->distance += ted_igp_metric(problem->snapshot, index);
    part->key +=
        link_key(problem->snapshot, index, problem->metric) + undesired_key(problem, index);
    for (uint32_t d = 0; d < dimensions->count; d++)
        part->sums[d] += link_metric(problem->snapshot, index, dimensions->metrics[d]);
}

/* Whether a node segment may stand for the part: it is a shortest path itself, every other one
 * keeps to the constraint, and none costs more. */
static bool is_part_a_segment(const struct segment_search *search, const struct part *part,
                              uint32_t node)
{
    const struct segment_node *end = &search->nodes[node];
    if (!part->is_two_way || !segment_is_admissible(search, node) ||
        segment_distance(search, node) != part->distance)
        return false;
    if (end->worst_key >> KEY_HOP_BITS > part->key >> KEY_HOP_BITS)
        return false;
    for (uint32_t d = 0; d < search->dimensions.count; d++) {
        if (end->worst[d] > part->sums[d])
            return false;
    }
    return true;
}

/* Finds where node segments from a position of the path may lead to. *settles: only as far as asked
 * by segment_settle. */
static enum path_outcome begin_segments(struct path_engine *engine, const struct problem *problem,
                                        const struct dimensions *dimensions, uint32_t position,
                                        bool *settles)
{
    uint32_t at = node_at(engine, problem, position);
    *settles = !near_tree_is_kept(problem->snapshot, at);
    if (*settles)
        return segment_begin(engine, problem, dimensions, at, problem->destination);
    uint64_t rest = 0;
    for (uint32_t i = position; i < engine->link_count; i++)
        rest += link_key(problem->snapshot, engine->links[i], problem->metric) +
                undesired_key(problem, engine->links[i]);
    return expansion_along(engine, problem, dimensions, at, rest);
}

/* Appends the segment from this position that leads farthest and steps over it: *position is where
 * it ends. Of a link of its own a node segment is made rather than an adjacency segment. */
static enum path_outcome append_segment(struct path_engine *engine, const struct problem *problem,
                                        uint32_t *position)
{
    uint32_t from = *position, at = node_at(engine, problem, from);
    uint32_t end = problem->has_node_sids ? engine->link_count : from;
    struct dimensions dimensions = dimensions_of(problem, false);
    struct path_sid *best = &engine->sids[engine->sid_count];
    bool has_sid = sid_of_link(problem, engine->links[from], best);
    struct part part = {.is_two_way = true};
    *position = from + 1;
    bool settles = false;
    enum path_outcome outcome = PATH_FOUND;
    if (from < end)
        outcome = begin_segments(engine, problem, &dimensions, from, &settles);
    for (uint32_t to = from + 1; to <= end && outcome == PATH_FOUND; to++) {
        sid_list_add_link(&part, problem, &dimensions, engine->links[to - 1]);
        uint32_t node = node_at(engine, problem, to);
        if (settles)
            outcome = segment_settle(engine, problem, node);
        else if (!expansion_has(engine, node))
            break;
        if (outcome != PATH_FOUND || !is_part_a_segment(&engine->segment, &part, node))
            break;
        if (!segment_sid(&engine->segment, problem, at, node, best))
            continue;
        has_sid = true;
        *position = to;
    }
    if (outcome != PATH_FOUND && outcome != PATH_NONE) /* the IGP may not lead there at all */
        return outcome;
    engine->sid_count += has_sid;
    return has_sid ? PATH_FOUND : PATH_NONE;
}

enum path_outcome sid_list_of_path(struct path_engine *engine, const struct problem *problem)
{
    engine->sid_count = 0;
    for (uint32_t position = 0; position < engine->link_count;) {
        if (engine->sid_count == problem->sids_max)
            return PATH_NONE;
        enum path_outcome outcome = append_segment(engine, problem, &position);
        if (outcome != PATH_FOUND)
            return outcome;
    }
    return PATH_FOUND;
}
