/* The links of a node segment, by hand and against distances that are worked out one by one. */
#include "core/path/segment_links.h"

#include "tests/lib/random.h"
#include "tests/unit/path/fixture.h"

#include <criterion/criterion.h>

#define ROUNDS 3000

TestSuite(segment_links, .init = fixture_init, .fini = fixture_fini);

static uint32_t found_links[NET_LINKS_MAX];

static struct segment_links find(uint32_t from, uint32_t to, enum pce_status wanted)
{
    struct segment_links links = {
        .links = found_links, .links_max = NET_LINKS_MAX, .work_max = 1000000};
    cr_assert_eq(path_segment_links(engine, snapshot, from, to, &links), wanted);
    return links;
}

Test(segment_links, one_shortest_path_is_given_link_by_link_from_its_start)
{
    net_init(&net, 4);
    for (uint32_t i = 0; i < 3; i++)
        (void)net_join(&net, i, i + 1, 10);
    (void)net_join(&net, 0, 3, 31);
    snapshot = net_snapshot(&net);
    struct segment_links links = find(0, 3, PCE_OK);
    cr_assert_eq(links.count, 3);
    for (uint32_t i = 0; i < 3; i++)
        cr_expect_eq(found_links[i], 2 * i);
    cr_expect_not(links.branches);
}

Test(segment_links, parallel_links_and_ways_of_equal_cost_are_all_there)
{
    net_init(&net, 4);
    (void)net_join(&net, 0, 1, 10);
    (void)net_join(&net, 0, 1, 10);
    (void)net_join(&net, 1, 3, 10);
    (void)net_join(&net, 0, 2, 5);
    (void)net_join(&net, 2, 3, 15);
    snapshot = net_snapshot(&net);
    struct segment_links links = find(0, 3, PCE_OK);
    cr_expect_eq(links.count, 5);
    cr_expect(links.branches);
}

Test(segment_links, a_node_that_cannot_be_reached_is_told)
{
    net_init(&net, 4);
    (void)net_join(&net, 0, 1, 10);
    snapshot = net_snapshot(&net);
    (void)find(0, 3, PCE_NOT_FOUND);
    ted_snapshot_destroy(snapshot);
    (void)net_join(&net, 2, 3, 0);
    snapshot = net_snapshot(&net);
    (void)find(0, 3, PCE_NOT_FOUND);
    cr_expect_eq(find(0, 1, PCE_OK).count, 1);
}

Test(segment_links, a_link_of_metric_0_is_taken_towards_who_has_a_way_of_its_own)
{
    net_init(&net, 4);
    (void)net_join(&net, 0, 1, 10); /* 0 */
    (void)net_join(&net, 1, 2, 0);  /* 2: the way on leads over 2 alone */
    (void)net_join(&net, 2, 3, 10); /* 4 */
    snapshot = net_snapshot(&net);
    struct segment_links links = find(0, 3, PCE_OK);
    cr_assert_eq(links.count, 3);
    for (uint32_t i = 0; i < 3; i++)
        cr_expect_eq(found_links[i], 2 * i);
    cr_expect_not(links.branches);
}

Test(segment_links, where_two_routers_have_ways_over_each_other_nothing_is_guessed)
{
    net_init(&net, 4);
    (void)net_join(&net, 0, 1, 10);
    (void)net_join(&net, 1, 2, 0);
    (void)net_join(&net, 1, 3, 10);
    (void)net_join(&net, 2, 3, 10);
    snapshot = net_snapshot(&net);
    (void)find(0, 3, PCE_UNSUPPORTED);
    cr_expect_eq(find(0, 1, PCE_OK).count, 1);
}

Test(segment_links, more_links_than_there_is_room_for_are_none)
{
    uint32_t few[2];
    net_init(&net, 3);
    (void)net_join(&net, 0, 1, 10);
    (void)net_join(&net, 1, 2, 10);
    snapshot = net_snapshot(&net);
    struct segment_links links = {.links = few, .links_max = 2, .work_max = 1000};
    cr_expect_eq(path_segment_links(engine, snapshot, 0, 2, &links), PCE_OK);
    links.links_max = 1;
    cr_expect_eq(path_segment_links(engine, snapshot, 0, 2, &links), PCE_LIMIT);
}

Test(segment_links, more_work_than_is_allowed_is_not_done)
{
    net_init(&net, 900);
    for (uint32_t i = 0; i + 1 < 900; i++)
        (void)net_join(&net, i, i + 1, 1);
    snapshot = net_snapshot(&net);
    struct segment_links links = {
        .links = found_links, .links_max = NET_LINKS_MAX, .work_max = 1000};
    cr_expect_eq(path_segment_links(engine, snapshot, 0, 899, &links), PCE_LIMIT);
    links.work_max = 1000000;
    cr_expect_eq(path_segment_links(engine, snapshot, 0, 899, &links), PCE_OK);
}

Test(segment_links, a_node_far_away_is_found_beyond_the_first_near_tree)
{
    net_init(&net, 900);
    for (uint32_t i = 0; i + 1 < 900; i++)
        (void)net_join(&net, i, i + 1, 1);
    snapshot = net_snapshot(&net);
    cr_expect_eq(find(0, 899, PCE_OK).count, 899);
}

/* ---- at random ---- */

#define FAR 100000U

static uint32_t distances[12][12];

static void work_out_distances(void)
{
    for (uint32_t a = 0; a < net.node_count; a++)
        for (uint32_t b = 0; b < net.node_count; b++)
            distances[a][b] = a == b ? 0 : FAR;
    for (uint32_t round = 0; round < net.node_count; round++) {
        for (uint32_t l = 0; l < net.link_count; l++) {
            const struct net_link *link = &net.links[l];
            for (uint32_t a = 0; a < net.node_count && link->is_two_way; a++)
                if ((!link->is_first_only || link->from == a) &&
                    distances[a][link->from] + link->igp < distances[a][link->to])
                    distances[a][link->to] = distances[a][link->from] + link->igp;
        }
    }
}

static bool is_on_a_shortest_path(const struct net_link *link, uint32_t from, uint32_t to)
{
    bool passes_overloaded = (link->is_first_only && link->from != from) ||
                             (net.nodes[link->to].is_overloaded && link->to != to);
    return link->is_two_way && !passes_overloaded && distances[from][to] < FAR &&
           distances[from][link->from] + link->igp + distances[link->to][to] == distances[from][to];
}

static void expect_links(uint32_t from, uint32_t to)
{
    bool is_found[NET_LINKS_MAX] = {false};
    enum pce_status status = distances[from][to] < FAR ? PCE_OK : PCE_NOT_FOUND;
    struct segment_links links = find(from, to, status);
    for (uint32_t i = 0; i < links.count; i++) {
        cr_assert_not(is_found[found_links[i]]);
        is_found[found_links[i]] = true;
    }
    for (uint32_t l = 0; l < net.link_count && status == PCE_OK; l++)
        cr_assert_eq(is_found[l], is_on_a_shortest_path(&net.links[l], from, to));
}

/* Of every other network some nodes. */
static void overload_some(struct random *rng)
{
    for (uint32_t i = random_below(rng, 2) * net.node_count; i < net.node_count; i++)
        if (random_below(rng, 4) == 0)
            net_overload(&net, i);
}

Test(segment_links, all_links_of_all_shortest_paths_are_there_and_no_other, .timeout = 60)
{
    struct random rng = test_random_init("segment links", 20260814);
    for (unsigned round = 0; round < ROUNDS; round++) {
        net_init(&net, 2 + random_below(&rng, 10));
        for (uint32_t i = 0; i < net.node_count * 2; i++) {
            struct net_link link = {.from = random_below(&rng, net.node_count),
                                    .to = random_below(&rng, net.node_count),
                                    .igp = 1 + random_below(&rng, 3)};
            if (link.from == link.to)
                continue;
            (void)net_add(&net, link);
            if (random_below(&rng, 5) != 0)
                (void)net_join(&net, link.to, link.from, 1 + random_below(&rng, 3));
        }
        overload_some(&rng);
        snapshot = net_snapshot(&net);
        work_out_distances();
        for (uint32_t from = 0; from < net.node_count; from++)
            for (uint32_t to = 0; to < net.node_count; to++)
                if (from != to)
                    expect_links(from, to);
        ted_snapshot_destroy(snapshot);
        snapshot = NULL;
    }
}

/* ---- links of metric 0, router by router ---- */

#define SMALL_NODES  6
#define SMALL_ROUNDS 4000

// NOLINTBEGIN(misc-no-recursion): no deeper than SMALL_NODES, and as plain as can be

static bool may_lead_on(uint32_t node, uint32_t to)
{
    return node == to || !net.nodes[node].is_overloaded;
}

/* By trying all ways without a circle: what the shortest one from a node to the end costs that does
 * not come by these nodes; UINT32_MAX: there is none. */
static uint32_t cost_around(uint32_t node, uint32_t to, uint32_t without)
{
    uint32_t best = node == to ? 0 : UINT32_MAX;
    for (uint32_t l = 0; l < net.link_count && node != to; l++) {
        const struct net_link *link = &net.links[l];
        if (link->from != node || (without >> link->to & 1) != 0 || !may_lead_on(link->to, to))
            continue;
        uint32_t rest = cost_around(link->to, to, without | 1U << node);
        if (rest != UINT32_MAX && rest + link->igp < best)
            best = rest + link->igp;
    }
    return best;
}

/* Where a router sends what is for `to`: its shortest ways do not come by itself again. */
static bool router_sends(uint32_t link, uint32_t to)
{
    uint32_t from = net.links[link].from;
    uint32_t rest = cost_around(net.links[link].to, to, 1U << from);
    return from != to && rest != UINT32_MAX && may_lead_on(net.links[link].to, to) &&
           rest + net.links[link].igp == cost_around(from, to, 0);
}

/* Marks what traffic takes; false: it may go in a circle. */
static bool follow(uint32_t node, uint32_t to, uint32_t path, bool *is_taken)
{
    for (uint32_t l = 0; l < net.link_count; l++) {
        if (net.links[l].from != node || !router_sends(l, to))
            continue;
        is_taken[l] = true;
        if ((path >> net.links[l].to & 1) != 0 ||
            !follow(net.links[l].to, to, path | 1U << net.links[l].to, is_taken))
            return false;
    }
    return true;
}

// NOLINTEND(misc-no-recursion)

static void expect_as_routers_send(uint32_t from, uint32_t to)
{
    bool is_taken[NET_LINKS_MAX] = {false};
    uint32_t count = 0, seen = 1U << from;
    if (cost_around(from, to, 0) == UINT32_MAX) {
        (void)find(from, to, PCE_NOT_FOUND);
        return;
    }
    if (!follow(from, to, 1U << from, is_taken)) {
        (void)find(from, to, PCE_UNSUPPORTED);
        return;
    }
    struct segment_links links = find(from, to, PCE_OK);
    for (uint32_t l = 0; l < net.link_count; l++)
        count += is_taken[l];
    cr_assert_eq(links.count, count);
    for (uint32_t i = 0; i < links.count; i++) {
        cr_assert(is_taken[found_links[i]]);
        cr_assert((seen >> net.links[found_links[i]].from & 1) != 0, "in the order of a walk");
        seen |= 1U << net.links[found_links[i]].to;
    }
}

Test(segment_links, over_links_of_metric_0_they_are_where_routers_send, .timeout = 120)
{
    struct random rng = test_random_init("segment links of metric 0", 20261130);
    for (unsigned round = 0; round < SMALL_ROUNDS; round++) {
        net_init(&net, SMALL_NODES);
        for (uint32_t i = 3 + random_below(&rng, 7); i > 0; i--) {
            uint32_t a = random_below(&rng, SMALL_NODES), b = random_below(&rng, SMALL_NODES);
            if (a != b)
                (void)net_join(&net, a, b, random_below(&rng, 3));
        }
        if (net.link_count == 0)
            continue;
        overload_some(&rng);
        snapshot = net_snapshot(&net);
        for (uint32_t to = 1; to < SMALL_NODES; to++)
            expect_as_routers_send(0, to);
        ted_snapshot_destroy(snapshot);
        snapshot = NULL;
    }
}
