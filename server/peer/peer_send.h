/* The sending side of a peer: pending octets and their limits, the SendHoldTimer, and the end of a
 * peer that does not read.
 *
 * Pending octets are what waits in the queue and what the kernel has taken and the peer's TCP has
 * not acknowledged. The queue is known at any time, the rest only when the socket is asked
 * (SIOCOUTQ, through the ring); so it is asked when the two together might be past a limit, when
 * the send hold wants to know, and while the peer is paused. Nothing is asked for a peer that takes
 * what it gets.
 *
 * All three ways of being taken as stalled (send hold, hard limit, worst of the total limit) end in
 * one path: what has not begun is dropped, the remainder of the message that is partly out and then
 * the Close go out as one operation, the session is over, and the connection has the grace to
 * drain; then it is reset.
 *
 * Thread: the shard. Owns: nothing. Bound: the limits of the peer. */
#ifndef PCED_SERVER_PEER_PEER_SEND_H
#define PCED_SERVER_PEER_PEER_SEND_H

#include "server/peer/peer.h"

void peer_send_init(struct peer *peer);
/* Takes it out of all sums; before the record goes. */
void peer_send_fini(struct peer *peer);
/* The session is UP: the SendHoldTimer starts. */
void peer_send_on_up(struct peer *peer);
/* peer->policy were replaced. */
void peer_send_on_limits(struct peer *peer);
/* The session has ended. */
void peer_send_on_down(struct peer *peer);

/* For the session: room for a message, and its hand-over. */
PCE_MUST_CHECK enum pce_status peer_send_open(struct peer *peer, size_t size_max,
                                              struct wire_writer *writer);
void peer_send_commit(struct peer *peer, struct wire_writer *writer, enum session_class class);
/* Behind a piece of input: sums, limits and the timer, for all that was committed meanwhile. */
void peer_send_settle(struct peer *peer);
void peer_send_abort(struct peer *peer);

/* Neither paused nor stalled: what it asked is not computed before. */
bool peer_send_takes_answers(const struct peer *peer);

/* From the connection. */
void peer_send_on_accepted(struct conn *conn);
void peer_send_on_unacked(struct conn *conn, enum pce_status status, uint32_t octets);
void peer_send_on_stalled(struct conn *conn, const struct send_dropped *dropped);

/* Takes the peer as stalled: its session ends with this turn. Harmless when it is so already, or
 * its session has ended. */
void peer_send_mark_stalled(struct peer *peer, enum peer_stall why);
/* What mark_stalled announced; not from within a call of the session. */
void peer_send_stall(struct peer *peer);
/* The same, in its turn, for all that were marked. */
extern const struct shard_part stalling_part;

/* Octets that wait for it or are not acknowledged, as of the last sample. */
uint64_t peer_send_pending(const struct peer *peer);

#endif
