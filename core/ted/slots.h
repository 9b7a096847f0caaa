/* Slots: an open-addressing table from a key's hash to a 32-bit value (an index of an array that
 * the caller keeps), growing in the builder and copied as it is into a snapshot.
 *
 * Keys stay with the caller: a lookup asks its equality for each slot whose hash is the same.
 * Nothing is ever taken out.
 *
 * Thread: the owner. Owns: its slots, until slots_fini.
 * Bound: SLOTS_COUNT_MAX entries. */
#ifndef PCED_CORE_TED_SLOTS_H
#define PCED_CORE_TED_SLOTS_H

#include "core/base/status.h"
#include "core/ted/ted.h"

#define SLOTS_COUNT_MAX (1u << 30)

struct slots {
    struct ted_slot *slots; /* NULL before the first slots_reserve */
    uint32_t slot_count;    /* a power of two, or 0 */
    uint32_t count;         /* entries */
};

/* Whether the thing at value has this key. */
typedef bool slots_equal_fn(const void *context, uint32_t value, const void *key);

void slots_fini(struct slots *slots);

/* Makes room for `more` insertions. */
PCE_MUST_CHECK enum pce_status slots_reserve(struct slots *slots, uint32_t more);

/* There must be room (slots_reserve), and no entry of the same key. */
void slots_insert(struct slots *slots, uint64_t hash, uint32_t value);

/* The value whose key this is; TED_NONE when there is none. */
uint32_t slots_find(struct ted_slots slots, uint64_t hash, slots_equal_fn *equal,
                    const void *context, const void *key);

/* The same in a copy that has room, and is the caller's. */
void ted_slots_put(struct ted_slots slots, uint64_t hash, uint32_t value);

/* The table as a reader sees it; valid until the next slots_reserve. */
struct ted_slots slots_view(const struct slots *slots);

#endif
