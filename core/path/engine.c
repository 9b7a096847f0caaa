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
