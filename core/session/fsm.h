/* FSM: the state × event table of a session (RFC 5440 Appendix A), and the one function that writes
 * a session's state. docs/SESSION-FSM.md prints the table for people; a test holds the two
 * together.
 *
 * Internal to core/session and its tests.
 *
 * Thread: the owning shard. Owns: nothing. */
#ifndef PCED_CORE_SESSION_FSM_H
#define PCED_CORE_SESSION_FSM_H

#include "core/session/open.h"
#include "core/session/session.h"

enum session_event {
    SESSION_EVENT_CONNECT,       /* the owner connects to the peer */
    SESSION_EVENT_TRANSPORT_UP,  /* TCP is there */
    SESSION_EVENT_TRANSPORT_END, /* TCP is gone */
    SESSION_EVENT_OPEN_ACCEPTABLE,
    SESSION_EVENT_OPEN_NEGOTIABLE,   /* timers out of our ranges */
    SESSION_EVENT_OPEN_UNACCEPTABLE, /* capabilities that cannot work, or that are invalid */
    SESSION_EVENT_KEEPALIVE,
    SESSION_EVENT_PROPOSAL_ACCEPTABLE,   /* PCErr 1/4 whose OPEN we can live with */
    SESSION_EVENT_PROPOSAL_UNACCEPTABLE, /* PCErr 1/4 with another OPEN, or none */
    SESSION_EVENT_ERROR,                 /* any other PCErr */
    SESSION_EVENT_CLOSE,
    SESSION_EVENT_STARTTLS,
    SESSION_EVENT_OTHER_MESSAGE, /* of a known type that is the handlers' business */
    SESSION_EVENT_UNKNOWN_MESSAGE,
    SESSION_EVENT_MALFORMED,
    SESSION_EVENT_BAD_VERSION,
    SESSION_EVENT_NO_RESOURCES, /* our memory does not hold what the peer sent, or what we must send
                                 */
    SESSION_EVENT_WAIT_EXPIRED, /* Connect, OpenWait or KeepWait, by the state */
    SESSION_EVENT_KEEPALIVE_DUE,
    SESSION_EVENT_DEAD_EXPIRED,
    SESSION_EVENT_SEND_HOLD_EXPIRED,
    SESSION_EVENT_UNKNOWN_REQUESTS, /* too many of them */
    SESSION_EVENT_ADMIN_CLOSE,
    SESSION_EVENT_COUNT,
};

/* An event with what comes with it; what does not apply is zero. */
struct session_input {
    enum session_event event;
    struct mono now;
    const struct pcep_message *message;
    const struct pcep_fault *fault;
    const struct session_open_view *open; /* the peer's OPEN: OPEN_… and PROPOSAL_… events */
    enum pce_status status;               /* TRANSPORT_END */
    uint8_t close_reason;                 /* ADMIN_CLOSE */
    const char *text;                     /* ADMIN_CLOSE, NO_RESOURCES */
    const struct session_cell *cell;      /* filled in by session_dispatch */
};

typedef void session_step_fn(struct session *session, const struct session_input *input);

struct session_cell {
    session_step_fn *step;
    const char *name;  /* of the step, as the documentation prints it */
    uint8_t may_reach; /* 1 << enum session_state: what the step may enter; it may also stay */
};

/* Never NULL: cells that the table leaves empty are the default, "ignore". */
const struct session_cell *session_cell_at(enum session_state state, enum session_event event);
/* Runs the cell's step. */
void session_dispatch(struct session *session, struct session_input *input);
/* The only writer of session->state. A state that the cell does not name is a bug (CHECK). */
void session_enter(struct session *session, const struct session_input *input,
                   enum session_state state);

const char *session_event_text(enum session_event event);

#endif
