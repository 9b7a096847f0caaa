#include "core/lsp/delegation.h"
#include "core/lsp/order_impl.h"
#include "core/lsp/path_digest.h"
#include "core/pcep/model.h"

/* ---- what comes of a report ---- */

/* None for the first one; then 1, 2, 4 s … */
static struct mono refusal_due(const struct lsp_control *control, struct mono now)
{
    uint32_t before = control->refusals - 1;
    if (before == 0)
        return now;
    uint64_t pause_s = before > 6 ? LSP_REFUSAL_PAUSE_MAX_S : UINT64_C(1) << (before - 1);
    return mono_add_s(now, pause_s);
}
_Static_assert(LSP_REFUSAL_PAUSE_MAX_S == 1U << 6, "the pause grows to the bound");

static enum pce_status submit_return(struct lsp_lane *lane, struct wire_span name,
                                     struct lsp_order_request *request, struct mono now,
                                     struct lsp_order_receipt *receipt)
{
    request->wanted.kind = LSP_ORDER_RETURN;
    request->name = name;
    return lsp_order_submit(lane, request, now, receipt);
}

static void refuse_delegation(struct lsp_lane *lane, const struct lsp_delegation_report *report,
                              struct mono now)
{
    struct lsp_order_counters *counters = &lane->orders->counters;
    struct lsp_control *control = control_take(lane, report->seen->name);
    struct lsp_order_receipt receipt;
    if (control == NULL) {
        counters->orders_without_memory++;
        return;
    }
    if (control->delegation != CONTROL_NOT_DECIDED)
        return;
    control_decide(control, CONTROL_REFUSED);
    if (control->refusals < UINT32_MAX)
        control->refusals++;
    counters->delegations_refused++;
    if (lsp_profile_has(lane->ability.profile, LSP_HABIT_KEEPS_DELEGATION))
        return;
    struct lsp_order_request request = {.wanted.setup_type = report->setup_type,
                                        .who = LSP_ORDER_BY_DELEGATION,
                                        .not_before = refusal_due(control, now)};
    /* An order that is refused is counted; the LSP is not steered, whatever comes of it. */
    enum pce_status status = submit_return(lane, report->seen->name, &request, now, &receipt);
    (void)status;
}

/* The PCC has it in its own hands again. */
static void end_delegation(struct lsp_lane *lane, struct wire_span name)
{
    struct lsp_control *control = control_find(lane, name);
    if (control == NULL)
        return;
    control_decide(control, CONTROL_NOT_DECIDED);
    control->has_path = false;
    control_tidy(control);
}

void lsp_delegation_on_report(struct lsp_lane *lane, const struct lsp_delegation_report *report,
                              struct mono now)
{
    const struct lsp_seen *seen = report->seen;
    const struct lsp_orders *orders = lane->orders;
    if ((seen->flags & PCEP_LSP_D) == 0) {
        end_delegation(lane, seen->name);
        return;
    }
    if (!lsp_delegation_accepts(report->policy, seen->name, report->setup_type)) {
        refuse_delegation(lane, report, now);
        return;
    }
    struct lsp_control *control = lane->decided_count > 0 ? control_find(lane, seen->name) : NULL;
    if (control != NULL && control->delegation == CONTROL_REFUSED)
        control_decide(control, CONTROL_NOT_DECIDED); /* by a policy that has changed */
    if (seen->path_digest != LSP_PATH_EMPTY || !lsp_delegation_holds(lane, seen->name, seen->flags))
        return;
    lane->orders->counters.paths_wanted++;
    if (orders->ops->on_path_wanted != NULL)
        orders->ops->on_path_wanted(orders->owner, lane, seen->name);
}

static bool is_returning(const struct lsp_control *control)
{
    if (control->delegation != CONTROL_NOT_DECIDED)
        return true;
    LIST_FOR(link, &control->orders)
    {
        if (CONTAINER_OF(link, struct lsp_order, in_target)->kind == LSP_ORDER_RETURN)
            return true;
    }
    return false;
}

bool lsp_delegation_is_broken(struct lsp_lane *lane, const struct lsp_seen *seen,
                              bool was_delegated)
{
    const struct lsp_control *control = control_find(lane, seen->name);
    bool is_initiated = (seen->flags & PCEP_LSP_C) != 0 &&
                        !lsp_profile_has(lane->ability.profile, LSP_HABIT_VAGUE_C);
    return was_delegated && is_initiated && !seen->is_gone && (seen->flags & PCEP_LSP_D) == 0 &&
           (control == NULL || !is_returning(control));
}

bool lsp_delegation_holds(struct lsp_lane *lane, struct wire_span name, uint16_t flags)
{
    const struct lsp_control *control = lane->decided_count > 0 ? control_find(lane, name) : NULL;
    return (flags & PCEP_LSP_D) != 0 &&
           (control == NULL || control->delegation == CONTROL_NOT_DECIDED);
}

/* ---- by an operator ---- */

/* Where nothing is asked of the peer, what an order would be refused for is found here. */
static enum pce_status check_kept(struct lsp_lane *lane, struct wire_span name,
                                  struct lsp_order_receipt *receipt)
{
    const struct lsp_orders *orders = lane->orders;
    struct lsp_target target;
    receipt->reason = "there is no session with the PCC";
    if (!lane->is_up)
        return PCE_CLOSED;
    receipt->reason = "the PCC has reported no such LSP";
    if (!orders->ops->find(orders->owner, lane, name, &target))
        return PCE_NOT_FOUND;
    receipt->reason = "the LSP is not delegated to us";
    if ((target.flags & PCEP_LSP_D) == 0)
        return PCE_DENIED;
    receipt->reason = NULL;
    return PCE_OK;
}

enum pce_status lsp_delegation_return(struct lsp_lane *lane, struct wire_span name,
                                      uint8_t setup_type, struct mono now,
                                      struct lsp_order_receipt *receipt)
{
    struct lsp_order_request request = {.wanted.setup_type = setup_type,
                                        .who = LSP_ORDER_BY_OPERATOR};
    *receipt = (struct lsp_order_receipt){0};
    const bool keeps = lsp_profile_has(lane->ability.profile, LSP_HABIT_KEEPS_DELEGATION);
    enum pce_status status =
        keeps ? check_kept(lane, name, receipt) : submit_return(lane, name, &request, now, receipt);
    if (status != PCE_OK)
        return status;
    struct lsp_control *control = control_take(lane, name);
    if (control == NULL) {
        receipt->reason = "no memory for the order";
        return PCE_NO_MEMORY;
    }
    control_decide(control, CONTROL_RETURNED);
    return PCE_OK;
}

bool lsp_delegation_resume(struct lsp_lane *lane, struct wire_span name)
{
    struct lsp_control *control = control_find(lane, name);
    if (control == NULL || control->delegation != CONTROL_RETURNED)
        return false;
    control_decide(control, CONTROL_NOT_DECIDED);
    control_tidy(control);
    return true;
}
