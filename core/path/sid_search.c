#include "core/path/sid_search.h"

#include "core/path/expansion.h"
#include "core/path/sid.h"
#include "core/path/spf.h"

static enum path_outcome extend_to(struct path_engine *engine, const struct problem *problem,
                                   uint32_t label, uint32_t to, const struct segment_node *end)
{
    const struct dimensions *dimensions = &engine->labels.dimensions;
    struct label_step step = {.node = to, .via = TED_NONE, .resources = {1}};
    step.key = label_step_key(problem, end->worst_key);
    for (uint32_t d = 0; d < dimensions->count; d++)
        step.resources[1 + d] = end->worst[d];
    return label_extend(engine, problem, label, &step);
}

/* Leaves in engine->segment where node segments lead to from a label. is_last: of those that do not
 * lead to the destination, nothing needs to be known. */
static enum path_outcome find_segments(struct path_engine *engine, const struct problem *problem,
                                       uint32_t label, uint64_t least_max, bool is_last)
{
    if (problem->snapshot->igp_metric_min > 0 && !is_last)
        return expansion_search(engine, problem, label, least_max);
    uint32_t from = engine->labels.all[label].node;
    uint32_t to = is_last ? problem->destination : TED_NONE;
    enum path_outcome outcome =
        segment_begin(engine, problem, &engine->labels.dimensions, from, to);
    engine->segment.label = label;
    engine->segment.least_beyond = KEY_NONE;
    if (outcome == PATH_FOUND)
        outcome = segment_settle(engine, problem, to);
    return outcome == PATH_NONE ? PATH_FOUND : outcome;
}

/* How far ahead of the paths whose turn it is a label is extended. Most segments from it are a part
 * of much dearer paths; the dearer the answer turns out to be, the more of them are looked for at
 * once. */
static uint64_t least_max_of(const struct path_engine *engine, const struct problem *problem,
                             uint64_t least)
{
    uint64_t first = engine->labels.first;
    if (problem->fewest_sids)
        return KEY_NONE - 1;
    uint64_t step = first / 64, half = (least - first) / 2;
    return least + (step > half ? step : half);
}

static enum path_outcome extend_by_segments(struct path_engine *engine,
                                            const struct problem *problem, uint32_t label,
                                            uint64_t least)
{
    struct segment_search *search = &engine->segment;
    uint64_t extended = engine->labels.all[label].extended;
    uint64_t least_max = least_max_of(engine, problem, least);
    engine->labels.all[label].extended = least_max;
    uint32_t from = engine->labels.all[label].node;
    /* The last segment that fits can only end at the destination. */
    bool is_last = engine->labels.all[label].resources[0] + 1 >= problem->sids_max;
    enum last_segment_kind kind = last_segment_of_node(&engine->last_segment, from);
    if (is_last && kind == LAST_SEGMENT_SEGMENT)
        return extend_to(engine, problem, label, problem->destination,
                         &engine->last_segment.nodes[from]);
    if (is_last && kind == LAST_SEGMENT_NONE)
        return PATH_FOUND;
    enum path_outcome outcome = find_segments(engine, problem, label, least_max, is_last);
    for (uint32_t i = 1; i < search->settled_count && outcome == PATH_FOUND; i++) {
        uint32_t to = search->order[i];
        if (search->nodes[to].least > extended && segment_is_admissible(search, to) &&
            segment_label(search, problem, from, to) != TED_NONE)
            outcome = extend_to(engine, problem, label, to, &search->nodes[to]);
    }
    if (search->least_beyond != KEY_NONE)
        label_push_again(engine, label, search->least_beyond);
    return outcome;
}

/* Writes a node segment's SID and one of its branches. */
static enum path_outcome take_segment(struct path_engine *engine, const struct problem *problem,
                                      uint32_t from, uint32_t to, struct path_sid *sid)
{
    enum path_outcome outcome =
        segment_begin(engine, problem, &engine->labels.dimensions, from, to);
    if (outcome == PATH_FOUND)
        outcome = segment_settle(engine, problem, to);
    if (outcome != PATH_FOUND)
        return outcome;
    uint32_t label = segment_label(&engine->segment, problem, from, to);
    *sid = sid_of_node(label, to);
    return segment_walk(engine, problem, from, to);
}

/* Writes the list of a label at the destination, and its branch. */
static enum path_outcome sid_search_take_list(struct path_engine *engine,
                                              const struct problem *problem, uint32_t last)
{
    const struct label *labels = engine->labels.all;
    const struct dimensions *dimensions = &engine->labels.dimensions;
    uint32_t place = (uint32_t)labels[last].resources[0];
    uint32_t steps[PATH_SIDS_MAX]; /* labels, by place in the list */
    engine->sid_count = place;
    for (uint32_t label = last; place > 0; label = labels[label].parent)
        steps[--place] = label;
    engine->link_count = 0;
    enum path_outcome outcome = PATH_FOUND;
    for (uint32_t i = 0; i < engine->sid_count && outcome == PATH_FOUND; i++) {
        const struct label *step = &labels[steps[i]];
        if (step->via != TED_NONE) {
            engine->sids[i] = sid_of_link(problem, step->via);
            engine->links[engine->link_count++] = step->via;
            continue;
        }
        uint32_t from = labels[step->parent].node;
        outcome = take_segment(engine, problem, from, step->node, &engine->sids[i]);
    }
    for (uint32_t d = 0; d < dimensions->count; d++) {
        engine->worst_mask |= 1u << dimensions->metrics[d];
        engine->worst[dimensions->metrics[d]] = labels[last].resources[1 + d];
    }
    return outcome;
}

static enum path_outcome search_lists(struct path_engine *engine, const struct problem *problem,
                                      bool with_hops)
{
    struct dimensions dimensions = dimensions_of(problem, with_hops);
    enum path_outcome outcome = label_begin(engine, problem, &dimensions);
    if (outcome == PATH_FOUND)
        outcome = last_segment_search(engine, problem, &dimensions);
    while (outcome == PATH_FOUND) {
        uint64_t least;
        uint32_t label = label_pop(engine, &least);
        if (label == TED_NONE)
            return PATH_NONE;
        uint32_t node = engine->labels.all[label].node;
        if (node == problem->destination)
            return sid_search_take_list(engine, problem, label_best_equal(engine, label));
        if (engine->labels.all[label].extended == 0)
            outcome = label_extend_by_links(engine, problem, label);
        if (outcome == PATH_FOUND && problem->has_node_sids &&
            problem->snapshot->nodes[node].srgbs.count > 0)
            outcome = extend_by_segments(engine, problem, label, least);
    }
    return outcome;
}

enum path_outcome sid_search(struct path_engine *engine, const struct problem *problem)
{
    enum path_outcome outcome = search_lists(engine, problem, false);
    if (engine->labels.is_truncated && (outcome == PATH_FOUND || outcome == PATH_NONE))
        outcome = search_lists(engine, problem, true);
    return outcome;
}
