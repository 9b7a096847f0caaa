#include "core/ted/topology_file.h"
#include "core/ted/flex.h"

#include "tests/unit/ted/helpers.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define READ(text) read_text(text, sizeof text - 1)

/* Every key of the format once, in the order that is the hardest for the reader. */
static const char every_key[] =
    "defaults:\n"
    "  srgb: [{base: 16000, size: 1000}, {size: 0x10, base: 0x3e8}]\n"
    "  node-msd: 9\n"
    "  srv6-msd: 5\n"
    "  srv6-structure: [32, 16, 16, 0]\n"
    "  igp-metric: 20\n"
    "  te-metric: 30\n"
    "  delay: 1.5ms\n"
    "  capacity: 10G\n"
    "  admin-group: [0, 31]\n"
    "nodes:\n"
    "- position: [48.86, -2.35]\n"
    "  name: \"Paris \\u00e9\"\n"
    "  router-id: 192.0.2.1\n"
    "  router-id-v6: 2001:db8::1\n"
    "  addresses: [192.0.2.101, \"2001:db8::101\"]\n"
    "  srgb: {base: 100000, size: 500}\n"
    "  prefix-sids:\n"
    "  - {index: 1}\n"
    "  - {index: 2, family: ipv6}\n"
    "  - {index: 3, family: ipv4, algorithm: 128}\n"
    "  - {index: 4, anycast: true}\n"
    "  node-msd: 12\n"
    "  overload: true\n"
    "  srv6-msd: 11\n"
    "  algorithms: [128, 0, 255]\n"
    "  flex-algorithms:\n"
    "  - {algorithm: 128, metric: min-delay, priority: 9, exclude-any: [0, 255],\n"
    "     include-any: [32], include-all: [], exclude-srlgs: [7, 8], prefix-metric: true}\n"
    "  - {algorithm: 255}\n"
    "  srv6-sids:\n"
    "  - {sid: \"2001:db8:f001:1::\", algorithm: 128, behavior: End, structure: [40, 8, 16, 4]}\n"
    "  - {sid: \"2001:db8:f001:2::\"}\n"
    "- {\"name\": \"B\", \"router-id-v6\": \"2001:db8::2\", \"prefix-sid\": 9}\n"
    "links:\n"
    "- reverse:\n"
    "    igp-metric: 5\n"
    "    te-metric: 6\n"
    "    delay: 7us\n"
    "    capacity: 400M\n"
    "    reservable: 100M\n"
    "    unreserved: [80M, 70M, 60M, 50M, 40M, 30M, 20M, 0]\n"
    "    admin-group: 0x8\n"
    "    srlgs: []\n"
    "    adj-sid: 24001\n"
    "    delay-range: [1ms, 2ms]\n"
    "    delay-variation: 3us\n"
    "    loss: 0.5\n"
    "    link-msd: 7\n"
    "    extended-admin-group: [3, 64]\n"
    "    flex-attributes: {}\n"
    "    srv6-sids: [{sid: \"2001:db8:f002:e001::\", behavior: 57, protected: true}]\n"
    "  from: \"Paris \\u00e9\"\n"
    "  to: B\n"
    "  addresses: [198.51.100.0, 198.51.100.1]\n"
    "  addresses-v6: [\"2001:db8:1::\", \"2001:db8:1::1\"]\n"
    "  interface-ids: [4294967295, 1]\n"
    "  igp-metric: 16777214\n"
    "  te-metric: 4294967295\n"
    "  delay-range: [200, 300]\n"
    "  delay-variation: 10\n"
    "  loss: 50.331642\n"
    "  link-msd: 5\n"
    "  extended-admin-group: [0, 255]\n"
    "  flex-attributes: {te-metric: 77, min-delay: 9, admin-group: [40], srlgs: [3, 2]}\n"
    "  delay: 250\n"
    "  capacity: 2.5G\n"
    "  reservable: 2G\n"
    "  unreserved: [2G, 2G, 2G, 2G, 1.2G, 1.2G, 1.2G, 622.08M]\n"
    "  admin-group: 0x00000009\n"
    "  srlgs: [4294967295, 7]\n"
    "  adj-sids: [{label: 24000, family: ipv4}, {label: 24003, family: ipv6, protected: false}, "
    "{label: 24002, family: both, protected: true}]\n"
    "  srv6-sids: [{sid: \"2001:db8:f001:e000::\"}]\n"
    "- {from: B, to: \"Paris \\u00e9\", one-way: true}\n"
    "- {from: B, to: \"Paris \\u00e9\", igp-metric: 3}\n"
    "network: {name: everything}\n";

Test(topology_file, every_key_of_a_node_arrives)
{
    struct ted_snapshot *s = READ(every_key);
    cr_expect_str_eq(s->name, "everything");
    cr_assert_eq(s->node_count, 2);
    const struct ted_node *n = &s->nodes[0];
    cr_expect_str_eq(n->name, "Paris \xc3\xa9");
    struct ip v4 = address("192.0.2.1");
    struct ip v6 = address("2001:db8::1");
    struct ip other = address("2001:db8::101");
    cr_expect(ip_is_equal(&n->router_id_v4, &v4));
    cr_expect(ip_is_equal(&n->router_id_v6, &v6));
    cr_expect_eq(n->addresses.count, 2);
    cr_expect_eq(ted_find_node_by_address(s, &other), 0);
    cr_expect(n->has_position && n->latitude == 48.86 && n->longitude == -2.35);
    cr_expect_eq(n->msd, 12);
    cr_assert(n->algorithms.count == 3 && n->flexes.count == 2);
    cr_expect(s->algorithms[0] == 0 && s->algorithms[1] == 128 && s->algorithms[2] == 255);
    const struct ted_flex_definition *flex = &s->flexes[n->flexes.first];
    cr_expect(flex->algorithm == 128 && flex->metric_type == TED_FLEX_MIN_DELAY);
    cr_expect(flex->priority == 9 && flex->has_prefix_metric == 1 && flex->is_partial == 0);
    cr_expect(flex->exclude_any[0] == 1 && flex->exclude_any[7] == 0x80000000);
    cr_expect(flex->include_any[1] == 1 && flex->include_all[0] == 0);
    cr_expect(flex->srlg_count == 2 && flex->exclude_srlgs[1] == 8);
    cr_expect(flex[1].algorithm == 255 && flex[1].priority == 128 && flex[1].metric_type == 0);
    cr_expect_eq(n->prefix_sids.count, 4);
    cr_expect_eq(s->sid_owners[4], TED_NONE, "an anycast SID is nobody's");
    cr_expect(n->igp_id_size == 4 && n->igp_id[0] == 192);
    cr_expect(n->is_overloaded && s->links[0].is_first_only && !s->links[1].is_first_only);
    cr_expect_eq(n->srv6_msd, 11);
    cr_expect_eq(ted_label_of_index(s, 0, 499), 100499);
    cr_expect_eq(ted_label_of_index(s, 0, 500), TED_NONE);
    cr_expect_eq(ted_find_prefix_sid(s, 0, 0, IP_V4)->index, 1);
    cr_expect_eq(ted_find_prefix_sid(s, 0, 0, IP_V6)->index, 2);
    cr_expect_eq(ted_find_prefix_sid(s, 0, 128, IP_V4)->index, 3);
    cr_assert_eq(n->srv6_sids.count, 2);
    const struct ted_srv6_sid *sids = &s->srv6_sids[n->srv6_sids.first];
    cr_expect(sids[0].algorithm == 128 && sids[0].behavior == 1);
    cr_expect(sids[0].block_bits == 40 && sids[0].node_bits == 8);
    cr_expect(sids[0].function_bits == 16 && sids[0].argument_bits == 4);
    cr_expect(sids[1].algorithm == 0 && sids[1].behavior == 1 && sids[1].block_bits == 32);
    ted_snapshot_destroy(s);
}

Test(topology_file, a_node_has_the_defaults_where_it_says_nothing)
{
    struct ted_snapshot *s = READ(every_key);
    cr_expect_eq(s->nodes[1].msd, 9);
    cr_expect_eq(s->nodes[1].srv6_msd, 5);
    cr_expect_eq(ted_find_prefix_sid(s, 1, 0, IP_V4)->index, 9);
    cr_expect_not(s->nodes[1].has_position);
    cr_expect_eq(s->nodes[1].router_id_v4.family, IP_NONE);
    cr_expect_eq(ted_label_of_index(s, 1, 999), 16999);
    cr_expect_eq(ted_label_of_index(s, 1, 1000), 1000);
    cr_expect_eq(ted_label_of_index(s, 1, 1015), 1015);
    cr_expect_eq(ted_label_of_index(s, 1, 1016), TED_NONE);
    ted_snapshot_destroy(s);
}

Test(topology_file, every_key_of_a_link_arrives)
{
    struct ted_snapshot *s = READ(every_key);
    const struct ted_link *l = &s->links[0];
    struct ip local = address("198.51.100.0");
    struct ip remote = address("198.51.100.1");
    struct ip local_v6 = address("2001:db8:1::");
    cr_expect(l->from == 0 && l->to == 1 && l->reverse == 1);
    cr_expect(ip_is_equal(&l->local_v4, &local) && ip_is_equal(&l->remote_v4, &remote));
    cr_expect(ip_is_equal(&l->local_v6, &local_v6));
    cr_expect(l->local_id == UINT32_MAX && l->remote_id == 1);
    cr_expect_eq(l->igp_metric, 16777214);
    cr_expect_eq(l->te_metric, UINT32_MAX);
    cr_expect_eq(l->delay_us, 250);
    cr_expect_eq(l->admin_group, 9);
    cr_expect(l->measured == 7 && l->delay_min_us == 200 && l->delay_max_us == 300);
    cr_expect(l->delay_variation_us == 10 && l->loss == 16777214 && l->msd == 5);
    cr_assert_eq(l->groups.count, 8);
    cr_expect(s->group_words[l->groups.first] == 9, "as admin-group says");
    cr_expect_eq(s->group_words[l->groups.first + 7], 0x80000000);
    struct ted_flex_seen seen;
    ted_flex_see(s, l, &seen);
    cr_expect(l->flex_source == TED_FLEX_TOLD && seen.te_metric == 77 && seen.delay_min_us == 9);
    cr_expect(seen.groups[0] == 0 && seen.groups[1] == 256 && seen.srlg_count == 2);
    cr_expect(seen.srlgs[0] == 2 && seen.srlgs[1] == 3);
    cr_expect_eq(l->capacity, 312.5e6F);
    cr_expect_eq(l->max_reservable, 250e6F);
    cr_expect_eq(l->unreserved[0], 250e6F);
    cr_expect_eq(l->unreserved[4], 150e6F);
    cr_expect_eq(l->unreserved[7], 77.76e6F);
    cr_assert_eq(l->srlgs.count, 2);
    cr_expect_eq(s->srlgs[l->srlgs.first], 7);
    cr_expect_eq(l->adj_sids.count, 3);
    cr_expect(s->adj_sids[l->adj_sids.first + 2].is_protected);
    cr_expect_eq(s->adj_sids[l->adj_sids.first + 2].family, IP_NONE);
    cr_expect_eq(ted_find_adj_sid(s, 0, IP_V4, TED_UNPROTECTED_PREFERRED)->label, 24000);
    cr_expect_eq(ted_find_adj_sid(s, 0, IP_V6, TED_UNPROTECTED_PREFERRED)->label, 24003);
    cr_assert_eq(l->srv6_sids.count, 1);
    cr_expect_eq(s->srv6_sids[l->srv6_sids.first].behavior, 5);
    cr_expect_eq(s->srv6_sids[l->srv6_sids.first].function_bits, 16);
    cr_expect_not(s->srv6_sids[l->srv6_sids.first].is_protected);
    ted_snapshot_destroy(s);
}

Test(topology_file, the_other_direction_is_what_reverse_says)
{
    struct ted_snapshot *s = READ(every_key);
    const struct ted_link *l = &s->links[1];
    struct ip local = address("198.51.100.1");
    cr_expect(l->from == 1 && l->to == 0 && l->reverse == 0);
    cr_expect(ip_is_equal(&l->local_v4, &local));
    cr_expect(l->local_id == 1 && l->remote_id == UINT32_MAX);
    cr_expect(l->igp_metric == 5 && l->te_metric == 6 && l->delay_us == 7);
    cr_expect(l->admin_group == 8 && l->srlgs.count == 0);
    cr_expect(l->delay_min_us == 1000 && l->delay_max_us == 2000 && l->delay_variation_us == 3);
    cr_expect(l->loss == 166667 && l->msd == 7 && l->flex_source == TED_FLEX_NONE);
    cr_assert_eq(l->groups.count, 3);
    cr_expect_eq(s->group_words[l->groups.first + 2], 1);
    cr_expect(l->capacity == 50e6F && l->max_reservable == 12.5e6F);
    cr_expect(l->unreserved[0] == 10e6F && l->unreserved[7] == 0);
    cr_expect_eq(l->adj_sids.count, 1);
    cr_expect_eq(ted_find_adj_sid(s, 1, IP_V4, TED_UNPROTECTED_PREFERRED)->label, 24001);
    cr_expect_eq(s->srv6_sids[l->srv6_sids.first].behavior, 57);
    cr_expect(s->srv6_sids[l->srv6_sids.first].is_protected);
    ted_snapshot_destroy(s);
}

Test(topology_file, a_link_has_the_defaults_in_both_directions)
{
    struct ted_snapshot *s = READ(every_key);
    cr_assert_eq(s->link_count, 5);
    for (uint32_t i = 2; i < 5; i++) {
        const struct ted_link *l = &s->links[i];
        cr_expect_eq(l->igp_metric, i == 2 ? 20 : 3);
        cr_expect(l->te_metric == 30 && l->delay_us == 1500 && l->admin_group == 0x80000001);
        cr_expect(l->capacity == 1.25e9F && l->max_reservable == 1.25e9F);
        cr_expect(l->unreserved[0] == 1.25e9F && l->unreserved[7] == 1.25e9F);
    }
    cr_expect_eq(s->links[2].reverse, 4);
    cr_expect_eq(s->links[3].reverse, TED_NONE);
    ted_snapshot_destroy(s);
}

Test(topology_file, without_defaults_the_te_metric_is_the_igp_metric)
{
    struct ted_snapshot *s = READ("nodes: [{name: A, router-id: 10.0.0.1}, "
                                  "{name: B, router-id: 10.0.0.2}]\n"
                                  "links: [{from: A, to: B, igp-metric: 7, reverse: "
                                  "{igp-metric: 8}}, {from: A, to: B}]");
    cr_expect(s->links[0].te_metric == 7 && s->links[1].te_metric == 8);
    cr_expect(s->links[2].igp_metric == 10 && s->links[3].te_metric == 10);
    cr_expect(s->links[0].capacity == 0 && s->nodes[0].msd == 0 && s->nodes[0].srgbs.count == 0);
    ted_snapshot_destroy(s);
}

Test(topology_file, a_link_of_the_greatest_metric_is_not_used_by_the_igp)
{
    struct ted_snapshot *s = READ("nodes: [{name: A, router-id: 10.0.0.1}, "
                                  "{name: B, router-id: 10.0.0.2}]\n"
                                  "links: [{from: A, to: B, igp-metric: 16777215, reverse: "
                                  "{igp-metric: 16777214}}]");
    cr_expect(s->links[0].is_igp_unused && !s->links[0].is_two_way);
    cr_expect(s->links[0].igp_metric == 16777214 && s->links[0].te_metric == 16777214);
    cr_expect(!s->links[1].is_igp_unused && s->links[1].is_two_way);
    ted_snapshot_destroy(s);
}

Test(topology_file, reverse_takes_over_all_but_sids)
{
    struct ted_snapshot *s =
        READ("nodes: [{name: A, router-id: 10.0.0.1}, {name: B, router-id: 10.0.0.2}]\n"
             "links: [{from: A, to: B, igp-metric: 7, te-metric: 8, delay: 9, capacity: 80M, "
             "reservable: 40M, unreserved: [8M, 0, 0, 0, 0, 0, 0, 0], admin-group: 3, "
             "srlgs: [5], delay-range: [1, 2], delay-variation: 3, loss: 1, link-msd: 4, "
             "extended-admin-group: [40], flex-attributes: {te-metric: 5}, "
             "adj-sid: 24000, srv6-sids: [{sid: '2001:db8::'}]}]");
    const struct ted_link *l = &s->links[1];
    cr_expect(l->igp_metric == 7 && l->te_metric == 8 && l->delay_us == 9);
    cr_expect(l->capacity == 10e6F && l->max_reservable == 5e6F && l->unreserved[0] == 1e6F);
    cr_expect(l->unreserved[1] == 0 && l->admin_group == 3 && l->srlgs.count == 1);
    cr_expect(l->adj_sids.count == 0 && l->srv6_sids.count == 0);
    cr_expect(l->delay_min_us == 1 && l->delay_max_us == 2 && l->delay_variation_us == 3);
    cr_expect(l->loss == 333333 && l->msd == 4 && l->groups.count == 2);
    cr_expect(s->flex_links[l->flex].te_metric == 5 &&
              s->flex_links[l->flex].delay_min_us == TED_NONE);
    ted_snapshot_destroy(s);
}

static void expect_fault(const char *text, size_t size, enum pce_status status, uint32_t line,
                         const char *element, const char *reason)
{
    struct ted_snapshot *s = NULL;
    struct ted_fault fault;
    cr_expect_eq(topology_file_read(text, size, &s, &fault), status, "%s", text);
    cr_expect_null(s);
    cr_expect_eq(fault.line, line, "%s\nline %u, not %u", text, fault.line, line);
    cr_expect_str_eq(fault.element, element, "%s\n%s", text, fault.element);
    cr_expect_str_eq(fault.reason, reason, "%s\n%s", text, fault.reason);
}

struct bad_file {
    const char *text;
    enum pce_status status;
    uint32_t line;
    const char *element;
    const char *reason;
};

#include "tests/unit/ted/bad_files.inc"

Test(topology_file, each_mistake_gives_its_line_element_and_reason)
{
    for (size_t i = 0; i < sizeof bad_files / sizeof bad_files[0]; i++) {
        const struct bad_file *bad = &bad_files[i];
        expect_fault(bad->text, strlen(bad->text), bad->status, bad->line, bad->element,
                     bad->reason);
    }
}

Test(topology_file, octets_that_are_no_text_give_their_line)
{
    static const char nul[] = "nodes:\n- name: a\0b\n";
    static const char no_utf8[] = "network: {name: x}\nnodes:\n- name: \xff\n";
    expect_fault(nul, sizeof nul - 1, PCE_INVALID, 2, "", "control characters are not allowed");
    expect_fault(no_utf8, sizeof no_utf8 - 1, PCE_INVALID, 3, "", "invalid leading UTF-8 octet");
}

Test(topology_file, every_beginning_of_a_file_is_refused_or_read)
{
    for (size_t size = 0; size < sizeof every_key; size++) {
        struct ted_snapshot *s;
        struct ted_fault fault;
        if (topology_file_read(every_key, size, &s, &fault) == PCE_OK)
            ted_snapshot_destroy(s);
        else
            cr_expect(fault.line > 0 && fault.reason[0] != '\0', "%zu", size);
    }
}

Test(topology_file, a_column_points_at_the_value)
{
    static const char text[] = "nodes:\n- {name: A, router-id: 10.0.0}\n";
    struct ted_snapshot *s;
    struct ted_fault fault;
    cr_assert_eq(topology_file_read(text, sizeof text - 1, &s, &fault), PCE_INVALID);
    cr_expect_eq(fault.line, 2);
    cr_expect_eq(fault.column, 24);
}

struct list_limit {
    const char *head;
    int (*write_item)(char *text, size_t size, unsigned i);
    const char *tail;
    unsigned limit;
    const char *element; /* of the item past the limit */
};

static int write_address(char *text, size_t size, unsigned i)
{
    return snprintf(text, size, "10.1.0.%u, ", i);
}

static int write_srgb(char *text, size_t size, unsigned i)
{
    return snprintf(text, size, "{base: 1%02u000, size: 1}, ", i);
}

static int write_prefix_sid(char *text, size_t size, unsigned i)
{
    return snprintf(text, size, "{index: %u, algorithm: %u}, ", i, 128 + i);
}

static int write_srv6_sid(char *text, size_t size, unsigned i)
{
    return snprintf(text, size, "{sid: 'fd00::1:%u'}, ", i);
}

static int write_srlg(char *text, size_t size, unsigned i)
{
    return snprintf(text, size, "%u, ", i);
}

static int write_adj_sid(char *text, size_t size, unsigned i)
{
    return snprintf(text, size, "{label: 24%03u}, ", i);
}

/* Reads a file with a list of count items. */
static enum pce_status read_list_of(const struct list_limit *l, unsigned count,
                                    struct ted_fault *fault)
{
    static char text[65536];
    size_t used = (size_t)snprintf(text, sizeof text, "%s", l->head);
    for (unsigned i = 0; i < count; i++)
        used += (size_t)l->write_item(text + used, sizeof text - used, i);
    used += (size_t)snprintf(text + used, sizeof text - used, "%s", l->tail);
    struct ted_snapshot *s = NULL;
    enum pce_status status = topology_file_read(text, used, &s, fault);
    ted_snapshot_destroy(s);
    return status;
}

#define NODE  "nodes: [{name: A, router-id: 10.0.0.1, "
#define LINKS "nodes: [{name: A, router-id: 10.0.0.1}, {name: B, router-id: 10.0.0.2}]\nlinks: ["

Test(topology_file, each_list_holds_its_limit_and_not_one_more)
{
    static const struct list_limit limits[] = {
        {NODE "addresses: [", write_address, "]}]", 64, "nodes[0] (A): addresses[64]"},
        {NODE "srgb: [", write_srgb, "]}]", 16, "nodes[0] (A): srgb[16]"},
        {NODE "prefix-sids: [", write_prefix_sid, "]}]", 64, "nodes[0] (A): prefix-sids[64]"},
        {NODE "srv6-sids: [", write_srv6_sid, "]}]", 64, "nodes[0] (A): srv6-sids[64]"},
        {LINKS "{from: A, to: B, srlgs: [", write_srlg, "]}]", 256, "links[0] (A - B): srlgs[256]"},
        {LINKS "{from: A, to: B, adj-sids: [", write_adj_sid, "]}]", 64,
         "links[0] (A - B): adj-sids[64]"},
        {LINKS "{from: A, to: B, reverse: {srv6-sids: [", write_srv6_sid, "]}}]", 64,
         "links[0] (A - B): reverse.srv6-sids[64]"},
    };
    for (size_t i = 0; i < sizeof limits / sizeof limits[0]; i++) {
        const struct list_limit *l = &limits[i];
        struct ted_fault fault;
        cr_expect_eq(read_list_of(l, l->limit, &fault), PCE_OK, "%s: %s", fault.element,
                     fault.reason);
        cr_expect_eq(read_list_of(l, l->limit + 1, &fault), PCE_LIMIT);
        cr_expect_str_eq(fault.element, l->element, "%s", fault.element);
    }
}

Test(topology_file, a_name_has_255_octets_and_not_256)
{
    char name[257];
    char text[400];
    struct ted_snapshot *s;
    struct ted_fault fault;
    memset(name, 'n', 256);
    name[256] = '\0';
    int size = snprintf(text, sizeof text, "nodes: [{router-id: 10.0.0.1, name: %s}]", name + 1);
    s = read_text(text, (size_t)size);
    cr_expect_str_eq(s->nodes[0].name, name + 1);
    ted_snapshot_destroy(s);
    size = snprintf(text, sizeof text, "nodes: [{router-id: 10.0.0.1, name: %s}]", name);
    cr_expect_eq(topology_file_read(text, (size_t)size, &s, &fault), PCE_INVALID);
    cr_expect_str_eq(fault.reason, "has 256 octets, at most 255 are possible");
}

Test(topology_file, a_file_of_more_than_a_gibibyte_is_not_looked_at)
{
    struct ted_snapshot *s;
    struct ted_fault fault;
    cr_expect_eq(topology_file_read("", TOPOLOGY_FILE_SIZE_MAX + 1, &s, &fault), PCE_LIMIT);
}

/* Deep nesting ends at the first value of the wrong shape, whatever follows. */
Test(topology_file, deep_nesting_ends_at_once)
{
    static char text[1000000];
    struct ted_snapshot *s;
    struct ted_fault fault;
    memset(text, '[', sizeof text);
    cr_expect_eq(topology_file_read(text, sizeof text, &s, &fault), PCE_INVALID);
    static const char key[] = {'n', 'o', 'd', 'e', 's', ':', ' '};
    memcpy(text, key, sizeof key);
    cr_expect_eq(topology_file_read(text, sizeof text, &s, &fault), PCE_INVALID);
    cr_expect_eq(fault.line, 1);
    memset(text, '{', sizeof text);
    cr_expect_eq(topology_file_read(text, sizeof text, &s, &fault), PCE_INVALID);
}

/* ASCII in UTF-16, the low octet first, behind a byte order mark. */
static size_t to_utf16(const char *text, char *to)
{
    size_t size = 0;
    to[size++] = (char)0xff;
    to[size++] = (char)0xfe;
    for (; *text != '\0'; text++) {
        to[size++] = *text;
        to[size++] = '\0';
    }
    return size;
}

Test(topology_file, a_byte_order_mark_is_no_part_of_the_text)
{
    static const char marked[] = "\xef\xbb\xbfnodes:\n- {name: A, router-id: 10.0.0.1}\n";
    char utf16[2 * sizeof marked];
    struct ted_snapshot *s = read_text(marked, sizeof marked - 1);
    cr_expect_str_eq(s->nodes[0].name, "A");
    ted_snapshot_destroy(s);
    s = read_text(utf16, to_utf16(marked + 3, utf16));
    cr_expect_str_eq(s->nodes[0].name, "A");
    ted_snapshot_destroy(s);
}
