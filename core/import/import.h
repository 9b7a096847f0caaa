/* Import: networks in the formats of others, as snapshots (docs/TOPOLOGY-FILES.md has the rules).
 *
 * A reader (graphml.c, node_link.c, sndlib.c, sndlib_xml.c, repetita.c, frr.c) makes a graph of what
 * the text says (graph.h); what no network of routers has is taken out of it (fold.c), what is
 * missing is derived (derive.c), and a builder makes a snapshot of the rest (build.c). What was left
 * out or made up is counted, kind by kind.
 *
 * Thread: any. Owns: what is in struct import, until import_fini.
 * Bound: IMPORT_SIZE_MAX octets of text, the limits of ted.h, those of graph.h and of each reader. */
#ifndef PCED_CORE_IMPORT_IMPORT_H
#define PCED_CORE_IMPORT_IMPORT_H

#include "core/ted/array.h"
#include "core/ted/builder.h"

#include <stdbool.h>
#include <stddef.h>

#define IMPORT_SIZE_MAX ((size_t)128 << 20)

#define IMPORT_FORMATS(FORMAT)                                                                     \
    FORMAT(IMPORT_GRAPHML, "graphml")                                                              \
    FORMAT(IMPORT_NODE_LINK, "node-link")                                                          \
    FORMAT(IMPORT_SNDLIB, "sndlib")                                                                \
    FORMAT(IMPORT_SNDLIB_XML, "sndlib-xml")                                                        \
    FORMAT(IMPORT_REPETITA, "repetita")                                                            \
    FORMAT(IMPORT_FRR, "frr")

#define IMPORT_FORMAT_MEMBER(name, text) name,
enum import_format { IMPORT_FORMATS(IMPORT_FORMAT_MEMBER) IMPORT_FORMAT_COUNT };
#undef IMPORT_FORMAT_MEMBER

/* What is told of an import, with a count each. */
#define IMPORT_NOTES(NOTE)                                                                         \
    NOTE(IMPORT_EXTERNAL_NODES, "external nodes are left out, with their links")                   \
    NOTE(IMPORT_EXTERNAL_KEPT, "external nodes are kept as routers")                               \
    NOTE(IMPORT_HYPEREDGES, "nodes that stand for a link of many ends became links between these") \
    NOTE(IMPORT_WIDE_HYPEREDGES, "of them have too many ends: they stay as routers")               \
    NOTE(IMPORT_LOOPS, "links from a node to itself are left out")                                 \
    NOTE(IMPORT_PARALLEL_LINKS, "links lie beside another one between the same nodes")             \
    NOTE(IMPORT_ONE_WAY_LINKS, "links have one direction")                                         \
    NOTE(IMPORT_UNNAMED_NODES, "nodes without a name are called by their ids")                     \
    NOTE(IMPORT_TWIN_NAMES, "nodes with the name of another one have their id behind it")          \
    NOTE(IMPORT_SHORTENED_NAMES, "names are cut or have characters replaced")                      \
    NOTE(IMPORT_PLANE, "nodes have coordinates that are no degrees: they have no position")        \
    NOTE(IMPORT_UNPLACED_NODES, "nodes have no coordinates")                                       \
    NOTE(IMPORT_LENGTHS_ASSUMED, "links of unknown length are taken for 100 km")                   \
    NOTE(IMPORT_CAPACITIES_ASSUMED, "links of unknown capacity have the default one")              \
    NOTE(IMPORT_VALUES_BENT, "values were outside their range and are the nearest one in it")      \
    NOTE(IMPORT_UNRESERVED_BENT, "links had more unreserved than reservable at some priority")     \
    NOTE(IMPORT_FAMILIES_JOINED, "links of IPv4 alone and of IPv6 alone became one link")          \
    NOTE(IMPORT_SIDS_LEFT_OUT, "SIDs could not be taken: an absolute one, one of another node")    \
    NOTE(IMPORT_ADDRESSES_LEFT_OUT, "addresses could not be taken: they are another node's")       \
    NOTE(IMPORT_NODES_WITHOUT_ID, "nodes have no router id and no name: they are left out")        \
    NOTE(IMPORT_LINKS_WITHOUT_END, "links lead to a node that is not there: they are left out")    \
    NOTE(IMPORT_SELF_DEMANDS, "demands of a node for itself are left out")                         \
    NOTE(IMPORT_LOST_DEMANDS, "demands are of nodes that were left out")

#define IMPORT_NOTE_MEMBER(name, text) name,
enum import_note { IMPORT_NOTES(IMPORT_NOTE_MEMBER) IMPORT_NOTE_COUNT };
#undef IMPORT_NOTE_MEMBER

struct import_options {
    bool is_forced; /* the format is the given one, whatever the text looks like */
    enum import_format format;
    bool keeps_external;
    double capacity; /* bits per second, of links that do not say */
    /* A file of demands that belongs to the graph (Repetita); NULL: none. */
    const char *demands;
    size_t demands_size;
};

/* What a node wants to send to another one. */
struct import_demand {
    uint32_t from, to; /* nodes of the snapshot */
    double bits;       /* per second */
};

struct import {
    enum import_format format;
    struct ted_snapshot *snapshot;
    struct ted_array demands; /* struct import_demand */
    uint64_t notes[IMPORT_NOTE_COUNT];
};

/* On any failure there is nothing to release, and the fault says what and where. A fault of the
 * file of demands has `demands` as its element. */
PCE_MUST_CHECK enum pce_status import_read(const char *text, size_t size,
                                           const struct import_options *options,
                                           struct import *import, struct ted_fault *fault);
void import_fini(struct import *import);

/* IMPORT_FORMAT_COUNT: it looks like none. */
enum import_format import_recognise(const char *text, size_t size);
const char *import_format_text(enum import_format format);
/* False: there is no such format. */
bool import_format_parse(const char *text, enum import_format *format);
const char *import_note_text(enum import_note note);

#endif
