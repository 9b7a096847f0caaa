/* What a session asks of its peer, and what its states bring about. */
#include "server/peer/admission.h"
#include "server/peer/entities.h"
#include "server/peer/peer_fsm.h"
#include "server/peer/peer_impl.h"
#include "server/peer/peer_log.h"
#include "server/peer/peer_send.h"
#include "server/peer/peer_watch.h"
#include "server/peer/throttle.h"

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
static bool peer_has_unread_input(struct session *session)
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
        .by = verdict->by,
        .close_reason = verdict->close_reason,
        .error_type = verdict->error_type,
        .error_value = verdict->error_value,
        .why = verdict->text == NULL ? "" : verdict->text,
        .state_ns = mono_since_ns(shard->now, session->since),
        .ended = shard->now,
        .counters = session->counters,
    };
    peers_note_end(shard, &record);
}

/* The session knows of the SendHoldTimer alone. */
static void blame_stall(struct peer *peer)
{
    enum peer_stall stall = (enum peer_stall)peer->stall;
    peer->session.verdict.by = stall == PEER_STALL_HOLD ? SESSION_BY_TIMER : SESSION_BY_US;
    peer->session.verdict.text = peer_stall_text(stall);
}

static void on_state(struct session *session, enum session_state from, enum session_state to)
{
    struct peer *peer = peer_of(session);
    struct shard_counters *counters = &peer->shard->counters;
    if (to == SESSION_UP) {
        admission_leave(peer);
        acquaintances_note(&peer->shard->peers->acquaintances, peer_address(peer),
                           peer->shard->now);
        counter_add(&counters->sessions_up, 1);
        counter_add(&counters->sessions_opened, 1);
        counter_add(&counters->open_tlvs_skipped, session->peer.open_tlvs_skipped);
        peers_note_up(peer->shard, peer_address(peer));
        peer_log_up(peer);
        peer_send_on_up(peer);
        FOR_PEER_WATCHERS(watcher, on_up)
        {
            watcher->on_up(peer);
        }
    }
    if (from == SESSION_UP) {
        acquaintances_note(&peer->shard->peers->acquaintances, peer_address(peer),
                           peer->shard->now);
        counter_subtract(&counters->sessions_up, 1);
        counter_add(&counters->sessions_ended, 1);
    }
    if (to != SESSION_CLOSING && to != SESSION_IDLE)
        return;
    peer_send_on_down(peer);
    throttle_end(peer);
    requests_forget_session(&peer->shard->requests, session);
    if (peer_is_listed(peer)) {
        if (peer->phase == PEER_CLOSING)
            blame_stall(peer);
        peer_log_end(peer, from);
        note_end(peer, from);
    }
    peer_happen(peer, PEER_EVENT_SESSION_ENDED);
}

static void on_message(struct session *session, const struct pcep_message *message,
                       const struct pcep_fault *fault)
{
    struct peer *peer = peer_of(session);
    coalesce_on_message(&peer->shard->coalesce, peer->shard->now);
    peer->shard->requests.limits.in_flight_max = peer->policy->requests_in_flight_max;
    handlers_on_message(&peer->shard->handler, session, message, fault);
}

static bool on_request_octets(struct session *session, struct wire_span objects)
{
    struct peer *peer = peer_of(session);
    struct request_context *requests = &peer->shard->requests;
    /* Known answers are waited for as well. */
    coalesce_on_message(&peer->shard->coalesce, peer->shard->now);
    if (requests_on_octets(requests, session, objects))
        return true;
    requests->limits.in_flight_max = peer->policy->requests_in_flight_max;
    return requests_defer(requests, session, objects);
}

static uint64_t peer_get_db_version(struct session *session)
{
    return handlers_db_version(&peer_of(session)->shard->handler, session);
}

static void peer_on_open(struct session *session, const struct pcep_object *open)
{
    handlers_on_open(&peer_of(session)->shard->handler, session, open);
    entities_note(peer_of(session), open);
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
    .has_unread_input = peer_has_unread_input,
    .on_state = on_state,
    .get_spares = get_spares,
    .get_db_version = peer_get_db_version,
    .on_open = peer_on_open,
    .on_octets = on_request_octets,
    .on_message = on_message,
};
