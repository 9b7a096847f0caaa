/* Top: the first few of any number of things, in bounded memory.
 *
 * A heap whose head is the last of those that are kept: something better takes its slot. Each entry
 * names a slot of an array that the caller has, of as many elements as there is room: the elements
 * themselves never move.
 *
 * Thread: any, one at a time. Owns: nothing; the entries are the caller's.
 * Bound: `room` entries; an offer takes as many steps as `room` has binary digits. */
#ifndef PCED_SERVER_CONTROL_TOP_H
#define PCED_SERVER_CONTROL_TOP_H

#include <stdbool.h>
#include <stdint.h>

/* A lower rank comes first; among equal ones the lower place. */
struct top_entry {
    uint64_t rank;
    uint64_t place;
    uint32_t slot; /* of the caller's array */
};

struct top {
    struct top_entry *entries;
    uint32_t room; /* > 0 */
    uint32_t count;
};

/* entries: `room` of them, which stay the caller's. */
void top_init(struct top *top, struct top_entry *entries, uint32_t room);
/* False: as many come before it. Else *slot is where the caller puts it, in place of what was
 * there. Not after top_sort. */
bool top_offer(struct top *top, uint64_t rank, uint64_t place, uint32_t *slot);
/* Nothing of this rank or a higher one needs to be offered from a place that comes later;
 * UINT64_MAX while there is room. */
uint64_t top_end(const struct top *top);
/* Puts the entries into their order. Nothing is offered any more. */
void top_sort(struct top *top);

#endif
