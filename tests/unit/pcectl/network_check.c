#include "server/pcectl/topology/network_check.h"

#include "core/ted/topology_file.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

/* Four nodes in a ring, and nothing odd about them. */
#define NODE(name, id) "  - {name: " name ", router-id: 10.0.0." id ", prefix-sid: " id "}\n"
#define HEAD                                                                                       \
    "defaults: {srgb: {base: 16000, size: 100}, capacity: 10G}\n"                                  \
    "nodes:\n" NODE("A", "1") NODE("B", "2") NODE("C", "3") NODE("D", "4")
#define RING                                                                                       \
    "links:\n"                                                                                     \
    "  - {from: A, to: B, addresses: [10.1.0.0, 10.1.0.1]}\n"                                      \
    "  - {from: B, to: C, addresses: [10.1.0.2, 10.1.0.3]}\n"                                      \
    "  - {from: C, to: D, addresses: [10.1.0.4, 10.1.0.5]}\n"                                      \
    "  - {from: D, to: A, addresses: [10.1.0.6, 10.1.0.7]}\n"

static struct findings check_text(const char *text)
{
    struct ted_snapshot *snapshot;
    struct ted_fault fault;
    struct findings findings;
    cr_assert_eq(topology_file_read(text, strlen(text), &snapshot, &fault), PCE_OK, "%s: %s",
                 fault.element, fault.reason);
    findings_init(&findings);
    cr_assert_eq(network_check(snapshot, &findings), PCE_OK);
    ted_snapshot_destroy(snapshot);
    return findings;
}

/* The text must give findings of this kind alone, so many, the first one with these words. */
static void assert_finds(const char *text, unsigned kind, uint64_t count, const char *words)
{
    struct findings findings = check_text(text);
    for (unsigned i = 0; i < FINDING_KIND_COUNT; i++)
        cr_assert_eq(findings.counts[i], i == kind ? count : 0, "%s: %lu",
                     finding_kind_row_of(i).id, findings.counts[i]);
    cr_assert_not_null(strstr(findings.texts[kind][0], words), "%s", findings.texts[kind][0]);
    findings_fini(&findings);
}

Test(network_check, sound_network_has_no_findings, .timeout = 10)
{
    struct findings findings = check_text(HEAD RING);
    for (unsigned i = 0; i < FINDING_KIND_COUNT; i++)
        cr_expect_eq(findings.counts[i], 0, "%s", finding_kind_row_of(i).id);
    cr_assert_eq(findings_worst(&findings), FINDING_NOTE);
    findings_fini(&findings);
}

Test(network_check, node_without_links_is_isolated, .timeout = 10)
{
    assert_finds(HEAD NODE("E", "5") RING, FINDING_ISOLATED_NODE, 1, "E");
}

Test(network_check, nodes_beside_the_largest_part_are_named, .timeout = 10)
{
    assert_finds(HEAD NODE("E", "5") NODE("F", "6") RING "  - {from: E, to: F}\n", FINDING_PART, 1,
                 "2 nodes: E, F");
}

Test(network_check, node_behind_a_half_link_is_unreachable, .timeout = 10)
{
    struct findings findings =
        check_text(HEAD NODE("E", "5") RING "  - {from: A, to: E, one-way: true}\n");
    cr_assert_eq(findings.counts[FINDING_UNREACHABLE_NODE], 1);
    cr_assert_eq(findings.counts[FINDING_HALF_LINK], 1);
    cr_assert_str_eq(findings.texts[FINDING_HALF_LINK][0], "A > E");
    cr_assert_eq(findings_worst(&findings), FINDING_ERROR);
    findings_fini(&findings);
}

Test(network_check, parallel_links_are_told_once, .timeout = 10)
{
    assert_finds(HEAD RING "  - {from: A, to: B, addresses: [10.1.1.0, 10.1.1.1]}\n",
                 FINDING_PARALLEL_LINKS, 1, "A > B: 2 links");
}

Test(network_check, parallel_links_without_addresses_cannot_be_told_apart, .timeout = 10)
{
    struct findings findings = check_text(HEAD RING "  - {from: A, to: C}\n  - {from: C, to: A}\n");
    cr_assert_eq(findings.counts[FINDING_PARALLEL_LINKS], 1);
    cr_assert_eq(findings.counts[FINDING_INDISTINCT_LINKS], 1);
    findings_fini(&findings);
}

Test(network_check, values_that_differ_by_direction_are_told, .timeout = 10)
{
    assert_finds(HEAD RING "  - {from: A, to: C, igp-metric: 5, te-metric: 1, reverse: "
                           "{igp-metric: 7}}\n",
                 FINDING_ASYMMETRIC_LINK, 1, "A > C: igp-metric 5, back 7");
}

Test(network_check, link_without_capacity_is_told_for_each_direction, .timeout = 10)
{
    assert_finds(HEAD RING "  - {from: A, to: C, capacity: 0}\n", FINDING_ZERO_CAPACITY, 2,
                 "A > C");
}

Test(network_check, link_without_metric_is_told, .timeout = 10)
{
    assert_finds(HEAD RING "  - {from: A, to: C, igp-metric: 0}\n", FINDING_ZERO_METRIC, 2,
                 "A > C");
}

Test(network_check, delay_below_that_of_light_is_told, .timeout = 10)
{
    /* A quarter of the equator, 10,008 km: 50 ms. */
    const char *format = "nodes:\n"
                         "  - {name: A, router-id: 10.0.0.1, position: [0, 0]}\n"
                         "  - {name: B, router-id: 10.0.0.2, position: [0, 90]}\n"
                         "links: [{from: A, to: B, capacity: 1G, delay: %ums}]\n";
    char text[512];
    (void)snprintf(text, sizeof text, format, 39);
    assert_finds(text, FINDING_SHORT_DELAY, 2, "39000 us for 10008 km");
    (void)snprintf(text, sizeof text, format, 41);
    struct findings findings = check_text(text);
    cr_assert_eq(findings.counts[FINDING_SHORT_DELAY], 0);
    findings_fini(&findings);
}

Test(network_check, risk_groups_that_are_odd_are_told, .timeout = 10)
{
    struct findings findings =
        check_text(HEAD "links:\n"
                        "  - {from: A, to: B, srlgs: [1, 7]}\n"
                        "  - {from: B, to: C, srlgs: [1]}\n"
                        "  - {from: C, to: D, srlgs: [1], reverse: {srlgs: []}}\n");
    cr_assert_eq(findings.counts[FINDING_SRLG_ASYMMETRIC], 1);
    cr_assert_eq(findings.counts[FINDING_SRLG_SINGLE], 1);
    cr_assert_str_eq(findings.texts[FINDING_SRLG_SINGLE][0], "group 7");
    cr_assert_eq(findings.counts[FINDING_SRLG_WIDE], 1);
    cr_assert_str_eq(findings.texts[FINDING_SRLG_WIDE][0], "group 1: 3 of 3 links");
    findings_fini(&findings);
}

Test(network_check, node_without_sid_is_told_where_others_have_one, .timeout = 10)
{
    assert_finds(HEAD "  - {name: E, router-id: 10.0.0.5}\n" RING "  - {from: A, to: E}\n",
                 FINDING_NODE_WITHOUT_SID, 1, "E");
}

Test(network_check, sid_without_srgb_is_told, .timeout = 10)
{
    assert_finds("nodes:\n" NODE("A", "1")
                     NODE("B", "2") "links: [{from: A, to: B, capacity: 1G}]\n",
                 FINDING_SID_WITHOUT_SRGB, 2, "A");
}

Test(network_check, srgb_that_ends_before_the_sids_of_others_is_told, .timeout = 10)
{
    struct findings findings =
        check_text(HEAD "  - {name: E, router-id: 10.0.0.5, prefix-sid: 0, srgb: {base: 16000, "
                        "size: 4}}\n" RING "  - {from: A, to: E}\n");
    cr_assert_eq(findings.counts[FINDING_SRGB_SHORT], 1);
    cr_assert_str_eq(findings.texts[FINDING_SRGB_SHORT][0],
                     "E has labels for 4 indexes, D has index 4");
    cr_assert_eq(findings.counts[FINDING_SRGB_DIFFERENT], 1);
    cr_assert_str_eq(findings.texts[FINDING_SRGB_DIFFERENT][0], "E and A");
    findings_fini(&findings);
}

Test(network_check, address_of_two_links_is_told, .timeout = 10)
{
    assert_finds(HEAD RING "  - {from: A, to: C, addresses: [10.1.0.0, 10.1.1.1]}\n",
                 FINDING_ADDRESS_TWICE, 1, "A: 10.1.0.0");
}

/* What the file's reader refuses, and routers can tell. */
Test(network_check, labels_that_mean_two_things_are_told, .timeout = 10)
{
    struct ted_builder *builder = ted_builder_create("");
    const struct ted_srgb srgb = {16000, 100};
    struct ted_fault fault;
    uint32_t index;
    for (uint8_t i = 0; i < 2; i++) {
        const struct ted_node_spec node = {.name = i == 0 ? "A" : "B",
                                           .router_id_v4 = ip_from_u32(UINT32_C(0x0a000001) + i),
                                           .srgbs = &srgb,
                                           .srgb_count = 1};
        cr_assert_eq(ted_builder_add_node(builder, &node, &index, &fault), PCE_OK);
    }
    const struct ted_adj_sid sids[] = {{.label = 24000}, {.label = 16005}};
    for (uint32_t i = 0; i < 4; i++) {
        const struct ted_link_spec link = {.from = i % 2,
                                           .to = 1 - i % 2,
                                           .capacity = 1,
                                           .igp_metric = 1,
                                           .adj_sids = sids,
                                           .adj_sid_count = i == 0   ? 2
                                                            : i == 2 ? 1
                                                                     : 0};
        cr_assert_eq(ted_builder_add_link(builder, &link, &index, &fault), PCE_OK);
    }
    struct ted_snapshot *snapshot;
    struct findings findings;
    cr_assert_eq(ted_builder_snapshot(builder, &snapshot, &fault), PCE_OK);
    findings_init(&findings);
    cr_assert_eq(network_check(snapshot, &findings), PCE_OK);
    cr_assert_eq(findings.counts[FINDING_LABEL_TWICE], 1);
    cr_assert_str_eq(findings.texts[FINDING_LABEL_TWICE][0], "A > B and A > B: label 24000");
    cr_assert_eq(findings.counts[FINDING_LABEL_IN_SRGB], 1);
    cr_assert_str_eq(findings.texts[FINDING_LABEL_IN_SRGB][0], "A > B: label 16005");
    findings_fini(&findings);
    ted_snapshot_destroy(snapshot);
    ted_builder_destroy(builder);
}

Test(network_check, findings_past_the_limit_are_counted, .timeout = 10)
{
    struct findings findings;
    findings_init(&findings);
    for (unsigned i = 0; i < FINDING_ROWS_MAX + 1; i++)
        findings_add(&findings, FINDING_HALF_LINK, "%u", i);
    cr_assert_eq(findings.counts[FINDING_HALF_LINK], FINDING_ROWS_MAX + 1);
    cr_assert_eq(findings.text_counts[FINDING_HALF_LINK], FINDING_ROWS_MAX);
    json_t *json = findings_json(&findings);
    cr_assert_eq(json_array_size(json), 1);
    cr_assert_eq(json_array_size(json_object_get(json_array_get(json, 0), "found")),
                 FINDING_ROWS_MAX);
    json_decref(json);
    findings_fini(&findings);
}
