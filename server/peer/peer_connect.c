/* A peer that we connect to, until its session begins; both ends may do so at once. */
#include "core/base/check.h"
#include "core/session/collision.h"
#include "server/peer/peer_fsm.h"
#include "server/peer/peer_impl.h"
#include "server/peer/peer_share.h"

struct peer *peer_connect(struct shard *shard, const struct conn_target *target,
                          struct failure *failure)
{
    const char *why;
    struct peer *peer = peer_admit(shard, &target->to, SESSION_INITIATED, &why);
    if (peer == NULL) {
        (void)!failure_set(failure, PCE_LIMIT, "%s", why);
        return NULL;
    }
    struct conn_target owned = *target;
    owned.ops = &peer_conn_ops;
    owned.owner = peer;
    /* The connection has its owner at once: it may tell of its end before this returns. */
    if (conn_connect(shard->pool, &owned, &peer->conn, failure) != PCE_OK) {
        peer_drop(peer);
        return NULL;
    }
    counter_add(&shard->counters.peers, 1);
    peer_happen(peer, PEER_EVENT_CONNECT);
    session_connect(&peer->session, shard->now);
    peer_arm(peer);
    return peer;
}

static void start_outgoing(struct peer *peer)
{
    peer_happen(peer, PEER_EVENT_LIST);
    if (peer_is_listed(peer))
        peer_begin_session(peer);
    else
        session_close(&peer->session, PCEP_CLOSE_NONE, "no memory", peer->shard->now);
}

/* Both ends have opened a connection; RFC 5440 lets one of them live. */
static void collide(struct peer *peer, struct peer *existing, const struct ip *local)
{
    CHECK(peer != existing);
    const struct collision_side first = {(enum session_state)existing->session.state,
                                         (enum session_role)existing->session.role};
    const struct collision_side second = {SESSION_OPEN_WAIT, SESSION_INITIATED};
    struct mono now = peer->shard->now;
    counter_add(&peer->shard->counters.collisions, 1);
    switch (collision_resolve(&first, &second, local, peer_address(peer))) {
    case COLLISION_END_FIRST:
    case COLLISION_REFUSE_FIRST:
        session_close(&existing->session, PCEP_CLOSE_NONE,
                      "collision: the connection that we opened stays", now);
        break;
    case COLLISION_END_SECOND:
    case COLLISION_REFUSE_SECOND:
        session_close(&peer->session, PCEP_CLOSE_NONE,
                      "collision: the connection that the peer opened stays", now);
        return;
    case COLLISION_NONE:
        break;
    }
    start_outgoing(peer);
}

static bool peer_connect_is_known(const struct ip *ip)
{
    return ip->family != IP_NONE && !ip_is_unspecified(ip);
}

void peer_on_local(struct peer *peer, const struct ip *local)
{
    struct peer *existing = peer_find(peer->shard, peer_address(peer));
    peer->is_colliding = false;
    if (peer->phase != PEER_CONNECTING)
        return;
    if (existing != NULL)
        collide(peer, existing, local);
    else
        start_outgoing(peer);
}

void peer_on_connected(struct conn *conn)
{
    struct peer *peer = conn_owner(conn);
    shard_hold(peer->shard);
    if (peer->phase != PEER_CONNECTING)
        return;
    const struct peer *existing = peer_find(peer->shard, peer_address(peer));
    struct ip local = conn_local(conn);
    /* Both connections have the same two ends: what one does not know of ours the other may. */
    if (existing != NULL && !peer_connect_is_known(&local))
        local = conn_local(existing->conn);
    if (existing == NULL || peer_connect_is_known(&local)) {
        peer_on_local(peer, &local);
        return;
    }
    peer->is_colliding = true;
    if (conn_inspect(conn) != PCE_OK)
        peer_on_local(peer, &local);
}
