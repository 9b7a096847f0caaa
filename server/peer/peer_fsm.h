/* The phase × event table of a peer. docs/PEER-FSM.md prints the table for people; a test holds the
 * two together.
 *
 * What the session says of itself, what the connection tells, time, and what others ask of a peer are
 * events; the cell's step does what follows and enters another phase, or stays. Octets and messages
 * are no events: they change no phase.
 *
 * Internal to server/peer and its tests.
 *
 * Thread: the shard. Owns: nothing. */
#ifndef PCED_SERVER_PEER_PEER_FSM_H
#define PCED_SERVER_PEER_PEER_FSM_H

#include "server/peer/peer.h"

enum peer_event {
    /* It begins. */
    PEER_EVENT_CONNECT, /* our connection to it is under way */
    PEER_EVENT_LIST,    /* a session is to begin; it stays where it is when memory ran out */
    PEER_EVENT_GREET,   /* the Open of a session that the peer opened is in the queue */
    PEER_EVENT_GREETED, /* … and is held back no longer */
    /* The session. */
    PEER_EVENT_SESSION_ENDED,
    PEER_EVENT_END_TRANSPORT, /* input: how */
    /* The connection and time. */
    PEER_EVENT_CUT,      /* what waited was dropped (conn_stall); input: dropped */
    PEER_EVENT_RELEASED, /* it names the peer no more */
    PEER_EVENT_TIME,
    /* Others. */
    PEER_EVENT_STALL,     /* it is to be taken as stalled; input: stall */
    PEER_EVENT_STALL_DUE, /* … and nothing is on the way through its session now */
    PEER_EVENT_RESET,
    PEER_EVENT_COUNT,
};

struct peer_input {
    enum peer_event event;
    enum session_end how;
    enum peer_stall stall;
    const struct send_dropped *dropped;
    const struct peer_cell *cell; /* filled in by peer_dispatch */
};

/* Steps nest: the session that a step calls may bring events of its own, which are worked on at
 * once. */
typedef void peer_step_fn(struct peer *peer, const struct peer_input *input);

struct peer_cell {
    peer_step_fn *step;
    const char *name;   /* of the step, as the documentation prints it */
    uint32_t may_reach; /* 1 << enum peer_phase: what the step may enter; it may also stay */
};

/* Never NULL: cells that the table leaves empty are the default, "ignore". */
const struct peer_cell *peer_cell_at(enum peer_phase phase, enum peer_event event);
/* Runs the cell's step. */
void peer_dispatch(struct peer *peer, struct peer_input *input);
/* The same for an event without input. */
void peer_happen(struct peer *peer, enum peer_event event);

/* For the steps: the one way into a phase. The count of sessions and the map of addresses follow
 * from it: who leaves the map is gone for the watchers. */
void peer_enter(struct peer *peer, const struct peer_input *input, enum peer_phase phase);

const char *peer_phase_text(enum peer_phase phase);
const char *peer_event_text(enum peer_event event);

#endif
