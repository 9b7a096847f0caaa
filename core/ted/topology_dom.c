#include "core/ted/topology_dom.h"

#include "core/ted/topology_reader.h"

#include <string.h>

/* The document, the list in it and one further mapping around that list. */
#define DOM_LINES_DEPTH 4

struct dom_level {
    json_t *value; /* a list or a mapping, of the level above */
    json_t *key;   /* of the mapping, whose value comes next; NULL: a key comes next */
};

struct dom {
    struct topo_reader reader;
    struct dom_level levels[TOPOLOGY_DOM_DEPTH_MAX];
    uint32_t depth; /* the first level is a list that the document is put into */
};

static bool dom_fail_memory(struct dom *dom)
{
    (void)topo_fail(&dom->reader, "no memory to read it");
    dom->reader.status = PCE_NO_MEMORY;
    return false;
}

static bool dom_take_key(struct dom *dom, struct dom_level *level, json_t *key)
{
    bool is_text = json_is_string(key) || json_is_null(key);
    const char *text = json_is_string(key) ? json_string_value(key) : "null";
    if (!is_text)
        (void)topo_fail(&dom->reader, "a key is one value");
    else if (json_object_get(level->value, text) != NULL || strcmp(text, TOPOLOGY_DOM_LINE) == 0)
        (void)topo_fail(&dom->reader, "\"%.60s\" is no key, or comes a second time", text);
    else if (json_is_string(key))
        level->key = json_incref(key);
    else
        level->key = json_string(text);
    json_decref(key);
    return level->key != NULL || (dom->reader.status == PCE_OK && dom_fail_memory(dom));
}

/* Puts a value into the innermost list or mapping, and takes the reference over; NULL: memory ran out. */
static bool dom_place(struct dom *dom, json_t *value)
{
    struct dom_level *level = &dom->levels[dom->depth - 1];
    if (value == NULL)
        return dom_fail_memory(dom);
    if (json_is_array(level->value))
        return json_array_append_new(level->value, value) == 0 || dom_fail_memory(dom);
    if (level->key == NULL)
        return dom_take_key(dom, level, value);
    int failed = json_object_set_new(level->value, json_string_value(level->key), value);
    json_decref(level->key);
    level->key = NULL;
    return failed == 0 || dom_fail_memory(dom);
}

static bool dom_take_scalar(struct dom *dom)
{
    const char *text = topo_scalar(&dom->reader);
    if (text == NULL)
        return false;
    bool is_plain = dom->reader.event.data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
    return dom_place(dom, is_plain && strcmp(text, "null") == 0 ? json_null() : json_string(text));
}

static bool dom_enter(struct dom *dom, json_t *value)
{
    bool is_item = dom->depth > 1 && json_is_array(dom->levels[dom->depth - 1].value);
    json_int_t line = topo_here(&dom->reader).line;
    if (!dom_place(dom, value))
        return false;
    if (dom->depth == TOPOLOGY_DOM_DEPTH_MAX)
        return topo_fail(&dom->reader, "is nested too deeply");
    if (is_item && json_is_object(value) && dom->depth <= DOM_LINES_DEPTH &&
        json_object_set_new(value, TOPOLOGY_DOM_LINE, json_integer(line)) != 0)
        return dom_fail_memory(dom);
    dom->levels[dom->depth++] = (struct dom_level){value, NULL};
    return true;
}

static bool dom_take_event(struct dom *dom)
{
    switch (dom->reader.event.type) {
    case YAML_SCALAR_EVENT:
        return dom_take_scalar(dom);
    case YAML_SEQUENCE_START_EVENT:
        return dom_enter(dom, json_array());
    case YAML_MAPPING_START_EVENT:
        return dom_enter(dom, json_object());
    default: /* an end: the parser gives no other event within a document */
        dom->depth--;
        return true;
    }
}

static bool dom_read_document(struct dom *dom)
{
    struct topo_reader *r = &dom->reader;
    if (!topo_next(r)) /* the start of the stream */
        return false;
    if (!topo_next(r))
        return false;
    if (r->event.type == YAML_STREAM_END_EVENT)
        return topo_fail(r, "there is nothing");
    do {
        if (!topo_next(r) || !dom_take_event(dom))
            return false;
    } while (dom->depth > 1);
    if (!json_is_object(json_array_get(dom->levels[0].value, 0)))
        return topo_fail(r, "a mapping is wanted");
    if (!topo_next(r)) /* the end of the document */
        return false;
    if (!topo_next(r))
        return false;
    return r->event.type == YAML_STREAM_END_EVENT || topo_fail(r, "a second document starts here");
}

enum pce_status topology_dom_read(const char *text, size_t size, json_t **tree,
                                  struct ted_fault *fault)
{
    struct dom dom = {.levels = {{json_array(), NULL}}, .depth = 1};
    *tree = NULL;
    enum pce_status status = topo_init(&dom.reader, text, size, fault);
    if (dom.levels[0].value == NULL || status != PCE_OK) {
        json_decref(dom.levels[0].value);
        if (status == PCE_OK)
            topo_fini(&dom.reader);
        return PCE_NO_MEMORY;
    }
    if (dom_read_document(&dom))
        *tree = json_incref(json_array_get(dom.levels[0].value, 0));
    status = *tree != NULL ? PCE_OK : dom.reader.status;
    for (uint32_t i = 0; i < dom.depth; i++)
        json_decref(dom.levels[i].key);
    json_decref(dom.levels[0].value);
    topo_fini(&dom.reader);
    return status;
}
