/* Topology reader: walks YAML events by tables of keys and says where it stands when something is
 * wrong.
 *
 * Every mapping of the file has one table with a row for each key: how its value is read, where it
 * goes and its range. The depth of the walk is that of the tables, not of the input: a value of
 * another shape than its row asks for ends the reading at once, and so do anchors, aliases and
 * tags, so that no input unfolds into more than its own size.
 *
 * Read functions find the current event at the first one of their value and leave it at the last
 * one. They give false after the first fault, which is in reader.fault and reader.status then.
 *
 * Thread: the caller's. Owns: the parser's state, until topo_fini.
 * Bound: TOPO_DEPTH_MAX, TOPO_ROWS_MAX. */
#ifndef PCED_CORE_TED_TOPOLOGY_READER_H
#define PCED_CORE_TED_TOPOLOGY_READER_H

#include "core/ted/builder.h"

#include <yaml.h>

#define TOPO_DEPTH_MAX  8  /* keys from the root to a value */
#define TOPO_ROWS_MAX   32 /* keys of a mapping */
#define TOPO_QUOTE_SIZE 48 /* how much of the input a reason quotes */

struct topo_mark {
    uint32_t line; /* from 1; 0: not there */
    uint32_t column;
};

/* A step on the way from the root: a key, and the item of its list. */
struct topo_frame {
    const char *key;
    uint32_t index; /* TED_NONE: no list */
};

struct topo_reader {
    yaml_parser_t parser;
    yaml_event_t event; /* the current one */
    bool has_event;
    const char *text; /* the whole input */
    size_t size;
    struct topo_frame frames[TOPO_DEPTH_MAX];
    uint32_t depth;
    const char
        *subjects[2]; /* names of the node, or of the link's ends; NULL or "" when not known */
    char quote[TOPO_QUOTE_SIZE];
    enum pce_status status;
    struct ted_fault *fault;
};

struct topo_row;
/* Reads a value into field, as the row says. */
typedef bool topo_read_fn(struct topo_reader *r, const struct topo_row *row, void *field);

struct topo_row {
    const char *key;
    topo_read_fn *read;
    size_t offset; /* of the field in what the table fills */
    uint64_t min;  /* range, for those read functions that look at it */
    uint64_t max;
    bool is_mandatory;
};

struct topo_table {
    const char *name; /* as docs/TOPOLOGY.md has it */
    const struct topo_row *rows;
    uint32_t row_count;
};

struct topo_list {
    void *items;
    uint32_t item_size;
    uint32_t count_max;
    uint32_t *count; /* grows */
    topo_read_fn *read_item;
};

/* PCE_OK or PCE_NO_MEMORY. The text must outlive the reader. */
PCE_MUST_CHECK enum pce_status topo_init(struct topo_reader *r, const char *text, size_t size,
                                         struct ted_fault *fault);
void topo_fini(struct topo_reader *r);

/* Steps to the next event. */
bool topo_next(struct topo_reader *r);

/* Reads a mapping into target. marks has room for TOPO_ROWS_MAX and tells afterwards, row by row,
 * where each key stood. */
bool topo_read_mapping(struct topo_reader *r, const struct topo_table *table, void *target,
                       struct topo_mark *marks);
/* The same of the one document that the text must be. */
bool topo_read_document(struct topo_reader *r, const struct topo_table *table, void *target,
                        struct topo_mark *marks);
/* Reads a list, item by item; *list.count is the number of items that were read. */
bool topo_read_list(struct topo_reader *r, const struct topo_row *row, struct topo_list list);

/* The text of the scalar that the current event must be, NUL-terminated and without NUL inside;
 * NULL after a fault. */
const char *topo_scalar(struct topo_reader *r);

/* A part of the current scalar that can be shown: printable, bounded. */
const char *topo_quote(struct topo_reader *r);

struct topo_mark topo_here(const struct topo_reader *r);

/* Each gives false, so that a caller may return it. The element is the way to the current value. */
bool topo_fail(struct topo_reader *r, const char *reason, ...)
    __attribute__((format(printf, 2, 3)));
/* At another place, and for a part of the current element ("" for the element itself). */
bool topo_fail_at(struct topo_reader *r, struct topo_mark mark, const char *part,
                  const char *reason, ...) __attribute__((format(printf, 4, 5)));
/* Makes the builder's fault (in *r->fault) one of the current element. marks are those of the
 * mapping that the table filled; a key that was not given is reported at otherwise. */
bool topo_fail_builder(struct topo_reader *r, enum pce_status status,
                       const struct topo_table *table, const struct topo_mark *marks,
                       struct topo_mark otherwise);

#endif
