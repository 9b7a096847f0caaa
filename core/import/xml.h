/* XML: a walk through a text, element by element, for the readers of XML formats.
 *
 * Over Expat. Entities are not expanded: a text with declarations of its own is refused, and so is one that
 * names one which is not XML's own. Nothing outside of the text is read.
 *
 * Thread: one. Owns: nothing afterwards.
 * Bound: XML_DEPTH_MAX elements within each other; of a text GRAPH_TEXT_MAX octets are kept. */
#ifndef PCED_CORE_IMPORT_XML_H
#define PCED_CORE_IMPORT_XML_H

#include "core/import/graph.h"

#define XML_DEPTH_MAX 32

struct xml_element {
    const char *name;    /* without a prefix */
    const char *parent;  /* "" at the root */
    const char **values; /* attributes: name, value, …, NULL; NULL at the end of the element */
    const char *text;    /* at its end: what stands within it, without blanks around */
    bool is_long;        /* the text is not whole */
    uint32_t line;
};

/* False, after graph_fail, ends the walk. */
typedef bool xml_visit_fn(void *context, const struct xml_element *element);

struct xml_visitor {
    xml_visit_fn *on_start, *on_end;
    void *context;
};

bool xml_walk(struct graph *graph, const char *text, size_t size,
              const struct xml_visitor *visitor);

/* The value of an attribute; NULL when it is not there. */
const char *xml_attribute(const struct xml_element *element, const char *name);
/* As graph_add_text, of an attribute that must be there. */
bool xml_add_attribute(struct graph *graph, const struct xml_element *element, const char *name,
                       uint32_t *text);
/* The text of the element as a number. False: it is none. */
bool xml_number(struct graph *graph, const struct xml_element *element, double *value);

#endif
