#include "core/base/arena.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#ifdef ARENA_POISONED
#include <sanitizer/asan_interface.h>
#else
#define ASAN_POISON_MEMORY_REGION(octets, size)   ((void)(octets), (void)(size))
#define ASAN_UNPOISON_MEMORY_REGION(octets, size) ((void)(octets), (void)(size))
#endif

#define ARENA_BLOCK_SIZE_MIN ((size_t)16 * 1024)
#define ARENA_BLOCK_SIZE_MAX ((size_t)1024 * 1024)

/* The octets follow the header. Blocks after the current one hold nothing that was given out. */
struct arena_block {
    struct arena_block *next;
    size_t size;
};

_Static_assert(ARENA_ALIGN % _Alignof(max_align_t) == 0, "what is given out suits every type");
_Static_assert(sizeof(struct arena_block) % ARENA_ALIGN == 0, "the octets of a block are aligned");

static uint8_t *block_octets(struct arena_block *block)
{
    return (uint8_t *)(block + 1);
}

static void arena_enter_block(struct arena *arena, struct arena_block *block)
{
    arena->current = block;
    arena->at = block_octets(block);
    arena->end = arena->at + block->size;
}

/* The place where the list of blocks goes on after the current one. */
static struct arena_block **arena_following(struct arena *arena)
{
    return arena->current == NULL ? &arena->first : &arena->current->next;
}

static void arena_free_following(struct arena *arena)
{
    struct arena_block **place = arena_following(arena);
    while (*place != NULL) {
        struct arena_block *block = *place;
        *place = block->next;
        arena->size -= block->size;
        ASAN_UNPOISON_MEMORY_REGION(block_octets(block), block->size);
        free(block);
    }
}

/* A block after the current one that holds size octets: the next one that was kept, or a new one.
 */
static bool arena_grow(struct arena *arena, size_t size)
{
    struct arena_block **place = arena_following(arena);
    if (*place != NULL && (*place)->size >= size) {
        arena_enter_block(arena, *place);
        return true;
    }
    /* Kept blocks that are too small must not eat the limit of a larger one. */
    if (size > arena->size_max - arena->size)
        arena_free_following(arena);
    size_t left = arena->size_max - arena->size;
    if (size > left)
        return false;

    /* As much again as there is: few blocks, at any size of the arena. */
    size_t block_size = arena->size;
    if (block_size < ARENA_BLOCK_SIZE_MIN)
        block_size = ARENA_BLOCK_SIZE_MIN;
    if (block_size > ARENA_BLOCK_SIZE_MAX)
        block_size = ARENA_BLOCK_SIZE_MAX;
    if (block_size < size)
        block_size = size;
    if (block_size > left)
        block_size = left;

    struct arena_block *block = malloc(sizeof *block + block_size);
    if (block == NULL)
        return false;
    block->size = block_size;
    block->next = *place;
    *place = block;
    arena->size += block_size;
    ASAN_POISON_MEMORY_REGION(block_octets(block), block_size);
    arena_enter_block(arena, block);
    return true;
}

void arena_init(struct arena *arena, size_t size_max)
{
    /* Room for the header and the rounding below can then not overflow. */
    const size_t possible = SIZE_MAX / 2;
    size_t limit = size_max < possible ? size_max : possible;
    *arena = (struct arena){.size_max = limit & ~(ARENA_ALIGN - 1)};
}

void arena_fini(struct arena *arena)
{
    arena->current = NULL;
    arena_free_following(arena);
    *arena = (struct arena){0};
}

void *arena_alloc_any(struct arena *arena, size_t size)
{
    size_t rounded = size == 0 ? ARENA_ALIGN : (size + ARENA_ALIGN - 1) & ~(ARENA_ALIGN - 1);
    bool fits = size <= arena->size_max;
    if (fits && rounded > (size_t)(arena->end - arena->at))
        fits = arena_grow(arena, rounded);
    if (!fits) {
        arena->refused++;
        return NULL;
    }
    uint8_t *octets = arena->at;
    arena->at += rounded;
    ASAN_UNPOISON_MEMORY_REGION(octets, size);
    return octets;
}

void *arena_alloc_array(struct arena *arena, size_t count, size_t size)
{
    if (size != 0 && count > SIZE_MAX / size) {
        arena->refused++;
        return NULL;
    }
    void *octets = arena_alloc(arena, count * size);
    if (octets != NULL)
        memset(octets, 0, count * size);
    return octets;
}

void arena_reset(struct arena *arena)
{
    for (struct arena_block *block = arena->first; block != NULL; block = block->next)
        ASAN_POISON_MEMORY_REGION(block_octets(block), block->size);
    if (arena->first != NULL)
        arena_enter_block(arena, arena->first);
}
