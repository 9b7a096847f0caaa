#include "core/ted/array.h"

#include "core/base/check.h"

#include <stdlib.h>
#include <string.h>

#define CAPACITY_MIN 16

void ted_array_init(struct ted_array *array, size_t item_size)
{
    *array = (struct ted_array){.item_size = (uint32_t)item_size};
}

void ted_array_fini(struct ted_array *array)
{
    free(array->items);
    *array = (struct ted_array){.item_size = array->item_size};
}

enum pce_status ted_array_reserve(struct ted_array *array, uint32_t more)
{
    CHECK(array->count <= array->capacity);
    if (more <= array->capacity - array->count)
        return PCE_OK;
    uint64_t wanted = (uint64_t)array->count + more;
    if (wanted >= UINT32_MAX)
        return PCE_LIMIT;
    uint64_t capacity = array->capacity == 0 ? CAPACITY_MIN : 2 * (uint64_t)array->capacity;
    if (capacity < wanted)
        capacity = wanted;
    if (capacity >= UINT32_MAX)
        capacity = UINT32_MAX - 1;
    void *grown = realloc(array->items, capacity * array->item_size);
    if (grown == NULL)
        return PCE_NO_MEMORY;
    array->items = grown;
    array->capacity = (uint32_t)capacity;
    return PCE_OK;
}

uint32_t ted_array_append(struct ted_array *array, const void *items, uint32_t count)
{
    /* A topology that is too large, or that memory is too short for, was refused by
     * ted_array_reserve: the builder's functions make all room before they add anything. */
    CHECK(count <= array->capacity - array->count);
    uint32_t first = array->count;
    if (count > 0)
        memcpy((char *)array->items + (size_t)first * array->item_size, items,
               (size_t)count * array->item_size);
    array->count += count;
    return first;
}
