/* Landmarks for affinities: they come once they are worth it, bound the distances over the links that are
 * admitted, and change no answer. */
#include "core/path/landmarks_affine.h"
#include "core/path/engine.h"
#include "tests/unit/path/net.h"

#include <criterion/criterion.h>

#define NODES 60

TestSuite(landmarks_affine, .timeout = 120);

static void affine_make_net(struct net *net, struct random *random)
{
    net_init(net, NODES);
    for (uint32_t i = 0; i < NODES * 3; i++) {
        struct net_link link = {.from = net_below(random, NODES), .to = net_below(random, NODES)};
        link.igp = 1 + net_below(random, 50);
        link.te = 1 + net_below(random, 50);
        link.admin = net_below(random, 4);
        link.unreserved = (float)net_below(random, 20);
        if (link.from != link.to)
            net_add(net, link);
    }
}

static struct path_request affine_request(struct random *random)
{
    struct path_request request = net_request(net_below(random, NODES), net_below(random, NODES));
    request.setup = PATH_SETUP_RSVP_TE;
    request.metric = PATH_METRIC_TE;
    request.exclude_any = 1;
    request.bandwidth = (float)net_below(random, 10);
    return request;
}

static const struct landmark_row *affine_rows_of(const struct ted_snapshot *snapshot)
{
    struct path_request request = net_request(0, 1);
    request.exclude_any = 1;
    struct problem problem = problem_of_request(snapshot, &request);
    return affine_rows(&problem, PATH_METRIC_TE);
}

static void affine_expect_bounds(const struct ted_snapshot *s, const struct landmark_row *rows)
{
    for (uint32_t i = 0; i < s->link_count; i++)
        for (uint32_t c = 0; c < LANDMARK_COLUMNS && (s->links[i].admin_group & 1) == 0; c++)
            cr_assert_leq(potential_difference(rows[s->links[i].to].columns[c],
                                               rows[s->links[i].from].columns[c]),
                          s->links[i].te_metric);
}

/* How many requests of work_max steps it took until there were rows; 0: there are none. Answers are those of
 * a network without landmarks. */
static uint32_t affine_ask(const struct ted_snapshot *snapshot, const struct ted_snapshot *plain,
                           struct random *random, uint64_t work_max)
{
    struct path_engine *engine = path_engine_create(0), *other = path_engine_create(0);
    uint32_t made = 0;
    for (uint32_t i = 1; i <= 400; i++) {
        struct path_request request = affine_request(random);
        struct path_result got, wanted;
        path_compute_within(engine, snapshot, &request, work_max, &got);
        path_compute(other, plain, &request, &wanted);
        if (got.outcome != PATH_WORK_EXCEEDED) {
            cr_assert_eq(got.outcome, wanted.outcome);
            cr_assert_eq(got.link_count, wanted.link_count);
            for (uint32_t l = 0; l < got.link_count; l++)
                cr_assert_eq(got.links[l], wanted.links[l]);
        }
        if (made == 0 && affine_rows_of(snapshot) != landmark_rows_of(snapshot, PATH_METRIC_TE))
            made = i;
    }
    path_engine_destroy(engine);
    path_engine_destroy(other);
    return made;
}

Test(landmarks_affine, come_after_some_requests_and_change_no_answer)
{
    for (uint64_t seed = 1; seed <= 20; seed++) {
        struct random random = {seed};
        static struct net net;
        affine_make_net(&net, &random);
        struct ted_snapshot *snapshot = net_snapshot(&net), *plain = net_snapshot(&net);
        cr_assert(path_landmarks_build(snapshot));
        cr_assert_gt(affine_ask(snapshot, plain, &random, UINT64_MAX), 2);
        affine_expect_bounds(snapshot, affine_rows_of(snapshot));
        ted_snapshot_destroy(snapshot);
        ted_snapshot_destroy(plain);
    }
}

Test(landmarks_affine, are_not_made_with_little_work)
{
    struct random random = {5};
    static struct net net;
    affine_make_net(&net, &random);
    struct ted_snapshot *snapshot = net_snapshot(&net), *plain = net_snapshot(&net);
    cr_assert(path_landmarks_build(snapshot));
    cr_expect_eq(affine_ask(snapshot, plain, &random, 4 * snapshot->edge_count), 0);
    cr_expect_gt(affine_ask(snapshot, plain, &random, 12 * snapshot->edge_count), 0);
    ted_snapshot_destroy(snapshot);
    ted_snapshot_destroy(plain);
}

Test(landmarks_affine, there_are_as_many_as_there_are_shelves)
{
    struct random random = {6};
    static struct net net;
    affine_make_net(&net, &random);
    struct ted_snapshot *snapshot = net_snapshot(&net);
    struct path_engine *engine = path_engine_create(0);
    cr_assert(path_landmarks_build(snapshot));
    for (uint32_t mask = 0; mask < TED_DERIVED_SHELVES + 1; mask++)
        for (uint32_t i = 0; i < 400; i++) {
            struct path_request request = affine_request(&random);
            struct path_result result;
            request.exclude_any = 1 | mask << 8;
            path_compute(engine, snapshot, &request, &result);
        }
    uint32_t count = 0;
    for (uint32_t mask = 0; mask < TED_DERIVED_SHELVES + 1; mask++) {
        struct path_request request = net_request(0, 1);
        request.exclude_any = 1 | mask << 8;
        struct problem problem = problem_of_request(snapshot, &request);
        count +=
            affine_rows(&problem, PATH_METRIC_TE) != landmark_rows_of(snapshot, PATH_METRIC_TE);
    }
    cr_expect_eq(count, TED_DERIVED_SHELVES);
    path_engine_destroy(engine);
    ted_snapshot_destroy(snapshot);
}
