/* JSON for the readers of JSON formats: the document, and where in the text an item of a list
 * stands.
 *
 * Thread: one. Owns: nothing. */
#ifndef PCED_CORE_IMPORT_JSON_H
#define PCED_CORE_IMPORT_JSON_H

#include "core/import/graph.h"

#include <jansson.h>

/* A new reference; NULL after graph_fail, with the line. */
json_t *import_json_load(struct graph *graph, const char *text, size_t size);

/* Walks along the items of a list that is called so, and knows the line of each: Jansson does not.
 */
struct json_lines {
    const char *text;
    size_t size, at;
    uint32_t line;
    uint32_t depth;
};

/* Before the first item of the list of that name; "no line" (0) for all when it is not found. */
void json_lines_find(struct json_lines *lines, const char *text, size_t size, const char *list);
/* The line of the next item. */
uint32_t json_lines_next(struct json_lines *lines);

/* A number of any kind, and a text or whole number as a text, as far as they are there. False after
 * a failure: the member is something else. */
bool import_json_number(struct graph *graph, const json_t *item, const char *key, uint32_t line,
                        double *value);
bool import_json_text(struct graph *graph, const json_t *item, const char *key, uint32_t line,
                      uint32_t *text);
/* The same of a value itself. */
bool import_json_take_text(struct graph *graph, const json_t *value, const char *key, uint32_t line,
                           uint32_t *text);

#endif
