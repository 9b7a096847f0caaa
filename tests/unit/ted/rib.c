/* The RIB by hand: what is contradictory, stale, too much; tests/model/rib has the rest. */
#include "core/ted/rib.h"

#include "tests/lib/network_text.h"
#include "tests/lib/random.h"
#include "tests/unit/ted/helpers.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

TestSuite(rib, .timeout = 60);

struct feed {
    struct rib *rib;
    struct ted_snapshot *snapshot;
    struct rib_findings findings;
    uint32_t source;
};

static struct feed *feed_begin(void)
{
    const struct rib_limits limits = {.objects_max = 10000, .octets_max = 10000000};
    const struct rib_source_spec spec = {.name = "peer", .rank = 10};
    struct feed *feed = calloc(1, sizeof *feed);
    cr_assert_not_null(feed);
    feed->rib = rib_create(&limits);
    cr_assert_eq(rib_add_source(feed->rib, &spec, &feed->source), PCE_OK);
    return feed;
}

static void feed_end(struct feed *feed)
{
    ted_snapshot_destroy(feed->snapshot);
    rib_destroy(feed->rib);
    free(feed);
}

static void merge(struct feed *feed)
{
    if (feed->snapshot != NULL)
        ted_snapshot_destroy(feed->snapshot);
    cr_assert_eq(rib_merge(feed->rib, "net", &feed->snapshot, &feed->findings), PCE_OK);
}

/* PCE_UNSUPPORTED: what has changed is left to a merge of the whole. */
static enum pce_status follow(struct feed *feed)
{
    struct ted_snapshot *snapshot;
    enum pce_status status =
        rib_merge_changes(feed->rib, feed->snapshot, &snapshot, &feed->findings);
    if (snapshot != NULL) {
        ted_snapshot_destroy(feed->snapshot);
        feed->snapshot = snapshot;
    }
    return status;
}

static struct rib_name isis(uint8_t n, uint64_t instance)
{
    const uint8_t id[6] = {0, 0, 0, 0, 0, n};
    const struct rib_igp_name name = {.speaker = RIB_SPEAKER_ISIS,
                                      .instance = instance,
                                      .asn = 65000,
                                      .router_id = id,
                                      .router_id_size = sizeof id};
    return rib_name_of_igp(&name);
}

static struct rib_name isis_lan(uint8_t n)
{
    const uint8_t id[7] = {0, 0, 0, 0, 0, n, 1};
    const struct rib_igp_name name = {
        .speaker = RIB_SPEAKER_ISIS, .asn = 65000, .router_id = id, .router_id_size = sizeof id};
    return rib_name_of_igp(&name);
}

static struct rib_put put_of(const struct feed *feed, uint32_t source, const struct rib_name *name,
                             const uint32_t *key)
{
    (void)feed;
    return (struct rib_put){
        .source = source, .key = {(const uint8_t *)key, sizeof *key}, .node = *name};
}

static void put_node(struct feed *feed, uint32_t source, struct rib_name name,
                     const char *router_id)
{
    struct rib_node node = {.present = 0};
    struct rib_put put = put_of(feed, source, &name, &source);
    put.key = (struct rib_key){name.octets, name.size};
    if (router_id != NULL) {
        node.present = RIB_NODE_ROUTER_ID_V4;
        node.router_id_v4 = address(router_id);
    }
    cr_assert_eq(rib_put_node(feed->rib, &put, &node), PCE_OK);
}

static void put_link(struct feed *feed, uint32_t source, struct rib_name from, struct rib_name to,
                     uint32_t metric)
{
    const struct rib_link link = {.present = RIB_LINK_IGP_METRIC, .igp_metric = metric};
    uint8_t octets[2 * RIB_NAME_SIZE];
    struct rib_put put = {.source = source, .key = {octets, sizeof octets}, .node = from};
    memcpy(octets, from.octets, RIB_NAME_SIZE);
    memcpy(octets + RIB_NAME_SIZE, to.octets, RIB_NAME_SIZE);
    cr_assert_eq(rib_put_link(feed->rib, &put, &to, &link), PCE_OK);
}

static void put_both(struct feed *feed, uint32_t source, uint8_t a, uint8_t b, uint32_t metric)
{
    put_link(feed, source, isis(a, 0), isis(b, 0), metric);
    put_link(feed, source, isis(b, 0), isis(a, 0), metric);
}

static void put_prefix(struct feed *feed, uint8_t node, const char *text, uint32_t index,
                       uint8_t flags)
{
    const struct rib_prefix_sid sid = {.value = index, .is_node = 1};
    const struct rib_prefix prefix = {.present = RIB_PREFIX_FLAGS |
                                                 (index != 0 ? (uint32_t)RIB_PREFIX_SIDS : 0U),
                                      .flags = flags,
                                      .sids = &sid,
                                      .sid_count = 1};
    struct ip ip = address(text);
    uint8_t octets[32] = {node};
    memcpy(octets + 1, ip.octets, sizeof ip.octets);
    const struct rib_put put = {
        .source = feed->source, .key = {octets, sizeof octets}, .node = isis(node, 0)};
    cr_assert_eq(rib_put_prefix(feed->rib, &put, &ip, ip.family == IP_V4 ? 32 : 128, &prefix),
                 PCE_OK);
}

static const struct ted_link *find_link(const struct feed *feed, const char *from, const char *to)
{
    for (uint32_t i = 0; i < feed->snapshot->link_count; i++) {
        const struct ted_link *link = &feed->snapshot->links[i];
        if (strcmp(feed->snapshot->nodes[link->from].name, from) == 0 &&
            strcmp(feed->snapshot->nodes[link->to].name, to) == 0)
            return link;
    }
    return NULL;
}

Test(rib, nothing_is_an_empty_network)
{
    struct feed *feed = feed_begin();
    merge(feed);
    cr_expect_eq(feed->snapshot->node_count, 0);
    feed_end(feed);
}

Test(rib, two_routers_of_one_domain_with_one_router_id_stay_two)
{
    struct feed *feed = feed_begin();
    put_node(feed, feed->source, isis(1, 0), "192.0.2.1");
    put_node(feed, feed->source, isis(2, 0), "192.0.2.1");
    put_prefix(feed, 2, "192.0.2.2", 0, 0);
    merge(feed);
    cr_expect_eq(feed->findings.counts[RIB_ROUTER_ID_TWICE], 1);
    cr_expect_eq(feed->snapshot->node_count, 1, "the second has no router id that is its own");
    cr_expect_eq(feed->findings.counts[RIB_NODE_WITHOUT_ADDRESS], 1);
    feed_end(feed);
}

Test(rib, one_router_of_two_instances_is_one_node)
{
    struct feed *feed = feed_begin();
    put_node(feed, feed->source, isis(1, 0), "192.0.2.1");
    put_node(feed, feed->source, isis(1, 7), "192.0.2.1");
    merge(feed);
    cr_expect_eq(feed->snapshot->node_count, 1);
    cr_expect_eq(feed->findings.count, 0);
    feed_end(feed);
}

Test(rib, a_link_waits_for_its_nodes)
{
    struct feed *feed = feed_begin();
    put_both(feed, feed->source, 1, 2, 10);
    put_node(feed, feed->source, isis(1, 0), "192.0.2.1");
    merge(feed);
    cr_expect_eq(feed->snapshot->link_count, 0);
    cr_expect_eq(feed->findings.counts[RIB_LINK_WITHOUT_NODE], 2);
    put_node(feed, feed->source, isis(2, 0), "192.0.2.2");
    merge(feed);
    cr_expect_eq(feed->snapshot->link_count, 2);
    cr_expect_eq(feed->findings.count, 0);
    feed_end(feed);
}

Test(rib, the_better_rank_tells_which_links_a_router_has)
{
    struct feed *feed = feed_begin();
    const struct rib_source_spec spec = {.name = "other", .rank = 20};
    uint32_t other;
    cr_assert_eq(rib_add_source(feed->rib, &spec, &other), PCE_OK);
    for (uint8_t n = 1; n <= 2; n++) {
        char text[16];
        snprintf(text, sizeof text, "192.0.2.%u", n);
        put_node(feed, feed->source, isis(n, 0), text);
        put_node(feed, other, isis(n, 0), text);
    }
    put_both(feed, other, 1, 2, 10);
    merge(feed);
    cr_expect_eq(feed->snapshot->link_count, 0, "the first has seen it go");
    rib_source_went(feed->rib, feed->source);
    merge(feed);
    cr_expect_eq(feed->snapshot->link_count, 2, "fresh comes before stale");
    feed_end(feed);
}

Test(rib, what_is_stale_is_used_where_nobody_else_tells)
{
    struct feed *feed = feed_begin();
    put_node(feed, feed->source, isis(1, 0), "192.0.2.1");
    put_node(feed, feed->source, isis(2, 0), "192.0.2.2");
    put_both(feed, feed->source, 1, 2, 10);
    rib_source_went(feed->rib, feed->source);
    merge(feed);
    cr_expect_eq(feed->snapshot->link_count, 2);
    put_node(feed, feed->source, isis(1, 0), "192.0.2.1");
    put_node(feed, feed->source, isis(2, 0), "192.0.2.2");
    rib_source_is_complete(feed->rib, feed->source);
    merge(feed);
    cr_expect_eq(feed->snapshot->node_count, 2);
    cr_expect_eq(feed->snapshot->link_count, 0);
    cr_expect_eq(rib_counts(feed->rib)->objects[RIB_KIND_LINK], 0);
    feed_end(feed);
}

Test(rib, a_complement_alone_makes_no_network)
{
    struct feed *feed = feed_begin();
    const struct rib_source_spec spec = {.name = "file", .rank = 1, .is_complement = true};
    uint32_t file;
    cr_assert_eq(rib_add_source(feed->rib, &spec, &file), PCE_OK);
    put_node(feed, file, isis(1, 0), "192.0.2.1");
    put_node(feed, file, isis(2, 0), "192.0.2.2");
    put_both(feed, file, 1, 2, 10);
    merge(feed);
    cr_expect_eq(feed->snapshot->node_count, 0);
    put_node(feed, feed->source, isis(1, 0), "192.0.2.1");
    put_node(feed, feed->source, isis(2, 0), "192.0.2.2");
    merge(feed);
    cr_expect_eq(feed->snapshot->node_count, 2);
    cr_expect_eq(feed->snapshot->link_count, 0);
    feed_end(feed);
}

Test(rib, a_metric_that_is_the_maximum_takes_the_link_out_of_use)
{
    struct feed *feed = feed_begin();
    put_node(feed, feed->source, isis(1, 0), "192.0.2.1");
    put_node(feed, feed->source, isis(2, 0), "192.0.2.2");
    put_link(feed, feed->source, isis(1, 0), isis(2, 0), 16777215);
    put_link(feed, feed->source, isis(2, 0), isis(1, 0), 16777214);
    merge(feed);
    cr_expect_not(find_link(feed, "0000.0000.0001", "0000.0000.0002")->is_two_way);
    cr_expect(find_link(feed, "0000.0000.0002", "0000.0000.0001")->is_two_way);
    feed_end(feed);
}

static void put_overload(struct feed *feed, uint32_t source, struct rib_name name, uint8_t flags)
{
    const struct rib_node node = {.present = RIB_NODE_ROUTER_ID_V4 | RIB_NODE_FLAGS,
                                  .router_id_v4 = address("192.0.2.1"),
                                  .flags = flags};
    struct rib_put put = {.source = source, .key = {name.octets, name.size}, .node = name};
    cr_assert_eq(rib_put_node(feed->rib, &put, &node), PCE_OK);
}

Test(rib, a_router_that_one_domain_keeps_off_carries_no_transit)
{
    struct feed *feed = feed_begin();
    put_overload(feed, feed->source, isis(1, 0), 0);
    put_overload(feed, feed->source, isis(1, 7), RIB_NODE_OVERLOADED);
    merge(feed);
    cr_assert_eq(feed->snapshot->node_count, 1);
    cr_expect(feed->snapshot->nodes[0].is_overloaded);
    cr_expect_eq(feed->findings.counts[RIB_OVERLOAD_IN_PART], 1);
    put_overload(feed, feed->source, isis(1, 7), RIB_NODE_ATTACHED);
    merge(feed);
    cr_expect_not(feed->snapshot->nodes[0].is_overloaded);
    feed_end(feed);
}

static bool is_overloaded_by_another(bool is_complement, uint32_t rank)
{
    struct feed *feed = feed_begin();
    const struct rib_source_spec spec = {
        .name = "other", .rank = rank, .is_complement = is_complement};
    uint32_t other;
    struct ip router_id = address("192.0.2.1");
    cr_assert_eq(rib_add_source(feed->rib, &spec, &other), PCE_OK);
    put_overload(feed, feed->source, isis(1, 0), 0);
    put_overload(feed, other, is_complement ? rib_name_of_address(&router_id) : isis(1, 0),
                 RIB_NODE_OVERLOADED);
    merge(feed);
    cr_assert_eq(feed->snapshot->node_count, 1);
    bool is_overloaded = feed->snapshot->nodes[0].is_overloaded;
    feed_end(feed);
    return is_overloaded;
}

Test(rib, who_is_not_believed_overloads_nobody)
{
    cr_expect_not(is_overloaded_by_another(false, 20));
    cr_expect(is_overloaded_by_another(false, 5));
}

Test(rib, a_file_beside_peers_overloads_a_router)
{
    cr_expect(is_overloaded_by_another(true, 20));
}

Test(rib, two_nodes_with_one_index_are_a_conflict_and_one_keeps_it)
{
    struct feed *feed = feed_begin();
    put_node(feed, feed->source, isis(1, 0), "192.0.2.1");
    put_node(feed, feed->source, isis(2, 0), "192.0.2.2");
    put_prefix(feed, 1, "192.0.2.1", 5, 0);
    put_prefix(feed, 2, "192.0.2.2", 5, 0);
    merge(feed);
    cr_expect_eq(feed->snapshot->node_count, 2);
    cr_expect_eq(feed->snapshot->nodes[0].prefix_sids.count, 1);
    cr_expect_eq(feed->snapshot->nodes[1].prefix_sids.count, 0);
    cr_expect_eq(feed->findings.counts[RIB_SID_TWICE], 1);
    feed_end(feed);
}

Test(rib, an_anycast_address_is_nobodys)
{
    struct feed *feed = feed_begin();
    struct ip anycast = address("192.0.2.99");
    put_node(feed, feed->source, isis(1, 0), "192.0.2.1");
    put_node(feed, feed->source, isis(2, 0), "192.0.2.2");
    put_prefix(feed, 1, "192.0.2.99", 0, 0);
    put_prefix(feed, 2, "192.0.2.99", 0, 0);
    merge(feed);
    cr_expect_eq(ted_find_node_by_address(feed->snapshot, &anycast), TED_NONE);
    cr_expect_eq(feed->findings.count, 0);
    feed_end(feed);
}

Test(rib, an_anycast_sid_is_each_routers_and_nobodys)
{
    struct feed *feed = feed_begin();
    put_node(feed, feed->source, isis(1, 0), "192.0.2.1");
    put_node(feed, feed->source, isis(2, 0), "192.0.2.2");
    put_prefix(feed, 1, "192.0.2.99", 99, RIB_PREFIX_ANYCAST);
    put_prefix(feed, 2, "192.0.2.99", 99, RIB_PREFIX_ANYCAST);
    merge(feed);
    const struct ted_snapshot *s = feed->snapshot;
    for (uint32_t i = 0; i < 2; i++) {
        cr_assert_eq(s->nodes[i].prefix_sids.count, 1);
        cr_expect(s->prefix_sids[s->nodes[i].prefix_sids.first].is_anycast);
        cr_expect_null(ted_find_prefix_sid(s, i, 0, IP_V4));
    }
    uint32_t node;
    cr_expect_null(ted_find_sid_of_index(s, 99, &node));
    cr_expect_eq(feed->findings.count, 0);
    feed_end(feed);
}

static void put_flex(struct feed *feed, uint8_t n, uint8_t priority, uint8_t metric_type)
{
    const struct ted_flex_definition flex = {
        .algorithm = 128, .priority = priority, .metric_type = metric_type};
    struct rib_name name = isis(n, 0);
    const struct rib_node node = {.present = RIB_NODE_ROUTER_ID_V4 | RIB_NODE_FLEXES,
                                  .router_id_v4 = ip_from_u32(0xc0000200 + n),
                                  .flexes = &flex,
                                  .flex_count = 1};
    struct rib_put put = {.source = feed->source, .key = {name.octets, name.size}, .node = name};
    cr_assert_eq(rib_put_node(feed->rib, &put, &node), PCE_OK);
}

Test(rib, definitions_that_contradict_the_one_that_counts_are_told)
{
    struct feed *feed = feed_begin();
    put_flex(feed, 1, 9, TED_FLEX_TE);
    put_flex(feed, 2, 8, TED_FLEX_TE);
    put_flex(feed, 3, 9, TED_FLEX_TE);
    merge(feed);
    cr_expect_eq(feed->findings.count, 0, "a priority is no contradiction");
    put_flex(feed, 2, 8, TED_FLEX_IGP);
    merge(feed);
    cr_expect_eq(feed->findings.counts[RIB_FLEX_CONFLICT], 1);
    put_flex(feed, 3, 9, 77);
    merge(feed);
    cr_expect_eq(feed->findings.counts[RIB_FLEX_CONFLICT], 2);
    cr_expect_eq(feed->findings.counts[RIB_FLEX_UNKNOWN], 1);
    feed_end(feed);
}

Test(rib, a_link_that_tells_nothing_for_flexible_algorithms_has_nothing_for_them)
{
    struct feed *feed = feed_begin();
    put_node(feed, feed->source, isis(1, 0), "192.0.2.1");
    put_node(feed, feed->source, isis(2, 0), "192.0.2.2");
    put_both(feed, feed->source, 1, 2, 10);
    merge(feed);
    cr_assert_eq(feed->snapshot->link_count, 2);
    cr_expect_eq(feed->snapshot->links[0].flex_source, TED_FLEX_NONE);
    cr_expect_eq(feed->snapshot->nodes[0].igp_id_size, 6);
    cr_expect_eq(feed->snapshot->nodes[1].igp_id[5], 2);
    feed_end(feed);
}

Test(rib, a_prefix_from_another_level_names_nobody)
{
    struct feed *feed = feed_begin();
    struct ip far = address("192.0.2.9");
    put_node(feed, feed->source, isis(1, 0), "192.0.2.1");
    put_prefix(feed, 1, "192.0.2.9", 9, RIB_PREFIX_READVERTISED);
    merge(feed);
    cr_expect_eq(ted_find_node_by_address(feed->snapshot, &far), TED_NONE);
    cr_expect_eq(feed->snapshot->nodes[0].prefix_sids.count, 0);
    feed_end(feed);
}

/* ---- changes that are left to the whole ---- */

static void expect_owner(const struct feed *feed, const char *text, const char *wanted)
{
    struct ip shared = address(text), router_id = address(wanted);
    uint32_t owner = ted_find_node_by_address(feed->snapshot, &shared);
    cr_assert_neq(owner, TED_NONE);
    cr_expect_eq(owner, ted_find_node_by_address(feed->snapshot, &router_id));
}

Test(rib, an_address_that_a_second_router_tells_is_nobodys)
{
    struct feed *feed = feed_begin();
    struct ip shared = address("10.0.9.9");
    put_node(feed, feed->source, isis(1, 0), "192.0.2.1");
    put_node(feed, feed->source, isis(2, 0), "192.0.2.2");
    put_prefix(feed, 1, "10.0.9.9", 0, 0);
    merge(feed);
    expect_owner(feed, "10.0.9.9", "192.0.2.1");
    put_prefix(feed, 2, "10.0.9.9", 0, 0);
    cr_expect_eq(follow(feed), PCE_UNSUPPORTED);
    merge(feed);
    cr_expect_eq(ted_find_node_by_address(feed->snapshot, &shared), TED_NONE);
    feed_end(feed);
}

static void put_link_at(struct feed *feed, uint8_t from, uint8_t to, const char *local)
{
    const struct rib_link link = {.present = RIB_LINK_IGP_METRIC | RIB_LINK_LOCAL_V4,
                                  .igp_metric = 10,
                                  .local_v4 = address(local)};
    const struct rib_name far = isis(to, 0);
    const uint8_t key[2] = {from, to};
    const struct rib_put put = {
        .source = feed->source, .key = {key, sizeof key}, .node = isis(from, 0)};
    cr_assert_eq(rib_put_link(feed->rib, &put, &far, &link), PCE_OK);
}

static void remove_link_at(struct feed *feed, uint8_t from, uint8_t to)
{
    const uint8_t octets[2] = {from, to};
    const struct rib_key key = {octets, sizeof octets};
    cr_assert_eq(rib_remove(feed->rib, feed->source, RIB_KIND_LINK, &key), PCE_OK);
}

Test(rib, an_address_of_a_link_that_went_may_become_another_routers)
{
    struct feed *feed = feed_begin();
    put_node(feed, feed->source, isis(1, 0), "192.0.2.1");
    put_node(feed, feed->source, isis(2, 0), "192.0.2.2");
    put_link_at(feed, 1, 2, "10.0.9.9");
    put_link_at(feed, 2, 1, "10.0.9.8");
    merge(feed);
    remove_link_at(feed, 1, 2);
    remove_link_at(feed, 2, 1);
    cr_assert_eq(follow(feed), PCE_OK);
    put_prefix(feed, 2, "10.0.9.9", 0, 0);
    cr_expect_eq(follow(feed), PCE_UNSUPPORTED);
    merge(feed);
    expect_owner(feed, "10.0.9.9", "192.0.2.2");
    feed_end(feed);
}

/* ---- changes that are followed ---- */

static void merge_anew(struct feed *feed, struct rib_findings *findings,
                       struct ted_snapshot **snapshot)
{
    cr_assert_eq(rib_merge(feed->rib, "net", snapshot, findings), PCE_OK);
}

static void put_srlb(struct feed *feed, uint8_t key, uint32_t base, const char *text)
{
    const struct ted_srgb srlb = {.base = base, .size = 1000};
    const struct rib_node node = {.present = RIB_NODE_TEXT | RIB_NODE_ROUTER_ID_V4 | RIB_NODE_SRLBS,
                                  .router_id_v4 = address("192.0.2.1"),
                                  .srlbs = &srlb,
                                  .srlb_count = 1,
                                  .text = text,
                                  .text_count = (uint32_t)strlen(text)};
    const struct rib_put put = {.source = feed->source, .key = {&key, 1}, .node = isis(1, 0)};
    cr_assert_eq(rib_put_node(feed->rib, &put, &node), PCE_OK);
}

static uint32_t label_of_link(const struct ted_snapshot *snapshot)
{
    for (uint32_t i = 0; i < snapshot->link_count; i++)
        if (snapshot->links[i].adj_sids.count > 0)
            return snapshot->adj_sids[snapshot->links[i].adj_sids.first].label;
    return TED_NONE;
}

Test(rib, local_ranges_that_are_believed_no_more_change_the_labels_of_links)
{
    struct feed *feed = feed_begin();
    const struct rib_adj_sid sid = {.value = 7, .is_index = 1};
    const struct rib_link link = {.present = RIB_LINK_IGP_METRIC | RIB_LINK_ADJ_SIDS,
                                  .igp_metric = 10,
                                  .adj_sids = &sid,
                                  .adj_sid_count = 1};
    const struct rib_name far = isis(2, 0);
    const uint8_t key = 1;
    const struct rib_put put = {.source = feed->source, .key = {&key, 1}, .node = isis(1, 0)};
    struct ted_snapshot *snapshot;
    struct rib_findings findings;
    put_srlb(feed, 1, 20000, "a");
    put_srlb(feed, 2, 30000, "router of one");
    put_node(feed, feed->source, isis(2, 0), "192.0.2.2");
    put_link(feed, feed->source, isis(2, 0), isis(1, 0), 10);
    cr_assert_eq(rib_put_link(feed->rib, &put, &far, &link), PCE_OK);
    merge(feed);
    uint32_t before = label_of_link(feed->snapshot);
    put_srlb(feed, 1, 20000, "a name that is longer than the other's is, by far");
    cr_assert_eq(follow(feed), PCE_OK);
    merge_anew(feed, &findings, &snapshot);
    cr_assert_neq(label_of_link(snapshot), before);
    cr_expect_eq(label_of_link(feed->snapshot), label_of_link(snapshot));
    ted_snapshot_destroy(snapshot);
    feed_end(feed);
}

Test(rib, links_that_are_gone_do_not_come_back_with_a_snapshot_that_is_told)
{
    struct feed *feed = feed_begin(), *other = feed_begin();
    put_node(feed, feed->source, isis(1, 0), "192.0.2.1");
    put_node(feed, feed->source, isis(2, 0), "192.0.2.2");
    put_link_at(feed, 1, 2, "10.0.9.9");
    put_link_at(feed, 2, 1, "10.0.9.8");
    merge(feed);
    remove_link_at(feed, 1, 2);
    remove_link_at(feed, 2, 1);
    cr_assert_eq(follow(feed), PCE_OK);
    cr_assert_eq(feed->snapshot->link_count, 2);
    cr_assert_eq(rib_put_snapshot(other->rib, other->source, feed->snapshot), PCE_OK);
    merge(other);
    cr_expect_eq(other->snapshot->node_count, 2);
    cr_expect_eq(other->snapshot->link_count, 0);
    feed_end(other);
    feed_end(feed);
}

/* ---- LANs ---- */

static void put_lan_router(struct feed *feed, uint8_t n)
{
    put_link(feed, feed->source, isis(n, 0), isis_lan(1), 10);
    put_link(feed, feed->source, isis_lan(1), isis(n, 0), 0);
}

/* Routers of which so many are on the LAN. */
static void put_lan(struct feed *feed, uint8_t routers, uint8_t on_lan)
{
    put_node(feed, feed->source, isis_lan(1), NULL);
    for (uint8_t n = 1; n <= routers; n++) {
        char text[16];
        snprintf(text, sizeof text, "192.0.2.%u", n);
        put_node(feed, feed->source, isis(n, 0), text);
        if (n <= on_lan)
            put_lan_router(feed, n);
    }
}

Test(rib, a_router_that_a_full_lan_has_no_room_for_is_left_to_the_whole)
{
    struct feed *feed = feed_begin();
    put_lan(feed, RIB_LAN_ROUTERS_MAX + 1, RIB_LAN_ROUTERS_MAX - 2);
    merge(feed);
    put_lan_router(feed, RIB_LAN_ROUTERS_MAX - 1);
    cr_expect_eq(follow(feed), PCE_OK);
    put_lan_router(feed, RIB_LAN_ROUTERS_MAX);
    put_lan_router(feed, RIB_LAN_ROUTERS_MAX + 1);
    cr_expect_eq(follow(feed), PCE_UNSUPPORTED);
    feed_end(feed);
}

Test(rib, a_lan_of_too_many_routers_is_cut_and_said)
{
    struct feed *feed = feed_begin();
    put_lan(feed, RIB_LAN_ROUTERS_MAX + 1, RIB_LAN_ROUTERS_MAX + 1);
    merge(feed);
    cr_expect_eq(feed->findings.counts[RIB_LAN_TOO_LARGE], 1);
    cr_expect_eq(feed->snapshot->link_count, RIB_LAN_ROUTERS_MAX * (RIB_LAN_ROUTERS_MAX - 1));
    cr_expect_eq(feed->snapshot->node_count, RIB_LAN_ROUTERS_MAX + 1);
    feed_end(feed);
}

Test(rib, a_router_that_the_lan_does_not_know_is_nobodys_neighbour)
{
    struct feed *feed = feed_begin();
    put_node(feed, feed->source, isis_lan(1), NULL);
    for (uint8_t n = 1; n <= 3; n++) {
        char text[16];
        snprintf(text, sizeof text, "192.0.2.%u", n);
        put_node(feed, feed->source, isis(n, 0), text);
        put_link(feed, feed->source, isis(n, 0), isis_lan(1), 10);
        if (n < 3)
            put_link(feed, feed->source, isis_lan(1), isis(n, 0), 0);
    }
    merge(feed);
    cr_expect_eq(feed->snapshot->link_count, 2);
    feed_end(feed);
}

Test(rib, two_routers_of_one_name_are_told_apart)
{
    struct feed *feed = feed_begin();
    for (uint8_t n = 1; n <= 2; n++) {
        struct rib_name name = isis(n, 0);
        struct rib_node node = {.present = RIB_NODE_TEXT | RIB_NODE_ROUTER_ID_V4,
                                .router_id_v4 = ip_from_u32(0xc0000200U + n),
                                .text = "core",
                                .text_count = 4};
        struct rib_put put = {
            .source = feed->source, .key = {name.octets, name.size}, .node = name};
        cr_assert_eq(rib_put_node(feed->rib, &put, &node), PCE_OK);
    }
    merge(feed);
    cr_expect_neq(ted_find_node_by_name(feed->snapshot, "core"), TED_NONE);
    cr_expect_neq(ted_find_node_by_name(feed->snapshot, "core (0000.0000.0002)"), TED_NONE);
    cr_expect_eq(feed->findings.counts[RIB_NAME_TWICE], 1);
    feed_end(feed);
}

/* JSON and terminals take whole characters alone. */
Test(rib, a_name_of_any_octets_becomes_one_of_characters)
{
    static const struct {
        const char *told, *shown;
    } rows[] = {{"Z\xfcrich", "Z?rich"}, {"Z\xc3\xbcrich", "Z\xc3\xbcrich"}, {"a\x1b[2J", "a?[2J"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct feed *feed = feed_begin();
        struct rib_name name = isis(1, 0);
        struct rib_node node = {.present = RIB_NODE_TEXT | RIB_NODE_ROUTER_ID_V4,
                                .router_id_v4 = ip_from_u32(0xc0000201U),
                                .text = rows[i].told,
                                .text_count = (uint32_t)strlen(rows[i].told)};
        struct rib_put put = {
            .source = feed->source, .key = {name.octets, name.size}, .node = name};
        cr_assert_eq(rib_put_node(feed->rib, &put, &node), PCE_OK);
        merge(feed);
        cr_expect_neq(ted_find_node_by_name(feed->snapshot, rows[i].shown), TED_NONE);
        feed_end(feed);
    }
}

Test(rib, what_is_told_again_as_it_was_is_no_change)
{
    struct feed *feed = feed_begin();
    put_node(feed, feed->source, isis(1, 0), "192.0.2.1");
    uint64_t generation = rib_generation(feed->rib);
    put_node(feed, feed->source, isis(1, 0), "192.0.2.1");
    cr_expect_eq(rib_generation(feed->rib), generation);
    put_node(feed, feed->source, isis(1, 0), "192.0.2.3");
    cr_expect_gt(rib_generation(feed->rib), generation);
    feed_end(feed);
}

Test(rib, the_last_object_fits_and_one_more_does_not)
{
    const struct rib_limits limits = {.objects_max = 3, .octets_max = 100000};
    const struct rib_source_spec spec = {.name = "peer", .rank = 1};
    struct feed feed = {.rib = rib_create(&limits)};
    cr_assert_eq(rib_add_source(feed.rib, &spec, &feed.source), PCE_OK);
    for (uint8_t n = 1; n <= 3; n++)
        put_node(&feed, feed.source, isis(n, 0), "192.0.2.1");
    struct rib_name name = isis(4, 0);
    const struct rib_node node = {.present = 0};
    const struct rib_put put = {
        .source = feed.source, .key = {name.octets, name.size}, .node = name};
    cr_expect_eq(rib_put_node(feed.rib, &put, &node), PCE_LIMIT);
    put_node(&feed, feed.source, isis(3, 0), "192.0.2.3"); /* in its own place */
    cr_expect_eq(rib_remove(feed.rib, feed.source, RIB_KIND_NODE, &put.key), PCE_NOT_FOUND);
    rib_destroy(feed.rib);
}

/* What routers tell by BGP-LS and a file may say as well. */
static const char of_routers[] =
    "nodes:\n"
    "- {name: A, router-id: 10.0.0.1, overload: true, algorithms: [0, 128],\n"
    "   prefix-sids: [{index: 1}, {index: 9, anycast: true}],\n"
    "   flex-algorithms: [{algorithm: 128, metric: te, exclude-any: [200], exclude-srlgs: [7]}]}\n"
    "- {name: B, router-id: 10.0.0.2, prefix-sids: [{index: 2}, {index: 9, anycast: true}]}\n"
    "links:\n"
    "- {from: A, to: B, igp-metric: 16777215, delay-range: [1, 2], delay-variation: 3, loss: 4,\n"
    "   link-msd: 5, extended-admin-group: [6, 70], srlgs: [8],\n"
    "   reverse: {flex-attributes: {te-metric: 9, min-delay: 10, admin-group: [11], srlgs: "
    "[12]}}}\n"
    "- {from: A, to: B, addresses: [10.1.0.1, 10.1.0.2], flex-attributes: {}}\n";

static void expect_same_by_way_of_the_rib(struct ted_snapshot *snapshot)
{
    struct feed *feed = feed_begin();
    cr_assert_eq(rib_put_snapshot(feed->rib, feed->source, snapshot), PCE_OK);
    merge(feed);
    char *wanted = network_text(snapshot), *got = network_text(feed->snapshot);
    cr_expect_str_eq(got, wanted);
    cr_expect_eq(feed->findings.count, feed->findings.counts[RIB_HALF_LINK]);
    free(wanted);
    free(got);
    ted_snapshot_destroy(snapshot);
    feed_end(feed);
}

Test(rib, what_a_file_says_of_routers_is_the_same_by_way_of_the_rib)
{
    expect_same_by_way_of_the_rib(read_text(of_routers, sizeof of_routers - 1));
}

static const char with_ids[] = "nodes:\n"
                               "- {name: A, router-id: 10.0.0.1}\n"
                               "- {name: B, router-id: 10.0.0.2}\n"
                               "- {name: C, router-id: 10.0.0.3}\n"
                               "links:\n"
                               "- {from: A, to: B, interface-ids: [1, 2]}\n"
                               "- {from: A, to: B}\n"
                               "- {from: A, to: B, interface-ids: [3, 4], one-way: true}\n"
                               "- {from: B, to: A, interface-ids: [5, 6], one-way: true}\n"
                               "- {from: A, to: C, one-way: true}\n"
                               "- {from: C, to: A, interface-ids: [5, 7], one-way: true}\n"
                               "- {from: B, to: C, addresses: [10.1.0.1, 10.1.0.2]}\n"
                               "- {from: B, to: C, interface-ids: [8, 9]}\n";

Test(rib, interface_ids_beside_parallel_links_without_any_are_kept)
{
    expect_same_by_way_of_the_rib(read_text(with_ids, sizeof with_ids - 1));
}

/* Links of any style side by side: what names one is kept whatever stands beside it. */
static struct ted_snapshot *random_parallels(struct random *random)
{
    struct ted_builder *builder = ted_builder_create("net");
    struct ted_fault fault;
    uint32_t index, count = 1 + (uint32_t)test_random_below(random, 6);
    (void)add_plain_node(builder, "a", 1);
    (void)add_plain_node(builder, "b", 2);
    for (uint32_t i = 0; i < count; i++) {
        uint32_t style = (uint32_t)test_random_below(random, 8);
        /* Which of several without a name is which is said by their order, and one without another
         * direction of its own is taken for that of what leads back. */
        style |= i == 0 && (style & 3) == 0 ? 4U : 0U;
        if (i > 0 && (style & 3) == 0)
            continue;
        uint32_t from = (uint32_t)test_random_below(random, 2);
        struct ted_link_spec link = {
            .from = from, .to = 1 - from, .igp_metric = 10 + i, .te_metric = 1};
        if ((style & 1) != 0) {
            link.local_v4 = ip_from_u32(0xc0000200 + 2 * i + from);
            link.remote_v4 = ip_from_u32(0xc0000200 + 2 * i + 1 - from);
        }
        if ((style & 2) != 0) {
            link.local_id = 100 + 2 * i + from;
            link.remote_id = 100 + 2 * i + 1 - from;
        }
        cr_assert_eq(ted_builder_add_link(builder, &link, &index, &fault), PCE_OK);
        if ((style & 4) == 0)
            continue;
        const struct ted_link_spec back = {.from = link.to,
                                           .to = link.from,
                                           .igp_metric = 20 + i,
                                           .te_metric = 1,
                                           .local_v4 = link.remote_v4,
                                           .remote_v4 = link.local_v4,
                                           .local_id = link.remote_id,
                                           .remote_id = link.local_id};
        cr_assert_eq(ted_builder_add_link(builder, &back, &index, &fault), PCE_OK);
    }
    return finish(builder);
}

Test(rib, parallel_links_of_a_file_are_the_same_by_way_of_the_rib)
{
    struct random random = test_random_init("parallel links", 1);
    for (unsigned i = 0; i < 3000; i++)
        expect_same_by_way_of_the_rib(random_parallels(&random));
}

Test(rib, a_file_is_the_same_network_by_way_of_the_rib)
{
    static const char *const files[] = {"deploy/topologies/small.yaml",
                                        "deploy/topologies/national.yaml"};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        size_t size;
        char *text = read_file(files[i], &size);
        expect_same_by_way_of_the_rib(read_text(text, size));
        free(text);
    }
}
