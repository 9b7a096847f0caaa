#include "core/pcep/names.h"

#include "core/pcep/layout.h"

#include <stddef.h>

#define PCEP_NAMES(table, style, ...) static const struct wire_name rows_##table[] = {__VA_ARGS__};
#define PCEP_NAMES_ABOVE(table, first, text, ...)                                                  \
    static const struct wire_name rows_##table[] = {__VA_ARGS__};
#define PCEP_STYLE(style)
#define PCEP_OWN_STYLE(style)
#define PCEP_LIST(table, layout)
#include "core/pcep/names.def"
#undef PCEP_NAMES
#undef PCEP_NAMES_ABOVE
#undef PCEP_STYLE
#undef PCEP_OWN_STYLE
#undef PCEP_LIST

#define PCEP_NAMES(table, style_, ...)                                                             \
    const struct wire_names pcep_names_##table = {                                                 \
        .style = WIRE_STYLE_##style_,                                                              \
        .count = sizeof rows_##table / sizeof rows_##table[0],                                     \
        .rows = rows_##table,                                                                      \
    };
#define PCEP_NAMES_ABOVE(table, first, text_, ...)                                                 \
    const struct wire_names pcep_names_##table = {                                                 \
        .style = WIRE_STYLE_VALUES,                                                                \
        .count = sizeof rows_##table / sizeof rows_##table[0],                                     \
        .rows = rows_##table,                                                                      \
        .above = {(first), (text_)},                                                               \
    };
#define PCEP_STYLE(style_)                                                                         \
    const struct wire_names pcep_names_##style_ = {.style = WIRE_STYLE_##style_};
#define PCEP_OWN_STYLE(style_)                                                                     \
    const struct wire_names pcep_names_##style_ = {.style = PCEP_STYLE_##style_};
#define PCEP_LIST(table, layout)                                                                   \
    const struct wire_names pcep_names_##table = {                                                 \
        .style = WIRE_STYLE_LIST,                                                                  \
        .element = &pcep_layout_##layout,                                                          \
    };
#include "core/pcep/names.def"
#undef PCEP_NAMES
#undef PCEP_NAMES_ABOVE
#undef PCEP_STYLE
#undef PCEP_OWN_STYLE
#undef PCEP_LIST
