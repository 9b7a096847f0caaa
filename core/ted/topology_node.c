#include "core/ted/topology_impl.h"
#include "core/ted/topology_scalar.h"

#include <stdio.h>
#include <string.h>

#define BEHAVIOR_END 1

/* Places in node_rows. */
enum { ROW_SRGB = 5, ROW_PREFIX_SID, ROW_PREFIX_SIDS, ROW_MSD, ROW_SRV6_SIDS, ROW_SRV6_MSD };

static bool read_addresses(struct topo_reader *r, const struct topo_row *row, void *field)
{
    struct topo_node *node = field;
    return topo_read_list(r, row,
                          (struct topo_list){node->addresses, sizeof node->addresses[0],
                                             TED_NODE_ADDRESSES_MAX, &node->address_count,
                                             topo_read_ip});
}

static bool read_degrees(struct topo_reader *r, const struct topo_row *row, void *field)
{
    (void)row;
    const struct topo_frame *frame = &r->frames[r->depth - 1];
    const struct topo_row range = {.max = frame->index == 0 ? 90 : 180};
    return topo_read_degrees(r, &range, field);
}

static bool read_position(struct topo_reader *r, const struct topo_row *row, void *field)
{
    struct topo_node *node = field;
    struct topo_mark start = topo_here(r);
    if (!topo_read_list(r, row,
                        (struct topo_list){node->position, sizeof node->position[0], 2,
                                           &node->position_count, read_degrees}))
        return false;
    if (node->position_count != 2)
        return topo_fail_at(r, start, "", "wants two numbers: latitude and longitude");
    return true;
}

static const struct topo_row prefix_sid_rows[] = {
    {"index", topo_read_u32, offsetof(struct ted_prefix_sid, index), 0, TED_LABEL_MAX, true},
    {"algorithm", topo_read_algorithm, offsetof(struct ted_prefix_sid, algorithm), 0, 255, false},
    {"family", topo_read_family, offsetof(struct ted_prefix_sid, family), IP_V4, IP_V6, false},
    {"anycast", topo_read_bool, offsetof(struct ted_prefix_sid, is_anycast), 0, 1, false},
};
const struct topo_table topo_prefix_sid_table = {"prefix-sids", prefix_sid_rows, 4};

static bool read_prefix_sid(struct topo_reader *r, const struct topo_row *row, void *field)
{
    (void)row;
    struct topo_mark marks[TOPO_ROWS_MAX];
    struct ted_prefix_sid *sid = field;
    *sid = (struct ted_prefix_sid){.family = IP_V4};
    return topo_read_mapping(r, &topo_prefix_sid_table, sid, marks);
}

static bool read_prefix_sids(struct topo_reader *r, const struct topo_row *row, void *field)
{
    struct topo_node *node = field;
    if (node->marks[ROW_PREFIX_SID].line != 0)
        return topo_fail_short_form(r, "prefix-sid", "prefix-sids");
    return topo_read_list(r, row,
                          (struct topo_list){node->prefix_sids, sizeof node->prefix_sids[0],
                                             TED_NODE_SIDS_MAX, &node->prefix_sid_count,
                                             read_prefix_sid});
}

/* The short form: one index, for IPv4 and the shortest path. */
static bool read_one_prefix_sid(struct topo_reader *r, const struct topo_row *row, void *field)
{
    struct topo_node *node = field;
    if (node->marks[ROW_PREFIX_SIDS].line != 0)
        return topo_fail_short_form(r, "prefix-sid", "prefix-sids");
    node->prefix_sid_count = 1;
    struct ted_prefix_sid *sid = &node->prefix_sids[0];
    *sid = (struct ted_prefix_sid){.family = IP_V4};
    return topo_read_u32(r, row, &sid->index);
}

/* Rows whose read function wants the whole node have offset 0. */
static const struct topo_row node_rows[] = {
    {"name", topo_read_name, offsetof(struct topo_node, name), 1, TED_NAME_SIZE_MAX, true},
    {"router-id", topo_read_v4, offsetof(struct topo_node, router_id_v4), 0, 0, false},
    {"router-id-v6", topo_read_v6, offsetof(struct topo_node, router_id_v6), 0, 0, false},
    {"addresses", read_addresses, 0, 0, 0, false},
    {"position", read_position, 0, 0, 0, false},
    {"srgb", topo_read_srgbs, offsetof(struct topo_node, srgbs), 0, 0, false},
    {"prefix-sid", read_one_prefix_sid, 0, 0, TED_LABEL_MAX, false},
    {"prefix-sids", read_prefix_sids, 0, 0, 0, false},
    {"node-msd", topo_read_u8, offsetof(struct topo_node, msd), 0, 255, false},
    {"srv6-sids", topo_read_srv6_sids, offsetof(struct topo_node, srv6_sids), 0, BEHAVIOR_END,
     false},
    {"srv6-msd", topo_read_u8, offsetof(struct topo_node, srv6_msd), 0, 255, false},
    {"overload", topo_read_bool, offsetof(struct topo_node, is_overloaded), 0, 1, false},
    {"algorithms", topo_read_algorithms, 0, 0, 255, false},
    {"flex-algorithms", topo_read_flexes, 0, 0, 0, false},
};
const struct topo_table topo_node_table = {"nodes", node_rows,
                                           sizeof node_rows / sizeof node_rows[0]};

/* Clears what a node may leave out; the arrays are only as good as their counts. */
static void clear_node(struct topo_node *node)
{
    node->name[0] = '\0';
    node->router_id_v4 = (struct ip){0};
    node->router_id_v6 = (struct ip){0};
    node->address_count = 0;
    node->position_count = 0;
    node->srgbs.count = 0;
    node->prefix_sid_count = 0;
    node->srv6_sids.count = 0;
    node->is_overloaded = false;
    node->algorithm_count = node->flex_count = 0;
}

static void node_apply_defaults(struct topo_node *node, const struct topo_defaults *defaults)
{
    if (node->marks[ROW_SRGB].line == 0)
        node->srgbs = defaults->srgbs;
    if (node->marks[ROW_MSD].line == 0)
        node->msd = defaults->msd;
    if (node->marks[ROW_SRV6_MSD].line == 0)
        node->srv6_msd = defaults->srv6_msd;
    topo_default_structure(&node->srv6_sids, &defaults->structure);
}

/* An index past a node's own ranges is nearly always a slip of the pen. */
static bool node_check_prefix_sids(struct topo_reader *r, const struct topo_node *node)
{
    char part[32];
    bool is_short = node->marks[ROW_PREFIX_SID].line != 0;
    uint32_t labels = 0;
    for (uint32_t i = 0; i < node->srgbs.count; i++)
        labels += node->srgbs.items[i].size;
    for (uint32_t i = 0; i < node->prefix_sid_count && node->srgbs.count > 0; i++) {
        if (node->prefix_sids[i].index < labels)
            continue;
        snprintf(part, sizeof part, is_short ? "prefix-sid" : "prefix-sids[%u]", i);
        return topo_fail_at(r, node->marks[is_short ? ROW_PREFIX_SID : ROW_PREFIX_SIDS], part,
                            "index %u lies past the %u labels of the node's srgb",
                            node->prefix_sids[i].index, labels);
    }
    return true;
}

bool topo_read_node(struct topo_reader *r, const struct topo_row *row, void *field)
{
    (void)row;
    struct topo_file *file = field;
    struct topo_node *node = &file->node;
    struct topo_mark start = topo_here(r);
    clear_node(node);
    r->subjects[0] = node->name;
    if (!topo_read_mapping(r, &topo_node_table, node, node->marks))
        return false;
    node_apply_defaults(node, &file->defaults);
    if (!node_check_prefix_sids(r, node))
        return false;
    const struct ted_node_spec spec = {
        .name = node->name,
        .router_id_v4 = node->router_id_v4,
        .router_id_v6 = node->router_id_v6,
        .addresses = node->addresses,
        .address_count = node->address_count,
        .srgbs = node->srgbs.items,
        .srgb_count = node->srgbs.count,
        .prefix_sids = node->prefix_sids,
        .prefix_sid_count = node->prefix_sid_count,
        .srv6_sids = node->srv6_sids.items,
        .srv6_sid_count = node->srv6_sids.count,
        .msd = node->msd,
        .is_overloaded = node->is_overloaded,
        .srv6_msd = node->srv6_msd,
        .algorithms = node->algorithms,
        .algorithm_count = node->algorithm_count,
        .flexes = node->flexes,
        .flex_count = node->flex_count,
        .has_position = node->position_count == 2,
        .latitude = node->position[0],
        .longitude = node->position[1],
    };
    uint32_t index;
    enum pce_status status = ted_builder_add_node(file->builder, &spec, &index, r->fault);
    if (status != PCE_OK && node->marks[ROW_PREFIX_SID].line != 0 &&
        strcmp(r->fault->element, "prefix-sids[0]") == 0)
        snprintf(r->fault->element, sizeof r->fault->element, "prefix-sid");
    if (status != PCE_OK)
        return topo_fail_builder(r, status, &topo_node_table, node->marks, start);
    r->subjects[0] = NULL;
    return true;
}
