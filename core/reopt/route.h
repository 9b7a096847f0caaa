/* Route: the links that an LSP takes, and what it holds of each.
 *
 * While an order to move the LSP is out, the route has the links of the reported path first, and
 * after them those that only the ordered one has.
 *
 * Internal to core/reopt.
 *
 * Thread: the owning shard. Owns: itself, its entries in the index, what it holds.
 * Bound: REOPT_ROUTE_LINKS_MAX links, those of the reported path first. */
#ifndef PCED_CORE_REOPT_ROUTE_H
#define PCED_CORE_REOPT_ROUTE_H

#include "core/reopt/reopt.h"

struct lsp_flood;

/* Of this the shares of up to 12 lists of one weight are whole numbers. */
#define ROUTE_SHARE_WHOLE 55440U

struct lsp_route {
    struct lsp_flood
        *flood; /* of RSVP-TE: what the IGP does not show yet; NULL: nothing (flood.h) */
    struct ted_claim claim; /* octets_per_s 0: it holds nothing */
    uint32_t ordered_hash;  /* of the links of the path that is ordered */
    uint32_t moved_s;    /* when it was last ordered to move, in seconds of the clock; 0: never */
    uint32_t moved_turn; /* on which network that was */
    uint16_t current_count; /* links of the reported path */
    uint16_t count;         /* of either */
    uint16_t room;          /* places that there are */
    uint16_t moved_lists;   /* which of several lists the last order moved, a bit for each */
    bool is_counted;        /* it holds its claim here, and not in the IGP */
    bool is_ordered;
    bool is_evicted;   /* it has given way: it holds nothing until it is moved, or fits again */
    uint8_t repeats;   /* the same order in a row, on one network */
    bool is_asked;     /* the next look moves it however little is gained */
    bool has_shares;   /* it holds of each link a share of its claim */
    uint8_t list_turn; /* which of several lists is looked at first */
    /* In the index; where there are shares they follow, one for each place, two in the room of one. */
    uint32_t places[];
};

/* What a route is to be. Numbers ascend, each once. */
struct route_wanted {
    const uint32_t *current; /* links of the reported path */
    const uint32_t *ordered; /* of the ordered one */
    uint32_t current_count, ordered_count;
    /* What each carries of the claim, of ROUTE_SHARE_WHOLE; NULL: all of it. Both or none. */
    const uint16_t *current_shares, *ordered_shares;
    struct ted_claim claim;
    bool is_counted;
};

/* Makes the LSP's route, or changes it; other links are let go. False: no memory or no place, or
 * more links than it may have, and the route has fewer than were wanted. */
bool route_set(struct reopt *reopt, struct lsp *lsp, const struct route_wanted *wanted);
void route_drop(struct reopt *reopt, struct lsp *lsp);
/* The numbers of its links from `first` on, in ascending order; how many. */
uint32_t route_numbers(const struct reopt *reopt, const struct lsp_route *route, uint32_t first,
                       uint32_t end, uint32_t *numbers);
/* The same of those before `end`, with the share of each. */
uint32_t route_shares(const struct reopt *reopt, const struct lsp_route *route, uint32_t end,
                      uint32_t *numbers, uint16_t *shares);
/* What a share of a claim is, rounded up. */
struct ted_claim route_share_of(struct ted_claim claim, uint16_t share);
/* What it holds of the link of that number. */
struct ted_claim route_claim_of(const struct reopt *reopt, const struct lsp_route *route,
                                uint32_t number);
/* The same; nothing, where the link is none of its. */
uint64_t route_held_of(const struct reopt *reopt, const struct lsp_route *route, uint32_t number);
/* What it holds of each of its links, at least. */
struct ted_claim route_claim_least(const struct lsp_route *route);
/* Takes what the route would hold with this claim, of all links or of none. */
PCE_MUST_CHECK enum pce_status route_take(struct reopt *reopt, const struct ted_snapshot *snapshot,
                                          const struct lsp_route *route,
                                          const struct ted_claim *claim);
/* All that it holds of other links than that of this number goes. */
void route_release_others(struct reopt *reopt, const struct lsp_route *route, uint32_t number);
/* The numbers of the links of a path, which are indexes of the snapshot; ascending, each once; how
 * many. */
uint32_t route_numbers_of(const struct ted_snapshot *snapshot, const uint32_t *links,
                          uint32_t count, uint32_t *numbers);
/* Sorts numbers and keeps each once; how many are left. */
uint32_t route_sort(uint32_t *numbers, uint32_t count);
uint32_t route_hash(const uint32_t *numbers, uint32_t count);

/* For the index. */
uint32_t *route_entry_of(void *context, uint32_t lsp, uint32_t place);

#endif
