/* The state × event table of a connection. docs/CONNECTION-FSM.md prints the table for people; a
 * test holds the two together.
 *
 * What the owner asks and what completions bring are events; the cell's step does what follows and
 * enters another state, or stays. Octets that come and go are no events: they change no state.
 *
 * Internal to io/net and its tests.
 *
 * Thread: the pool's shard. Owns: nothing. */
#ifndef PCED_IO_NET_CONN_FSM_H
#define PCED_IO_NET_CONN_FSM_H

#include "io/net/conn_impl.h"

enum conn_event {
    /* A record has got a socket. */
    CONN_EVENT_ACCEPTED, /* whose peer's address has to be asked for; input: owner, name_size */
    CONN_EVENT_NAMED,    /* the peer's address is known, or will not be */
    CONN_EVENT_DIAL,     /* conn_connect; input: ops, owner */
    CONN_EVENT_PLACED,   /* the file is in the ring's table, or there was no room */
    CONN_EVENT_INTERRUPTED,
    CONN_EVENT_CONNECTED,
    CONN_EVENT_CONNECT_FAILED, /* input: status */
    /* The owner asks. */
    CONN_EVENT_HAND_OVER, /* input: ops, owner */
    CONN_EVENT_DETACH,    /* input: detached, owner */
    CONN_EVENT_STALL,
    CONN_EVENT_FINISH,
    CONN_EVENT_TURN_AWAY,
    CONN_EVENT_RESET, /* input: status */
    /* The socket. */
    CONN_EVENT_PEER_FIN,
    CONN_EVENT_FAILED, /* input: status */
    /* A turn, or a completion. */
    CONN_EVENT_NEWS_DUE,        /* the owner takes octets, and no more can come */
    CONN_EVENT_SENT_OUT,        /* the kernel has taken all that was queued */
    CONN_EVENT_LAST_COMPLETION, /* nothing is in flight any more */
    CONN_EVENT_INSTALLED,       /* input: result */
    CONN_EVENT_CLOSED,
    CONN_EVENT_COUNT,
};

struct conn_input {
    enum conn_event event;
    enum pce_status status; /* what an end is called */
    int result;             /* INSTALLED: a descriptor, or a negative errno */
    uint32_t name_size;     /* ACCEPTED: octets of an address of its family */
    const struct conn_ops *ops;
    conn_detached_fn *detached;
    void *owner;
    const struct conn_cell *cell; /* filled in by conn_dispatch */
};

/* After a step the record may be another's: nothing but the return may follow one that ends in
 * CONN_FREE. */
typedef void conn_step_fn(struct conn *conn, const struct conn_input *input);

struct conn_cell {
    conn_step_fn *step;
    const char *name;   /* of the step, as the documentation prints it */
    uint32_t may_reach; /* 1 << enum conn_state: what the step may enter; it may also stay */
};

/* Never NULL: cells that the table leaves empty are the default, "ignore". */
const struct conn_cell *conn_cell_at(enum conn_state state, enum conn_event event);
/* Whether the event means anything in the connection's state. */
bool conn_has_step(const struct conn *conn, enum conn_event event);
/* Runs the cell's step. */
void conn_dispatch(struct conn *conn, struct conn_input *input);
/* The same for an event that has at most a status. */
void conn_happen(struct conn *conn, enum conn_event event, enum pce_status status);

const char *conn_state_text(enum conn_state state);
const char *conn_event_text(enum conn_event event);

#endif
