/* Landmarks: the bounds hold, for every pair of nodes, and a search that follows them settles each
 * node once. */
#include "core/path/landmarks.h"
#include "core/path/problem.h"
#include "tests/unit/path/net.h"

#include <criterion/criterion.h>

#define NODES 24
#define FAR   UINT64_MAX

/* A sparse network: some nodes are not reached, some links go one way. */
static void make_net(struct net *net, struct random *random)
{
    net_init(net, NODES);
    for (uint32_t i = 0; i < NODES * 2; i++) {
        struct net_link link = {.from = net_below(random, NODES), .to = net_below(random, NODES)};
        link.igp = net_below(random, 50);
        link.te = net_below(random, 3);
        link.delay = net_below(random, 1000000);
        if (link.from != link.to)
            net_add(net, link);
    }
}

/* Floyd and Warshall's. */
static void fill_distances(const struct net *net, enum path_metric metric,
                           uint64_t distances[NODES][NODES])
{
    for (uint32_t i = 0; i < NODES; i++) {
        for (uint32_t j = 0; j < NODES; j++)
            distances[i][j] = i == j ? 0 : FAR;
    }
    for (uint32_t l = 0; l < net->link_count; l++) {
        uint64_t *distance = &distances[net->links[l].from][net->links[l].to];
        uint64_t length = net_metric(&net->links[l], metric);
        *distance = length < *distance ? length : *distance;
    }
    for (uint32_t k = 0; k < NODES; k++) {
        for (uint32_t i = 0; i < NODES; i++) {
            for (uint32_t j = 0; j < NODES; j++) {
                if (distances[i][k] != FAR && distances[k][j] != FAR &&
                    distances[i][k] + distances[k][j] < distances[i][j])
                    distances[i][j] = distances[i][k] + distances[k][j];
            }
        }
    }
}

static void expect_bounds(const struct net *net, const struct ted_snapshot *snapshot,
                          enum path_metric metric, uint32_t source, uint32_t destination)
{
    static uint64_t distances[NODES][NODES];
    fill_distances(net, metric, distances);
    struct potential from = potential_between(snapshot, metric, source, destination, source);
    struct potential to = potential_between(snapshot, metric, source, destination, destination);
    for (uint32_t i = 0; i < NODES; i++) {
        cr_expect(potential_from_goal(&from, i) <= distances[source][i]);
        cr_expect(potential_to_goal(&to, i) <= distances[i][destination]);
    }
    for (uint32_t l = 0; l < net->link_count; l++) {
        const struct net_link *link = &net->links[l];
        uint64_t length = net_metric(link, metric);
        cr_expect(potential_from_goal(&from, link->to) <=
                  potential_from_goal(&from, link->from) + length);
        cr_expect(potential_to_goal(&to, link->from) <= potential_to_goal(&to, link->to) + length);
    }
}

Test(landmarks, bounds_are_never_above_the_distance_and_are_consistent)
{
    for (uint64_t seed = 1; seed <= 40; seed++) {
        struct random random = {seed};
        struct net net;
        make_net(&net, &random);
        struct ted_snapshot *snapshot = net_snapshot(&net);
        cr_assert(path_landmarks_build(snapshot));
        for (uint32_t m = 0; m < LANDMARK_METRICS; m++)
            expect_bounds(&net, snapshot, (enum path_metric)m, net_below(&random, NODES),
                          net_below(&random, NODES));
        ted_snapshot_destroy(snapshot);
    }
}

/* Whether a column and the one that goes with it are the distances from a node, and to it. */
static bool is_of(const struct landmark_row *rows, uint32_t column, uint32_t landmark,
                  uint64_t distances[NODES][NODES])
{
    for (uint32_t i = 0; i < NODES; i++) {
        uint64_t from = distances[landmark][i], to = distances[i][landmark];
        if (rows[i].columns[column] != (from == FAR ? UINT32_MAX : from) ||
            rows[i].columns[column + LANDMARKS] != UINT32_MAX - (to == FAR ? UINT32_MAX : to))
            return false;
    }
    return true;
}

Test(landmarks, each_has_the_distances_of_a_node)
{
    static uint64_t distances[NODES][NODES];
    for (uint64_t seed = 1; seed <= 40; seed++) {
        struct random random = {seed};
        struct net net;
        make_net(&net, &random);
        struct ted_snapshot *snapshot = net_snapshot(&net);
        cr_assert(path_landmarks_build(snapshot));
        for (uint32_t m = 0; m < LANDMARK_METRICS; m++) {
            fill_distances(&net, (enum path_metric)m, distances);
            for (uint32_t column = 0; column < LANDMARKS; column++) {
                uint32_t node = 0;
                while (node < NODES &&
                       !is_of(snapshot->landmarks->rows[m], column, node, distances))
                    node++;
                cr_expect_lt(node, NODES);
            }
        }
        ted_snapshot_destroy(snapshot);
    }
}

/* A ring: from any node, one way round is barred by its landmarks. */
static struct ted_snapshot *ring(uint32_t metric)
{
    struct net net;
    net_init(&net, 32);
    for (uint32_t i = 0; i < 32; i++)
        (void)net_join(&net, i, (i + 1) % 32, metric);
    return net_snapshot(&net);
}

static uint64_t work_of(const struct ted_snapshot *snapshot, enum path_setup setup)
{
    struct path_engine *engine = path_engine_create(0);
    struct path_request request = net_request(1, 9);
    request.setup = setup;
    struct path_result result;
    path_compute(engine, snapshot, &request, &result); /* makes near trees, where they are kept */
    path_compute(engine, snapshot, &request, &result);
    cr_assert_eq(result.outcome, PATH_FOUND);
    cr_assert_eq(result.link_count, 8);
    path_engine_destroy(engine);
    return result.work;
}

Test(landmarks, a_search_that_has_them_goes_to_its_goal)
{
    struct ted_snapshot *snapshot = ring(10);
    uint64_t plain = work_of(snapshot, PATH_SETUP_RSVP_TE);
    uint64_t plain_list = work_of(snapshot, PATH_SETUP_SR_MPLS) - plain;
    cr_assert(path_landmarks_build(snapshot));
    uint64_t guided = work_of(snapshot, PATH_SETUP_RSVP_TE);
    cr_expect_lt(guided * 3, plain * 2);
    cr_expect_lt((work_of(snapshot, PATH_SETUP_SR_MPLS) - guided) * 3, plain_list * 2);
    ted_snapshot_destroy(snapshot);
}

Test(landmarks, a_metric_whose_distances_are_too_great_has_none)
{
    struct ted_snapshot *snapshot = ring(UINT32_MAX / 8);
    cr_assert(path_landmarks_build(snapshot));
    cr_assert_not_null(snapshot->landmarks);
    cr_expect_null(snapshot->landmarks->rows[PATH_METRIC_IGP]);
    cr_expect_not_null(snapshot->landmarks->rows[PATH_METRIC_HOPS]);
    cr_expect_eq(potential_between(snapshot, PATH_METRIC_IGP, 1, 9, 1).count, 0);
    cr_expect_gt(work_of(snapshot, PATH_SETUP_SR_MPLS), 0);
    ted_snapshot_destroy(snapshot);
}

Test(landmarks, a_network_without_links_has_bounds_of_nothing)
{
    struct net net;
    net_init(&net, 3);
    struct ted_snapshot *snapshot = net_snapshot(&net);
    cr_assert(path_landmarks_build(snapshot));
    struct potential potential = potential_between(snapshot, PATH_METRIC_TE, 0, 2, 2);
    cr_expect_eq(potential_to_goal(&potential, 2), 0);
    ted_snapshot_destroy(snapshot);
}
