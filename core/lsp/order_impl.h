/* The inside of orders, for the files that make them up.
 *
 * Thread: the owning shard. */
#ifndef PCED_CORE_LSP_ORDER_IMPL_H
#define PCED_CORE_LSP_ORDER_IMPL_H

#include "core/lsp/lane.h"

/* ---- control: what is known of an LSP that is steered (control.c) ---- */

struct lsp_control {
    struct map_node node;  /* by lane and name */
    struct list_link link; /* of its lane */
    struct lsp_lane *lane;
    struct list_link orders; /* that live, oldest first */
    uint64_t path_digest;    /* of the way that it had after an order of ours */
    struct mono contested;   /* when it was last */
    struct mono not_before;  /* for what nobody has just asked for */
    uint32_t contests;
    uint32_t refusals;  /* of delegations, in this session */
    bool has_path;      /* path_digest is known */
    uint8_t delegation; /* enum control_delegation */
    uint8_t name_size;
    char name[];
};

/* What has become of a delegation that is not wanted. */
enum control_delegation {
    CONTROL_NOT_DECIDED, /* not delegated, or wanted */
    CONTROL_REFUSED,     /* by policy */
    CONTROL_RETURNED,    /* by an operator */
};

map_equal_fn control_is_equal;
/* The one way to change it: the lane counts those that are not CONTROL_NOT_DECIDED. */
void control_decide(struct lsp_control *control, enum control_delegation delegation);
struct lsp_control *control_find(struct lsp_lane *lane, struct wire_span name);
/* Found or made. NULL: no memory, or as many as may be. */
struct lsp_control *control_take(struct lsp_lane *lane, struct wire_span name);
/* Nothing need be known of it any more: frees it, where no order of it lives. */
void control_forget(struct lsp_control *control);
/* The same, where nothing is known of it. */
void control_tidy(struct lsp_control *control);
/* A report has this path; told and counted when it is somebody else's. */
void control_judge_path(struct lsp_control *control, const struct lsp_seen *seen, struct mono now);

/* ---- the table (order_fsm.c) ---- */

enum lsp_order_event {
    LSP_ORDER_EVENT_SYNCHRONISED, /* the end mark of its session */
    LSP_ORDER_EVENT_TIME,         /* its timer has fired */
    LSP_ORDER_EVENT_SEND,         /* it is in the session's queue, with its SRP-ID */
    LSP_ORDER_EVENT_ABSENT,       /* it is due, and the session knows no LSP of this name */
    LSP_ORDER_EVENT_REVOKED,      /* it needs the delegation, and the PCC has taken it back */
    LSP_ORDER_EVENT_REPORT,       /* with its SRP-ID or a later one: not yet what was asked for */
    LSP_ORDER_EVENT_OUTCOME,      /* the same: what was asked for */
    LSP_ORDER_EVENT_MISMATCH,     /* the same: of another LSP than was to be initiated */
    LSP_ORDER_EVENT_GONE,         /* its LSP is removed */
    LSP_ORDER_EVENT_ERROR,        /* a PCErr for it */
    LSP_ORDER_EVENT_REPLACED,     /* by a newer order */
    LSP_ORDER_EVENT_DOWN,         /* its session has ended */
    LSP_ORDER_EVENT_LOST,         /* its lane goes */
    LSP_ORDER_EVENT_COUNT,
};

struct lsp_order_input {
    struct mono now;
    const struct lsp_seen *seen; /* REPORT, OUTCOME */
    uint8_t error_type;          /* ERROR */
    uint8_t error_value;
    uint8_t event;   /* enum lsp_order_event */
    bool is_guessed; /* ERROR: it names no SRP */
};

void order_dispatch(struct lsp_order *order, const struct lsp_order_input *input);
/* A new one, in state HELD or QUEUED. */
void order_begin(struct lsp_order *order, struct mono now);
/* Bit n: state n may be reached; 0: the event means nothing there. */
uint16_t order_reaches(enum lsp_order_state state, enum lsp_order_event event);
/* "ignore" where the event means nothing. */
const char *order_step_name(enum lsp_order_state state, enum lsp_order_event event);
const char *order_event_text(enum lsp_order_event event);

/* ---- orders (order.c) ---- */

/* When the session may be asked; MONO_NEVER: not before its end mark. */
struct mono order_due(const struct lsp_order *order);
/* It has ended: kept for a while. */
void order_retire(struct lsp_order *order);
void order_destroy(struct lsp_order *order);
/* The one that ended first. */
void order_forget_oldest(struct lsp_orders *orders);
/* Whether it may be asked only of an LSP that is delegated to us. */
bool order_needs_delegation(uint8_t kind);
bool order_is_of_all(uint8_t kind, size_t name_size);
bool order_is_deletion(const struct lsp_order *order);
struct lsp_order *order_find_srp(struct lsp_lane *lane, uint32_t srp_id);
/* In and out of the map by SRP-ID; the latter is harmless when it is not there. PCE_NO_MEMORY. */
PCE_MUST_CHECK enum pce_status order_index_srp(struct lsp_order *order);
void order_unindex_srp(struct lsp_order *order);
/* An UNCONFIRMED one of which no late answer is awaited any more. */
void order_let_go(struct lsp_order *order);
/* Something of the lane may be sent. */
void lane_wake(struct lsp_lane *lane);
uint64_t order_hash_of_id(uint64_t id);
map_equal_fn order_is_equal_id;
map_equal_fn order_is_equal_srp;
map_equal_fn lane_is_equal;

#endif
