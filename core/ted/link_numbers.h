/* Link numbers: which link of one snapshot is which of another.
 *
 * Each snapshot has its own indexes of nodes and links. What outlives a snapshot (the LSPs that
 * take a link, the bandwidth that they hold) names a link by its number: whoever publishes
 * snapshots has a registry, which gives the same number to the same link each time, and never gives
 * it to another one. With the number goes when the link was last found gone, worse, better or
 * relabelled, counted in turns, one for each snapshot that was numbered. A reader that remembers the
 * turn it saw last learns from the newest snapshot alone what has happened since, however many
 * snapshots it has missed.
 *
 * A link is the same when it joins the same two nodes (by router id: the IPv4 one, else the IPv6
 * one) in the same direction, with the same addresses (the IPv4 ones, else the IPv6 ones) and
 * interface ids. Links that agree in all of these are told apart by their order.
 *
 * Thread: the registry is its owner's alone; the numbers of a snapshot, once it is published, are
 * any reader's. Owns: the registry its table; a snapshot its numbers, as one block.
 * Bound: numbers_max numbers for as long as the registry lives; a link past them has none, and is
 * counted. O(nodes + links) a snapshot. */
#ifndef PCED_CORE_TED_LINK_NUMBERS_H
#define PCED_CORE_TED_LINK_NUMBERS_H

#include "core/base/status.h"
#include "core/ted/part.h"
#include "core/ted/ted.h"

#define TED_LINK_NUMBERS_MAX (UINT32_C(1) << 24)

_Static_assert(TED_LINKS_MAX <= TED_LINK_NUMBERS_MAX, "the largest snapshot has numbers");

/* The last turn in which this was found of a link; 0: never. */
struct ted_link_history {
    uint32_t gone;
    uint32_t worse;      /* costs more, holds less, or is not allowed to the same requests */
    uint32_t better;     /* costs less, holds more, is allowed to others, or is new */
    uint32_t relabelled; /* its SIDs or addresses: what names it in a path */
};

/* Of one snapshot. */
struct ted_link_numbers {
    struct ted_part part;
    uint32_t turn;            /* that the snapshot was numbered in, from 1 */
    uint32_t labels_turn;     /* the last one in which a node had other SIDs than before; 0 */
    uint32_t count;           /* numbers are below */
    const uint32_t *of_links; /* by link index; TED_NONE: the link has none */
    const uint32_t *links;    /* by number: the link index; TED_NONE: not in this snapshot */
    const struct ted_link_history *history; /* by number */
};

struct ted_link_registry;

/* NULL when memory ran out. */
struct ted_link_registry *ted_link_registry_create(uint32_t numbers_max);
void ted_link_registry_destroy(struct ted_link_registry *registry);
/* Numbers that were given. */
uint32_t ted_link_registry_count(const struct ted_link_registry *registry);
/* Links of snapshots that got none, since there are no more. */
uint64_t ted_link_registry_refused(const struct ted_link_registry *registry);

/* Gives a snapshot, which nobody else has yet, its numbers. before: the one that was numbered last,
 * NULL where it is gone: then every link counts as changed in every way. PCE_NO_MEMORY: it has none,
 * and the next one is compared with no other. */
PCE_MUST_CHECK enum pce_status ted_link_registry_number(struct ted_link_registry *registry,
                                                        const struct ted_snapshot *before,
                                                        struct ted_snapshot *snapshot);
/* The same for a snapshot that was patched out of `before` (patch.h), where only what is different
 * is looked at. PCE_UNSUPPORTED: it is to be numbered as a whole. */
PCE_MUST_CHECK enum pce_status ted_link_registry_follow(struct ted_link_registry *registry,
                                                        const struct ted_snapshot *before,
                                                        struct ted_snapshot *snapshot);

#endif
