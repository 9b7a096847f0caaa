/* The pools of pieces. */
#include "bench/pcefloor/out.h"

#include <stdlib.h>

struct out *out_borrow(struct out_pool *pool, size_t octets)
{
    size_t capacity = octets <= OUT_SMALL ? OUT_SMALL : OUT_LARGE;
    struct out **list = octets <= OUT_SMALL ? &pool->small : &pool->large;
    struct out *out = *list;
    if (out != NULL) {
        *list = out->next;
    } else {
        size_t size = sizeof *out + capacity;
        if (size > pool->octets_max - pool->octets)
            return NULL;
        out = aligned_alloc(64, size);
        if (out == NULL)
            return NULL;
        pool->octets += size;
        out->capacity = (uint32_t)capacity;
    }
    out->next = NULL;
    out->size = out->sent = 0;
    return out;
}

void out_release(struct out_pool *pool, struct out *out)
{
    struct out **list = out->capacity == OUT_SMALL ? &pool->small : &pool->large;
    out->next = *list;
    *list = out;
}
