#include "core/pcep/names.h"

#include <stddef.h>

#define PCEP_NAMES(table, style, ...) static const struct pcep_name rows_##table[] = {__VA_ARGS__};
#define PCEP_STYLE(style)
#include "core/pcep/names.def"
#undef PCEP_NAMES
#undef PCEP_STYLE

#define PCEP_NAMES(table, style_, ...)                                                             \
    const struct pcep_names pcep_names_##table = {                                                 \
        .style = PCEP_STYLE_##style_,                                                              \
        .count = sizeof rows_##table / sizeof rows_##table[0],                                     \
        .rows = rows_##table,                                                                      \
    };
#define PCEP_STYLE(style_)                                                                         \
    const struct pcep_names pcep_names_##style_ = {PCEP_STYLE_##style_, 0, NULL};
#include "core/pcep/names.def"
#undef PCEP_NAMES
#undef PCEP_STYLE

const char *pcep_names_find(const struct pcep_names *names, uint64_t value)
{
    for (uint32_t i = 0; i < names->count; i++) {
        if (names->rows[i].value == value)
            return names->rows[i].text;
    }
    return NULL;
}
