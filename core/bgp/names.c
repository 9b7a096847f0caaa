#include "core/bgp/names.h"

#include "core/bgp/layout.h"

#include <stddef.h>

#define BGP_NAMES(table, style, ...) static const struct wire_name rows_##table[] = {__VA_ARGS__};
#define BGP_NAMES_ABOVE(table, first, text, ...)                                                   \
    static const struct wire_name rows_##table[] = {__VA_ARGS__};
#define BGP_STYLE(style)
#define BGP_LIST(table, layout)
#include "core/bgp/names.def"
#undef BGP_NAMES
#undef BGP_NAMES_ABOVE
#undef BGP_STYLE
#undef BGP_LIST

#define BGP_NAMES(table, style_, ...)                                                              \
    const struct wire_names bgp_names_##table = {                                                  \
        .style = WIRE_STYLE_##style_,                                                              \
        .count = sizeof rows_##table / sizeof rows_##table[0],                                     \
        .rows = rows_##table,                                                                      \
    };
#define BGP_NAMES_ABOVE(table, first, text_, ...)                                                  \
    const struct wire_names bgp_names_##table = {                                                  \
        .style = WIRE_STYLE_VALUES,                                                                \
        .count = sizeof rows_##table / sizeof rows_##table[0],                                     \
        .rows = rows_##table,                                                                      \
        .above = {(first), (text_)},                                                               \
    };
#define BGP_STYLE(style_)                                                                          \
    const struct wire_names bgp_names_##style_ = {.style = WIRE_STYLE_##style_};
#define BGP_LIST(table, layout)                                                                    \
    const struct wire_names bgp_names_##table = {                                                  \
        .style = WIRE_STYLE_LIST,                                                                  \
        .element = &bgp_layout_##layout,                                                           \
    };
#include "core/bgp/names.def"
#undef BGP_NAMES
#undef BGP_NAMES_ABOVE
#undef BGP_STYLE
#undef BGP_LIST
