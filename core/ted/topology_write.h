/* Topology writer: a snapshot as the text that the reader makes it of again (docs/TOPOLOGY.md), and
 * as JSON of the same shape.
 *
 * Writer and reader have the tables of keys in common: a scalar is written as its row's read
 * function takes it, and what is more than a scalar has a row in topology_forms.c. A key whose value
 * is the one that the reader assumes is not written.
 *
 * What a file may not have and routers tell all the same (a bandwidth above every link's, more
 * unreserved than reservable) is written as the nearest value that is allowed, and counted.
 *
 * Thread: any. Owns: its text and scratch, until topo_writer_destroy.
 * Bound: memory; nodes and links are written one by one, so that a caller takes the text between
 * them. */
#ifndef PCED_CORE_TED_TOPOLOGY_WRITE_H
#define PCED_CORE_TED_TOPOLOGY_WRITE_H

#include "core/base/status.h"
#include "core/ted/ted.h"
#include "core/ted/topology_text.h"

struct topo_writer {
    const struct ted_snapshot *snapshot;
    struct topo_text text;
    uint64_t bent; /* values that a file may not have, written as others */
    struct topo_scratch *scratch;
    bool has_flexes; /* some node defines a flexible algorithm */
};

/* PCE_NO_MEMORY: there is nothing to destroy. The snapshot must outlive the writer. */
PCE_MUST_CHECK enum pce_status topo_writer_init(struct topo_writer *writer,
                                                const struct ted_snapshot *snapshot,
                                                enum topology_form form);
void topo_writer_fini(struct topo_writer *writer);

/* Whether nothing is written for the link itself: it is gone, or its other direction comes before
 * it, and is written with both. */
bool topo_is_second(const struct ted_snapshot *snapshot, uint32_t link);

/* Each adds one mapping in one line to writer->text; text.has_failed tells of memory. */
void topo_write_node(struct topo_writer *writer, uint32_t node);
/* With its other direction. */
void topo_write_link(struct topo_writer *writer, uint32_t link);

/* Takes a part of the text; false ends the writing. */
typedef bool topo_put_fn(void *context, const char *octets, size_t size);

/* The whole network. PCE_NO_MEMORY; PCE_INVALID when put has ended it. bent: as in the writer. */
PCE_MUST_CHECK enum pce_status topology_write(const struct ted_snapshot *snapshot,
                                              enum topology_form form, topo_put_fn *put,
                                              void *context, uint64_t *bent);

/* What the values of one thing are, key by key, for who compares them. key: as in the file;
 * value: in the file's words. */
typedef void topo_visit_fn(void *context, const char *key, const char *value);

/* Every key of a node but its name, and of a directed link but its ends' names, whose value is not
 * the one that the reader assumes. */
void topo_visit_node(struct topo_writer *writer, uint32_t node, topo_visit_fn *visit,
                     void *context);
void topo_visit_link(struct topo_writer *writer, uint32_t link, topo_visit_fn *visit,
                     void *context);

#endif
