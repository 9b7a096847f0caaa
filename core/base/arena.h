/* Arena: memory that is given out in order and taken back all at once.
 *
 * Each shard has one for the turn of its loop: what is decoded from a message lives in it and is
 * gone at arena_reset. After warm-up a reset keeps the blocks that were needed, so that a turn
 * allocates nothing.
 *
 * Thread: one caller. Owns: its blocks, until arena_fini.
 * Bound: size_max octets in total; past it arena_alloc gives NULL and counts a refusal. */
#ifndef PCED_CORE_BASE_ARENA_H
#define PCED_CORE_BASE_ARENA_H

#include <stddef.h>
#include <stdint.h>

struct arena_block;

struct arena {
    struct arena_block *first;
    struct arena_block *current;
    uint8_t *at;      /* next free octet of the current block */
    uint8_t *end;     /* end of the current block */
    size_t size;      /* octets of all blocks */
    size_t size_max;  /* the limit for `size` */
    uint64_t refused; /* how often the limit or the allocator said no */
};

/* No block is taken before the first arena_alloc. */
void arena_init(struct arena *arena, size_t size_max);
void arena_fini(struct arena *arena);

/* size octets, not cleared, aligned for every type (16); NULL at the limit. size 0 gives a valid
 * pointer. */
void *arena_alloc(struct arena *arena, size_t size);

/* count * size octets, cleared; NULL at the limit or when the product overflows. */
void *arena_alloc_array(struct arena *arena, size_t count, size_t size);

/* Makes everything that was given out invalid and keeps the blocks. */
void arena_reset(struct arena *arena);

#define ARENA_NEW(arena, type)          ((type *)arena_alloc_array((arena), 1, sizeof(type)))
#define ARENA_ARRAY(arena, type, count) ((type *)arena_alloc_array((arena), (count), sizeof(type)))

#endif
