#include "core/ted/topology_write.h"

#include "core/ted/flex.h"
#include "core/ted/topology_forms.h"
#include "core/ted/topology_scalar.h"

#include <stdlib.h>
#include <string.h>

#define CHUNK_SIZE ((size_t)64 << 10) /* about what put takes at once */

struct topo_scratch {
    struct topo_node node;
    struct topo_link link;
};

enum pce_status topo_writer_init(struct topo_writer *writer, const struct ted_snapshot *snapshot,
                                 enum topology_form form)
{
    *writer =
        (struct topo_writer){.snapshot = snapshot, .scratch = calloc(1, sizeof *writer->scratch)};
    topo_text_init(&writer->text, form);
    writer->has_flexes = snapshot->rooms[TED_LIST_FLEXES].count > 0;
    return writer->scratch == NULL ? PCE_NO_MEMORY : PCE_OK;
}

void topo_writer_fini(struct topo_writer *writer)
{
    topo_text_fini(&writer->text);
    free(writer->scratch);
    writer->scratch = NULL;
}

/* ---- a node as the reader fills it ---- */

/* What a definition says beyond what is known here, a file cannot say. */
static void write_unfold_algorithms(struct topo_writer *writer, const struct ted_node *from,
                                    struct topo_node *node)
{
    const struct ted_snapshot *s = writer->snapshot;
    node->algorithm_count = from->algorithms.count;
    for (uint32_t i = 0; i < from->algorithms.count; i++)
        node->algorithms[i] = s->algorithms[from->algorithms.first + i];
    for (uint32_t i = 0; i < from->flexes.count; i++) {
        const struct ted_flex_definition *flex = &s->flexes[from->flexes.first + i];
        if (ted_flex_is_known(flex))
            node->flexes[node->flex_count++] = *flex;
        else
            writer->bent++;
    }
}

static void write_unfold_node(struct topo_writer *writer, uint32_t index, struct topo_node *node)
{
    const struct ted_snapshot *s = writer->snapshot;
    const struct ted_node *from = &s->nodes[index];
    *node = (struct topo_node){
        .router_id_v4 = from->router_id_v4,
        .router_id_v6 = from->router_id_v6,
        .address_count = from->addresses.count,
        .position = {from->latitude, from->longitude},
        .position_count = from->has_position ? 2 : 0,
        .srgbs.count = from->srgbs.count,
        .prefix_sid_count = from->prefix_sids.count,
        .srv6_sids.count = from->srv6_sids.count,
        .msd = from->msd,
        .srv6_msd = from->srv6_msd,
        .is_overloaded = from->is_overloaded,
    };
    memcpy(node->name, from->name, strlen(from->name) + 1);
    for (uint32_t i = 0; i < from->addresses.count; i++)
        node->addresses[i] = s->addresses[from->addresses.first + i];
    for (uint32_t i = 0; i < from->srgbs.count; i++)
        node->srgbs.items[i] = s->srgbs[from->srgbs.first + i];
    for (uint32_t i = 0; i < from->prefix_sids.count; i++)
        node->prefix_sids[i] = s->prefix_sids[from->prefix_sids.first + i];
    for (uint32_t i = 0; i < from->srv6_sids.count; i++)
        node->srv6_sids.items[i] = s->srv6_sids[from->srv6_sids.first + i];
    write_unfold_algorithms(writer, from, node);
}

/* ---- a direction ---- */

static float write_bend(struct topo_writer *writer, float value, float max)
{
    if (value <= max)
        return value;
    writer->bent++;
    return max;
}

/* A router may tell more than a file may have. */
static void write_unfold_bandwidths(struct topo_writer *writer, const struct ted_link *from,
                                    struct topo_direction *d)
{
    const float most = (float)TOPO_BANDWIDTH_MAX / 8;
    d->capacity = write_bend(writer, from->capacity, most);
    d->reservable = write_bend(writer, from->max_reservable, most);
    for (unsigned i = 0; i < TED_PRIORITIES; i++)
        d->unreserved[i] = write_bend(writer, from->unreserved[i], d->reservable);
    d->unreserved_count = TED_PRIORITIES;
}

static void write_unfold_groups(const struct ted_snapshot *s, struct ted_range range,
                                struct topo_groups *groups)
{
    groups->count = range.count;
    for (uint32_t i = 0; i < range.count; i++)
        groups->words[i] = s->group_words[range.first + i];
}

static void write_unfold_measures(const struct ted_snapshot *s, const struct ted_link *from,
                                  struct topo_direction *d)
{
    d->measured = from->measured;
    d->delay_range_us[0] = from->delay_min_us;
    d->delay_range_us[1] = from->delay_max_us;
    d->delay_variation_us = from->delay_variation_us;
    d->loss = from->loss;
    d->msd = from->msd;
    write_unfold_groups(s, from->groups, &d->groups);
}

/* Where nobody defines a flexible algorithm it is no matter what one would see. */
static void write_unfold_flex(const struct topo_writer *writer, const struct ted_link *from,
                              struct topo_flex_link *flex)
{
    const struct ted_snapshot *s = writer->snapshot;
    flex->source = writer->has_flexes ? from->flex_source : TED_FLEX_OWN;
    if (flex->source != TED_FLEX_TOLD)
        return;
    const struct ted_flex_link *told = &s->flex_links[from->flex];
    flex->te_metric = told->te_metric;
    flex->delay_min_us = told->delay_min_us;
    write_unfold_groups(s, told->groups, &flex->groups);
    flex->srlgs.count = told->srlgs.count;
    for (uint32_t i = 0; i < told->srlgs.count; i++)
        flex->srlgs.items[i] = s->srlgs[told->srlgs.first + i];
}

static void write_unfold_direction(struct topo_writer *writer, uint32_t index,
                                   struct topo_direction *d)
{
    const struct ted_snapshot *s = writer->snapshot;
    const struct ted_link *from = &s->links[index];
    *d = (struct topo_direction){
        .igp_metric = from->is_igp_unused ? TED_IGP_METRIC_MAX + 1 : from->igp_metric,
        .te_metric = from->te_metric,
        .delay_us = from->delay_us,
        .admin_group = from->admin_group,
        .srlg_count = from->srlgs.count,
        .adj_sid_count = from->adj_sids.count,
        .srv6_sids.count = from->srv6_sids.count,
    };
    write_unfold_bandwidths(writer, from, d);
    write_unfold_measures(s, from, d);
    write_unfold_flex(writer, from, &d->flex);
    for (uint32_t i = 0; i < from->srlgs.count; i++)
        d->srlgs[i] = s->srlgs[from->srlgs.first + i];
    for (uint32_t i = 0; i < from->adj_sids.count; i++)
        d->adj_sids[i] = s->adj_sids[from->adj_sids.first + i];
    for (uint32_t i = 0; i < from->srv6_sids.count; i++)
        d->srv6_sids.items[i] = s->srv6_sids[from->srv6_sids.first + i];
}

/* ---- a link ---- */

/* One address alone names no link in a file: both ends or none. */
static uint32_t write_unfold_ends(struct topo_writer *writer, const struct ip *local,
                                  const struct ip *remote, struct ip ends[2])
{
    bool has_both = local->family != IP_NONE && remote->family != IP_NONE;
    if (!has_both) {
        writer->bent += local->family != remote->family;
        return 0;
    }
    ends[0] = *local;
    ends[1] = *remote;
    return 2;
}

static void write_unfold_link(struct topo_writer *writer, uint32_t index, bool is_one_way)
{
    const struct ted_snapshot *s = writer->snapshot;
    const struct ted_link *from = &s->links[index];
    struct topo_link *link = &writer->scratch->link;
    const char *tail = s->nodes[from->from].name, *head = s->nodes[from->to].name;
    memcpy(link->from_name, tail, strlen(tail) + 1);
    memcpy(link->to_name, head, strlen(head) + 1);
    link->v4_count = write_unfold_ends(writer, &from->local_v4, &from->remote_v4, link->v4);
    link->v6_count = write_unfold_ends(writer, &from->local_v6, &from->remote_v6, link->v6);
    link->id_count = from->local_id != 0 ? 2 : 0;
    link->ids[0] = from->local_id;
    link->ids[1] = from->remote_id;
    link->is_one_way = is_one_way;
    write_unfold_direction(writer, index, &link->forward);
    if (!is_one_way)
        write_unfold_direction(writer, from->reverse, &link->reverse);
}

bool topo_is_second(const struct ted_snapshot *snapshot, uint32_t link)
{
    const struct ted_link *at = &snapshot->links[link];
    return at->is_gone || at->reverse < link; /* TED_NONE is above every link */
}

/* ---- what is written ---- */

static void write_one(struct topo_writer *writer, const struct topo_table *table,
                      const void *target)
{
    bool given[TOPO_ROWS_MAX] = {false};
    topo_find_given(table, target, given);
    topo_write_mapping(&writer->text, table, target, given);
}

void topo_write_node(struct topo_writer *writer, uint32_t node)
{
    write_unfold_node(writer, node, &writer->scratch->node);
    write_one(writer, &topo_node_table, &writer->scratch->node);
}

void topo_write_link(struct topo_writer *writer, uint32_t link)
{
    write_unfold_link(writer, link, writer->snapshot->links[link].reverse == TED_NONE);
    write_one(writer, &topo_link_table, &writer->scratch->link);
}

/* ---- what is compared ---- */

struct write_visit {
    struct topo_writer *writer;
    topo_visit_fn *visit;
    void *context;
};

/* The rows from `first` on, but for names and for what says whether there is another direction. */
static void write_visit_rows(const struct write_visit *visit, const struct topo_table *table,
                             uint32_t first, const void *target)
{
    struct topo_text *text = &visit->writer->text;
    bool given[TOPO_ROWS_MAX] = {false};
    topo_find_given(table, target, given);
    for (uint32_t i = first; i < table->row_count; i++) {
        const struct topo_row *row = &table->rows[i];
        if (!given[i] || row->read == topo_read_name || strcmp(row->key, "one-way") == 0)
            continue;
        topo_text_clear(text);
        topo_write_row(text, table, row, target);
        if (!text->has_failed)
            visit->visit(visit->context, row->key, text->octets);
    }
}

void topo_visit_node(struct topo_writer *writer, uint32_t node, topo_visit_fn *visit, void *context)
{
    write_unfold_node(writer, node, &writer->scratch->node);
    write_visit_rows(&(struct write_visit){writer, visit, context}, &topo_node_table, 0,
                     &writer->scratch->node);
}

void topo_visit_link(struct topo_writer *writer, uint32_t link, topo_visit_fn *visit, void *context)
{
    const struct write_visit of_link = {writer, visit, context};
    write_unfold_link(writer, link, true);
    write_visit_rows(&of_link, &topo_reverse_table, 0, &writer->scratch->link.forward);
    write_visit_rows(&of_link, &topo_link_table, topo_reverse_table.row_count,
                     &writer->scratch->link);
}

/* ---- the whole ---- */

struct write_whole {
    struct topo_writer writer;
    topo_put_fn *put;
    void *context;
    bool is_refused; /* by put */
};

static bool write_flush(struct write_whole *whole, size_t least)
{
    struct topo_text *text = &whole->writer.text;
    if (text->has_failed)
        return false;
    if (text->size == 0 || text->size < least)
        return true;
    whole->is_refused = !whole->put(whole->context, text->octets, text->size);
    topo_text_clear(text);
    return !whole->is_refused;
}

static bool write_list(struct write_whole *whole, uint32_t count,
                       void (*write)(struct topo_writer *writer, uint32_t index), bool is_of_links)
{
    struct topo_text *text = &whole->writer.text;
    bool is_yaml = text->form == TOPOLOGY_YAML, is_first = true;
    for (uint32_t i = 0; i < count; i++) {
        if (is_of_links && topo_is_second(whole->writer.snapshot, i))
            continue;
        topo_text_put(text, is_yaml ? "\n  - " : is_first ? "\n  " : ",\n  ");
        write(&whole->writer, i);
        is_first = false;
        if (!write_flush(whole, CHUNK_SIZE))
            return false;
    }
    return true;
}

static bool write_network(struct write_whole *whole)
{
    const struct ted_snapshot *s = whole->writer.snapshot;
    struct topo_text *text = &whole->writer.text;
    bool is_yaml = text->form == TOPOLOGY_YAML;
    topo_text_put(text, is_yaml ? "network: {name: " : "{\"network\": {\"name\": ");
    topo_text_string(text, s->name);
    topo_text_put(text, is_yaml ? "}\n\nnodes:" : "},\n\"nodes\": [");
    if (!write_list(whole, s->node_count, topo_write_node, false))
        return false;
    if (is_yaml)
        topo_text_put(text, s->link_count == 0 ? "\n\nlinks: []" : "\n\nlinks:");
    else
        topo_text_put(text, "],\n\"links\": [");
    if (!write_list(whole, s->link_count, topo_write_link, true))
        return false;
    topo_text_put(text, is_yaml ? "\n" : "]}\n");
    return write_flush(whole, 0);
}

enum pce_status topology_write(const struct ted_snapshot *snapshot, enum topology_form form,
                               topo_put_fn *put, void *context, uint64_t *bent)
{
    struct write_whole whole = {.put = put, .context = context};
    if (topo_writer_init(&whole.writer, snapshot, form) != PCE_OK)
        return PCE_NO_MEMORY;
    bool is_done = write_network(&whole);
    *bent = whole.writer.bent;
    topo_writer_fini(&whole.writer);
    return is_done ? PCE_OK : whole.is_refused ? PCE_INVALID : PCE_NO_MEMORY;
}
