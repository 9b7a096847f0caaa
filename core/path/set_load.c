#include "core/path/set_load.h"

#include "core/base/check.h"
#include "core/path/set_impl.h"

#include <math.h>

#define LOAD_STEPS 1e6

struct set_loading {
    struct path_set *set;
    struct path_engine *engine;
    const struct ted_snapshot *snapshot;
    struct path_set_request request;
    struct path_member members[PATH_SET_MAX];
    const struct path_avoid *asked[PATH_SET_MAX]; /* that members exclude by themselves */
    uint64_t work, work_max;
};

/* Of a link with the request's bandwidth on it, in millionths. */
static uint32_t set_load_of(const struct ted_snapshot *snapshot, const struct path_request *request,
                            uint32_t link)
{
    double capacity = (double)snapshot->links[link].capacity;
    double left = residual_of_all(snapshot, request->reservations, link, request->priority) +
                  residual_own(request->reservations, link, request->priority) -
                  (double)request->bandwidth;
    double load = capacity > 0 ? rint((capacity - left) / capacity * LOAD_STEPS) : INFINITY;
    return load >= UINT32_MAX ? UINT32_MAX : load > 0 ? (uint32_t)load : 0;
}

/* Both see the same load of a link, and keep off the same. */
static bool set_load_is_same(const struct set_loading *loading, uint32_t a, uint32_t b)
{
    const struct path_request *one = &loading->members[a].request;
    const struct path_request *other = &loading->members[b].request;
    return loading->asked[a] == loading->asked[b] && one->bandwidth == other->bandwidth &&
           one->priority == other->priority && one->reservations == other->reservations;
}

/* Members keep off links above the ceiling; alike ones by one set, so that they stay alike. */
static bool set_load_limit(struct set_loading *loading, uint32_t ceiling)
{
    for (uint32_t m = 0; m < loading->request.count; m++) {
        struct path_request *request = &loading->members[m].request;
        uint32_t like = 0;
        while (like < m && !set_load_is_same(loading, like, m))
            like++;
        struct path_avoid *avoid = &loading->set->ceilings[like];
        request->excluded = avoid;
        if (like < m)
            continue;
        loading->work += loading->snapshot->link_count;
        if (!path_avoid_begin(avoid, loading->snapshot))
            return false;
        if (loading->asked[m] != NULL)
            path_avoid_add(avoid, loading->asked[m]);
        for (uint32_t link = 0; link < loading->snapshot->link_count; link++) {
            if (set_load_of(loading->snapshot, request, link) > ceiling)
                path_avoid_link(avoid, link);
        }
    }
    return true;
}

/* Of the links that the result's paths use, over all branches. */
static uint32_t set_load_worst(const struct set_loading *loading)
{
    const struct path_set *set = loading->set;
    uint32_t worst = 0;
    for (uint32_t m = 0; m < set->count; m++) {
        const struct set_path *path = &set->best->paths[m];
        for (uint32_t i = 0; set->best->is_placed[m] && i < path->count; i++) {
            uint32_t load = set_load_of(loading->snapshot, &loading->members[m].request,
                                        set->pool[path->first + i]);
            worst = load > worst ? load : worst;
        }
    }
    return worst;
}

static void set_load_compute(struct set_loading *loading, uint32_t ceiling,
                             struct path_set_result *result)
{
    set_result_init(result, loading->request.count);
    if (!set_load_limit(loading, ceiling))
        return;
    /* One step at least: 0 would be the default. */
    loading->request.work_max =
        loading->work < loading->work_max ? loading->work_max - loading->work : 1;
    path_set_compute(loading->set, loading->engine, loading->snapshot, &loading->request, result);
    loading->work += result->work;
}

struct set_load_least {
    uint32_t load;    /* of the set that was found last */
    uint32_t ceiling; /* under which it was found */
    bool is_proven;   /* no lower ceiling leaves a set */
};

/* The least ceiling that leaves a set, from the set that was just found under none. */
static struct set_load_least set_load_bisect(struct set_loading *loading)
{
    struct set_load_least least = {set_load_worst(loading), UINT32_MAX, true};
    struct path_set_result result;
    uint32_t from = 0; /* nothing below it leaves a set, or it is not known to */
    while (from < least.load && loading->work < loading->work_max) {
        uint32_t ceiling = from + (least.load - from) / 2;
        set_load_compute(loading, ceiling, &result);
        if (result.outcome == PATH_FOUND)
            least = (struct set_load_least){set_load_worst(loading), ceiling, least.is_proven};
        else
            from = ceiling + 1;
        least.is_proven =
            least.is_proven && (result.outcome == PATH_FOUND || result.outcome == PATH_NONE);
    }
    least.is_proven = least.is_proven && from >= least.load;
    return least;
}

/* Paths are the set's until its next call: those of the least ceiling are made last. Where less than all
 * links up to the one at which the set was found are too few to find it by, it is found there again. */
static void set_load_make(struct set_loading *loading, const struct set_load_least *least,
                          struct path_set_result *result)
{
    uint64_t work = loading->work;
    loading->work = 0;
    set_load_compute(loading, least->load, result);
    work += loading->work;
    result->is_optimal = result->is_optimal && least->is_proven;
    if (result->outcome != PATH_FOUND && least->ceiling > least->load) {
        loading->work = 0;
        set_load_compute(loading, least->ceiling, result);
        work += loading->work;
        result->is_optimal = false;
    }
    result->work = work;
}

void path_set_compute_load(struct path_set *set, struct path_engine *engine,
                           const struct ted_snapshot *snapshot,
                           const struct path_set_request *request, struct path_set_result *result)
{
    struct set_loading loading = {.set = set,
                                  .engine = engine,
                                  .snapshot = snapshot,
                                  .request = *request,
                                  .work_max = request->work_max == 0 ? PATH_SET_WORK_MAX
                                                                     : request->work_max};
    CHECK(request->is_strict && request->count <= PATH_SET_MAX);
    for (uint32_t m = 0; m < request->count; m++) {
        loading.members[m] = request->members[m];
        loading.members[m].request.objective = PATH_MIN_METRIC;
        loading.asked[m] = request->members[m].request.excluded;
        for (uint32_t other = 0; request->between != NULL && other < request->count; other++)
            CHECK(other == m || request->between[m * request->count + other] != 0);
    }
    loading.request.members = loading.members;
    set_load_compute(&loading, UINT32_MAX, result);
    if (result->outcome != PATH_FOUND)
        return;
    const struct set_load_least least = set_load_bisect(&loading);
    set_load_make(&loading, &least, result);
}
