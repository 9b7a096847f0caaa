/* Open: our OPEN object, and what the peer's OPEN means for the session.
 *
 * Internal to core/session and its tests.
 *
 * Thread: the owning shard. Owns: nothing. */
#ifndef PCED_CORE_SESSION_OPEN_H
#define PCED_CORE_SESSION_OPEN_H

#include "core/session/session.h"

enum session_open_judgement {
    SESSION_OPEN_ACCEPTABLE,
    SESSION_OPEN_NEGOTIABLE,   /* only timers are out of range, and there are better ones */
    SESSION_OPEN_UNACCEPTABLE, /* fault says why */
    SESSION_OPEN_MALFORMED,    /* not exactly one OPEN object */
};

/* A peer's OPEN, read. */
struct session_open_view {
    enum session_open_judgement judgement;
    const struct pcep_object *object; /* NULL when there is none */
    struct session_peer_open said;
    struct pcep_fault fault; /* set when unacceptable: the error to send */
};

/* Octets of the largest OPEN object that we make. */
#define SESSION_OPEN_SIZE_MAX 196

/* Reads the OPEN of an Open message (RFC 5440 6.2, 7.3; RFC 8231 7.1.1; RFC 8408 5; RFC 8664 5.1;
 * RFC 9603 5.1). A malformed TLV refuses the session where we act on it, and is skipped and counted
 * where we do not. */
void session_open_read(const struct session_config *config, const struct pcep_message *message,
                       struct session_open_view *view);
/* Reads the OPEN that a PCErr 1/4 proposes to us: ACCEPTABLE when we can send with these timers,
 * else UNACCEPTABLE (RFC 5440 Appendix A, KeepWait). */
void session_proposal_read(const struct session_config *config, const struct pcep_message *message,
                           struct session_open_view *view);

/* Writes the Open message that we send now: session's keepalive_s, own_dead_timer_s, local_sid. */
void session_open_write(struct session *session, struct wire_writer *writer);
/* Writes the PCErr 1/4 with the peer's OPEN, acceptable values in place of its own where those are
 * not (RFC 5440 6.2). */
void session_open_write_proposal(struct session *session, const struct session_open_view *view,
                                 struct wire_writer *writer);

#endif
