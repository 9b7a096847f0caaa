/* Delegation: what becomes of the LSPs that PCCs give us to steer (RFC 8231 5.7).
 *
 * A delegation that the policy refuses is answered at once by a PCUpd with D = 0 (5.7.1), once
 * for each time that the PCC delegates; who goes on delegating is answered at growing pauses. A
 * kind of peer that does not understand D = 0 keeps the delegation on its side: the LSP is not
 * steered all the same.
 *
 * Thread: the owning shard. Owns: nothing. Bound: one order for each delegation that is refused. */
#ifndef PCED_CORE_LSP_DELEGATION_H
#define PCED_CORE_LSP_DELEGATION_H

#include "core/lsp/delegation_policy.h"
#include "core/lsp/lane.h"

#define LSP_REFUSAL_PAUSE_MAX_S 64 /* between two answers to an LSP that is delegated again */

/* What is reported of an LSP beside what its orders look at. */
struct lsp_delegation_report {
    const struct lsp_seen *seen;
    const struct lsp_delegation_policy *policy;
    uint8_t setup_type;
};

/* After lsp_lane_on_report, for an LSP that is not gone. */
void lsp_delegation_on_report(struct lsp_lane *lane, const struct lsp_delegation_report *report,
                              struct mono now);
/* RFC 8281 6: D = 0 in the report of an LSP that a PCE has initiated, that was delegated to us, and
 * that we have not given back: PCErr 19/7. was_delegated: by the report before. To be asked before
 * lsp_delegation_on_report. */
bool lsp_delegation_is_broken(struct lsp_lane *lane, const struct lsp_seen *seen,
                              bool was_delegated);
/* Whether an LSP with these flags is ours to steer: delegated, and neither refused nor given back. */
bool lsp_delegation_holds(struct lsp_lane *lane, struct wire_span name, uint16_t flags);

/* An operator gives an LSP back: as lsp_order_submit. receipt->id 0: it is only not steered any
 * more, since this kind of peer does not take it back. */
PCE_MUST_CHECK enum pce_status lsp_delegation_return(struct lsp_lane *lane, struct wire_span name,
                                                     uint8_t setup_type, struct mono now,
                                                     struct lsp_order_receipt *receipt);
/* The operator wants it after all; false: it was not given back, or the PCC has it. */
bool lsp_delegation_resume(struct lsp_lane *lane, struct wire_span name);

#endif
