#include "core/import/xml.h"

#include "core/import/number.h"

#include <expat.h>
#include <string.h>

struct xml_walk {
    XML_Parser parser;
    struct graph *graph;
    const struct xml_visitor *visitor;
    uint32_t depth;
    char names[XML_DEPTH_MAX][32];
    char text[GRAPH_TEXT_MAX + 1]; /* since the last tag */
    size_t text_size;
    bool is_long;
};

static uint32_t xml_line(const struct xml_walk *walk)
{
    return (uint32_t)XML_GetCurrentLineNumber(walk->parser);
}

static void xml_stop(struct xml_walk *walk)
{
    (void)XML_StopParser(walk->parser, XML_FALSE);
}

static void xml_refuse(struct xml_walk *walk, const char *reason)
{
    (void)graph_fail(walk->graph, PCE_INVALID, xml_line(walk), "", "%s", reason);
    xml_stop(walk);
}

static const char *xml_parent(const struct xml_walk *walk)
{
    return walk->depth < 2 ? "" : walk->names[walk->depth - 2];
}

static void XMLCALL xml_on_start(void *context, const char *name, const char **values)
{
    struct xml_walk *walk = context;
    const char *colon = strrchr(name, ':');
    const char *local = colon == NULL ? name : colon + 1;
    if (walk->depth == XML_DEPTH_MAX) {
        xml_refuse(walk, "too many elements within each other");
        return;
    }
    strncpy(walk->names[walk->depth], local, sizeof walk->names[0] - 1);
    walk->names[walk->depth][sizeof walk->names[0] - 1] = '\0';
    walk->depth++;
    walk->text_size = 0;
    walk->is_long = false;
    const struct xml_element element = {.name = walk->names[walk->depth - 1],
                                        .parent = xml_parent(walk),
                                        .values = values,
                                        .text = "",
                                        .line = xml_line(walk)};
    if (!walk->visitor->on_start(walk->visitor->context, &element))
        xml_stop(walk);
}

static void XMLCALL xml_on_text(void *context, const char *octets, int size)
{
    struct xml_walk *walk = context;
    size_t room = sizeof walk->text - 1 - walk->text_size;
    size_t taken = (size_t)size < room ? (size_t)size : room;
    memcpy(walk->text + walk->text_size, octets, taken);
    walk->text_size += taken;
    walk->is_long = walk->is_long || taken < (size_t)size;
}

static void XMLCALL xml_on_end(void *context, const char *name)
{
    struct xml_walk *walk = context;
    (void)name;
    while (walk->text_size > 0 && strchr(" \t\r\n", walk->text[walk->text_size - 1]) != NULL)
        walk->text_size--;
    walk->text[walk->text_size] = '\0';
    const struct xml_element element = {.name = walk->names[walk->depth - 1],
                                        .parent = xml_parent(walk),
                                        .text = walk->text + strspn(walk->text, " \t\r\n"),
                                        .is_long = walk->is_long,
                                        .line = xml_line(walk)};
    bool goes_on = walk->visitor->on_end(walk->visitor->context, &element);
    walk->depth--;
    walk->text_size = 0;
    walk->is_long = false;
    if (!goes_on)
        xml_stop(walk);
}

/* An entity may unfold into more than the whole text, or name another file. */
static void XMLCALL xml_on_doctype(void *context, const char *name, const char *system_id,
                                   const char *public_id, int has_declarations)
{
    (void)name;
    (void)system_id;
    (void)public_id;
    if (has_declarations)
        xml_refuse(context, "has declarations of its own: entities are not expanded");
}

static void XMLCALL xml_on_skipped(void *context, const char *name, int is_parameter)
{
    (void)name;
    (void)is_parameter;
    xml_refuse(context, "names an entity that is not declared");
}

static bool xml_fail_parser(struct xml_walk *walk)
{
    enum XML_Error error = XML_GetErrorCode(walk->parser);
    if (error == XML_ERROR_NO_MEMORY)
        return graph_fail_memory(walk->graph);
    /* After a stop of ours the first failure is recorded already. */
    (void)graph_fail(walk->graph, PCE_INVALID, xml_line(walk), "", "no XML: %s",
                     XML_ErrorString(error));
    walk->graph->fault->column = (uint32_t)XML_GetCurrentColumnNumber(walk->parser) + 1;
    return false;
}

bool xml_walk(struct graph *graph, const char *text, size_t size, const struct xml_visitor *visitor)
{
    struct xml_walk walk = {.parser = XML_ParserCreate(NULL), .graph = graph, .visitor = visitor};
    if (walk.parser == NULL)
        return graph_fail_memory(graph);
    XML_SetUserData(walk.parser, &walk);
    XML_SetElementHandler(walk.parser, xml_on_start, xml_on_end);
    XML_SetCharacterDataHandler(walk.parser, xml_on_text);
    XML_SetStartDoctypeDeclHandler(walk.parser, xml_on_doctype);
    XML_SetSkippedEntityHandler(walk.parser, xml_on_skipped);
    /* At once: of parts each would be read anew for as long as a token goes on. */
    bool is_good = XML_Parse(walk.parser, text, (int)size, true) == XML_STATUS_OK;
    if (!is_good)
        (void)xml_fail_parser(&walk);
    XML_ParserFree(walk.parser);
    return is_good && graph->status == PCE_OK;
}

const char *xml_attribute(const struct xml_element *element, const char *name)
{
    for (const char **at = element->values; at != NULL && *at != NULL; at += 2) {
        if (strcmp(at[0], name) == 0)
            return at[1];
    }
    return NULL;
}

bool xml_add_attribute(struct graph *graph, const struct xml_element *element, const char *name,
                       uint32_t *text)
{
    const char *value = xml_attribute(element, name);
    if (value == NULL)
        return graph_fail(graph, PCE_INVALID, element->line, element->name,
                          "the attribute %s is missing", name);
    return graph_add_text(graph, value, strlen(value), element->line, text);
}

bool xml_number(struct graph *graph, const struct xml_element *element, double *value)
{
    if (import_number(element->text, value))
        return true;
    return graph_fail(graph, PCE_INVALID, element->line, element->name, "'%.40s' is no number",
                      element->text);
}
