#include "core/ted/builder_impl.h"

#include "core/base/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Addresses that one addition may bring: two router ids and a list, or the two ends of a link in
 * both families. */
#define NEW_ADDRESSES_MAX (TED_NODE_ADDRESSES_MAX + 2)

struct ted_builder *ted_builder_create(const char *network_name)
{
    struct ted_builder *builder = calloc(1, sizeof *builder);
    if (builder == NULL)
        return NULL;
    snprintf(builder->network_name, sizeof builder->network_name, "%s", network_name);
    ted_array_init(&builder->nodes, sizeof(struct ted_node));
    ted_array_init(&builder->name_offsets, sizeof(uint32_t));
    ted_array_init(&builder->names, sizeof(char));
    ted_array_init(&builder->links, sizeof(struct ted_link));
    ted_array_init(&builder->addresses, sizeof(struct ip));
    ted_array_init(&builder->srgbs, sizeof(struct ted_srgb));
    ted_array_init(&builder->prefix_sids, sizeof(struct ted_prefix_sid));
    ted_array_init(&builder->adj_sids, sizeof(struct ted_adj_sid));
    ted_array_init(&builder->srv6_sids, sizeof(struct ted_srv6_sid));
    ted_array_init(&builder->srlgs, sizeof(uint32_t));
    ted_array_init(&builder->algorithms, sizeof(uint8_t));
    ted_array_init(&builder->flexes, sizeof(struct ted_flex_definition));
    ted_array_init(&builder->flex_links, sizeof(struct ted_flex_link));
    ted_array_init(&builder->group_words, sizeof(uint32_t));
    ted_array_init(&builder->address_nodes, sizeof(struct ted_address));
    ted_array_init(&builder->sid_owners, sizeof(uint32_t));
    ted_array_init(&builder->interfaces, sizeof(struct ted_interface));
    ted_array_init(&builder->srv6_owners, sizeof(uint32_t));
    return builder;
}

void ted_builder_destroy(struct ted_builder *builder)
{
    if (builder == NULL)
        return;
    ted_array_fini(&builder->nodes);
    ted_array_fini(&builder->name_offsets);
    ted_array_fini(&builder->names);
    ted_array_fini(&builder->links);
    ted_array_fini(&builder->addresses);
    ted_array_fini(&builder->srgbs);
    ted_array_fini(&builder->prefix_sids);
    ted_array_fini(&builder->adj_sids);
    ted_array_fini(&builder->srv6_sids);
    ted_array_fini(&builder->srlgs);
    ted_array_fini(&builder->algorithms);
    ted_array_fini(&builder->flexes);
    ted_array_fini(&builder->flex_links);
    ted_array_fini(&builder->group_words);
    ted_array_fini(&builder->address_nodes);
    ted_array_fini(&builder->sid_owners);
    ted_array_fini(&builder->interfaces);
    ted_array_fini(&builder->srv6_owners);
    slots_fini(&builder->name_index);
    slots_fini(&builder->address_index);
    slots_fini(&builder->interface_index);
    slots_fini(&builder->srv6_index);
    free(builder);
}

static bool builder_has_name(const void *context, uint32_t value, const void *key)
{
    return strcmp(ted_builder_node_name(context, value), key) == 0;
}

uint32_t ted_builder_find_node(const struct ted_builder *builder, const char *name)
{
    return slots_find(slots_view(&builder->name_index), ted_hash_name(name), builder_has_name,
                      builder, name);
}

static bool builder_has_address(const void *context, uint32_t value, const void *key)
{
    const struct ted_builder *builder = context;
    const struct ted_address *entries = builder->address_nodes.items;
    return ip_is_equal(&entries[value].address, key);
}

uint32_t ted_builder_find_address(const struct ted_builder *builder, const struct ip *address)
{
    uint32_t found = slots_find(slots_view(&builder->address_index), ted_hash_address(address),
                                builder_has_address, builder, address);
    const struct ted_address *entries = builder->address_nodes.items;
    return found == TED_NONE ? TED_NONE : entries[found].node;
}

static enum pce_status refuse_owner(const struct ted_builder *builder, const struct ip *address,
                                    uint32_t owner, const char *element, struct ted_fault *fault)
{
    char text[IP_TEXT_SIZE];
    return ted_fault_set(fault, PCE_EXISTS, element, "%s belongs to node %s already",
                         ip_format(address, text), ted_builder_node_name(builder, owner));
}

/* Refuses an address that belongs to another node than `node` (TED_NONE: one that is not added
 * yet). */
static enum pce_status check_owner(const struct ted_builder *builder, const struct ip *address,
                                   uint32_t node, const char *element, struct ted_fault *fault)
{
    if (!ted_is_node_address(address))
        return PCE_OK;
    uint32_t owner = ted_builder_find_address(builder, address);
    return owner == TED_NONE || owner == node
               ? PCE_OK
               : refuse_owner(builder, address, owner, element, fault);
}

/* One that nobody has yet; there must be room for it. */
static void add_new_address(struct ted_builder *builder, const struct ip *address, uint32_t node)
{
    CHECK(node < builder->nodes.count);
    struct ted_address entry = {.address = *address, .node = node};
    uint32_t index = ted_array_append(&builder->address_nodes, &entry, 1);
    slots_insert(&builder->address_index, ted_hash_address(address), index);
}

/* There must be room for it. */
static void add_address(struct ted_builder *builder, const struct ip *address, uint32_t node)
{
    if (ted_is_node_address(address) && ted_builder_find_address(builder, address) == TED_NONE)
        add_new_address(builder, address, node);
}

static enum pce_status check_node_is_new(const struct ted_builder *builder,
                                         const struct ted_node_spec *spec, struct ted_fault *fault)
{
    if (ted_builder_find_node(builder, spec->name) != TED_NONE)
        return ted_fault_set(fault, PCE_EXISTS, "name", "there is a node %s already", spec->name);
    enum pce_status status =
        check_owner(builder, &spec->router_id_v4, TED_NONE, "router-id", fault);
    if (status == PCE_OK)
        status = check_owner(builder, &spec->router_id_v6, TED_NONE, "router-id-v6", fault);
    for (uint32_t i = 0; i < spec->address_count && status == PCE_OK; i++) {
        char element[32];
        snprintf(element, sizeof element, "addresses[%u]", i);
        status = check_owner(builder, &spec->addresses[i], TED_NONE, element, fault);
    }
    /* One index for two nodes would be one label for two destinations (RFC 8660 2.5). */
    const uint32_t *owners = builder->sid_owners.items;
    for (uint32_t i = 0; i < spec->prefix_sid_count && status == PCE_OK; i++) {
        uint32_t sid = spec->prefix_sids[i].index;
        if (spec->prefix_sids[i].is_anycast || sid >= builder->sid_owners.count ||
            owners[sid] == TED_NONE)
            continue;
        char element[32];
        snprintf(element, sizeof element, "prefix-sids[%u]", i);
        status = ted_fault_set(fault, PCE_EXISTS, element, "index %u belongs to node %s already",
                               sid, ted_builder_node_name(builder, owners[sid]));
    }
    return status;
}

/* Makes the table of prefix SID owners long enough for this index. */
static enum pce_status reserve_sid(struct ted_builder *builder, uint32_t sid)
{
    const uint32_t none = TED_NONE;
    if (sid < builder->sid_owners.count)
        return PCE_OK;
    enum pce_status status =
        ted_array_reserve(&builder->sid_owners, sid + 1 - builder->sid_owners.count);
    while (status == PCE_OK && builder->sid_owners.count <= sid)
        ted_array_append(&builder->sid_owners, &none, 1);
    return status;
}

static enum pce_status reserve_addresses(struct ted_builder *builder, uint32_t count)
{
    CHECK(count <= NEW_ADDRESSES_MAX);
    enum pce_status status = ted_array_reserve(&builder->address_nodes, count);
    return status == PCE_OK ? slots_reserve(&builder->address_index, count) : status;
}

static enum pce_status reserve_node(struct ted_builder *builder, const struct ted_node_spec *spec)
{
    struct {
        struct ted_array *array;
        uint32_t more;
    } const wants[] = {
        {&builder->nodes, 1},
        {&builder->name_offsets, 1},
        {&builder->names, (uint32_t)strlen(spec->name) + 1},
        {&builder->addresses, spec->address_count},
        {&builder->srgbs, spec->srgb_count},
        {&builder->prefix_sids, spec->prefix_sid_count},
        {&builder->algorithms, spec->algorithm_count},
        {&builder->flexes, spec->flex_count},
    };
    enum pce_status status = PCE_OK;
    for (size_t i = 0; i < sizeof wants / sizeof wants[0] && status == PCE_OK; i++)
        status = ted_array_reserve(wants[i].array, wants[i].more);
    for (uint32_t i = 0; i < spec->prefix_sid_count && status == PCE_OK; i++)
        status = reserve_sid(builder, spec->prefix_sids[i].index);
    if (status == PCE_OK)
        status = ted_srv6_sids_reserve(builder, spec->srv6_sid_count);
    if (status == PCE_OK)
        status = slots_reserve(&builder->name_index, 1);
    return status == PCE_OK ? reserve_addresses(builder, spec->address_count + 2) : status;
}

static struct ted_range append_range(struct ted_array *array, const void *items, uint32_t count)
{
    return (struct ted_range){.first = ted_array_append(array, items, count), .count = count};
}

static void take_igp_id(const struct ted_node_spec *spec, struct ted_node *node)
{
    CHECK(spec->igp_id_size <= sizeof node->igp_id);
    node->igp_id_size = spec->igp_id_size;
    memcpy(node->igp_id, spec->igp_id, spec->igp_id_size);
    if (spec->igp_id_size > 0 || spec->router_id_v4.family != IP_V4)
        return;
    node->igp_id_size = 4;
    memcpy(node->igp_id, spec->router_id_v4.octets, 4);
}

struct ted_node ted_node_of_spec(const struct ted_node_spec *spec)
{
    struct ted_node node = {
        .router_id_v4 = spec->router_id_v4,
        .router_id_v6 = spec->router_id_v6,
        .msd = spec->msd,
        .is_overloaded = spec->is_overloaded,
        .srv6_msd = spec->srv6_msd,
        .has_position = spec->has_position,
        .latitude = spec->has_position ? spec->latitude : 0,
        .longitude = spec->has_position ? spec->longitude : 0,
    };
    take_igp_id(spec, &node);
    return node;
}

enum pce_status ted_builder_add_node(struct ted_builder *builder, const struct ted_node_spec *spec,
                                     uint32_t *index, struct ted_fault *fault)
{
    if (builder->nodes.count >= TED_NODES_MAX)
        return ted_fault_set(fault, PCE_LIMIT, "", "more than %d nodes", TED_NODES_MAX);
    enum pce_status status = ted_check_node(spec, fault);
    if (status == PCE_OK)
        status = check_node_is_new(builder, spec, fault);
    if (status != PCE_OK)
        return status;
    status = reserve_node(builder, spec);
    if (status != PCE_OK)
        return ted_fault_set(fault, status, "", "%s", pce_status_text(status));

    struct ted_node node = ted_node_of_spec(spec);
    node.addresses = append_range(&builder->addresses, spec->addresses, spec->address_count);
    node.srgbs = append_range(&builder->srgbs, spec->srgbs, spec->srgb_count);
    node.prefix_sids =
        append_range(&builder->prefix_sids, spec->prefix_sids, spec->prefix_sid_count);
    node.srv6_sids =
        ted_srv6_sids_take(builder, spec->srv6_sids, spec->srv6_sid_count, builder->nodes.count);
    node.algorithms = append_range(&builder->algorithms, spec->algorithms, spec->algorithm_count);
    node.flexes = append_range(&builder->flexes, spec->flexes, spec->flex_count);
    uint32_t name = ted_array_append(&builder->names, spec->name, (uint32_t)strlen(spec->name) + 1);
    ted_array_append(&builder->name_offsets, &name, 1);
    *index = ted_array_append(&builder->nodes, &node, 1);
    slots_insert(&builder->name_index, ted_hash_name(spec->name), *index);
    add_address(builder, &spec->router_id_v4, *index);
    add_address(builder, &spec->router_id_v6, *index);
    for (uint32_t i = 0; i < spec->address_count; i++)
        add_address(builder, &spec->addresses[i], *index);
    uint32_t *owners = builder->sid_owners.items;
    for (uint32_t i = 0; i < spec->prefix_sid_count; i++)
        if (!spec->prefix_sids[i].is_anycast)
            owners[spec->prefix_sids[i].index] = *index;
    return PCE_OK;
}

#define LINK_ENDS 4

/* What names an end of a link. */
struct link_end {
    const struct ip *address;
    uint32_t node;
    const char *element;
    bool is_new; /* nobody has the address yet */
};

static enum pce_status check_link_end(const struct ted_builder *builder, struct link_end *end,
                                      struct ted_fault *fault)
{
    if (!ted_is_node_address(end->address))
        return PCE_OK;
    uint32_t owner = ted_builder_find_address(builder, end->address);
    end->is_new = owner == TED_NONE;
    return end->is_new || owner == end->node
               ? PCE_OK
               : refuse_owner(builder, end->address, owner, end->element, fault);
}

static enum pce_status check_link_ends(const struct ted_builder *builder,
                                       const struct ted_link_spec *spec,
                                       struct link_end ends[LINK_ENDS], struct ted_fault *fault)
{
    if (spec->from >= builder->nodes.count)
        return ted_fault_set(fault, PCE_INVALID, "from", "there is no such node");
    if (spec->to >= builder->nodes.count)
        return ted_fault_set(fault, PCE_INVALID, "to", "there is no such node");
    if (spec->local_v4.family != IP_NONE && ip_is_equal(&spec->local_v4, &spec->remote_v4))
        return ted_fault_set(fault, PCE_INVALID, "addresses", "both ends have the same one");
    if (spec->local_v6.family != IP_NONE && ip_is_equal(&spec->local_v6, &spec->remote_v6))
        return ted_fault_set(fault, PCE_INVALID, "addresses-v6", "both ends have the same one");
    enum pce_status status = PCE_OK;
    for (unsigned i = 0; i < LINK_ENDS && status == PCE_OK; i++)
        status = check_link_end(builder, &ends[i], fault);
    return status;
}

static int builder_compare_u32(const void *left, const void *right)
{
    const uint32_t *a = left;
    const uint32_t *b = right;
    return (*a > *b) - (*a < *b);
}

uint32_t ted_sort_srlgs(uint32_t *srlgs, uint32_t count)
{
    uint32_t kept = count < 1 ? 0 : 1;
    if (count > 1)
        qsort(srlgs, count, sizeof *srlgs, builder_compare_u32);
    for (uint32_t i = 1; i < count; i++) {
        if (srlgs[i] != srlgs[kept - 1])
            srlgs[kept++] = srlgs[i];
    }
    return kept;
}

/* There must be room for all. */
static struct ted_range add_srlgs(struct ted_builder *builder, const uint32_t *srlgs,
                                  uint32_t count)
{
    struct ted_range range = append_range(&builder->srlgs, srlgs, count);
    CHECK(range.first + count == builder->srlgs.count); /* only the last range can shrink */
    if (count > 0)
        range.count = ted_sort_srlgs((uint32_t *)builder->srlgs.items + range.first, count);
    builder->srlgs.count = range.first + range.count;
    return range;
}

static enum pce_status reserve_link(struct ted_builder *builder, const struct ted_link_spec *spec)
{
    enum pce_status status = ted_array_reserve(&builder->links, 1);
    if (status == PCE_OK)
        status = ted_array_reserve(&builder->srlgs, spec->srlg_count + spec->flex.srlg_count);
    if (status == PCE_OK)
        status =
            ted_array_reserve(&builder->group_words, spec->group_count + spec->flex.group_count);
    if (status == PCE_OK)
        status = ted_array_reserve(&builder->flex_links, 1);
    if (status == PCE_OK)
        status = ted_array_reserve(&builder->adj_sids, spec->adj_sid_count);
    if (status == PCE_OK)
        status = ted_srv6_sids_reserve(builder, spec->srv6_sid_count);
    return status == PCE_OK ? reserve_addresses(builder, 4) : status;
}

struct ted_link ted_link_of_spec(const struct ted_link_spec *spec)
{
    struct ted_link link = {
        .from = spec->from,
        .to = spec->to,
        .reverse = TED_NONE,
#define BUILDER_TAKE(value) .value = spec->value,
        TED_LINK_VALUES(BUILDER_TAKE)
#undef BUILDER_TAKE
            .local_v4 = spec->local_v4,
        .remote_v4 = spec->remote_v4,
        .local_v6 = spec->local_v6,
        .remote_v6 = spec->remote_v6,
        .local_id = spec->local_id,
        .remote_id = spec->remote_id,
    };
    memcpy(link.unreserved, spec->unreserved, sizeof link.unreserved);
    return link;
}

/* The place of what a link has for flexible algorithms; there must be room. */
static uint32_t add_flex_link(struct ted_builder *builder, const struct ted_link_spec *spec)
{
    const struct ted_flex_link_spec *flex = &spec->flex;
    if (spec->flex_source != TED_FLEX_TOLD)
        return TED_NONE;
    struct ted_flex_link link = {
        .te_metric = flex->te_metric,
        .delay_min_us = flex->delay_min_us,
        .groups = append_range(&builder->group_words, flex->groups, flex->group_count),
        .srlgs = add_srlgs(builder, flex->srlgs, flex->srlg_count),
    };
    return ted_array_append(&builder->flex_links, &link, 1);
}

enum pce_status ted_builder_add_link(struct ted_builder *builder, const struct ted_link_spec *spec,
                                     uint32_t *index, struct ted_fault *fault)
{
    if (builder->links.count >= TED_LINKS_MAX)
        return ted_fault_set(fault, PCE_LIMIT, "", "more than %d directed links", TED_LINKS_MAX);
    struct link_end ends[LINK_ENDS] = {
        {&spec->local_v4, spec->from, "addresses[0]", false},
        {&spec->remote_v4, spec->to, "addresses[1]", false},
        {&spec->local_v6, spec->from, "addresses-v6[0]", false},
        {&spec->remote_v6, spec->to, "addresses-v6[1]", false},
    };
    enum pce_status status = ted_check_link(spec, fault);
    if (status == PCE_OK)
        status = check_link_ends(builder, spec, ends, fault);
    if (status == PCE_OK)
        status = ted_interfaces_reserve(builder, spec, fault);
    if (status != PCE_OK)
        return status;
    status = reserve_link(builder, spec);
    if (status != PCE_OK)
        return ted_fault_set(fault, status, "", "%s", pce_status_text(status));

    struct ted_link link = ted_link_of_spec(spec);
    link.is_first_only = ((const struct ted_node *)builder->nodes.items)[spec->from].is_overloaded;
    link.srlgs = add_srlgs(builder, spec->srlgs, spec->srlg_count);
    link.adj_sids = append_range(&builder->adj_sids, spec->adj_sids, spec->adj_sid_count);
    link.srv6_sids = ted_srv6_sids_take(builder, spec->srv6_sids, spec->srv6_sid_count,
                                        TED_NODES_MAX + builder->links.count);
    link.groups = append_range(&builder->group_words, spec->groups, spec->group_count);
    link.flex = add_flex_link(builder, spec);
    *index = ted_array_append(&builder->links, &link, 1);
    ted_interfaces_take(builder, spec);
    for (unsigned i = 0; i < LINK_ENDS; i++)
        if (ends[i].is_new)
            add_new_address(builder, ends[i].address, ends[i].node);
    return PCE_OK;
}
