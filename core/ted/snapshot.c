/* Makes a snapshot of a builder: its parts are laid out first and filled afterwards. */
#include "core/base/check.h"
#include "core/ted/builder_impl.h"
#include "core/ted/columns.h"
#include "core/ted/derived.h"
#include "core/ted/flex.h"
#include "core/ted/link_ends.h"
#include "core/ted/part.h"
#include "core/ted/snapshot_impl.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#define BLOCK_ALIGNMENT 16

_Static_assert(TED_LINKS_MAX <= TED_EDGE_LINK_MASK, "an edge has room for the index of its link");
_Static_assert(BLOCK_ALIGNMENT % _Alignof(struct ted_snapshot) == 0 &&
                   BLOCK_ALIGNMENT % _Alignof(struct ted_node) == 0 &&
                   BLOCK_ALIGNMENT % _Alignof(struct ted_link) == 0,
               "each array of the block is aligned");

/* Where each array stands in its part, as octets from its beginning. */
struct layout {
    size_t nodes, links, first_edge, edges, reverse_first_edge, reverse_edges;
    size_t reverse_columns, link_ends, sid_index_ends, sid_owners;
    size_t addresses, srgbs, prefix_sids, adj_sids, srv6_sids, srlgs;
    size_t algorithms, flexes, flex_links, group_words;
    size_t name_slots, address_slots, address_nodes, network_name;
    size_t sizes[TED_PART_COUNT];
};

/* Takes the next place of a part for count items; gives its offset. */
static size_t place(struct layout *layout, enum ted_part_kind part, size_t count, size_t item_size)
{
    size_t offset = layout->sizes[part];
    size_t size = count * item_size;
    layout->sizes[part] += (size + BLOCK_ALIGNMENT - 1) / BLOCK_ALIGNMENT * BLOCK_ALIGNMENT;
    return offset;
}

static size_t place_array(struct layout *layout, enum ted_part_kind part,
                          const struct ted_array *array)
{
    return place(layout, part, array->count, array->item_size);
}

static void lay_out_ground(const struct ted_builder *b, struct layout *at)
{
    const enum ted_part_kind ground = TED_PART_GROUND;
    at->nodes = place_array(at, ground, &b->nodes);
    at->sid_index_ends = place(at, ground, b->nodes.count, sizeof(uint32_t));
    at->sid_owners = place_array(at, ground, &b->sid_owners);
    at->addresses = place_array(at, ground, &b->addresses);
    at->srgbs = place_array(at, ground, &b->srgbs);
    at->prefix_sids = place_array(at, ground, &b->prefix_sids);
    at->algorithms = place_array(at, ground, &b->algorithms);
    at->flexes = place_array(at, ground, &b->flexes);
    at->name_slots =
        place(at, ground, slots_view(&b->name_index).mask + 1, sizeof(struct ted_slot));
    at->address_slots =
        place(at, ground, slots_view(&b->address_index).mask + 1, sizeof(struct ted_slot));
    at->network_name = place(at, TED_PART_NAMES, strlen(b->network_name) + 1 + b->names.count, 1);
}

static struct layout lay_out(const struct ted_builder *b)
{
    struct layout at = {0};
    size_t nodes = b->nodes.count;
    size_t links = b->links.count;
    lay_out_ground(b, &at);
    at.links = place_array(&at, TED_PART_LINKS, &b->links);
    at.first_edge = place(&at, TED_PART_EDGES, nodes + 1, sizeof(uint32_t));
    at.edges = place(&at, TED_PART_EDGES, links, sizeof(struct ted_edge));
    at.reverse_first_edge = place(&at, TED_PART_EDGES, nodes + 1, sizeof(uint32_t));
    at.reverse_edges = place(&at, TED_PART_EDGES, links, sizeof(struct ted_edge));
    at.reverse_columns =
        place(&at, TED_PART_EDGES, columns_size(b->links.items, b->links.count), 1);
    at.link_ends = place(&at, TED_PART_ENDS,
                         link_ends_size(b->nodes.items, b->links.items, b->links.count), 1);
    at.adj_sids = place_array(&at, TED_PART_LISTS, &b->adj_sids);
    at.srv6_sids = place_array(&at, TED_PART_LISTS, &b->srv6_sids);
    at.srlgs = place_array(&at, TED_PART_LISTS, &b->srlgs);
    at.flex_links = place_array(&at, TED_PART_LISTS, &b->flex_links);
    at.group_words = place_array(&at, TED_PART_LISTS, &b->group_words);
    at.address_nodes = place_array(&at, TED_PART_OWNERS, &b->address_nodes);
    return at;
}

/* Copies an array to its place and gives the copy. */
static void *fill_array(char *to, const struct ted_array *array)
{
    if (array->count > 0)
        memcpy(to, array->items, (size_t)array->count * array->item_size);
    return to;
}

static struct ted_slots fill_slots(char *to, const struct slots *slots)
{
    struct ted_slots view = slots_view(slots);
    memcpy(to, view.slots, ((size_t)view.mask + 1) * sizeof *view.slots);
    return (struct ted_slots){(const struct ted_slot *)(const void *)to, view.mask};
}

struct ted_edge ted_edge_of_link(const struct ted_link *link, uint32_t index, bool is_reverse)
{
    return (struct ted_edge){
        .node = is_reverse ? link->from : link->to,
        .link = index & TED_EDGE_LINK_MASK,
        .is_one_way = !link->is_two_way,
        .is_first_only = link->is_first_only,
        .igp_metric = link->igp_metric,
        .te_metric = link->te_metric,
    };
}

/* Deals the links out to the nodes at one end (CSR), in the order of addition at each node. first
 * has node_count + 1 cleared entries. */
static void fill_edges(const struct ted_snapshot *s, bool is_reverse, uint32_t *first,
                       struct ted_edge *edges)
{
    for (uint32_t i = 0; i < s->link_count; i++)
        first[(is_reverse ? s->links[i].to : s->links[i].from) + 1]++;
    for (uint32_t node = 0; node < s->node_count; node++)
        first[node + 1] += first[node];
    CHECK(first[s->node_count] == s->link_count);
    /* While they are filled, first[node] walks from the node's first edge to its end … */
    for (uint32_t i = 0; i < s->link_count; i++) {
        const struct ted_link *link = &s->links[i];
        uint32_t here = is_reverse ? link->to : link->from;
        edges[first[here]++] = ted_edge_of_link(link, i, is_reverse);
    }
    /* … which is where the next node's edges start. */
    for (uint32_t node = s->node_count; node > 0; node--)
        first[node] = first[node - 1];
    first[0] = 0;
}

static void fill_nodes(const struct ted_builder *builder, struct ted_snapshot *s, char *nodes,
                       const char *names)
{
    CHECK(builder->name_offsets.count == builder->nodes.count);
    struct ted_node *copies = fill_array(nodes, &builder->nodes);
    const uint32_t *offsets = builder->name_offsets.items;
    for (uint32_t i = 0; i < builder->nodes.count; i++)
        copies[i].name = names + offsets[i];
    s->nodes = copies;
    s->node_count = builder->nodes.count;
}

/* The sizes of a node's SRGBs together (RFC 8660 2.4). */
static void fill_sid_index_ends(struct ted_snapshot *s, void *to)
{
    uint32_t *ends = to;
    for (uint32_t node = 0; node < s->node_count; node++) {
        struct ted_range range = s->nodes[node].srgbs;
        ends[node] = 0;
        for (uint32_t i = 0; i < range.count; i++)
            ends[node] += s->srgbs[range.first + i].size;
    }
    s->sid_index_ends = ends;
}

void ted_note_extremes(struct ted_snapshot *s)
{
    s->delay_us_max = s->igp_metric_max = s->te_metric_max = 0;
    s->igp_metric_min = UINT32_MAX;
    s->has_first_only = false;
    for (uint32_t i = 0; i < s->edge_count; i++) {
        const struct ted_edge *edge = &s->reverse_edges[i];
        if (s->reverse_columns.delay_us[i] > s->delay_us_max)
            s->delay_us_max = s->reverse_columns.delay_us[i];
        if (edge->igp_metric < s->igp_metric_min)
            s->igp_metric_min = edge->igp_metric;
        if (edge->igp_metric > s->igp_metric_max)
            s->igp_metric_max = edge->igp_metric;
        if (edge->te_metric > s->te_metric_max)
            s->te_metric_max = edge->te_metric;
        s->has_first_only = s->has_first_only || edge->is_first_only;
    }
}

static enum pce_status fill_links(const struct ted_builder *builder, struct ted_snapshot *s,
                                  const struct layout *at)
{
    char *edge_part = ted_part_data(s->parts[TED_PART_EDGES]);
    struct ted_link *links =
        fill_array(ted_part_data(s->parts[TED_PART_LINKS]) + at->links, &builder->links);
    s->links = links;
    s->link_count = s->edge_count = builder->links.count;
    enum pce_status status = ted_pair_links(links, s->link_count, s->node_count);
    if (status != PCE_OK)
        return status;
    uint32_t *first = (uint32_t *)(void *)(edge_part + at->first_edge);
    struct ted_edge *edges = (struct ted_edge *)(void *)(edge_part + at->edges);
    fill_edges(s, false, first, edges);
    s->first_edge = first;
    s->edges = edges;
    uint32_t *reverse_first = (uint32_t *)(void *)(edge_part + at->reverse_first_edge);
    struct ted_edge *reverse_edges = (struct ted_edge *)(void *)(edge_part + at->reverse_edges);
    fill_edges(s, true, reverse_first, reverse_edges);
    s->reverse_first_edge = reverse_first;
    s->reverse_edges = reverse_edges;
    s->reverse_columns =
        columns_fill(edge_part + at->reverse_columns, links, reverse_edges, s->link_count);
    ted_note_extremes(s);
    return link_ends_fill(ted_part_data(s->parts[TED_PART_ENDS]) + at->link_ends, s->nodes, links,
                          s->link_count, &s->link_ends);
}

/* Builders of different threads share the numbers. */
uint64_t ted_next_serial(void)
{
    static atomic_uint_least64_t last;
    return atomic_fetch_add_explicit(&last, 1, memory_order_relaxed) + 1;
}

/* The head and its parts, cleared. NULL: memory ran out. */
static struct ted_snapshot *snapshot_create(const struct layout *at)
{
    struct ted_snapshot *s = calloc(1, sizeof *s);
    if (s == NULL)
        return NULL;
    s->octets = sizeof *s;
    for (unsigned i = 0; i < TED_PART_COUNT; i++) {
        s->parts[i] = ted_part_create(at->sizes[i]);
        if (s->parts[i] == NULL) {
            ted_snapshot_destroy(s);
            return NULL;
        }
        if (i != TED_PART_LINKS) /* the largest one, all of which is copied */
            memset(ted_part_data(s->parts[i]), 0, at->sizes[i]);
        s->octets += s->parts[i]->octets;
    }
    return s;
}

static void fill_ground(const struct ted_builder *builder, struct ted_snapshot *s,
                        const struct layout *at)
{
    char *ground = ted_part_data(s->parts[TED_PART_GROUND]);
    char *network_name = ted_part_data(s->parts[TED_PART_NAMES]) + at->network_name;
    size_t size = strlen(builder->network_name) + 1;
    memcpy(network_name, builder->network_name, size);
    s->name = network_name;
    fill_nodes(builder, s, ground + at->nodes, fill_array(network_name + size, &builder->names));
    s->addresses = fill_array(ground + at->addresses, &builder->addresses);
    s->srgbs = fill_array(ground + at->srgbs, &builder->srgbs);
    fill_sid_index_ends(s, ground + at->sid_index_ends);
    s->sid_owners = fill_array(ground + at->sid_owners, &builder->sid_owners);
    s->sid_owner_count = builder->sid_owners.count;
    s->prefix_sids = fill_array(ground + at->prefix_sids, &builder->prefix_sids);
    s->algorithms = fill_array(ground + at->algorithms, &builder->algorithms);
    s->flexes = fill_array(ground + at->flexes, &builder->flexes);
    s->name_index = fill_slots(ground + at->name_slots, &builder->name_index);
    s->address_index = fill_slots(ground + at->address_slots, &builder->address_index);
}

static void fill_lists(const struct ted_builder *builder, struct ted_snapshot *s,
                       const struct layout *at)
{
    char *lists = ted_part_data(s->parts[TED_PART_LISTS]);
    s->adj_sids = fill_array(lists + at->adj_sids, &builder->adj_sids);
    s->srv6_sids = fill_array(lists + at->srv6_sids, &builder->srv6_sids);
    s->srlgs = fill_array(lists + at->srlgs, &builder->srlgs);
    s->flex_links = fill_array(lists + at->flex_links, &builder->flex_links);
    s->group_words = fill_array(lists + at->group_words, &builder->group_words);
    s->address_nodes = fill_array(ted_part_data(s->parts[TED_PART_OWNERS]) + at->address_nodes,
                                  &builder->address_nodes);
    s->address_node_count = builder->address_nodes.count;
}

static void fill_rooms(const struct ted_builder *builder, struct ted_snapshot *s)
{
    const uint32_t counts[TED_LIST_COUNT] = {
        [TED_LIST_NAMES] = (uint32_t)strlen(builder->network_name) + 1 + builder->names.count,
        [TED_LIST_ADDRESSES] = builder->addresses.count,
        [TED_LIST_SRGBS] = builder->srgbs.count,
        [TED_LIST_PREFIX_SIDS] = builder->prefix_sids.count,
        [TED_LIST_ALGORITHMS] = builder->algorithms.count,
        [TED_LIST_FLEXES] = builder->flexes.count,
        [TED_LIST_SID_OWNERS] = builder->sid_owners.count,
        [TED_LIST_SRLGS] = builder->srlgs.count,
        [TED_LIST_ADJ_SIDS] = builder->adj_sids.count,
        [TED_LIST_SRV6_SIDS] = builder->srv6_sids.count,
        [TED_LIST_FLEX_LINKS] = builder->flex_links.count,
        [TED_LIST_GROUP_WORDS] = builder->group_words.count,
        [TED_LIST_ADDRESS_NODES] = builder->address_nodes.count,
        [TED_LIST_LINKS] = builder->links.count,
        [TED_LIST_HOPS_V4] = s->link_ends.v4.of_links == NULL ? 0 : builder->links.count,
        [TED_LIST_HOPS_V6] = s->link_ends.v6.of_links == NULL ? 0 : builder->links.count,
    };
    s->edge_room = builder->links.count;
    for (unsigned i = 0; i < TED_LIST_COUNT; i++)
        s->rooms[i] = (struct ted_room){.count = counts[i], .room = counts[i]};
}

enum pce_status ted_builder_snapshot(struct ted_builder *builder, struct ted_snapshot **snapshot,
                                     struct ted_fault *fault)
{
    struct layout at = lay_out(builder);
    struct ted_snapshot *s = snapshot_create(&at);
    if (s == NULL)
        return ted_fault_set(fault, PCE_NO_MEMORY, "", "no memory for a snapshot of %u nodes",
                             builder->nodes.count);
    s->serial = s->ground = ted_next_serial();
    fill_ground(builder, s, &at);
    fill_lists(builder, s, &at);
    enum pce_status status = fill_links(builder, s, &at);
    fill_rooms(builder, s);
    if (status != PCE_OK) {
        ted_snapshot_destroy(s);
        return ted_fault_set(fault, status, "", "%s", pce_status_text(status));
    }
    *snapshot = s;
    return PCE_OK;
}

void ted_snapshot_destroy(struct ted_snapshot *snapshot)
{
    if (snapshot == NULL)
        return;
    for (unsigned i = 0; i < TED_PART_COUNT; i++)
        ted_part_leave(snapshot->parts[i]);
    /* Each begins with its part. */
    ted_part_leave((struct ted_part *)(void *)snapshot->landmarks);
    ted_part_leave((struct ted_part *)(void *)snapshot->link_numbers);
    ted_part_leave((struct ted_part *)(void *)snapshot->delta);
    ted_part_leave((struct ted_part *)(void *)snapshot->recent);
    ted_derived_free(snapshot->derived);
    ted_flex_views_destroy(snapshot->flex_views);
    free(snapshot);
}
