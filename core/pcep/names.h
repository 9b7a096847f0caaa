/* Names: how a field's value is shown, for the printer and JSON.
 *
 * Thread: any; everything is constant. Owns: nothing. */
#ifndef PCED_CORE_PCEP_NAMES_H
#define PCED_CORE_PCEP_NAMES_H

#include <stdint.h>

enum pcep_names_style {
    PCEP_STYLE_PLAIN,
    PCEP_STYLE_HEX,
    PCEP_STYLE_RESERVED, /* shown when it is not zero */
    PCEP_STYLE_OPTIONAL, /* the same, but not a mistake of the sender */
    PCEP_STYLE_ADDRESS,  /* octets that are an address when their count says so */
    /* By the kind of the object that carries the subobject: */
    PCEP_STYLE_SUB_FLAGS,     /* flags in an RRO, attribute in an XRO, else reserved */
    PCEP_STYLE_SUB_RRO_FLAGS, /* flags in an RRO, else reserved */
    PCEP_STYLE_SUB_ATTRIBUTE, /* attribute in an XRO, else reserved */
    PCEP_STYLE_ALGORITHM,     /* of a segment: shown when its A flag is set, or it is not zero */
    PCEP_STYLE_SR_SID,        /* its parts are shown where its flags say that it has them */
    PCEP_STYLE_LIST,          /* bodies of a layout */
    PCEP_STYLE_FLAGS,
    PCEP_STYLE_VALUES,
};

struct pcep_name {
    uint64_t value; /* a mask in a table of flags */
    const char *text;
};

struct pcep_layout;

struct pcep_names {
    enum pcep_names_style style;
    uint32_t count;
    const struct pcep_name *rows;
    struct pcep_name above;            /* values from there on have this text; NULL: none have */
    const struct pcep_layout *element; /* of a list */
};

#define PCEP_NAMES(table, style, ...)             extern const struct pcep_names pcep_names_##table;
#define PCEP_NAMES_ABOVE(table, first, text, ...) extern const struct pcep_names pcep_names_##table;
#define PCEP_STYLE(style)                         extern const struct pcep_names pcep_names_##style;
#define PCEP_LIST(table, layout)                  extern const struct pcep_names pcep_names_##table;
#include "core/pcep/names.def"
#undef PCEP_NAMES
#undef PCEP_NAMES_ABOVE
#undef PCEP_STYLE
#undef PCEP_LIST

/* The text of a value; NULL when the table has none. */
const char *pcep_names_find(const struct pcep_names *names, uint64_t value);

#endif
