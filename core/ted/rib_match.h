/* RIB match: which entries of links from one node to another are one link.
 *
 * Thread: the RIB's. Owns: nothing afterwards. Bound: O(n log n) for n entries, whatever they say.
 * Source: RFC 9552 5.2.2. */
#ifndef PCED_CORE_TED_RIB_MATCH_H
#define PCED_CORE_TED_RIB_MATCH_H

#include "core/ted/rib_merge.h"

/* Sets `set` of each half, all of one (from, to), in the order of belief: the index of the first
 * half that is the same link. ambiguous: links of two families were paired by their order. */
PCE_MUST_CHECK enum pce_status rib_match(struct merge_half *halves, uint32_t count,
                                         bool *is_ambiguous);

#endif
