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

/* Under AddressSanitizer what was not given out, or was taken back, is poisoned: a decoded message
 * that is used after its turn is found like a use after free. */
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ARENA_POISONED 1
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) && !defined(ARENA_POISONED)
#define ARENA_POISONED 1
#endif

#define ARENA_ALIGN      ((size_t)16)
#define ARENA_INLINE_MAX 65536 /* octets of what is given out inline */

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

/* As arena_alloc, whatever the size. */
void *arena_alloc_any(struct arena *arena, size_t size);

/* size octets, not cleared, aligned for every type (16); NULL at the limit. size 0 gives a valid
 * pointer. A message is decoded by some dozen of these, so that the common case is inline. */
static inline void *arena_alloc(struct arena *arena, size_t size)
{
#ifndef ARENA_POISONED
    size_t rounded = (size + ARENA_ALIGN - 1) & ~(ARENA_ALIGN - 1);
    if (__builtin_expect(size - 1 < ARENA_INLINE_MAX && rounded <= (size_t)(arena->end - arena->at),
                         1)) {
        uint8_t *octets = arena->at;
        arena->at += rounded;
        return octets;
    }
#endif
    return arena_alloc_any(arena, size);
}

/* count * size octets, cleared; NULL at the limit or when the product overflows. */
void *arena_alloc_array(struct arena *arena, size_t count, size_t size);

/* Makes everything that was given out invalid and keeps the blocks. */
void arena_reset(struct arena *arena);

#define ARENA_NEW(arena, type)          ((type *)arena_alloc_array((arena), 1, sizeof(type)))
#define ARENA_ARRAY(arena, type, count) ((type *)arena_alloc_array((arena), (count), sizeof(type)))

#endif
