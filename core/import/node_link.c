/* Node-link JSON, as networkx and topohub write it: "nodes" with "id", "links" or "edges" with
 * "source" and "target". Demands of topohub are in Mbit/s. */
#include "core/import/json.h"
#include "core/import/number.h"

#include <stdio.h>
#include <string.h>

#define NODE_LINK_DEMAND_BITS 1e6

struct node_link {
    struct graph *graph;
    json_t *document;
    const char *text;
    size_t size;
    bool is_directed;
};

typedef bool node_link_take_fn(struct node_link *own, const json_t *item, uint32_t line);

/* Each item of the list, with its line. */
static bool node_link_each(struct node_link *own, const char *list, node_link_take_fn *take)
{
    const json_t *items = json_object_get(own->document, list);
    struct json_lines lines;
    json_lines_find(&lines, own->text, own->size, list);
    for (size_t i = 0; i < json_array_size(items); i++) {
        const json_t *item = json_array_get(items, i);
        uint32_t line = json_lines_next(&lines);
        if (!json_is_object(item))
            return graph_fail(own->graph, PCE_INVALID, line, list, "an item is no object");
        if (!take(own, item, line))
            return false;
    }
    return true;
}

/* topohub: "pos": [longitude, latitude]. */
static bool node_link_take_place(struct node_link *own, const json_t *item, uint32_t line,
                                 struct graph_node *node)
{
    const json_t *place = json_object_get(item, "pos");
    if (place == NULL || json_is_null(place))
        return true;
    const json_t *x = json_array_get(place, 0), *y = json_array_get(place, 1);
    if (json_array_size(place) != 2 || !json_is_number(x) || !json_is_number(y))
        return graph_fail(own->graph, PCE_INVALID, line, "pos", "is not two numbers");
    node->has_place = true;
    node->x = json_number_value(x);
    node->y = json_number_value(y);
    return true;
}

static bool node_link_take_node(struct node_link *own, const json_t *item, uint32_t line)
{
    struct graph_node node = {.line = line};
    const json_t *id = json_object_get(item, "id");
    uint32_t index;
    const char *name = json_object_get(item, "name") != NULL ? "name" : "label";
    return import_json_take_text(own->graph, id, "id", line, &node.id) &&
           import_json_text(own->graph, item, name, line, &node.label) &&
           node_link_take_place(own, item, line, &node) &&
           graph_add_node(own->graph, &node, &index);
}

/* A speed is a text ("10 Gbps"), or a number of bits per second. */
static bool node_link_take_speed(struct node_link *own, const json_t *item, uint32_t line,
                                 struct graph_edge *edge)
{
    const json_t *speed = json_object_get(item, "capacity");
    if (json_is_string(speed)) {
        (void)import_speed(json_string_value(speed), &edge->bits);
        return true;
    }
    return import_json_number(own->graph, item, "capacity", line, &edge->bits);
}

static bool node_link_take_edge(struct node_link *own, const json_t *item, uint32_t line)
{
    struct graph_edge edge = graph_plain_edge(0, 0, line);
    edge.is_directed = own->is_directed;
    return import_json_take_text(own->graph, json_object_get(item, "source"), "source", line,
                                 &edge.from) &&
           import_json_take_text(own->graph, json_object_get(item, "target"), "target", line,
                                 &edge.to) &&
           import_json_number(own->graph, item, "dist", line, &edge.km) &&
           import_json_number(own->graph, item, "weight", line, &edge.metric) &&
           node_link_take_speed(own, item, line, &edge) && graph_add_edge(own->graph, &edge);
}

static bool node_link_take_demand(struct node_link *own, const char *from, const char *to,
                                  const json_t *value)
{
    struct graph_demand demand = {.line = 0};
    if (!json_is_number(value))
        return graph_fail(own->graph, PCE_INVALID, 0, "demands", "%.80s: is no number", to);
    demand.bits = json_number_value(value) * NODE_LINK_DEMAND_BITS;
    return graph_add_text(own->graph, from, strlen(from), 0, &demand.from) &&
           graph_add_text(own->graph, to, strlen(to), 0, &demand.to) &&
           graph_add_demand(own->graph, &demand);
}

/* topohub: "demands": {from: {to: value, …}, …} */
static bool node_link_take_demands(struct node_link *own, json_t *all)
{
    const char *from, *to;
    json_t *row, *value;
    json_object_foreach(all, from, row)
    {
        json_object_foreach(row, to, value)
        {
            if (!node_link_take_demand(own, from, to, value))
                return false;
        }
    }
    return true;
}

static bool node_link_read(struct node_link *own)
{
    json_t *about = json_object_get(own->document, "graph");
    const json_t *name = json_object_get(about, "name");
    const char *edges = json_object_get(own->document, "links") != NULL ? "links" : "edges";
    own->is_directed = json_is_true(json_object_get(own->document, "directed"));
    if (json_array_size(json_object_get(own->document, "nodes")) == 0)
        return graph_fail(own->graph, PCE_INVALID, 1, "nodes", "there are none");
    if (json_is_string(name))
        (void)snprintf(own->graph->name, sizeof own->graph->name, "%s", json_string_value(name));
    return node_link_each(own, "nodes", node_link_take_node) &&
           node_link_each(own, edges, node_link_take_edge) &&
           node_link_take_demands(own, json_object_get(about, "demands"));
}

bool graph_read_node_link(struct graph *graph, const char *text, size_t size)
{
    json_t *document = import_json_load(graph, text, size);
    struct node_link own = {.graph = graph, .document = document, .text = text, .size = size};
    if (document == NULL)
        return false;
    bool is_read = node_link_read(&own);
    json_decref(document);
    return is_read;
}
