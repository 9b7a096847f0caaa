/* Paths on a snapshot that was patched are those on one that was made as a whole of the same links,
 * and its landmarks hold. */
#include "core/path/landmarks.h"
#include "core/path/problem.h"
#include "core/ted/patch.h"
#include "tests/lib/random.h"
#include "tests/unit/path/net.h"

#include <criterion/criterion.h>

#define NODES  16
#define LINKS  60
#define ROUNDS 150

/* A network some of whose links are gone: the whole of it, and what is there. */
struct patched {
    struct net all;
    bool is_gone[LINKS];
    struct ted_snapshot *snapshot;
};

static void patched_make(struct patched *patched, struct random *random)
{
    net_init(&patched->all, NODES);
    memset(patched->is_gone, 0, sizeof patched->is_gone);
    while (patched->all.link_count + 2 <= LINKS) {
        uint32_t a = net_below(random, NODES), b = net_below(random, NODES);
        if (a != b)
            (void)net_pair(&patched->all, a, b, 1 + net_below(random, 9));
    }
    patched->snapshot = net_snapshot(&patched->all);
    cr_assert(path_landmarks_build(patched->snapshot));
}

static struct ted_link_spec patched_spec(const struct patched *patched, uint32_t index)
{
    const struct ted_snapshot *s = patched->snapshot;
    const struct ted_link *link = &s->links[index];
    struct ted_link_spec spec = {
        .from = link->from,
        .to = link->to,
        .igp_metric = patched->all.links[index].igp,
        .te_metric = patched->all.links[index].te,
        .delay_us = patched->all.links[index].delay,
        .admin_group = link->admin_group,
        .capacity = link->capacity,
        .max_reservable = link->max_reservable,
        .adj_sids = s->adj_sids + link->adj_sids.first,
        .adj_sid_count = link->adj_sids.count,
        .local_v4 = link->local_v4,
        .remote_v4 = link->remote_v4,
        .local_v6 = link->local_v6,
        .remote_v6 = link->remote_v6,
        .local_id = link->local_id,
        .remote_id = link->remote_id,
    };
    memcpy(spec.unreserved, link->unreserved, sizeof spec.unreserved);
    return spec;
}

/* Some links get other metrics, go, or come back. */
static void patched_change(struct patched *patched, struct random *random)
{
    struct ted_patch_item items[4];
    struct ted_link_spec specs[4];
    struct ted_snapshot *next;
    uint32_t count = 1 + net_below(random, 4), first = net_below(random, LINKS);
    for (uint32_t i = 0; i < count; i++) {
        uint32_t link = (first + i * 7) % LINKS;
        patched->is_gone[link] = net_below(random, 3) == 0;
        patched->all.links[link].igp = 1 + net_below(random, 9);
        patched->all.links[link].te = net_below(random, 9);
        patched->all.links[link].delay = net_below(random, 1000);
        specs[i] = patched_spec(patched, link);
        items[i] = (struct ted_patch_item){link, patched->is_gone[link] ? NULL : &specs[i]};
    }
    cr_assert_eq(ted_snapshot_patch(patched->snapshot, items, count, &next), PCE_OK);
    path_landmarks_follow(patched->snapshot, next);
    ted_snapshot_destroy(patched->snapshot);
    patched->snapshot = next;
}

/* The links that are there, as a network of its own; which is which. */
static struct ted_snapshot *patched_whole(const struct patched *patched, uint32_t places[LINKS])
{
    const struct ted_snapshot *s = patched->snapshot;
    struct ted_builder *builder = ted_builder_create("");
    struct ted_snapshot *whole;
    struct ted_fault fault;
    uint32_t index;
    for (uint32_t i = 0; i < s->node_count; i++) {
        const struct ted_node *node = &s->nodes[i];
        const struct ted_node_spec spec = {.name = node->name,
                                           .router_id_v4 = node->router_id_v4,
                                           .router_id_v6 = node->router_id_v6,
                                           .srgbs = s->srgbs + node->srgbs.first,
                                           .srgb_count = node->srgbs.count,
                                           .prefix_sids = s->prefix_sids + node->prefix_sids.first,
                                           .prefix_sid_count = node->prefix_sids.count};
        cr_assert_eq(ted_builder_add_node(builder, &spec, &index, &fault), PCE_OK);
    }
    for (uint32_t i = 0; i < LINKS; i++) {
        struct ted_link_spec spec = patched_spec(patched, i);
        if (patched->is_gone[i])
            continue;
        cr_assert_eq(ted_builder_add_link(builder, &spec, &index, &fault), PCE_OK);
        places[index] = i;
    }
    cr_assert_eq(ted_builder_snapshot(builder, &whole, &fault), PCE_OK);
    ted_builder_destroy(builder);
    return whole;
}

/* What makes the bounds right: over no link a node is farther than the link is long. */
static void expect_landmarks(const struct ted_snapshot *s)
{
    cr_assert_not_null(s->landmarks);
    for (uint32_t m = 0; m < ADDITIVE_METRIC_COUNT; m++) {
        const struct landmark_row *rows = s->landmarks->rows[m];
        for (uint32_t i = 0; i < s->edge_count; i++) {
            const struct ted_link *link = &s->links[s->edges[i].link];
            uint64_t length = link_metric(link, (enum path_metric)m);
            for (uint32_t c = 0; c < LANDMARKS; c++) {
                const uint32_t *from = rows[link->from].columns, *to = rows[link->to].columns;
                cr_assert_leq(to[c], from[c] + length);
                cr_assert_leq(to[c + LANDMARKS], from[c + LANDMARKS] + length);
            }
        }
    }
}

static struct path_request patched_request(struct random *random)
{
    struct path_request request = net_request(net_below(random, NODES), net_below(random, NODES));
    request.metric = (enum path_metric)net_below(random, ADDITIVE_METRIC_COUNT);
    if (net_below(random, 2) == 0)
        request.setup = PATH_SETUP_RSVP_TE;
    return request;
}

static void expect_same(const struct path_result *got, const struct path_result *wanted,
                        const uint32_t *places)
{
    cr_assert_eq(got->outcome, wanted->outcome);
    cr_assert_eq(got->link_count, wanted->link_count);
    cr_assert_eq(got->sid_count, wanted->sid_count);
    for (uint32_t i = 0; i < got->link_count; i++)
        cr_assert_eq(got->links[i], places[wanted->links[i]]);
    for (uint32_t i = 0; i < got->sid_count; i++)
        cr_assert_eq(got->sids[i].label, wanted->sids[i].label);
}

Test(patched, paths_are_those_of_a_network_made_as_a_whole, .timeout = 300)
{
    static struct patched patched;
    struct path_engine *engine = path_engine_create(0), *other = path_engine_create(0);
    struct random random = test_random_init("patched", 1);
    for (unsigned round = 0; round < ROUNDS; round++) {
        patched_make(&patched, &random);
        for (unsigned change = 0; change < 8; change++) {
            uint32_t places[LINKS];
            patched_change(&patched, &random);
            expect_landmarks(patched.snapshot);
            struct ted_snapshot *whole = patched_whole(&patched, places);
            cr_assert_eq(whole->edge_count, patched.snapshot->edge_count);
            for (unsigned i = 0; i < 8; i++) {
                struct path_request request = patched_request(&random);
                struct path_result got, wanted;
                path_compute(engine, patched.snapshot, &request, &got);
                path_compute(other, whole, &request, &wanted);
                expect_same(&got, &wanted, places);
            }
            ted_snapshot_destroy(whole);
        }
        ted_snapshot_destroy(patched.snapshot);
    }
    path_engine_destroy(engine);
    path_engine_destroy(other);
}

Test(patched, near_trees_stay_while_the_igp_does_the_same)
{
    static struct patched patched;
    struct random random = {3};
    struct ted_snapshot *next;
    patched_make(&patched, &random);
    struct ted_link_spec spec = patched_spec(&patched, 5);
    const struct ted_patch_item item = {5, &spec};
    spec.te_metric = 77;
    cr_assert_eq(ted_snapshot_patch(patched.snapshot, &item, 1, &next), PCE_OK);
    path_landmarks_follow(patched.snapshot, next);
    cr_expect_eq(next->derived, patched.snapshot->derived);
    cr_expect_eq(next->landmarks, patched.snapshot->landmarks);
    ted_snapshot_destroy(patched.snapshot);
    patched.snapshot = next;
    spec.igp_metric = 100;
    cr_assert_eq(ted_snapshot_patch(patched.snapshot, &item, 1, &next), PCE_OK);
    path_landmarks_follow(patched.snapshot, next);
    cr_expect_neq(next->derived, patched.snapshot->derived);
    cr_expect_eq(next->landmarks, patched.snapshot->landmarks); /* longer: the bounds hold */
    ted_snapshot_destroy(patched.snapshot);
    ted_snapshot_destroy(next);
}
