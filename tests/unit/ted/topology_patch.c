/* A topology file with some of its nodes and links changed. */
#include "core/ted/topology_patch.h"

#include "core/ted/topology_dom.h"
#include "core/ted/topology_file.h"

#include <criterion/criterion.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A square, with two links between B and C, and one way from D to A. */
static const char square[] = "network: {name: square}\n"
                             "defaults: {igp-metric: 5}\n"
                             "nodes:\n"
                             "  - {name: A, router-id: 10.0.0.1}\n"
                             "  - {name: B, router-id: 10.0.0.2, position: [1.5, 2]}\n"
                             "  - {name: C, router-id: 10.0.0.3}\n"
                             "  - {name: D, router-id: 10.0.0.4}\n"
                             "links:\n"
                             "  - {from: A, to: B, te-metric: 7, capacity: 10G}\n"
                             "  - {from: B, to: C, addresses: [10.1.0.0, 10.1.0.1]}\n"
                             "  - {from: B, to: C, addresses: [10.1.0.2, 10.1.0.3]}\n"
                             "  - {from: C, to: D}\n"
                             "  - {from: D, to: A, one-way: true}\n";

static struct ted_fault fault;

static enum pce_status apply(const char *file, const char *patch, char **text, size_t *size)
{
    return topology_patch((struct topology_span){file, strlen(file)},
                          (struct topology_span){patch, strlen(patch)}, text, size, &fault);
}

/* The network that the patch makes of the square. */
static struct ted_snapshot *patched(const char *patch)
{
    struct ted_snapshot *snapshot;
    char *text;
    size_t size;
    cr_assert_eq(apply(square, patch, &text, &size), PCE_OK, "%s: %s", fault.element, fault.reason);
    cr_assert_eq(topology_file_read(text, size, &snapshot, &fault), PCE_OK, "%s: %s in %s",
                 fault.element, fault.reason, text);
    free(text);
    return snapshot;
}

static const struct ted_link *find_link(const struct ted_snapshot *s, const char *from,
                                        const char *to, uint32_t *count)
{
    const struct ted_link *found = NULL;
    *count = 0;
    for (uint32_t i = 0; i < s->link_count; i++) {
        if (strcmp(s->nodes[s->links[i].from].name, from) != 0 ||
            strcmp(s->nodes[s->links[i].to].name, to) != 0)
            continue;
        found = &s->links[i];
        ++*count;
    }
    return found;
}

Test(topology_patch, nothing_changes_nothing, .timeout = 10)
{
    struct ted_snapshot *s = patched("{}");
    uint32_t count;
    cr_expect_str_eq(s->name, "square");
    cr_expect_eq(s->node_count, 4);
    cr_expect_eq(s->link_count, 9);
    cr_expect_eq(find_link(s, "A", "B", &count)->te_metric, 7);
    cr_expect_eq(find_link(s, "C", "D", &count)->igp_metric, 5, "the defaults of the file stay");
    ted_snapshot_destroy(s);
}

Test(topology_patch, keys_that_are_given_change_and_null_takes_one_away, .timeout = 10)
{
    struct ted_snapshot *s = patched("nodes: [{name: B, position: null, router-id: 10.0.0.9}]\n"
                                     "links: [{from: A, to: B, te-metric: null, igp-metric: 3}]\n");
    uint32_t count;
    const struct ted_link *link = find_link(s, "A", "B", &count);
    cr_expect_eq(count, 1);
    cr_expect_eq(link->te_metric, 3, "as the IGP's, where a file says none");
    cr_expect_float_eq(link->capacity, 1.25e9F, 1, "what is not named stays");
    cr_expect_not(s->nodes[1].has_position);
    ted_snapshot_destroy(s);
}

Test(topology_patch, ranges_of_labels_in_the_defaults_stay, .timeout = 10)
{
    static const char file[] = "defaults: {srgb: [{base: 16000, size: 8000}]}\n"
                               "nodes: [{name: A, router-id: 10.0.0.1}]\n";
    struct ted_snapshot *s;
    char *text;
    size_t size;
    cr_assert_eq(apply(file, "nodes: [{name: B, router-id: 10.0.0.2}]", &text, &size), PCE_OK);
    cr_assert_eq(topology_file_read(text, size, &s, &fault), PCE_OK, "%s: %s in %s", fault.element,
                 fault.reason, text);
    free(text);
    cr_assert_eq(s->nodes[1].srgbs.count, 1);
    cr_expect_eq(s->srgbs[s->nodes[1].srgbs.first].base, 16000);
    ted_snapshot_destroy(s);
}

Test(topology_patch, what_is_not_there_comes, .timeout = 10)
{
    struct ted_snapshot *s =
        patched("{\"nodes\": [{\"name\": \"E\", \"router-id\": \"10.0.0.5\"}],"
                " \"links\": [{\"from\": \"E\", \"to\": \"A\", \"igp-metric\": 1}]}");
    uint32_t count;
    cr_expect_eq(s->node_count, 5);
    cr_expect_eq(find_link(s, "E", "A", &count)->igp_metric, 1);
    ted_snapshot_destroy(s);
}

Test(topology_patch, of_parallel_links_the_addresses_say_which, .timeout = 10)
{
    struct ted_snapshot *s =
        patched("withdraw: {links: [{from: B, to: C, addresses: [10.1.0.0, 10.1.0.1]}]}\n");
    uint32_t count;
    const struct ted_link *link = find_link(s, "B", "C", &count);
    cr_expect_eq(count, 1);
    cr_expect_eq(link->local_v4.octets[3], 2);
    ted_snapshot_destroy(s);
}

#define PARALLELS 2000 /* changed all of them, this is the limit */

_Static_assert(PARALLELS *PARALLELS == TOPOLOGY_PATCH_COMPARED_MAX, "the last one that fits");

/* So many links between A and B, each called by its interface ids. */
static char *parallels(const char *before, uint32_t count)
{
    char *text = NULL;
    size_t size;
    FILE *file = open_memstream(&text, &size);
    cr_assert_not_null(file);
    fprintf(file, "%slinks:\n", before);
    for (uint32_t i = 0; i < count; i++)
        fprintf(file, "  - {from: A, to: B, interface-ids: [%u, %u]}\n", i + 1, i + 1);
    cr_assert_eq(fclose(file), 0);
    return text;
}

Test(topology_patch, as_many_parallel_links_as_can_be_told_apart_change_and_no_more, .timeout = 120)
{
    char *there = parallels("nodes: [{name: A, router-id: 10.0.0.1}, {name: B, router-id: "
                            "10.0.0.2}]\n",
                            PARALLELS);
    char *last = parallels("", PARALLELS), *many = parallels("", PARALLELS + 1), *text;
    size_t size;
    cr_expect_eq(apply(there, last, &text, &size), PCE_OK, "%s", fault.reason);
    free(text);
    cr_expect_eq(apply(there, many, &text, &size), PCE_INVALID);
    cr_expect_str_eq(fault.element, "links[2000]");
    cr_expect_not_null(strstr(fault.reason, "too many parallel links"));
    free(there);
    free(last);
    free(many);
}

Test(topology_patch, links_go_with_their_nodes, .timeout = 10)
{
    struct ted_snapshot *s = patched("withdraw: {nodes: [D]}\n");
    cr_expect_eq(s->node_count, 3);
    cr_expect_eq(s->link_count, 6);
    ted_snapshot_destroy(s);
}

Test(topology_patch, what_is_withdrawn_may_come_again_at_once, .timeout = 10)
{
    struct ted_snapshot *s = patched("withdraw: {links: [{from: A, to: B}]}\n"
                                     "links: [{from: B, to: A, igp-metric: 9}]\n");
    uint32_t count;
    cr_expect_eq(find_link(s, "A", "B", &count)->te_metric, 9);
    cr_expect_eq(count, 1);
    ted_snapshot_destroy(s);
}

Test(topology_patch, the_other_way_of_a_one_way_link_is_a_link_of_its_own, .timeout = 10)
{
    struct ted_snapshot *s = patched("links: [{from: A, to: D, one-way: true, igp-metric: 2}]\n");
    uint32_t count;
    cr_expect_eq(find_link(s, "A", "D", &count)->igp_metric, 2);
    cr_expect_eq(find_link(s, "D", "A", &count)->igp_metric, 5);
    ted_snapshot_destroy(s);
}

Test(topology_patch, what_is_wrong_is_told_with_its_place, .timeout = 10)
{
    static const struct {
        char patch[96], element[24], reason[48];
        uint32_t line;
    } rows[] = {
        {"links:\n- {from: A, to: B}\n- {from: B, to: C}\n", "links[1]", "several links", 3},
        {"links: [{from: B, to: A}]", "links[0]", "the other way round, from A to B", 1},
        {"links: [{from: B}]", "links[0]", "to is missing", 1},
        {"nodes:\n- {router-id: 10.0.0.1}\n", "nodes[0]", "name is missing", 2},
        {"nodes: [A]", "nodes[0]", "a mapping is wanted", 0},
        {"nodes: {A: 1}", "nodes[0]", "a list is wanted", 0},
        {"withdraw: {links: [{from: A, to: C}]}", "withdraw.links[0]", "no such link", 1},
        {"withdraw: {nodes: [A, A]}", "withdraw.nodes[1]", "no node of this name", 0},
        {"withdraw: {links: [{from: A, to: B}, {from: A, to: B}]}", "withdraw.links[1]",
         "no such link", 1},
        {"withdraw: {paths: []}", "paths", "no such key", 0},
        {"defaults: {}", "defaults", "no such key", 0},
        {"[]", "", "a mapping is wanted", 1},
        {"", "", "there is nothing", 1},
        {"--- {}\n--- {}\n", "", "second document", 2},
        {"nodes: [{name: A, name: B}]", "", "comes a second time", 1},
        {"nodes: [{name: A, ? [x] : B}]", "", "a key is one value", 1},
        {"nodes: [{name: A, ? \"\" : B}]", "", "is no key", 1},
        {"nodes: [&a {name: A}]", "", "anchors", 1},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char *text;
        size_t size;
        fault = (struct ted_fault){.line = 0};
        cr_expect_eq(apply(square, rows[i].patch, &text, &size), PCE_INVALID, "%s", rows[i].patch);
        cr_expect_str_eq(fault.element, rows[i].element, "%s: %s", rows[i].patch, fault.element);
        cr_expect_not_null(strstr(fault.reason, rows[i].reason), "%s: %s", rows[i].patch,
                           fault.reason);
        cr_expect_eq(fault.line, rows[i].line, "%s: %u", rows[i].patch, fault.line);
    }
}

/* As many levels of lists, the mapping of the document among them. */
static enum pce_status read_nested(unsigned levels)
{
    char text[8 * TOPOLOGY_DOM_DEPTH_MAX] = "a: ";
    json_t *tree = NULL;
    memset(text + 3, '[', levels - 1);
    memset(text + 2 + levels, ']', levels - 1);
    enum pce_status status = topology_dom_read(text, strlen(text), &tree, &fault);
    json_decref(tree);
    return status;
}

Test(topology_patch, levels_have_a_limit, .timeout = 10)
{
    cr_expect_eq(read_nested(TOPOLOGY_DOM_DEPTH_MAX - 1), PCE_OK);
    cr_expect_eq(read_nested(TOPOLOGY_DOM_DEPTH_MAX), PCE_INVALID);
    cr_expect_str_eq(fault.reason, "is nested too deeply");
}

/* ---- memory ---- */

static unsigned refuse_at; /* the allocation from now that is refused; 0: none */
static bool was_refused;

static void *refusing_malloc(size_t size)
{
    if (refuse_at > 0 && --refuse_at == 0) {
        was_refused = true;
        return NULL;
    }
    return malloc(size);
}

Test(topology_patch, memory_that_is_refused_changes_nothing, .timeout = 60)
{
    static const char patch[] =
        "nodes: [{name: E, router-id: 10.0.0.5}, {name: A, position: [1, 2]}]\n"
        "links: [{from: A, to: E}, {from: A, to: B, te-metric: null}]\n"
        "withdraw: {nodes: [D], links: [{from: C, to: D}]}\n";
    unsigned refusals = 0;
    char *whole, *text;
    size_t size;
    cr_assert_eq(apply(square, patch, &whole, &size), PCE_OK);
    json_set_alloc_funcs(refusing_malloc, free);
    do {
        text = NULL;
        was_refused = false;
        refuse_at = ++refusals;
        enum pce_status status = apply(square, patch, &text, &size);
        refuse_at = 0;
        cr_expect_eq(status, was_refused ? PCE_NO_MEMORY : PCE_OK, "at %u: %s", refusals,
                     pce_status_text(status));
        cr_expect(status != PCE_OK || strcmp(text, whole) == 0, "at %u: %s", refusals, text);
        free(text);
    } while (was_refused);
    cr_expect_gt(refusals, 100);
    json_set_alloc_funcs(malloc, free);
    free(whole);
}
