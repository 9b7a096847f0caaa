/* SNDlib's native form: sections of entries with parentheses (http://sndlib.zib.de).
 *
 *     NODES ( id [( longitude latitude )] … )
 *     LINKS ( id ( source target ) installed cost routing-cost setup-cost ( {module cost} ) … )
 *     DEMANDS ( id ( source target ) routing-unit value max-path-length … ) */
#include "core/import/sndlib.h"

#include "core/import/number.h"

#include <math.h>
#include <string.h>

struct sndlib {
    struct graph *graph;
    const char *text;
    size_t size, at;
    uint32_t line;
    char token[GRAPH_TEXT_MAX + 1]; /* "(" and ")" are tokens; "" at the end */
};

void sndlib_set_capacity(struct graph_edge *edge, double module)
{
    bool is_installed = edge->bits > 0;
    edge->bits = is_installed ? edge->bits : module > 0 ? module : (double)NAN;
}

/* ---- tokens ---- */

static bool sndlib_is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == ',';
}

/* Over blanks, and comments up to the end of their line. */
static void sndlib_skip(struct sndlib *own)
{
    bool is_comment = false;
    for (; own->at < own->size; own->at++) {
        char c = own->text[own->at];
        is_comment = c == '\n' ? false : is_comment || c == '#' || c == '?';
        own->line += c == '\n';
        if (!is_comment && !sndlib_is_blank(c))
            return;
    }
}

static bool sndlib_fail(struct sndlib *own, const char *wanted)
{
    return graph_fail(own->graph, PCE_INVALID, own->line, "", "%s is wanted, this is '%.40s'",
                      wanted, own->token[0] == '\0' ? "the end" : own->token);
}

/* The next token; false after a failure. */
static bool sndlib_next(struct sndlib *own)
{
    size_t size = 0;
    sndlib_skip(own);
    if (own->at < own->size && strchr("()", own->text[own->at]) != NULL &&
        own->text[own->at] != '\0') {
        own->token[size++] = own->text[own->at++];
        own->token[size] = '\0';
        return true;
    }
    for (; own->at < own->size; own->at++) {
        char c = own->text[own->at];
        if (sndlib_is_blank(c) || c == '(' || c == ')')
            break;
        if (c == '\0' || size == GRAPH_TEXT_MAX)
            return graph_fail(own->graph, PCE_INVALID, own->line, "",
                              "a word with a NUL, or of more than %d octets", GRAPH_TEXT_MAX);
        own->token[size++] = c;
    }
    own->token[size] = '\0';
    return true;
}

static bool sndlib_is(const struct sndlib *own, const char *token)
{
    return strcmp(own->token, token) == 0;
}

static bool sndlib_expect(struct sndlib *own, const char *token)
{
    return sndlib_next(own) && (sndlib_is(own, token) || sndlib_fail(own, token));
}

static bool sndlib_take_text(struct sndlib *own, uint32_t *text)
{
    if (!sndlib_next(own))
        return false;
    if (own->token[0] == '\0' || sndlib_is(own, "(") || sndlib_is(own, ")"))
        return sndlib_fail(own, "a name");
    return graph_add_text(own->graph, own->token, strlen(own->token), own->line, text);
}

static bool sndlib_take_number(struct sndlib *own, double *value)
{
    if (!sndlib_next(own))
        return false;
    return import_number(own->token, value) || sndlib_fail(own, "a number");
}

static bool sndlib_take_ends(struct sndlib *own, uint32_t *from, uint32_t *to)
{
    return sndlib_expect(own, "(") && sndlib_take_text(own, from) && sndlib_take_text(own, to) &&
           sndlib_expect(own, ")");
}

/* ---- entries; the current token is their id, and the one behind them afterwards ---- */

static bool sndlib_read_node(struct sndlib *own)
{
    struct graph_node node = {.line = own->line};
    uint32_t index;
    if (!graph_add_text(own->graph, own->token, strlen(own->token), own->line, &node.id) ||
        !sndlib_next(own))
        return false;
    node.has_place = sndlib_is(own, "(");
    if (node.has_place && !(sndlib_take_number(own, &node.x) && sndlib_take_number(own, &node.y) &&
                            sndlib_expect(own, ")") && sndlib_next(own)))
        return false;
    return graph_add_node(own->graph, &node, &index);
}

static bool sndlib_read_modules(struct sndlib *own, double *largest)
{
    if (!sndlib_next(own) || !(sndlib_is(own, "(") || sndlib_fail(own, "(")))
        return false;
    while (sndlib_next(own) && !sndlib_is(own, ")")) {
        double module, cost;
        if (!import_number(own->token, &module))
            return sndlib_fail(own, "a number or )");
        if (!sndlib_take_number(own, &cost))
            return false;
        *largest = fmax(*largest, module * SNDLIB_BITS);
    }
    return own->graph->status == PCE_OK && sndlib_next(own);
}

static bool sndlib_read_link(struct sndlib *own)
{
    struct graph_edge edge = graph_plain_edge(0, 0, own->line);
    double installed, cost, module = 0;
    if (!sndlib_take_ends(own, &edge.from, &edge.to) || !sndlib_take_number(own, &installed) ||
        !sndlib_take_number(own, &cost) || !sndlib_take_number(own, &cost) ||
        !sndlib_take_number(own, &cost) || !sndlib_read_modules(own, &module))
        return false;
    edge.bits = installed * SNDLIB_BITS;
    sndlib_set_capacity(&edge, module);
    return graph_add_edge(own->graph, &edge);
}

static bool sndlib_read_demand(struct sndlib *own)
{
    struct graph_demand demand = {.line = own->line};
    double unit, value;
    if (!sndlib_take_ends(own, &demand.from, &demand.to) || !sndlib_take_number(own, &unit) ||
        !sndlib_take_number(own, &value) || !sndlib_next(own) || !sndlib_next(own))
        return false; /* the longest path is a number or UNLIMITED, and not used */
    demand.bits = value * SNDLIB_BITS;
    return graph_add_demand(own->graph, &demand);
}

/* A section that is not used, up to its end: META, ADMISSIBLE_PATHS. */
static bool sndlib_skip_section(struct sndlib *own)
{
    for (uint32_t depth = 1; depth > 0;) {
        if (!sndlib_next(own))
            return false;
        if (own->token[0] == '\0')
            return sndlib_fail(own, ")");
        depth += sndlib_is(own, "(");
        depth -= sndlib_is(own, ")");
    }
    return true;
}

static bool sndlib_read_section(struct sndlib *own)
{
    bool (*read_entry)(struct sndlib *) = sndlib_is(own, "NODES")     ? sndlib_read_node
                                          : sndlib_is(own, "LINKS")   ? sndlib_read_link
                                          : sndlib_is(own, "DEMANDS") ? sndlib_read_demand
                                                                      : NULL;
    if (!sndlib_expect(own, "("))
        return false;
    if (read_entry == NULL)
        return sndlib_skip_section(own);
    if (!sndlib_next(own))
        return false;
    while (!sndlib_is(own, ")")) {
        if (own->token[0] == '\0' || sndlib_is(own, "("))
            return sndlib_fail(own, "an entry or )");
        if (!read_entry(own))
            return false;
    }
    return true;
}

bool graph_read_sndlib(struct graph *graph, const char *text, size_t size)
{
    struct sndlib own = {.graph = graph, .text = text, .size = size, .line = 1};
    graph->has_unsaid_directions = true;
    while (sndlib_next(&own) && own.token[0] != '\0') {
        if (!sndlib_read_section(&own))
            return false;
    }
    if (graph->status == PCE_OK && graph->nodes.count == 0)
        return graph_fail(graph, PCE_INVALID, own.line, "", "there are no nodes in it");
    return graph->status == PCE_OK;
}
