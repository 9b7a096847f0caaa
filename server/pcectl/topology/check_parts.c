/* Which nodes the IGP can lead to each other: parts of the network, nodes outside. */
#include "server/pcectl/topology/network_checks.h"

#include "core/base/utf8.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NAMES_SHOWN    8  /* of a part */
#define NAME_SHOWN_MAX 60 /* octets of each */

/* Nodes that belong together have one root: each node's parent, up to one that is its own. */
struct parts {
    const struct ted_snapshot *snapshot;
    uint32_t *parents;
    uint32_t *sizes; /* of a root: nodes */
};

static uint32_t parts_root(struct parts *parts, uint32_t node)
{
    while (parts->parents[node] != node) {
        parts->parents[node] = parts->parents[parts->parents[node]];
        node = parts->parents[node];
    }
    return node;
}

static void parts_join(struct parts *parts, uint32_t a, uint32_t b)
{
    a = parts_root(parts, a);
    b = parts_root(parts, b);
    if (a == b)
        return;
    uint32_t large = parts->sizes[a] >= parts->sizes[b] ? a : b;
    uint32_t small = large == a ? b : a;
    parts->parents[small] = large;
    parts->sizes[large] += parts->sizes[small];
}

/* The IGP uses no link that nothing leads back from (RFC 2328 16.1). */
static void parts_build(struct parts *parts)
{
    const struct ted_snapshot *snapshot = parts->snapshot;
    for (uint32_t i = 0; i < snapshot->node_count; i++) {
        parts->parents[i] = i;
        parts->sizes[i] = 1;
    }
    for (uint32_t i = 0; i < snapshot->link_count; i++) {
        if (snapshot->links[i].is_two_way)
            parts_join(parts, snapshot->links[i].from, snapshot->links[i].to);
    }
}

static bool parts_has_link(const struct ted_snapshot *snapshot, uint32_t node)
{
    return snapshot->first_edge[node] != snapshot->first_edge[node + 1] ||
           snapshot->reverse_first_edge[node] != snapshot->reverse_first_edge[node + 1];
}

static void parts_tell_node(const struct ted_snapshot *snapshot, uint32_t node,
                            struct findings *findings)
{
    findings_add(findings,
                 parts_has_link(snapshot, node) ? FINDING_UNREACHABLE_NODE : FINDING_ISOLATED_NODE,
                 "%s", snapshot->nodes[node].name);
}

/* Names of a part's first nodes, as far as they are told. */
struct part_names {
    uint32_t root;
    uint32_t shown;
    size_t used;
    char text[FINDING_TEXT_SIZE / 2];
};

static void part_add_name(struct part_names *names, const char *name)
{
    if (names->shown == NAMES_SHOWN || names->used >= sizeof names->text)
        return;
    int shown = (int)utf8_whole_size(name, strnlen(name, NAME_SHOWN_MAX));
    int size = snprintf(names->text + names->used, sizeof names->text - names->used, "%s%.*s",
                        names->shown == 0 ? "" : ", ", shown, name);
    names->used += size < 0 ? 0 : (size_t)size;
    names->shown++;
}

/* Parts beside the largest one, the first FINDING_ROWS_MAX with names: in one walk over the nodes. */
static void parts_tell(struct parts *parts, uint32_t largest, struct part_names *names,
                       struct findings *findings)
{
    const struct ted_snapshot *snapshot = parts->snapshot;
    uint32_t count = 0, more = 0;
    for (uint32_t node = 0; node < snapshot->node_count; node++) {
        uint32_t root = parts_root(parts, node);
        if (root == largest || parts->sizes[root] == 1)
            continue;
        uint32_t at = 0;
        while (at < count && names[at].root != root)
            at++;
        if (at == count && count == FINDING_ROWS_MAX) {
            more += root == node;
            continue;
        }
        if (at == count)
            names[count++] = (struct part_names){.root = root};
        part_add_name(&names[at], snapshot->nodes[node].name);
    }
    for (uint32_t i = 0; i < count; i++)
        findings_add(findings, FINDING_PART, "%u nodes: %s%s", parts->sizes[names[i].root],
                     names[i].text, parts->sizes[names[i].root] > names[i].shown ? ", …" : "");
    findings->counts[FINDING_PART] += more;
}

static enum pce_status parts_find(struct parts *parts, struct findings *findings)
{
    const struct ted_snapshot *snapshot = parts->snapshot;
    struct part_names *names = malloc(FINDING_ROWS_MAX * sizeof *names);
    if (names == NULL)
        return PCE_NO_MEMORY;
    parts_build(parts);
    uint32_t largest = 0;
    for (uint32_t i = 0; i < snapshot->node_count; i++) {
        if (parts->parents[i] == i &&
            (parts->parents[largest] != largest || parts->sizes[i] > parts->sizes[largest]))
            largest = i;
    }
    for (uint32_t i = 0; i < snapshot->node_count; i++) {
        if (snapshot->node_count > 1 && parts->parents[i] == i && parts->sizes[i] == 1)
            parts_tell_node(snapshot, i, findings);
    }
    parts_tell(parts, largest, names, findings);
    free(names);
    return PCE_OK;
}

enum pce_status network_check_parts(const struct ted_snapshot *snapshot, struct findings *findings)
{
    struct parts parts = {.snapshot = snapshot,
                          .parents = calloc(snapshot->node_count, sizeof *parts.parents),
                          .sizes = calloc(snapshot->node_count, sizeof *parts.sizes)};
    enum pce_status status =
        parts.parents == NULL || parts.sizes == NULL ? PCE_NO_MEMORY : parts_find(&parts, findings);
    free(parts.parents);
    free(parts.sizes);
    return status;
}
