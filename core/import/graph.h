/* Graph: nodes, edges and demands as a file of somebody else has them, before anything is left out
 * or derived.
 *
 * A reader adds nodes, edges by the ids of their nodes, and demands. Edges may come before their
 * nodes: they are resolved at the end, by graph_resolve.
 *
 * Thread: one. Owns: all that is in it, until graph_fini.
 * Bound: TED_NODES_MAX nodes, GRAPH_EDGES_MAX edges and demands, GRAPH_TEXT_MAX octets of a text. */
#ifndef PCED_CORE_IMPORT_GRAPH_H
#define PCED_CORE_IMPORT_GRAPH_H

#include "core/import/import.h"
#include "core/ted/array.h"
#include "core/ted/slots.h"

#define GRAPH_EDGES_MAX (TED_LINKS_MAX / 2)
#define GRAPH_TEXT_MAX  1024

struct graph_node {
    uint32_t id, label; /* texts */
    uint32_t line;
    bool has_place;
    bool is_external;
    bool is_hyperedge;
    bool is_gone;
    double x, y;     /* east and north, of any unit */
    uint32_t number; /* in the snapshot; TED_NONE: it is not there */
    /* What routers tell of themselves. */
    struct ip router_id_v4, router_id_v6;
    struct ted_srgb srgb; /* size 0: none */
    uint8_t msd;
};

/* NAN in a number: the file does not say. */
struct graph_edge {
    uint32_t from, to; /* texts, until graph_resolve makes them nodes */
    uint32_t line;
    uint32_t told; /* index of `told`; TED_NONE */
    bool is_directed;
    bool is_gone;
    double km, bits, delay_us, metric;
};

#define GRAPH_SIDS_MAX  8
#define GRAPH_SRLGS_MAX 32

/* What routers tell of a link's direction beside that. */
struct graph_told {
    double te_metric, reservable;      /* bits per second */
    double unreserved[TED_PRIORITIES]; /* bits per second */
    uint32_t admin_group;
    struct ip local_v4, remote_v4, local_v6, remote_v6;
    struct ted_adj_sid sids[GRAPH_SIDS_MAX];
    uint32_t sid_count;
    uint32_t srlgs[GRAPH_SRLGS_MAX];
    uint32_t srlg_count;
};

struct graph_demand {
    uint32_t from, to; /* texts */
    uint32_t line;
    double bits; /* per second */
};

struct graph_sid {
    uint32_t node;
    struct ted_prefix_sid sid;
};

struct graph_address {
    uint32_t node;
    struct ip address;
};

struct graph {
    char name[TED_NAME_SIZE_MAX + 1];
    struct ted_array nodes;
    struct ted_array edges;
    struct ted_array demands;
    struct ted_array told;
    struct ted_array sids;      /* of nodes, in the order of the file */
    struct ted_array addresses; /* of nodes, likewise */
    struct ted_array texts;     /* char; text 0 is "" */
    struct slots ids;
    bool is_plane; /* x and y are no degrees, whatever they look like */
    /* The format does not say whether edges have directions: they have when one leads back. */
    bool has_unsaid_directions;
    bool is_told; /* by routers: nothing of it is made up */
    uint64_t *notes;
    struct ted_fault *fault;
    enum pce_status status; /* of the first failure */
};

/* PCE_NO_MEMORY: call graph_fini all the same. */
PCE_MUST_CHECK enum pce_status graph_init(struct graph *graph, uint64_t *notes,
                                          struct ted_fault *fault);
void graph_fini(struct graph *graph);

/* Records the first failure; false. */
bool graph_fail(struct graph *graph, enum pce_status status, uint32_t line, const char *element,
                const char *reason, ...) __attribute__((format(printf, 5, 6)));
bool graph_fail_memory(struct graph *graph);

/* *text is the number of a copy. False: it is longer than GRAPH_TEXT_MAX, or no memory. */
bool graph_add_text(struct graph *graph, const char *octets, size_t size, uint32_t line,
                    uint32_t *text);
const char *graph_text(const struct graph *graph, uint32_t text);

/* Each false after a failure, which is recorded. node->id must be set; two of the same are
 * refused. */
bool graph_add_node(struct graph *graph, const struct graph_node *node, uint32_t *index);
bool graph_add_edge(struct graph *graph, const struct graph_edge *edge);
bool graph_add_demand(struct graph *graph, const struct graph_demand *demand);
/* Room and a place for what a router tells of the edge that comes next. */
struct graph_told *graph_add_told(struct graph *graph, uint32_t *index);

/* TED_NONE: there is none. */
uint32_t graph_find_node(const struct graph *graph, const char *id);
struct graph_node *graph_node_at(const struct graph *graph, uint32_t index);
struct graph_edge *graph_edge_at(const struct graph *graph, uint32_t index);

/* An edge of which nothing is said but its ends. */
struct graph_edge graph_plain_edge(uint32_t from, uint32_t to, uint32_t line);

/* Texts of edges' ends become nodes; an end that is not there is a failure, with its line. */
bool graph_resolve(struct graph *graph);

/* The readers: each fills the graph of a text that is its format. */
typedef bool graph_read_fn(struct graph *graph, const char *text, size_t size);
graph_read_fn graph_read_graphml;
graph_read_fn graph_read_node_link;
graph_read_fn graph_read_sndlib;
graph_read_fn graph_read_sndlib_xml;
graph_read_fn graph_read_repetita;
graph_read_fn graph_read_frr;
/* The demands of Repetita, by the places of a graph's nodes. */
graph_read_fn graph_read_repetita_demands;

/* Takes out what no network of routers has (fold.c). */
bool graph_fold(struct graph *graph, const struct import_options *options);
/* Fills in what the edges do not say, and tells which nodes have a position (derive.c). */
bool graph_derive(struct graph *graph, const struct import_options *options);
/* Makes the snapshot and the demands of what is left (build.c). */
bool graph_build(struct graph *graph, struct import *import);

#endif
