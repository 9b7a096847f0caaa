/* What a peer's connection tells it. */
#include "core/base/check.h"
#include "core/base/fetch.h"
#include "server/peer/admission.h"
#include "server/peer/peer_fsm.h"
#include "server/peer/peer_impl.h"
#include "server/peer/peer_send.h"
#include "server/peer/peer_share.h"
#include "server/peer/peer_watch.h"
#include "server/peer/throttle.h"

#include <stdlib.h>

/* Octets of an input that may hold two requests. */
#define PREFETCH_FROM 56

static void on_octets(struct conn *conn, const uint8_t *octets, size_t size)
{
    struct peer *peer = conn_owner(conn);
    if (!peer_is_served(peer))
        return;
    shard_hold(peer->shard);
    peer->is_asked = false;
    if (peer->phase == PEER_GREETING)
        peer_happen(peer, PEER_EVENT_GREETED);
    const struct wire_span input = {octets, size};
    if (size > PREFETCH_FROM)
        requests_prefetch_all(&peer->shard->requests, &peer->session, input);
    (void)session_receive(&peer->session, input, &peer->shard->arena, peer->shard->now);
    arena_reset(&peer->shard->arena);
    throttle_check(peer);
    peer_send_settle(peer);
}

/* The peer's record, then where its answer is known, then that answer. */
static void on_prefetch(struct conn *conn, struct wire_span octets, unsigned step, uint64_t *note)
{
    const struct peer *peer = conn_owner(conn);
    if (step == 0) {
        fetch_octets(peer, sizeof *peer);
    } else if (step == 1 && peer_is_served(peer)) {
        shard_hold(peer->shard);
        *note = requests_prefetch(&peer->shard->requests, &peer->session, octets);
    } else if (step == 2 && *note != 0) {
        (void)requests_prefetch_entry(&peer->shard->requests, *note);
    }
}

static void on_end(struct conn *conn, enum pce_status status)
{
    struct peer *peer = conn_owner(conn);
    shard_hold(peer->shard);
    session_on_transport_end(&peer->session, status, peer->shard->now);
    peer_end_connection(peer, status == PCE_CLOSED ? SESSION_END_DRAIN : SESSION_END_RESET);
}

/* A paused peer whose dead timer came up, and of which nothing waits unread, is dead after all. */
static void judge_silence(struct peer *peer, uint32_t unread)
{
    bool is_dead = peer->is_asked && conn_is_paused(peer->conn) && unread == 0;
    peer->is_asked = false;
    if (!is_dead || !peer_is_served(peer))
        return;
    peer->is_silent = true;
    peer->session.wait_deadline = peer->shard->now;
    session_on_time(&peer->session, peer->shard->now);
    peer->is_silent = false;
    peer_arm(peer);
}

static void on_inspected(struct conn *conn, enum pce_status status,
                         const struct conn_inspection *inspection)
{
    static const struct ip unknown = {.family = IP_NONE};
    struct peer *peer = conn_owner(conn);
    shard_hold(peer->shard);
    if (peer->is_colliding)
        peer_on_local(peer, status == PCE_OK ? &inspection->local : &unknown);
    if (status == PCE_OK)
        judge_silence(peer, inspection->unread);
    if (status == PCE_OK && !inspection->is_established && peer->is_paused && peer_is_served(peer))
        on_end(conn, PCE_RESET);
    FOR_PEER_WATCHERS(watcher, on_inspected)
    {
        watcher->on_inspected(peer, status, inspection);
    }
}

static void on_released(struct conn *conn, void *owner, enum pce_status status)
{
    struct peer *peer = owner;
    struct shard *shard = peer->shard;
    conn_check_left(conn, peer);
    shard_hold(shard);
    wheel_stop(&shard->wheel, &peer->timer);
    session_on_transport_end(&peer->session, status, shard->now);
    peer_happen(peer, PEER_EVENT_RELEASED);
    CHECK(peer->phase == PEER_RESET);
    admission_leave(peer);
    peer_send_fini(peer);
    FOR_PEER_WATCHERS(watcher, on_released)
    {
        watcher->on_released(peer);
    }
    peer_policy_release(peer->policy);
    session_fini(&peer->session);
    peer_policy_release(peer_negotiated(peer));
    peer_release_place(shard);
    counter_subtract(&shard->counters.peers, 1);
    free(peer);
}

const struct conn_ops peer_conn_ops = {
    .on_connected = peer_on_connected,
    .on_prefetch = on_prefetch,
    .on_octets = on_octets,
    .on_end = on_end,
    .on_accepted = peer_send_on_accepted,
    .on_unacked = peer_send_on_unacked,
    .on_stalled = peer_send_on_stalled,
    .on_inspected = on_inspected,
    .on_released = on_released,
};
