#include "core/path/sid_search.h"

#include "core/base/check.h"
#include "core/path/expansion.h"
#include "core/path/sid.h"
#include "core/path/spf.h"

static enum path_outcome extend_to(struct path_engine *engine, const struct problem *problem,
                                   uint32_t partial, uint32_t to, const struct segment_node *end)
{
    const struct dimensions *dimensions = &engine->partials.dimensions;
    struct partial_step step = {.node = to, .via = TED_NONE, .resources = {1}};
    step.key = partial_step_key(problem, end->worst_key);
    for (uint32_t d = 0; d < dimensions->count; d++)
        step.resources[1 + d] = end->worst[d];
    return partial_extend(engine, problem, partial, &step);
}

/* Leaves in engine->segment where node segments lead to from a partial path. is_last: of those that
 * do not lead to the destination, nothing needs to be known. */
static enum path_outcome find_segments(struct path_engine *engine, const struct problem *problem,
                                       uint32_t partial, uint64_t key_limit, bool is_last)
{
    if (problem->snapshot->igp_metric_min > 0 && !is_last)
        return expansion_search(engine, problem, partial, key_limit);
    uint32_t from = engine->partials.all[partial].node;
    uint32_t to = is_last ? problem->destination : TED_NONE;
    enum path_outcome outcome =
        segment_begin(engine, problem, &engine->partials.dimensions, from, to);
    engine->segment.partial = partial;
    engine->segment.key_beyond = KEY_NONE;
    if (outcome == PATH_FOUND)
        outcome = segment_settle(engine, problem, to);
    return outcome == PATH_NONE ? PATH_FOUND : outcome;
}

/* How far ahead of the paths whose turn it is a partial path is extended. Most segments from it are
 * a part of much dearer paths; the dearer the answer turns out to be, the more of them are looked
 * for at once. */
static uint64_t key_limit_of(const struct path_engine *engine, const struct problem *problem,
                             uint64_t key_min)
{
    uint64_t first = engine->partials.first;
    if (problem->fewest_sids)
        return KEY_NONE - 1;
    uint64_t step = first / 64, half = (key_min - first) / 2;
    return key_min + (step > half ? step : half);
}

static enum path_outcome extend_by_segments(struct path_engine *engine,
                                            const struct problem *problem, uint32_t partial,
                                            uint64_t key_min)
{
    struct segment_search *search = &engine->segment;
    uint64_t extended = engine->partials.all[partial].extended;
    uint64_t key_limit = key_limit_of(engine, problem, key_min);
    engine->partials.all[partial].extended = key_limit;
    uint32_t from = engine->partials.all[partial].node;
    /* The last segment that fits can only end at the destination. */
    bool is_last = engine->partials.all[partial].resources[0] + 1 >= problem->sids_max;
    enum last_segment_kind kind = last_segment_of_node(&engine->last_segment, from);
    if (is_last && kind == LAST_SEGMENT_SEGMENT)
        return extend_to(engine, problem, partial, problem->destination,
                         &engine->last_segment.nodes[from]);
    if (is_last && kind == LAST_SEGMENT_NONE)
        return PATH_FOUND;
    enum path_outcome outcome = find_segments(engine, problem, partial, key_limit, is_last);
    for (uint32_t i = 1; i < search->settled_count && outcome == PATH_FOUND; i++) {
        uint32_t to = search->order[i];
        if (search->nodes[to].key_min > extended && segment_is_admissible(search, to) &&
            segment_sid(search, problem, from, to, NULL))
            outcome = extend_to(engine, problem, partial, to, &search->nodes[to]);
    }
    if (search->key_beyond != KEY_NONE)
        partial_push_again(engine, partial, search->key_beyond);
    return outcome;
}

/* Writes a node segment's SID and one of its branches. */
static enum path_outcome take_segment(struct path_engine *engine, const struct problem *problem,
                                      uint32_t from, uint32_t to, struct path_sid *sid)
{
    enum path_outcome outcome =
        segment_begin(engine, problem, &engine->partials.dimensions, from, to);
    if (outcome == PATH_FOUND)
        outcome = segment_settle(engine, problem, to);
    if (outcome != PATH_FOUND)
        return outcome;
    bool has_sid = segment_sid(&engine->segment, problem, from, to, sid);
    CHECK(has_sid); /* it had one when the partial path was extended by it */
    return segment_walk(engine, problem, from, to);
}

/* Writes the list of a partial path at the destination, and its branch. */
static enum path_outcome sid_search_take_list(struct path_engine *engine,
                                              const struct problem *problem, uint32_t last)
{
    const struct partial *partials = engine->partials.all;
    const struct dimensions *dimensions = &engine->partials.dimensions;
    uint32_t place = (uint32_t)partials[last].resources[0];
    uint32_t steps[PATH_SIDS_MAX]; /* partials, by place in the list */
    engine->sid_count = place;
    for (uint32_t partial = last; place > 0; partial = partials[partial].parent)
        steps[--place] = partial;
    engine->link_count = 0;
    enum path_outcome outcome = PATH_FOUND;
    for (uint32_t i = 0; i < engine->sid_count && outcome == PATH_FOUND; i++) {
        const struct partial *step = &partials[steps[i]];
        if (step->via != TED_NONE) {
            (void)sid_of_link(problem, step->via, &engine->sids[i]); /* which it has */
            engine->links[engine->link_count++] = step->via;
            continue;
        }
        uint32_t from = partials[step->parent].node;
        outcome = take_segment(engine, problem, from, step->node, &engine->sids[i]);
    }
    for (uint32_t d = 0; d < dimensions->count; d++) {
        engine->worst_mask |= 1u << dimensions->metrics[d];
        engine->worst[dimensions->metrics[d]] = partials[last].resources[1 + d];
    }
    return outcome;
}

/* Whether node segments may lead on from a node: of SR-MPLS it has to know labels. */
static bool begins_segments(const struct problem *problem, uint32_t node)
{
    return problem->has_node_sids &&
           (problem->is_srv6 || problem->snapshot->nodes[node].srgbs.count > 0);
}

static enum path_outcome search_lists(struct path_engine *engine, const struct problem *problem,
                                      bool with_hops)
{
    struct dimensions dimensions = dimensions_of(problem, with_hops);
    enum path_outcome outcome = partial_begin(engine, problem, &dimensions);
    if (outcome == PATH_FOUND)
        outcome = last_segment_search(engine, problem, &dimensions);
    while (outcome == PATH_FOUND) {
        uint64_t key_min;
        uint32_t partial = partial_pop(engine, &key_min);
        if (partial == TED_NONE)
            return PATH_NONE;
        uint32_t node = engine->partials.all[partial].node;
        if (node == problem->destination)
            return sid_search_take_list(engine, problem, partial_best_equal(engine, partial));
        if (engine->partials.all[partial].extended == 0)
            outcome = partial_extend_by_links(engine, problem, partial);
        if (outcome == PATH_FOUND && begins_segments(problem, node))
            outcome = extend_by_segments(engine, problem, partial, key_min);
    }
    return outcome;
}

enum path_outcome sid_search(struct path_engine *engine, const struct problem *problem)
{
    enum path_outcome outcome = search_lists(engine, problem, false);
    if (engine->partials.is_truncated && (outcome == PATH_FOUND || outcome == PATH_NONE))
        outcome = search_lists(engine, problem, true);
    return outcome;
}
