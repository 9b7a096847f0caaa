#include "server/peer/peer_send.h"

#include "core/base/check.h"
#include "server/peer/peer_log.h"
#include "server/peer/peer_look.h"

_Static_assert(SEND_MESSAGE_MAX >= PCEP_MESSAGE_SIZE_MAX, "the send queue takes any message");

static const struct peer_policy *peer_send_limits_of(const struct peer *peer)
{
    return peer->policy;
}

void peer_send_init(struct peer *peer)
{
    peer->hold = (struct send_hold){0};
    pending_entry_init(&peer->pending);
    peer->look_at = MONO_NEVER;
    peer->unacked = 0;
    peer->look_ms = PEER_LOOK_FIRST_MS;
    peer->stall = PEER_STALL_HOLD;
    peer->is_paused = false;
    peer->is_asked = false;
    peer->is_silent = false;
}

void peer_send_fini(struct peer *peer)
{
    if (peer->is_paused)
        counter_subtract(&peer->shard->counters.paused_now, 1);
    send_hold_stop(&peer->hold);
    pending_set(&peer->shard->peers->pending, &peer->pending, 0);
    list_remove(&peer->pending.link); /* it may have been marked */
}

/* ---- the send hold ---- */

void peer_send_on_up(struct peer *peer)
{
    const struct session *session = &peer->session;
    const struct peer_policy *limits = peer_send_limits_of(peer);
    uint32_t hold_s = send_hold_effective_s(limits->send_hold_s, session->dead_timer_s,
                                            session->own_dead_timer_s);
    send_hold_start(&peer->hold, hold_s, (uint16_t)limits->send_hold_sample_s,
                    conn_queued(peer->conn), peer->shard->now);
    if (send_hold_is_short(limits->send_hold_s, session->dead_timer_s, session->own_dead_timer_s))
        counter_add(&peer->shard->counters.send_hold_short, 1);
}

void peer_send_on_down(struct peer *peer)
{
    send_hold_stop(&peer->hold);
    if (peer_is_served(peer))
        peer->look_at = MONO_NEVER;
}

/* ---- soft and hard limit ---- */

bool peer_send_takes_answers(const struct peer *peer)
{
    return peer_is_served(peer) && !peer->is_paused;
}

static void pause(struct peer *peer)
{
    if (peer->is_paused)
        return;
    peer->is_paused = true;
    peer->look_ms = PEER_LOOK_FIRST_MS;
    peer->look_at = mono_add_ms(peer->shard->now, PEER_LOOK_FIRST_MS);
    counter_add(&peer->shard->counters.paused, 1);
    counter_add(&peer->shard->counters.paused_now, 1);
    peer_log_paused(peer);
    conn_pause(peer->conn);
}

static void peer_send_resume(struct peer *peer)
{
    CHECK(peer->is_paused);
    peer->is_paused = false;
    peer->look_at = MONO_NEVER;
    counter_subtract(&peer->shard->counters.paused_now, 1);
    if (peer->throttle == NULL)
        conn_resume(peer->conn);
    requests_resume_session(&peer->shard->requests, &peer->session);
    peer->shard->has_requests = true;
}

/* What is known of the pending octets is exact now, or too high by what was acknowledged since the
 * last sample: only what surely waits acts at once, for the rest the socket is asked. */
static void judge_queue(struct peer *peer)
{
    uint64_t soft = peer_send_limits_of(peer)->pending_soft;
    if (conn_queued_octets(peer->conn) > soft)
        pause(peer);
    else if (conn_queued(peer->conn) - conn_acknowledged(peer->conn) > soft)
        peer_look(peer);
}

static void judge_sample(struct peer *peer)
{
    const struct peer_policy *limits = peer_send_limits_of(peer);
    uint64_t octets = peer_send_pending(peer);
    if (octets > limits->pending_hard)
        peer_send_mark_stalled(peer, PEER_STALL_PENDING);
    else if (octets > limits->pending_soft)
        pause(peer);
    else if (peer->is_paused && octets <= limits->pending_soft / 2)
        peer_send_resume(peer);
}

/* A reload brought other limits (refresh.c); what waits already is held to them. */
void peer_send_on_limits(struct peer *peer)
{
    const struct session *session = &peer->session;
    const struct peer_policy *limits = peer_send_limits_of(peer);
    if (session->state == SESSION_UP)
        send_hold_set(&peer->hold,
                      send_hold_effective_s(limits->send_hold_s, session->dead_timer_s,
                                            session->own_dead_timer_s),
                      (uint16_t)limits->send_hold_sample_s, peer->shard->now);
    if (session->state == SESSION_UP && peer_send_pending(peer) > 0)
        peer_look(peer);
    peer_arm(peer);
}

enum pce_status peer_send_open(struct peer *peer, size_t size_max, struct wire_writer *writer)
{
    struct shard *shard = peer->shard;
    if (peer->phase == PEER_CLOSING) {
        if (size_max > sizeof shard->peers->last_words)
            return PCE_LIMIT;
        *writer = wire_writer_init(shard->peers->last_words, size_max);
        return PCE_OK;
    }
    if (!peer_is_served(peer))
        return PCE_CLOSED;
    if (conn_queued_octets(peer->conn) > peer_send_limits_of(peer)->pending_hard) {
        peer_send_mark_stalled(peer, PEER_STALL_PENDING);
        return PCE_LIMIT;
    }
    enum pce_status status = conn_open(peer->conn, size_max, writer);
    if (status == PCE_LIMIT || status == PCE_NO_MEMORY)
        shard->peers->is_short = true;
    return status;
}

void peer_send_commit(struct peer *peer, struct wire_writer *writer, enum session_class class)
{
    if (peer->phase == PEER_CLOSING) {
        peer->shard->peers->last_words_size = wire_written(writer);
        return;
    }
    enum send_class queue_class = class == SESSION_CONTROL ? SEND_CONTROL : SEND_DATA;
    enum pce_status status = conn_commit(peer->conn, writer, queue_class);
    if (status != PCE_OK) {
        /* It was written and has no chunk: it would be missing in the stream of answers. */
        peer->shard->peers->is_short = true;
        peer_send_mark_stalled(peer, PEER_STALL_ROOM);
        return;
    }
    /* Not the writer's size: what the queue counts is what the kernel's counts are compared
     * with. */
    send_hold_on_message(&peer->hold, conn_queued(peer->conn), peer->shard->now);
    /* Within an input peer_conn.c settles once, for all messages that answer it. */
    if (!peer->session.is_receiving)
        peer_send_settle(peer);
}

void peer_send_settle(struct peer *peer)
{
    if (peer_is_served(peer) || peer->phase == PEER_DRAINING)
        peer_look_count(peer);
    if (peer_is_served(peer))
        judge_queue(peer);
    peer_arm(peer);
}

void peer_send_abort(struct peer *peer)
{
    if (peer->phase != PEER_CLOSING)
        conn_abort(peer->conn);
}

/* ---- what the connection tells ---- */

void peer_send_on_accepted(struct conn *conn)
{
    struct peer *peer = conn_owner(conn);
    if (!peer_is_served(peer))
        return;
    peer_look_count(peer);
    if (peer->is_paused) {
        peer->look_ms = PEER_LOOK_FIRST_MS;
        peer_look(peer);
    }
}

void peer_send_on_unacked(struct conn *conn, enum pce_status status, uint32_t octets)
{
    struct peer *peer = conn_owner(conn);
    /* Nothing is sent before its session begins. */
    if (status != PCE_OK || !peer_is_served(peer) || peer->phase == PEER_CONNECTING)
        return;
    shard_hold(peer->shard);
    peer->unacked = octets;
    peer_look_count(peer);
    enum send_hold_verdict verdict =
        send_hold_on_sample(&peer->hold, conn_acknowledged(conn), peer->shard->now);
    if (verdict == SEND_HOLD_EXPIRED)
        peer_send_mark_stalled(peer, PEER_STALL_HOLD);
    else
        judge_sample(peer);
    peer_arm(peer);
}
