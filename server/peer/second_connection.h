/* Second connection: one of a PCC whose session lives, until it is clear which one stays.
 *
 * RFC 5440 has one session for each PCC: while the first one lives the second is refused with PCErr
 * 9. But a PCC that has restarted comes back before its old connection is known to be dead, and
 * must not wait for a dead timer. So the first connection is tried while the second one waits
 * unread:
 *
 * - in state UP a Keepalive is sent on it, unless more waits already; before UP the kernel is asked
 *   to probe (TCP keepalive, after a second);
 * - it lives when its peer's TCP acknowledges that, or all that was sent: the second one is
 *   refused, usually at once;
 * - it is provably dead when its socket ends (a host that has restarted answers with a reset), or
 *   when at the end of the trial (SECOND_CONNECTION_MS) at least two retransmissions were sent, and
 *   its peer's TCP has acknowledged nothing since the second connection came, whose handshake shows
 *   that the way to that address is open. Then it ends, and the second one takes its place;
 * - anything else, a closed window for one, is no proof: the second one is refused. The dead timer
 *   and the send hold of the first one run on.
 *
 * Where one of the two was opened by us, core/session/collision.h decides first.
 *
 * Thread: the shard. Owns: the second connection, until then.
 * Bound: one for each PCC and SECOND_CONNECTIONS_MAX for each shard; more are refused at once. */
#ifndef PCED_SERVER_PEER_SECOND_CONNECTION_H
#define PCED_SERVER_PEER_SECOND_CONNECTION_H

#include "server/peer/peer.h"

#define SECOND_CONNECTIONS_MAX 256
#define SECOND_CONNECTION_MS   3500

struct peer_watcher;

/* conn is nobody's: it is the second connection's from now on, or somebody else's, or turned away.
 */
void second_connection_begin(struct peer *first, struct conn *conn);
/* Waits for the end of the first one. */
extern const struct peer_watcher second_connection_watcher;

#endif
