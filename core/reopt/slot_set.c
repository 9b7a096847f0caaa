#include "core/reopt/slot_set.h"

#include <stdlib.h>
#include <string.h>

#define WORD_BITS 64

void slot_set_fini(struct slot_set *set)
{
    free(set->words);
    *set = (struct slot_set){0};
}

static bool slot_set_reserve(struct slot_set *set, uint32_t word)
{
    if (word < set->word_count)
        return true;
    uint32_t count = word + 1 > 2 * set->word_count ? word + 1 : 2 * set->word_count;
    uint64_t *grown = realloc(set->words, count * sizeof *grown);
    if (grown == NULL)
        return false;
    memset(grown + set->word_count, 0, (count - set->word_count) * sizeof *grown);
    set->words = grown;
    set->word_count = count;
    return true;
}

bool slot_set_has(const struct slot_set *set, uint32_t slot)
{
    uint32_t word = slot / WORD_BITS;
    return word < set->word_count && (set->words[word] >> slot % WORD_BITS & 1) != 0;
}

bool slot_set_add(struct slot_set *set, uint32_t slot)
{
    if (!slot_set_reserve(set, slot / WORD_BITS))
        return false;
    set->count += !slot_set_has(set, slot);
    set->words[slot / WORD_BITS] |= UINT64_C(1) << slot % WORD_BITS;
    return true;
}

bool slot_set_add_all(struct slot_set *set, const struct slot_set *more)
{
    if (more->word_count > 0 && !slot_set_reserve(set, more->word_count - 1))
        return false;
    for (uint32_t i = 0; i < more->word_count; i++) {
        set->count += (uint32_t)__builtin_popcountll(more->words[i] & ~set->words[i]);
        set->words[i] |= more->words[i];
    }
    return true;
}

void slot_set_remove(struct slot_set *set, uint32_t slot)
{
    if (!slot_set_has(set, slot))
        return;
    set->count--;
    set->words[slot / WORD_BITS] &= ~(UINT64_C(1) << slot % WORD_BITS);
}

bool slot_set_next(const struct slot_set *set, uint32_t *slot)
{
    uint32_t word = *slot / WORD_BITS;
    uint64_t from = UINT64_MAX << *slot % WORD_BITS;
    for (; word < set->word_count; word++, from = UINT64_MAX) {
        if ((set->words[word] & from) == 0)
            continue;
        *slot = word * WORD_BITS + (uint32_t)__builtin_ctzll(set->words[word] & from);
        return true;
    }
    return false;
}

bool slot_set_take(struct slot_set *set, uint32_t *slot)
{
    if (set->count == 0)
        return false;
    while (set->words[set->cursor] == 0)
        set->cursor = set->cursor + 1 < set->word_count ? set->cursor + 1 : 0;
    *slot = set->cursor * WORD_BITS + (uint32_t)__builtin_ctzll(set->words[set->cursor]);
    slot_set_remove(set, *slot);
    return true;
}
