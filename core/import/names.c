#include "core/import/names.h"

#include "core/base/utf8.h"
#include "core/ted/builder_impl.h"

#include <stdio.h>
#include <string.h>

void names_init(struct names *names, struct graph *graph)
{
    *names = (struct names){.graph = graph};
}

void names_fini(struct names *names)
{
    slots_fini(&names->labels);
}

static const char *names_label(const struct names *names, uint32_t node)
{
    return graph_text(names->graph, graph_node_at(names->graph, node)->label);
}

static bool names_has_label(const void *context, uint32_t value, const void *key)
{
    return strcmp(names_label(context, value), key) == 0;
}

bool names_copy(char *name, size_t room, const char *text)
{
    size_t used = 0, left = strlen(text);
    bool is_changed = false;
    for (const uint8_t *at = (const uint8_t *)text; left > 0;) {
        size_t size = utf8_character_size(at, left);
        bool is_shown = size > 1 || (size == 1 && *at >= 0x20 && *at != 0x7f);
        size_t step = size == 0 ? 1 : size;
        size_t wanted = is_shown ? size : 1;
        if (used + wanted >= room)
            break;
        if (is_shown)
            memcpy(name + used, at, size);
        else
            name[used] = ' ';
        is_changed = is_changed || !is_shown;
        used += wanted;
        at += step;
        left -= step;
    }
    name[used] = '\0';
    return is_changed || left > 0;
}

bool names_make(struct names *names, uint32_t node, char name[TED_NAME_SIZE_MAX + 1])
{
    struct graph *graph = names->graph;
    const char *label = names_label(names, node),
               *id = graph_text(graph, graph_node_at(graph, node)->id);
    char text[2 * GRAPH_TEXT_MAX + 8];
    uint64_t hash = ted_hash_name(label);
    bool is_unnamed = label[0] == '\0';
    bool is_twin = !is_unnamed && slots_find(slots_view(&names->labels), hash, names_has_label,
                                             names, label) != TED_NONE;
    /* An id that is a number is no name for people. */
    bool is_number = is_unnamed && id[strspn(id, "0123456789")] == '\0';
    if (is_unnamed)
        (void)snprintf(text, sizeof text, "%s%s", is_number ? "node " : "", id);
    else
        (void)snprintf(text, sizeof text, is_twin ? "%s (%s)" : "%s", label, id);
    graph->notes[IMPORT_UNNAMED_NODES] += is_number;
    graph->notes[IMPORT_TWIN_NAMES] += is_twin;
    if (names_copy(name, TED_NAME_SIZE_MAX + 1, text))
        graph->notes[IMPORT_SHORTENED_NAMES]++;
    if (is_unnamed || is_twin)
        return true;
    if (slots_reserve(&names->labels, 1) != PCE_OK)
        return graph_fail_memory(graph);
    slots_insert(&names->labels, hash, node);
    return true;
}
