/* Grammar tables: which objects a message has, in which order, and what it means when one is
 * missing (the RBNF of the RFCs as rows).
 *
 * A row is an object, or the begin or the end of a group. Receiving asks of the rows which objects
 * may stand in a section and which must; sending follows them in order (grammar_send.h).
 *
 * Thread: any; everything is constant. Owns: nothing. */
#ifndef PCED_CORE_PCEP_GRAMMAR_TABLE_H
#define PCED_CORE_PCEP_GRAMMAR_TABLE_H

#include "core/pcep/codec.h"
#include "core/pcep/error.h"

/* Objects by class: a bit for each. */
typedef uint64_t class_set;

enum grammar_kind {
    GRAMMAR_OBJECT,
    GRAMMAR_BEGIN,   /* of a group */
    GRAMMAR_SECTION, /* of a group that is one request, response or LSP */
    GRAMMAR_END,
};

enum grammar_occurs {
    GRAMMAR_ONCE,
    GRAMMAR_OPTIONAL,
    GRAMMAR_MANY, /* or none */
    GRAMMAR_SOME, /* one or more */
};

/* A run of objects: a section, or as much of it as has been seen. */
struct grammar_run {
    const struct pcep_message *message;
    const struct pcep_object *first;
    const struct pcep_object *end;
};

/* Whether what is required is required in this section. */
typedef bool grammar_need(const struct grammar_run *run);

struct grammar_row {
    uint8_t kind;   /* enum grammar_kind */
    uint8_t occurs; /* enum grammar_occurs */
    uint16_t error; /* enum pcep_error_code, when it is missing; NONE: the RFCs have none for it */
    class_set classes;       /* the object; a group is entered at one of these … */
    class_set skipped;       /* … when only these stand in front of it */
    const char *missing;     /* said when a required one is not there */
    grammar_need *is_needed; /* NULL: always, where `occurs` says so */
};

struct grammar {
    const struct grammar_row *rows;
    uint32_t count;
};

#define GRAMMAR_DEMANDS_MAX 8

/* The rows that something is missing for. */
struct grammar_demands {
    const struct grammar_row *rows[GRAMMAR_DEMANDS_MAX];
    uint32_t count;
};

/* The grammar of a message type; no rows for one that is unknown or has no objects. */
struct grammar grammar_of(unsigned type);
/* The row behind the END that belongs to a BEGIN or SECTION; *classes gets those of all objects
 * between the two. */
uint32_t grammar_behind(const struct grammar *grammar, uint32_t begin, class_set *classes);
/* The index of the SECTION row; `count` when there is none. */
uint32_t grammar_section(const struct grammar *grammar);
/* The classes of all objects from one row to another. */
class_set grammar_classes(const struct grammar *grammar, uint32_t from, uint32_t to);

static inline bool grammar_is_required(const struct grammar_row *row)
{
    return row->occurs == GRAMMAR_ONCE || row->occurs == GRAMMAR_SOME;
}

static inline bool grammar_repeats(const struct grammar_row *row)
{
    return row->occurs == GRAMMAR_MANY || row->occurs == GRAMMAR_SOME;
}

static inline bool grammar_has_class(class_set set, const struct pcep_object *object)
{
    return object->class_ < 64 && (set >> object->class_ & 1) != 0;
}

/* Those of the rows from one to another, GRAMMAR_DEMANDS_MAX at the most. */
struct grammar_demands grammar_demands(const struct grammar *grammar, uint32_t from, uint32_t to);
/* The classes of the objects of a run that are known, or that have a fault of their own. */
class_set grammar_present(const struct grammar_run *run);
/* The first object of a row in a run; NULL when there is none. */
const struct pcep_object *grammar_find(const struct grammar_run *run, enum pcep_object_id id);

#endif
