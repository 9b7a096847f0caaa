#include "core/path/path.h"

#include "core/base/check.h"
#include "core/path/diagnosis.h"
#include "core/path/engine.h"
#include "core/path/solve.h"

#include <math.h>
#include <stdlib.h>

/* Half a second where memory is slow; enough for a plain search of the largest snapshot. */
#define WORK_MAX_DEFAULT 10000000

struct path_engine *path_engine_create(uint64_t work_max)
{
    struct path_engine *engine = calloc(1, sizeof *engine);
    if (engine != NULL)
        engine->work_max = work_max == 0 ? WORK_MAX_DEFAULT : work_max;
    return engine;
}

void path_engine_destroy(struct path_engine *engine)
{
    if (engine == NULL)
        return;
    free(engine->heap.entries);
    free(engine->tree.nodes);
    for (uint32_t m = 0; m < ADDITIVE_METRIC_COUNT; m++)
        free(engine->bound_trees[m].nodes);
    near_tree_fini(&engine->near_trees);
    segment_fini(&engine->segment);
    last_segment_fini(&engine->last_segment);
    partial_fini(&engine->partials);
    residual_fini(&engine->residual);
    free(engine->segment_marks.stamps);
    free(engine->badness);
    free(engine);
}

size_t path_engine_octets(const struct path_engine *engine)
{
    size_t nodes = engine->tree.capacity;
    for (uint32_t m = 0; m < ADDITIVE_METRIC_COUNT; m++)
        nodes += engine->bound_trees[m].capacity;
    return sizeof *engine + engine->node_capacity * sizeof *engine->heap.entries +
           nodes * sizeof *engine->tree.nodes + segment_octets(&engine->segment) +
           near_tree_octets(&engine->near_trees) + last_segment_octets(&engine->last_segment) +
           partial_octets(&engine->partials) + engine->badness_capacity * sizeof *engine->badness +
           engine->residual.capacity * sizeof *engine->residual.entries +
           engine->segment_marks.capacity * sizeof *engine->segment_marks.stamps;
}

static float path_unreserved(struct path_engine *engine, const struct ted_snapshot *snapshot,
                             const struct path_request *request, uint32_t link)
{
    return request->reservations == NULL ? snapshot->links[link].unreserved[request->priority]
                                         : residual_of_link(&engine->residual, link);
}

/* Returns what all of the links together have measured: in most networks nothing. */
static unsigned path_sum_costs(const struct path_engine *engine,
                               const struct ted_snapshot *snapshot, uint64_t *sums)
{
    unsigned measured = 0;
    for (uint32_t i = 0; i < engine->link_count; i++) {
        const uint32_t link = engine->links[i];
        for (unsigned m = 0; m < PATH_METRIC_MIN_DELAY; m++)
            sums[m] += link_metric(snapshot, link, (enum path_metric)m);
        measured |= snapshot->links[link].measured;
    }
    return measured;
}

static void path_sum_measured(const struct path_engine *engine, const struct ted_snapshot *snapshot,
                              enum path_metric metric, uint64_t *sum, struct path_result *result)
{
    for (uint32_t i = 0; i < engine->link_count; i++) {
        const struct ted_link *link = &snapshot->links[engine->links[i]];
        *sum += link_metric_measured(link, metric);
        if (!link_metric_is_known(link, metric))
            result->unmeasured |= 1u << metric;
    }
}

static void path_measure_metrics(const struct path_engine *engine,
                                 const struct ted_snapshot *snapshot, struct path_result *result)
{
    uint64_t sums[ADDITIVE_METRIC_COUNT] = {0};
    const unsigned measured = path_sum_costs(engine, snapshot, sums);
    for (unsigned m = PATH_METRIC_MIN_DELAY; m < ADDITIVE_METRIC_COUNT; m++) {
        if (measured != 0) {
            path_sum_measured(engine, snapshot, (enum path_metric)m, &sums[m], result);
        } else if (engine->link_count > 0) {
            sums[m] = (uint64_t)engine->link_count * link_metric_unmeasured((enum path_metric)m);
            result->unmeasured |= 1u << m;
        }
    }
    for (unsigned m = 0; m < ADDITIVE_METRIC_COUNT; m++) {
        const bool is_worst = (engine->worst_mask & (1u << m)) != 0;
        result->metrics[m] =
            link_metric_tell((enum path_metric)m, is_worst ? engine->worst[m] : sums[m]);
    }
}

static void path_measure(struct path_engine *engine, const struct ted_snapshot *snapshot,
                         const struct path_request *request, struct path_result *result)
{
    result->residual_bandwidth = INFINITY;
    path_measure_metrics(engine, snapshot, result);
    for (uint32_t i = 0; i < engine->link_count; i++) {
        float unreserved = path_unreserved(engine, snapshot, request, engine->links[i]);
        if (unreserved < result->residual_bandwidth)
            result->residual_bandwidth = unreserved;
    }
    for (uint32_t i = 0; i < engine->link_count && request->undesired != NULL; i++)
        result->undesired += path_avoid_has(request->undesired, engine->links[i], request->source,
                                            request->destination);
    result->metrics[PATH_METRIC_SIDS] = engine->sid_count;
    result->is_protected = engine->sid_count > 0;
    for (uint32_t i = 0; i < engine->sid_count; i++)
        result->is_protected = result->is_protected && engine->sids[i].is_protected;
}

/* `result` has the work of what was tried before. */
static void path_try(struct path_engine *engine, const struct ted_snapshot *snapshot,
                     const struct path_request *request, bool is_diagnosed,
                     struct path_result *result)
{
    struct problem problem = problem_of_request(snapshot, request);
    *result = (struct path_result){
        .outcome = PATH_NO_MEMORY, .work = result->work, .algorithm = request->algorithm};
    engine->algorithm = request->algorithm;
    if (!engine_reserve_heap(engine, snapshot->node_count) ||
        !residual_begin(&engine->residual, snapshot, request))
        return;
    engine_show_residual(engine, &problem);
    engine->is_cut = false;
    result->outcome = solve(engine, &problem);
    result->work += engine->work;
    if (result->outcome == PATH_NONE && is_diagnosed)
        diagnosis_of_request(engine, snapshot, request, result);
    if (engine->is_cut) {
        result->outcome = PATH_WORK_EXCEEDED;
        result->unsatisfied = 0;
        result->blame = PATH_BLAME_NONE;
    }
    partial_trim(&engine->partials);
    if (result->outcome != PATH_FOUND)
        return;
    CHECK(engine->link_count <= PATH_HOPS_MAX && engine->sid_count <= PATH_SIDS_MAX);
    result->links = engine->links;
    result->link_count = engine->link_count;
    result->sids = engine->sids;
    result->sid_count = engine->sid_count;
    path_measure(engine, snapshot, request, result);
}

static void path_answer(struct path_engine *engine, const struct ted_snapshot *snapshot,
                        const struct path_request *request, bool is_diagnosed,
                        struct path_result *result)
{
    bool is_bound = request->algorithm == 0 || request->is_algorithm_strict;
    result->work = 0;
    path_try(engine, snapshot, request, is_diagnosed && is_bound, result);
    if (is_bound || result->outcome != PATH_NONE)
        return;
    struct path_request any = *request;
    any.algorithm = 0;
    path_try(engine, snapshot, &any, is_diagnosed, result);
}

void path_compute_within(struct path_engine *engine, const struct ted_snapshot *snapshot,
                         const struct path_request *request, uint64_t work_max,
                         struct path_result *result)
{
    engine->work_left = work_max;
    path_answer(engine, snapshot, request, true, result);
}

void path_attempt(struct path_engine *engine, const struct ted_snapshot *snapshot,
                  const struct path_request *request, uint64_t work_max, struct path_result *result)
{
    engine->work_left = work_max;
    path_answer(engine, snapshot, request, false, result);
}

void path_compute(struct path_engine *engine, const struct ted_snapshot *snapshot,
                  const struct path_request *request, struct path_result *result)
{
    path_compute_within(engine, snapshot, request, UINT64_MAX, result);
}
