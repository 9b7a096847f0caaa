/* Names of PCEP: how the values of its fields are shown (names.def).
 *
 * Thread: any; everything is constant. Owns: nothing. */
#ifndef PCED_CORE_PCEP_NAMES_H
#define PCED_CORE_PCEP_NAMES_H

#include "core/wire/names.h"

/* Styles of PCEP alone. */
enum pcep_style {
    /* By the kind of the object that carries the subobject: */
    PCEP_STYLE_SUB_FLAGS = WIRE_STYLE_OWN, /* flags in an RRO, attribute in an XRO, else reserved */
    PCEP_STYLE_SUB_RRO_FLAGS,              /* flags in an RRO, else reserved */
    PCEP_STYLE_SUB_ATTRIBUTE,              /* attribute in an XRO, else reserved */
    PCEP_STYLE_ALGORITHM, /* of a segment: shown when its A flag is set, or it is not zero */
    PCEP_STYLE_SR_SID,    /* its parts are shown where its flags say that it has them */
};

#define PCEP_NAMES(table, style, ...)             extern const struct wire_names pcep_names_##table;
#define PCEP_NAMES_ABOVE(table, first, text, ...) extern const struct wire_names pcep_names_##table;
#define PCEP_STYLE(style)                         extern const struct wire_names pcep_names_##style;
#define PCEP_OWN_STYLE(style)                     extern const struct wire_names pcep_names_##style;
#define PCEP_LIST(table, layout)                  extern const struct wire_names pcep_names_##table;
#include "core/pcep/names.def"
#undef PCEP_NAMES
#undef PCEP_NAMES_ABOVE
#undef PCEP_STYLE
#undef PCEP_OWN_STYLE
#undef PCEP_LIST

#endif
