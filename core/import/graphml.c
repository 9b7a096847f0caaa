/* GraphML, as the Topology Zoo and networkx write it (http://graphml.graphdrawing.org). */
#include "core/import/number.h"
#include "core/import/xml.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define KEYS_MAX   256
#define KEY_ID_MAX 64

enum graphml_meaning {
    GRAPHML_NOTHING,
    GRAPHML_NETWORK,
    GRAPHML_NAME,
    GRAPHML_LATITUDE,
    GRAPHML_LONGITUDE,
    GRAPHML_INTERNAL,
    GRAPHML_HYPEREDGE,
    GRAPHML_SPEED_TEXT,
    GRAPHML_SPEED_BITS,
    GRAPHML_SPEED_NUMBER,
    GRAPHML_SPEED_UNIT,
    GRAPHML_KM,
    GRAPHML_METRIC,
};

/* What the attributes of these names mean. Of a text and a number of a link's speed the number
 * counts. */
static const struct {
    const char *of;
    const char *name;
    enum graphml_meaning meaning;
} graphml_names[] = {
    {"graph", "Network", GRAPHML_NETWORK},
    {"graph", "label", GRAPHML_NETWORK},
    {"graph", "name", GRAPHML_NETWORK},
    {"node", "label", GRAPHML_NAME},
    {"node", "name", GRAPHML_NAME},
    {"node", "Latitude", GRAPHML_LATITUDE},
    {"node", "Longitude", GRAPHML_LONGITUDE},
    {"node", "Internal", GRAPHML_INTERNAL},
    {"node", "hyperedge", GRAPHML_HYPEREDGE},
    {"edge", "LinkLabel", GRAPHML_SPEED_TEXT},
    {"edge", "LinkSpeedRaw", GRAPHML_SPEED_BITS},
    {"edge", "LinkSpeed", GRAPHML_SPEED_NUMBER},
    {"edge", "LinkSpeedUnits", GRAPHML_SPEED_UNIT},
    {"edge", "dist", GRAPHML_KM},
    {"edge", "weight", GRAPHML_METRIC},
};

struct graphml_key {
    char id[KEY_ID_MAX];
    enum graphml_meaning meaning;
};

struct graphml {
    struct graph *graph;
    struct graphml_key keys[KEYS_MAX];
    uint32_t key_count;
    char data[KEY_ID_MAX]; /* the key of the data element */
    bool is_directed;      /* as edges are that do not say */
    bool has_graph;
    struct graph_node node;
    bool has_latitude, has_longitude;
    struct graph_edge edge;
    double speed_number; /* NAN: none; with a unit, or the other way round */
    char speed_unit[16];
    uint32_t hub; /* the node that stands for the hyperedge */
    uint32_t hub_count;
};

/* ---- the beginning of elements ---- */

static bool graphml_start_key(struct graphml *own, const struct xml_element *element)
{
    const char *id = xml_attribute(element, "id"), *of = xml_attribute(element, "for");
    const char *name = xml_attribute(element, "attr.name");
    if (id == NULL || strlen(id) >= KEY_ID_MAX || own->key_count == KEYS_MAX)
        return graph_fail(own->graph, PCE_INVALID, element->line, "key",
                          "has no id, one that is too long, or is one too many");
    struct graphml_key *key = &own->keys[own->key_count++];
    memcpy(key->id, id, strlen(id) + 1);
    key->meaning = GRAPHML_NOTHING;
    for (size_t i = 0; i < sizeof graphml_names / sizeof graphml_names[0]; i++) {
        bool is_for = of == NULL || strcmp(of, "all") == 0 || strcmp(of, graphml_names[i].of) == 0;
        if (name != NULL && is_for && strcmp(name, graphml_names[i].name) == 0)
            key->meaning = graphml_names[i].meaning;
    }
    return true;
}

static bool graphml_start_graph(struct graphml *own, const struct xml_element *element)
{
    const char *edges = xml_attribute(element, "edgedefault");
    if (own->has_graph)
        return graph_fail(own->graph, PCE_INVALID, element->line, "graph",
                          "a graph within a node, or a second one: one is read");
    own->has_graph = true;
    own->is_directed = edges != NULL && strcmp(edges, "directed") == 0;
    return true;
}

static bool graphml_start_node(struct graphml *own, const struct xml_element *element)
{
    own->node = (struct graph_node){.line = element->line};
    own->has_latitude = own->has_longitude = false;
    return xml_add_attribute(own->graph, element, "id", &own->node.id);
}

static bool graphml_start_edge(struct graphml *own, const struct xml_element *element)
{
    const char *directed = xml_attribute(element, "directed");
    own->edge = graph_plain_edge(0, 0, element->line);
    own->edge.is_directed = directed == NULL ? own->is_directed : strcmp(directed, "true") == 0;
    own->speed_number = NAN;
    own->speed_unit[0] = '\0';
    return xml_add_attribute(own->graph, element, "source", &own->edge.from) &&
           xml_add_attribute(own->graph, element, "target", &own->edge.to);
}

/* GraphML's own hyperedge: a node of ours that stands for it. */
static bool graphml_start_hyperedge(struct graphml *own, const struct xml_element *element)
{
    char id[48];
    uint32_t index;
    (void)snprintf(id, sizeof id, "\x01hyperedge %u", own->hub_count++);
    struct graph_node node = {.line = element->line, .is_hyperedge = true};
    if (!graph_add_text(own->graph, id, strlen(id), element->line, &node.id))
        return false;
    own->hub = node.id;
    return graph_add_node(own->graph, &node, &index);
}

static bool graphml_start_endpoint(struct graphml *own, const struct xml_element *element)
{
    struct graph_edge edge = graph_plain_edge(0, own->hub, element->line);
    return xml_add_attribute(own->graph, element, "node", &edge.from) &&
           graph_add_edge(own->graph, &edge);
}

static bool graphml_start_data(struct graphml *own, const struct xml_element *element)
{
    const char *key = xml_attribute(element, "key");
    (void)snprintf(own->data, sizeof own->data, "%s", key == NULL ? "" : key);
    return true;
}

static bool graphml_on_start(void *context, const struct xml_element *element)
{
    static const struct {
        const char *name;
        const char *parent; /* NULL: any */
        bool (*start)(struct graphml *own, const struct xml_element *element);
    } rows[] = {
        {"key", "graphml", graphml_start_key},
        {"graph", NULL, graphml_start_graph},
        {"node", "graph", graphml_start_node},
        {"edge", "graph", graphml_start_edge},
        {"hyperedge", "graph", graphml_start_hyperedge},
        {"endpoint", "hyperedge", graphml_start_endpoint},
        {"data", NULL, graphml_start_data},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (strcmp(rows[i].name, element->name) == 0 &&
            (rows[i].parent == NULL || strcmp(rows[i].parent, element->parent) == 0))
            return rows[i].start(context, element);
    }
    return true;
}

/* ---- what they say ---- */

static enum graphml_meaning graphml_find_meaning(const struct graphml *own)
{
    for (uint32_t i = 0; i < own->key_count; i++) {
        if (strcmp(own->keys[i].id, own->data) == 0)
            return own->keys[i].meaning;
    }
    return GRAPHML_NOTHING;
}

static bool graphml_take_flag(struct graphml *own, const struct xml_element *element, bool *flag,
                              bool is_of_zero)
{
    double value;
    if (strcmp(element->text, "true") == 0 || strcmp(element->text, "false") == 0)
        value = element->text[0] == 't';
    else if (!xml_number(own->graph, element, &value))
        return false;
    *flag = (value > 0 || value < 0) != is_of_zero;
    return true;
}

static bool graphml_take_of_node(struct graphml *own, const struct xml_element *element,
                                 enum graphml_meaning meaning)
{
    switch (meaning) {
    case GRAPHML_NAME:
        return graph_add_text(own->graph, element->text, strlen(element->text), element->line,
                              &own->node.label);
    case GRAPHML_LATITUDE:
        own->has_latitude = true;
        return xml_number(own->graph, element, &own->node.y);
    case GRAPHML_LONGITUDE:
        own->has_longitude = true;
        return xml_number(own->graph, element, &own->node.x);
    case GRAPHML_INTERNAL:
        return graphml_take_flag(own, element, &own->node.is_external, true);
    case GRAPHML_HYPEREDGE:
        return graphml_take_flag(own, element, &own->node.is_hyperedge, false);
    default:
        return true;
    }
}

/* A text that tells no speed is none ("Lit Fibre"). */
static bool graphml_take_of_edge(struct graphml *own, const struct xml_element *element,
                                 enum graphml_meaning meaning)
{
    double bits;
    switch (meaning) {
    case GRAPHML_SPEED_TEXT:
        if (isnan(own->edge.bits) && import_speed(element->text, &bits))
            own->edge.bits = bits;
        return true;
    case GRAPHML_SPEED_BITS:
        return xml_number(own->graph, element, &own->edge.bits);
    case GRAPHML_SPEED_NUMBER:
        (void)import_number(element->text, &own->speed_number);
        return true;
    case GRAPHML_SPEED_UNIT:
        (void)snprintf(own->speed_unit, sizeof own->speed_unit, "%s", element->text);
        return true;
    case GRAPHML_KM:
        return xml_number(own->graph, element, &own->edge.km);
    case GRAPHML_METRIC:
        return xml_number(own->graph, element, &own->edge.metric);
    default:
        return true;
    }
}

static bool graphml_end_data(struct graphml *own, const struct xml_element *element)
{
    enum graphml_meaning meaning = graphml_find_meaning(own);
    if (meaning == GRAPHML_NOTHING)
        return true;
    if (element->is_long)
        return graph_fail(own->graph, PCE_LIMIT, element->line, "data",
                          "a text of more than %d octets", GRAPH_TEXT_MAX);
    if (meaning == GRAPHML_NETWORK) {
        if (own->graph->name[0] == '\0')
            (void)snprintf(own->graph->name, sizeof own->graph->name, "%s", element->text);
        return true;
    }
    return strcmp(element->parent, "node") == 0 ? graphml_take_of_node(own, element, meaning)
                                                : graphml_take_of_edge(own, element, meaning);
}

static bool graphml_end_edge(struct graphml *own)
{
    double bits;
    if (isnan(own->edge.bits) && !isnan(own->speed_number) && own->speed_unit[0] != '\0' &&
        import_speed_of_unit(own->speed_number, own->speed_unit, &bits))
        own->edge.bits = bits;
    return graph_add_edge(own->graph, &own->edge);
}

static bool graphml_on_end(void *context, const struct xml_element *element)
{
    struct graphml *own = context;
    uint32_t index;
    bool is_of_graph = strcmp(element->parent, "graph") == 0;
    if (strcmp(element->name, "data") == 0)
        return graphml_end_data(own, element);
    if (is_of_graph && strcmp(element->name, "edge") == 0)
        return graphml_end_edge(own);
    if (!is_of_graph || strcmp(element->name, "node") != 0)
        return true;
    own->node.has_place = own->has_latitude && own->has_longitude;
    return graph_add_node(own->graph, &own->node, &index);
}

bool graph_read_graphml(struct graph *graph, const char *text, size_t size)
{
    struct graphml own = {.graph = graph};
    const struct xml_visitor visitor = {graphml_on_start, graphml_on_end, &own};
    if (!xml_walk(graph, text, size, &visitor))
        return false;
    return own.has_graph || graph_fail(graph, PCE_INVALID, 1, "", "there is no graph in it");
}
