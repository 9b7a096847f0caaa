#include "server/peer.h"

#include "core/base/check.h"
#include "core/pcep/model.h"
#include "server/peer_log.h"
#include "server/peer_send.h"
#include "server/refusal.h"

#include <stdlib.h>

bool peer_is_equal(const struct map_node *node, const void *key)
{
    const struct peer *peer = CONTAINER_OF((struct map_node *)(uintptr_t)node, struct peer, node);
    return ip_is_equal(&peer->address, key);
}

static uint64_t address_hash(const struct ip *address)
{
    return map_hash(address->octets, ip_size(address));
}

/* One timer serves all that is awaited; most restarts only stamp it (wheel.h). */
void peer_arm(struct peer *peer)
{
    if (peer->phase != PEER_LIVE)
        return;
    struct mono deadline = mono_min(session_deadline(&peer->session), peer_send_deadline(peer));
    if (mono_is_never(deadline))
        wheel_stop(&peer->shard->wheel, &peer->timer);
    else
        wheel_start(&peer->shard->wheel, &peer->timer, deadline);
}

static void leave_half_open(struct peer *peer)
{
    if (peer->is_half_open)
        gauge_release(&peer->shard->server->half_open);
    peer->is_half_open = false;
}

/* The session is over: another one of the same PCC may begin. */
static void unlist(struct peer *peer)
{
    if (!peer->is_listed)
        return;
    peer->is_listed = false;
    CHECK(map_remove(&peer->shard->peers, address_hash(&peer->address), &peer->address) ==
          &peer->node);
    list_remove(&peer->link);
}

void peer_reset(struct peer *peer)
{
    peer->phase = PEER_RESET;
    wheel_stop(&peer->shard->wheel, &peer->timer);
    conn_reset(peer->conn);
}

/* A stalled peer's connection is finished when what waited was dropped (peer_send_on_stalled). */
void peer_end_connection(struct peer *peer, enum session_end how)
{
    struct wheel *wheel = &peer->shard->wheel;
    if (peer->phase == PEER_DRAINING || peer->phase == PEER_RESET)
        return;
    bool is_stalled = peer->phase == PEER_CLOSING;
    if (how == SESSION_END_DRAIN && peer->phase != PEER_STALLING) {
        uint64_t wait_ms =
            is_stalled ? 1000 * (uint64_t)peer->limits->send_hold_grace_s : PEER_DRAIN_MS;
        peer->phase = PEER_DRAINING;
        wheel_start(wheel, &peer->timer, mono_add_ms(peer->shard->now, wait_ms));
        if (!is_stalled)
            conn_finish(peer->conn);
        return;
    }
    peer_reset(peer);
}

/* ---- what the session asks of us ---- */

static enum pce_status open_message(struct session *session, size_t size_max,
                                    struct wire_writer *writer)
{
    return peer_send_open(peer_of(session), size_max, writer);
}

static void commit_message(struct session *session, struct wire_writer *writer,
                           enum session_class message_class)
{
    peer_send_commit(peer_of(session), writer, message_class);
}

static void abort_message(struct session *session, struct wire_writer *writer)
{
    (void)writer;
    peer_send_abort(peer_of(session));
}

static void end_transport(struct session *session, enum session_end how)
{
    peer_end_connection(peer_of(session), how);
}

/* The ring does not say what waits in the kernel. Where something may, the socket is looked at, and
 * on_inspected comes back to this. */
static bool has_unread_input(struct session *session)
{
    struct peer *peer = peer_of(session);
    if (!conn_may_have_input(peer->conn) || peer->is_silent)
        return false;
    peer->is_asked = conn_inspect(peer->conn) != PCE_CLOSED;
    return true;
}

static void on_state(struct session *session, enum session_state from, enum session_state to)
{
    struct peer *peer = peer_of(session);
    struct shard_counters *counters = &peer->shard->counters;
    if (to == SESSION_UP) {
        leave_half_open(peer);
        counter_add(&counters->sessions_up, 1);
        counter_add(&counters->sessions_opened, 1);
        peer_log_up(peer);
        peer_send_on_up(peer);
    }
    if (from == SESSION_UP) {
        counter_subtract(&counters->sessions_up, 1);
        counter_add(&counters->sessions_ended, 1);
    }
    if (to != SESSION_CLOSING && to != SESSION_IDLE)
        return;
    peer_send_on_down(peer);
    if (peer->is_listed) {
        if (peer->phase == PEER_CLOSING)
            session->verdict.text = peer_stall_text((enum peer_stall)peer->stall);
        peer_log_end(peer, from);
        unlist(peer);
    }
}

static void on_message(struct session *session, const struct pcep_message *message,
                       const struct pcep_fault *fault)
{
    handlers_on_message(&peer_of(session)->shard->handler, session, message, fault);
}

static const struct session_ops session_ops = {
    .open_message = open_message,
    .commit_message = commit_message,
    .abort_message = abort_message,
    .end_transport = end_transport,
    .has_unread_input = has_unread_input,
    .on_state = on_state,
    .on_message = on_message,
};

/* ---- what the connection tells us ---- */

static void on_octets(struct conn *conn, const uint8_t *octets, size_t size)
{
    struct peer *peer = conn_owner(conn);
    if (peer->phase != PEER_LIVE)
        return;
    shard_hold(peer->shard);
    peer->is_asked = false;
    (void)session_receive(&peer->session, (struct wire_span){octets, size}, &peer->shard->arena,
                          peer->shard->now);
    arena_reset(&peer->shard->arena);
    peer_arm(peer);
}

static void on_end(struct conn *conn, enum pce_status status)
{
    struct peer *peer = conn_owner(conn);
    shard_hold(peer->shard);
    session_on_transport_end(&peer->session, status, peer->shard->now);
    peer_end_connection(peer, status == PCE_CLOSED ? SESSION_END_DRAIN : SESSION_END_RESET);
}

/* A paused peer whose dead timer came up, and of which nothing waits unread, is dead after all. */
static void on_inspected(struct conn *conn, enum pce_status status,
                         const struct conn_inspection *inspection)
{
    struct peer *peer = conn_owner(conn);
    bool is_dead = peer->is_asked && peer->is_paused && status == PCE_OK && inspection->unread == 0;
    peer->is_asked = false;
    if (!is_dead || peer->phase != PEER_LIVE)
        return;
    shard_hold(peer->shard);
    peer->is_silent = true;
    peer->session.dead_deadline = peer->shard->now;
    session_on_time(&peer->session, peer->shard->now);
    peer->is_silent = false;
    peer_arm(peer);
}

static void on_released(struct conn *conn, void *owner, enum pce_status status)
{
    struct peer *peer = owner;
    struct shard *shard = peer->shard;
    (void)conn;
    shard_hold(shard);
    wheel_stop(&shard->wheel, &peer->timer);
    peer->phase = PEER_RESET;
    session_on_transport_end(&peer->session, status, shard->now);
    unlist(peer);
    leave_half_open(peer);
    peer_send_fini(peer);
    session_settings_release(peer->limits);
    session_fini(&peer->session);
    session_settings_release(peer_settings(peer));
    gauge_release(&shard->server->sessions);
    counter_subtract(&shard->counters.peers, 1);
    free(peer);
}

static const struct conn_ops conn_ops = {
    .on_octets = on_octets,
    .on_end = on_end,
    .on_accepted = peer_send_on_accepted,
    .on_unacked = peer_send_on_unacked,
    .on_stalled = peer_send_on_stalled,
    .on_inspected = on_inspected,
    .on_released = on_released,
};

static void on_time(struct wheel_timer *timer, struct mono now)
{
    struct peer *peer = CONTAINER_OF(timer, struct peer, timer);
    switch ((enum peer_phase)peer->phase) {
    case PEER_LIVE:
        session_on_time(&peer->session, now);
        if (peer->phase == PEER_LIVE)
            peer_send_on_time(peer, now);
        peer_arm(peer);
        break;
    case PEER_STALLING:
        peer_send_stall(peer, now);
        break;
    case PEER_CLOSING:
    case PEER_DRAINING:
        peer_reset(peer);
        break;
    case PEER_RESET:
        break;
    }
}

/* ---- beginning and end ---- */

/* The limits over all shards. What was taken is in *peer; false: it is one too many. */
static bool take_places(struct shard *shard)
{
    const struct config_limits *limits = &shard->settings->config.limits;
    struct server *server = shard->server;
    if (!gauge_take(&server->sessions, limits->sessions_max))
        return false;
    if (gauge_take(&server->half_open, limits->half_open_max))
        return true;
    gauge_release(&server->sessions);
    return false;
}

static void give_places_back(struct shard *shard)
{
    gauge_release(&shard->server->half_open);
    gauge_release(&shard->server->sessions);
}

/* NULL when memory ran out. */
static struct peer *make_peer(struct shard *shard, struct conn *conn)
{
    struct peer *peer = malloc(sizeof *peer);
    if (peer == NULL)
        return NULL;
    struct ip address = conn_peer(conn);
    struct session_settings *settings = shard_borrow_settings(shard, &address);
    if (settings == NULL) {
        free(peer);
        return NULL;
    }
    peer->shard = shard;
    peer->conn = conn;
    peer->address = address;
    peer->port = conn_peer_port(conn);
    peer->phase = PEER_LIVE;
    peer->is_listed = false;
    peer->is_half_open = true;
    peer->is_challenged = false;
    peer->limits = session_settings_borrow(settings);
    list_init(&peer->link);
    peer_send_init(peer);
    wheel_timer_init(&peer->timer, on_time);
    session_init(&peer->session, &session_ops, &settings->session, SESSION_ACCEPTED);
    return peer;
}

static bool list_peer(struct peer *peer)
{
    struct shard *shard = peer->shard;
    if (map_insert(&shard->peers, &peer->node, address_hash(&peer->address), &peer->address) !=
        PCE_OK)
        return false;
    peer->is_listed = true;
    list_push_back(&shard->live, &peer->link);
    return true;
}

static void drop_peer(struct peer *peer)
{
    session_fini(&peer->session);
    session_settings_release(peer->limits);
    session_settings_release(peer_settings(peer));
    free(peer);
}

static void turn_away(struct shard *shard, struct conn *conn, const char *why)
{
    counter_add(&shard->counters.refused_limit, 1);
    peer_log_turned_away(conn, why);
    conn_reset(conn);
}

void peer_accept(struct shard *shard, struct conn *conn)
{
    struct ip address = conn_peer(conn);
    if (shard->phase != SHARD_RUNNING) {
        conn_reset(conn);
        return;
    }
    if (map_find(&shard->peers, address_hash(&address), &address) != NULL) {
        refusal_begin(shard, conn);
        return;
    }
    if (!take_places(shard)) {
        turn_away(shard, conn, "limits.sessions or limits.half-open is reached");
        return;
    }
    struct peer *peer = make_peer(shard, conn);
    if (peer != NULL && !list_peer(peer)) {
        drop_peer(peer);
        peer = NULL;
    }
    if (peer == NULL) {
        give_places_back(shard);
        turn_away(shard, conn, "no memory");
        return;
    }
    counter_add(&shard->counters.peers, 1);
    peer_log_connected(peer);
    conn_start(conn, &conn_ops, peer);
    session_start(&peer->session, shard->next_sid++, shard->now);
    peer_arm(peer);
}

void peer_close(struct peer *peer)
{
    shard_hold(peer->shard);
    session_close(&peer->session, PCEP_CLOSE_NO_EXPLANATION, "the server is shutting down",
                  peer->shard->now);
    /* A session that has nothing to say in its state ends its connection all the same. */
    if (peer->is_listed)
        unlist(peer);
    peer_end_connection(peer, SESSION_END_DRAIN);
}
