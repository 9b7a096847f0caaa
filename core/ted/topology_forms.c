#include "core/ted/topology_forms.h"

#include "core/base/check.h"
#include "core/ted/topology_forms_flex.h"
#include "core/ted/topology_forms_scalar.h"
#include "core/ted/topology_scalar.h"

#include <string.h>

/* ---- lists ---- */

struct form_list {
    const void *items;
    uint32_t count;
    uint32_t item_size;
    topo_write_fn *write_item;
};

static void form_write_list(struct topo_text *text, const struct topo_row *row,
                            struct form_list list)
{
    topo_text_put(text, "[");
    for (uint32_t i = 0; i < list.count; i++) {
        if (i > 0)
            topo_text_put(text, ", ");
        list.write_item(text, row, (const char *)list.items + (size_t)i * list.item_size);
    }
    topo_text_put(text, "]");
}

/* Whether the short form of a list of SIDs says all: one, of which only the number is not what a
 * reader assumes. */
static bool form_is_short(const struct topo_table *table, const void *item, uint32_t count)
{
    bool given[TOPO_ROWS_MAX] = {false};
    if (count != 1)
        return false;
    topo_find_given(table, item, given);
    for (uint32_t i = 0; i < table->row_count; i++) {
        const struct topo_row *row = &table->rows[i];
        const uint8_t *field = (const uint8_t *)item + row->offset;
        bool is_assumed = row->read == topo_read_family && row->min == *field;
        if (given[i] && !row->is_mandatory && !is_assumed)
            return false;
    }
    return true;
}

static void form_write_item(struct topo_text *text, const struct topo_table *table,
                            const void *item)
{
    bool given[TOPO_ROWS_MAX] = {false};
    topo_find_given(table, item, given);
    topo_write_mapping(text, table, item, given);
}

/* ---- the lists of a node; field: the node, or its own where the row has an offset ---- */

static void form_write_addresses(struct topo_text *text, const struct topo_row *row,
                                 const void *field)
{
    const struct topo_node *node = field;
    form_write_list(text, row,
                    (struct form_list){node->addresses, node->address_count,
                                       sizeof node->addresses[0], topo_write_ip});
}

static bool form_has_addresses(const void *field)
{
    return ((const struct topo_node *)field)->address_count > 0;
}

static void form_write_position(struct topo_text *text, const struct topo_row *row,
                                const void *field)
{
    const struct topo_node *node = field;
    form_write_list(text, row,
                    (struct form_list){node->position, node->position_count,
                                       sizeof node->position[0], topo_write_degrees});
}

static bool form_has_position(const void *field)
{
    return ((const struct topo_node *)field)->position_count > 0;
}

static void form_write_srgb(struct topo_text *text, const struct topo_row *row, const void *field)
{
    (void)row;
    form_write_item(text, &topo_srgb_table, field);
}

static void form_write_srgbs(struct topo_text *text, const struct topo_row *row, const void *field)
{
    const struct topo_srgbs *srgbs = field;
    if (srgbs->count == 1)
        form_write_srgb(text, row, &srgbs->items[0]);
    else
        form_write_list(text, row,
                        (struct form_list){srgbs->items, srgbs->count, sizeof srgbs->items[0],
                                           form_write_srgb});
}

static bool form_has_srgbs(const void *field)
{
    return ((const struct topo_srgbs *)field)->count > 0;
}

static void form_write_prefix_sid(struct topo_text *text, const struct topo_row *row,
                                  const void *field)
{
    (void)row;
    form_write_item(text, &topo_prefix_sid_table, field);
}

static void form_write_prefix_sids(struct topo_text *text, const struct topo_row *row,
                                   const void *field)
{
    const struct topo_node *node = field;
    form_write_list(text, row,
                    (struct form_list){node->prefix_sids, node->prefix_sid_count,
                                       sizeof node->prefix_sids[0], form_write_prefix_sid});
}

static bool form_has_prefix_sid(const void *field)
{
    const struct topo_node *node = field;
    return form_is_short(&topo_prefix_sid_table, node->prefix_sids, node->prefix_sid_count);
}

static bool form_has_prefix_sids(const void *field)
{
    return ((const struct topo_node *)field)->prefix_sid_count > 0 && !form_has_prefix_sid(field);
}

static void form_write_index(struct topo_text *text, const struct topo_row *row, const void *field)
{
    topo_write_u32(text, row, &((const struct topo_node *)field)->prefix_sids[0].index);
}

/* ---- SRv6 SIDs ---- */

static void form_write_bits(struct topo_text *text, const struct topo_row *row, const void *field)
{
    const struct topo_structure *structure = field;
    form_write_list(text, row, (struct form_list){structure->bits, 4, 1, topo_write_u8});
}

static bool form_has_bits(const void *field)
{
    static const uint8_t none[4];
    return memcmp(((const struct topo_structure *)field)->bits, none, sizeof none) != 0;
}

static void form_write_srv6_sid(struct topo_text *text, const struct topo_row *row,
                                const void *field)
{
    const struct ted_srv6_sid *sid = field;
    const struct topo_srv6_sid written = {
        .sid = *sid,
        .structure = {{sid->block_bits, sid->node_bits, sid->function_bits, sid->argument_bits},
                      4}};
    (void)row;
    form_write_item(text, &topo_srv6_sid_table, &written);
}

static void form_write_srv6_sids(struct topo_text *text, const struct topo_row *row,
                                 const void *field)
{
    const struct topo_srv6_sids *sids = field;
    form_write_list(
        text, row,
        (struct form_list){sids->items, sids->count, sizeof sids->items[0], form_write_srv6_sid});
}

static bool form_has_srv6_sids(const void *field)
{
    return ((const struct topo_srv6_sids *)field)->count > 0;
}

/* ---- the lists of a direction ---- */

static void form_write_unreserved(struct topo_text *text, const struct topo_row *row,
                                  const void *field)
{
    const struct topo_direction *d = field;
    form_write_list(text, row,
                    (struct form_list){d->unreserved, TED_PRIORITIES, sizeof d->unreserved[0],
                                       topo_write_bandwidth});
}

/* Not what is reservable, at some priority. */
static bool form_has_unreserved(const void *field)
{
    const struct topo_direction *d = field;
    for (unsigned i = 0; i < TED_PRIORITIES; i++) {
        if (d->unreserved[i] < d->reservable || d->unreserved[i] > d->reservable)
            return true;
    }
    return false;
}

static void form_write_srlgs(struct topo_text *text, const struct topo_row *row, const void *field)
{
    const struct topo_direction *d = field;
    form_write_list(
        text, row, (struct form_list){d->srlgs, d->srlg_count, sizeof d->srlgs[0], topo_write_u32});
}

static bool form_has_srlgs(const void *field)
{
    return ((const struct topo_direction *)field)->srlg_count > 0;
}

static void form_write_adj_sid(struct topo_text *text, const struct topo_row *row,
                               const void *field)
{
    (void)row;
    form_write_item(text, &topo_adj_sid_table, field);
}

static void form_write_adj_sids(struct topo_text *text, const struct topo_row *row,
                                const void *field)
{
    const struct topo_direction *d = field;
    form_write_list(text, row,
                    (struct form_list){d->adj_sids, d->adj_sid_count, sizeof d->adj_sids[0],
                                       form_write_adj_sid});
}

static bool form_has_adj_sid(const void *field)
{
    const struct topo_direction *d = field;
    return form_is_short(&topo_adj_sid_table, d->adj_sids, d->adj_sid_count);
}

static bool form_has_adj_sids(const void *field)
{
    return ((const struct topo_direction *)field)->adj_sid_count > 0 && !form_has_adj_sid(field);
}

static void form_write_label(struct topo_text *text, const struct topo_row *row, const void *field)
{
    topo_write_u32(text, row, &((const struct topo_direction *)field)->adj_sids[0].label);
}

/* ---- values of which a reader assumes what another one is ---- */

static bool form_has_always(const void *field)
{
    (void)field;
    return true;
}

static const struct topo_direction *form_direction_of(const void *field, size_t offset)
{
    return (const struct topo_direction *)((const char *)field - offset);
}

static bool form_has_te_metric(const void *field)
{
    const struct topo_direction *d =
        form_direction_of(field, offsetof(struct topo_direction, te_metric));
    return d->te_metric !=
           (d->igp_metric < TED_IGP_METRIC_MAX ? d->igp_metric : TED_IGP_METRIC_MAX);
}

static bool form_has_reservable(const void *field)
{
    const struct topo_direction *d =
        form_direction_of(field, offsetof(struct topo_direction, reservable));
    return d->reservable < d->capacity || d->reservable > d->capacity;
}

/* ---- flexible algorithms ---- */

static struct topo_groups form_groups_of(const uint32_t words[TED_GROUP_WORDS_MAX])
{
    struct topo_groups groups = {.count = 0};
    memcpy(groups.words, words, sizeof groups.words);
    for (uint32_t i = 0; i < TED_GROUP_WORDS_MAX; i++)
        groups.count = words[i] != 0 ? i + 1 : groups.count;
    return groups;
}

static void form_write_flex(struct topo_text *text, const struct ted_flex_definition *flex)
{
    struct topo_flex_definition written = {.is = *flex,
                                           .exclude_any = form_groups_of(flex->exclude_any),
                                           .include_any = form_groups_of(flex->include_any),
                                           .include_all = form_groups_of(flex->include_all),
                                           .srlgs.count = flex->srlg_count,
                                           .has_prefix_metric = flex->has_prefix_metric != 0};
    memcpy(written.srlgs.items, flex->exclude_srlgs, sizeof flex->exclude_srlgs);
    form_write_item(text, &topo_flex_table, &written);
}

static void form_write_flexes(struct topo_text *text, const struct topo_row *row, const void *field)
{
    const struct topo_node *node = field;
    (void)row;
    topo_text_put(text, "[");
    for (uint32_t i = 0; i < node->flex_count; i++) {
        if (i > 0)
            topo_text_put(text, ", ");
        form_write_flex(text, &node->flexes[i]);
    }
    topo_text_put(text, "]");
}

static void form_write_flex_link(struct topo_text *text, const struct topo_row *row,
                                 const void *field)
{
    static const struct topo_flex_link none = {.te_metric = TED_NONE, .delay_min_us = TED_NONE};
    const struct topo_flex_link *flex = field;
    (void)row;
    form_write_item(text, &topo_flex_link_table, flex->source == TED_FLEX_TOLD ? flex : &none);
}

/* ---- what both directions have in common ---- */

static void form_write_ends_v4(struct topo_text *text, const struct topo_row *row,
                               const void *field)
{
    const struct topo_link *link = field;
    form_write_list(text, row, (struct form_list){link->v4, 2, sizeof link->v4[0], topo_write_ip});
}

static bool form_has_ends_v4(const void *field)
{
    return ((const struct topo_link *)field)->v4_count > 0;
}

static void form_write_ends_v6(struct topo_text *text, const struct topo_row *row,
                               const void *field)
{
    const struct topo_link *link = field;
    form_write_list(text, row, (struct form_list){link->v6, 2, sizeof link->v6[0], topo_write_ip});
}

static bool form_has_ends_v6(const void *field)
{
    return ((const struct topo_link *)field)->v6_count > 0;
}

static void form_write_ids(struct topo_text *text, const struct topo_row *row, const void *field)
{
    const struct topo_link *link = field;
    form_write_list(text, row,
                    (struct form_list){link->ids, 2, sizeof link->ids[0], topo_write_u32});
}

static bool form_has_ids(const void *field)
{
    return ((const struct topo_link *)field)->id_count > 0;
}

/* What differs in the other direction: a value that the reader would take from the link, or a SID. */
static void form_find_reverse(const struct topo_link *link, bool given[TOPO_ROWS_MAX])
{
    const struct topo_table *table = &topo_reverse_table;
    bool of_link[TOPO_ROWS_MAX] = {false};
    struct topo_text a, b;
    topo_find_given(table, &link->reverse, given);
    topo_find_given(table, &link->forward, of_link);
    topo_text_init(&a, TOPOLOGY_YAML);
    topo_text_init(&b, TOPOLOGY_YAML);
    for (uint32_t i = 0; i < table->row_count; i++) {
        if (!of_link[i] || !topo_is_inherited(i))
            continue;
        topo_text_clear(&a);
        topo_text_clear(&b);
        topo_write_row(&a, table, &table->rows[i], &link->forward);
        topo_write_row(&b, table, &table->rows[i], &link->reverse);
        given[i] = a.has_failed || b.has_failed || strcmp(a.octets, b.octets) != 0;
    }
    topo_text_fini(&a);
    topo_text_fini(&b);
}

static bool form_has_reverse(const void *field)
{
    const struct topo_link *link = field;
    bool given[TOPO_ROWS_MAX] = {false}, has = false;
    if (link->is_one_way)
        return false;
    form_find_reverse(link, given);
    for (uint32_t i = 0; i < topo_reverse_table.row_count; i++)
        has = has || given[i];
    return has;
}

static void form_write_reverse(struct topo_text *text, const struct topo_row *row,
                               const void *field)
{
    const struct topo_link *link = field;
    bool given[TOPO_ROWS_MAX] = {false};
    (void)row;
    form_find_reverse(link, given);
    topo_write_mapping(text, &topo_reverse_table, &link->reverse, given);
}

/* ---- the forms ---- */

/* By the read function: what is written of a value, wherever it stands. */
static const struct {
    topo_read_fn *read;
    struct topo_form form;
} form_scalars[] = {
    {topo_read_u32, {topo_write_u32, topo_has_u32}},
    {topo_read_u8, {topo_write_u8, topo_has_u8}},
    {topo_read_bool, {topo_write_bool, topo_has_bool}},
    {topo_read_name, {topo_write_name, topo_has_name}},
    {topo_read_ip, {topo_write_ip, topo_has_ip}},
    {topo_read_v4, {topo_write_ip, topo_has_ip}},
    {topo_read_v6, {topo_write_ip, topo_has_ip}},
    {topo_read_bandwidth, {topo_write_bandwidth, topo_has_bandwidth}},
    {topo_read_delay, {topo_write_u32, topo_has_u32}},
    {topo_read_algorithm, {topo_write_u8, topo_has_u8}},
    {topo_read_family, {topo_write_family, topo_has_u8}},
    {topo_read_behavior, {topo_write_behavior, topo_has_behavior}},
    {topo_read_admin_group, {topo_write_u32, topo_has_u32}},
    {topo_read_groups, {topo_write_groups, topo_has_groups}},
    {topo_read_srgbs, {form_write_srgbs, form_has_srgbs}},
    {topo_read_structure, {form_write_bits, form_has_bits}},
    {topo_read_srv6_sids, {form_write_srv6_sids, form_has_srv6_sids}},
};

/* By the key: what more than one value says, and what a reader assumes otherwise. */
static const struct {
    const struct topo_table *table;
    const char *key;
    struct topo_form form;
} form_keys[] = {
    {&topo_node_table, "addresses", {form_write_addresses, form_has_addresses}},
    {&topo_node_table, "position", {form_write_position, form_has_position}},
    {&topo_node_table, "prefix-sid", {form_write_index, form_has_prefix_sid}},
    {&topo_node_table, "prefix-sids", {form_write_prefix_sids, form_has_prefix_sids}},
    {&topo_node_table, "algorithms", {topo_write_algorithms, topo_has_algorithms}},
    {&topo_node_table, "flex-algorithms", {form_write_flexes, topo_has_flexes}},
    {&topo_flex_table, "metric", {topo_write_flex_metric, topo_has_u8}},
    {&topo_flex_table, "priority", {topo_write_u8, topo_has_flex_priority}},
    {&topo_flex_table, "exclude-srlgs", {topo_write_srlgs, topo_has_srlgs}},
    {&topo_flex_link_table, "te-metric", {topo_write_u32, topo_has_told}},
    {&topo_flex_link_table, "min-delay", {topo_write_u32, topo_has_told}},
    {&topo_flex_link_table, "srlgs", {topo_write_srlgs, topo_has_srlgs}},
    {&topo_link_table, "delay-range", {topo_write_delay_range, topo_has_delay_range}},
    {&topo_link_table, "delay-variation", {topo_write_u32, topo_has_delay_variation}},
    {&topo_link_table, "loss", {topo_write_loss, topo_has_loss}},
    {&topo_link_table, "extended-admin-group", {topo_write_groups, topo_has_long_groups}},
    {&topo_link_table, "flex-attributes", {form_write_flex_link, topo_has_flex_link}},
    {&topo_link_table, "igp-metric", {topo_write_u32, form_has_always}},
    {&topo_link_table, "te-metric", {topo_write_u32, form_has_te_metric}},
    {&topo_link_table, "reservable", {topo_write_bandwidth, form_has_reservable}},
    {&topo_link_table, "unreserved", {form_write_unreserved, form_has_unreserved}},
    {&topo_link_table, "srlgs", {form_write_srlgs, form_has_srlgs}},
    {&topo_link_table, "adj-sid", {form_write_label, form_has_adj_sid}},
    {&topo_link_table, "adj-sids", {form_write_adj_sids, form_has_adj_sids}},
    {&topo_link_table, "addresses", {form_write_ends_v4, form_has_ends_v4}},
    {&topo_link_table, "addresses-v6", {form_write_ends_v6, form_has_ends_v6}},
    {&topo_link_table, "interface-ids", {form_write_ids, form_has_ids}},
    {&topo_link_table, "reverse", {form_write_reverse, form_has_reverse}},
};

const struct topo_form *topo_form_of(const struct topo_table *table, const struct topo_row *row)
{
    /* Rows of a direction are the same in both tables. */
    const struct topo_table *place = table == &topo_reverse_table ? &topo_link_table : table;
    for (size_t i = 0; i < sizeof form_keys / sizeof form_keys[0]; i++) {
        if (form_keys[i].table == place && strcmp(form_keys[i].key, row->key) == 0)
            return &form_keys[i].form;
    }
    for (size_t i = 0; i < sizeof form_scalars / sizeof form_scalars[0]; i++) {
        if (form_scalars[i].read == row->read)
            return &form_scalars[i].form;
    }
    return NULL;
}

void topo_write_row(struct topo_text *text, const struct topo_table *table,
                    const struct topo_row *row, const void *target)
{
    const struct topo_form *form = topo_form_of(table, row);
    CHECK(form != NULL); /* a test looks at every row of every table */
    form->write(text, row, (const char *)target + row->offset);
}

void topo_find_given(const struct topo_table *table, const void *target, bool given[TOPO_ROWS_MAX])
{
    for (uint32_t i = 0; i < table->row_count; i++) {
        const struct topo_row *row = &table->rows[i];
        const struct topo_form *form = topo_form_of(table, row);
        CHECK(form != NULL);
        given[i] = row->is_mandatory || form->is_there((const char *)target + row->offset);
    }
}

void topo_write_mapping(struct topo_text *text, const struct topo_table *table, const void *target,
                        const bool given[TOPO_ROWS_MAX])
{
    const char *separator = "{";
    /* What a thing is called comes first. */
    for (unsigned round = 0; round < 2; round++) {
        for (uint32_t i = 0; i < table->row_count; i++) {
            if (!given[i] || table->rows[i].is_mandatory != (round == 0))
                continue;
            topo_text_put(text, separator);
            topo_text_key(text, table->rows[i].key);
            topo_write_row(text, table, &table->rows[i], target);
            separator = ", ";
        }
    }
    topo_text_put(text, separator[0] == '{' ? "{}" : "}");
}
