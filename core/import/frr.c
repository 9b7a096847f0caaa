/* FRR's link state database: "show isis mpls-te database json", "show ip ospf mpls-te database
 * json". An edge is one direction, and bandwidths are in octets per second. */
#include "core/import/json.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct frr {
    struct graph *graph;
    const json_t *ted;
    const char *text;
    size_t size;
    uint32_t line; /* of the item that is read */
};

typedef bool frr_take_fn(struct frr *own, const json_t *item);

static bool frr_each(struct frr *own, const char *list, frr_take_fn *take)
{
    const json_t *items = json_object_get(own->ted, list);
    struct json_lines lines;
    json_lines_find(&lines, own->text, own->size, list);
    for (size_t i = 0; i < json_array_size(items); i++) {
        const json_t *item = json_array_get(items, i);
        own->line = json_lines_next(&lines);
        if (!json_is_object(item))
            return graph_fail(own->graph, PCE_INVALID, own->line, list, "an item is no object");
        if (!take(own, item))
            return false;
    }
    return true;
}

/* An address of this family, where there is one. */
static bool frr_address(struct frr *own, const json_t *item, const char *key, enum ip_family family,
                        struct ip *address)
{
    const json_t *member = json_object_get(item, key);
    if (member == NULL)
        return true;
    const char *text = json_string_value(member);
    if (text == NULL || !ip_parse(text, address) || address->family != family)
        return graph_fail(own->graph, PCE_INVALID, own->line, key, "is no address of its family");
    if (ip_is_unspecified(address))
        *address = (struct ip){.family = IP_NONE};
    return true;
}

/* A whole number up to max, where there is one. */
static bool frr_number(struct frr *own, const json_t *item, const char *key, uint32_t max,
                       uint32_t *value)
{
    double number = *value;
    if (!import_json_number(own->graph, item, key, own->line, &number))
        return false;
    if (!(number >= 0 && number <= max))
        return graph_fail(own->graph, PCE_INVALID, own->line, key, "is outside 0-%u", max);
    *value = (uint32_t)number;
    return true;
}

static bool frr_take_vertex(struct frr *own, const json_t *item)
{
    const json_t *sr = json_object_get(item, "segment-routing");
    struct graph_node node = {.line = own->line};
    uint32_t msd = 0, index;
    if (!import_json_take_text(own->graph, json_object_get(item, "vertex-id"), "vertex-id",
                               own->line, &node.id) ||
        !import_json_text(own->graph, item, "name", own->line, &node.label) ||
        !frr_address(own, item, "router-id", IP_V4, &node.router_id_v4) ||
        !frr_address(own, item, "router-id-v6", IP_V6, &node.router_id_v6) ||
        !frr_number(own, sr, "srgb-lower", UINT32_MAX, &node.srgb.base) ||
        !frr_number(own, sr, "srgb-size", UINT32_MAX, &node.srgb.size) ||
        !frr_number(own, sr, "msd", UINT8_MAX, &msd))
        return false;
    node.msd = (uint8_t)msd;
    return graph_add_node(own->graph, &node, &index);
}

/* ---- edges ---- */

/* Flags are a text with a hexadecimal number. */
static unsigned long frr_flags(const json_t *item)
{
    const char *text = json_string_value(json_object_get(item, "flags"));
    return text == NULL ? 0 : strtoul(text, NULL, 16);
}

/* OSPF has the flags of an adjacency SID elsewhere (RFC 8665
 * 6.1) than IS-IS (RFC 8667 2.2.1). */
static struct ted_adj_sid frr_flags_of(const json_t *item, bool is_ospf)
{
    const unsigned long flags = frr_flags(item);
    struct ted_adj_sid sid = {.family = IP_V4};
    sid.is_protected = (flags & (is_ospf ? 0x80UL : 0x40UL)) != 0;
    if (!is_ospf && (flags & 0x80UL) != 0)
        sid.family = IP_V6;
    return sid;
}

static bool frr_take_sids(struct frr *own, const json_t *item, struct graph_told *told)
{
    const char *origin = json_string_value(json_object_get(item, "origin"));
    const json_t *sids = json_object_get(item, "segment-routing");
    bool is_ospf = origin != NULL && strncmp(origin, "OSPF", 4) == 0;
    for (size_t i = 0; i < json_array_size(sids); i++) {
        const json_t *sid = json_array_get(sids, i);
        uint32_t label = 0;
        if (!frr_number(own, sid, "adj-sid", UINT32_MAX, &label))
            return false;
        if (told->sid_count == GRAPH_SIDS_MAX) {
            own->graph->notes[IMPORT_SIDS_LEFT_OUT]++;
            continue;
        }
        told->sids[told->sid_count] = frr_flags_of(sid, is_ospf);
        told->sids[told->sid_count++].label = label;
    }
    return true;
}

static bool frr_take_unreserved(struct frr *own, const json_t *item, struct graph_told *told)
{
    const json_t *classes = json_object_get(item, "unreserved-bandwidth");
    for (unsigned i = 0; i < TED_PRIORITIES; i++) {
        char key[24];
        (void)snprintf(key, sizeof key, "class-type-%u", i);
        if (!import_json_number(own->graph, json_array_get(classes, i), key, own->line,
                                &told->unreserved[i]))
            return false;
        told->unreserved[i] *= 8;
    }
    return true;
}

static bool frr_take_srlgs(struct frr *own, const json_t *item, struct graph_told *told)
{
    const json_t *srlgs = json_object_get(item, "srlgs");
    size_t count = json_array_size(srlgs);
    for (size_t i = 0; i < count && told->srlg_count < GRAPH_SRLGS_MAX; i++) {
        const json_t *srlg = json_array_get(srlgs, i);
        const json_t *number = json_is_object(srlg) ? json_object_get(srlg, "srlg") : srlg;
        json_int_t value = json_integer_value(number);
        if (!json_is_integer(number) || value < 0 || value > UINT32_MAX)
            return graph_fail(own->graph, PCE_INVALID, own->line, "srlgs", "an item is no number");
        told->srlgs[told->srlg_count++] = (uint32_t)value;
    }
    own->graph->notes[IMPORT_VALUES_BENT] += count > GRAPH_SRLGS_MAX;
    return true;
}

static bool frr_take_attributes(struct frr *own, const json_t *item, struct graph_edge *edge,
                                struct graph_told *told)
{
    struct graph *graph = own->graph;
    if (!import_json_number(graph, item, "te-metric", own->line, &told->te_metric) ||
        !import_json_number(graph, item, "max-link-bandwidth", own->line, &edge->bits) ||
        !import_json_number(graph, item, "max-resv-link-bandwidth", own->line, &told->reservable) ||
        !import_json_number(graph, item, "delay", own->line, &edge->delay_us) ||
        !frr_number(own, item, "admin-group", UINT32_MAX, &told->admin_group) ||
        !frr_address(own, item, "local-address", IP_V4, &told->local_v4) ||
        !frr_address(own, item, "remote-address", IP_V4, &told->remote_v4) ||
        !frr_address(own, item, "local-address-v6", IP_V6, &told->local_v6) ||
        !frr_address(own, item, "remote-address-v6", IP_V6, &told->remote_v6) ||
        !frr_take_unreserved(own, item, told) || !frr_take_srlgs(own, item, told))
        return false;
    edge->bits *= 8;
    told->reservable *= 8;
    return true;
}

static bool frr_take_edge(struct frr *own, const json_t *item)
{
    struct graph_edge edge = graph_plain_edge(0, 0, own->line);
    const json_t *from = json_object_get(item, "local-vertex-id");
    const json_t *to = json_object_get(item, "remote-vertex-id");
    edge.is_directed = true;
    /* Nobody tells of the node at one end, yet. */
    if (from == NULL || to == NULL) {
        own->graph->notes[IMPORT_LINKS_WITHOUT_END]++;
        return true;
    }
    struct graph_told *told = graph_add_told(own->graph, &edge.told);
    if (told == NULL)
        return false;
    return import_json_take_text(own->graph, from, "local-vertex-id", own->line, &edge.from) &&
           import_json_take_text(own->graph, to, "remote-vertex-id", own->line, &edge.to) &&
           import_json_number(own->graph, item, "metric", own->line, &edge.metric) &&
           frr_take_attributes(own, json_object_get(item, "edge-attributes"), &edge, told) &&
           frr_take_sids(own, item, told) && graph_add_edge(own->graph, &edge);
}

/* ---- prefixes ---- */

#define FRR_SID_IS_VALUE 0x08UL /* both IGPs: a label and no index (RFC 8665 5, RFC 8667 2.1) */

static bool frr_add_sid(struct frr *own, const json_t *sr, struct graph_sid sid)
{
    uint32_t algorithm = 0;
    if (!frr_number(own, sr, "pref-sid", UINT32_MAX, &sid.sid.index) ||
        !frr_number(own, sr, "algo", UINT8_MAX, &algorithm))
        return false;
    sid.sid.algorithm = (uint8_t)algorithm;
    if ((frr_flags(sr) & FRR_SID_IS_VALUE) != 0) {
        own->graph->notes[IMPORT_SIDS_LEFT_OUT]++;
        return true;
    }
    if (ted_array_reserve(&own->graph->sids, 1) != PCE_OK)
        return graph_fail_memory(own->graph);
    (void)ted_array_append(&own->graph->sids, &sid, 1);
    return true;
}

/* An address of the node alone, as loopbacks have it: other subnets name links' ends. */
static bool frr_take_subnet(struct frr *own, const json_t *item)
{
    const json_t *sr = json_object_get(item, "segment-routing");
    const char *text = json_string_value(json_object_get(item, "subnet-id")), *reason;
    struct graph_address own_address = {.node = TED_NONE};
    uint32_t id = 0;
    uint8_t bits;
    if (text == NULL || !ip_parse_prefix(text, &own_address.address, &bits, &reason))
        return graph_fail(own->graph, PCE_INVALID, own->line, "subnet-id", "is no prefix");
    if (json_object_get(item, "vertex-id") == NULL || bits != 8 * ip_size(&own_address.address))
        return true;
    if (!import_json_text(own->graph, item, "vertex-id", own->line, &id))
        return false;
    own_address.node = graph_find_node(own->graph, graph_text(own->graph, id));
    if (own_address.node == TED_NONE)
        return graph_fail(own->graph, PCE_INVALID, own->line, "vertex-id",
                          "there is no such vertex");
    if (ted_array_reserve(&own->graph->addresses, 1) != PCE_OK)
        return graph_fail_memory(own->graph);
    (void)ted_array_append(&own->graph->addresses, &own_address, 1);
    const struct graph_sid sid = {own_address.node, {.family = own_address.address.family}};
    return !json_is_object(sr) || frr_add_sid(own, sr, sid);
}

static bool frr_read(struct frr *own)
{
    if (json_array_size(json_object_get(own->ted, "vertices")) == 0)
        return graph_fail(own->graph, PCE_INVALID, 1, "vertices", "there are none");
    return frr_each(own, "vertices", frr_take_vertex) && frr_each(own, "edges", frr_take_edge) &&
           frr_each(own, "subnets", frr_take_subnet);
}

bool graph_read_frr(struct graph *graph, const char *text, size_t size)
{
    json_t *document = import_json_load(graph, text, size);
    if (document == NULL)
        return false;
    struct frr own = {
        .graph = graph, .ted = json_object_get(document, "ted"), .text = text, .size = size};
    graph->is_told = true;
    (void)snprintf(graph->name, sizeof graph->name, "%s", "");
    bool is_read = frr_read(&own);
    json_decref(document);
    return is_read;
}
