#include "core/path/bounded.h"

#include "core/path/label.h"

static void bounded_take_path(struct path_engine *engine, uint32_t last)
{
    const struct label *labels = engine->labels.all;
    uint32_t count = key_hops(labels[last].key);
    engine->link_count = count;
    for (uint32_t label = last; count > 0; label = labels[label].parent)
        engine->links[--count] = labels[label].via;
}

static enum path_outcome bounded_run(struct path_engine *engine, const struct problem *problem,
                                     bool with_hops)
{
    struct dimensions dimensions = dimensions_of(problem, with_hops);
    enum path_outcome outcome = label_begin(engine, problem, &dimensions);
    while (outcome == PATH_FOUND) {
        uint64_t least;
        uint32_t label = label_pop(engine, &least);
        if (label == TED_NONE)
            return PATH_NONE;
        if (engine->labels.all[label].node == problem->destination) {
            bounded_take_path(engine, label_best_equal(engine, label));
            return PATH_FOUND;
        }
        outcome = label_extend_by_links(engine, problem, label);
    }
    return outcome;
}

enum path_outcome bounded_search(struct path_engine *engine, const struct problem *problem)
{
    /* The limit of links is carried as a bound only where it has cut something off. */
    struct problem path_only = *problem;
    path_only.wants_sids = false;
    path_only.fewest_sids = false;
    enum path_outcome outcome = bounded_run(engine, &path_only, false);
    if (engine->labels.is_truncated && (outcome == PATH_FOUND || outcome == PATH_NONE))
        outcome = bounded_run(engine, &path_only, true);
    return outcome;
}
