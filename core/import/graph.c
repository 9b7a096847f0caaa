#include "core/import/graph.h"

#include "core/base/check.h"
#include "core/base/utf8.h"
#include "core/ted/builder_impl.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum pce_status graph_init(struct graph *graph, uint64_t *notes, struct ted_fault *fault)
{
    *graph = (struct graph){.notes = notes, .fault = fault};
    *fault = (struct ted_fault){.line = 0};
    ted_array_init(&graph->nodes, sizeof(struct graph_node));
    ted_array_init(&graph->edges, sizeof(struct graph_edge));
    ted_array_init(&graph->demands, sizeof(struct graph_demand));
    ted_array_init(&graph->told, sizeof(struct graph_told));
    ted_array_init(&graph->sids, sizeof(struct graph_sid));
    ted_array_init(&graph->addresses, sizeof(struct graph_address));
    ted_array_init(&graph->texts, sizeof(char));
    uint32_t none;
    return graph_add_text(graph, "", 0, 0, &none) ? PCE_OK : graph->status;
}

void graph_fini(struct graph *graph)
{
    ted_array_fini(&graph->nodes);
    ted_array_fini(&graph->edges);
    ted_array_fini(&graph->demands);
    ted_array_fini(&graph->told);
    ted_array_fini(&graph->sids);
    ted_array_fini(&graph->addresses);
    ted_array_fini(&graph->texts);
    slots_fini(&graph->ids);
}

/* What a reason quotes may be anything, and people read it on a terminal. */
static void graph_show(char *text)
{
    size_t left = strlen(text);
    for (char *at = text; left > 0;) {
        size_t size = utf8_character_size((const uint8_t *)at, left);
        bool is_shown = size > 1 || (size == 1 && *at >= 0x20 && *at != 0x7f);
        if (!is_shown)
            *at = '?';
        size_t step = size == 0 ? 1 : size;
        at += step;
        left -= step;
    }
}

bool graph_fail(struct graph *graph, enum pce_status status, uint32_t line, const char *element,
                const char *reason, ...)
{
    if (graph->status != PCE_OK)
        return false;
    graph->status = status;
    graph->fault->line = line;
    (void)snprintf(graph->fault->element, sizeof graph->fault->element, "%.300s", element);
    va_list arguments;
    va_start(arguments, reason);
    (void)vsnprintf(graph->fault->reason, sizeof graph->fault->reason, reason, arguments);
    va_end(arguments);
    graph_show(graph->fault->element);
    graph_show(graph->fault->reason);
    return false;
}

bool graph_fail_memory(struct graph *graph)
{
    return graph_fail(graph, PCE_NO_MEMORY, 0, "", "no memory to read the file");
}

bool graph_add_text(struct graph *graph, const char *octets, size_t size, uint32_t line,
                    uint32_t *text)
{
    if (size > GRAPH_TEXT_MAX)
        return graph_fail(graph, PCE_LIMIT, line, "",
                          "a text of %zu octets, at most %d are possible", size, GRAPH_TEXT_MAX);
    if (memchr(octets, '\0', size) != NULL)
        return graph_fail(graph, PCE_INVALID, line, "", "a text contains a NUL");
    if (graph->texts.count > UINT32_MAX - 2 * GRAPH_TEXT_MAX ||
        ted_array_reserve(&graph->texts, (uint32_t)size + 1) != PCE_OK)
        return graph_fail_memory(graph);
    *text = ted_array_append(&graph->texts, octets, (uint32_t)size);
    (void)ted_array_append(&graph->texts, "", 1);
    return true;
}

const char *graph_text(const struct graph *graph, uint32_t text)
{
    CHECK(text < graph->texts.count);
    return (const char *)graph->texts.items + text;
}

struct graph_node *graph_node_at(const struct graph *graph, uint32_t index)
{
    CHECK(index < graph->nodes.count);
    return &((struct graph_node *)graph->nodes.items)[index];
}

struct graph_edge *graph_edge_at(const struct graph *graph, uint32_t index)
{
    CHECK(index < graph->edges.count);
    return &((struct graph_edge *)graph->edges.items)[index];
}

static bool graph_has_id(const void *context, uint32_t value, const void *key)
{
    const struct graph *graph = context;
    return strcmp(graph_text(graph, graph_node_at(graph, value)->id), key) == 0;
}

uint32_t graph_find_node(const struct graph *graph, const char *id)
{
    return slots_find(slots_view(&graph->ids), ted_hash_name(id), graph_has_id, graph, id);
}

bool graph_add_node(struct graph *graph, const struct graph_node *node, uint32_t *index)
{
    const char *id = graph_text(graph, node->id);
    uint32_t other = graph_find_node(graph, id);
    if (other != TED_NONE)
        return graph_fail(graph, PCE_EXISTS, node->line, "node", "there is a node %.80s already",
                          id);
    if (graph->nodes.count >= TED_NODES_MAX)
        return graph_fail(graph, PCE_LIMIT, node->line, "node", "more than %d nodes",
                          TED_NODES_MAX);
    if (ted_array_reserve(&graph->nodes, 1) != PCE_OK || slots_reserve(&graph->ids, 1) != PCE_OK)
        return graph_fail_memory(graph);
    *index = ted_array_append(&graph->nodes, node, 1);
    slots_insert(&graph->ids, ted_hash_name(id), *index);
    return true;
}

static bool graph_append(struct graph *graph, struct ted_array *array, const void *item,
                         uint32_t line, const char *what)
{
    if (array->count >= GRAPH_EDGES_MAX)
        return graph_fail(graph, PCE_LIMIT, line, what, "more than %d", GRAPH_EDGES_MAX);
    if (ted_array_reserve(array, 1) != PCE_OK)
        return graph_fail_memory(graph);
    (void)ted_array_append(array, item, 1);
    return true;
}

bool graph_add_edge(struct graph *graph, const struct graph_edge *edge)
{
    return graph_append(graph, &graph->edges, edge, edge->line, "edge");
}

bool graph_add_demand(struct graph *graph, const struct graph_demand *demand)
{
    return graph_append(graph, &graph->demands, demand, demand->line, "demand");
}

struct graph_told *graph_add_told(struct graph *graph, uint32_t *index)
{
    struct graph_told told = {.te_metric = NAN, .reservable = NAN};
    for (unsigned i = 0; i < TED_PRIORITIES; i++)
        told.unreserved[i] = NAN;
    if (!graph_append(graph, &graph->told, &told, 0, "edge"))
        return NULL;
    *index = graph->told.count - 1;
    return &((struct graph_told *)graph->told.items)[*index];
}

struct graph_edge graph_plain_edge(uint32_t from, uint32_t to, uint32_t line)
{
    return (struct graph_edge){.from = from,
                               .to = to,
                               .line = line,
                               .told = TED_NONE,
                               .km = NAN,
                               .bits = NAN,
                               .delay_us = NAN,
                               .metric = NAN};
}

static bool graph_resolve_end(struct graph *graph, uint32_t line, uint32_t *end)
{
    const char *id = graph_text(graph, *end);
    uint32_t node = graph_find_node(graph, id);
    if (node == TED_NONE)
        return graph_fail(graph, PCE_INVALID, line, "edge", "there is no node %.80s", id);
    *end = node;
    return true;
}

bool graph_resolve(struct graph *graph)
{
    for (uint32_t i = 0; i < graph->edges.count; i++) {
        struct graph_edge *edge = graph_edge_at(graph, i);
        if (!graph_resolve_end(graph, edge->line, &edge->from) ||
            !graph_resolve_end(graph, edge->line, &edge->to))
            return false;
    }
    return true;
}
