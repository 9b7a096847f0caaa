/* Reservations: the bandwidth that LSPs hold of each link, beside the snapshots and for all threads.
 *
 * Links are named by their numbers (link_numbers.h), so that what is held stays what it is when the
 * network is published anew. Of each link and priority p there is one sum: what LSPs of holding
 * priority 0 to p hold (RFC 5305 3.6 counts the unreserved bandwidth the same way). Sums are whole
 * octets a second, so that they are exact in whatever order LSPs come and go.
 *
 * To take bandwidth, an LSP adds it to the sums from its holding to its setup priority, each one
 * only where the link's limit (the snapshot's unreserved bandwidth) allows, and then to those of all
 * lower priorities, whatever they are: LSPs of these have to give way, lowest first
 * (ted_reservations_give_way). Links are taken in ascending order, and given back when one refuses. So
 * of LSPs that want the same links at once one gets them; another LSP may be refused for what a
 * third one takes for a moment and gives back.
 *
 * LSPs of RSVP-TE are in the unreserved bandwidth, but not at once: what one was just ordered to
 * hold is held here until the IGP tells of it, and noted as unflooded. The IGP may have told of it a
 * moment before it is let go here; so when links are looked for that hold too much, what is
 * unflooded of them does not count.
 *
 * Thread: any, all at once; make_room belongs to the publisher of snapshots. Owns: its rows.
 * Bound: numbers_max links; 72 octets for each number that make_room has seen; TED_RESERVED_MAX
 * octets a second of one LSP on one link. */
#ifndef PCED_CORE_TED_RESERVATIONS_H
#define PCED_CORE_TED_RESERVATIONS_H

#include "core/base/status.h"
#include "core/ted/link_numbers.h"

/* 35 Tbit/s, of up to 2^21 LSPs on a link. */
#define TED_RESERVED_MAX (UINT64_C(1) << 42)

struct ted_reservations;

/* What an LSP wants or holds, of each link. holding: not above setup. */
struct ted_claim {
    uint64_t octets_per_s;
    uint8_t setup;   /* priority at which it asks, 0 the highest */
    uint8_t holding; /* priority at which it keeps */
};

/* A bandwidth in whole octets a second, rounded up; 0 for none, and for what is no amount. */
uint64_t ted_octets_of_bandwidth(float bandwidth);
/* RFC 3209 4.7.1: the holding priority is never lower than the setup priority. */
struct ted_claim ted_claim_of(float bandwidth, uint8_t setup, uint8_t holding);

/* NULL when memory ran out. */
struct ted_reservations *ted_reservations_create(uint32_t numbers_max);
void ted_reservations_destroy(struct ted_reservations *reservations);
/* Rows for numbers below count, which is to be had before a snapshot with such numbers is published.
 */
PCE_MUST_CHECK enum pce_status ted_reservations_make_room(struct ted_reservations *reservations,
                                                          uint32_t count);

/* What is held of a link at a priority; 0 where there is no row. */
uint64_t ted_reservations_held(const struct ted_reservations *reservations, uint32_t number,
                               unsigned priority);

/* Takes the claim of each of these links, ascending numbers, or of none. PCE_LIMIT: one has not so
 * much left; PCE_NOT_FOUND: one is not in the snapshot. */
PCE_MUST_CHECK enum pce_status ted_reservations_take(struct ted_reservations *reservations,
                                                     const struct ted_snapshot *snapshot,
                                                     const uint32_t *numbers, uint32_t count,
                                                     const struct ted_claim *claim);
/* The same whatever is left: for what a router says that it holds. */
void ted_reservations_force(struct ted_reservations *reservations, const uint32_t *numbers,
                            uint32_t count, const struct ted_claim *claim);
/* Gives back what was taken or forced. */
void ted_reservations_release(struct ted_reservations *reservations, const uint32_t *numbers,
                              uint32_t count, const struct ted_claim *claim);

/* Notes octets a second as unflooded, or no longer so: before they are taken, and after they were
 * given back, so that there is never less of it than is held for it. */
void ted_reservations_flood(struct ted_reservations *reservations, uint32_t number,
                            uint64_t octets_per_s, bool adds);
uint64_t ted_reservations_unflooded(const struct ted_reservations *reservations, uint32_t number);

/* Whether more is held of a link than it has, at which priority: the lowest such one. */
bool ted_reservations_is_over(const struct ted_reservations *reservations,
                              const struct ted_snapshot *snapshot, uint32_t number,
                              unsigned *priority);
/* Gives back a claim on one link if at that moment, and not only when it was asked, more is held
 * there than the link has at a priority that the claim counts for. True: it was given back, and the
 * LSP is a victim. Threads that look for victims at once find no more than are needed. */
bool ted_reservations_give_way(struct ted_reservations *reservations,
                               const struct ted_snapshot *snapshot, uint32_t number,
                               const struct ted_claim *claim);

/* How often something has been taken, given back or tried; 0: nothing was ever held. What was read
 * of the table after this number holds as long as the number stays: a change counts when it is
 * done, and one that is under way counts later. */
uint64_t ted_reservations_changes(const struct ted_reservations *reservations);
/* How often a claim has put a link over what it has at a lower priority, or was forced: who changes
 * has victims to look for. */
uint64_t ted_reservations_pressed(const struct ted_reservations *reservations);
/* Claims that were refused. */
uint64_t ted_reservations_refused(const struct ted_reservations *reservations);

#endif
