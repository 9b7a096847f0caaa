/* Paths laid onto links: hop by hop by hand, and paths that were computed against the forwarding
 * simulator and against themselves. */
#include "core/reopt/resolve.h"

#include "core/pcep/model.h"
#include "core/ted/builder.h"
#include "tests/lib/random.h"
#include "tests/unit/path/forward.h"

#include <criterion/criterion.h>
#include <string.h>

#define HOPS_MAX PATH_HOPS_MAX

static struct net net;
static struct ted_snapshot *snapshot;
static struct path_engine *engine;
static struct resolver resolver;
static struct resolved_path path;

/* The path that is written down. */
static struct pcep_subobject hops[HOPS_MAX];
static union {
    struct pcep_sub_sr sr;
    struct pcep_sub_srv6 srv6;
    struct pcep_sub_prefix prefix;
    struct pcep_sub_unnumbered unnumbered;
} bodies[HOPS_MAX];
static uint32_t hop_count;

static void set_up(void)
{
    engine = path_engine_create(0);
    resolver_init(&resolver, engine);
}

static void tear_down(void)
{
    resolver_fini(&resolver);
    path_engine_destroy(engine);
    ted_snapshot_destroy(snapshot);
}

TestSuite(resolve, .init = set_up, .fini = tear_down);

static void *add_hop(enum pcep_subobject_id id)
{
    memset(&bodies[hop_count], 0, sizeof bodies[0]);
    hops[hop_count] =
        (struct pcep_subobject){.row = pcep_subobject_get(id), .body = &bodies[hop_count]};
    return &bodies[hop_count++];
}

static void add_label(uint32_t label)
{
    struct pcep_sub_sr *sr = add_hop(PCEP_SUBOBJECT_SR);
    sr->flags = PCEP_SR_F | PCEP_SR_M;
    sr->sid = label << 12;
}

static void add_address(struct ip address, bool is_loose)
{
    bool is_v6 = address.family == IP_V6;
    struct pcep_sub_prefix *hop =
        add_hop(is_v6 ? PCEP_SUBOBJECT_IPV6_PREFIX : PCEP_SUBOBJECT_IPV4_PREFIX);
    hop->prefix = address;
    hop->bits = (uint8_t)(8 * ip_size(&address));
    hops[hop_count - 1].is_loose = is_loose;
}

static void add_unnumbered(struct ip router, uint32_t id)
{
    struct pcep_sub_unnumbered *hop = add_hop(PCEP_SUBOBJECT_UNNUMBERED);
    hop->router_id = router;
    hop->interface_id = id;
}

static struct pcep_sub_sr *add_nai(uint8_t nt, struct ip local, struct ip remote)
{
    struct pcep_sub_sr *sr = add_hop(PCEP_SUBOBJECT_SR);
    sr->flags = PCEP_SR_S;
    sr->nt = nt;
    sr->local = local;
    sr->remote = remote;
    return sr;
}

static struct pcep_subobjects written(void)
{
    return (struct pcep_subobjects){hops, hop_count, true};
}

static void resolve(void)
{
    resolve_path(&resolver, snapshot, 0, written(), &path);
    hop_count = 0;
}

#define END UINT32_MAX

static void expect_links(const uint32_t *links)
{
    uint32_t count = 0;
    while (links[count] != END)
        count++;
    resolve();
    cr_assert_eq(path.reason, RESOLVE_RESOLVED, "%s", resolve_reason_text(path.reason));
    cr_assert_eq(path.count, count);
    for (uint32_t i = 0; i < count; i++)
        cr_expect_eq(path.links[i], links[i], "link %u is %u", i, path.links[i]);
}

static void expect_reason(enum resolve_reason reason, uint32_t failed_at)
{
    resolve();
    cr_expect_eq(path.reason, reason, "%s", resolve_reason_text(path.reason));
    cr_expect_eq(path.failed_at, failed_at);
}

/* 0 – 1 – 2 – 3, links 0, 2 and 4 there; a second link from 1 to 2, number 6; 0 to 3 at 100. */
static void chain(void)
{
    net_init(&net, 5);
    for (uint32_t i = 0; i < 3; i++)
        (void)net_join(&net, i, i + 1, 10);
    (void)net_join(&net, 1, 2, 10);
    (void)net_join(&net, 0, 3, 100);
    snapshot = net_snapshot(&net);
}

static struct ip router(uint32_t node)
{
    return snapshot->nodes[node].router_id_v4;
}

Test(resolve, an_empty_path_takes_no_link)
{
    chain();
    expect_links((const uint32_t[]){END});
    cr_expect_eq(path.end, 0);
}

Test(resolve, without_a_headend_nothing_is_resolved)
{
    chain();
    resolve_path(&resolver, snapshot, TED_NONE, written(), &path);
    cr_expect_eq(path.reason, RESOLVE_NO_HEADEND);
}

Test(resolve, a_label_means_what_the_router_there_understands)
{
    chain();
    add_label(net_label(&net, 0, 1));
    add_label(net_label(&net, 1, 3));
    expect_links((const uint32_t[]){0, 6, 2, 4, END});
    cr_expect_not(path.is_branch[0]);
    cr_expect(path.is_branch[1]);
    cr_expect_eq(path.end, 3);
    add_label(net_label(&net, 0, 1));
    add_label(net_label(&net, 0, 3)); /* of another one's SRGB */
    expect_reason(RESOLVE_UNKNOWN_LABEL, 1);
}

Test(resolve, an_adjacency_label_is_one_link_from_there)
{
    chain();
    add_label(net.links[0].adj_label);
    add_label(net.links[6].adj_label);
    expect_links((const uint32_t[]){0, 6, END});
    cr_expect_not(path.is_branch[1]);
    add_label(net.links[6].adj_label);
    expect_reason(RESOLVE_UNKNOWN_LABEL, 0);
}

Test(resolve, the_name_of_a_segment_does_where_there_is_no_label_or_none_that_is_known)
{
    chain();
    (void)add_nai(PCEP_NAI_IPV4_NODE, router(1), (struct ip){0});
    struct pcep_sub_sr *sr =
        add_nai(PCEP_NAI_IPV4_ADJACENCY, snapshot->links[6].local_v4, snapshot->links[6].remote_v4);
    sr->flags = PCEP_SR_M;
    sr->sid = 999999U << 12;
    expect_links((const uint32_t[]){0, 6, END});
    (void)add_nai(PCEP_NAI_IPV4_ADJACENCY, snapshot->links[6].local_v4,
                  snapshot->links[6].remote_v4);
    expect_reason(RESOLVE_UNKNOWN_ADJACENCY, 0);
    (void)add_nai(PCEP_NAI_IPV4_NODE, ip_from_u32(1), (struct ip){0});
    expect_reason(RESOLVE_UNKNOWN_ADDRESS, 0);
    (void)add_nai(PCEP_NAI_NONE, router(1), (struct ip){0});
    expect_reason(RESOLVE_UNKNOWN_SID, 0);
}

Test(resolve, a_node_that_the_igp_does_not_lead_to_is_told)
{
    chain();
    add_label(net_label(&net, 0, 4));
    expect_reason(RESOLVE_UNREACHABLE, 0);
}

Test(resolve, strict_addresses_name_the_far_end_the_near_end_or_the_neighbour)
{
    chain();
    add_address(router(0), false); /* the headend itself */
    add_address(snapshot->links[0].remote_v4, false);
    add_address(snapshot->links[6].local_v4, false);
    add_address(snapshot->links[6].remote_v4, false); /* where it has come in */
    add_address(router(3), false);
    expect_links((const uint32_t[]){0, 6, 4, END});
    add_address(router(1), false);
    add_address(router(2), false); /* over either link */
    expect_links((const uint32_t[]){0, 2, 6, END});
    cr_expect(path.is_branch[1]);
    add_address(router(2), false);
    expect_reason(RESOLVE_NOT_ADJACENT, 0);
    add_address(ip_from_u32(1), false);
    expect_reason(RESOLVE_UNKNOWN_ADDRESS, 0);
}

Test(resolve, a_loose_hop_goes_where_the_igp_leads)
{
    chain();
    add_address(router(3), true);
    expect_links((const uint32_t[]){0, 6, 2, 4, END});
}

Test(resolve, a_prefix_of_many_nodes_is_not_guessed)
{
    chain();
    add_address(router(1), false);
    bodies[0].prefix.bits = 31;
    expect_reason(RESOLVE_MANY_NODES, 0);
}

Test(resolve, an_unnumbered_hop_is_the_interface_out_of_a_router_or_into_the_next)
{
    net_init(&net, 3);
    (void)net_add(&net, (struct net_link){.from = 0, .to = 1, .igp = 1, .has_ids = true});
    (void)net_add(&net, (struct net_link){.from = 1, .to = 2, .igp = 1, .has_ids = true});
    snapshot = net_snapshot(&net);
    add_unnumbered(router(0), snapshot->links[0].local_id);
    add_unnumbered(router(2), snapshot->links[1].remote_id);
    expect_links((const uint32_t[]){0, 1, END});
    add_unnumbered(router(1), snapshot->links[1].local_id);
    expect_reason(RESOLVE_UNKNOWN_ADJACENCY, 0);
}

Test(resolve, a_hop_of_a_kind_that_is_not_known_is_told)
{
    chain();
    add_label(net_label(&net, 0, 1));
    (void)add_hop(PCEP_SUBOBJECT_AS);
    expect_reason(RESOLVE_OTHER_HOP, 1);
}

/* ---- SRv6 ---- */

static struct ip v6(uint8_t last)
{
    const uint8_t octets[16] = {0x20, 0x01, 0x0d, 0xb8, [15] = last};
    return ip_from_v6(octets);
}

/* a → b → c with End of b and c, and End.X of the second link. */
static void srv6_chain(void)
{
    struct ted_builder *builder = ted_builder_create("srv6");
    struct ted_fault fault;
    uint32_t nodes[3], link;
    for (uint32_t i = 0; i < 3; i++) {
        const struct ted_srv6_sid end = {.sid = v6((uint8_t)(10 + i)), .behavior = 1};
        const char name[2] = {(char)('a' + i), '\0'};
        const struct ted_node_spec spec = {.name = name,
                                           .router_id_v6 = v6((uint8_t)(1 + i)),
                                           .srv6_sids = &end,
                                           .srv6_sid_count = 1};
        cr_assert_eq(ted_builder_add_node(builder, &spec, &nodes[i], &fault), PCE_OK);
    }
    for (uint32_t i = 0; i < 4; i++) {
        const struct ted_srv6_sid end_x = {.sid = v6(20), .behavior = 5};
        const struct ted_link_spec spec = {.from = i < 2 ? i : i - 1,
                                           .to = i < 2 ? i + 1 : i - 2,
                                           .igp_metric = 1,
                                           .srv6_sids = &end_x,
                                           .srv6_sid_count = i == 1};
        cr_assert_eq(ted_builder_add_link(builder, &spec, &link, &fault), PCE_OK);
    }
    cr_assert_eq(ted_builder_snapshot(builder, &snapshot, &fault), PCE_OK);
    ted_builder_destroy(builder);
}

static void add_sid(struct ip sid)
{
    struct pcep_sub_srv6 *srv6 = add_hop(PCEP_SUBOBJECT_SRV6);
    srv6->flags = PCEP_SRV6_F;
    srv6->sid = sid;
}

Test(resolve, srv6_sids_are_links_from_there_and_nodes_anywhere)
{
    srv6_chain();
    add_sid(v6(11));
    add_sid(v6(20));
    expect_links((const uint32_t[]){0, 1, END});
    add_sid(v6(12));
    expect_links((const uint32_t[]){0, 1, END});
    add_sid(v6(20)); /* not from a: by its locator to b, and over the link */
    expect_links((const uint32_t[]){0, 1, END});
    cr_expect(path.follows_igp);
    add_sid(v6(99));
    expect_reason(RESOLVE_UNKNOWN_SID, 0);
}

/* Its place keeps what it had. */
Test(resolve, an_srv6_sid_of_a_link_that_is_gone_is_not_known)
{
    srv6_chain();
    ((struct ted_link *)(uintptr_t)&snapshot->links[1])->is_gone = true;
    add_sid(v6(20));
    expect_reason(RESOLVE_UNKNOWN_SID, 0);
}

Test(resolve, an_srv6_sid_of_several_nodes_or_of_another_algorithm_is_not_guessed)
{
    net_init(&net, 4);
    for (uint32_t i = 0; i < 3; i++)
        net_join(&net, i, i + 1, 1);
    net_add_srv6(&net);
    net.nodes[2].ends[0].is_anycast = net.nodes[3].ends[0].is_anycast = true;
    net.nodes[1].ends[1] = (struct net_end){.behavior = 1, .algorithm = 128};
    net.nodes[1].end_count = 2;
    snapshot = net_snapshot(&net);
    add_sid(net_end_sid(&net, 1, 0));
    expect_links((const uint32_t[]){0, END});
    add_sid(net_end_sid(&net, 3, 0));
    expect_reason(RESOLVE_MANY_NODES, 0);
    add_sid(net_end_sid(&net, 1, 1));
    expect_reason(RESOLVE_OTHER_ALGORITHM, 0);
}

/* ---- paths that were computed ---- */

#define ROUNDS 2000

static void make_net(struct random *rng)
{
    net_init(&net, 2 + random_below(rng, 9));
    for (uint32_t i = 0; i < net.node_count * 2; i++) {
        uint32_t a = random_below(rng, net.node_count), b = random_below(rng, net.node_count);
        if (a == b)
            continue;
        uint32_t link = net_join(&net, a, b, 1 + random_below(rng, 3));
        for (uint32_t l = link; l < link + 2; l++) {
            net.links[l].te = random_below(rng, 8);
            net.links[l].has_v4 = random_below(rng, 3) != 0;
            net.links[l].has_ids = random_below(rng, 3) == 0;
        }
    }
    net_add_srv6(&net);
    snapshot = net_snapshot(&net);
}

static void write_down(const struct path_request *request, const struct path_result *result)
{
    for (uint32_t i = 0; i < result->sid_count; i++) {
        if (request->setup == PATH_SETUP_SRV6)
            add_sid(result->sids[i].srv6.sid);
        else
            add_label(result->sids[i].label);
    }
    for (uint32_t i = 0; i < result->link_count && request->setup == PATH_SETUP_RSVP_TE; i++) {
        const struct ted_hop *hop = &snapshot->link_ends.v4.of_links[result->links[i]];
        if (hop->interface_id != 0)
            add_unnumbered(hop->address, hop->interface_id);
        else
            add_address(hop->address, false);
    }
}

/* All links that packets take, and no others. */
static void expect_forwarding(const struct path_request *request, const struct path_result *result)
{
    static struct forward_table table;
    bool is_found[NET_LINKS_MAX] = {false};
    forward_table_fill(&net, &table);
    struct forward_result forwarded = forward_list(&net, &table, request, result);
    cr_assert(forwarded.arrives);
    for (uint32_t i = 0; i < path.count; i++)
        is_found[path.links[i]] = true;
    for (uint32_t l = 0; l < net.link_count; l++)
        cr_assert_eq(is_found[l], forwarded.uses[l], "link %u", l);
}

static void expect_strict(const struct path_result *result)
{
    uint32_t at = 0;
    for (uint32_t i = 0; i < result->link_count; i++) {
        bool is_found = false;
        for (; at < path.count && !is_found; at++) {
            is_found = path.links[at] == result->links[i];
            cr_assert(is_found || path.is_branch[at]);
        }
        cr_assert(is_found);
    }
}

Test(resolve, what_was_computed_is_resolved_to_the_links_that_it_takes, .timeout = 120)
{
    struct random rng = test_random_init("resolve", 20260815);
    unsigned resolved = 0;
    for (unsigned round = 0; round < ROUNDS; round++) {
        make_net(&rng);
        for (unsigned i = 0; i < 8; i++) {
            struct path_request request =
                net_request(random_below(&rng, net.node_count), random_below(&rng, net.node_count));
            struct path_result result;
            request.setup = (enum path_setup)random_below(&rng, 3);
            request.metric = (enum path_metric)random_below(&rng, 3);
            path_compute(engine, snapshot, &request, &result);
            if (result.outcome != PATH_FOUND)
                continue;
            write_down(&request, &result);
            resolve_path(&resolver, snapshot, request.source, written(), &path);
            hop_count = 0;
            cr_assert_eq(path.reason, RESOLVE_RESOLVED, "%s", resolve_reason_text(path.reason));
            cr_assert_eq(path.end, request.destination);
            if (path_setup_is_sr(request.setup))
                expect_forwarding(&request, &result);
            else
                expect_strict(&result);
            resolved++;
        }
        ted_snapshot_destroy(snapshot);
        snapshot = NULL;
    }
    cr_expect_gt(resolved, ROUNDS);
}
