/* Names of BGP: how the values of its fields are shown (names.def).
 *
 * Thread: any; everything is constant. Owns: nothing. */
#ifndef PCED_CORE_BGP_NAMES_H
#define PCED_CORE_BGP_NAMES_H

#include "core/wire/names.h"

#define BGP_NAMES(table, style, ...)             extern const struct wire_names bgp_names_##table;
#define BGP_NAMES_ABOVE(table, first, text, ...) extern const struct wire_names bgp_names_##table;
#define BGP_STYLE(style)                         extern const struct wire_names bgp_names_##style;
#define BGP_LIST(table, layout)                  extern const struct wire_names bgp_names_##table;
#include "core/bgp/names.def"
#undef BGP_NAMES
#undef BGP_NAMES_ABOVE
#undef BGP_STYLE
#undef BGP_LIST

#endif
