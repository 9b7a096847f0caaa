/* Last segment: one search backwards finds of every node what a segment search from there finds. */
#include "core/path/last_segment.h"
#include "core/path/engine.h"
#include "tests/unit/path/net.h"

#include <criterion/criterion.h>

#define NODES 12

static void make_net(struct net *net, struct random *random)
{
    net_init(net, NODES);
    for (uint32_t i = 0; i < NODES * 2; i++) {
        struct net_link link = {.from = net_below(random, NODES), .to = net_below(random, NODES)};
        link.igp = 1 + net_below(random, 4);
        link.te = net_below(random, 10);
        link.delay = net_below(random, 8);
        link.admin = net_below(random, 8) == 0;
        if (link.from == link.to)
            continue;
        net_add(net, link);
        struct net_link back = link;
        back.from = link.to;
        back.to = link.from;
        back.te = net_below(random, 10);
        if (net_below(random, 4) != 0)
            net_add(net, back);
    }
    for (uint32_t i = 0; i < NODES; i++) {
        if (net_below(random, 10) == 0)
            net->nodes[i].sid_index = NET_NO_SID;
        if (net_below(random, 10) == 0)
            net->nodes[i].srgbs[0].size = 1 + net_below(random, NODES);
    }
}

static void compare(struct path_engine *engine, const struct problem *problem,
                    const struct dimensions *dimensions, uint32_t from, uint32_t *segments)
{
    enum last_segment_kind kind = last_segment_of_node(&engine->last_segment, from);
    const struct segment_search *search = &engine->segment;
    uint32_t to = problem->destination;
    cr_assert_eq(segment_begin(engine, problem, dimensions, from, TED_NONE), PATH_FOUND);
    bool is_there = segment_settle(engine, problem, to) == PATH_FOUND &&
                    segment_is_admissible(search, to) &&
                    segment_sid(search, problem, from, to, NULL);
    cr_assert_eq(kind, is_there ? LAST_SEGMENT_SEGMENT : LAST_SEGMENT_NONE);
    if (!is_there)
        return;
    ++*segments;
    const struct segment_node *forward = &search->nodes[to];
    const struct segment_node *backward = &engine->last_segment.nodes[from];
    cr_assert_eq(forward->worst_key, backward->worst_key);
    cr_assert_eq(forward->worst[0], backward->worst[0]);
}

Test(last_segment, a_search_backwards_finds_what_one_from_each_node_finds)
{
    struct path_engine *engine = path_engine_create(0);
    uint32_t segments = 0;
    for (uint64_t seed = 1; seed <= 300; seed++) {
        struct random random = {seed};
        struct net net;
        make_net(&net, &random);
        struct ted_snapshot *snapshot = net_snapshot(&net);
        struct path_request request = net_request(0, net_below(&random, NODES));
        request.metric = PATH_METRIC_TE;
        request.exclude_any = 1;
        request.bound_mask = 1u << PATH_METRIC_DELAY;
        request.bounds[PATH_METRIC_DELAY] = 1000;
        struct path_result result;
        path_compute(engine, snapshot, &request, &result); /* makes room */
        struct problem problem = problem_of_request(snapshot, &request);
        struct dimensions dimensions = dimensions_of(&problem, false);
        cr_assert_eq(last_segment_search(engine, &problem, &dimensions), PATH_FOUND);
        for (uint32_t from = 0; from < NODES; from++) {
            if (from != request.destination)
                compare(engine, &problem, &dimensions, from, &segments);
        }
        ted_snapshot_destroy(snapshot);
    }
    cr_assert_gt(segments, 300);
    path_engine_destroy(engine);
}

Test(last_segment, links_of_metric_0_leave_it_open)
{
    struct net net;
    net_init(&net, 3);
    (void)net_join(&net, 0, 1, 0);
    (void)net_join(&net, 1, 2, 5);
    struct ted_snapshot *snapshot = net_snapshot(&net);
    struct path_engine *engine = path_engine_create(0);
    struct path_request request = net_request(0, 2);
    struct path_result result;
    path_compute(engine, snapshot, &request, &result);
    struct problem problem = problem_of_request(snapshot, &request);
    struct dimensions dimensions = dimensions_of(&problem, false);
    cr_assert_eq(last_segment_search(engine, &problem, &dimensions), PATH_FOUND);
    cr_expect_eq(last_segment_of_node(&engine->last_segment, 1), LAST_SEGMENT_UNKNOWN);
    path_engine_destroy(engine);
    ted_snapshot_destroy(snapshot);
}
