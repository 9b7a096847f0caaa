/* Part: a block of memory that snapshots have in common. What one snapshot has and the next one did
 * not change is the same block in both, and goes with the last of them.
 *
 * Copies of one block are a line: each change of a network makes another one, and lets the one before
 * the last go. That one's memory is kept for the next copy, as large blocks are given back to the
 * kernel, whose fresh pages cost more than all the copying.
 *
 * Thread: a block is constant once a snapshot with it is published; who makes and destroys the
 * snapshots that share one is one thread. Owns: itself. Bound: by what is put into it; one block that
 * is kept for each line that has others. */
#ifndef PCED_CORE_TED_PART_H
#define PCED_CORE_TED_PART_H

#include <stdalign.h>
#include <stddef.h>
#include <stdint.h>

#define TED_PART_ALIGNMENT 64

/* What is kept for the next copy. */
struct ted_spare {
    uint32_t users; /* blocks of the line, without the one that is kept */
    struct ted_part *part;
};

/* The beginning of the block. */
struct ted_part {
    alignas(TED_PART_ALIGNMENT) size_t octets; /* of the whole block */
    size_t made_octets;      /* of the first one, of which this is a copy of a copy … */
    struct ted_spare *spare; /* of its line; NULL: it has not been copied */
    uint32_t users;
};

/* Room for so many octets behind the head, not cleared, with one user. NULL: memory ran out. */
struct ted_part *ted_part_create(size_t size);
/* A copy of its own, with room for so many octets more behind. NULL: memory ran out. */
struct ted_part *ted_part_copy(struct ted_part *part, size_t more);
/* One more user. Returns part, which may be NULL. */
struct ted_part *ted_part_share(struct ted_part *part);
/* The last user frees it; NULL: nothing. */
void ted_part_leave(struct ted_part *part);

static inline char *ted_part_data(struct ted_part *part)
{
    return (char *)(part + 1);
}

#endif
