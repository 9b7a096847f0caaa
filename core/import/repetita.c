/* Repetita: a graph, and its demands in a file beside. Each section is a line with its name and how
 * many lines it has, one with the names of its columns, and the lines.
 *
 *     NODES n / label x y; EDGES n / label src dest weight bw delay; DEMANDS n / label src dest bw
 *
 * Nodes are named by their places. Speeds are in kbit/s, delays in microseconds; edges have a
 * direction. */
#include "core/import/graph.h"
#include "core/import/number.h"

#include <stdio.h>
#include <string.h>

#define REPETITA_BITS 1e3 /* a unit of bandwidth: kbit/s */

#define WORDS_MAX 6

struct repetita {
    struct graph *graph;
    const char *text;
    size_t size, at;
    uint32_t line;      /* the current one */
    const char *prefix; /* of elements: "demands: " in the file of demands */
    char octets[GRAPH_TEXT_MAX + 1];
    char *words[WORDS_MAX];
    uint32_t word_count;
};

static bool repetita_fail(struct repetita *own, const char *reason)
{
    return graph_fail(own->graph, PCE_INVALID, own->line, own->prefix, "%s", reason);
}

/* The words of the next line that has any; none at the end. */
static bool repetita_next(struct repetita *own)
{
    own->word_count = 0;
    while (own->at < own->size && own->word_count == 0) {
        const char *start = own->text + own->at;
        const char *end = memchr(start, '\n', own->size - own->at);
        size_t size = end == NULL ? own->size - own->at : (size_t)(end - start);
        own->line++;
        own->at += size + 1;
        if (size > GRAPH_TEXT_MAX || memchr(start, '\0', size) != NULL)
            return repetita_fail(own, "a line that is too long, or has a NUL");
        memcpy(own->octets, start, size);
        own->octets[size] = '\0';
        for (char *at = own->octets; *(at += strspn(at, " \t\r")) != '\0';) {
            if (own->word_count == WORDS_MAX)
                return repetita_fail(own, "too many words");
            own->words[own->word_count++] = at;
            at += strcspn(at, " \t\r");
            if (*at != '\0')
                *at++ = '\0';
        }
    }
    return true;
}

static bool repetita_number(struct repetita *own, uint32_t word, double *value)
{
    if (import_number(own->words[word], value))
        return true;
    return graph_fail(own->graph, PCE_INVALID, own->line, own->prefix, "'%.40s' is no number",
                      own->words[word]);
}

static bool repetita_text(struct repetita *own, const char *word, uint32_t *text)
{
    return graph_add_text(own->graph, word, strlen(word), own->line, text);
}

static bool repetita_take_node(struct repetita *own)
{
    char id[16];
    uint32_t index;
    struct graph_node node = {.line = own->line, .has_place = true};
    (void)snprintf(id, sizeof id, "%u", own->graph->nodes.count);
    return repetita_text(own, id, &node.id) && repetita_text(own, own->words[0], &node.label) &&
           repetita_number(own, 1, &node.x) && repetita_number(own, 2, &node.y) &&
           graph_add_node(own->graph, &node, &index);
}

static bool repetita_take_edge(struct repetita *own)
{
    struct graph_edge edge = graph_plain_edge(0, 0, own->line);
    edge.is_directed = true;
    if (!repetita_text(own, own->words[1], &edge.from) ||
        !repetita_text(own, own->words[2], &edge.to) || !repetita_number(own, 3, &edge.metric) ||
        !repetita_number(own, 4, &edge.bits) || !repetita_number(own, 5, &edge.delay_us))
        return false;
    edge.bits *= REPETITA_BITS;
    return graph_add_edge(own->graph, &edge);
}

static bool repetita_take_demand(struct repetita *own)
{
    struct graph_demand demand = {.line = own->line};
    if (!repetita_text(own, own->words[1], &demand.from) ||
        !repetita_text(own, own->words[2], &demand.to) || !repetita_number(own, 3, &demand.bits))
        return false;
    demand.bits *= REPETITA_BITS;
    return graph_add_demand(own->graph, &demand);
}

static const struct repetita_section {
    const char *name;
    uint32_t word_count; /* of its lines */
    bool (*take)(struct repetita *own);
} repetita_sections[] = {
    {"NODES", 3, repetita_take_node},
    {"EDGES", 6, repetita_take_edge},
    {"DEMANDS", 4, repetita_take_demand},
};

/* The current line is that of the section's name. */
static bool repetita_read_section(struct repetita *own)
{
    const struct repetita_section *section = NULL;
    double told;
    for (size_t i = 0; i < sizeof repetita_sections / sizeof repetita_sections[0]; i++) {
        if (strcmp(repetita_sections[i].name, own->words[0]) == 0)
            section = &repetita_sections[i];
    }
    if (section == NULL || own->word_count != 2)
        return repetita_fail(own, "NODES, EDGES or DEMANDS is wanted, and how many");
    if (!repetita_number(own, 1, &told))
        return false;
    const uint32_t most = GRAPH_EDGES_MAX;
    if (!(told >= 0 && told <= most))
        return repetita_fail(own, "a section has more lines than are possible, or less than none");
    if (!repetita_next(own)) /* the names of the columns */
        return false;
    const uint32_t count = (uint32_t)told;
    for (uint32_t i = 0; i < count; i++) {
        if (!repetita_next(own))
            return false;
        if (own->word_count == 0)
            return repetita_fail(own, "the file ends within a section");
        if (own->word_count != section->word_count)
            return repetita_fail(own, "this line has not as many words as its section's columns");
        if (!section->take(own))
            return false;
    }
    return true;
}

static bool repetita_read(struct graph *graph, const char *text, size_t size, const char *prefix)
{
    struct repetita own = {.graph = graph, .text = text, .size = size, .prefix = prefix};
    while (repetita_next(&own) && own.word_count > 0) {
        if (!repetita_read_section(&own))
            return false;
    }
    return graph->status == PCE_OK;
}

bool graph_read_repetita(struct graph *graph, const char *text, size_t size)
{
    if (!repetita_read(graph, text, size, ""))
        return false;
    return graph->nodes.count > 0 ||
           graph_fail(graph, PCE_INVALID, 1, "", "there are no nodes in it");
}

bool graph_read_repetita_demands(struct graph *graph, const char *text, size_t size)
{
    uint32_t nodes = graph->nodes.count, edges = graph->edges.count;
    if (!repetita_read(graph, text, size, "demands"))
        return false;
    bool is_demands = graph->nodes.count == nodes && graph->edges.count == edges;
    return is_demands || graph_fail(graph, PCE_INVALID, 1, "demands", "it has nodes or edges");
}
