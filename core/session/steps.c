#include "core/session/steps.h"
#include "core/base/check.h"
#include "core/pcep/error.h"
#include "core/pcep/model.h"
#include "core/session/send.h"

#include <stddef.h>

#define SEND_HOLD_REASON_DEFAULT 6 /* the first value that IANA has not assigned */

/* ---- endings ---- */

/* The transport may be gone when this returns: nothing but the return may follow it. */
static void steps_end_session(struct session *session, const struct session_input *input,
                              struct session_verdict verdict, enum session_end how)
{
    session->verdict = verdict;
    session_enter(session, input, SESSION_CLOSING);
    session->ops->end_transport(session, how);
}

static uint8_t ender_of(enum session_event event)
{
    return event == SESSION_EVENT_WAIT_EXPIRED || event == SESSION_EVENT_DEAD_EXPIRED ||
                   event == SESSION_EVENT_SEND_HOLD_EXPIRED
               ? SESSION_BY_TIMER
               : SESSION_BY_US;
}

/* Whether or not the message found room, the session ends. */
static void end_with_error(struct session *session, const struct session_input *input,
                           enum pcep_error_code error, const char *text)
{
    (void)session_send_plain_error(session, error, input->now);
    steps_end_session(session, input,
                      (struct session_verdict){.by = ender_of(input->event),
                                               .error_type = pcep_error_type(error),
                                               .error_value = pcep_error_value(error),
                                               .text = text},
                      SESSION_END_DRAIN);
}

static void end_with_close(struct session *session, const struct session_input *input,
                           uint8_t reason, const char *text)
{
    (void)session_send_close(session, reason, input->now);
    steps_end_session(session, input,
                      (struct session_verdict){
                          .by = ender_of(input->event), .close_reason = reason, .text = text},
                      SESSION_END_DRAIN);
}

/* Nothing is drained: the peer takes nothing, or else there would be room. */
static void end_without_room(struct session *session, const struct session_input *input)
{
    steps_end_session(session, input,
                      (struct session_verdict){.text = "no room for a message that must be sent"},
                      SESSION_END_RESET);
}

/* ---- steps of any state ---- */

void session_step_ignore(struct session *session, const struct session_input *input)
{
    (void)session;
    (void)input;
}

/* How a transport ended says who ended it. */
static uint8_t ender_of_transport(enum pce_status status)
{
    switch (status) {
    case PCE_OK:
    case PCE_CLOSED:
    case PCE_RESET:
        return SESSION_BY_PEER;
    case PCE_TIMEOUT:
        return SESSION_BY_TIMER;
    case PCE_UNREACHABLE:
        return SESSION_BY_NETWORK;
    default:
        return SESSION_BY_US;
    }
}

void session_step_release(struct session *session, const struct session_input *input)
{
    if (session->verdict.text == NULL) {
        bool is_closed = input->status == PCE_OK || input->status == PCE_CLOSED;
        session->verdict = (struct session_verdict){
            .by = (uint8_t)ender_of_transport(input->status),
            .text = is_closed ? "the peer closed the connection" : pce_status_text(input->status)};
    }
    session_enter(session, input, SESSION_IDLE);
}

void session_step_abandon(struct session *session, const struct session_input *input)
{
    steps_end_session(session, input, (struct session_verdict){.text = input->text},
                      SESSION_END_DRAIN);
}

void session_step_give_up(struct session *session, const struct session_input *input)
{
    steps_end_session(session, input, (struct session_verdict){.text = input->text},
                      SESSION_END_RESET);
}

/* RFC 5440 6.8: nothing is answered, and what is queued is not sent any more. */
void session_step_peer_closed(struct session *session, const struct session_input *input)
{
    struct session_verdict verdict = {.by = SESSION_BY_PEER, .text = "the peer sent Close"};
    for (uint32_t i = 0; i < input->message->object_count; i++) {
        const struct pcep_object *object = &input->message->objects[i];
        if (object->row != NULL && object->row->id == PCEP_OBJECT_CLOSE) {
            verdict.close_reason = ((const struct pcep_close *)object->body)->reason;
            break; /* RFC 5440 7.17: the first one counts */
        }
    }
    steps_end_session(session, input, verdict, SESSION_END_QUIET);
}

/* ---- the way to UP ---- */

void session_step_connect(struct session *session, const struct session_input *input)
{
    session_enter(session, input, SESSION_TCP_PENDING);
}

/* No connection, so that there is nothing to drain. */
void session_step_connect_expired(struct session *session, const struct session_input *input)
{
    steps_end_session(session, input,
                      (struct session_verdict){.by = ender_of(input->event),
                                               .text = "the connection took too long"},
                      SESSION_END_RESET);
}

void session_step_start(struct session *session, const struct session_input *input)
{
    if (session_send_open(session, input->now))
        session_enter(session, input, SESSION_OPEN_WAIT);
    else
        end_without_room(session, input);
}

void session_step_accept_open(struct session *session, const struct session_input *input)
{
    session->peer = input->open->said;
    if (session->ops->on_open != NULL)
        session->ops->on_open(session, input->open->object);
    session->remote_ok = true;
    /* RFC 5440 7.3: a peer that sends no Keepalives has no DeadTimer. */
    session->dead_timer_s = session->peer.keepalive_s == 0 ? 0 : session->peer.dead_timer_s;
    if (!session_send_keepalive(session, input->now))
        end_without_room(session, input);
    else
        session_enter(session, input, session->local_ok ? SESSION_UP : SESSION_KEEP_WAIT);
}

void session_step_propose(struct session *session, const struct session_input *input)
{
    if (session->open_retry > 0) {
        /* RFC 5440 6.2: one counter-proposal; a second Open that is no better gets 1/5. */
        end_with_error(session, input, PCEP_ERROR_SECOND_OPEN_UNACCEPTABLE,
                       "a second Open with unacceptable timers");
        return;
    }
    session->open_retry++;
    if (!session_send_proposal(session, input->open, input->now))
        end_without_room(session, input);
    else
        session_enter(session, input, session->local_ok ? SESSION_OPEN_WAIT : SESSION_KEEP_WAIT);
}

void session_step_acknowledged(struct session *session, const struct session_input *input)
{
    session->local_ok = true;
    session_enter(session, input, session->remote_ok ? SESSION_UP : SESSION_OPEN_WAIT);
}

void session_step_adjust(struct session *session, const struct session_input *input)
{
    if (session->proposals == SESSION_PROPOSALS_MAX) {
        end_with_error(session, input, PCEP_ERROR_PROPOSAL_UNACCEPTABLE,
                       "the peer turned down too many of our Opens");
        return;
    }
    session->proposals++;
    session->keepalive_s = input->open->said.keepalive_s;
    session->own_dead_timer_s = input->open->said.dead_timer_s;
    if (!session_send_open(session, input->now))
        end_without_room(session, input);
    else
        session_enter(session, input, session->remote_ok ? SESSION_KEEP_WAIT : SESSION_OPEN_WAIT);
}

void session_step_refuse_open(struct session *session, const struct session_input *input)
{
    const struct pcep_fault *fault = &input->open->fault;
    end_with_error(session, input, pcep_fault_error(fault), fault->reason);
}

void session_step_refuse_non_open(struct session *session, const struct session_input *input)
{
    bool has_reason = input->fault != NULL && input->event == SESSION_EVENT_MALFORMED &&
                      input->fault->reason != NULL;
    end_with_error(session, input, PCEP_ERROR_INVALID_OPEN,
                   has_reason ? input->fault->reason : "not the message that is due");
}

void session_step_refuse_version(struct session *session, const struct session_input *input)
{
    end_with_error(session, input, PCEP_ERROR_VERSION_NOT_SUPPORTED, "PCEP version not supported");
}

void session_step_refuse_proposal(struct session *session, const struct session_input *input)
{
    end_with_error(session, input, PCEP_ERROR_PROPOSAL_UNACCEPTABLE,
                   "the peer proposed unacceptable timers");
}

void session_step_refuse_late_tls(struct session *session, const struct session_input *input)
{
    end_with_error(session, input, PCEP_ERROR_STARTTLS_TOO_LATE, "StartTLS after other messages");
}

/* RFC 8253 3.2: no TLS here. The peer may be welcome without it. */
void session_step_refuse_tls(struct session *session, const struct session_input *input)
{
    bool is_late = session->local_ok || session->open_retry > 0 || session->proposals > 0;
    if (is_late)
        session_step_refuse_late_tls(session, input);
    else
        end_with_error(session, input,
                       session->config->starttls_refuse ? PCEP_ERROR_TLS_REQUIRED
                                                        : PCEP_ERROR_TLS_NOT_REQUIRED,
                       "StartTLS, and TLS is not configured");
}

void session_step_open_wait_expired(struct session *session, const struct session_input *input)
{
    end_with_error(session, input, PCEP_ERROR_OPEN_WAIT_EXPIRED, "no Open within OpenWait");
}

void session_step_keep_wait_expired(struct session *session, const struct session_input *input)
{
    end_with_error(session, input, PCEP_ERROR_KEEP_WAIT_EXPIRED, "no Keepalive within KeepWait");
}

/* A PCErr without a proposal: the peer does not want this session, and nothing is left to
 * negotiate. */
void session_step_peer_refused(struct session *session, const struct session_input *input)
{
    struct session_verdict verdict = {.by = SESSION_BY_PEER, .text = "the peer refused our Open"};
    for (uint32_t i = 0; i < input->message->object_count; i++) {
        const struct pcep_object *object = &input->message->objects[i];
        if (object->row != NULL && object->row->id == PCEP_OBJECT_PCEP_ERROR) {
            const struct pcep_error *error = object->body;
            verdict.error_type = error->type;
            verdict.error_value = error->value;
            break;
        }
    }
    steps_end_session(session, input, verdict, SESSION_END_DRAIN);
}

/* ---- UP ---- */

void session_step_deliver(struct session *session, const struct session_input *input)
{
    session->ops->on_message(session, input->message, input->fault);
}

/* RFC 5440 7.15, type 9: the session that is there stays. */
void session_step_second_open(struct session *session, const struct session_input *input)
{
    (void)session_send_plain_error(session, PCEP_ERROR_SECOND_SESSION, input->now);
}

/* Without room the peer is not reading; the deadline moves on all the same. */
void session_step_keepalive(struct session *session, const struct session_input *input)
{
    CHECK(session->keepalive_s != 0); /* the deadline would be due for ever */
    if (!session_send_keepalive(session, input->now))
        session->keepalive_deadline = mono_add_s(input->now, session->keepalive_s);
}

void session_begin_minute(struct session *session, struct mono now)
{
    if (mono_since_ns(now, session->unknown_since) < 60 * MONO_NS_PER_S)
        return;
    session->unknown_since = now;
    session->unknown_messages = 0;
    session->unknown_requests = 0;
}

/* RFC 5440 6.9. */
void session_step_unknown_message(struct session *session, const struct session_input *input)
{
    (void)session_send_plain_error(session, PCEP_ERROR_CAPABILITY_NOT_SUPPORTED, input->now);
    session_begin_minute(session, input->now);
    session->unknown_messages++;
    if (session->unknown_messages >= session->config->unknown_messages_per_minute_max)
        end_with_close(session, input, PCEP_CLOSE_UNKNOWN_MESSAGES,
                       "too many messages of unknown types");
}

void session_step_close_malformed(struct session *session, const struct session_input *input)
{
    const char *reason = input->fault == NULL ? NULL : input->fault->reason;
    end_with_close(session, input, PCEP_CLOSE_MALFORMED,
                   reason == NULL ? "malformed message" : reason);
}

void session_step_close_no_resources(struct session *session, const struct session_input *input)
{
    end_with_close(session, input, PCEP_CLOSE_NO_EXPLANATION, input->text);
}

void session_step_close_unknown_requests(struct session *session, const struct session_input *input)
{
    end_with_close(session, input, PCEP_CLOSE_UNKNOWN_REQUESTS, "too many unknown requests");
}

void session_step_close_by_operator(struct session *session, const struct session_input *input)
{
    end_with_close(session, input, input->close_reason, input->text);
}

void session_step_dead_expired(struct session *session, const struct session_input *input)
{
    end_with_close(session, input, PCEP_CLOSE_DEAD_TIMER, "DeadTimer expired");
}

/* draft-lin-pcep-sendholdtimer: what is queued is the owner's to drop, the Close goes ahead of it.
 */
void session_step_send_hold_expired(struct session *session, const struct session_input *input)
{
    uint8_t reason = session->config->send_hold_reason;
    end_with_close(session, input, reason == 0 ? SEND_HOLD_REASON_DEFAULT : reason,
                   "SendHoldTimer expired");
}
