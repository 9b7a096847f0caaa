#include "core/pcep/names.h"

#include "core/pcep/layout.h"

#include <stddef.h>

#define PCEP_NAMES(table, style, ...) static const struct pcep_name rows_##table[] = {__VA_ARGS__};
#define PCEP_NAMES_ABOVE(table, first, text, ...)                                                  \
    static const struct pcep_name rows_##table[] = {__VA_ARGS__};
#define PCEP_STYLE(style)
#define PCEP_LIST(table, layout)
#include "core/pcep/names.def"
#undef PCEP_NAMES
#undef PCEP_NAMES_ABOVE
#undef PCEP_STYLE
#undef PCEP_LIST

#define PCEP_NAMES(table, style_, ...)                                                             \
    const struct pcep_names pcep_names_##table = {                                                 \
        .style = PCEP_STYLE_##style_,                                                              \
        .count = sizeof rows_##table / sizeof rows_##table[0],                                     \
        .rows = rows_##table,                                                                      \
    };
#define PCEP_NAMES_ABOVE(table, first, text_, ...)                                                 \
    const struct pcep_names pcep_names_##table = {                                                 \
        .style = PCEP_STYLE_VALUES,                                                                \
        .count = sizeof rows_##table / sizeof rows_##table[0],                                     \
        .rows = rows_##table,                                                                      \
        .above = {(first), (text_)},                                                               \
    };
#define PCEP_STYLE(style_)                                                                         \
    const struct pcep_names pcep_names_##style_ = {.style = PCEP_STYLE_##style_};
#define PCEP_LIST(table, layout)                                                                   \
    const struct pcep_names pcep_names_##table = {                                                 \
        .style = PCEP_STYLE_LIST,                                                                  \
        .element = &pcep_layout_##layout,                                                          \
    };
#include "core/pcep/names.def"
#undef PCEP_NAMES
#undef PCEP_NAMES_ABOVE
#undef PCEP_STYLE
#undef PCEP_LIST

const char *pcep_names_find(const struct pcep_names *names, uint64_t value)
{
    for (uint32_t i = 0; i < names->count; i++) {
        if (names->rows[i].value == value)
            return names->rows[i].text;
    }
    return value >= names->above.value ? names->above.text : NULL;
}
