/* Paths of flexible algorithms. What an algorithm sees is a network of its own: the nodes that take
 * part, the links that its definition leaves in, its metric, its SIDs. So a path of an algorithm must be
 * the path of that network, which the tests make by the rules of RFC 9350 13, one by one. */
#include "core/ted/flex.h"
#include "core/ted/builder.h"
#include "tests/lib/random.h"
#include "tests/unit/path/net.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#define NODES_MAX 9
#define LINKS_MAX 60
#define ROUNDS    4000
#define ALGORITHM 130
#define SID_BASE  100 /* index of the algorithm's SID of node 0 */

struct flex_node {
    bool takes_part, is_overloaded, has_sid;
    bool defines;
    struct ted_flex_definition definition;
};

struct flex_link {
    uint32_t from, to;
    uint32_t igp, te, delay, admin, bandwidth;
    uint32_t groups[2]; /* of the link, or told for flexible algorithms */
    uint32_t srlg;      /* 0: none */
    uint8_t source;
    bool has_te, has_delay; /* told for flexible algorithms */
};

static struct flex_net {
    uint32_t node_count, link_count;
    struct flex_node nodes[NODES_MAX];
    struct flex_link links[LINKS_MAX];
} net;

static uint32_t place_of[2 * LINKS_MAX]; /* of a link of the reduced network: the link that it is */
static uint32_t found, none, fallen_back;

/* ---- a network ---- */

static void make_definition(struct random *random, struct ted_flex_definition *definition)
{
    *definition = (struct ted_flex_definition){
        .algorithm = ALGORITHM,
        .metric_type = (uint8_t)random_below(random, 3),
        .priority = (uint8_t)random_below(random, 3),
        .is_partial = random_below(random, 20) == 0,
    };
    if (random_below(random, 3) == 0)
        definition->exclude_any[random_below(random, 2)] = 1u << random_below(random, 4);
    if (random_below(random, 4) == 0)
        definition->include_any[random_below(random, 2)] = 1 + random_below(random, 15);
    if (random_below(random, 6) == 0)
        definition->include_all[0] = 1u << random_below(random, 4);
    if (random_below(random, 3) == 0)
        definition->exclude_srlgs[definition->srlg_count++] = 1 + random_below(random, 3);
}

static void make_net(struct random *random)
{
    memset(&net, 0, sizeof net);
    net.node_count = 3 + random_below(random, NODES_MAX - 2);
    for (uint32_t i = 0; i < net.node_count; i++) {
        struct flex_node *node = &net.nodes[i];
        node->takes_part = random_below(random, 7) != 0;
        node->is_overloaded = random_below(random, 10) == 0;
        node->has_sid = random_below(random, 6) != 0;
        node->defines = random_below(random, 3) == 0;
        make_definition(random, &node->definition);
    }
    for (uint32_t i = 0; i < 2 * net.node_count && net.link_count + 2 <= LINKS_MAX; i++) {
        uint32_t a = random_below(random, net.node_count), b = random_below(random, net.node_count);
        bool has_both = random_below(random, 8) != 0;
        for (uint32_t d = 0; d < (has_both ? 2U : 1U) && a != b; d++) {
            net.links[net.link_count++] =
                (struct flex_link){.from = d == 0 ? a : b,
                                   .to = d == 0 ? b : a,
                                   .igp = 1 + random_below(random, 5),
                                   .te = 1 + random_below(random, 5),
                                   .delay = 1 + random_below(random, 5),
                                   .admin = random_below(random, 2),
                                   .bandwidth = random_below(random, 3),
                                   .groups = {random_below(random, 16), random_below(random, 16)},
                                   .srlg = random_below(random, 5),
                                   .source = (uint8_t)random_below(random, 3),
                                   .has_te = random_below(random, 5) != 0,
                                   .has_delay = random_below(random, 5) != 0};
        }
    }
}

/* ---- the rules ---- */

static const struct ted_flex_definition *winner(void)
{
    const struct ted_flex_definition *best = NULL;
    for (uint32_t i = 0; i < net.node_count; i++) /* router ids grow with the nodes */
        if (net.nodes[i].defines &&
            (best == NULL || net.nodes[i].definition.priority >= best->priority))
            best = &net.nodes[i].definition;
    return best;
}

static bool leads_back(const struct flex_link *link)
{
    for (uint32_t i = 0; i < net.link_count; i++)
        if (net.links[i].from == link->to && net.links[i].to == link->from)
            return true;
    return false;
}

/* UINT32_MAX: it has none. */
static uint32_t metric_of(const struct flex_link *link, uint8_t type)
{
    bool is_told = link->source != TED_FLEX_NONE;
    if (type == TED_FLEX_IGP)
        return link->igp;
    if (type == TED_FLEX_TE)
        return is_told && (link->source == TED_FLEX_OWN || link->has_te) ? link->te : UINT32_MAX;
    return is_told && (link->source == TED_FLEX_OWN || link->has_delay) ? link->delay : UINT32_MAX;
}

static bool is_in(const struct flex_link *link, const struct ted_flex_definition *definition)
{
    uint32_t any = 0, wanted = 0;
    bool sees = link->source != TED_FLEX_NONE;
    if (!net.nodes[link->from].takes_part || !net.nodes[link->to].takes_part || !leads_back(link))
        return false;
    for (uint32_t w = 0; w < 2; w++) {
        bool is_own = link->source == TED_FLEX_OWN && w == 0;
        uint32_t groups = !sees ? 0 : is_own ? link->admin : link->groups[w];
        any |= groups & definition->include_any[w];
        wanted |= definition->include_any[w];
        if ((groups & definition->exclude_any[w]) != 0 ||
            (groups & definition->include_all[w]) != definition->include_all[w])
            return false;
    }
    if (sees && definition->srlg_count > 0 && link->srlg == definition->exclude_srlgs[0])
        return false;
    return (wanted == 0 || any != 0) && metric_of(link, definition->metric_type) != UINT32_MAX;
}

/* ---- both networks ---- */

static void add_node(struct ted_builder *builder, uint32_t i, bool is_reduced)
{
    const struct flex_node *node = &net.nodes[i];
    const struct ted_srgb srgb = {16000 + 1000 * i, 1000};
    const struct ted_prefix_sid sids[] = {
        {.family = IP_V4, .index = is_reduced ? SID_BASE + i : i},
        {.algorithm = ALGORITHM, .family = IP_V4, .index = SID_BASE + i}};
    const uint8_t algorithms[] = {0, ALGORITHM};
    struct ted_fault fault;
    uint32_t index;
    char name[8];
    snprintf(name, sizeof name, "n%u", i);
    const struct ted_node_spec spec = {
        .name = name,
        .router_id_v4 = ip_from_u32(0x0a000001 + i),
        .srgbs = &srgb,
        .srgb_count = 1,
        .prefix_sids = sids,
        .prefix_sid_count = is_reduced ? node->has_sid : 1U + node->has_sid,
        .is_overloaded = node->is_overloaded,
        .algorithms = algorithms,
        .algorithm_count = 1U + node->takes_part,
        .flexes = &node->definition,
        .flex_count = node->defines,
    };
    cr_assert_eq(ted_builder_add_node(builder, &spec, &index, &fault), PCE_OK, "%s", fault.reason);
}

static void add_link(struct ted_builder *builder, struct ted_link_spec *spec)
{
    struct ted_fault fault;
    uint32_t index;
    for (unsigned p = 0; p < TED_PRIORITIES; p++)
        spec->unreserved[p] = spec->capacity;
    cr_assert_eq(ted_builder_add_link(builder, spec, &index, &fault), PCE_OK, "%s", fault.reason);
}

static struct ted_link_spec spec_of(const struct flex_link *link, const struct ted_adj_sid *sid)
{
    return (struct ted_link_spec){.from = link->from,
                                  .to = link->to,
                                  .igp_metric = link->igp,
                                  .te_metric = link->te,
                                  .delay_us = link->delay,
                                  .admin_group = link->admin,
                                  .capacity = (float)link->bandwidth,
                                  .max_reservable = (float)link->bandwidth,
                                  .adj_sids = sid,
                                  .adj_sid_count = 1};
}

static struct ted_snapshot *finish(struct ted_builder *builder)
{
    struct ted_snapshot *snapshot = NULL;
    struct ted_fault fault;
    cr_assert_eq(ted_builder_snapshot(builder, &snapshot, &fault), PCE_OK);
    ted_builder_destroy(builder);
    return snapshot;
}

static struct ted_snapshot *make_whole(void)
{
    struct ted_builder *builder = ted_builder_create("whole");
    for (uint32_t i = 0; i < net.node_count; i++)
        add_node(builder, i, false);
    for (uint32_t l = 0; l < net.link_count; l++) {
        const struct flex_link *link = &net.links[l];
        const struct ted_adj_sid sid = {.label = 500000 + l};
        struct ted_link_spec spec = spec_of(link, &sid);
        bool is_own = link->source == TED_FLEX_OWN;
        const uint32_t own[2] = {link->admin, link->groups[1]};
        spec.flex_source = link->source;
        spec.groups = own;
        spec.group_count = 2;
        spec.srlgs = &link->srlg;
        spec.srlg_count = is_own && link->srlg != 0;
        spec.flex =
            (struct ted_flex_link_spec){.te_metric = link->has_te ? link->te : TED_NONE,
                                        .delay_min_us = link->has_delay ? link->delay : TED_NONE,
                                        .groups = link->groups,
                                        .group_count = 2,
                                        .srlgs = &link->srlg,
                                        .srlg_count = link->srlg != 0};
        add_link(builder, &spec);
    }
    struct ted_snapshot *snapshot = finish(builder);
    cr_assert_eq(ted_flex_views_make(snapshot), PCE_OK);
    return snapshot;
}

/* A link that stays is one of the IGP even where the one that leads back does not: for that another one
 * is put in its place that no IGP uses and that has no SID. */
static struct ted_snapshot *make_reduced(const struct ted_flex_definition *definition)
{
    struct ted_builder *builder = ted_builder_create("reduced");
    uint32_t count = 0;
    for (uint32_t i = 0; i < net.node_count; i++)
        add_node(builder, i, true);
    for (uint32_t l = 0; l < net.link_count; l++) {
        const struct flex_link *link = &net.links[l];
        const struct ted_adj_sid sid = {.label = 500000 + l};
        struct ted_link_spec spec = spec_of(link, &sid);
        if (!is_in(link, definition))
            continue;
        spec.igp_metric = metric_of(link, definition->metric_type);
        place_of[count++] = l;
        add_link(builder, &spec);
    }
    for (uint32_t l = 0; l < net.link_count; l++) {
        struct flex_link back = net.links[l];
        back.from = net.links[l].to;
        back.to = net.links[l].from;
        struct ted_link_spec spec = spec_of(&back, NULL);
        spec.adj_sid_count = 0;
        spec.igp_metric = TED_IGP_METRIC_MAX;
        spec.is_igp_unused = true;
        if (is_in(&net.links[l], definition))
            add_link(builder, &spec);
    }
    return finish(builder);
}

/* ---- one is the other ---- */

static struct path_request make_request(struct random *random)
{
    struct path_request request =
        net_request(random_below(random, net.node_count), random_below(random, net.node_count));
    if (random_below(random, 4) == 0)
        request.metric = PATH_METRIC_SIDS;
    if (random_below(random, 4) == 0)
        request.bandwidth = 1;
    if (random_below(random, 4) == 0)
        request.exclude_any = 1;
    if (random_below(random, 4) == 0) {
        request.bound_mask = 1u << PATH_METRIC_HOPS;
        request.bounds[PATH_METRIC_HOPS] = 1 + random_below(random, 4);
    }
    request.sids_max = (uint8_t)random_below(random, 4);
    if (random_below(random, 5) == 0)
        request.objective = PATH_MAX_RESIDUAL_BANDWIDTH;
    return request;
}

static void expect_same(const struct path_result *result, const struct path_result *wanted,
                        uint32_t seed)
{
    cr_assert_eq(result->outcome, wanted->outcome, "round %u", seed);
    cr_assert_eq(result->sid_count, wanted->sid_count, "round %u", seed);
    cr_assert_eq(result->link_count, wanted->link_count, "round %u", seed);
    for (uint32_t i = 0; i < wanted->sid_count; i++)
        cr_assert_eq(result->sids[i].label, wanted->sids[i].label, "round %u", seed);
    for (uint32_t i = 0; i < wanted->link_count; i++)
        cr_assert_eq(result->links[i], place_of[wanted->links[i]], "round %u", seed);
}

/* Without the strict flag what has no path of the algorithm has any. */
static void expect_fallback(struct path_engine *engine, const struct ted_snapshot *whole,
                            struct path_request request, enum path_outcome outcome)
{
    struct path_result result;
    request.is_algorithm_strict = false;
    path_compute(engine, whole, &request, &result);
    enum path_outcome got = result.outcome;
    uint8_t algorithm = result.algorithm;
    cr_assert_eq(algorithm, outcome == PATH_FOUND ? ALGORITHM : 0);
    request.algorithm = 0;
    path_compute(engine, whole, &request, &result);
    cr_assert(outcome == PATH_FOUND || got == result.outcome);
    fallen_back += outcome == PATH_NONE && got == PATH_FOUND;
}

static void expect_round(struct random *random, uint32_t round)
{
    make_net(random);
    const struct ted_flex_definition *definition = winner();
    struct ted_snapshot *whole = make_whole();
    bool is_known = definition != NULL && definition->is_partial == 0;
    bool takes_part = false;
    for (uint32_t i = 0; i < net.node_count; i++)
        takes_part = takes_part || net.nodes[i].takes_part;
    cr_assert_eq(ted_flex_view_of(whole, ALGORITHM) != NULL, is_known && takes_part);
    struct ted_snapshot *reduced = is_known ? make_reduced(definition) : NULL;
    struct path_engine *engines[2] = {path_engine_create(0), path_engine_create(0)};
    for (uint32_t i = 0; i < 4; i++) {
        struct path_request request = make_request(random);
        struct path_result result, wanted = {.outcome = PATH_NONE};
        bool is_out =
            !net.nodes[request.source].takes_part && request.source == request.destination;
        if (is_out) /* its own SID is one of the algorithm, whatever it takes part in */
            continue;
        if (is_known && takes_part)
            path_compute(engines[0], reduced, &request, &wanted);
        request.algorithm = ALGORITHM;
        request.is_algorithm_strict = true;
        request.metric = request.metric == PATH_METRIC_SIDS ? PATH_METRIC_SIDS : PATH_METRIC_TE;
        path_compute(engines[1], whole, &request, &result);
        expect_same(&result, &wanted, round);
        found += wanted.outcome == PATH_FOUND;
        none += wanted.outcome == PATH_NONE;
        expect_fallback(engines[1], whole, request, wanted.outcome);
    }
    path_engine_destroy(engines[0]);
    path_engine_destroy(engines[1]);
    ted_snapshot_destroy(whole);
    ted_snapshot_destroy(reduced);
}

Test(flex, path_of_an_algorithm_is_that_of_its_own_network, .timeout = 300)
{
    struct random random = test_random_init("flexible algorithms", 20261130);
    for (uint32_t round = 0; round < ROUNDS; round++)
        expect_round(&random, round);
    printf("flexible algorithms: %u found, %u none, %u fallen back\n", found, none, fallen_back);
    cr_expect(found > ROUNDS / 2 && none > ROUNDS / 8 && fallen_back > 100);
}
