#include "core/path/engine.h"

#include <stdlib.h>
#include <string.h>

bool engine_grow(void **array, uint32_t *capacity, uint32_t count, size_t size)
{
    if (count <= *capacity)
        return true;
    uint64_t wanted = (uint64_t)*capacity * 2;
    if (wanted < count)
        wanted = count;
    if (wanted > UINT32_MAX)
        return false;
    /* Fresh memory is zero without being written: what a guided search does not touch takes none.
     */
    char *grown = *capacity == 0 ? calloc(wanted, size) : realloc(*array, wanted * size);
    if (grown == NULL)
        return false;
    if (*capacity > 0)
        memset(grown + *capacity * size, 0, (wanted - *capacity) * size);
    *array = grown;
    *capacity = (uint32_t)wanted;
    return true;
}

bool engine_reserve_heap(struct path_engine *engine, uint32_t node_count)
{
    void *entries = engine->heap.entries;
    bool is_enough =
        engine_grow(&entries, &engine->node_capacity, node_count, sizeof *engine->heap.entries);
    engine->heap.entries = entries;
    return is_enough;
}
