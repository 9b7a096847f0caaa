/* How a peer begins: a connection that was accepted, or one that we opened. */
#include "server/peer/peer_impl.h"

#include "core/base/check.h"
#include "core/session/collision.h"
#include "server/peer/admission.h"
#include "server/peer/challenge.h"
#include "server/peer/outgoing.h"
#include "server/peer/peer_log.h"
#include "server/peer/peer_send.h"
#include "server/peer/peers.h"

#include <stdlib.h>

uint64_t peer_address_hash(const struct ip *address)
{
    return map_hash(address->octets, ip_size(address));
}

bool peer_is_equal(const struct map_node *node, const void *key)
{
    const struct peer *peer = CONTAINER_OF((struct map_node *)(uintptr_t)node, struct peer, node);
    return ip_is_equal(peer_address(peer), key);
}

struct peer *peer_find(struct shard *shard, const struct ip *address)
{
    struct map_node *node = map_find(&shard->peers, peer_address_hash(address), address);
    return node == NULL ? NULL : CONTAINER_OF(node, struct peer, node);
}

struct peer *peer_of_conn(const struct conn *conn)
{
    struct peer *peer = conn_ops_of(conn) == &peer_conn_ops ? conn_owner(conn) : NULL;
    return peer != NULL && peer->is_live ? peer : NULL;
}

static void peer_count_live(struct peer *peer)
{
    if (!peer->is_live)
        peer->shard->live_count++;
    peer->is_live = true;
}

bool peer_list(struct peer *peer)
{
    struct shard *shard = peer->shard;
    const struct ip *address = peer_address(peer);
    if (map_insert(&shard->peers, &peer->node, peer_address_hash(address), address) != PCE_OK)
        return false;
    peer->is_listed = true;
    peer_count_live(peer);
    return true;
}

void peer_unlist(struct peer *peer)
{
    const struct ip *address = peer_address(peer);
    if (peer->is_live)
        peer->shard->live_count--;
    peer->is_live = false;
    if (!peer->is_listed)
        return;
    peer->is_listed = false;
    CHECK(map_remove(&peer->shard->peers, peer_address_hash(address), address) == &peer->node);
    if (peer->challenge != NULL)
        challenge_on_gone(peer->challenge);
    outgoing_on_gone(peer->shard, address);
}

/* NULL when memory ran out. */
static struct peer *make_peer(struct shard *shard, const struct ip *address, enum session_role role)
{
    struct peer *peer = malloc(sizeof *peer);
    if (peer == NULL)
        return NULL;
    struct session_settings *settings = peers_borrow_settings(shard, address);
    if (settings == NULL) {
        free(peer);
        return NULL;
    }
    peer->shard = shard;
    peer->conn = NULL;
    peer->challenge = NULL;
    peer->throttle = NULL;
    peer->phase = PEER_LIVE;
    peer->error_type = 0;
    peer->is_error_ours = false;
    peer->is_live = false;
    peer->is_listed = false;
    peer->is_half_open = false;
    peer->is_known = false;
    peer->is_greeting = false;
    peer->is_colliding = false;
    peer->limits = session_settings_borrow(settings);
    peer_send_init(peer);
    wheel_timer_init(&peer->timer, peer_on_time);
    session_init(&peer->session, &peer_session_ops, &settings->session, role);
    return peer;
}

/* One that has not begun. */
static void drop_peer(struct peer *peer)
{
    if (peer->conn != NULL)
        conn_check_left(peer->conn, peer);
    session_fini(&peer->session);
    session_settings_release(peer->limits);
    session_settings_release(peer_settings(peer));
    peers_release_place(peer->shard);
    free(peer);
}

/* A peer with its places taken; NULL and why. */
static struct peer *admit(struct shard *shard, const struct ip *address, enum session_role role,
                          const char **why)
{
    *why = "limits.sessions is reached";
    if (!gauge_take(&shard->shared->sessions, shard->settings->config.limits.sessions_max))
        return NULL;
    *why = "no memory";
    struct peer *peer = make_peer(shard, address, role);
    if (peer == NULL) {
        peers_release_place(shard);
        return NULL;
    }
    *why = role == SESSION_ACCEPTED ? admission_enter(peer, address) : NULL;
    if (*why == NULL)
        return peer;
    drop_peer(peer);
    return NULL;
}

static void turn_away(struct shard *shard, struct conn *conn, const char *why)
{
    counter_add(&shard->counters.refused_limit, 1);
    peer_log_turned_away(conn, why);
    conn_turn_away(conn);
}

static void begin_session(struct peer *peer)
{
    peer_log_connected(peer);
    session_start(&peer->session, peer->shard->next_sid++, peer->shard->now);
    peer_arm(peer);
}

/* Our Open is in the queue, and may wait for the peer's there. */
static void greet(struct peer *peer)
{
    if (peer->phase != PEER_LIVE)
        return;
    peer->is_greeting = true;
    conn_hold_sends(peer->conn);
    peer_arm(peer);
}

void peer_begin(struct shard *shard, struct conn *conn)
{
    const char *why;
    struct peer *peer = admit(shard, conn_address(conn), SESSION_ACCEPTED, &why);
    if (peer != NULL)
        peer->conn = conn;
    if (peer != NULL && !peer_list(peer)) {
        admission_leave(peer);
        drop_peer(peer);
        peer = NULL;
        why = "no memory";
    }
    if (peer == NULL) {
        turn_away(shard, conn, why);
        return;
    }
    counter_add(&shard->counters.peers, 1);
    conn_hand_over(conn, &peer_conn_ops, peer);
    begin_session(peer);
    greet(peer);
    admission_watch(peer);
}

void peer_accept(struct shard *shard, struct conn *conn)
{
    if (shard->phase != SHARD_RUNNING) {
        conn_turn_away(conn);
        return;
    }
    struct peer *first = peer_find(shard, conn_address(conn));
    if (first != NULL)
        challenge_begin(first, conn);
    else
        peer_begin(shard, conn);
}

/* ---- outgoing ---- */

struct peer *peer_connect(struct shard *shard, const struct conn_target *target,
                          struct failure *failure)
{
    const char *why;
    struct peer *peer = admit(shard, &target->to, SESSION_INITIATED, &why);
    if (peer == NULL) {
        (void)!failure_set(failure, PCE_LIMIT, "%s", why);
        return NULL;
    }
    struct conn_target owned = *target;
    owned.ops = &peer_conn_ops;
    owned.owner = peer;
    if (conn_connect(shard->pool, &owned, &peer->conn, failure) != PCE_OK) {
        drop_peer(peer);
        return NULL;
    }
    counter_add(&shard->counters.peers, 1);
    peer_count_live(peer);
    session_connect(&peer->session, shard->now);
    peer_arm(peer);
    return peer;
}

static void start_outgoing(struct peer *peer)
{
    if (peer_list(peer)) {
        begin_session(peer);
        return;
    }
    session_close(&peer->session, 0, "no memory", peer->shard->now);
}

/* Both ends have opened a connection; RFC 5440 lets one of them live. */
static void collide(struct peer *peer, struct peer *existing, const struct ip *local)
{
    const struct collision_side first = {(enum session_state)existing->session.state,
                                         (enum session_role)existing->session.role};
    const struct collision_side second = {SESSION_OPEN_WAIT, SESSION_INITIATED};
    struct mono now = peer->shard->now;
    counter_add(&peer->shard->counters.collisions, 1);
    switch (collision_resolve(&first, &second, local, peer_address(peer))) {
    case COLLISION_END_FIRST:
    case COLLISION_REFUSE_FIRST:
        session_close(&existing->session, 0, "collision: the connection that we opened stays", now);
        break;
    case COLLISION_END_SECOND:
    case COLLISION_REFUSE_SECOND:
        session_close(&peer->session, 0, "collision: the connection that the peer opened stays",
                      now);
        return;
    case COLLISION_NONE:
        break;
    }
    start_outgoing(peer);
}

static bool is_known(const struct ip *ip)
{
    return ip->family != IP_NONE && !ip_is_unspecified(ip);
}

void peer_on_local(struct peer *peer, const struct ip *local)
{
    struct peer *existing = peer_find(peer->shard, peer_address(peer));
    peer->is_colliding = false;
    if (peer->session.state != SESSION_TCP_PENDING)
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
    if (peer->phase != PEER_LIVE)
        return;
    const struct peer *existing = peer_find(peer->shard, peer_address(peer));
    struct ip local = conn_local(conn);
    if (existing != NULL && !is_known(&local))
        local = conn_local(existing->conn);
    if (existing == NULL || is_known(&local)) {
        peer_on_local(peer, &local);
        return;
    }
    peer->is_colliding = true;
    if (conn_inspect(conn) != PCE_OK)
        peer_on_local(peer, &local);
}
