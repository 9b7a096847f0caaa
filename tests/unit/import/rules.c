/* What becomes of what a network of routers has not, and of what a file does not say. */
#include "tests/unit/import/helpers.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#define GRAPH(edges, inner)                                                                        \
    "<graphml><key id=\"n\" for=\"node\" attr.name=\"label\"/>"                                    \
    "<key id=\"i\" for=\"node\" attr.name=\"Internal\"/>"                                          \
    "<key id=\"h\" for=\"node\" attr.name=\"hyperedge\"/>"                                         \
    "<key id=\"y\" for=\"node\" attr.name=\"Latitude\"/>"                                          \
    "<key id=\"x\" for=\"node\" attr.name=\"Longitude\"/>"                                         \
    "<key id=\"d\" for=\"edge\" attr.name=\"dist\"/>"                                              \
    "<key id=\"w\" for=\"edge\" attr.name=\"weight\"/>"                                            \
    "<graph edgedefault=\"" edges "\">" inner "</graph></graphml>"
#define NODE(id)            "<node id=\"" id "\"/>"
#define NODE_AS(id, data)   "<node id=\"" id "\">" data "</node>"
#define EDGE(a, b)          "<edge source=\"" a "\" target=\"" b "\"/>"
#define EDGE_AS(a, b, data) "<edge source=\"" a "\" target=\"" b "\">" data "</edge>"
#define KM(km)              "<data key=\"d\">" km "</data>"
#define HUB                 "<data key=\"h\">1</data>"
#define OUTSIDE             "<data key=\"i\">0</data>"

static void expect_note(const struct import *import, enum import_note note, uint64_t count)
{
    cr_expect_eq(import->notes[note], count, "%s: %lu", import_note_text(note),
                 import->notes[note]);
}

Test(rules, external_nodes_are_left_out_or_kept)
{
    static const char text[] = GRAPH("undirected", NODE("A") NODE("B") NODE_AS("X", OUTSIDE)
                                                       EDGE("A", "B") EDGE("A", "X"));
    const struct import_options keeps = {.capacity = 1e9, .keeps_external = true};
    struct import import = import_good(text, NULL);
    cr_expect_eq(import.snapshot->node_count, 2);
    cr_expect_eq(import.snapshot->link_count, 2);
    expect_note(&import, IMPORT_EXTERNAL_NODES, 1);
    import_fini(&import);
    import = import_good(text, &keeps);
    cr_expect_eq(import.snapshot->node_count, 3);
    expect_note(&import, IMPORT_EXTERNAL_KEPT, 1);
    import_fini(&import);
}

Test(rules, link_of_many_ends_becomes_links_between_them)
{
    struct import import =
        import_good(GRAPH("undirected", NODE("A") NODE("B") NODE("C") NODE_AS("h", HUB)
                                            EDGE_AS("A", "h", KM("10")) EDGE_AS("h", "B", KM("20"))
                                                EDGE_AS("C", "h", KM("30"))),
                    NULL);
    cr_expect_eq(import.snapshot->node_count, 3);
    cr_expect_eq(import.snapshot->link_count, 6);
    cr_expect_eq(link_between(&import, "A", "B")->igp_metric, 30);
    cr_expect_eq(link_between(&import, "C", "A")->igp_metric, 40);
    cr_expect_eq(link_between(&import, "B", "C")->igp_metric, 50);
    expect_note(&import, IMPORT_HYPEREDGES, 1);
    import_fini(&import);
}

Test(rules, links_of_many_ends_in_a_row_become_links_between_the_nodes)
{
    struct import import =
        import_good(GRAPH("undirected", NODE("A") NODE_AS("g", HUB) NODE_AS("h", HUB) NODE("B")
                                            EDGE_AS("A", "g", KM("1")) EDGE_AS("g", "h", KM("2"))
                                                EDGE_AS("h", "B", KM("4"))),
                    NULL);
    cr_expect_eq(import.snapshot->link_count, 2);
    cr_expect_eq(link_between(&import, "A", "B")->igp_metric, 7);
    expect_note(&import, IMPORT_HYPEREDGES, 2);
    import_fini(&import);
}

Test(rules, hyperedge_of_graphml_becomes_links_between_its_ends)
{
    struct import import = import_good(
        GRAPH(
            "undirected",
            NODE("A") NODE("B") NODE(
                "C") "<hyperedge><endpoint node=\"A\"/><endpoint node=\"B\"/><endpoint node=\"C\"/>"
                     "</hyperedge>"),
        NULL);
    cr_expect_eq(import.snapshot->node_count, 3);
    cr_expect_eq(import.snapshot->link_count, 6);
    import_fini(&import);
}

/* A hyperedge with so many ends. */
static struct import import_hub(unsigned ends)
{
    static char text[64 << 10];
    char *at = text + snprintf(text, sizeof text,
                               "<graphml><key id=\"h\" for=\"node\" "
                               "attr.name=\"hyperedge\"/><graph>" NODE_AS("h", HUB));
    for (unsigned i = 0; i < ends; i++)
        at += snprintf(at, 100, NODE("a%u") EDGE("a%u", "h"), i, i);
    (void)snprintf(at, 100, "</graph></graphml>");
    return import_good(text, NULL);
}

Test(rules, links_of_many_ends_have_a_limit)
{
    struct import import = import_hub(64);
    cr_expect_eq(import.snapshot->node_count, 64);
    cr_expect_eq(import.snapshot->link_count, 64 * 63);
    import_fini(&import);
    import = import_hub(65);
    cr_expect_eq(import.snapshot->node_count, 66);
    cr_expect_eq(import.snapshot->link_count, 2 * 65);
    expect_note(&import, IMPORT_WIDE_HYPEREDGES, 1);
    import_fini(&import);
}

Test(rules, loops_are_left_out_and_parallel_links_stay)
{
    struct import import = import_good(
        GRAPH("undirected", NODE("A") NODE("B") EDGE("A", "A") EDGE("A", "B") EDGE("B", "A")),
        NULL);
    cr_expect_eq(import.snapshot->link_count, 4);
    expect_note(&import, IMPORT_LOOPS, 1);
    expect_note(&import, IMPORT_PARALLEL_LINKS, 1);
    cr_expect_neq(import.snapshot->links[0].local_id, import.snapshot->links[2].local_id);
    import_fini(&import);
}

Test(rules, edges_of_a_directed_graph_are_directions_of_links)
{
    struct import import =
        import_good(GRAPH("directed", NODE("A") NODE("B") NODE("C") EDGE_AS("A", "B", KM("5"))
                                          EDGE("C", "B") EDGE_AS("B", "A", KM("7"))),
                    NULL);
    cr_expect_eq(import.snapshot->link_count, 3);
    cr_expect_eq(link_between(&import, "A", "B")->igp_metric, 5);
    cr_expect_eq(link_between(&import, "B", "A")->igp_metric, 7);
    cr_expect_neq(link_between(&import, "A", "B")->reverse, TED_NONE);
    cr_expect_eq(link_between(&import, "C", "B")->reverse, TED_NONE);
    expect_note(&import, IMPORT_ONE_WAY_LINKS, 1);
    import_fini(&import);
}

Test(rules, links_of_sndlib_have_directions_when_one_leads_back)
{
    static const char head[] = "?SNDlib\nNODES ( A B C )\nLINKS ( 1 ( A B ) 1 0 0 0 ( ) "
                               "2 ( B C ) 1 0 0 0 ( ) ";
    char text[256];
    (void)snprintf(text, sizeof text, "%s)", head);
    struct import import = import_good(text, NULL);
    cr_expect_eq(import.snapshot->link_count, 4);
    import_fini(&import);
    (void)snprintf(text, sizeof text, "%s3 ( B A ) 1 0 0 0 ( ) )", head);
    import = import_good(text, NULL);
    cr_expect_eq(import.snapshot->link_count, 3);
    expect_note(&import, IMPORT_ONE_WAY_LINKS, 1);
    import_fini(&import);
}

Test(rules, names_are_made_unlike_each_other)
{
    struct import import = import_good(
        GRAPH("undirected",
              NODE_AS("7", "<data key=\"n\">X</data>") NODE_AS("8", "<data key=\"n\">X</data>")
                  NODE("9") NODE("Y") NODE_AS("10", "<data key=\"n\">X (8)</data>")
                      NODE_AS("11", "<data key=\"n\">a\tb</data>")),
        NULL);
    static const char *const names[] = {"X", "X (8)", "node 9", "Y", "X (8) #4", "a b"};
    for (uint32_t i = 0; i < 6; i++)
        cr_expect_str_eq(import.snapshot->nodes[i].name, names[i]);
    expect_note(&import, IMPORT_TWIN_NAMES, 2);
    expect_note(&import, IMPORT_UNNAMED_NODES, 1);
    expect_note(&import, IMPORT_SHORTENED_NAMES, 1);
    import_fini(&import);
}

Test(rules, coordinates_that_are_no_degrees_are_no_positions)
{
    struct import import = import_good(
        "{\"nodes\": [{\"id\": 1, \"pos\": [10, 20]}, {\"id\": 2, \"pos\": [10, 200]}], "
        "\"links\": [{\"source\": 1, \"target\": 2, \"dist\": 42.4}]}",
        NULL);
    cr_expect_not(import.snapshot->nodes[0].has_position);
    cr_expect_eq(import.snapshot->links[0].igp_metric, 42);
    cr_expect_eq(import.snapshot->links[0].delay_us, 212);
    expect_note(&import, IMPORT_PLANE, 2);
    import_fini(&import);
}

Test(rules, what_is_not_said_is_assumed_and_told)
{
    const struct import_options options = {.capacity = 4e10};
    struct import import =
        import_good(GRAPH("undirected", NODE("A") NODE("B") EDGE("A", "B")), &options);
    const struct ted_link *link = &import.snapshot->links[0];
    cr_expect_eq(link->igp_metric, 100);
    cr_expect_eq(link->delay_us, 500);
    cr_expect_float_eq((double)link->capacity, 5e9, 1);
    expect_note(&import, IMPORT_LENGTHS_ASSUMED, 1);
    expect_note(&import, IMPORT_UNPLACED_NODES, 2);
    expect_note(&import, IMPORT_CAPACITIES_ASSUMED, 1);
    import_fini(&import);
}

Test(rules, short_links_have_the_least_metric_and_delay)
{
    struct import import =
        import_good(GRAPH("undirected", NODE("A") NODE("B") EDGE_AS("A", "B", KM("0.2"))), NULL);
    cr_expect_eq(import.snapshot->links[0].igp_metric, 1);
    cr_expect_eq(import.snapshot->links[0].delay_us, 10);
    import_fini(&import);
}

Test(rules, values_outside_their_range_are_the_nearest)
{
    struct import import = import_good(
        GRAPH("undirected", NODE("A") NODE("B") EDGE_AS("A", "B", "<data key=\"w\">-3</data>")
                                EDGE_AS("A", "B", "<data key=\"w\">1e30</data>")),
        NULL);
    cr_expect_eq(import.snapshot->links[0].igp_metric, 0);
    cr_expect_eq(import.snapshot->links[2].igp_metric, 16777214);
    expect_note(&import, IMPORT_VALUES_BENT, 2);
    import_fini(&import);
}

Test(rules, demands_of_nodes_that_were_left_out_are_told)
{
    struct import import =
        import_good("?SNDlib\nNODES ( A B )\nDEMANDS ( 1 ( A B ) 1 -5 UNLIMITED )\n", NULL);
    cr_expect_eq(import.demands.count, 0);
    expect_note(&import, IMPORT_LOST_DEMANDS, 1);
    import_fini(&import);
}
