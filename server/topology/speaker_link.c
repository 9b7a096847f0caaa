#include "server/topology/speaker_link.h"

#include "core/base/check.h"
#include "core/base/list.h"
#include "io/net/conn_connect.h"
#include "io/os/clock.h"
#include "server/topology/speaker_log.h"

/* ---- what a connection tells ---- */

static struct speaker_peer *speaker_peer_of(struct bgp_peer *bgp)
{
    return CONTAINER_OF(bgp, struct speaker_peer, bgp);
}

static void link_on_connected(struct conn *conn)
{
    struct speaker_link *link = conn_owner(conn);
    if (link->peer != NULL)
        bgp_peer_on_transport_up(&link->peer->bgp, clock_now());
}

static void link_on_octets(struct conn *conn, const uint8_t *octets, size_t size)
{
    struct speaker_link *link = conn_owner(conn);
    if (link->peer == NULL)
        return;
    struct speaker *speaker = link->peer->speaker;
    const struct wire_span span = {octets, size};
    (void)bgp_peer_receive(&link->peer->bgp, (enum bgp_connection_id)link->id, span,
                           &speaker->arena, clock_now());
    arena_reset(&speaker->arena);
}

/* The peer is told when the socket is gone: then there is room for the next one. */
static void link_on_end(struct conn *conn, enum pce_status status)
{
    struct speaker_link *link = conn_owner(conn);
    link->end = status;
    conn_reset(conn);
}

static void link_on_unacked(struct conn *conn, enum pce_status status, uint32_t octets)
{
    struct speaker_link *link = conn_owner(conn);
    (void)octets;
    if (status != PCE_OK || link->peer == NULL || conn_acknowledged(conn) == link->acknowledged)
        return;
    link->acknowledged = conn_acknowledged(conn);
    bgp_peer_on_progress(&link->peer->bgp, (enum bgp_connection_id)link->id,
                         link->acknowledged < conn_queued(conn), clock_now());
}

static void link_on_released(struct conn *conn, void *owner, enum pce_status status)
{
    struct speaker_link *link = owner;
    (void)conn;
    link->conn = NULL;
    link->grace = MONO_NEVER;
    if (link->peer == NULL)
        return;
    bgp_peer_on_transport_end(&link->peer->bgp, (enum bgp_connection_id)link->id,
                              link->end != PCE_OK ? link->end : status, clock_now());
}

const struct conn_ops speaker_link_ops = {
    .on_connected = link_on_connected,
    .on_octets = link_on_octets,
    .on_end = link_on_end,
    .on_unacked = link_on_unacked,
    .on_released = link_on_released,
};

void speaker_link_begin(struct speaker_link *link, struct conn *conn)
{
    link->conn = conn;
    link->end = PCE_OK;
    link->grace = MONO_NEVER;
    link->looked = clock_now();
    link->acknowledged = 0;
}

/* ---- what the protocol asks for ---- */

static void speaker_connect(struct bgp_peer *bgp)
{
    struct speaker_peer *peer = speaker_peer_of(bgp);
    struct speaker_link *link = &peer->links[BGP_OUTGOING];
    const struct conn_target target = {
        .to = peer->config.address,
        .to_port = peer->config.port,
        .from = peer->config.local_address,
        .hops = hop_limits_of(peer->config.ttl_security, peer->config.ttl),
        .key = peer->config.tcp_key.size > 0 ? &peer->config.tcp_key : NULL,
        .ops = &speaker_link_ops,
        .owner = link,
    };
    struct failure failure = {.text = ""};
    struct conn *conn;
    CHECK(link->conn == NULL); /* the protocol connects when the last one is gone */
    link->end = conn_connect(peer->speaker->pool, &target, &conn, &failure);
    if (link->end == PCE_OK) {
        speaker_link_begin(link, conn);
        return;
    }
    speaker_log_failure(peer, failure.text);
    link->has_failed = true;
}

static enum pce_status speaker_send(struct bgp_peer *bgp, enum bgp_connection_id id,
                                    struct wire_span message)
{
    struct speaker_link *link = &speaker_peer_of(bgp)->links[id];
    if (link->conn == NULL)
        return PCE_LIMIT;
    return conn_send(link->conn, message.octets, message.size, SEND_CONTROL) == PCE_OK ? PCE_OK
                                                                                       : PCE_LIMIT;
}

static void speaker_end_transport(struct bgp_peer *bgp, enum bgp_connection_id id, enum bgp_end how)
{
    struct speaker_link *link = &speaker_peer_of(bgp)->links[id];
    if (link->conn == NULL) {
        link->has_failed = true;
        return;
    }
    if (how == BGP_END_RESET) {
        conn_reset(link->conn);
        return;
    }
    link->grace = mono_add_ms(clock_now(), SPEAKER_GRACE_MS);
    conn_finish(link->conn);
}

static bool speaker_has_unread(struct bgp_peer *bgp, enum bgp_connection_id id)
{
    const struct speaker_link *link = &speaker_peer_of(bgp)->links[id];
    return link->conn != NULL && conn_may_have_input(link->conn);
}

static void speaker_on_state(struct bgp_peer *bgp, enum bgp_connection_id id, enum bgp_state from,
                             enum bgp_state to)
{
    struct speaker_peer *peer = speaker_peer_of(bgp);
    if (to == BGP_ESTABLISHED)
        peer->unfeasible_told = 0;
    speaker_log_state(peer, id, from, to);
}

static void speaker_on_update(struct bgp_peer *bgp, const struct bgp_update *update,
                              const struct bgp_fault *fault)
{
    struct speaker_peer *peer = speaker_peer_of(bgp);
    if (bgp_fault_is_set(fault))
        speaker_log_fault(peer, fault);
    if (update->unfeasible != BGP_FEASIBLE &&
        (peer->unfeasible_told & 1U << update->unfeasible) == 0) {
        peer->unfeasible_told |= 1U << update->unfeasible;
        speaker_log_unfeasible(peer, update->unfeasible);
    }
    feed_update(&peer->feed, update, &peer->speaker->objects);
}

static void speaker_on_table(struct bgp_peer *bgp, enum bgp_table_change change)
{
    struct speaker_peer *peer = speaker_peer_of(bgp);
    feed_change_table(&peer->feed, change);
    peer->is_shown = peer->is_shown && change != BGP_TABLE_GONE;
    speaker_log_table(peer, change);
}

const struct bgp_peer_ops speaker_peer_ops = {
    .connect = speaker_connect,
    .send = speaker_send,
    .end_transport = speaker_end_transport,
    .has_unread = speaker_has_unread,
    .on_state = speaker_on_state,
    .on_update = speaker_on_update,
    .on_table = speaker_on_table,
};

/* ---- time ---- */

void speaker_link_turn(struct speaker_link *link, struct mono now)
{
    if (link->has_failed) {
        link->has_failed = false;
        bgp_peer_on_transport_end(&link->peer->bgp, (enum bgp_connection_id)link->id,
                                  link->end != PCE_OK ? link->end : PCE_CLOSED, now);
    }
    if (link->conn == NULL)
        return;
    if (!mono_is_before(now, link->grace)) {
        link->grace = MONO_NEVER;
        conn_reset(link->conn);
    } else if (conn_queued(link->conn) > conn_acknowledged(link->conn) &&
               !mono_is_before(now, mono_add_ms(link->looked, SPEAKER_PROGRESS_MS))) {
        link->looked = now;
        (void)!conn_query_unacked(
            link->conn); /* one question at a time; the next look asks again */
    }
}

struct mono speaker_link_deadline(const struct speaker_link *link)
{
    if (link->has_failed)
        return clock_now();
    if (link->conn == NULL)
        return MONO_NEVER;
    if (conn_queued(link->conn) == conn_acknowledged(link->conn))
        return link->grace;
    return mono_min(link->grace, mono_add_ms(link->looked, SPEAKER_PROGRESS_MS));
}
