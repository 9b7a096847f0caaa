/* Which names are one node: those that have the same router id in different routing domains. */
#include "core/ted/rib_merge.h"

#include "core/base/utf8.h"

#include <stdlib.h>
#include <string.h>

/* A name on its way to a node. */
struct nodes_name {
    uint32_t leader; /* number of the first name of its node */
    uint32_t next;   /* number of the next name of the node; TED_NONE */
    uint32_t last;   /* of the leader: its last one */
    uint32_t size;   /* of the leader: how many */
    bool is_told;    /* somebody tells of the node, and not to complete it alone */
};

/* A router id and the name that has it. */
struct nodes_router_id {
    struct ip address;
    const struct rib_named *named;
};

static int nodes_compare_router_ids(const void *left, const void *right)
{
    const struct nodes_router_id *a = left, *b = right;
    int order = ip_compare(&a->address, &b->address);
    return order != 0 ? order : rib_name_compare(&a->named->name, &b->named->name);
}

static bool nodes_may_join(const struct rib *rib, const struct nodes_name *names, uint32_t a,
                           uint32_t b)
{
    if (names[a].size + names[b].size > MERGE_NAMES_MAX)
        return false;
    for (uint32_t i = a; i != TED_NONE; i = names[i].next)
        for (uint32_t j = b; j != TED_NONE; j = names[j].next)
            if (rib_name_is_same_domain(&rib->named[i]->name, &rib->named[j]->name))
                return false;
    return true;
}

static void nodes_join(struct nodes_name *names, uint32_t a, uint32_t b)
{
    for (uint32_t i = b; i != TED_NONE; i = names[i].next)
        names[i].leader = a;
    names[names[a].last].next = b;
    names[a].last = names[b].last;
    names[a].size += names[b].size;
    names[a].is_told = names[a].is_told || names[b].is_told;
}

static void nodes_find_twice(struct merge *merge, const struct nodes_router_id *id)
{
    char address[IP_TEXT_SIZE], text[RIB_NAME_TEXT_SIZE];
    rib_findings_add(merge->findings, RIB_ROUTER_ID_TWICE, "%s, also of %s",
                     ip_format(&id->address, address), rib_name_format(&id->named->name, text));
}

/* All names with one router id: each is joined with the first that it may be. */
static void nodes_join_run(struct merge *merge, struct nodes_name *names,
                           const struct nodes_router_id *run, uint32_t count)
{
    for (uint32_t i = 1; i < count; i++) {
        uint32_t a = names[run[0].named->number].leader, b = names[run[i].named->number].leader;
        if (a == b)
            continue;
        if (nodes_may_join(merge->rib, names, a, b))
            nodes_join(names, a, b);
        else
            nodes_find_twice(merge, &run[i]);
    }
}

static uint32_t nodes_take_router_ids(const struct merge *merge, struct nodes_router_id *ids)
{
    const struct merge_entries *entries = &merge->entries[RIB_KIND_NODE];
    uint32_t count = 0;
    for (uint32_t i = 0; i < entries->count; i++) {
        struct rib_node node;
        const struct rib_named *named = merge->rib->named[entries->at[i]->node];
        rib_record_unpack(&rib_node_layout, entries->at[i]->record, &node);
        if ((node.present & RIB_NODE_ROUTER_ID_V4) != 0)
            ids[count++] = (struct nodes_router_id){node.router_id_v4, named};
        if ((node.present & RIB_NODE_ROUTER_ID_V6) != 0)
            ids[count++] = (struct nodes_router_id){node.router_id_v6, named};
    }
    qsort(ids, count, sizeof *ids, nodes_compare_router_ids);
    return count;
}

static enum pce_status nodes_join_all(struct merge *merge, struct nodes_name *names)
{
    size_t room = 2 * (size_t)merge->entries[RIB_KIND_NODE].count + 1;
    struct nodes_router_id *ids = calloc(room, sizeof *ids);
    if (ids == NULL)
        return PCE_NO_MEMORY;
    uint32_t count = nodes_take_router_ids(merge, ids);
    for (uint32_t first = 0, end; first < count; first = end) {
        end = first + 1;
        while (end < count && ip_is_equal(&ids[first].address, &ids[end].address))
            end++;
        nodes_join_run(merge, names, ids + first, end - first);
    }
    free(ids);
    return PCE_OK;
}

static void nodes_init_names(const struct merge *merge, struct nodes_name *names)
{
    const struct merge_entries *entries = &merge->entries[RIB_KIND_NODE];
    for (uint32_t i = 0; i < merge->rib->named_count; i++)
        names[i] = (struct nodes_name){.leader = i, .next = TED_NONE, .last = i, .size = 1};
    for (uint32_t i = 0; i < entries->count; i++)
        if (!merge->rib->sources[entries->at[i]->source].is_complement)
            names[entries->at[i]->node].is_told = true;
}

/* The node of an entry, made where it is the first one of it. */
static enum pce_status nodes_place(struct merge *merge, const struct nodes_name *names,
                                   const struct rib_entry *entry)
{
    uint32_t leader = names[entry->node].leader;
    if (!names[leader].is_told)
        return PCE_OK;
    if (merge->node_of_name[leader] == TED_NONE) {
        const struct rib_name *name = &merge->rib->named[entry->node]->name;
        struct merged_node node = {
            .name = *name, .index = TED_NONE, .is_lan = rib_name_is_lan(name)};
        if (ted_array_reserve(&merge->nodes, 1) != PCE_OK)
            return PCE_NO_MEMORY;
        merge->node_of_name[leader] = ted_array_append(&merge->nodes, &node, 1);
    }
    merge->node_of_name[entry->node] = merge->node_of_name[leader];
    return PCE_OK;
}

/* ---- what is said of a node ---- */

struct nodes_said {
    const struct rib *rib;
    const struct rib_entry *entry;
    uint32_t node;
};

static int nodes_compare_said(const void *left, const void *right)
{
    const struct nodes_said *a = left, *b = right;
    if (a->node != b->node)
        return a->node < b->node ? -1 : 1;
    return merge_compare_belief(a->rib, a->entry, b->entry);
}

/* What a complement says of name and place is believed first: that is what it is for. */
static void nodes_describe(struct merged_node *node, const struct nodes_said *said)
{
    const uint32_t describing = RIB_NODE_TEXT | RIB_NODE_LATITUDE | RIB_NODE_LONGITUDE;
    struct rib_node told;
    if (!said->rib->sources[said->entry->source].is_complement)
        return;
    rib_record_unpack(&rib_node_layout, said->entry->record, &told);
    told.present &= describing;
    rib_record_complete(&rib_node_layout, &node->said, &told);
}

/* One level, area or domain that keeps off a router is enough: nobody knows which of them a path is
 * forwarded by. A complement may say it of a router that is to be drained. */
static void nodes_overload(const struct merge *merge, struct merged_node *node,
                           const struct rib_entry *entry, const struct rib_node *told)
{
    bool is_overloaded = (told->flags & RIB_NODE_OVERLOADED) != 0;
    bool is_told = merge_is_told(merge, entry);
    if (is_overloaded && (is_told || merge->rib->sources[entry->source].is_complement))
        node->is_overloaded = true;
    if (is_told && !is_overloaded)
        node->is_passed = true;
}

static void nodes_find_overloads(struct merge *merge)
{
    char text[MERGE_TEXT_SIZE];
    for (uint32_t i = merge->due.first; i < merge->due.first + merge->due.count; i++)
        if (merge_node(merge, i)->is_overloaded && merge_node(merge, i)->is_passed)
            rib_findings_add(merge->findings, RIB_OVERLOAD_IN_PART, "%s",
                             merge_node_text(merge, i, text));
}

enum pce_status merge_read_nodes(struct merge *merge)
{
    const struct merge_entries *entries = &merge->entries[RIB_KIND_NODE];
    struct nodes_said *said = malloc((entries->count + (size_t)1) * sizeof *said);
    uint32_t count = 0;
    if (said == NULL)
        return PCE_NO_MEMORY;
    for (uint32_t i = 0; i < entries->count; i++) {
        uint32_t node = merge->node_of_name[entries->at[i]->node];
        if (node != TED_NONE)
            said[count++] = (struct nodes_said){merge->rib, entries->at[i], node};
    }
    qsort(said, count, sizeof *said, nodes_compare_said);
    for (uint32_t i = 0; i < count; i++)
        nodes_describe(merge_node(merge, said[i].node), &said[i]);
    for (uint32_t i = 0; i < count; i++) {
        struct rib_node told;
        struct merged_node *node = merge_node(merge, said[i].node);
        rib_record_unpack(&rib_node_layout, said[i].entry->record, &told);
        rib_record_complete(&rib_node_layout, &node->said, &told);
        nodes_overload(merge, node, said[i].entry, &told);
    }
    nodes_find_overloads(merge);
    free(said);
    return PCE_OK;
}

static void nodes_clear(struct merge *merge)
{
    for (uint32_t i = 0; i < merge->rib->named_count; i++)
        merge->node_of_name[i] = TED_NONE;
}

enum pce_status merge_nodes(struct merge *merge)
{
    const struct merge_entries *entries = &merge->entries[RIB_KIND_NODE];
    size_t name_count = merge->rib->named_count;
    struct nodes_name *names = calloc(name_count + 1, sizeof *names);
    merge->node_of_name = malloc((name_count + 1) * sizeof *merge->node_of_name);
    enum pce_status status = PCE_NO_MEMORY;
    if (names != NULL && merge->node_of_name != NULL) {
        nodes_clear(merge);
        nodes_init_names(merge, names);
        status = nodes_join_all(merge, names);
    }
    for (uint32_t i = 0; status == PCE_OK && i < entries->count; i++)
        status = nodes_place(merge, names, entries->at[i]);
    free(names);
    merge->due = (struct ted_range){.first = 0, .count = merge->nodes.count};
    return status == PCE_OK ? merge_read_nodes(merge) : status;
}

/* A name is shown as it is, in JSON as well: whole characters, and none that moves a cursor. */
static void node_text_clean(char *text, uint32_t size)
{
    text[size] = '\0';
    for (uint32_t i = 0; i < size;) {
        uint32_t character = (uint32_t)utf8_character_size((uint8_t *)text + i, size - i);
        if (character == 0 || (unsigned char)text[i] < 0x20 || text[i] == 0x7f)
            text[i] = '?';
        i += character == 0 ? 1 : character;
    }
}

const char *merge_node_text(const struct merge *merge, uint32_t node, char text[MERGE_TEXT_SIZE])
{
    const struct merged_node *merged = merge_node(merge, node);
    uint32_t size = merged->said.text_count;
    if (size == 0)
        return rib_name_format(&merged->name, text);
    size = size < MERGE_TEXT_SIZE - 1 ? size : MERGE_TEXT_SIZE - 1;
    memcpy(text, merged->said.text, size);
    node_text_clean(text, (uint32_t)utf8_whole_size(text, size));
    return text;
}
