/* FSM: the state × event table of a connection (RFC 4271 8.2.2), and the one function that writes
 * its state. docs/BGP-FSM.md prints the table for people; a test holds the two together.
 *
 * Internal to core/bgp and its tests.
 *
 * Thread: the peer's owner. Owns: nothing. */
#ifndef PCED_CORE_BGP_FSM_H
#define PCED_CORE_BGP_FSM_H

#include "core/bgp/peer.h"

enum bgp_event {
    BGP_EVENT_START,         /* by the operator, or after a pause: we connect */
    BGP_EVENT_START_PASSIVE, /* the peer connects */
    BGP_EVENT_STOP,
    BGP_EVENT_TRANSPORT_UP,
    BGP_EVENT_TRANSPORT_END,
    BGP_EVENT_OPEN,
    BGP_EVENT_OPEN_BAD, /* not acceptable, or malformed */
    BGP_EVENT_KEEPALIVE,
    BGP_EVENT_UPDATE,
    BGP_EVENT_REFRESH,
    BGP_EVENT_NOTIFICATION,
    BGP_EVENT_MALFORMED, /* a header, an UPDATE or a ROUTE-REFRESH that resets the session */
    BGP_EVENT_COLLISION, /* the other connection is the one that stays */
    BGP_EVENT_REPLACED,  /* the peer has restarted and come back (RFC 4724 4.2) */
    BGP_EVENT_NO_RESOURCES,
    BGP_EVENT_DEADLINE, /* ConnectRetry, hold or idle hold, by the state */
    BGP_EVENT_KEEPALIVE_DUE,
    BGP_EVENT_SEND_HOLD,
    BGP_EVENT_COUNT,
};

/* An event with what comes with it; what does not apply is zero. */
struct bgp_input {
    enum bgp_event event;
    struct mono now;
    const struct bgp_message *message;
    const struct bgp_fault *fault;
    const struct bgp_negotiated *negotiated; /* OPEN */
    enum pce_status status;                  /* TRANSPORT_END */
    enum bgp_error_code error;               /* STOP */
    struct wire_span data;                   /* of its NOTIFICATION */
    const struct bgp_cell *cell;             /* filled in by bgp_dispatch */
};

typedef void bgp_step_fn(struct bgp_peer *peer, struct bgp_connection *connection,
                         const struct bgp_input *input);

struct bgp_cell {
    bgp_step_fn *step;
    const char *name;  /* of the step, as the documentation prints it */
    uint8_t may_reach; /* 1 << enum bgp_state: what the step may enter; it may also stay */
};

/* Never NULL: cells that the table leaves empty are the default, "ignore". */
const struct bgp_cell *bgp_cell_at(enum bgp_state state, enum bgp_event event);
void bgp_dispatch(struct bgp_peer *peer, struct bgp_connection *connection,
                  struct bgp_input *input);
/* The only writer of the state. One that the cell does not name is a bug (CHECK). */
void bgp_enter(struct bgp_peer *peer, struct bgp_connection *connection,
               const struct bgp_input *input, enum bgp_state state);

const char *bgp_event_text(enum bgp_event event);

/* The steps (steps.c, steps_end.c). */
bgp_step_fn bgp_step_ignore;
bgp_step_fn bgp_step_connect;
bgp_step_fn bgp_step_listen;
bgp_step_fn bgp_step_retry;
bgp_step_fn bgp_step_abandon;
bgp_step_fn bgp_step_connect_failed;
bgp_step_fn bgp_step_send_open;
bgp_step_fn bgp_step_accept_open;
bgp_step_fn bgp_step_notify;
bgp_step_fn bgp_step_unexpected;
bgp_step_fn bgp_step_established;
bgp_step_fn bgp_step_keepalive_received;
bgp_step_fn bgp_step_keepalive;
bgp_step_fn bgp_step_update;
bgp_step_fn bgp_step_refresh;
bgp_step_fn bgp_step_notified;
bgp_step_fn bgp_step_hold_expired;
bgp_step_fn bgp_step_send_hold_expired;
bgp_step_fn bgp_step_replaced;
bgp_step_fn bgp_step_release;

#endif
