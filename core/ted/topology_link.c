#include "core/base/check.h"
#include "core/ted/topology_direction.h"
#include "core/ted/topology_scalar.h"

#include <stdio.h>
#include <string.h>

#define BEHAVIOR_END_X 5

static bool read_unreserved(struct topo_reader *r, const struct topo_row *row, void *field)
{
    struct topo_direction *d = field;
    struct topo_mark start = topo_here(r);
    if (!topo_read_list(r, row,
                        (struct topo_list){d->unreserved, sizeof d->unreserved[0], TED_PRIORITIES,
                                           &d->unreserved_count, topo_read_bandwidth}))
        return false;
    if (d->unreserved_count != TED_PRIORITIES)
        return topo_fail_at(r, start, "", "wants eight values, one for each priority");
    return true;
}

static bool read_srlgs(struct topo_reader *r, const struct topo_row *row, void *field)
{
    struct topo_direction *d = field;
    return topo_read_list(r, row,
                          (struct topo_list){d->srlgs, sizeof d->srlgs[0], TED_LINK_SRLGS_MAX,
                                             &d->srlg_count, topo_read_u32});
}

static bool read_delay_range(struct topo_reader *r, const struct topo_row *row, void *field)
{
    struct topo_direction *d = field;
    struct topo_mark start = topo_here(r);
    d->delay_range_count = 0;
    if (!topo_read_list(r, row,
                        (struct topo_list){d->delay_range_us, sizeof d->delay_range_us[0], 2,
                                           &d->delay_range_count, topo_read_delay}))
        return false;
    if (d->delay_range_count != 2 || d->delay_range_us[0] > d->delay_range_us[1])
        return topo_fail_at(r, start, "", "wants two values: the least delay and the greatest");
    return true;
}

static const struct topo_row adj_sid_rows[] = {
    {"label", topo_read_u32, offsetof(struct ted_adj_sid, label), TED_LABEL_MIN, TED_LABEL_MAX,
     true},
    {"family", topo_read_family, offsetof(struct ted_adj_sid, family), IP_NONE, IP_V6, false},
    {"protected", topo_read_bool, offsetof(struct ted_adj_sid, is_protected), 0, 1, false},
};
const struct topo_table topo_adj_sid_table = {"adj-sids", adj_sid_rows, 3};

static bool read_adj_sid(struct topo_reader *r, const struct topo_row *row, void *field)
{
    (void)row;
    struct topo_mark marks[TOPO_ROWS_MAX];
    struct ted_adj_sid *sid = field;
    *sid = (struct ted_adj_sid){.family = IP_NONE};
    return topo_read_mapping(r, &topo_adj_sid_table, sid, marks);
}

static bool read_adj_sids(struct topo_reader *r, const struct topo_row *row, void *field)
{
    struct topo_direction *d = field;
    if (d->marks[ROW_ADJ_SID].line != 0)
        return topo_fail_short_form(r, "adj-sid", "adj-sids");
    return topo_read_list(r, row,
                          (struct topo_list){d->adj_sids, sizeof d->adj_sids[0], TED_LINK_SIDS_MAX,
                                             &d->adj_sid_count, read_adj_sid});
}

/* The short form: one label, for both families, not protected. */
static bool read_one_adj_sid(struct topo_reader *r, const struct topo_row *row, void *field)
{
    struct topo_direction *d = field;
    if (d->marks[ROW_ADJ_SIDS].line != 0)
        return topo_fail_short_form(r, "adj-sid", "adj-sids");
    d->adj_sid_count = 1;
    struct ted_adj_sid *sid = &d->adj_sids[0];
    *sid = (struct ted_adj_sid){.family = IP_NONE};
    return topo_read_u32(r, row, &sid->label);
}

static bool read_ends(struct topo_reader *r, const struct topo_row *row, struct topo_list list)
{
    struct topo_mark start = topo_here(r);
    if (!topo_read_list(r, row, list))
        return false;
    if (*list.count != 2)
        return topo_fail_at(r, start, "", "wants two values: of the from end, of the to end");
    return true;
}

static bool read_ends_v4(struct topo_reader *r, const struct topo_row *row, void *field)
{
    struct topo_link *link = field;
    return read_ends(
        r, row, (struct topo_list){link->v4, sizeof link->v4[0], 2, &link->v4_count, topo_read_v4});
}

static bool read_ends_v6(struct topo_reader *r, const struct topo_row *row, void *field)
{
    struct topo_link *link = field;
    return read_ends(
        r, row, (struct topo_list){link->v6, sizeof link->v6[0], 2, &link->v6_count, topo_read_v6});
}

static bool read_interface_ids(struct topo_reader *r, const struct topo_row *row, void *field)
{
    struct topo_link *link = field;
    return read_ends(
        r, row,
        (struct topo_list){link->ids, sizeof link->ids[0], 2, &link->id_count, topo_read_u32});
}

static topo_read_fn read_reverse;

/* The keys of one direction come first in both tables, so that a row has the same number in both.
 */
#define D(field) offsetof(struct topo_direction, field)
#define DIRECTION_ROWS                                                                             \
    {"igp-metric", topo_read_u32, D(igp_metric), 0, TOPO_METRIC_MAX, false},                       \
        {"te-metric", topo_read_u32, D(te_metric), 0, UINT32_MAX, false},                          \
        {"delay", topo_read_delay, D(delay_us), 0, TOPO_DELAY_US_MAX, false},                      \
        {"capacity", topo_read_bandwidth, D(capacity), 0, TOPO_BANDWIDTH_MAX, false},              \
        {"reservable", topo_read_bandwidth, D(reservable), 0, TOPO_BANDWIDTH_MAX, false},          \
        {"unreserved", read_unreserved, 0, 0, TOPO_BANDWIDTH_MAX, false},                          \
        {"admin-group", topo_read_admin_group, D(admin_group), 0, UINT32_MAX, false},              \
        {"srlgs", read_srlgs, 0, 0, UINT32_MAX, false},                                            \
        {"delay-range", read_delay_range, 0, 0, TOPO_DELAY_US_MAX, false},                         \
        {"delay-variation", topo_read_delay, D(delay_variation_us), 0, TOPO_DELAY_US_MAX, false},  \
        {"loss", topo_read_loss, D(loss), 0, TOPO_LOSS_MAX, false},                                \
        {"link-msd", topo_read_u8, D(msd), 0, 255, false},                                         \
        {"extended-admin-group", topo_read_groups, D(groups), 0, 0, false},                        \
        {"flex-attributes", topo_read_flex_link, D(flex), 0, 0, false},                            \
        {"adj-sid", read_one_adj_sid, 0, TED_LABEL_MIN, TED_LABEL_MAX, false},                     \
        {"adj-sids", read_adj_sids, 0, 0, 0, false},                                               \
    {                                                                                              \
        "srv6-sids", topo_read_srv6_sids, D(srv6_sids), 0, BEHAVIOR_END_X, false                   \
    }

static const struct topo_row reverse_rows[] = {DIRECTION_ROWS};
const struct topo_table topo_reverse_table = {"reverse", reverse_rows,
                                              sizeof reverse_rows / sizeof reverse_rows[0]};

static const struct topo_row link_rows[] = {
    DIRECTION_ROWS,
    {"from", topo_read_name, offsetof(struct topo_link, from_name), 1, TED_NAME_SIZE_MAX, true},
    {"to", topo_read_name, offsetof(struct topo_link, to_name), 1, TED_NAME_SIZE_MAX, true},
    {"addresses", read_ends_v4, 0, 0, 0, false},
    {"addresses-v6", read_ends_v6, 0, 0, 0, false},
    {"interface-ids", read_interface_ids, 0, 1, UINT32_MAX, false},
    {"one-way", topo_read_bool, offsetof(struct topo_link, is_one_way), 0, 1, false},
    {"reverse", read_reverse, 0, 0, 0, false},
};
const struct topo_table topo_link_table = {"links", link_rows,
                                           sizeof link_rows / sizeof link_rows[0]};

_Static_assert(sizeof link_rows / sizeof link_rows[0] == ROW_REVERSE + 1 &&
                   sizeof reverse_rows / sizeof reverse_rows[0] == ROW_SRV6_SIDS + 1,
               "each row has its place");
_Static_assert(ROW_REVERSE < TOPO_ROWS_MAX, "each row has a mark");

static bool read_reverse(struct topo_reader *r, const struct topo_row *row, void *field)
{
    (void)row;
    struct topo_link *link = field;
    return topo_read_mapping(r, &topo_reverse_table, &link->reverse, link->reverse.marks);
}

static bool has_label(const void *context, uint32_t value, const void *key)
{
    const struct ted_array *labels = context;
    const struct topo_label *a = &((const struct topo_label *)labels->items)[value];
    const struct topo_label *b = key;
    return a->node == b->node && a->label == b->label;
}

/* Takes the label on the node; PCE_EXISTS when another link has it: a segment must mean one link.
 */
static enum pce_status take_label(struct topo_file *file, struct topo_label label)
{
    uint64_t hash = map_hash(&label, sizeof label);
    if (slots_find(slots_view(&file->label_index), hash, has_label, &file->labels, &label) !=
        TED_NONE)
        return PCE_EXISTS;
    enum pce_status status = ted_array_reserve(&file->labels, 1);
    if (status == PCE_OK)
        status = slots_reserve(&file->label_index, 1);
    if (status == PCE_OK)
        slots_insert(&file->label_index, hash, ted_array_append(&file->labels, &label, 1));
    return status;
}

/* Whether the label is one of the node's global ones. */
static bool is_in_srgb(const struct ted_builder *builder, struct topo_label label)
{
    CHECK(label.node < builder->nodes.count);
    const struct ted_node *node = &((const struct ted_node *)builder->nodes.items)[label.node];
    const struct ted_srgb *srgbs = builder->srgbs.items;
    for (uint32_t i = node->srgbs.first; i < node->srgbs.first + node->srgbs.count; i++) {
        if (label.label >= srgbs[i].base && label.label - srgbs[i].base < srgbs[i].size)
            return true;
    }
    return false;
}

static bool link_check_adj_sids(struct topo_reader *r, struct topo_file *file,
                                const struct topo_direction *d, uint32_t node)
{
    char part[32];
    bool is_short = topo_direction_has(d, ROW_ADJ_SID);
    struct topo_mark mark = d->marks[is_short ? ROW_ADJ_SID : ROW_ADJ_SIDS];
    for (uint32_t i = 0; i < d->adj_sid_count; i++) {
        struct topo_label label = {.node = node, .label = d->adj_sids[i].label};
        const char *name = ted_builder_node_name(file->builder, node);
        snprintf(part, sizeof part, is_short ? "adj-sid" : "adj-sids[%u]", i);
        if (is_in_srgb(file->builder, label))
            return topo_fail_at(r, mark, part, "label %u lies in the srgb of node %.80s",
                                label.label, name);
        enum pce_status status = take_label(file, label);
        if (status == PCE_OK)
            continue;
        topo_fail_at(r, mark, part, "label %u %s on node %.80s", label.label,
                     status == PCE_EXISTS ? "belongs to another adjacency" : "does not fit", name);
        r->status = status;
        return false;
    }
    return true;
}

static bool check_unreserved(struct topo_reader *r, const struct topo_direction *d)
{
    for (uint32_t i = 0; i < TED_PRIORITIES; i++) {
        if (d->unreserved[i] > d->reservable)
            return topo_fail_at(r, d->marks[ROW_UNRESERVED], "unreserved",
                                "is above what is reservable at priority %u", i);
    }
    return true;
}

static bool add_direction(struct topo_reader *r, struct topo_file *file, bool is_reverse,
                          struct topo_mark start)
{
    const struct topo_link *link = &file->link;
    struct topo_direction *d = is_reverse ? &file->link.reverse : &file->link.forward;
    unsigned here = is_reverse ? 1 : 0;
    unsigned there = 1 - here;
    topo_direction_default(d, &file->defaults);
    if (!check_unreserved(r, d) ||
        !link_check_adj_sids(r, file, d, is_reverse ? link->to : link->from))
        return false;
    struct ted_link_spec spec = {
        .from = is_reverse ? link->to : link->from,
        .to = is_reverse ? link->from : link->to,
        .igp_metric = d->igp_metric,
        .is_igp_unused = d->is_igp_unused,
        .te_metric = d->te_metric,
        .delay_us = d->delay_us,
        .admin_group = d->admin_group,
        .capacity = d->capacity,
        .max_reservable = d->reservable,
        .srlgs = d->srlgs,
        .srlg_count = d->srlg_count,
        .adj_sids = d->adj_sids,
        .adj_sid_count = d->adj_sid_count,
        .srv6_sids = d->srv6_sids.items,
        .srv6_sid_count = d->srv6_sids.count,
        .local_v4 = link->v4[here],
        .remote_v4 = link->v4[there],
        .local_v6 = link->v6[here],
        .remote_v6 = link->v6[there],
        .local_id = link->ids[here],
        .remote_id = link->ids[there],
    };
    memcpy(spec.unreserved, d->unreserved, sizeof spec.unreserved);
    topo_direction_measure(d, &spec);
    uint32_t index;
    enum pce_status status = ted_builder_add_link(file->builder, &spec, &index, r->fault);
    if (status == PCE_OK)
        return true;
    /* What the builder finds wrong in both directions is the forward one's, which comes first. */
    return topo_fail_builder(r, status, is_reverse ? &topo_reverse_table : &topo_link_table,
                             d->marks, start);
}

/* In the reverse direction a fault is one of the key `reverse`, where there is one. */
static bool add_reverse(struct topo_reader *r, struct topo_file *file, struct topo_mark start)
{
    CHECK(r->depth < TOPO_DEPTH_MAX);
    struct topo_link *link = &file->link;
    bool is_written = topo_direction_has(&link->forward, ROW_REVERSE);
    if (is_written)
        r->frames[r->depth++] = (struct topo_frame){"reverse", TED_NONE};
    if (!add_direction(r, file, true, start))
        return false;
    if (is_written)
        r->depth--;
    return true;
}

static bool link_find_end(struct topo_reader *r, const struct topo_file *file, uint32_t row,
                          uint32_t *node)
{
    const char *name = row == ROW_FROM ? file->link.from_name : file->link.to_name;
    *node = ted_builder_find_node(file->builder, name);
    if (*node == TED_NONE)
        return topo_fail_at(r, file->link.forward.marks[row], link_rows[row].key,
                            "there is no node %.80s", name);
    return true;
}

bool topo_read_link(struct topo_reader *r, const struct topo_row *row, void *field)
{
    (void)row;
    struct topo_file *file = field;
    struct topo_link *link = &file->link;
    struct topo_mark start = topo_here(r);
    topo_direction_clear(&link->forward);
    topo_direction_clear(&link->reverse);
    memset(link->v4, 0, sizeof link->v4);
    memset(link->v6, 0, sizeof link->v6);
    memset(link->ids, 0, sizeof link->ids);
    link->v4_count = link->v6_count = link->id_count = 0;
    link->from_name[0] = link->to_name[0] = '\0';
    link->is_one_way = false;
    r->subjects[0] = link->from_name;
    r->subjects[1] = link->to_name;
    if (!topo_read_mapping(r, &topo_link_table, link, link->forward.marks) ||
        !link_find_end(r, file, ROW_FROM, &link->from) ||
        !link_find_end(r, file, ROW_TO, &link->to))
        return false;
    if (link->is_one_way && topo_direction_has(&link->forward, ROW_REVERSE))
        return topo_fail_at(r, link->forward.marks[ROW_REVERSE], "reverse",
                            "a link that is one-way has no other direction");
    /* The other direction is written in the forward one's values, before defaults fill them. */
    struct topo_mark mark =
        topo_direction_has(&link->forward, ROW_REVERSE) ? link->forward.marks[ROW_REVERSE] : start;
    if (!link->is_one_way)
        topo_direction_inherit(&link->reverse, &link->forward);
    if (!add_direction(r, file, false, start))
        return false;
    if (!link->is_one_way && !add_reverse(r, file, mark))
        return false;
    r->subjects[0] = r->subjects[1] = NULL;
    return true;
}
