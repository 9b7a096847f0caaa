#include "server/peer/peer.h"

#include "core/base/check.h"
#include "core/base/fetch.h"
#include "core/pcep/model.h"
#include "server/peer/admission.h"
#include "server/peer/challenge.h"
#include "server/peer/outgoing.h"
#include "server/peer/peer_impl.h"
#include "server/peer/peer_log.h"
#include "server/peer/peer_send.h"
#include "server/peer/peers.h"
#include "server/peer/throttle.h"

#include <stdlib.h>

/* Octets of an input that may hold two requests. */
#define EXPECT_FROM 56

/* One timer serves all that is awaited; most restarts only stamp it (wheel.h). */
void peer_arm(struct peer *peer)
{
    if (peer->phase != PEER_LIVE)
        return;
    struct mono deadline = mono_min(session_deadline(&peer->session), peer_send_deadline(peer));
    if (peer->is_greeting)
        deadline = mono_min(deadline, mono_add_ms(peer->session.since, PEER_GREETING_MS));
    if (mono_is_never(deadline))
        wheel_stop(&peer->shard->wheel, &peer->timer);
    else
        wheel_start(&peer->shard->wheel, &peer->timer, deadline);
}

void peer_reset(struct peer *peer)
{
    if (peer->phase == PEER_STALLING)
        list_remove(&peer->pending.link); /* its session ended before its turn in shard->stalling */
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
    if (how != SESSION_END_RESET && peer->phase != PEER_STALLING) {
        uint64_t wait_ms =
            is_stalled ? 1000 * (uint64_t)peer->limits->send_hold_grace_s : PEER_DRAIN_MS;
        peer->phase = PEER_DRAINING;
        wheel_start(wheel, &peer->timer, mono_add_ms(peer->shard->now, wait_ms));
        /* Behind the peer's Close nothing more is sent to it (RFC 5440 6.8). */
        bool is_quiet = how == SESSION_END_QUIET && conn_queued_octets(peer->conn) > 0;
        if (!is_stalled && is_quiet && conn_stall(peer->conn, NULL, 0) != PCE_OK)
            peer_reset(peer);
        else if (!is_stalled)
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

/* Called before the session's time in its last state is forgotten. */
static void note_end(const struct peer *peer, enum session_state from)
{
    const struct session *session = &peer->session;
    const struct session_verdict *verdict = &session->verdict;
    struct shard *shard = peer->shard;
    const struct history_record record = {
        .address = *peer_address(peer),
        .port = conn_peer_port(peer->conn),
        .state = (uint8_t)from,
        .by_peer = verdict->by_peer,
        .close_reason = verdict->close_reason,
        .error_type = verdict->error_type,
        .error_value = verdict->error_value,
        .why = verdict->text == NULL ? "" : verdict->text,
        .state_ns = mono_since_ns(shard->now, session->since),
        .ended = shard->now,
        .counters = session->counters,
    };
    history_note(&shard->history, &record);
    counter_set(&shard->counters.history_records, shard->history.count);
    counter_set(&shard->counters.history_unkept, shard->history.unkept);
}

static void on_state(struct session *session, enum session_state from, enum session_state to)
{
    struct peer *peer = peer_of(session);
    struct shard_counters *counters = &peer->shard->counters;
    if (to == SESSION_UP) {
        admission_leave(peer);
        acquaintances_note(&peer->shard->acquaintances, peer_address(peer), peer->shard->now);
        counter_add(&counters->sessions_up, 1);
        counter_add(&counters->sessions_opened, 1);
        counter_add(&counters->open_tlvs_skipped, session->peer.skipped_tlvs);
        peer_log_up(peer);
        peer_send_on_up(peer);
        outgoing_on_up(peer);
    }
    if (from == SESSION_UP) {
        acquaintances_note(&peer->shard->acquaintances, peer_address(peer), peer->shard->now);
        counter_subtract(&counters->sessions_up, 1);
        counter_add(&counters->sessions_ended, 1);
    }
    if (to != SESSION_CLOSING && to != SESSION_IDLE)
        return;
    peer_send_on_down(peer);
    throttle_end(peer);
    handlers_forget_session(&peer->shard->handler, session);
    if (peer->is_listed) {
        if (peer->phase == PEER_CLOSING)
            session->verdict.text = peer_stall_text((enum peer_stall)peer->stall);
        peer_log_end(peer, from);
        note_end(peer, from);
        peer_unlist(peer);
    }
}

static void on_message(struct session *session, const struct pcep_message *message,
                       const struct pcep_fault *fault)
{
    struct peer *peer = peer_of(session);
    struct handler_context *handler = &peer->shard->handler;
    patience_on_message(&peer->shard->patience, peer->shard->now);
    handler->limits.in_flight_max = peer->limits->requests_in_flight_max;
    handlers_on_message(handler, session, message, fault);
}

static bool on_request_octets(struct session *session, struct wire_span message)
{
    struct peer *peer = peer_of(session);
    struct handler_context *handler = &peer->shard->handler;
    /* Known answers are waited for as well. */
    patience_on_message(&peer->shard->patience, peer->shard->now);
    if (handlers_on_octets(handler, session, message))
        return true;
    handler->limits.in_flight_max = peer->limits->requests_in_flight_max;
    return handlers_defer(handler, session, message);
}

static struct frame_spares *get_spares(struct session *session)
{
    return &peer_of(session)->shard->spares;
}

const struct session_ops peer_session_ops = {
    .open_message = open_message,
    .commit_message = commit_message,
    .abort_message = abort_message,
    .end_transport = end_transport,
    .has_unread_input = has_unread_input,
    .on_state = on_state,
    .get_spares = get_spares,
    .on_octets = on_request_octets,
    .on_message = on_message,
};

/* ---- what the connection tells us ---- */

/* Only the held Open used the timer. Stop it: a timer that is moved to later still fires once at
 * the old time. */
static void end_greeting(struct peer *peer)
{
    peer->is_greeting = false;
    wheel_stop(&peer->shard->wheel, &peer->timer);
    conn_release_sends(peer->conn);
}

static void on_octets(struct conn *conn, const uint8_t *octets, size_t size)
{
    struct peer *peer = conn_owner(conn);
    if (peer->phase != PEER_LIVE)
        return;
    shard_hold(peer->shard);
    peer->is_asked = false;
    if (peer->is_greeting)
        end_greeting(peer);
    const struct wire_span input = {octets, size};
    if (size > EXPECT_FROM)
        handlers_expect(&peer->shard->handler, &peer->session, input);
    (void)session_receive(&peer->session, input, &peer->shard->arena, peer->shard->now);
    arena_reset(&peer->shard->arena);
    throttle_check(peer);
    peer_send_settle(peer);
}

/* The peer's record, then where its answer is known, then that answer. */
static void on_foreseen(struct conn *conn, struct wire_span octets, unsigned step, uint64_t *note)
{
    const struct peer *peer = conn_owner(conn);
    if (step == 0) {
        fetch_octets(peer, sizeof *peer);
    } else if (step == 1 && peer->phase == PEER_LIVE) {
        shard_hold(peer->shard);
        *note = handlers_foresee(&peer->shard->handler, &peer->session, octets);
    } else if (step == 2 && *note != 0) {
        (void)handlers_foresee_entry(&peer->shard->handler, *note);
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
    if (!is_dead || peer->phase != PEER_LIVE)
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
    if (peer->challenge != NULL)
        challenge_on_inspected(peer->challenge, status, inspection);
}

static void on_released(struct conn *conn, void *owner, enum pce_status status)
{
    struct peer *peer = owner;
    struct shard *shard = peer->shard;
    conn_check_left(conn, peer);
    shard_hold(shard);
    wheel_stop(&shard->wheel, &peer->timer);
    peer->phase = PEER_RESET;
    session_on_transport_end(&peer->session, status, shard->now);
    peer_unlist(peer);
    admission_leave(peer);
    peer_send_fini(peer);
    outgoing_on_released(peer);
    session_settings_release(peer->limits);
    session_fini(&peer->session);
    session_settings_release(peer_settings(peer));
    peers_release_place(shard);
    counter_subtract(&shard->counters.peers, 1);
    free(peer);
}

const struct conn_ops peer_conn_ops = {
    .on_connected = peer_on_connected,
    .on_foreseen = on_foreseen,
    .on_octets = on_octets,
    .on_end = on_end,
    .on_accepted = peer_send_on_accepted,
    .on_unacked = peer_send_on_unacked,
    .on_stalled = peer_send_on_stalled,
    .on_inspected = on_inspected,
    .on_released = on_released,
};

void peer_on_time(struct wheel_timer *timer, struct mono now)
{
    struct peer *peer = CONTAINER_OF(timer, struct peer, timer);
    switch ((enum peer_phase)peer->phase) {
    case PEER_LIVE:
        if (peer->is_greeting)
            end_greeting(peer);
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

void peer_close(struct peer *peer)
{
    shard_hold(peer->shard);
    session_close(&peer->session, PCEP_CLOSE_NO_EXPLANATION, "the server is shutting down",
                  peer->shard->now);
    /* A session that has nothing to say in its state ends its connection all the same. */
    peer_unlist(peer);
    peer_end_connection(peer, SESSION_END_DRAIN);
}
