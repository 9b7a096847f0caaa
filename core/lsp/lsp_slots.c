#include "core/lsp/lsp_slots.h"

#include "core/base/check.h"

#include <stdbool.h>
#include <stdlib.h>

/* The address of an LSP, which is even, or twice the number of the next free slot and one. */
union slot {
    struct lsp *lsp;
    uintptr_t next_free;
};

struct lsp_slots_chunk {
    uint32_t used;
    union slot slots[LSP_SLOTS_CHUNK];
};

_Static_assert(LSP_SLOTS_MAX / LSP_SLOTS_CHUNK == LSP_SLOTS_CHUNKS, "slots have 32 bits");

void lsp_slots_init(struct lsp_slots *slots)
{
    *slots = (struct lsp_slots){.free_first = LSP_SLOTS_MAX};
}

void lsp_slots_fini(struct lsp_slots *slots)
{
    for (uint32_t i = 0; i < slots->chunk_count; i++)
        free(slots->chunks[i]);
    free(slots->chunks);
    lsp_slots_init(slots);
}

static bool is_free(const union slot *slot)
{
    return (slot->next_free & 1) != 0;
}

static union slot *slot_at(const struct lsp_slots *slots, uint32_t slot)
{
    return &slots->chunks[slot / LSP_SLOTS_CHUNK]->slots[slot % LSP_SLOTS_CHUNK];
}

static enum pce_status make_room(struct lsp_slots *slots)
{
    if (slots->chunk_count < slots->chunk_room)
        return PCE_OK;
    if (slots->chunk_count == LSP_SLOTS_CHUNKS)
        return PCE_LIMIT;
    uint32_t room = slots->chunk_room == 0 ? 16 : 2 * slots->chunk_room;
    struct lsp_slots_chunk **chunks =
        realloc(slots->chunks, room * sizeof(struct lsp_slots_chunk *));
    if (chunks == NULL)
        return PCE_NO_MEMORY;
    slots->chunks = chunks;
    slots->chunk_room = room;
    return PCE_OK;
}

static enum pce_status add_chunk(struct lsp_slots *slots)
{
    enum pce_status status = make_room(slots);
    if (status != PCE_OK)
        return status;
    struct lsp_slots_chunk *chunk = calloc(1, sizeof *chunk);
    if (chunk == NULL)
        return PCE_NO_MEMORY;
    uint32_t first = slots->chunk_count * LSP_SLOTS_CHUNK;
    slots->chunks[slots->chunk_count++] = chunk;
    for (uint32_t i = LSP_SLOTS_CHUNK; i-- > 0;) {
        chunk->slots[i].next_free = (uintptr_t)slots->free_first << 1 | 1;
        slots->free_first = first + i;
    }
    return PCE_OK;
}

enum pce_status lsp_slots_take(struct lsp_slots *slots, struct lsp *lsp, uint32_t *slot)
{
    if (slots->free_first == LSP_SLOTS_MAX) {
        enum pce_status status = add_chunk(slots);
        if (status != PCE_OK)
            return status;
    }
    *slot = slots->free_first;
    union slot *place = slot_at(slots, *slot);
    slots->free_first = (uint32_t)(place->next_free >> 1);
    place->lsp = lsp;
    slots->chunks[*slot / LSP_SLOTS_CHUNK]->used++;
    return PCE_OK;
}

void lsp_slots_release(struct lsp_slots *slots, uint32_t slot)
{
    union slot *place = slot_at(slots, slot);
    CHECK(!is_free(place));
    place->next_free = (uintptr_t)slots->free_first << 1 | 1;
    slots->free_first = slot;
    slots->chunks[slot / LSP_SLOTS_CHUNK]->used--;
}

struct lsp *lsp_slots_at(const struct lsp_slots *slots, uint32_t slot)
{
    if (slot / LSP_SLOTS_CHUNK >= slots->chunk_count)
        return NULL;
    const union slot *place = slot_at(slots, slot);
    return is_free(place) ? NULL : place->lsp;
}

struct lsp *lsp_slots_next(const struct lsp_slots *slots, uint32_t *slot)
{
    while (*slot / LSP_SLOTS_CHUNK < slots->chunk_count) {
        if (slots->chunks[*slot / LSP_SLOTS_CHUNK]->used == 0) {
            *slot = (*slot / LSP_SLOTS_CHUNK + 1) * LSP_SLOTS_CHUNK;
            continue;
        }
        const union slot *place = slot_at(slots, (*slot)++);
        if (!is_free(place))
            return place->lsp;
    }
    return NULL;
}
