#include "core/path/bounded.h"

#include "core/base/check.h"
#include "core/path/partial.h"

static void bounded_take_path(struct path_engine *engine, uint32_t last)
{
    const struct partial *partials = engine->partials.all;
    uint32_t count = key_hops(partials[last].key);
    CHECK(count <= PATH_HOPS_MAX);
    engine->link_count = count;
    for (uint32_t partial = last; count > 0; partial = partials[partial].parent)
        engine->links[--count] = partials[partial].via;
}

static enum path_outcome bounded_run(struct path_engine *engine, const struct problem *problem,
                                     bool with_hops)
{
    struct dimensions dimensions = dimensions_of(problem, with_hops);
    enum path_outcome outcome = partial_begin(engine, problem, &dimensions);
    while (outcome == PATH_FOUND) {
        uint64_t key_min;
        uint32_t partial = partial_pop(engine, &key_min);
        if (partial == TED_NONE)
            return PATH_NONE;
        if (engine->partials.all[partial].node == problem->destination) {
            bounded_take_path(engine, partial_best_equal(engine, partial));
            return PATH_FOUND;
        }
        outcome = partial_extend_by_links(engine, problem, partial);
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
    if (engine->partials.is_truncated && (outcome == PATH_FOUND || outcome == PATH_NONE))
        outcome = bounded_run(engine, &path_only, true);
    return outcome;
}
