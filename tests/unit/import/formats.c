/* One network in each format of graphs: Berlin, Hamburg and Munich. */
#include "tests/unit/import/helpers.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char graphml[] =
    "<?xml version=\"1.0\"?>\n"
    "<graphml xmlns=\"http://graphml.graphdrawing.org/xmlns\">\n"
    "<key id=\"n\" for=\"node\" attr.name=\"label\"/><key id=\"y\" for=\"node\" "
    "attr.name=\"Latitude\"/>\n"
    "<key id=\"x\" for=\"node\" attr.name=\"Longitude\"/><key id=\"s\" for=\"edge\" "
    "attr.name=\"LinkLabel\"/>\n"
    "<key id=\"m\" for=\"graph\" attr.name=\"Network\"/>\n"
    "<graph edgedefault=\"undirected\"><data key=\"m\">Three &amp; more</data>\n"
    "<node id=\"0\"><data key=\"n\">Berlin</data><data key=\"y\">52.52</data><data "
    "key=\"x\">13.4</data></node>\n"
    "<node id=\"1\"><data key=\"n\">Hamburg</data><data key=\"y\">53.55</data><data "
    "key=\"x\">10.0</data></node>\n"
    "<node id=\"2\"><data key=\"n\">Munich</data><data key=\"y\">48.14</data><data "
    "key=\"x\">11.58</data></node>\n"
    "<edge source=\"0\" target=\"1\"><data key=\"s\">10 Gbps</data></edge>\n"
    "<edge source=\"0\" target=\"2\"><data key=\"s\">2.5 Gbps</data></edge>\n"
    "</graph></graphml>\n";

static const char node_link[] =
    "{\"directed\": false, \"multigraph\": false,\n"
    "\"graph\": {\"name\": \"Three & more\", \"demands\": {\"0\": {\"2\": 7.5, \"0\": 1}}},\n"
    "\"nodes\": [\n{\"id\": 0, \"name\": \"Berlin\", \"pos\": [13.4, 52.52]},\n"
    "{\"id\": 1, \"name\": \"Hamburg\", \"pos\": [10.0, 53.55]},\n"
    "{\"id\": 2, \"name\": \"Munich\", \"pos\": [11.58, 48.14]}],\n"
    "\"edges\": [{\"source\": 0, \"target\": 1, \"capacity\": \"10 Gbps\"},\n"
    "{\"source\": 0, \"target\": 2, \"capacity\": 2.5e9}]}\n";

static const char sndlib[] =
    "?SNDlib native format; type: network; version: 1.0\n"
    "# three cities\n"
    "META ( granularity = 5min ( nested ) )\n"
    "NODES (\n  Berlin ( 13.40 52.52 )\n  Hamburg ( 10.00 53.55 )\n  Munich ( 11.58 48.14 )\n)\n"
    "LINKS (\n  L1 ( Berlin Hamburg ) 10000.00 0.00 1.00 0.00 ( 40000 5 )\n"
    "  L2 ( Berlin Munich ) 0.00 0.00 1.00 0.00 ( 155.00 1.00 2500.00 2.00 )\n)\n"
    "DEMANDS (\n  D1 ( Berlin Munich ) 1 7.50 UNLIMITED\n  D2 ( Berlin Berlin ) 1 1.00 5\n)\n";

static const char sndlib_xml[] =
    "<?xml version=\"1.0\"?>\n"
    "<network xmlns=\"http://sndlib.zib.de/network\" version=\"1.0\"><networkStructure>\n"
    "<nodes coordinatesType=\"geographical\">\n"
    "<node id=\"Berlin\"><coordinates><x>13.40</x><y>52.52</y></coordinates></node>\n"
    "<node id=\"Hamburg\"><coordinates><x>10.00</x><y>53.55</y></coordinates></node>\n"
    "<node id=\"Munich\"><coordinates><x>11.58</x><y>48.14</y></coordinates></node></nodes>\n"
    "<links><link id=\"L1\"><source>Berlin</source><target>Hamburg</target><preInstalledModule>"
    "<capacity>10000.0</capacity><cost>0</cost></preInstalledModule></link>\n"
    "<link id=\"L2\"><source>Berlin</source><target>Munich</target><additionalModules>"
    "<addModule><capacity>155</capacity><cost>1</cost></addModule><addModule>"
    "<capacity>2500</capacity><cost>2</cost></addModule></additionalModules></link>\n"
    "</links></networkStructure><demands><demand id=\"D1\"><source>Berlin</source>"
    "<target>Munich</target><routingUnit>1</routingUnit><demandValue>7.5</demandValue></demand>\n"
    "</demands></network>\n";

static const char repetita[] = "NODES 3\nlabel x y\n"
                               "Berlin 13.4 52.52\nHamburg 10.0 53.55\nMunich 11.58 48.14\n\n"
                               "EDGES 4\nlabel src dest weight bw delay\n"
                               "edge_0 0 1 255 10000000 1273\nedge_1 1 0 255 10000000 1273\n"
                               "edge_2 0 2 504 2500000 2519\nedge_3 2 0 505 2500000 2519\n";

/* Light needs 1.27 ms from Berlin to Hamburg, 255 km, and 2.52 ms to Munich, 504 km. */
static void expect_three(const struct import *import)
{
    const struct ted_snapshot *s = import->snapshot;
    const struct ted_link *short_one = link_between(import, "Berlin", "Hamburg");
    const struct ted_link *long_one = link_between(import, "Munich", "Berlin");
    cr_expect_eq(s->node_count, 3);
    cr_expect_eq(s->link_count, 4);
    cr_expect_eq(short_one->igp_metric, 255, "%u", short_one->igp_metric);
    cr_expect_eq(short_one->te_metric, 255);
    cr_expect_float_eq((double)short_one->delay_us, 1273, 3, "%u", short_one->delay_us);
    cr_expect_float_eq((double)short_one->capacity, 1.25e9, 1);
    cr_expect_float_eq((double)long_one->delay_us, 2520, 3, "%u", long_one->delay_us);
    cr_expect_float_eq((double)long_one->capacity, 312.5e6, 1);
    for (uint32_t i = 0; i < 4; i++) {
        cr_expect_neq(s->links[i].reverse, TED_NONE);
        cr_expect_eq(s->links[i].adj_sids.count, 1);
        cr_expect_neq(s->links[i].local_id, 0);
    }
    for (uint32_t i = 0; i < 3; i++) {
        const struct ted_prefix_sid *sid = ted_find_prefix_sid(s, i, 0, IP_V4);
        cr_assert_not_null(sid);
        cr_expect_eq(sid->index, i + 1);
        cr_expect(s->nodes[i].has_position);
    }
}

static void expect_demand(const struct import *import)
{
    const struct import_demand *demand = import->demands.items;
    cr_assert_eq(import->demands.count, 1);
    cr_expect_str_eq(import->snapshot->nodes[demand->from].name, "Berlin");
    cr_expect_str_eq(import->snapshot->nodes[demand->to].name, "Munich");
    cr_expect_float_eq(demand->bits, 7.5e6, 1);
}

Test(formats, graphml_is_read)
{
    struct import import = import_good(graphml, NULL);
    cr_expect_eq(import.format, IMPORT_GRAPHML);
    cr_expect_str_eq(import.snapshot->name, "Three & more");
    expect_three(&import);
    import_fini(&import);
}

Test(formats, node_link_is_read)
{
    struct import import = import_good(node_link, NULL);
    cr_expect_eq(import.format, IMPORT_NODE_LINK);
    cr_expect_str_eq(import.snapshot->name, "Three & more");
    cr_expect_eq(import.notes[IMPORT_SELF_DEMANDS], 1);
    expect_three(&import);
    expect_demand(&import);
    import_fini(&import);
}

Test(formats, sndlib_is_read)
{
    struct import import = import_good(sndlib, NULL);
    cr_expect_eq(import.format, IMPORT_SNDLIB);
    cr_expect_eq(import.notes[IMPORT_SELF_DEMANDS], 1);
    expect_three(&import);
    expect_demand(&import);
    import_fini(&import);
}

Test(formats, sndlib_in_xml_is_read)
{
    struct import import = import_good(sndlib_xml, NULL);
    cr_expect_eq(import.format, IMPORT_SNDLIB_XML);
    expect_three(&import);
    expect_demand(&import);
    import_fini(&import);
}

Test(formats, repetita_is_read_with_its_demands)
{
    static const char demands[] = "DEMANDS 2\nlabel src dest bw\ndemand_0 0 2 7500\n"
                                  "demand_1 1 1 5\n";
    const struct import_options options = {
        .capacity = 1e9, .demands = demands, .demands_size = sizeof demands - 1};
    struct import import = import_good(repetita, &options);
    cr_expect_eq(import.format, IMPORT_REPETITA);
    cr_expect_eq(import.notes[IMPORT_SELF_DEMANDS], 1);
    cr_expect_eq(link_between(&import, "Berlin", "Munich")->igp_metric, 504);
    cr_expect_eq(link_between(&import, "Munich", "Berlin")->igp_metric, 505);
    expect_three(&import);
    expect_demand(&import);
    import_fini(&import);
}

Test(formats, format_that_is_forced_is_the_one)
{
    const struct import_options options = {
        .is_forced = true, .format = IMPORT_SNDLIB, .capacity = 1e9};
    struct import import;
    struct ted_fault fault;
    cr_assert_eq(import_read(repetita, sizeof repetita - 1, &options, &import, &fault),
                 PCE_INVALID);
    cr_expect_eq(fault.line, 1);
}

Test(formats, text_of_none_is_refused)
{
    expect_refused("", 1, "none of the known formats");
    expect_refused("nodes: []\n", 1, "none of the known formats");
    expect_refused("<html></html>\n", 1, "none of the known formats");
}

/* ---- what is wrong is said with its line ---- */

Test(formats, broken_texts_are_refused_with_their_line)
{
    static const struct {
        const char *text;
        uint32_t line;
        const char *words;
    } rows[] = {
        {"<graphml>\n<graph>\n<node/>\n</graph></graphml>", 3, "id is missing"},
        {"<graphml>\n<graph><node id=\"a\"/>\n<edge source=\"a\"/></graph></graphml>", 3,
         "target is missing"},
        {"<graphml><graph><node id=\"a\"/>\n<edge source=\"a\" target=\"b\"/></graph></graphml>", 2,
         "no node b"},
        {"<graphml><graph><node id=\"a\"/>\n<node id=\"a\"/></graph></graphml>", 2, "already"},
        {"<graphml>\n<graph>\n<node id=\"a\"></graph></graphml>", 3, "no XML: mismatched tag"},
        {"<graphml>", 1, "no XML: no element found"},
        {"<graphml></graphml>", 1, "no graph"},
        {"<graphml><graph></graph></graphml>", 1, "none is left"},
        {"<graphml><graph><node id=\"a\">\n<graph/></node></graph></graphml>", 2, "second one"},
        {"<graphml><key id=\"y\" for=\"node\" attr.name=\"Latitude\"/><graph><node id=\"a\">\n"
         "<data key=\"y\">north</data></node></graph></graphml>",
         2, "'north' is no number"},
        {"{\"nodes\": [\n{\"id\": 0},\n{\"name\": 1}]}", 3, "neither a text nor"},
        {"{\"nodes\": [\n{\"id\": \"a]\\\"\"},\n{\"id\": 1}],\n\"links\": [{\"source\": 1,\n"
         "\"target\": \"a]\\\"\"}, \n{\"source\": 1, \"target\": 7}]}",
         6, "no node 7"},
        {"{\"nodes\": [\n7]}", 2, "no object"},
        {"{\"nodes\": [],\n}", 2, "no JSON"},
        {"{\"nodes\": [{\"id\": 1}],\n\"nodes\": 2}", 2, "no JSON: duplicate"},
        {"{\"nodes\": []}", 1, "there are none"},
        {"?SNDlib\nNODES (\n A ( 1 x ) )", 3, "a number is wanted, this is 'x'"},
        {"?SNDlib\nNODES (\n A", 3, "an entry or ) is wanted, this is 'the end'"},
        {"?SNDlib\nNODES ( A B )\nLINKS (\n L ( A B ) 1 2 3 )", 4, "a number is wanted"},
        {"?SNDlib\nMETA (\n( )", 3, ") is wanted"},
        {"?SNDlib\n", 2, "no nodes"},
        {"NODES 1\nlabel x y\na 1\n", 3, "columns"},
        {"NODES 2\nlabel x y\na 1 2\n", 3, "ends within"},
        {"NODES 1\nlabel x y\na 1 2\nEDGES 1\nlabel\ne 0 3 1 1 1\n", 6, "no node 3"},
        {"NODES x\nlabel", 1, "no number"},
        {"NODES 0\nlabel\nPATHS 1\n", 3, "NODES, EDGES or DEMANDS"},
        {"{\"ted\": {\"vertices\": [\n{\"vertex-id\": 1, \"router-id\": \"x\"}]}}", 2,
         "no address of its family"},
        {"{\"ted\": {\"vertices\": [{\"vertex-id\": 1, \"router-id\": \"10.0.0.1\"}],\n\"edges\": "
         "[\n"
         "{\"local-vertex-id\": 1, \"remote-vertex-id\": 2}]}}",
         3, "no node 2"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        expect_refused(rows[i].text, rows[i].line, rows[i].words);
}

Test(formats, entities_are_not_expanded)
{
    expect_refused("<!DOCTYPE graphml [\n<!ENTITY a \"aaaa\">\n<!ENTITY b \"&a;&a;\">]>\n"
                   "<graphml><graph><node id=\"&b;\"/></graph></graphml>",
                   1, "entities are not expanded");
    expect_refused("<!DOCTYPE graphml [<!ENTITY a SYSTEM \"/etc/passwd\">]>\n"
                   "<graphml><graph><node id=\"a\"/></graph></graphml>",
                   1, "entities are not expanded");
    expect_refused("<!DOCTYPE graphml SYSTEM \"graphml.dtd\">\n"
                   "<graphml><graph>&a;<node id=\"a\"/></graph></graphml>",
                   2, "not declared");
    expect_refused("<graphml><graph>&a;<node id=\"a\"/></graph></graphml>", 1, "undefined entity");
}

/* ---- limits ---- */

/* An XML text with so many elements within each other, the graph included. */
static char *nested_text(uint32_t depth)
{
    struct {
        char *text;
        size_t size;
    } out;
    FILE *file = open_memstream(&out.text, &out.size);
    (void)fputs("<graphml><graph><node id=\"a\">", file);
    for (uint32_t i = 3; i < depth; i++)
        (void)fputs("<x>", file);
    for (uint32_t i = 3; i < depth; i++)
        (void)fputs("</x>", file);
    (void)fputs("</node></graph></graphml>", file);
    cr_assert_eq(fclose(file), 0);
    return out.text;
}

Test(formats, elements_are_nested_up_to_the_limit)
{
    char *text = nested_text(32);
    struct import import = import_good(text, NULL);
    import_fini(&import);
    free(text);
    text = nested_text(33);
    expect_refused(text, 1, "too many elements");
    free(text);
}

/* A name of so many octets. */
static char *named_text(size_t size)
{
    static const char start[] = "<graphml><graph><node id=\"", end[] = "\"/></graph></graphml>";
    char *text = calloc(1, sizeof start + size + sizeof end);
    memcpy(text, start, sizeof start - 1);
    memset(text + sizeof start - 1, 'n', size);
    memcpy(text + sizeof start - 1 + size, end, sizeof end);
    return text;
}

Test(formats, texts_have_a_limit_and_names_are_cut)
{
    char *text = named_text(1024);
    struct import import = import_good(text, NULL);
    cr_expect_eq(import.notes[IMPORT_SHORTENED_NAMES], 1);
    cr_expect_eq(strlen(import.snapshot->nodes[0].name), TED_NAME_SIZE_MAX);
    import_fini(&import);
    free(text);
    text = named_text(1025);
    expect_refused(text, 1, "at most 1024");
    free(text);
}

Test(formats, names_of_formats_are_their_own)
{
    for (unsigned i = 0; i < IMPORT_FORMAT_COUNT; i++) {
        enum import_format format;
        cr_expect(import_format_parse(import_format_text((enum import_format)i), &format));
        cr_expect_eq((unsigned)format, i);
    }
    enum import_format format;
    cr_expect_not(import_format_parse("pdf", &format));
}
