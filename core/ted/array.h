/* A growing array of one type, for the builder.
 *
 * Room is made first (may fail), items are added afterwards (cannot fail), so that an addition that
 * touches several arrays is done as a whole or not at all.
 *
 * Thread: the owner. Owns: its items, until ted_array_fini. Bound: UINT32_MAX - 1 items. */
#ifndef PCED_CORE_TED_ARRAY_H
#define PCED_CORE_TED_ARRAY_H

#include "core/base/status.h"

#include <stddef.h>
#include <stdint.h>

struct ted_array {
    void *items;
    uint32_t count;
    uint32_t capacity;
    uint32_t item_size;
};

void ted_array_init(struct ted_array *array, size_t item_size);
void ted_array_fini(struct ted_array *array);

/* Makes room for `more` items. */
PCE_MUST_CHECK enum pce_status ted_array_reserve(struct ted_array *array, uint32_t more);

/* Adds copies of count items, for which there must be room; the index of the first. */
uint32_t ted_array_append(struct ted_array *array, const void *items, uint32_t count);

#endif
