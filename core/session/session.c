#include "core/session/session.h"
#include "core/base/check.h"
#include "core/pcep/error.h"
#include "core/pcep/model.h"
#include "core/session/steps.h"

#include <string.h>

void session_init(struct session *session, const struct session_ops *ops,
                  const struct session_config *config, enum session_role role)
{
    CHECK(role == SESSION_ACCEPTED || role == SESSION_INITIATED);
    memset(session, 0, sizeof *session);
    session->ops = ops;
    session->config = config;
    session->role = (uint8_t)role;
    session->state = SESSION_IDLE;
    session->wait_deadline = MONO_NEVER;
    session->keepalive_deadline = MONO_NEVER;
    frame_init(&session->frame, config->message_size_max);
}

void session_fini(struct session *session)
{
    CHECK(!session->is_receiving);
    frame_fini(&session->frame);
}

/* What a session begins with in Idle (RFC 5440 Appendix A), whatever an earlier one left. */
static void session_forget(struct session *session)
{
    session->keepalive_s = session->config->keepalive_s;
    session->own_dead_timer_s =
        session->config->keepalive_s == 0 ? 0 : session->config->dead_timer_s;
    session->dead_timer_s = 0;
    session->open_retry = 0;
    session->proposals = 0;
    session->local_ok = false;
    session->remote_ok = false;
    session->unknown_messages = 0;
    session->unknown_requests = 0;
    memset(&session->peer, 0, sizeof session->peer);
    memset(&session->verdict, 0, sizeof session->verdict);
}

static void dispatch(struct session *session, struct session_input input)
{
    session_dispatch(session, &input);
}

void session_connect(struct session *session, struct mono now)
{
    if (session->state != SESSION_IDLE)
        return;
    session_forget(session);
    dispatch(session, (struct session_input){.event = SESSION_EVENT_CONNECT, .now = now});
}

void session_start(struct session *session, uint8_t sid, struct mono now)
{
    if (session->state != SESSION_IDLE && session->state != SESSION_TCP_PENDING)
        return;
    session_forget(session);
    session->local_sid = sid;
    session->unknown_since = now;
    dispatch(session, (struct session_input){.event = SESSION_EVENT_TRANSPORT_UP, .now = now});
}

void session_on_transport_end(struct session *session, enum pce_status status, struct mono now)
{
    dispatch(session, (struct session_input){
                          .event = SESSION_EVENT_TRANSPORT_END, .now = now, .status = status});
}

void session_close(struct session *session, uint8_t close_reason, const char *text, struct mono now)
{
    dispatch(session, (struct session_input){.event = SESSION_EVENT_ADMIN_CLOSE,
                                             .now = now,
                                             .close_reason = close_reason,
                                             .text = text == NULL ? "closed" : text});
}

void session_on_send_hold(struct session *session, struct mono now)
{
    dispatch(session, (struct session_input){.event = SESSION_EVENT_SEND_HOLD_EXPIRED, .now = now});
}

void session_refuse_message_type(struct session *session, struct mono now)
{
    if (session->state == SESSION_UP)
        dispatch(session,
                 (struct session_input){.event = SESSION_EVENT_UNKNOWN_MESSAGE, .now = now});
}

void session_count_unknown_request(struct session *session, struct mono now)
{
    if (session->state != SESSION_UP)
        return;
    session_begin_minute(session, now);
    session->unknown_requests++;
    if (session->unknown_requests >= session->config->unknown_requests_per_minute_max)
        dispatch(session,
                 (struct session_input){.event = SESSION_EVENT_UNKNOWN_REQUESTS, .now = now});
}

/* ---- receiving ---- */

static bool session_is_listening(const struct session *session)
{
    return session->state == SESSION_OPEN_WAIT || session->state == SESSION_KEEP_WAIT ||
           session->state == SESSION_UP;
}

static enum session_event event_of_error(const struct session *session,
                                         const struct pcep_message *message,
                                         struct session_open_view *view)
{
    for (uint32_t i = 0; i < message->object_count; i++) {
        const struct pcep_object *object = &message->objects[i];
        if (object->row == NULL || object->row->id != PCEP_OBJECT_PCEP_ERROR)
            continue;
        const struct pcep_error *error = object->body;
        if (pcep_error_code(error->type, error->value) != PCEP_ERROR_OPEN_NEGOTIABLE)
            continue;
        session_proposal_read(session->config, message, view);
        return view->judgement == SESSION_OPEN_ACCEPTABLE ? SESSION_EVENT_PROPOSAL_ACCEPTABLE
                                                          : SESSION_EVENT_PROPOSAL_UNACCEPTABLE;
    }
    return SESSION_EVENT_ERROR;
}

static enum session_event event_of_open(const struct session *session,
                                        const struct pcep_message *message,
                                        struct session_open_view *view)
{
    static const enum session_event events[] = {
        [SESSION_OPEN_ACCEPTABLE] = SESSION_EVENT_OPEN_ACCEPTABLE,
        [SESSION_OPEN_NEGOTIABLE] = SESSION_EVENT_OPEN_NEGOTIABLE,
        [SESSION_OPEN_UNACCEPTABLE] = SESSION_EVENT_OPEN_UNACCEPTABLE,
        [SESSION_OPEN_MALFORMED] = SESSION_EVENT_MALFORMED,
    };
    session_open_read(session->config, message, view);
    return events[view->judgement];
}

static enum session_event event_of_message(const struct session *session,
                                           const struct pcep_message *message,
                                           struct session_open_view *view)
{
    switch (message->type) {
    case PCEP_MESSAGE_OPEN:
        return event_of_open(session, message, view);
    case PCEP_MESSAGE_KEEPALIVE: /* RFC 5440 6.3: a common header, nothing else */
        return message->object_count == 0 ? SESSION_EVENT_KEEPALIVE : SESSION_EVENT_MALFORMED;
    case PCEP_MESSAGE_PCERR:
        return event_of_error(session, message, view);
    case PCEP_MESSAGE_CLOSE:
        return SESSION_EVENT_CLOSE;
    case PCEP_MESSAGE_STARTTLS:
        return SESSION_EVENT_STARTTLS;
    default:
        return SESSION_EVENT_OTHER_MESSAGE;
    }
}

static void decode_message(struct session *session, struct frame_message framed,
                           struct arena *arena, struct mono now)
{
    struct pcep_message message = {0};
    struct pcep_fault fault = {0};
    struct session_open_view view = {0};
    struct session_input input = {.now = now, .message = &message, .fault = &fault, .open = &view};
    if (pcep_message_find(framed.type) == NULL) {
        /* What is in a message of an unknown type is nobody's business. */
        input.event = SESSION_EVENT_UNKNOWN_MESSAGE;
        session_dispatch(session, &input);
        return;
    }
    enum pce_status status = pcep_decode_framed(framed, arena, &message, &fault);
    if (status == PCE_OK) {
        input.event = event_of_message(session, &message, &view);
    } else if (status == PCE_INVALID) {
        input.event = SESSION_EVENT_MALFORMED;
    } else {
        input.event = SESSION_EVENT_NO_RESOURCES;
        input.text = "no memory for a received message";
    }
    if (message.type == PCEP_MESSAGE_PCERR)
        session->counters.errors_received++;
    session_dispatch(session, &input);
}

static void receive_message(struct session *session, struct frame_message framed,
                            struct arena *arena, struct mono now)
{
    session->counters.messages_received++;
    /* RFC 5440 7.3: any message shows that the peer lives, whatever is in it. */
    if (session->state == SESSION_UP && session->dead_timer_s != 0)
        session->wait_deadline = mono_add_s(now, session->dead_timer_s);
    /* Before decoding: the owner knows by the octets alone what it has answered already. */
    bool is_asked = session->state == SESSION_UP && framed.type == PCEP_MESSAGE_PCREQ;
    if (is_asked && session->ops->on_octets != NULL &&
        session->ops->on_octets(session, frame_message_body(framed)))
        return;
    decode_message(session, framed, arena, now);
}

static void receive_broken(struct session *session, enum pce_status status,
                           const struct pcep_fault *fault, struct mono now)
{
    struct session_input input = {.now = now, .fault = fault};
    if (status == PCE_INVALID) {
        bool is_version = pcep_fault_error(fault) == PCEP_ERROR_VERSION_NOT_SUPPORTED;
        input.event = is_version ? SESSION_EVENT_BAD_VERSION : SESSION_EVENT_MALFORMED;
    } else {
        input.event = SESSION_EVENT_NO_RESOURCES;
        input.text = "no memory for a split message";
    }
    session_dispatch(session, &input);
}

bool session_receive(struct session *session, struct wire_span octets, struct arena *arena,
                     struct mono now)
{
    if (!session_is_listening(session))
        return false;
    /* A step that fed its own session would move the buffer that its message lies in. */
    CHECK(!session->is_receiving);
    struct frame_spares *spares =
        session->ops->get_spares == NULL ? NULL : session->ops->get_spares(session);
    session->is_receiving = true;
    while (session_is_listening(session)) {
        struct frame_message message;
        struct pcep_fault fault = {0};
        enum pce_status status =
            frame_next_sparing(&session->frame, spares, &octets, &message, &fault);
        if (status == PCE_AGAIN)
            break;
        if (status == PCE_OK)
            receive_message(session, message, arena, now);
        else
            receive_broken(session, status, &fault, now);
    }
    session->is_receiving = false;
    /* A step that entered Closing left the frame alone, as its message lay there. */
    if (session_is_listening(session))
        return true;
    frame_fini(&session->frame); /* what is left of a message nobody will hear */
    return false;
}

/* ---- time ---- */

struct mono session_deadline(const struct session *session)
{
    return mono_min(session->wait_deadline, session->keepalive_deadline);
}

static bool is_due(struct mono deadline, struct mono now)
{
    return !mono_is_never(deadline) && !mono_is_before(now, deadline);
}

/* RFC 5440 7.3 lets the DeadTimer end a silent peer; one whose octets only wait for us is none. */
static void on_wait_over(struct session *session, struct mono now)
{
    if (session->state != SESSION_UP)
        dispatch(session, (struct session_input){.event = SESSION_EVENT_WAIT_EXPIRED, .now = now});
    else if (session->ops->has_unread_input(session))
        session->wait_deadline = mono_add_s(now, SESSION_UNREAD_S);
    else
        dispatch(session, (struct session_input){.event = SESSION_EVENT_DEAD_EXPIRED, .now = now});
}

void session_on_time(struct session *session, struct mono now)
{
    if (is_due(session->wait_deadline, now))
        on_wait_over(session, now);
    if (is_due(session->keepalive_deadline, now))
        dispatch(session, (struct session_input){.event = SESSION_EVENT_KEEPALIVE_DUE, .now = now});
}
