/* Balls: all shortest paths from a node, in an order that can be skipped through. */
#include "core/path/near_tree.h"
#include "core/path/engine.h"
#include "tests/unit/path/net.h"

#include <criterion/criterion.h>

#define NODES 30

static struct ted_snapshot *make_snapshot(uint64_t seed)
{
    static struct net net;
    struct random random = {seed};
    net_init(&net, NODES);
    for (uint32_t i = 0; i < NODES * 2; i++) {
        struct net_link link = {.from = net_below(&random, NODES), .to = net_below(&random, NODES)};
        link.igp = 1 + net_below(&random, 4);
        if (link.from == link.to)
            continue;
        net_add(&net, link);
        struct net_link back = {.from = link.to, .to = link.from, .igp = 1 + net_below(&random, 4)};
        if (net_below(&random, 4) != 0)
            net_add(&net, back);
    }
    for (uint32_t i = 0; i < NODES && seed % 2 == 0; i += 5)
        net_overload(&net, i);
    return net_snapshot(&net);
}

/* Whether the node's router uses the link: those of overloaded nodes each for itself alone. */
static bool is_used(const struct ted_link *link, uint32_t by)
{
    return link->is_two_way && (!link->is_first_only || link->from == by);
}

static struct path_engine *make_engine(const struct ted_snapshot *snapshot)
{
    struct path_engine *engine = path_engine_create(0);
    struct path_request request = net_request(0, 1);
    struct path_result result;
    path_compute(engine, snapshot, &request, &result); /* makes room */
    engine->work = 0;
    engine->work_limit = UINT64_MAX;
    return engine;
}

static void fill_distances(const struct ted_snapshot *snapshot, uint32_t from, uint64_t *distances)
{
    for (uint32_t i = 0; i < NODES; i++)
        distances[i] = i == from ? 0 : UINT32_MAX;
    for (uint32_t round = 0; round < NODES; round++) {
        for (uint32_t l = 0; l < snapshot->link_count; l++) {
            const struct ted_link *link = &snapshot->links[l];
            uint64_t distance = distances[link->from] + link->igp_metric;
            if (is_used(link, from) && distance < distances[link->to])
                distances[link->to] = distance;
        }
    }
}

static uint32_t last_links(const struct ted_snapshot *snapshot, const uint64_t *distances,
                           uint32_t from, uint32_t node)
{
    uint32_t count = 0;
    for (uint32_t l = 0; l < snapshot->link_count; l++) {
        const struct ted_link *link = &snapshot->links[l];
        count += is_used(link, from) && link->to == node && distances[link->from] < UINT32_MAX &&
                 distances[link->from] + link->igp_metric == distances[node];
    }
    return count;
}

/* Each entry is a last link of a shortest path, all of a node stand together, and the nodes that
 * they come from stand before them. What is behind a node is what its size says. */
static void check(const struct ted_snapshot *snapshot, uint32_t from,
                  const struct near_tree *near_tree)
{
    uint64_t distances[NODES];
    uint32_t places[NODES] = {0}, links[NODES] = {0}, nodes = 1;
    fill_distances(snapshot, from, distances);
    cr_assert_eq(near_tree->entries[0].node, from);
    cr_assert_eq(near_tree->entries[0].size, near_tree->count);
    for (uint32_t place = 1; place < near_tree->count; place++) {
        const struct near_tree_entry *entry = &near_tree->entries[place];
        const struct ted_edge *edge = &snapshot->reverse_edges[near_tree_edge(snapshot, entry)];
        bool is_node = entry->size > 0;
        cr_assert_eq(snapshot->links[edge->link].to, entry->node);
        cr_assert_eq(distances[edge->node] + edge->igp_metric, distances[entry->node]);
        cr_assert(edge->node == from || places[edge->node] != 0);
        cr_assert_eq(links[entry->node] == 0, is_node);
        links[entry->node]++;
        nodes += is_node;
        if (!is_node)
            continue;
        places[entry->node] = place;
        uint32_t before = places[edge->node];
        cr_assert_leq(place + entry->size, before + near_tree->entries[before].size);
    }
    cr_assert_eq(nodes, near_tree->node_count);
    for (uint32_t i = 0; i < NODES; i++) {
        bool is_there = i == from || links[i] > 0;
        cr_assert(!is_there || i == from || links[i] == last_links(snapshot, distances, from, i));
        cr_assert(is_there || distances[i] >= near_tree->radius || distances[i] == UINT32_MAX);
    }
}

Test(near_tree, has_all_shortest_paths_to_the_nearest_nodes)
{
    for (uint64_t seed = 1; seed <= 100; seed++) {
        struct ted_snapshot *snapshot = make_snapshot(seed);
        struct path_engine *engine = make_engine(snapshot);
        for (uint32_t from = 0; from < NODES; from++) {
            const struct near_tree *near_tree;
            uint32_t nodes_min = 1 + (uint32_t)seed % 40;
            cr_assert_eq(near_tree_of_node(engine, snapshot, from, nodes_min, &near_tree),
                         PATH_FOUND);
            cr_assert(near_tree->node_count >= nodes_min || near_tree->radius == UINT64_MAX);
            check(snapshot, from, near_tree);
        }
        path_engine_destroy(engine);
        ted_snapshot_destroy(snapshot);
    }
}

Test(near_tree, is_made_once_for_all_engines)
{
    struct ted_snapshot *snapshot = make_snapshot(7);
    struct path_engine *engine = make_engine(snapshot), *other = make_engine(snapshot);
    cr_assert(path_landmarks_build(snapshot));
    const struct near_tree *near_tree;
    cr_assert_eq(near_tree_of_node(engine, snapshot, 3, 10, &near_tree), PATH_FOUND);
    cr_expect_gt(engine->work, 0);
    cr_assert_eq(near_tree_of_node(other, snapshot, 3, 10, &near_tree), PATH_FOUND);
    cr_expect_eq(other->work, 0);
    cr_assert_eq(near_tree_of_node(other, snapshot, 3, 11, &near_tree), PATH_FOUND);
    cr_expect_gt(other->work, 0);
    check(snapshot, 3, near_tree);
    path_engine_destroy(engine);
    path_engine_destroy(other);
    ted_snapshot_destroy(snapshot);
}

Test(near_tree, for_which_there_is_no_room_is_made_each_time)
{
    struct ted_snapshot *snapshot = make_snapshot(8);
    struct path_engine *engine = make_engine(snapshot);
    cr_assert(ted_derived_prepare(snapshot, 64));
    for (uint32_t i = 0; i < 2; i++) {
        const struct near_tree *near_tree;
        engine->work = 0;
        cr_assert_eq(near_tree_of_node(engine, snapshot, 3, NODES, &near_tree), PATH_FOUND);
        cr_expect_gt(engine->work, 0);
        check(snapshot, 3, near_tree);
    }
    cr_expect_null(ted_derived_find(snapshot, 3));
    path_engine_destroy(engine);
    ted_snapshot_destroy(snapshot);
}

Test(near_tree, that_takes_too_much_work_is_not_made)
{
    struct ted_snapshot *snapshot = make_snapshot(9);
    struct path_engine *engine = make_engine(snapshot);
    const struct near_tree *near_tree;
    engine->work_limit = 3;
    cr_expect_eq(near_tree_of_node(engine, snapshot, 0, NODES, &near_tree), PATH_WORK_EXCEEDED);
    path_engine_destroy(engine);
    ted_snapshot_destroy(snapshot);
}
