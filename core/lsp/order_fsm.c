/* The table of an order: state x event -> step. A step says in which state the order is next; the
 * rows say which it may reach, and one function changes the state. docs/ORDER-FSM.md has the table. */
#include "core/base/check.h"
#include "core/lsp/order_impl.h"
#include "core/pcep/error.h"
#include "core/pcep/model.h"

#include <stddef.h>

typedef enum lsp_order_state order_step(struct lsp_order *order,
                                        const struct lsp_order_input *input);

/* ---- waiting ---- */

static void time_order(struct lsp_order *order, struct mono deadline)
{
    wheel_start(order->lane->orders->wheel, &order->timer, deadline);
}

/* Its time has come, or when it does is known. */
static enum lsp_order_state step_wait(struct lsp_order *order, const struct lsp_order_input *input)
{
    struct mono due = order_due(order);
    if (!mono_is_before(input->now, due))
        return LSP_ORDER_QUEUED;
    time_order(order, due);
    return LSP_ORDER_HELD;
}

/* The end mark is what a synchronisation was asked for. */
static enum lsp_order_state step_mark(struct lsp_order *order, const struct lsp_order_input *input)
{
    (void)order;
    (void)input;
    return LSP_ORDER_DONE;
}

/* A session that goes takes along what was asked in it; what is to be deleted stays so. */
static enum lsp_order_state step_down(struct lsp_order *order, const struct lsp_order_input *input)
{
    (void)input;
    if (order_is_deletion(order)) {
        order->not_before = (struct mono){0};
        return LSP_ORDER_HELD;
    }
    order->reason = "the session has ended";
    return LSP_ORDER_DROPPED;
}

static enum lsp_order_state step_lost(struct lsp_order *order, const struct lsp_order_input *input)
{
    (void)input;
    order->reason = "the PCC is forgotten";
    return LSP_ORDER_DROPPED;
}

static enum lsp_order_state step_replaced(struct lsp_order *order,
                                          const struct lsp_order_input *input)
{
    (void)input;
    order->reason = "a newer order has replaced it";
    return LSP_ORDER_DROPPED;
}

/* The LSP is removed, or this session knows none of its name: a deletion has what it wants. */
static enum lsp_order_state step_gone(struct lsp_order *order, const struct lsp_order_input *input)
{
    (void)input;
    if (order_is_deletion(order))
        return LSP_ORDER_DONE;
    order->reason = "the LSP is gone";
    return LSP_ORDER_DROPPED;
}

/* RFC 8231 5.7.2.1: an update would get an error. */
static enum lsp_order_state step_revoked(struct lsp_order *order,
                                         const struct lsp_order_input *input)
{
    (void)input;
    order->reason = "the LSP is not delegated to us any more";
    return LSP_ORDER_DROPPED;
}

/* ---- in flight ---- */

static enum lsp_order_state step_send(struct lsp_order *order, const struct lsp_order_input *input)
{
    order->sent = input->now;
    order->tries++;
    time_order(order, mono_add_s(input->now, LSP_ORDER_ANSWER_S));
    return LSP_ORDER_SENT;
}

static void note_report(struct lsp_order *order, const struct lsp_seen *seen)
{
    order->operational = (uint8_t)((seen->flags & PCEP_LSP_O) >> PCEP_LSP_O_SHIFT);
    order->has_delegation = (seen->flags & PCEP_LSP_D) != 0;
    order->has_other_path =
        (order->kind == LSP_ORDER_UPDATE || order->kind == LSP_ORDER_INITIATE) &&
        seen->path_digest != order->path_digest;
}

static enum lsp_order_state step_report(struct lsp_order *order,
                                        const struct lsp_order_input *input)
{
    note_report(order, input->seen);
    return LSP_ORDER_ACKNOWLEDGED;
}

static enum lsp_order_state step_outcome(struct lsp_order *order,
                                         const struct lsp_order_input *input)
{
    note_report(order, input->seen);
    return LSP_ORDER_DONE;
}

/* FRR's pathd 8.4.4 answers an initiation whose colour and endpoint are taken with the LSP that has
 * them. */
static enum lsp_order_state step_mismatch(struct lsp_order *order,
                                          const struct lsp_order_input *input)
{
    (void)input;
    order->reason = "the router has answered with another LSP: the colour and endpoint are taken";
    return LSP_ORDER_REFUSED;
}

/* ---- deletions that are tried again ---- */

static enum lsp_order_state try_again(struct lsp_order *order, struct mono now)
{
    if (order->tries >= LSP_DELETE_TRIES_MAX) {
        order->reason = "given up: the router does not delete it";
        return LSP_ORDER_REFUSED;
    }
    uint64_t pause_s = (uint64_t)LSP_DELETE_PAUSE_S << (order->tries - 1);
    if (pause_s > LSP_DELETE_PAUSE_MAX_S)
        pause_s = LSP_DELETE_PAUSE_MAX_S;
    order->not_before = mono_add_s(now, pause_s);
    order->lane->orders->counters.orders_retried++;
    time_order(order, order_due(order));
    return LSP_ORDER_HELD;
}

/* An error is an answer: nothing is asked again because of it, but a deletion. */
static enum lsp_order_state step_error(struct lsp_order *order, const struct lsp_order_input *input)
{
    enum pcep_error_code error = pcep_error_code(input->error_type, input->error_value);
    order->error_type = input->error_type;
    order->error_value = input->error_value;
    order->reason = input->is_guessed ? "refused by the router, in an error that names no order"
                                      : "refused by the router";
    if (!order_is_deletion(order))
        return LSP_ORDER_REFUSED;
    if (error == PCEP_ERROR_UPDATE_OF_UNKNOWN_PLSP_ID) {
        order->reason = NULL;
        return LSP_ORDER_DONE;
    }
    if (error == PCEP_ERROR_LSP_NOT_INITIATED)
        return LSP_ORDER_REFUSED;
    return try_again(order, input->now);
}

/* A late one, for an order that was given up waiting for. */
static enum lsp_order_state step_late_error(struct lsp_order *order,
                                            const struct lsp_order_input *input)
{
    order->error_type = input->error_type;
    order->error_value = input->error_value;
    order->reason = "refused by the router, late";
    return LSP_ORDER_REFUSED;
}

static enum lsp_order_state step_silence(struct lsp_order *order,
                                         const struct lsp_order_input *input)
{
    if (order_is_deletion(order))
        return try_again(order, input->now);
    order->reason = "the router has not answered";
    return LSP_ORDER_UNCONFIRMED;
}

/* What the PCC said last is the outcome. */
static enum lsp_order_state step_time_over(struct lsp_order *order,
                                           const struct lsp_order_input *input)
{
    bool wants = order->kind == LSP_ORDER_ADOPT || order->kind == LSP_ORDER_CONTROL;
    if (order->kind == LSP_ORDER_DELETE)
        return try_again(order, input->now);
    if (wants && !order->has_delegation)
        order->reason = "the router does not delegate it";
    else if (order->kind == LSP_ORDER_RETURN && order->has_delegation)
        order->reason = "the router goes on delegating it";
    else
        return LSP_ORDER_DONE;
    return LSP_ORDER_REFUSED;
}

/* ---- the table ---- */

struct order_cell {
    order_step *step;
    const char *name;
    uint16_t may_reach;
};

#define TO(state) (1U << LSP_ORDER_##state)
#define CELL(function, to)                                                                         \
    {                                                                                              \
        function, #function, (uint16_t)(to)                                                        \
    }

static const struct order_cell order_cells[LSP_ORDER_STATE_COUNT][LSP_ORDER_EVENT_COUNT] =
    {
        [LSP_ORDER_HELD] =
            {
                [LSP_ORDER_EVENT_SYNCHRONISED] = CELL(step_wait, TO(HELD) | TO(QUEUED)),
                [LSP_ORDER_EVENT_TIME] = CELL(step_wait, TO(HELD) | TO(QUEUED)),
                [LSP_ORDER_EVENT_GONE] = CELL(step_gone, TO(DONE) | TO(DROPPED)),
                [LSP_ORDER_EVENT_REVOKED] = CELL(step_revoked, TO(DROPPED)),
                [LSP_ORDER_EVENT_REPLACED] = CELL(step_replaced, TO(DROPPED)),
                [LSP_ORDER_EVENT_DOWN] = CELL(step_down, TO(HELD) | TO(DROPPED)),
                [LSP_ORDER_EVENT_LOST] = CELL(step_lost, TO(DROPPED)),
            },
        [LSP_ORDER_QUEUED] =
            {
                [LSP_ORDER_EVENT_SEND] = CELL(step_send, TO(SENT)),
                [LSP_ORDER_EVENT_ABSENT] = CELL(step_gone, TO(DONE) | TO(DROPPED)),
                [LSP_ORDER_EVENT_GONE] = CELL(step_gone, TO(DONE) | TO(DROPPED)),
                [LSP_ORDER_EVENT_REVOKED] = CELL(step_revoked, TO(DROPPED)),
                [LSP_ORDER_EVENT_REPLACED] = CELL(step_replaced, TO(DROPPED)),
                [LSP_ORDER_EVENT_DOWN] = CELL(step_down, TO(HELD) | TO(DROPPED)),
                [LSP_ORDER_EVENT_LOST] = CELL(step_lost, TO(DROPPED)),
            },
        [LSP_ORDER_SENT] =
            {
                [LSP_ORDER_EVENT_SYNCHRONISED] = CELL(step_mark, TO(DONE)),
                [LSP_ORDER_EVENT_REPORT] = CELL(step_report, TO(ACKNOWLEDGED)),
                [LSP_ORDER_EVENT_OUTCOME] = CELL(step_outcome, TO(DONE)),
                [LSP_ORDER_EVENT_MISMATCH] = CELL(step_mismatch, TO(REFUSED)),
                [LSP_ORDER_EVENT_GONE] = CELL(step_gone, TO(DONE) | TO(DROPPED)),
                [LSP_ORDER_EVENT_ERROR] = CELL(step_error, TO(REFUSED) | TO(DONE) | TO(HELD)),
                [LSP_ORDER_EVENT_TIME] =
                    CELL(step_silence, TO(UNCONFIRMED) | TO(HELD) | TO(REFUSED)),
                [LSP_ORDER_EVENT_DOWN] = CELL(step_down, TO(HELD) | TO(DROPPED)),
            },
        [LSP_ORDER_ACKNOWLEDGED] =
            {
                [LSP_ORDER_EVENT_SYNCHRONISED] = CELL(step_mark, TO(DONE)),
                [LSP_ORDER_EVENT_REPORT] = CELL(step_report, TO(ACKNOWLEDGED)),
                [LSP_ORDER_EVENT_OUTCOME] = CELL(step_outcome, TO(DONE)),
                [LSP_ORDER_EVENT_GONE] = CELL(step_gone, TO(DONE) | TO(DROPPED)),
                [LSP_ORDER_EVENT_ERROR] = CELL(step_error, TO(REFUSED) | TO(DONE) | TO(HELD)),
                [LSP_ORDER_EVENT_TIME] = CELL(step_time_over, TO(DONE) | TO(REFUSED) | TO(HELD)),
                [LSP_ORDER_EVENT_DOWN] = CELL(step_down, TO(HELD) | TO(DROPPED)),
            },
        [LSP_ORDER_UNCONFIRMED] =
            {
                [LSP_ORDER_EVENT_REPORT] = CELL(step_outcome, TO(DONE)),
                [LSP_ORDER_EVENT_OUTCOME] = CELL(step_outcome, TO(DONE)),
                [LSP_ORDER_EVENT_MISMATCH] = CELL(step_mismatch, TO(REFUSED)),
                [LSP_ORDER_EVENT_ERROR] = CELL(step_late_error, TO(REFUSED)),
            },
};

uint16_t order_reaches(enum lsp_order_state state, enum lsp_order_event event)
{
    return order_cells[state][event].may_reach;
}

const char *order_step_name(enum lsp_order_state state, enum lsp_order_event event)
{
    const char *name = order_cells[state][event].name;
    return name == NULL ? "ignore" : name + sizeof "step_" - 1;
}

/* ---- the one function that changes the state ---- */

static void leave(struct lsp_order *order, enum lsp_order_state next)
{
    struct lsp_lane *lane = order->lane;
    struct lsp_order_counters *counters = &lane->orders->counters;
    bool is_answered = order->state == LSP_ORDER_SENT || order->state == LSP_ORDER_ACKNOWLEDGED;
    if (order->state == LSP_ORDER_HELD || order->state == LSP_ORDER_QUEUED)
        counters->orders_waiting--;
    list_remove(&order->in_queue);
    if (order->state == LSP_ORDER_SENT) {
        CHECK(lane->sent_count > 0);
        lane->sent_count--;
        counters->orders_in_flight--;
        lane_wake(lane); /* another one may be sent */
    }
    bool stays_known = next == LSP_ORDER_ACKNOWLEDGED || next == LSP_ORDER_UNCONFIRMED;
    if ((is_answered || order->state == LSP_ORDER_UNCONFIRMED) && !stays_known)
        order_unindex_srp(order);
}

static void arrive(struct lsp_order *order)
{
    struct lsp_lane *lane = order->lane;
    struct lsp_order_counters *counters = &lane->orders->counters;
    if (order->state == LSP_ORDER_HELD || order->state == LSP_ORDER_QUEUED)
        counters->orders_waiting++;
    if (order->state == LSP_ORDER_QUEUED) {
        wheel_stop(lane->orders->wheel, &order->timer);
        list_push_back(&lane->queue, &order->in_queue);
        lane_wake(lane);
    } else if (order->state == LSP_ORDER_SENT) {
        list_push_back(&lane->sent, &order->in_queue);
        lane->sent_count++;
        counters->orders_in_flight++;
    } else if (order->state == LSP_ORDER_UNCONFIRMED) {
        list_push_back(&lane->unconfirmed, &order->in_queue);
    }
}

static void count_end(struct lsp_order_counters *counters, const struct lsp_order *order,
                      enum lsp_order_event event)
{
    if (order->state == LSP_ORDER_DONE)
        counters->orders_done++;
    else if (order->state == LSP_ORDER_REFUSED)
        counters->orders_refused++;
    else if (order->state == LSP_ORDER_UNCONFIRMED)
        counters->orders_unconfirmed++;
    else if (event == LSP_ORDER_EVENT_REPLACED)
        counters->orders_replaced++;
    else
        counters->orders_dropped++;
}

/* What a report after an order of ours has shown is the LSP's path now. */
static void keep_path(struct lsp_order *order)
{
    struct lsp_control *control = order->control;
    bool is_path = order->kind == LSP_ORDER_UPDATE || order->kind == LSP_ORDER_INITIATE;
    if (control == NULL || !is_path || order->tries == 0)
        return;
    control->has_path = order->state == LSP_ORDER_DONE && !order->has_other_path;
    control->path_digest = order->path_digest;
}

static void order_enter(struct lsp_order *order, enum lsp_order_state next,
                        const struct lsp_order_input *input)
{
    struct lsp_orders *orders = order->lane->orders;
    enum lsp_order_state from = order->state;
    leave(order, next);
    order->state = (uint8_t)next;
    arrive(order);
    if (lsp_order_has_ended(order)) {
        wheel_stop(orders->wheel, &order->timer);
        order->ended = input->now;
        count_end(&orders->counters, order, input->event);
    }
    if (orders->ops->on_order != NULL)
        orders->ops->on_order(orders->owner, order, from);
    if (!lsp_order_has_ended(order))
        return;
    keep_path(order);
    if (from != LSP_ORDER_UNCONFIRMED) {
        order_retire(order);
        return;
    }
    order->lane = NULL; /* it has retired before */
    orders->counters.orders_late++;
}

void order_dispatch(struct lsp_order *order, const struct lsp_order_input *input)
{
    const struct order_cell *cell = &order_cells[order->state][input->event];
    if (cell->step == NULL)
        return;
    /* A step may set the timer: it is stopped before, since only the old state used it. */
    if (input->event != LSP_ORDER_EVENT_REPORT)
        wheel_stop(order->lane->orders->wheel, &order->timer);
    enum lsp_order_state next = cell->step(order, input);
    CHECK((cell->may_reach & 1U << next) != 0);
    if (next != order->state)
        order_enter(order, next, input);
}

void order_begin(struct lsp_order *order, struct mono now)
{
    struct mono due = order_due(order);
    order->state = mono_is_before(now, due) ? LSP_ORDER_HELD : LSP_ORDER_QUEUED;
    arrive(order);
    if (order->state == LSP_ORDER_HELD)
        time_order(order, due);
}

const char *order_event_text(enum lsp_order_event event)
{
    static const char *const texts[LSP_ORDER_EVENT_COUNT] = {
        [LSP_ORDER_EVENT_SYNCHRONISED] = "end mark",
        [LSP_ORDER_EVENT_TIME] = "timer",
        [LSP_ORDER_EVENT_SEND] = "sent",
        [LSP_ORDER_EVENT_ABSENT] = "absent",
        [LSP_ORDER_EVENT_REVOKED] = "revoked",
        [LSP_ORDER_EVENT_REPORT] = "report",
        [LSP_ORDER_EVENT_OUTCOME] = "outcome",
        [LSP_ORDER_EVENT_MISMATCH] = "mismatch",
        [LSP_ORDER_EVENT_GONE] = "LSP gone",
        [LSP_ORDER_EVENT_ERROR] = "PCErr",
        [LSP_ORDER_EVENT_REPLACED] = "replaced",
        [LSP_ORDER_EVENT_DOWN] = "session down",
        [LSP_ORDER_EVENT_LOST] = "PCC forgotten",
    };
    return texts[event];
}
