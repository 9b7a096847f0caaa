/* SID lists of bounded length on networks of some dozens of nodes, against a table of all segments
 * that is filled without any of the searches' means; and what one such search may cost. */
#include "tests/unit/path/net.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#define NODES     48
#define DEPTH_MAX 6
#define DELAY_MAX 60
#define FAR       UINT32_MAX

struct segment_cost {
    uint32_t te, delay; /* of the dearest branch; FAR: no segment leads there */
};

struct reference {
    const struct net *net;
    uint32_t distance[NODES][NODES];
    struct segment_cost segments[NODES][NODES];
    /* The minimum TE metric of a list of so many segments, to a node, of so much delay. */
    uint32_t te_min[DEPTH_MAX + 1][NODES][DELAY_MAX + 1];
};

static void fill_distances(struct reference *ref)
{
    uint32_t count = ref->net->node_count;
    for (uint32_t a = 0; a < count; a++) {
        for (uint32_t b = 0; b < count; b++)
            ref->distance[a][b] = a == b ? 0 : FAR / 4;
    }
    for (uint32_t l = 0; l < ref->net->link_count; l++) {
        const struct net_link *link = &ref->net->links[l];
        if (link->is_two_way && link->igp < ref->distance[link->from][link->to])
            ref->distance[link->from][link->to] = link->igp;
    }
    for (uint32_t via = 0; via < count; via++) {
        for (uint32_t a = 0; a < count; a++) {
            for (uint32_t b = 0; b < count; b++) {
                uint32_t sum = ref->distance[a][via] + ref->distance[via][b];
                if (sum < ref->distance[a][b])
                    ref->distance[a][b] = sum;
            }
        }
    }
}

/* Of the nodes that are not done, the nearest one; count: there is none. */
static uint32_t nearest(const struct reference *ref, uint32_t from, const bool *is_done)
{
    uint32_t best = ref->net->node_count;
    for (uint32_t i = 0; i < ref->net->node_count; i++) {
        if (!is_done[i] && ref->distance[from][i] < FAR / 4 &&
            (best == ref->net->node_count || ref->distance[from][i] < ref->distance[from][best]))
            best = i;
    }
    return best;
}

/* Whether all branches to a node are usable; labels[]: how many SID indexes all of them know. */
static bool judge(const struct reference *ref, const struct path_request *request, uint32_t from,
                  uint32_t node, const bool *is_clean, uint32_t *labels)
{
    bool is_usable = true;
    for (uint32_t l = 0; l < ref->net->link_count; l++) {
        const struct net_link *link = &ref->net->links[l];
        if (!link->is_two_way || link->to != node ||
            ref->distance[from][link->from] + link->igp != ref->distance[from][node])
            continue;
        is_usable = is_usable && is_clean[link->from] && net_is_usable(link, request);
        if (labels[link->from] < labels[node])
            labels[node] = labels[link->from];
    }
    return is_usable;
}

static void fill_segments(struct reference *ref, const struct path_request *request, uint32_t from)
{
    const struct net *net = ref->net;
    struct segment_cost worst[NODES] = {0};
    bool is_done[NODES] = {false}, is_clean[NODES] = {false};
    uint32_t labels[NODES];
    for (uint32_t i = 0; i < net->node_count; i++) {
        ref->segments[from][i] = (struct segment_cost){FAR, FAR};
        labels[i] = net->nodes[i].srgbs[0].size;
    }
    for (uint32_t node; (node = nearest(ref, from, is_done)) < net->node_count;) {
        is_done[node] = true;
        is_clean[node] = node == from || judge(ref, request, from, node, is_clean, labels);
        for (uint32_t l = 0; l < net->link_count && node != from; l++) {
            const struct net_link *link = &net->links[l];
            if (!link->is_two_way || link->to != node ||
                ref->distance[from][link->from] + link->igp != ref->distance[from][node])
                continue;
            if (worst[link->from].te + link->te > worst[node].te)
                worst[node].te = worst[link->from].te + link->te;
            if (worst[link->from].delay + link->delay > worst[node].delay)
                worst[node].delay = worst[link->from].delay + link->delay;
        }
        if (node != from && is_clean[node] && net->nodes[node].sid_index < labels[node])
            ref->segments[from][node] = worst[node];
    }
}

static void improve(struct reference *ref, uint32_t depth, uint32_t from, uint32_t to,
                    struct segment_cost cost)
{
    for (uint32_t delay = 0; delay + cost.delay <= DELAY_MAX; delay++) {
        uint32_t te = ref->te_min[depth - 1][from][delay];
        uint32_t *te_min = &ref->te_min[depth][to][delay + cost.delay];
        if (te != FAR && te + cost.te < *te_min)
            *te_min = te + cost.te;
    }
}

/* The minimum TE metric of a list; FAR: there is none. */
static uint32_t te_min_of(struct reference *ref, const struct path_request *request)
{
    const struct net *net = ref->net;
    bool is_bounded = request->bound_mask != 0;
    for (uint32_t from = 0; from < net->node_count; from++)
        fill_segments(ref, request, from);
    memset(ref->te_min, 0xff, sizeof ref->te_min);
    ref->te_min[0][request->source][0] = 0;
    for (uint32_t depth = 1; depth <= request->sids_max; depth++) {
        for (uint32_t from = 0; from < net->node_count; from++) {
            for (uint32_t to = 0; to < net->node_count; to++) {
                struct segment_cost cost = ref->segments[from][to];
                if (cost.te == FAR)
                    continue;
                cost.delay = is_bounded ? cost.delay : 0;
                improve(ref, depth, from, to, cost);
            }
        }
        for (uint32_t l = 0; l < net->link_count; l++) {
            const struct net_link *link = &net->links[l];
            struct segment_cost cost = {link->te, is_bounded ? link->delay : 0};
            if (link->adj_label != 0 && net_is_usable(link, request))
                improve(ref, depth, link->from, link->to, cost);
        }
    }
    uint32_t best = FAR;
    uint32_t delay_max = is_bounded ? (uint32_t)request->bounds[PATH_METRIC_DELAY] : 0;
    for (uint32_t depth = 1; depth <= request->sids_max; depth++) {
        for (uint32_t delay = 0; delay <= delay_max; delay++) {
            if (ref->te_min[depth][request->destination][delay] < best)
                best = ref->te_min[depth][request->destination][delay];
        }
    }
    return best;
}

/* Rows of nodes with links to the next and to the row below, both ways alike or not or, if so, one
 * way only, and a few from anywhere to anywhere. */
static void make_net(struct net *net, struct random *random, uint32_t node_count, bool with_one_way)
{
    uint32_t span = 1 + net_below(random, 12), width = 6;
    net_init(net, node_count);
    for (uint32_t i = 0; i < node_count * 3; i++) {
        uint32_t from = i % node_count;
        uint32_t to = from + (i < node_count ? 1 : width);
        if (i >= node_count * 2)
            to = net_below(random, 10) == 0 ? net_below(random, node_count) : from;
        if (to >= node_count || to == from)
            continue;
        bool is_one_way = with_one_way && net_below(random, 12) == 0;
        for (uint32_t direction = is_one_way; direction < 2; direction++) {
            struct net_link link = {.from = direction == 0 ? from : to,
                                    .to = direction == 0 ? to : from,
                                    .igp = 1 + net_below(random, span),
                                    .te = 1 + net_below(random, 30),
                                    .delay = net_below(random, 5),
                                    .admin = net_below(random, 7) == 0,
                                    .capacity = 1000,
                                    .unreserved = 1000};
            link.adj_label = net_below(random, 8) == 0 ? 0 : 500000 + net->link_count;
            net_add(net, link);
        }
    }
    for (uint32_t i = 0; i < node_count; i++) {
        if (net_below(random, 12) == 0)
            net->nodes[i].sid_index = NET_NO_SID;
        if (net_below(random, 12) == 0)
            net->nodes[i].srgbs[0].size = 1 + net_below(random, node_count);
    }
}

static struct path_request make_request(const struct net *net, struct random *random)
{
    struct path_request request =
        net_request(net_below(random, net->node_count), net_below(random, net->node_count));
    while (request.destination == request.source)
        request.destination = net_below(random, net->node_count);
    request.metric = PATH_METRIC_TE;
    request.exclude_any = net_below(random, 4) != 0;
    request.sids_max = (uint8_t)(1 + net_below(random, DEPTH_MAX));
    if (net_below(random, 3) == 0) {
        request.bound_mask = 1u << PATH_METRIC_DELAY;
        request.bounds[PATH_METRIC_DELAY] = 5 + net_below(random, DELAY_MAX - 5);
    }
    return request;
}

Test(depth, lists_are_the_best_of_all_that_are_short_enough)
{
    static struct reference ref;
    static struct net net;
    struct path_engine *engine = path_engine_create(0);
    uint32_t found = 0, none = 0, full = 0;
    for (uint64_t seed = 1; seed <= 60; seed++) {
        struct random random = {seed};
        make_net(&net, &random, 20 + net_below(&random, NODES - 19), true);
        struct ted_snapshot *snapshot = net_snapshot(&net);
        cr_assert(seed % 3 == 0 || path_landmarks_build(snapshot));
        ref.net = &net;
        fill_distances(&ref);
        for (uint32_t i = 0; i < 12; i++) {
            struct path_request request = make_request(&net, &random);
            struct path_result result;
            path_compute(engine, snapshot, &request, &result);
            uint32_t te_min = te_min_of(&ref, &request);
            cr_assert_eq(result.outcome, te_min == FAR ? PATH_NONE : PATH_FOUND, "seed %u, %u",
                         (uint32_t)seed, i);
            none += te_min == FAR;
            if (te_min == FAR)
                continue;
            found++;
            full += result.sid_count == request.sids_max;
            cr_assert_leq(result.sid_count, request.sids_max);
            cr_assert_eq(result.metrics[PATH_METRIC_TE], (double)te_min,
                         "seed %u, request %u, at most %u segments: %g instead of %u",
                         (uint32_t)seed, i, request.sids_max, result.metrics[PATH_METRIC_TE],
                         te_min);
        }
        ted_snapshot_destroy(snapshot);
    }
    path_engine_destroy(engine);
    printf("%u lists, %u of them as long as they may be, %u requests without one\n", found, full,
           none);
    cr_assert(found > 300 && full > 100 && none > 30);
}

/* The sum of the work of so many lists of at most four segments. */
static uint64_t work_of_lists(struct path_engine *engine, const struct ted_snapshot *snapshot)
{
    struct random random = {99};
    uint64_t work = 0;
    for (uint32_t i = 0; i < 40; i++) {
        struct path_request request = net_request(net_below(&random, snapshot->node_count),
                                                  net_below(&random, snapshot->node_count));
        request.metric = PATH_METRIC_TE;
        request.exclude_any = 1;
        request.sids_max = 4;
        struct path_result result;
        path_compute(engine, snapshot, &request, &result);
        cr_assert_neq(result.outcome, PATH_WORK_EXCEEDED);
        work += result.work;
    }
    return work;
}

Test(depth, a_search_for_a_short_list_costs_little_where_it_was_searched_before)
{
    static struct net net;
    struct random random = {5};
    make_net(&net, &random, 360, false);
    struct ted_snapshot *snapshot = net_snapshot(&net);
    struct path_engine *engine = path_engine_create(0), *other = path_engine_create(0);
    uint64_t alone = work_of_lists(engine, snapshot);
    cr_assert(path_landmarks_build(snapshot));
    uint64_t first = work_of_lists(engine, snapshot);
    uint64_t again = work_of_lists(other, snapshot);
    printf("work without what is kept %u, the first time %u, again %u\n", (uint32_t)alone,
           (uint32_t)first, (uint32_t)again);
    cr_expect_lt(again, first);
    cr_expect_lt(first, alone);
    cr_expect_lt(again, 50000);
    cr_expect_lt(alone, 280000); /* 312,000 when nothing is dominated */
    path_engine_destroy(engine);
    path_engine_destroy(other);
    ted_snapshot_destroy(snapshot);
}
