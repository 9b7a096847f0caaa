/* Which link is which over snapshots, and what is told of it: by hand, and against a model that
 * remembers every link by what it was made of. */
#include "core/ted/link_numbers.h"

#include "tests/lib/random.h"
#include "tests/unit/ted/helpers.h"

#include <criterion/criterion.h>
#include <stdlib.h>

struct two {
    struct ted_builder *builder;
    uint32_t a, b;
};

static struct two begin(void)
{
    struct two net = {.builder = ted_builder_create("two")};
    net.a = add_plain_node(net.builder, "a", 1);
    net.b = add_plain_node(net.builder, "b", 2);
    return net;
}

static struct ted_link_spec plain(const struct two *net)
{
    return (struct ted_link_spec){.from = net->a, .to = net->b, .igp_metric = 10, .te_metric = 10};
}

static uint32_t add(const struct two *net, const struct ted_link_spec *spec)
{
    struct ted_fault fault;
    uint32_t index;
    cr_assert_eq(ted_builder_add_link(net->builder, spec, &index, &fault), PCE_OK, "%s: %s",
                 fault.element, fault.reason);
    return index;
}

static struct ted_snapshot *number(struct ted_link_registry *registry,
                                   const struct ted_snapshot *before, struct two net)
{
    struct ted_snapshot *snapshot = finish(net.builder);
    cr_assert_eq(ted_link_registry_number(registry, before, snapshot), PCE_OK);
    return snapshot;
}

/* A network of one link, made of plain() by `change`. */
static struct ted_snapshot *one(struct ted_link_registry *registry,
                                const struct ted_snapshot *before,
                                void (*change)(struct ted_link_spec *))
{
    struct two net = begin();
    struct ted_link_spec spec = plain(&net);
    if (change != NULL)
        change(&spec);
    (void)add(&net, &spec);
    return number(registry, before, net);
}

static struct ted_link_history history_after(void (*change)(struct ted_link_spec *),
                                             void (*change_back)(struct ted_link_spec *))
{
    struct ted_link_registry *registry = ted_link_registry_create(100);
    struct ted_snapshot *first = one(registry, NULL, change_back);
    struct ted_snapshot *second = one(registry, first, change);
    struct ted_link_history history = {0};
    cr_assert_eq(second->link_numbers->turn, 2);
    if (second->link_numbers->of_links[0] == first->link_numbers->of_links[0])
        history = second->link_numbers->history[0];
    else
        history.gone = second->link_numbers->history[0].gone;
    ted_snapshot_destroy(first);
    ted_snapshot_destroy(second);
    ted_link_registry_destroy(registry);
    return history;
}

static void raise_metric(struct ted_link_spec *spec)
{
    spec->igp_metric = 11;
}

static void give_bandwidth(struct ted_link_spec *spec)
{
    spec->unreserved[7] = 1;
}

static void colour(struct ted_link_spec *spec)
{
    spec->admin_group = 1;
}

static void give_v4(struct ted_link_spec *spec)
{
    spec->local_v4 = address("192.0.2.1");
    spec->remote_v4 = address("192.0.2.2");
}

static void give_both(struct ted_link_spec *spec)
{
    give_v4(spec);
    spec->local_v6 = address("2001:db8::1");
    spec->remote_v6 = address("2001:db8::2");
}

static const struct ted_adj_sid one_sid = {.label = 100001};

static void give_sid(struct ted_link_spec *spec)
{
    spec->adj_sids = &one_sid;
    spec->adj_sid_count = 1;
}

Test(link_numbers, a_link_that_has_not_changed_keeps_its_number_and_nothing_is_told)
{
    struct ted_link_history h = history_after(NULL, NULL);
    cr_expect_eq(h.gone, 0);
    cr_expect_eq(h.worse, 0);
    cr_expect_eq(h.relabelled, 0);
    cr_expect_eq(h.better, 1); /* it was new in the first one */
}

Test(link_numbers, a_greater_metric_is_worse_and_a_lower_one_better)
{
    cr_expect_eq(history_after(raise_metric, NULL).worse, 2);
    cr_expect_eq(history_after(raise_metric, NULL).better, 1);
    cr_expect_eq(history_after(NULL, raise_metric).better, 2);
    cr_expect_eq(history_after(NULL, raise_metric).worse, 0);
}

Test(link_numbers, less_bandwidth_at_any_priority_is_worse)
{
    cr_expect_eq(history_after(NULL, give_bandwidth).worse, 2);
    cr_expect_eq(history_after(give_bandwidth, NULL).better, 2);
}

Test(link_numbers, other_affinities_are_both)
{
    struct ted_link_history h = history_after(colour, NULL);
    cr_expect_eq(h.worse, 2);
    cr_expect_eq(h.better, 2);
}

Test(link_numbers, another_sid_or_address_relabels_a_link)
{
    cr_expect_eq(history_after(give_sid, NULL).relabelled, 2);
    cr_expect_eq(history_after(give_both, give_v4).relabelled, 2);
    cr_expect_eq(history_after(give_both, give_v4).worse, 0);
}

Test(link_numbers, a_link_of_other_addresses_is_another_link)
{
    cr_expect_eq(history_after(give_v4, NULL).gone, 2);
}

Test(link_numbers, a_link_that_comes_back_has_its_number_again)
{
    struct ted_link_registry *registry = ted_link_registry_create(100);
    struct ted_snapshot *first = one(registry, NULL, give_v4);
    struct ted_snapshot *empty = number(registry, first, begin());
    cr_expect_eq(empty->link_numbers->count, 1);
    cr_expect_eq(empty->link_numbers->links[0], TED_NONE);
    cr_expect_eq(empty->link_numbers->history[0].gone, 2);
    struct ted_snapshot *again = one(registry, empty, give_v4);
    cr_expect_eq(again->link_numbers->of_links[0], 0);
    cr_expect_eq(again->link_numbers->links[0], 0);
    cr_expect_eq(again->link_numbers->history[0].gone, 2);
    cr_expect_eq(again->link_numbers->history[0].better, 3);
    ted_snapshot_destroy(first);
    ted_snapshot_destroy(empty);
    ted_snapshot_destroy(again);
    ted_link_registry_destroy(registry);
}

static struct ted_snapshot *with_links(struct ted_link_registry *registry,
                                       const struct ted_snapshot *before, uint32_t count)
{
    struct two net = begin();
    for (uint32_t i = 0; i < count; i++) {
        struct ted_link_spec spec = plain(&net);
        (void)add(&net, &spec);
    }
    return number(registry, before, net);
}

Test(link_numbers, links_that_nothing_tells_apart_are_told_apart_by_their_order)
{
    struct ted_link_registry *registry = ted_link_registry_create(100);
    struct ted_snapshot *first = with_links(registry, NULL, 3);
    struct ted_snapshot *second = with_links(registry, first, 2);
    for (uint32_t i = 0; i < 2; i++)
        cr_expect_eq(second->link_numbers->of_links[i], i);
    cr_expect_eq(second->link_numbers->history[2].gone, 2);
    cr_expect_eq(second->link_numbers->history[1].gone, 0);
    ted_snapshot_destroy(first);
    ted_snapshot_destroy(second);
    ted_link_registry_destroy(registry);
}

Test(link_numbers, links_past_the_limit_have_none_and_are_counted)
{
    struct ted_link_registry *registry = ted_link_registry_create(3);
    struct ted_snapshot *full = with_links(registry, NULL, 3);
    cr_expect_eq(ted_link_registry_refused(registry), 0);
    cr_expect_eq(full->link_numbers->of_links[2], 2);
    struct ted_snapshot *over = with_links(registry, full, 4);
    cr_expect_eq(ted_link_registry_refused(registry), 1);
    cr_expect_eq(ted_link_registry_count(registry), 3);
    cr_expect_eq(over->link_numbers->of_links[2], 2);
    cr_expect_eq(over->link_numbers->of_links[3], TED_NONE);
    ted_snapshot_destroy(full);
    ted_snapshot_destroy(over);
    ted_link_registry_destroy(registry);
}

Test(link_numbers, without_the_snapshot_before_every_link_counts_as_changed)
{
    struct ted_link_registry *registry = ted_link_registry_create(10);
    struct ted_snapshot *first = one(registry, NULL, NULL);
    struct ted_snapshot *second = one(registry, NULL, NULL);
    cr_expect_eq(second->link_numbers->of_links[0], 0);
    cr_expect_eq(second->link_numbers->history[0].worse, 2);
    cr_expect_eq(second->link_numbers->history[0].relabelled, 2);
    cr_expect_eq(second->link_numbers->labels_turn, 2);
    ted_snapshot_destroy(first);
    ted_snapshot_destroy(second);
    ted_link_registry_destroy(registry);
}

static struct ted_snapshot *with_sid(struct ted_link_registry *registry,
                                     const struct ted_snapshot *before, uint32_t index)
{
    struct two net = begin();
    const struct ted_srgb srgb = {16000, 1000};
    const struct ted_prefix_sid sid = {.family = IP_V4, .index = index};
    const struct ted_node_spec spec = {.name = "c",
                                       .router_id_v4 = address("10.9.9.9"),
                                       .srgbs = &srgb,
                                       .srgb_count = 1,
                                       .prefix_sids = &sid,
                                       .prefix_sid_count = 1};
    struct ted_fault fault;
    uint32_t node;
    cr_assert_eq(ted_builder_add_node(net.builder, &spec, &node, &fault), PCE_OK);
    return number(registry, before, net);
}

Test(link_numbers, another_prefix_sid_of_a_node_is_told_for_the_whole_network)
{
    struct ted_link_registry *registry = ted_link_registry_create(10);
    struct ted_snapshot *first = with_sid(registry, NULL, 5);
    struct ted_snapshot *same = with_sid(registry, first, 5);
    struct ted_snapshot *other = with_sid(registry, same, 6);
    cr_expect_eq(same->link_numbers->labels_turn, 1);
    cr_expect_eq(other->link_numbers->labels_turn, 3);
    ted_snapshot_destroy(first);
    ted_snapshot_destroy(same);
    ted_snapshot_destroy(other);
    ted_link_registry_destroy(registry);
}

Test(sid_owners, a_label_is_understood_as_the_index_that_gives_it)
{
    struct ted_link_registry *registry = ted_link_registry_create(10);
    struct ted_snapshot *snapshot = with_sid(registry, NULL, 5);
    uint32_t node;
    cr_expect_eq(ted_index_of_label(snapshot, 2, 16005), 5);
    cr_expect_eq(ted_index_of_label(snapshot, 2, 15999), TED_NONE);
    cr_expect_eq(ted_index_of_label(snapshot, 2, 17000), TED_NONE);
    cr_expect_eq(ted_index_of_label(snapshot, 0, 16005), TED_NONE);
    cr_assert_not_null(ted_find_sid_of_index(snapshot, 5, &node));
    cr_expect_eq(node, 2);
    cr_expect_null(ted_find_sid_of_index(snapshot, 4, &node));
    cr_expect_null(ted_find_sid_of_index(snapshot, 6, &node));
    ted_snapshot_destroy(snapshot);
    ted_link_registry_destroy(registry);
}

/* ---- against a model ---- */

#define KINDS  16 /* of links: what tells them apart */
#define TWINS  3  /* of each kind at most */
#define NODES  4
#define ROUNDS 3000

struct model_link {
    bool is_there;
    uint32_t number; /* TED_NONE before it was there first */
    uint32_t metric, admin;
    float room;
    struct ted_link_history history;
};

static struct model_link model[KINDS][TWINS];
static struct random rng;

static struct ted_link_spec spec_of_kind(uint32_t kind, const uint32_t *nodes)
{
    struct ted_link_spec spec = {.from = nodes[kind % NODES],
                                 .to = nodes[(kind + 1) % NODES], /* nothing leads back */
                                 .te_metric = 1};
    if (kind >= 4 && kind < 8)
        spec.remote_v6 = address("fe80::1");
    if (kind >= 8) {
        spec.local_v4 = ip_from_u32(UINT32_C(0xc0000200) + kind * 2);
        spec.remote_v4 = ip_from_u32(UINT32_C(0xc0000201) + kind * 2);
    }
    return spec;
}

/* One link of the round: what the model has of it, changed at random, and what is to be told. */
static void draw(struct model_link *link, struct ted_link_spec *spec, uint32_t turn)
{
    uint32_t metric = 1 + random_below(&rng, 3), admin = random_below(&rng, 2);
    float room = (float)random_below(&rng, 3);
    bool is_worse = metric > link->metric || room < link->room || admin != link->admin;
    bool is_better = metric < link->metric || room > link->room || admin != link->admin;
    if (!link->is_there || is_better)
        link->history.better = turn;
    if (link->is_there && is_worse)
        link->history.worse = turn;
    *link = (struct model_link){true, link->number, metric, admin, room, link->history};
    spec->igp_metric = metric;
    spec->admin_group = admin;
    spec->unreserved[3] = room;
}

static void expect_link(struct model_link *link, const struct ted_snapshot *snapshot,
                        uint32_t index)
{
    const struct ted_link_numbers *numbers = snapshot->link_numbers;
    uint32_t given = numbers->of_links[index];
    if (link->number == TED_NONE)
        link->number = given;
    cr_assert_eq(given, link->number, "given %u, had %u, turn %u, place %u", given, link->number,
                 numbers->turn, (uint32_t)(link - model[0]));
    cr_assert_eq(numbers->links[given], index);
}

static void expect_histories(const struct ted_snapshot *snapshot)
{
    uint32_t known = 0;
    for (uint32_t i = 0; i < KINDS * TWINS; i++) {
        const struct model_link *link = &model[i / TWINS][i % TWINS];
        if (link->number == TED_NONE)
            continue;
        known++;
        struct ted_link_history h = snapshot->link_numbers->history[link->number];
        cr_assert_eq(h.gone, link->history.gone);
        cr_assert_eq(h.worse, link->history.worse);
        cr_assert_eq(h.better, link->history.better);
        cr_assert_eq(h.relabelled, link->history.relabelled);
        if (!link->is_there)
            cr_assert_eq(snapshot->link_numbers->links[link->number], TED_NONE);
    }
    cr_assert_eq(snapshot->link_numbers->count, known);
}

/* Nodes and kinds in an order of its own each time, twins in theirs. */
static struct ted_snapshot *build_round(uint32_t turn, uint32_t indexes[KINDS][TWINS])
{
    struct ted_builder *builder = ted_builder_create("model");
    uint32_t nodes[NODES], turn_of_nodes = random_below(&rng, NODES);
    for (uint32_t i = 0; i < NODES; i++) {
        uint32_t n = (i + turn_of_nodes) % NODES;
        char name[2] = {(char)('a' + n), '\0'};
        nodes[n] = add_plain_node(builder, name, n + 1);
    }
    uint32_t first = random_below(&rng, KINDS);
    for (uint32_t i = 0; i < KINDS; i++) {
        uint32_t kind = (i * 5 + first) % KINDS, count = random_below(&rng, TWINS + 1);
        for (uint32_t twin = 0; twin < TWINS; twin++) {
            struct ted_link_spec spec = spec_of_kind(kind, nodes);
            struct ted_fault fault;
            if (twin >= count) {
                if (model[kind][twin].is_there)
                    model[kind][twin].history.gone = turn;
                model[kind][twin].is_there = false;
                continue;
            }
            draw(&model[kind][twin], &spec, turn);
            cr_assert_eq(ted_builder_add_link(builder, &spec, &indexes[kind][twin], &fault), PCE_OK,
                         "%s", fault.reason);
        }
    }
    return finish(builder);
}

Test(link_numbers, many_random_snapshots_agree_with_the_model, .timeout = 120)
{
    struct ted_link_registry *registry = ted_link_registry_create(KINDS * TWINS);
    struct ted_snapshot *before = NULL;
    rng = test_random_init("link numbers", 20260811);
    for (uint32_t i = 0; i < KINDS * TWINS; i++)
        model[i / TWINS][i % TWINS].number = TED_NONE;
    for (uint32_t turn = 1; turn <= ROUNDS; turn++) {
        uint32_t indexes[KINDS][TWINS];
        struct ted_snapshot *snapshot = build_round(turn, indexes);
        cr_assert_eq(ted_link_registry_number(registry, before, snapshot), PCE_OK);
        for (uint32_t i = 0; i < KINDS * TWINS; i++)
            if (model[i / TWINS][i % TWINS].is_there)
                expect_link(&model[i / TWINS][i % TWINS], snapshot, indexes[i / TWINS][i % TWINS]);
        expect_histories(snapshot);
        ted_snapshot_destroy(before);
        before = snapshot;
    }
    cr_expect_eq(ted_link_registry_refused(registry), 0);
    ted_snapshot_destroy(before);
    ted_link_registry_destroy(registry);
}
