/* Slot set: which LSPs of a shard something is to be done with, one bit for each slot.
 *
 * An LSP is in it once however often it is added, and is taken out in turn, so that none waits for
 * ever behind others.
 *
 * Thread: the owning shard. Owns: its words. Bound: an eighth of an octet for each slot. */
#ifndef PCED_CORE_REOPT_SLOT_SET_H
#define PCED_CORE_REOPT_SLOT_SET_H

#include <stdbool.h>
#include <stdint.h>

struct slot_set {
    uint64_t *words;
    uint32_t word_count;
    uint32_t count;  /* of slots that are in it */
    uint32_t cursor; /* word at which taking goes on */
};

void slot_set_fini(struct slot_set *set);
/* False: no memory. */
bool slot_set_add(struct slot_set *set, uint32_t slot);
/* Each that is in `more`; false: no memory, and none is added. */
bool slot_set_add_all(struct slot_set *set, const struct slot_set *more);
void slot_set_remove(struct slot_set *set, uint32_t slot);
bool slot_set_has(const struct slot_set *set, uint32_t slot);
/* The first one from *slot on; false: there is none. */
bool slot_set_next(const struct slot_set *set, uint32_t *slot);
/* The next one, which is in it no more. False: it is empty. */
bool slot_set_take(struct slot_set *set, uint32_t *slot);

#endif
