#include "core/path/bounded.h"

#include "core/path/label.h"

static enum path_outcome expand(struct path_engine *engine, const struct problem *problem,
                                uint32_t label)
{
    const struct ted_snapshot *snapshot = problem->snapshot;
    const struct dimensions *dimensions = &engine->labels.dimensions;
    uint32_t node = engine->labels.all[label].node;
    uint32_t first = snapshot->first_edge[node], end = snapshot->first_edge[node + 1];
    engine->work += end - first;
    enum path_outcome outcome = engine_is_exhausted(engine) ? PATH_WORK_EXCEEDED : PATH_FOUND;
    for (uint32_t i = first; i < end && outcome == PATH_FOUND; i++) {
        const struct ted_edge *edge = &snapshot->edges[i];
        const struct ted_link *link = &snapshot->links[edge->link];
        if (!constraint_admits(&problem->constraint, link))
            continue;
        struct label_step step = {.node = edge->node, .via = edge->link};
        step.key = link_key(link, problem->metric);
        for (uint32_t d = 0; d < dimensions->count; d++)
            step.resources[1 + d] = link_metric(link, dimensions->metrics[d]);
        outcome = label_extend(engine, problem, label, &step);
    }
    return outcome;
}

static void take_path(struct path_engine *engine, uint32_t last)
{
    const struct label *labels = engine->labels.all;
    uint32_t count = key_hops(labels[last].key);
    engine->link_count = count;
    for (uint32_t label = last; count > 0; label = labels[label].parent)
        engine->links[--count] = labels[label].via;
}

static enum path_outcome search(struct path_engine *engine, const struct problem *problem,
                                bool with_hops)
{
    struct dimensions dimensions = dimensions_of(problem, with_hops);
    enum path_outcome outcome = label_begin(engine, problem, &dimensions);
    while (outcome == PATH_FOUND) {
        uint32_t label = label_pop(engine);
        if (label == TED_NONE)
            return PATH_NONE;
        if (engine->labels.all[label].node == problem->destination) {
            take_path(engine, label_best_equal(engine, label));
            return PATH_FOUND;
        }
        outcome = expand(engine, problem, label);
    }
    return outcome;
}

enum path_outcome bounded_search(struct path_engine *engine, const struct problem *problem)
{
    /* The limit of links is carried as a bound only where it has cut something off. */
    struct problem path_only = *problem;
    path_only.wants_sids = false;
    path_only.fewest_sids = false;
    enum path_outcome outcome = search(engine, &path_only, false);
    if (engine->labels.is_truncated && (outcome == PATH_FOUND || outcome == PATH_NONE))
        outcome = search(engine, &path_only, true);
    return outcome;
}
