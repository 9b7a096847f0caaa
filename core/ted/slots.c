#include "core/ted/slots.h"

#include "core/base/check.h"

#include <stdlib.h>

#define SLOT_COUNT_MIN 16

/* What a table without entries looks like to a reader. */
static const struct ted_slot empty_slot = {.hash = 0, .value = TED_NONE};

void slots_fini(struct slots *slots)
{
    free(slots->slots);
    *slots = (struct slots){0};
}

static void slots_put(struct ted_slot *slots, uint32_t mask, struct ted_slot slot)
{
    CHECK((mask & (mask + 1)) == 0);
    uint32_t at = slot.hash & mask;
    while (slots[at].value != TED_NONE)
        at = (at + 1) & mask;
    slots[at] = slot;
}

enum pce_status slots_reserve(struct slots *slots, uint32_t more)
{
    if (more > SLOTS_COUNT_MAX - slots->count)
        return PCE_LIMIT;
    /* At most half full, so that a search for what is not there stays short. */
    uint64_t wanted = 2 * ((uint64_t)slots->count + more);
    if (wanted <= slots->slot_count)
        return PCE_OK;
    uint64_t slot_count = slots->slot_count == 0 ? SLOT_COUNT_MIN : slots->slot_count;
    while (slot_count < wanted)
        slot_count *= 2;
    if (slot_count > UINT32_MAX)
        return PCE_LIMIT;
    struct ted_slot *grown = malloc(slot_count * sizeof *grown);
    if (grown == NULL)
        return PCE_NO_MEMORY;
    for (uint64_t i = 0; i < slot_count; i++)
        grown[i] = empty_slot;
    for (uint32_t i = 0; i < slots->slot_count; i++) {
        if (slots->slots[i].value != TED_NONE)
            slots_put(grown, (uint32_t)slot_count - 1, slots->slots[i]);
    }
    free(slots->slots);
    slots->slots = grown;
    slots->slot_count = (uint32_t)slot_count;
    return PCE_OK;
}

void slots_insert(struct slots *slots, uint64_t hash, uint32_t value)
{
    /* Values are indexes of an array, which has fewer than TED_NONE items; room was made by
     * slots_reserve, which is where a topology that is too large and short memory are refused. */
    CHECK(value != TED_NONE);
    CHECK(2 * ((uint64_t)slots->count + 1) <= slots->slot_count);
    slots_put(slots->slots, slots->slot_count - 1, (struct ted_slot){(uint32_t)hash, value});
    slots->count++;
}

void ted_slots_put(struct ted_slots slots, uint64_t hash, uint32_t value)
{
    slots_put((struct ted_slot *)(uintptr_t)slots.slots, slots.mask,
              (struct ted_slot){(uint32_t)hash, value});
}

uint32_t slots_find(struct ted_slots slots, uint64_t hash, slots_equal_fn *equal,
                    const void *context, const void *key)
{
    for (uint32_t at = (uint32_t)hash & slots.mask;; at = (at + 1) & slots.mask) {
        struct ted_slot slot = slots.slots[at];
        if (slot.value == TED_NONE)
            return TED_NONE;
        if (slot.hash == (uint32_t)hash && equal(context, slot.value, key))
            return slot.value;
    }
}

struct ted_slots slots_view(const struct slots *slots)
{
    if (slots->slot_count == 0)
        return (struct ted_slots){&empty_slot, 0};
    CHECK((slots->slot_count & (slots->slot_count - 1)) == 0);
    return (struct ted_slots){slots->slots, slots->slot_count - 1};
}
