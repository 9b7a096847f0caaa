/* What routers tell, as FRR shows it. */
#include "tests/unit/import/helpers.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#define VERTEX(id, name, more)                                                                     \
    "{\"vertex-id\": " id ", \"origin\": \"ISIS_L2\", \"name\": \"" name "\"" more "}"
#define SR(base)                                                                                   \
    ", \"segment-routing\": {\"srgb-lower\": " base ", \"srgb-size\": 8000, \"msd\": 9}"
#define ID(id) ", \"router-id\": \"10.0.0." id "\""
#define EDGE(from, to, attributes, sids)                                                           \
    "{\"origin\": \"ISIS_L2\", \"local-vertex-id\": " from ", \"remote-vertex-id\": " to           \
    ", \"metric\": 15, \"edge-attributes\": {" attributes "}, \"segment-routing\": [" sids "]}"
#define V4(a, b)          "\"local-address\": \"10.1.0." a "\", \"remote-address\": \"10.1.0." b "\""
#define V6(a, b)          "\"local-address-v6\": \"fd00::" a "\", \"remote-address-v6\": \"fd00::" b "\""
#define SID(label, flags) "{\"adj-sid\": " label ", \"flags\": \"" flags "\", \"weight\": 0}"
#define TED(vertices, edges, subnets)                                                              \
    "{\"ted\": {\"name\": \"ISIS\", \"vertices\": [" vertices "], \"edges\": [" edges              \
    "], \"subnets\": [" subnets "]}}"
#define TWO VERTEX("1", "r1", ID("1") SR("16000")) ", " VERTEX("2", "r2", ID("2") SR("16000"))

Test(frr, what_routers_tell_is_taken)
{
    struct import import = import_good(
        TED(TWO,
            EDGE("1", "2",
                 V4("1",
                    "2") ", \"te-metric\": 20, \"admin-group\": 32, \"delay\": 10000, "
                         "\"max-link-bandwidth\": 1250000, \"max-resv-link-bandwidth\": 1000000, "
                         "\"unreserved-bandwidth\": [{\"class-type-0\": 500000}], "
                         "\"srlgs\": [7, {\"srlg\": 9}]",
                 SID("24000", "0x70") ", " SID("24001", "0xb0")) ", " EDGE("2", "1", V4("2", "1"),
                                                                           ""),
            "{\"subnet-id\": \"10.0.0.1/32\", \"vertex-id\": 1, \"segment-routing\": "
            "{\"pref-sid\": "
            "11, \"algo\": 0, \"flags\": \"0x60\"}}, "
            "{\"subnet-id\": \"10.9.0.1/32\", \"vertex-id\": 1}, "
            "{\"subnet-id\": \"10.1.0.1/24\", \"vertex-id\": 1}"),
        NULL);
    const struct ted_snapshot *s = import.snapshot;
    const struct ted_link *link = link_between(&import, "r1", "r2");
    cr_expect_eq(import.format, IMPORT_FRR);
    cr_expect_eq(s->nodes[0].msd, 9);
    cr_expect_eq(s->nodes[0].addresses.count, 1);
    cr_expect_eq(ted_find_prefix_sid(s, 0, 0, IP_V4)->index, 11);
    cr_expect_null(ted_find_prefix_sid(s, 1, 0, IP_V4));
    cr_expect_eq(link->igp_metric, 15);
    cr_expect_eq(link->te_metric, 20);
    cr_expect_eq(link->admin_group, 32);
    cr_expect_eq(link->delay_us, 10000);
    cr_expect_float_eq((double)link->capacity, 1250000, 1);
    cr_expect_float_eq((double)link->max_reservable, 1e6, 1);
    cr_expect_float_eq((double)link->unreserved[0], 5e5, 1);
    cr_expect_float_eq((double)link->unreserved[1], 1e6, 1);
    cr_expect_eq(link->srlgs.count, 2);
    cr_expect_eq(link->adj_sids.count, 2);
    cr_expect_eq(ted_find_adj_sid(s, 0, IP_V4, TED_PROTECTED_ONLY)->label, 24000);
    cr_expect_eq(ted_find_adj_sid(s, 0, IP_V6, TED_UNPROTECTED_ONLY)->label, 24001);
    cr_expect_eq(link->reverse, 1);
    cr_expect_eq(s->links[1].delay_us, 0);
    import_fini(&import);
}

Test(frr, links_of_both_families_are_one)
{
    struct import import = import_good(
        TED(TWO,
            EDGE("1", "2", V4("1", "2"), "") ", " EDGE("2", "1", V4("2", "1"), "") ", " EDGE(
                "1", "2", V6("1", "2"), SID("24005", "0xb0")) ", " EDGE("2", "1", V6("2", "1"), ""),
            ""),
        NULL);
    const struct ted_link *link = link_between(&import, "r1", "r2");
    cr_expect_eq(import.snapshot->link_count, 2);
    cr_expect_eq(link->local_v4.family, IP_V4);
    cr_expect_eq(link->local_v6.family, IP_V6);
    cr_expect_eq(link->adj_sids.count, 1);
    cr_expect_eq(import.notes[IMPORT_FAMILIES_JOINED], 2);
    import_fini(&import);
}

Test(frr, what_a_network_cannot_have_is_left_out_and_told)
{
    struct import import = import_good(
        TED(TWO ", " VERTEX("3", "nameless", "") ", " VERTEX("4", "r4", ID("4")),
            EDGE("1", "2", V4("1", "2"),
                 SID("16007", "0x30") ", " SID("24000", "0x30") ", " SID("24000", "0x30") ", " SID(
                     "3", "0x30")) ", " EDGE("1", "3", "",
                                             "") ", {\"local-vertex-id\": "
                                                 "1}, " EDGE("2", "1",
                                                             V4("2", "1") ", "
                                                                          "\"max-link-"
                                                                          "bandwidth\": "
                                                                          "1e30, "
                                                                          "\"max-resv-"
                                                                          "link-"
                                                                          "bandwidth\": "
                                                                          "100, "
                                                                          "\"unreserved-"
                                                                          "bandwidth\": "
                                                                          "[{\"class-"
                                                                          "type-0\": "
                                                                          "500}]",
                                                             "") ", " EDGE("4", "2", V4("1", "9"),
                                                                           ""),
            "{\"subnet-id\": \"10.0.0.1/32\", \"vertex-id\": 1, \"segment-routing\": "
            "{\"pref-sid\": "
            "9000}}, {\"subnet-id\": \"10.0.0.2/32\", \"vertex-id\": 2, \"segment-routing\": "
            "{\"pref-sid\": 16000, \"flags\": \"0x0c\"}}, {\"subnet-id\": \"10.0.0.1/32\", "
            "\"vertex-id\": 4}"),
        NULL);
    cr_expect_eq(import.snapshot->node_count, 3);
    cr_expect_eq(import.notes[IMPORT_NODES_WITHOUT_ID], 1);
    cr_expect_eq(import.notes[IMPORT_LINKS_WITHOUT_END], 2);
    cr_expect_eq(import.notes[IMPORT_SIDS_LEFT_OUT], 5);
    cr_expect_eq(import.notes[IMPORT_UNRESERVED_BENT], 1);
    cr_expect_eq(import.notes[IMPORT_VALUES_BENT], 1);
    cr_expect_eq(import.notes[IMPORT_ADDRESSES_LEFT_OUT], 2);
    import_fini(&import);
}
