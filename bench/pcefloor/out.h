/* What waits to be sent: pieces from two pools of a shard, small ones for an answer or a few, large
 * ones for many at a time. The piece that was freed last is used next: it is still in the cache.
 *
 * Thread: the shard. Owns: the memory, for the life of the process. Bound: octets_max. */
#ifndef PCED_BENCH_PCEFLOOR_OUT_H
#define PCED_BENCH_PCEFLOOR_OUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* With their head an odd number of cache lines: pieces do not fall upon one another in the cache.
 */
#define OUT_SMALL (17 * 64 - sizeof(struct out))
#define OUT_LARGE (261 * 64 - sizeof(struct out))

struct out {
    struct out *next;
    uint32_t size, sent, capacity;
    uint8_t octets[];
};

struct out_pool {
    struct out *small, *large;
    size_t octets, octets_max;
};

/* A piece for this many octets, or for the first of them; NULL at octets_max. */
struct out *out_borrow(struct out_pool *pool, size_t octets);
void out_release(struct out_pool *pool, struct out *out);

#endif
