/* The inside of the RIB, for the files of this folder.
 *
 * Thread, Owns, Bound: as rib.h says. */
#ifndef PCED_CORE_TED_RIB_IMPL_H
#define PCED_CORE_TED_RIB_IMPL_H

#include "core/base/list.h"
#include "core/base/map.h"
#include "core/ted/array.h"
#include "core/ted/rib.h"
#include "core/ted/rib_record.h"
#include "core/ted/slots.h"

/* Names are numbered: each entry has the numbers of the nodes at its ends. A number is kept as long
 * as an entry has it, and given again afterwards. */
struct rib_named {
    struct rib_name name;
    uint32_t number;
    uint32_t users; /* 0: the number is free */
    uint32_t next_free;
    struct map_node by_name;
    struct list_link entries[RIB_KIND_COUNT]; /* whose node has the name; links: from it */
};

struct rib_source {
    struct list_link entries; /* in the order in which they were told: stale ones are in front */
    struct rib_counts counts;
    char name[64];
    uint32_t rank;
    uint32_t epoch; /* entries of other ones are stale */
    bool is_used;
    bool is_complement;
};

/* One object of a source. */
struct rib_entry {
    struct map_node by_key;
    struct list_link in_source;
    struct list_link of_name; /* beside others of its kind and node */
    uint64_t key[2];          /* hashes of kind, source and the source's key */
    struct ip prefix;         /* of a prefix */
    uint8_t bits;             /* of it */
    uint8_t kind;
    uint8_t source;
    uint32_t epoch;
    uint32_t part;
    uint32_t node;   /* number of the name */
    uint32_t remote; /* of a link; TED_NONE */
    uint32_t size;   /* of the record */
    _Alignas(8) uint8_t record[];
};

/* What has changed since the network was last made. */
enum rib_mark_kind {
    RIB_MARK_LINK,   /* a link between two names */
    RIB_MARK_NODE,   /* what the node of a name has */
    RIB_MARK_TELLER, /* perhaps who tells what it has: its links, too */
};

/* A name stays what it is as long as a mark has its number. */
struct rib_mark {
    enum rib_mark_kind kind;
    uint32_t from, to; /* numbers of names; to: of a link, else TED_NONE */
    int8_t step;       /* of a link: 1 it came, -1 it went, 0 neither */
    bool is_complement;
};

struct merge;

struct rib {
    rib_watch_fn *watch; /* NULL: nobody */
    void *watch_context;
    struct rib_limits limits;
    struct rib_counts counts;
    uint64_t generation;
    struct rib_source sources[RIB_SOURCES_MAX];
    struct map by_key;
    struct map by_name;
    struct rib_named **named; /* by number */
    uint32_t named_count, named_capacity;
    uint32_t first_free; /* TED_NONE: none */
    /* What the last merge has found out, for those of changes (rib_follow.c); NULL: nothing. */
    struct merge *base;
    uint64_t base_serial;   /* of the snapshot that it is of, and of those patched since */
    struct ted_array marks; /* struct rib_mark */
    bool is_whole_due;      /* more has changed than marks can say */
    bool is_base_torn; /* what the base read of nodes may be gone until the marks are followed */
};

/* ---- what has changed (rib_marks.c) ---- */

/* Something is told that another network may come of. NULL: there was, or is, nothing; both are among
 * the entries of their names. The same one twice: it is fresh again. */
void rib_note_change(struct rib *rib, const struct rib_entry *before,
                     const struct rib_entry *after);
/* All that was marked is done. */
void rib_drop_marks(struct rib *rib);
#define RIB_MARKS_MAX 8192 /* more are no little change */

/* Whether the source has told one under this key since it was last complete (rib.c). */
bool rib_has_fresh(struct rib *rib, uint32_t source, enum rib_kind kind, const struct rib_key *key);

/* ---- names (rib_names.c) ---- */

/* The number of a name, with one more user; TED_NONE: memory ran out. */
uint32_t rib_names_take(struct rib *rib, const struct rib_name *name);
/* TED_NONE: no entry has it. */
uint32_t rib_names_find(struct rib *rib, const struct rib_name *name);
/* One more user of a name that has some. */
void rib_names_use(struct rib *rib, uint32_t number);
void rib_names_leave(struct rib *rib, uint32_t number);
void rib_names_fini(struct rib *rib);

static inline bool rib_entry_is_stale(const struct rib *rib, const struct rib_entry *entry)
{
    return rib->sources[entry->source].epoch != entry->epoch;
}

#endif
