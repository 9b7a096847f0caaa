/* SNDlib's XML (http://sndlib.zib.de): nodes, links with their capacity, demands. Speeds are in
 * Mbit/s. */
#include "core/import/sndlib.h"
#include "core/import/xml.h"

#include <math.h>
#include <string.h>

struct sndlib_xml {
    struct graph *graph;
    struct graph_node node;
    bool has_x, has_y;
    struct graph_edge edge;
    double module; /* Mbit/s of the largest module that may be added; 0: none */
    struct graph_demand demand;
};

static bool sndlib_xml_on_start(void *context, const struct xml_element *element)
{
    struct sndlib_xml *own = context;
    const char *type = xml_attribute(element, "coordinatesType");
    if (strcmp(element->name, "nodes") == 0)
        own->graph->is_plane = type != NULL && strcmp(type, "geographical") != 0;
    if (strcmp(element->name, "node") == 0) {
        own->node = (struct graph_node){.line = element->line};
        own->has_x = own->has_y = false;
        return xml_add_attribute(own->graph, element, "id", &own->node.id);
    }
    if (strcmp(element->name, "link") == 0) {
        own->edge = graph_plain_edge(0, 0, element->line);
        own->module = 0;
    }
    if (strcmp(element->name, "demand") == 0)
        own->demand = (struct graph_demand){.line = element->line};
    return true;
}

static bool sndlib_xml_take_text(const struct sndlib_xml *own, const struct xml_element *element,
                                 uint32_t *text)
{
    return graph_add_text(own->graph, element->text, strlen(element->text), element->line, text);
}

static bool sndlib_xml_end_link(struct sndlib_xml *own, const struct xml_element *element)
{
    if (own->edge.from == 0 || own->edge.to == 0)
        return graph_fail(own->graph, PCE_INVALID, element->line, "link",
                          "source or target is missing");
    sndlib_set_capacity(&own->edge, own->module);
    return graph_add_edge(own->graph, &own->edge);
}

static bool sndlib_xml_end_demand(struct sndlib_xml *own, const struct xml_element *element)
{
    if (own->demand.from == 0 || own->demand.to == 0)
        return graph_fail(own->graph, PCE_INVALID, element->line, "demand",
                          "source or target is missing");
    return graph_add_demand(own->graph, &own->demand);
}

static bool sndlib_xml_end_node(struct sndlib_xml *own)
{
    uint32_t index;
    own->node.has_place = own->has_x && own->has_y;
    return graph_add_node(own->graph, &own->node, &index);
}

/* The number of an element of a link, a node or a demand. */
static bool sndlib_xml_end_number(struct sndlib_xml *own, const struct xml_element *element)
{
    double value;
    bool is_capacity = strcmp(element->name, "capacity") == 0;
    bool is_demand = strcmp(element->name, "demandValue") == 0;
    bool is_x = strcmp(element->name, "x") == 0, is_y = strcmp(element->name, "y") == 0;
    if (!is_capacity && !is_demand && !is_x && !is_y)
        return true;
    if (!xml_number(own->graph, element, &value))
        return false;
    if (is_x || is_y)
        *(is_x ? &own->node.x : &own->node.y) = value;
    own->has_x = own->has_x || is_x;
    own->has_y = own->has_y || is_y;
    if (is_demand)
        own->demand.bits = value * SNDLIB_BITS;
    else if (is_capacity && strcmp(element->parent, "preInstalledModule") == 0)
        own->edge.bits = value * SNDLIB_BITS;
    else if (is_capacity)
        own->module = fmax(own->module, value * SNDLIB_BITS);
    return true;
}

static bool sndlib_xml_on_end(void *context, const struct xml_element *element)
{
    struct sndlib_xml *own = context;
    bool is_of_link = strcmp(element->parent, "link") == 0;
    bool is_of_demand = strcmp(element->parent, "demand") == 0;
    if ((is_of_link || is_of_demand) && strcmp(element->name, "source") == 0)
        return sndlib_xml_take_text(own, element, is_of_link ? &own->edge.from : &own->demand.from);
    if ((is_of_link || is_of_demand) && strcmp(element->name, "target") == 0)
        return sndlib_xml_take_text(own, element, is_of_link ? &own->edge.to : &own->demand.to);
    if (strcmp(element->name, "link") == 0)
        return sndlib_xml_end_link(own, element);
    if (strcmp(element->name, "demand") == 0)
        return sndlib_xml_end_demand(own, element);
    if (strcmp(element->name, "node") == 0)
        return sndlib_xml_end_node(own);
    return sndlib_xml_end_number(own, element);
}

bool graph_read_sndlib_xml(struct graph *graph, const char *text, size_t size)
{
    struct sndlib_xml own = {.graph = graph};
    const struct xml_visitor visitor = {sndlib_xml_on_start, sndlib_xml_on_end, &own};
    if (!xml_walk(graph, text, size, &visitor))
        return false;
    if (graph->nodes.count == 0)
        return graph_fail(graph, PCE_INVALID, 1, "", "there are no nodes in it");
    graph->has_unsaid_directions = true;
    return true;
}
