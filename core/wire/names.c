#include "core/wire/names.h"

#include <stddef.h>

const char *wire_names_find(const struct wire_names *names, uint64_t value)
{
    for (uint32_t i = 0; i < names->count; i++) {
        if (names->rows[i].value == value)
            return names->rows[i].text;
    }
    return value >= names->above.value ? names->above.text : NULL;
}
