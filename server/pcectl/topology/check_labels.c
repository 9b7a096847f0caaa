/* Labels, SIDs and the addresses of links: what each node has, and what the others need of it. */
#include "server/pcectl/topology/network_checks.h"

#include "core/base/utf8.h"

#include <stdlib.h>
#include <string.h>

#define LINK_SHOWN_MAX 250 /* octets of each of two */

/* ---- prefix SIDs and SRGBs ---- */

/* The highest index of a node's SIDs; TED_NONE when it has none. */
static uint32_t labels_highest_index(const struct ted_snapshot *snapshot,
                                     const struct ted_node *node)
{
    uint32_t highest = TED_NONE;
    for (uint32_t i = 0; i < node->prefix_sids.count; i++) {
        uint32_t index = snapshot->prefix_sids[node->prefix_sids.first + i].index;
        if (highest == TED_NONE || index > highest)
            highest = index;
    }
    return highest;
}

static bool labels_is_srgb_equal(const struct ted_snapshot *snapshot, const struct ted_node *a,
                                 const struct ted_node *b)
{
    return a->srgbs.count == b->srgbs.count &&
           (a->srgbs.count == 0 ||
            memcmp(&snapshot->srgbs[a->srgbs.first], &snapshot->srgbs[b->srgbs.first],
                   a->srgbs.count * sizeof snapshot->srgbs[0]) == 0);
}

static bool labels_has_node_sid(const struct ted_snapshot *snapshot, uint32_t node)
{
    return ted_find_prefix_sid(snapshot, node, 0, IP_V4) != NULL ||
           ted_find_prefix_sid(snapshot, node, 0, IP_V6) != NULL;
}

/* A node with the label ranges that most have, where more than half have the same ones (the vote of
 * Boyer and Moore); else some node. TED_NONE: none has any. */
static uint32_t labels_find_usual(const struct ted_snapshot *snapshot)
{
    uint32_t usual = TED_NONE, lead = 0;
    for (uint32_t i = 0; i < snapshot->node_count; i++) {
        const struct ted_node *node = &snapshot->nodes[i];
        if (node->srgbs.count == 0)
            continue;
        if (lead == 0)
            usual = i;
        if (labels_is_srgb_equal(snapshot, node, &snapshot->nodes[usual]))
            lead++;
        else
            lead--;
    }
    return usual;
}

/* Which of the nodes with SIDs has the highest index; TED_NONE when no node has one. */
static uint32_t labels_find_highest(const struct ted_snapshot *snapshot)
{
    uint32_t owner = TED_NONE, highest = 0;
    for (uint32_t i = 0; i < snapshot->node_count; i++) {
        uint32_t index = labels_highest_index(snapshot, &snapshot->nodes[i]);
        if (index == TED_NONE || (owner != TED_NONE && index <= highest))
            continue;
        highest = index;
        owner = i;
    }
    return owner;
}

/* What the SIDs of a network ask of its nodes. */
struct labels_norm {
    uint32_t highest; /* the node that has the highest index */
    uint32_t usual;   /* the node whose ranges most have */
};

static void labels_check_node(const struct ted_snapshot *snapshot, uint32_t index,
                              struct labels_norm norm, struct findings *findings)
{
    const struct ted_node *node = &snapshot->nodes[index];
    const char *of = snapshot->nodes[norm.highest].name;
    uint32_t needed = labels_highest_index(snapshot, &snapshot->nodes[norm.highest]);
    if (!labels_has_node_sid(snapshot, index))
        findings_add(findings, FINDING_NODE_WITHOUT_SID, "%s", node->name);
    if (node->srgbs.count == 0) {
        if (node->prefix_sids.count > 0)
            findings_add(findings, FINDING_SID_WITHOUT_SRGB, "%s", node->name);
        return;
    }
    if (snapshot->sid_index_ends[index] <= needed)
        findings_add(findings, FINDING_SRGB_SHORT, "%s has labels for %u indexes, %s has index %u",
                     node->name, snapshot->sid_index_ends[index], of, needed);
    if (!labels_is_srgb_equal(snapshot, node, &snapshot->nodes[norm.usual]))
        findings_add(findings, FINDING_SRGB_DIFFERENT, "%s and %s", node->name,
                     snapshot->nodes[norm.usual].name);
}

/* ---- what comes twice ---- */

struct labels_owner {
    uint32_t value; /* a label, an index */
    uint32_t link;  /* or node */
};

static int labels_compare_owners(const void *left, const void *right)
{
    const struct labels_owner *a = left;
    const struct labels_owner *b = right;
    if (a->value != b->value)
        return a->value > b->value ? 1 : -1;
    return (a->link > b->link) - (a->link < b->link);
}

static enum pce_status labels_check_indexes(const struct ted_snapshot *snapshot,
                                            struct findings *findings)
{
    size_t room = 0, count = 0;
    for (uint32_t i = 0; i < snapshot->node_count; i++)
        room += snapshot->nodes[i].prefix_sids.count;
    struct labels_owner *owners = room == 0 ? NULL : calloc(room, sizeof *owners);
    if (owners == NULL)
        return room == 0 ? PCE_OK : PCE_NO_MEMORY;
    for (uint32_t i = 0; i < snapshot->node_count; i++) {
        const struct ted_range sids = snapshot->nodes[i].prefix_sids;
        for (uint32_t j = 0; j < sids.count; j++)
            owners[count++] = (struct labels_owner){snapshot->prefix_sids[sids.first + j].index, i};
    }
    qsort(owners, count, sizeof *owners, labels_compare_owners);
    for (size_t i = 1; i < count; i++) {
        if (owners[i].value == owners[i - 1].value && owners[i].link != owners[i - 1].link)
            findings_add(findings, FINDING_SID_TWICE, "%s and %s: index %u",
                         snapshot->nodes[owners[i - 1].link].name,
                         snapshot->nodes[owners[i].link].name, owners[i].value);
    }
    free(owners);
    return PCE_OK;
}

/* Both links are to be seen, however long their names are. */
static void labels_tell_twice(const struct ted_snapshot *snapshot, const struct labels_owner *one,
                              const struct labels_owner *other, struct findings *findings)
{
    char a[NETWORK_LINK_TEXT_SIZE], b[NETWORK_LINK_TEXT_SIZE];
    (void)network_link_text(snapshot, one->link, a);
    (void)network_link_text(snapshot, other->link, b);
    a[utf8_whole_size(a, strnlen(a, LINK_SHOWN_MAX))] = '\0';
    b[utf8_whole_size(b, strnlen(b, LINK_SHOWN_MAX))] = '\0';
    findings_add(findings, FINDING_LABEL_TWICE, "%s and %s: label %u", a, b, other->value);
}

/* The adjacency SIDs of one node; owners has room for all of them. */
static void labels_check_adjacencies(const struct ted_snapshot *snapshot, uint32_t node,
                                     struct labels_owner *owners, struct findings *findings)
{
    char a[NETWORK_LINK_TEXT_SIZE];
    size_t count = 0;
    for (uint32_t e = snapshot->first_edge[node]; e < snapshot->first_edge[node + 1]; e++) {
        const struct ted_range sids = snapshot->links[snapshot->edges[e].link].adj_sids;
        for (uint32_t i = 0; i < sids.count; i++) {
            uint32_t label = snapshot->adj_sids[sids.first + i].label;
            owners[count++] = (struct labels_owner){label, snapshot->edges[e].link};
            if (ted_index_of_label(snapshot, node, label) != TED_NONE)
                findings_add(findings, FINDING_LABEL_IN_SRGB, "%s: label %u",
                             network_link_text(snapshot, snapshot->edges[e].link, a), label);
        }
    }
    qsort(owners, count, sizeof *owners, labels_compare_owners);
    for (size_t i = 1; i < count; i++) {
        if (owners[i].value == owners[i - 1].value && owners[i].link != owners[i - 1].link)
            labels_tell_twice(snapshot, &owners[i - 1], &owners[i], findings);
    }
}

static int labels_compare_ips(const void *left, const void *right)
{
    return ip_compare(left, right);
}

/* The addresses of one node's links; addresses has room for both families of each. */
static void labels_check_addresses(const struct ted_snapshot *snapshot, uint32_t node,
                                   struct ip *addresses, struct findings *findings)
{
    char text[IP_TEXT_SIZE];
    size_t count = 0;
    for (uint32_t e = snapshot->first_edge[node]; e < snapshot->first_edge[node + 1]; e++) {
        const struct ted_link *link = &snapshot->links[snapshot->edges[e].link];
        if (link->local_v4.family != IP_NONE)
            addresses[count++] = link->local_v4;
        if (link->local_v6.family != IP_NONE)
            addresses[count++] = link->local_v6;
    }
    qsort(addresses, count, sizeof *addresses, labels_compare_ips);
    for (size_t i = 1; i < count; i++) {
        if (ip_is_equal(&addresses[i], &addresses[i - 1]))
            findings_add(findings, FINDING_ADDRESS_TWICE, "%s: %s", snapshot->nodes[node].name,
                         ip_format(&addresses[i], text));
    }
}

static enum pce_status labels_check_links_of_nodes(const struct ted_snapshot *snapshot,
                                                   struct findings *findings)
{
    size_t labels_max = 1, links_max = 1;
    for (uint32_t node = 0; node < snapshot->node_count; node++) {
        size_t labels = 0, links = snapshot->first_edge[node + 1] - snapshot->first_edge[node];
        for (uint32_t e = snapshot->first_edge[node]; e < snapshot->first_edge[node + 1]; e++)
            labels += snapshot->links[snapshot->edges[e].link].adj_sids.count;
        labels_max = labels > labels_max ? labels : labels_max;
        links_max = links > links_max ? links : links_max;
    }
    struct labels_owner *owners = malloc(labels_max * sizeof *owners);
    struct ip *addresses = malloc(2 * links_max * sizeof *addresses);
    bool has_memory = owners != NULL && addresses != NULL;
    for (uint32_t node = 0; node < snapshot->node_count && has_memory; node++) {
        labels_check_adjacencies(snapshot, node, owners, findings);
        labels_check_addresses(snapshot, node, addresses, findings);
    }
    free(owners);
    free(addresses);
    return has_memory ? PCE_OK : PCE_NO_MEMORY;
}

enum pce_status network_check_labels(const struct ted_snapshot *snapshot, struct findings *findings)
{
    const struct labels_norm norm = {labels_find_highest(snapshot), labels_find_usual(snapshot)};
    /* A network without any SID is one of RSVP-TE or SRv6: nothing of it misses one. */
    for (uint32_t i = 0; i < snapshot->node_count && norm.highest != TED_NONE; i++)
        labels_check_node(snapshot, i, norm, findings);
    enum pce_status status = labels_check_indexes(snapshot, findings);
    return status == PCE_OK ? labels_check_links_of_nodes(snapshot, findings) : status;
}
