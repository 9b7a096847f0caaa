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

Test(segment_links, a_node_that_cannot_be_reached_and_links_of_metric_0_are_told)
{
    net_init(&net, 4);
    (void)net_join(&net, 0, 1, 10);
    snapshot = net_snapshot(&net);
    (void)find(0, 3, PCE_NOT_FOUND);
    ted_snapshot_destroy(snapshot);
    (void)net_join(&net, 2, 3, 0);
    snapshot = net_snapshot(&net);
    (void)find(0, 1, PCE_UNSUPPORTED);
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
                if (distances[a][link->from] + link->igp < distances[a][link->to])
                    distances[a][link->to] = distances[a][link->from] + link->igp;
        }
    }
}

static bool is_on_a_shortest_path(const struct net_link *link, uint32_t from, uint32_t to)
{
    return link->is_two_way && distances[from][to] < FAR &&
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
