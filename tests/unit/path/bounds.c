#include "core/path/engine.h"
#include "tests/unit/path/fixture.h"

#include <criterion/criterion.h>
#include <math.h>

TestSuite(bounds, .init = fixture_init, .fini = fixture_fini);

/* A ladder of `rungs` steps: at each one a cheap slow link and a dear fast one, in parallel. */
static struct path_request ladder(uint32_t rungs)
{
    net_init(&net, rungs + 1);
    for (uint32_t i = 0; i < rungs; i++) {
        net.links[net_join(&net, i, i + 1, 1)].delay = 10;
        net.links[net_join(&net, i, i + 1, 3)].delay = 1;
    }
    struct path_request request = net_request(0, rungs);
    request.setup = PATH_SETUP_RSVP_TE;
    request.bound_mask = 1u << PATH_METRIC_DELAY;
    return request;
}

Test(bounds, bound_that_the_best_path_meets_changes_nothing)
{
    struct path_request request = ladder(10);
    request.bounds[PATH_METRIC_DELAY] = 100;
    expect_outcome(&request, PATH_FOUND);
    cr_assert_eq(result.metrics[PATH_METRIC_IGP], 10);
}

Test(bounds, bound_is_kept_at_the_least_cost)
{
    struct path_request request = ladder(10);
    request.bounds[PATH_METRIC_DELAY] = 55; /* five dear links: 50 + 5 */
    expect_outcome(&request, PATH_FOUND);
    cr_assert_eq(result.metrics[PATH_METRIC_DELAY], 55);
    cr_assert_eq(result.metrics[PATH_METRIC_IGP], 20);
    request.bounds[PATH_METRIC_DELAY] = 54.9;
    expect_outcome(&request, PATH_FOUND);
    cr_assert_eq(result.metrics[PATH_METRIC_IGP], 22);
}

Test(bounds, bound_below_the_least_sum_is_named)
{
    struct path_request request = ladder(10);
    request.bounds[PATH_METRIC_DELAY] = 9;
    expect_unsatisfied(&request, PATH_CONSTRAINT_BOUND(PATH_METRIC_DELAY));
    request.bounds[PATH_METRIC_DELAY] = 10;
    expect_outcome(&request, PATH_FOUND);
}

Test(bounds, bound_on_the_objective_itself_holds)
{
    struct path_request request = ladder(3);
    request.bound_mask = 1u << PATH_METRIC_IGP;
    request.bounds[PATH_METRIC_IGP] = 3;
    expect_outcome(&request, PATH_FOUND);
    request.bounds[PATH_METRIC_IGP] = 2;
    expect_unsatisfied(&request, PATH_CONSTRAINT_BOUND(PATH_METRIC_IGP));
}

Test(bounds, bounds_below_zero_or_not_a_number_admit_nothing)
{
    struct path_request request = ladder(3);
    request.bounds[PATH_METRIC_DELAY] = -1;
    expect_unsatisfied(&request, PATH_CONSTRAINT_BOUND(PATH_METRIC_DELAY));
    request.bounds[PATH_METRIC_DELAY] = NAN;
    expect_unsatisfied(&request, PATH_CONSTRAINT_BOUND(PATH_METRIC_DELAY));
    request.destination = 0; /* not even the empty path, where no hops are wanted */
    request.family = IP_NONE;
    expect_unsatisfied(&request, PATH_CONSTRAINT_BOUND(PATH_METRIC_DELAY));
    request.bounds[PATH_METRIC_DELAY] = 0;
    expect_outcome(&request, PATH_FOUND);
}

Test(bounds, infinite_bound_is_none)
{
    struct path_request request = ladder(3);
    request.bounds[PATH_METRIC_DELAY] = INFINITY;
    expect_outcome(&request, PATH_FOUND);
    cr_assert_eq(result.metrics[PATH_METRIC_IGP], 3);
}

Test(bounds, work_past_the_limit_is_said_and_not_guessed)
{
    struct path_request request = ladder(20);
    request.bounds[PATH_METRIC_DELAY] = 100;
    expect_outcome(&request, PATH_FOUND);
    uint64_t work = result.work;
    path_engine_destroy(engine);
    engine = path_engine_create(work);
    expect_outcome(&request, PATH_FOUND);
    path_engine_destroy(engine);
    engine = path_engine_create(work - 1);
    expect_outcome(&request, PATH_WORK_EXCEEDED);
    path_engine_destroy(engine);
    engine = path_engine_create(1);
    request.bound_mask = 0;
    expect_outcome(&request, PATH_WORK_EXCEEDED);
}

/* A fresh engine each time: it may remember what it has searched. */
static enum path_outcome outcome_within(const struct path_request *request, uint64_t work)
{
    path_engine_destroy(engine);
    engine = path_engine_create(0);
    path_compute_within(engine, snapshot, request, work, &result);
    return result.outcome;
}

Test(bounds, the_work_of_one_call_may_be_less)
{
    struct path_request request = ladder(20);
    request.bounds[PATH_METRIC_DELAY] = 100;
    expect_outcome(&request, PATH_FOUND);
    uint64_t work = result.work;
    cr_assert_eq(outcome_within(&request, work - 1), PATH_WORK_EXCEEDED);
    cr_assert_eq(outcome_within(&request, work), PATH_FOUND);
    cr_assert_eq(outcome_within(&request, 0), PATH_WORK_EXCEEDED);
}

Test(bounds, the_work_of_one_call_includes_the_diagnosis)
{
    struct path_request request = ladder(20);
    request.bounds[PATH_METRIC_DELAY] = 1;
    request.bandwidth = 1;
    expect_outcome(&request, PATH_NONE);
    cr_assert_eq(result.unsatisfied, PATH_CONSTRAINT_BOUND(PATH_METRIC_DELAY));
    uint64_t work = result.work;
    cr_assert_eq(outcome_within(&request, work - 1), PATH_WORK_EXCEEDED);
    cr_assert_eq(result.unsatisfied, 0, "half a diagnosis");
    cr_assert_eq(outcome_within(&request, work), PATH_NONE);
    cr_assert_eq(result.unsatisfied, PATH_CONSTRAINT_BOUND(PATH_METRIC_DELAY));
}

static struct path_request chain(uint32_t links)
{
    net_init(&net, links + 1);
    for (uint32_t i = 0; i < links; i++)
        net_join(&net, i, i + 1, 1);
    struct path_request request = net_request(0, links);
    request.setup = PATH_SETUP_RSVP_TE;
    return request;
}

Test(bounds, path_of_as_many_links_as_possible_is_found)
{
    struct path_request request = chain(PATH_HOPS_MAX);
    expect_outcome(&request, PATH_FOUND);
    cr_assert_eq(result.link_count, PATH_HOPS_MAX);
    request.setup = PATH_SETUP_SR_MPLS;
    request.sids_max = 1;
    expect_outcome(&request, PATH_FOUND);
    cr_assert_eq(result.sid_count, 1);
}

Test(bounds, path_of_one_link_more_is_none)
{
    struct path_request request = chain(PATH_HOPS_MAX + 1);
    expect_unsatisfied(&request, 0);
    request.setup = PATH_SETUP_SR_MPLS;
    expect_unsatisfied(&request, 0);
}

Test(bounds, dearer_path_is_taken_where_the_cheapest_has_too_many_links)
{
    struct path_request request = chain(PATH_HOPS_MAX + 1);
    net_join(&net, 0, 2, 5000);
    net_join(&net, 0, 3, 4000);
    expect_outcome(&request, PATH_FOUND);
    cr_assert_eq(result.link_count, PATH_HOPS_MAX - 1);
    cr_assert_eq(result.metrics[PATH_METRIC_IGP], 4000 + PATH_HOPS_MAX - 2);
}

Test(bounds, greatest_metrics_do_not_overflow)
{
    struct path_request request = chain(PATH_HOPS_MAX);
    for (uint32_t l = 0; l < net.link_count; l++)
        net.links[l].igp = net.links[l].te = net.links[l].delay = UINT32_MAX;
    request.bound_mask = 1u << PATH_METRIC_TE;
    request.bounds[PATH_METRIC_TE] = (double)UINT32_MAX * PATH_HOPS_MAX;
    expect_outcome(&request, PATH_FOUND);
    cr_assert_eq(result.metrics[PATH_METRIC_IGP], (double)UINT32_MAX * PATH_HOPS_MAX);
    request.bounds[PATH_METRIC_TE] -= 1;
    expect_unsatisfied(&request, PATH_CONSTRAINT_BOUND(PATH_METRIC_TE));
}

Test(bounds, warm_engine_grows_no_more)
{
    struct path_request request = ladder(30);
    request.bounds[PATH_METRIC_DELAY] = 150;
    request.setup = PATH_SETUP_SR_MPLS;
    request.sids_max = 30;
    expect_outcome(&request, PATH_FOUND);
    request.sids_max = 3;
    expect_outcome(&request, PATH_NONE);
    request.objective = PATH_MIN_MAX_LOAD;
    request.sids_max = 30;
    expect_outcome(&request, PATH_FOUND);
    struct path_engine before = *engine;
    for (uint32_t i = 0; i < 50; i++) {
        request.sids_max = (uint8_t)(1 + i % 30);
        request.objective = (enum path_objective)(i % 3);
        path_compute(engine, snapshot, &request, &result);
    }
    cr_assert_eq(before.node_capacity, engine->node_capacity);
    cr_assert_eq(before.heap.entries, engine->heap.entries);
    cr_assert_eq(before.tree.nodes, engine->tree.nodes);
    cr_assert_eq(before.partials.all, engine->partials.all);
    cr_assert_eq(before.partials.heap, engine->partials.heap);
    cr_assert_eq(before.segment.states, engine->segment.states);
    cr_assert_eq(before.badness, engine->badness);
}

Test(bounds, stamps_that_wrap_are_cleared)
{
    struct path_request request = ladder(10);
    request.bounds[PATH_METRIC_DELAY] = 55;
    request.setup = PATH_SETUP_SR_MPLS;
    expect_outcome(&request, PATH_FOUND);
    engine->tree.stamp = engine->partials.stamp = engine->segment.stamp = UINT32_MAX;
    engine->bound_trees[PATH_METRIC_DELAY].stamp = UINT32_MAX;
    for (uint32_t i = 0; i < 3; i++) {
        expect_outcome(&request, PATH_FOUND);
        cr_assert_eq(result.metrics[PATH_METRIC_IGP], 20);
    }
}

Test(bounds, one_engine_serves_snapshots_of_any_size)
{
    for (uint32_t rungs = 40; rungs > 0; rungs = rungs == 40 ? 3 : rungs == 3 ? 60 : 0) {
        struct path_request request = ladder(rungs);
        request.bounds[PATH_METRIC_DELAY] = rungs;
        expect_outcome(&request, PATH_FOUND);
        cr_assert_eq(result.metrics[PATH_METRIC_IGP], rungs * 3);
    }
}

Test(bounds, labels_of_a_heavy_request_are_not_kept)
{
    struct path_request request = ladder(3);
    expect_outcome(&request, PATH_NONE);
    request.bounds[PATH_METRIC_DELAY] = 3;
    expect_outcome(&request, PATH_FOUND);
    size_t light = path_engine_octets(engine);
    path_engine_destroy(engine);
    engine = path_engine_create(UINT64_C(1000000000));
    /* What a rung saves in one metric it costs in the other: no way is better than another. */
    net_init(&net, 15);
    for (uint32_t i = 0; i < 14; i++) {
        net.links[net_join(&net, i, i + 1, 1)].delay = 1 + (1u << i);
        net.links[net_join(&net, i, i + 1, 1 + (1u << i))].delay = 1;
    }
    request.destination = 14;
    request.bounds[PATH_METRIC_DELAY] = 14 + 8191;
    expect_outcome(&request, PATH_FOUND);
    cr_assert_gt(result.work, PATH_PARTIALS_KEPT, "%llu", (unsigned long long)result.work);
    cr_assert_lt(path_engine_octets(engine), light + 100000);
}
