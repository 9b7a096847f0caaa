/* Pace of adjustments: bandwidths that follow traffic are changed no faster than either end bears
 * (RFC 8733 5.7).
 *
 *   the PCC says 5/1    nothing is adjusted at it until it says 5/2, or its time is over
 *   it reports too many within a minute: what it requests is ignored for ADJUST_PAUSE_S, which it is
 *     adjustments       told once, by 5/1 with that time
 *
 * Thread: the owning shard. Owns: nothing; the lane has the state, for its session. */
#ifndef PCED_CORE_LSP_ADJUST_PACE_H
#define PCED_CORE_LSP_ADJUST_PACE_H

#include "core/lsp/lane.h"

#define ADJUST_WINDOW_S 60
#define ADJUST_PAUSE_S  60

/* An adjustment was reported. True: it is one too many, and the PCC is to be told. */
bool adjust_pace_on_report(struct lsp_lane *lane, struct mono now);
/* duration_s: of an OVERLOADED-DURATION; 0: until it is cleared. */
void adjust_pace_on_overwhelmed(struct lsp_lane *lane, uint32_t duration_s, struct mono now);
void adjust_pace_on_cleared(struct lsp_lane *lane);
/* Whether no bandwidth of its LSPs is to be adjusted now. */
bool adjust_pace_is_held(const struct lsp_lane *lane, struct mono now);

#endif
