/* What a PCC answers: reports with an SRP-ID (RFC 8231 7.2), and errors. */
#include "core/lsp/order_impl.h"
#include "core/lsp/path_digest.h"
#include "core/pcep/error.h"
#include "core/pcep/model.h"

#include <string.h>

static bool is_of_name(const struct lsp_order *order, struct wire_span name)
{
    return order->name_size == name.size && memcmp(order->name, name.octets, name.size) == 0;
}

/* Whether the report is what was asked for; until it is, or the time is over, others may follow:
 * FRR's pathd says down, going up and active. */
static bool is_outcome(const struct lsp_order *order, const struct lsp_seen *seen)
{
    unsigned operational = (seen->flags & PCEP_LSP_O) >> PCEP_LSP_O_SHIFT;
    bool is_delegated = (seen->flags & PCEP_LSP_D) != 0;
    switch (order->kind) {
    case LSP_ORDER_UPDATE:
    case LSP_ORDER_INITIATE:
        if (!order->is_up || order->path_digest == LSP_PATH_EMPTY)
            return operational == PCEP_LSP_DOWN;
        return operational == PCEP_LSP_UP || operational == PCEP_LSP_ACTIVE;
    case LSP_ORDER_RETURN:
        return !is_delegated;
    case LSP_ORDER_CONTROL:
    case LSP_ORDER_ADOPT:
        return is_delegated;
    case LSP_ORDER_RESYNC:
        return order->name_size > 0;
    default:
        return false; /* a deletion has its outcome when the LSP is gone */
    }
}

static void answer_order(struct lsp_order *order, const struct lsp_seen *seen, struct mono now)
{
    const struct lsp_order_input input = {
        .now = now,
        .seen = seen,
        .event = is_outcome(order, seen) ? LSP_ORDER_EVENT_OUTCOME : LSP_ORDER_EVENT_REPORT,
    };
    order_dispatch(order, &input);
}

/* Numbers that we have sent in this session; routers keep older ones, and those of other PCEs, in
 * the reports of an LSP. */
static bool is_issued(const struct lsp_lane *lane, uint32_t srp_id)
{
    return srp_id - lane->first_srp_id < lane->next_srp_id - lane->first_srp_id;
}

/* FRR's pathd has numbers of former sessions in its synchronisation. */
static bool is_answer_of_session(const struct lsp_lane *lane, const struct lsp_seen *seen)
{
    return seen->srp_id != 0 && lane->is_synchronised && is_issued(lane, seen->srp_id);
}

/* RFC 8231 7.2: an answer to a later order for an LSP is one to the earlier ones too. */
static void answer_earlier(struct lsp_control *control, const struct lsp_seen *seen,
                           struct mono now)
{
    LIST_FOR_SAFE(link, following, &control->orders)
    {
        struct lsp_order *order = CONTAINER_OF(link, struct lsp_order, in_target);
        bool is_last = following == &control->orders;
        bool is_unanswered =
            order->state == LSP_ORDER_SENT || order->state == LSP_ORDER_ACKNOWLEDGED;
        uint32_t ahead = seen->srp_id - order->srp_id;
        if (is_unanswered && ahead > 0 && ahead <= INT32_MAX)
            answer_order(order, seen, now);
        if (is_last)
            return; /* the control may have gone with it */
    }
}

static void answer_exact(struct lsp_lane *lane, const struct lsp_seen *seen, struct mono now)
{
    const struct lsp_order_input mismatch = {.now = now, .event = LSP_ORDER_EVENT_MISMATCH};
    struct lsp_order *order = order_find_srp(lane, seen->srp_id);
    if (order == NULL)
        return;
    if (order->name_size == 0 || is_of_name(order, seen->name))
        answer_order(order, seen, now);
    else if (order->kind == LSP_ORDER_INITIATE)
        order_dispatch(order, &mismatch);
}

/* What waits for the LSP, and needs it to be there. */
static void tell_orders(struct lsp_control *control, enum lsp_order_event event, struct mono now)
{
    const struct lsp_order_input input = {.now = now, .event = (uint8_t)event};
    LIST_FOR_SAFE(link, following, &control->orders)
    {
        struct lsp_order *order = CONTAINER_OF(link, struct lsp_order, in_target);
        bool is_last = following == &control->orders;
        bool is_waiting = order->state <= LSP_ORDER_QUEUED;
        bool is_meant = event == LSP_ORDER_EVENT_REVOKED
                            ? order_needs_delegation(order->kind)
                            : order->kind != LSP_ORDER_INITIATE || !is_waiting;
        if (is_meant)
            order_dispatch(order, &input);
        if (is_last)
            return;
    }
}

void lsp_lane_on_removed(struct lsp_lane *lane, struct wire_span name, struct mono now)
{
    struct lsp_control *control = control_find(lane, name);
    if (control == NULL)
        return;
    /* Before the end mark a removal may be ours, of what was stale: it says nothing of the router.
     * What is held finds out after the mark whether its LSP is there. */
    if (lane->is_synchronised)
        tell_orders(control, LSP_ORDER_EVENT_GONE, now);
    control = control_find(lane, name);
    if (control != NULL)
        control_forget(control);
}

/* RFC 8232 5.2: reports before the end mark answer what has asked for them, whatever their SRP-ID. */
static void answer_trigger(struct lsp_lane *lane, const struct lsp_seen *seen, struct mono now)
{
    LIST_FOR_SAFE(link, following, &lane->whole)
    {
        struct lsp_order *order = CONTAINER_OF(link, struct lsp_order, in_target);
        if (order->who == LSP_ORDER_BY_SYNCHRONISATION && order->state == LSP_ORDER_SENT)
            answer_order(order, seen, now);
    }
}

static void answer_orders(struct lsp_lane *lane, const struct lsp_seen *seen, struct mono now)
{
    struct lsp_control *control = control_find(lane, seen->name);
    bool is_answer = is_answer_of_session(lane, seen);
    if (is_answer && control != NULL)
        answer_earlier(control, seen, now);
    if (is_answer)
        answer_exact(lane, seen, now);
    control = control_find(lane, seen->name);
    if (control != NULL && (seen->flags & PCEP_LSP_D) == 0)
        tell_orders(control, LSP_ORDER_EVENT_REVOKED, now);
    control = control_find(lane, seen->name);
    if (control != NULL)
        control_judge_path(control, seen, now);
}

const struct lsp_binding_form *lsp_lane_taken_back(struct lsp_lane *lane,
                                                   const struct lsp_seen *seen)
{
    const struct lsp_order *order =
        is_answer_of_session(lane, seen) ? order_find_srp(lane, seen->srp_id) : NULL;
    return order == NULL || order->binding.former.size == 0 || !is_of_name(order, seen->name)
               ? NULL
               : &order->binding.former;
}

void lsp_lane_on_report(struct lsp_lane *lane, const struct lsp_seen *seen, struct mono now)
{
    if (!lane->is_synchronised && lane->ability.may_trigger)
        answer_trigger(lane, seen, now);
    if (!seen->is_gone) {
        answer_orders(lane, seen, now);
        return;
    }
    /* The removal answers those that ask for one; a number tells which order of all LSPs it was. */
    struct lsp_order *order = seen->srp_id == 0 ? NULL : order_find_srp(lane, seen->srp_id);
    if (order != NULL && order->name_size == 0)
        answer_order(order, seen, now);
    lsp_lane_on_removed(lane, seen->name, now);
}

void lsp_lane_on_error(struct lsp_lane *lane, uint32_t srp_id, uint8_t error_type,
                       uint8_t error_value, struct mono now)
{
    const struct lsp_order_input input = {.now = now,
                                          .event = LSP_ORDER_EVENT_ERROR,
                                          .error_type = error_type,
                                          .error_value = error_value};
    struct lsp_order *order = srp_id == 0 ? NULL : order_find_srp(lane, srp_id);
    if (order == NULL)
        lane->orders->counters.orders_unknown_srp++;
    else
        order_dispatch(order, &input);
}

/* ---- errors without an SRP ---- */

/* What is about requests, sessions or synchronisations is no answer to an order, but for an error
 * of a resynchronisation that an order has asked for (RFC 8232 6.2). */
static bool answer_fits(const struct lsp_order *order, uint8_t error_type)
{
    switch (pcep_error_code(error_type, 0)) {
    case PCEP_ERROR_SESSION_FAILED:
    case PCEP_ERROR_SYNCHRONIZED_REQUEST_MISSING:
    case PCEP_ERROR_UNKNOWN_REQUEST:
    case PCEP_ERROR_SECOND_SESSION:
    case PCEP_ERROR_STARTTLS_FAILED:
        return false;
    case PCEP_ERROR_SYNC_FAILED:
        return order->kind == LSP_ORDER_RESYNC;
    default:
        return true;
    }
}

/* NULL: none, or several. */
static struct lsp_order *find_only(const struct lsp_lane *lane, struct wire_span name,
                                   uint8_t error_type)
{
    struct lsp_order *only = NULL;
    LIST_FOR(link, &lane->sent)
    {
        struct lsp_order *order = CONTAINER_OF(link, struct lsp_order, in_queue);
        if ((name.size > 0 && !is_of_name(order, name)) || !answer_fits(order, error_type))
            continue;
        if (only != NULL)
            return NULL;
        only = order;
    }
    return only;
}

void lsp_lane_on_bare_error(struct lsp_lane *lane, struct wire_span name, uint8_t error_type,
                            uint8_t error_value, struct mono now)
{
    const struct lsp_order_input input = {.now = now,
                                          .event = LSP_ORDER_EVENT_ERROR,
                                          .error_type = error_type,
                                          .error_value = error_value,
                                          .is_guessed = true};
    struct lsp_order *order = find_only(lane, name, error_type);
    if (order == NULL)
        return;
    lane->orders->counters.orders_guessed++;
    order_dispatch(order, &input);
}
