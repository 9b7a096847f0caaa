/* Send marks: where messages end that the peer's TCP has not acknowledged yet, as the distances
 * between those ends, oldest first.
 *
 * When there are SEND_MARKS_MAX of them, neighbours are merged: what was merged counts as one
 * message, so that more must be acknowledged before it counts as progress. What is merged spans at
 * most 1/SEND_MARKS_SHARES of what all marks cover at that moment. The oldest end is not here but
 * with the owner (send_hold.h), and is never merged. Where memory for so many marks is refused, the
 * list that there is does with as many shares as a quarter of its room.
 *
 * Internal to core/session and its tests.
 *
 * Thread: the owning shard. Owns: one block of memory while there are marks.
 * Bound: SEND_MARKS_MAX marks of 4 octets. */
#ifndef PCED_CORE_SESSION_SEND_MARKS_H
#define PCED_CORE_SESSION_SEND_MARKS_H

#include <stddef.h>
#include <stdint.h>

#define SEND_MARKS_MAX    1024
#define SEND_MARKS_SHARES 256

struct send_marks;

/* Adds a mark this far behind the last one. NULL is the list without marks; it is made when the
 * first one comes. Where there is no memory, no room can be made, or span does not fit 32 bits,
 * nothing is added: the next span that is told is to begin at send_marks_covered again, and counts
 * both as one. */
void send_marks_push(struct send_marks **marks, uint64_t span);
/* Takes the oldest mark off: its distance, or 0 when there is none. */
uint64_t send_marks_pop(struct send_marks *marks);
/* All distances together. */
uint64_t send_marks_covered(const struct send_marks *marks);
/* Octets of memory in use. */
size_t send_marks_octets(const struct send_marks *marks);
/* Takes all of them off. The memory stays for the next ones, unless there were none since the last
 * time: what a session that is always asking needs is there, and one that asks no more gives it
 * back. */
void send_marks_clear(struct send_marks **marks);
void send_marks_free(struct send_marks **marks);

#endif
