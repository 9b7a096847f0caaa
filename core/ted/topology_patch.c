#include "core/ted/topology_patch.h"

#include "core/ted/topology_dom.h"
#include "core/ted/topology_text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct topo_patch {
    json_t *nodes, *links;     /* lists of the file */
    json_t *by_name, *by_ends; /* what is in them: a node, and a list of parallel links */
    struct ted_fault *fault;
    uint64_t compared;      /* links with what is wanted */
    enum pce_status status; /* of the first fault */
};

/* An item of the patch, for its faults. */
struct topo_patch_item {
    const char *list; /* "links" */
    size_t index;
    json_t *value;
};

typedef bool topo_patch_item_fn(struct topo_patch *patch, const struct topo_patch_item *item);

/* Each gives false, so that a caller may return it. */
__attribute__((format(printf, 3, 4))) static bool
topo_patch_fail(struct topo_patch *patch, const struct topo_patch_item *item, const char *reason,
                ...)
{
    struct ted_fault *fault = patch->fault;
    va_list arguments;
    patch->status = PCE_INVALID;
    fault->line = (uint32_t)json_integer_value(json_object_get(item->value, TOPOLOGY_DOM_LINE));
    (void)snprintf(fault->element, sizeof fault->element, "%s[%zu]", item->list, item->index);
    va_start(arguments, reason);
    (void)vsnprintf(fault->reason, sizeof fault->reason, reason, arguments);
    va_end(arguments);
    return false;
}

static bool topo_patch_fail_memory(struct topo_patch *patch)
{
    patch->status = PCE_NO_MEMORY;
    return false;
}

/* ---- what is there ---- */

static const char *topo_patch_text(const json_t *item, const char *key)
{
    const char *text = json_string_value(json_object_get(item, key));
    return text == NULL ? "" : text;
}

/* NULL: memory ran out. */
static char *topo_patch_ends(const char *from, const char *to)
{
    size_t size = strlen(from) + strlen(to) + 2;
    char *ends = malloc(size);
    if (ends != NULL)
        (void)snprintf(ends, size, "%s\n%s", from, to);
    return ends;
}

static bool topo_patch_index_link(struct topo_patch *patch, json_t *link)
{
    char *ends = topo_patch_ends(topo_patch_text(link, "from"), topo_patch_text(link, "to"));
    json_t *beside = ends == NULL ? NULL : json_object_get(patch->by_ends, ends);
    bool is_done = beside != NULL;
    if (ends != NULL && beside == NULL) {
        beside = json_array();
        is_done = json_object_set_new(patch->by_ends, ends, beside) == 0;
    }
    free(ends);
    return (is_done && json_array_append(beside, link) == 0) || topo_patch_fail_memory(patch);
}

static bool topo_patch_index_node(struct topo_patch *patch, json_t *node)
{
    return json_object_set(patch->by_name, topo_patch_text(node, "name"), node) == 0 ||
           topo_patch_fail_memory(patch);
}

static bool topo_patch_index(struct topo_patch *patch)
{
    size_t i;
    json_t *item;
    json_array_foreach(patch->nodes, i, item)
    {
        if (!topo_patch_index_node(patch, item))
            return false;
    }
    json_array_foreach(patch->links, i, item)
    {
        if (!topo_patch_index_link(patch, item))
            return false;
    }
    return true;
}

/* Whether what is wanted says nothing else of its places. */
static bool topo_patch_is_link(const json_t *link, const json_t *wanted)
{
    static const char *const places[] = {"addresses", "addresses-v6", "interface-ids"};
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        const json_t *place = json_object_get(wanted, places[i]);
        if (place != NULL && !json_equal(json_object_get(link, places[i]), place))
            return false;
    }
    return json_object_size(link) > 0; /* else it was withdrawn */
}

static bool topo_patch_has_reverse(const struct topo_patch *patch, const json_t *wanted)
{
    char *ends = topo_patch_ends(topo_patch_text(wanted, "to"), topo_patch_text(wanted, "from"));
    const json_t *link =
        ends == NULL ? NULL : json_array_get(json_object_get(patch->by_ends, ends), 0);
    free(ends);
    return json_object_size(link) > 0 && strcmp(topo_patch_text(link, "one-way"), "true") != 0 &&
           strcmp(topo_patch_text(wanted, "one-way"), "true") != 0;
}

/* *link: NULL: there is none. False: it cannot be told which one is meant. */
static bool topo_patch_find_link(struct topo_patch *patch, const struct topo_patch_item *item,
                                 json_t **link)
{
    char *ends =
        topo_patch_ends(topo_patch_text(item->value, "from"), topo_patch_text(item->value, "to"));
    size_t i;
    json_t *one;
    *link = NULL;
    if (ends == NULL)
        return topo_patch_fail_memory(patch);
    const json_t *beside = json_object_get(patch->by_ends, ends);
    free(ends);
    patch->compared += json_array_size(beside);
    if (patch->compared > TOPOLOGY_PATCH_COMPARED_MAX)
        return topo_patch_fail(patch, item, "too many parallel links are changed at once");
    json_array_foreach(beside, i, one)
    {
        if (!topo_patch_is_link(one, item->value))
            continue;
        if (*link != NULL)
            return topo_patch_fail(patch, item,
                                   "several links are meant: name addresses or interface-ids");
        *link = one;
    }
    if (*link == NULL && topo_patch_has_reverse(patch, item->value))
        return topo_patch_fail(
            patch, item, "the link is there the other way round, from %.80s to %.80s",
            topo_patch_text(item->value, "to"), topo_patch_text(item->value, "from"));
    return true;
}

/* ---- changes ---- */

/* The item as it is wanted: in place of what is there, or new. */
static bool topo_patch_put(struct topo_patch *patch, const struct topo_patch_item *item,
                           json_t *list, json_t *there)
{
    const char *key;
    json_t *value, *made = there == NULL ? json_object() : json_incref(there);
    bool is_done = made != NULL;
    json_object_foreach(item->value, key, value)
    {
        if (json_is_null(value))
            (void)json_object_del(made, key); /* that it is not there is fine */
        else if (strcmp(key, TOPOLOGY_DOM_LINE) != 0)
            is_done = is_done && json_object_set(made, key, value) == 0;
    }
    if (is_done && there == NULL)
        is_done = json_array_append(list, made) == 0 &&
                  (list == patch->nodes ? topo_patch_index_node(patch, made)
                                        : topo_patch_index_link(patch, made));
    json_decref(made);
    return is_done || topo_patch_fail_memory(patch);
}

static bool topo_patch_has_texts(struct topo_patch *patch, const struct topo_patch_item *item,
                                 const char *first, const char *second)
{
    if (!json_is_object(item->value))
        return topo_patch_fail(patch, item, "a mapping is wanted");
    if (topo_patch_text(item->value, first)[0] == '\0' ||
        topo_patch_text(item->value, second)[0] == '\0')
        return topo_patch_fail(patch, item, "%s is missing",
                               topo_patch_text(item->value, first)[0] == '\0' ? first : second);
    return true;
}

static bool topo_patch_put_node(struct topo_patch *patch, const struct topo_patch_item *item)
{
    return topo_patch_has_texts(patch, item, "name", "name") &&
           topo_patch_put(patch, item, patch->nodes,
                          json_object_get(patch->by_name, topo_patch_text(item->value, "name")));
}

static bool topo_patch_put_link(struct topo_patch *patch, const struct topo_patch_item *item)
{
    json_t *link;
    return topo_patch_has_texts(patch, item, "from", "to") &&
           topo_patch_find_link(patch, item, &link) &&
           topo_patch_put(patch, item, patch->links, link);
}

/* What was withdrawn is empty, and is not written. */
static bool topo_patch_withdraw_link(struct topo_patch *patch, const struct topo_patch_item *item)
{
    json_t *link;
    if (!topo_patch_has_texts(patch, item, "from", "to") ||
        !topo_patch_find_link(patch, item, &link))
        return false;
    if (link == NULL)
        return topo_patch_fail(patch, item, "there is no such link");
    return json_object_clear(link) == 0;
}

static bool topo_patch_withdraw_node(struct topo_patch *patch, const struct topo_patch_item *item)
{
    const char *name = json_string_value(item->value);
    json_t *node = name == NULL ? NULL : json_object_get(patch->by_name, name);
    if (node == NULL)
        return topo_patch_fail(patch, item, "there is no node of this name");
    (void)json_object_clear(node);
    (void)json_object_del(patch->by_name, name);
    return true;
}

/* Links end with their nodes. */
static void topo_patch_withdraw_loose(const struct topo_patch *patch)
{
    size_t i;
    json_t *link;
    json_array_foreach(patch->links, i, link)
    {
        if (json_object_get(patch->by_name, topo_patch_text(link, "from")) == NULL ||
            json_object_get(patch->by_name, topo_patch_text(link, "to")) == NULL)
            (void)json_object_clear(link);
    }
}

/* ---- the patch ---- */

/* name: of the list, for its faults; its key is what follows the point. */
static bool topo_patch_each(struct topo_patch *patch, const json_t *tree, const char *name,
                            topo_patch_item_fn *take)
{
    const char *point = strchr(name, '.');
    const json_t *items = json_object_get(tree, point == NULL ? name : point + 1);
    struct topo_patch_item item = {.list = name};
    if (items != NULL && !json_is_array(items))
        return topo_patch_fail(patch, &item, "a list is wanted");
    json_array_foreach(items, item.index, item.value)
    {
        if (!take(patch, &item))
            return false;
    }
    return true;
}

static bool topo_patch_check_keys(struct topo_patch *patch, json_t *tree, const char *const *names)
{
    const char *key;
    json_t *value;
    json_object_foreach(tree, key, value)
    {
        const char *const *name = names;
        while (*name != NULL && strcmp(*name, key) != 0)
            name++;
        if (*name != NULL)
            continue;
        patch->status = PCE_INVALID;
        (void)snprintf(patch->fault->element, sizeof patch->fault->element, "%.80s", key);
        (void)snprintf(patch->fault->reason, sizeof patch->fault->reason,
                       "there is no such key in a change");
        return false;
    }
    return true;
}

static bool topo_patch_apply(struct topo_patch *patch, json_t *tree)
{
    static const char *const names[] = {"nodes", "links", "withdraw", NULL};
    static const char *const withdrawn[] = {"nodes", "links", NULL};
    json_t *withdraw = json_object_get(tree, "withdraw");
    if (!topo_patch_check_keys(patch, tree, names) ||
        !topo_patch_check_keys(patch, withdraw, withdrawn) ||
        !topo_patch_each(patch, withdraw, "withdraw.links", topo_patch_withdraw_link) ||
        !topo_patch_each(patch, withdraw, "withdraw.nodes", topo_patch_withdraw_node))
        return false;
    if (json_object_get(withdraw, "nodes") != NULL)
        topo_patch_withdraw_loose(patch);
    return topo_patch_each(patch, tree, "nodes", topo_patch_put_node) &&
           topo_patch_each(patch, tree, "links", topo_patch_put_link);
}

/* ---- the text ---- */

static int topo_patch_take_octets(const char *octets, size_t size, void *context)
{
    struct topo_text *text = context;
    topo_text_add(text, octets, size);
    return text->has_failed ? -1 : 0;
}

/* Not by json_dumps: jansson 2.14 leaves out a key for which memory is refused, and gives the rest. */
static void topo_patch_write_value(struct topo_text *text, const json_t *value)
{
    if (json_dump_callback(value, topo_patch_take_octets, text, JSON_COMPACT) != 0)
        text->has_failed = true;
}

static void topo_patch_write_list(struct topo_text *text, const char *name, const json_t *items)
{
    bool is_first = true;
    size_t i;
    json_t *item;
    topo_text_print(text, "\"%s\": [", name);
    json_array_foreach(items, i, item)
    {
        (void)json_object_del(item, TOPOLOGY_DOM_LINE); /* that there is none is fine */
        if (json_object_size(item) == 0)
            continue;
        topo_text_put(text, is_first ? "\n  " : ",\n  ");
        topo_patch_write_value(text, item);
        is_first = false;
    }
    topo_text_put(text, "]");
}

/* Items of lists that a mapping has ("srgb") have lines, too. */
static void topo_patch_strip_lines(json_t *mapping)
{
    const char *key;
    json_t *list, *item;
    size_t i;
    json_object_foreach(mapping, key, list)
    {
        json_array_foreach(list, i, item)
        {
            (void)json_object_del(item, TOPOLOGY_DOM_LINE);
        }
    }
}

static void topo_patch_write(struct topo_text *text, const struct topo_patch *patch,
                             const json_t *file)
{
    static const char *const firsts[] = {"network", "defaults"};
    topo_text_put(text, "{");
    for (size_t i = 0; i < sizeof firsts / sizeof firsts[0]; i++) {
        json_t *value = json_object_get(file, firsts[i]);
        if (value == NULL)
            continue;
        topo_patch_strip_lines(value);
        topo_text_print(text, "\"%s\": ", firsts[i]);
        topo_patch_write_value(text, value);
        topo_text_put(text, ",\n");
    }
    topo_patch_write_list(text, "nodes", patch->nodes);
    topo_text_put(text, ",\n");
    topo_patch_write_list(text, "links", patch->links);
    topo_text_put(text, "}\n");
}

static enum pce_status topo_patch_make(struct topo_patch *patch, json_t *file, json_t *tree,
                                       struct topo_text *text)
{
    patch->nodes = json_object_get(file, "nodes");
    patch->links = json_object_get(file, "links");
    if (patch->links == NULL) {
        patch->links = json_array();
        if (json_object_set_new(file, "links", patch->links) != 0)
            return PCE_NO_MEMORY;
    }
    if (patch->by_name == NULL || patch->by_ends == NULL)
        return PCE_NO_MEMORY;
    if (!topo_patch_index(patch) || !topo_patch_apply(patch, tree))
        return patch->status;
    topo_patch_write(text, patch, file);
    return text->has_failed ? PCE_NO_MEMORY : PCE_OK;
}

enum pce_status topology_patch(struct topology_span file, struct topology_span patch, char **text,
                               size_t *size, struct ted_fault *fault)
{
    struct topo_patch own = {.by_name = json_object(), .by_ends = json_object(), .fault = fault};
    json_t *old = NULL, *tree = NULL;
    struct topo_text made;
    topo_text_init(&made, TOPOLOGY_JSON);
    enum pce_status status = topology_dom_read(patch.text, patch.size, &tree, fault);
    if (status == PCE_OK)
        status = topology_dom_read(file.text, file.size, &old, fault);
    if (status == PCE_OK)
        status = topo_patch_make(&own, old, tree, &made);
    if (status == PCE_OK) {
        *text = made.octets;
        *size = made.size;
    } else {
        topo_text_fini(&made);
    }
    json_decref(own.by_name);
    json_decref(own.by_ends);
    json_decref(old);
    json_decref(tree);
    return status;
}
