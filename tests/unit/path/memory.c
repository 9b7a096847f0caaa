/* A computation for which memory is refused, at each of its allocations in turn. */
#include "core/path/path_set.h"
#include "core/path/set_load.h"
#include "tests/lib/refusal.h"
#include "tests/unit/path/fixture.h"

#include <criterion/criterion.h>
#include <stdlib.h>

#define ALLOCATIONS_MAX 500 /* more than a computation has: the sweep ends before */

/* The program is linked so that what the engine asks for comes here. */
void *__real_aligned_alloc(size_t alignment, size_t size);
void *__wrap_aligned_alloc(size_t alignment, size_t size);

void *__wrap_aligned_alloc(size_t alignment, size_t size)
{
    return refusal_is_due() ? NULL : __real_aligned_alloc(alignment, size);
}

TestSuite(path_memory, .fini = fixture_fini, .timeout = 120);

/* Where an allocation was refused the answer is the right one or "no memory", and the same engine
 * has the right one when there is memory again. */
static void sweep(const struct path_request *request)
{
    fixture_init();
    expect_outcome(request, PATH_FOUND);
    const double cost = result.metrics[PATH_METRIC_IGP];
    unsigned refused = 0;
    for (unsigned at = 1; at < ALLOCATIONS_MAX; at++) {
        fixture_fini();
        snapshot = net_snapshot(&net);
        fixture_init();
        refusal.was = false;
        refusal.at = at;
        path_compute(engine, snapshot, request, &result);
        refusal.at = 0;
        if (!refusal.was)
            break;
        refused++;
        cr_assert(result.outcome == PATH_NO_MEMORY ||
                      (result.outcome == PATH_FOUND && result.metrics[PATH_METRIC_IGP] == cost),
                  "allocation %u: outcome %d", at, (int)result.outcome);
        path_compute(engine, snapshot, request, &result);
        cr_assert_eq(result.outcome, PATH_FOUND, "after allocation %u: %d", at,
                     (int)result.outcome);
        cr_assert_eq(result.metrics[PATH_METRIC_IGP], cost, "after allocation %u", at);
    }
    cr_assert(!refusal.was, "the sweep has not come to the end");
    cr_assert_gt(refused, 0U, "nothing was refused: the test shows nothing");
}

/* Nodes in a row, each two of them joined by a cheap slow link and a dear fast one. */
static struct path_request row(void)
{
    net_init(&net, 8);
    for (uint32_t i = 0; i < 7; i++) {
        net.links[net_join(&net, i, i + 1, 1)].delay = 10;
        net.links[net_join(&net, i, i + 1, 3)].delay = 1;
    }
    return net_request(0, 7);
}

Test(path_memory, strict_path_by_one_metric)
{
    struct path_request request = row();
    request.setup = PATH_SETUP_RSVP_TE;
    sweep(&request);
}

Test(path_memory, strict_path_within_a_bound)
{
    struct path_request request = row();
    request.setup = PATH_SETUP_RSVP_TE;
    request.bound_mask = 1U << PATH_METRIC_DELAY;
    request.bounds[PATH_METRIC_DELAY] = 40;
    sweep(&request);
}

Test(path_memory, sid_list_within_a_bound_and_a_depth)
{
    struct path_request request = row();
    request.bound_mask = 1U << PATH_METRIC_DELAY;
    request.bounds[PATH_METRIC_DELAY] = 60;
    request.sids_max = 5;
    sweep(&request);
}

Test(path_memory, sid_list_without_constraints)
{
    struct path_request request = row();
    sweep(&request);
}

Test(path_memory, a_set_to_avoid_is_whole_or_refused)
{
    struct path_request request = row();
    snapshot = net_snapshot(&net);
    fixture_init();
    unsigned refused = 0;
    for (unsigned at = 1; at < ALLOCATIONS_MAX; at++) {
        struct path_avoid avoid = {.snapshot = NULL};
        refusal.at = at;
        bool has_begun = path_avoid_begin(&avoid, snapshot);
        refusal.at = 0;
        refused += !has_begun;
        cr_assert(path_avoid_begin(&avoid, snapshot), "after allocation %u", at);
        path_avoid_link(&avoid, 0);
        request.excluded = &avoid;
        path_compute(engine, snapshot, &request, &result);
        cr_assert_eq(result.outcome, PATH_FOUND);
        cr_assert_eq(result.metrics[PATH_METRIC_IGP], 9);
        path_avoid_fini(&avoid);
        if (has_begun)
            break;
    }
    cr_assert_eq(refused, 2, "marks, and the links that have some");
}

/* Two ways beside each other, joined in the middle. */
static void ladder(struct path_member members[2], uint32_t metric)
{
    net_init(&net, 8);
    for (uint32_t i = 0; i < 6; i++)
        (void)net_pair(&net, i, i + 2, 1 + i % 2 * metric);
    (void)net_pair(&net, 0, 1, 1);
    (void)net_pair(&net, 2, 3, 1);
    (void)net_pair(&net, 6, 7, 1);
    for (uint32_t m = 0; m < 2; m++)
        members[m] = (struct path_member){.request = net_request(m, 6)};
}

typedef void set_compute_fn(struct path_set *set, struct path_engine *paths,
                            const struct ted_snapshot *seen, const struct path_set_request *request,
                            struct path_set_result *sets);

static void expect_whole_or_refused(const struct path_set_result *sets, uint32_t count, double cost)
{
    cr_assert(sets->outcome == PATH_NO_MEMORY ||
                  (sets->outcome == PATH_FOUND && sets->cost == cost),
              "outcome %d", (int)sets->outcome);
    for (uint32_t m = 0; m < count; m++)
        cr_assert_eq(sets->members[m].outcome, sets->outcome, "member %u", m);
}

static void sweep_set(set_compute_fn *compute)
{
    struct path_member members[2];
    ladder(members, 1);
    const struct path_set_request request = {
        .members = members, .count = 2, .diversity = PATH_DIVERSE_NODE, .is_strict = true};
    struct path_set_result sets;
    unsigned refused = 0;
    double cost = -1;
    for (unsigned at = 0; at < ALLOCATIONS_MAX; at++) {
        snapshot = net_snapshot(&net);
        fixture_init();
        struct path_set *set = path_set_create();
        refusal.was = false;
        refusal.at = at;
        compute(set, engine, snapshot, &request, &sets);
        refusal.at = 0;
        if (at == 0)
            cost = sets.cost;
        else if (!refusal.was)
            at = ALLOCATIONS_MAX;
        refused += refusal.was;
        expect_whole_or_refused(&sets, 2, cost);
        compute(set, engine, snapshot, &request, &sets);
        cr_assert(sets.outcome == PATH_FOUND && sets.cost == cost, "after allocation %u", at);
        path_set_destroy(set);
        fixture_fini();
        snapshot = NULL;
    }
    cr_assert_gt(refused, 5U);
    fixture_init();
}

Test(path_memory, a_set_of_paths_is_whole_or_refused)
{
    sweep_set(path_set_compute);
}

Test(path_memory, a_set_that_is_loaded_least_is_whole_or_refused)
{
    sweep_set(path_set_compute_load);
}

Test(path_memory, a_set_cannot_be_made_without_memory)
{
    refusal.at = 1;
    cr_expect_null(path_set_create());
    refusal.at = 0;
}
