#include "core/handlers/refuse.h"

#include "core/base/check.h"
#include "core/pcep/model.h"
#include "core/requests/notify.h"

#define NOTIFICATION_SIZE 8

void handlers_refuse(const struct handler_message *received, const struct pcep_fault *fault)
{
    CHECK(pcep_fault_is_set(fault));
    struct request_context *requests = received->context->requests;
    received->context->counters->messages_refused++;
    session_send_error(received->session, fault, requests->now);
    if (requests->events->on_refused != NULL)
        requests->events->on_refused(requests, received->session, fault);
}

/* Where there is no room the session ends without the word. */
static void send_limit(struct session *session, struct mono now)
{
    static const struct pcep_notification body = {.type = PCEP_NOTIFY_LIMIT,
                                                  .value = PCEP_LIMIT_ENTERED};
    struct wire_writer writer;
    if (session_open_message(session, PCEP_HEADER_SIZE + NOTIFICATION_SIZE, &writer) != PCE_OK)
        return;
    size_t message = pcep_message_open(&writer, PCEP_MESSAGE_PCNTF);
    pcep_object_put(&writer, PCEP_OBJECT_NOTIFICATION, 0, &body);
    pcep_message_close(&writer, message);
    (void)!session_commit_message(session, &writer, SESSION_CONTROL, now);
}

void handlers_end_full(struct handler_context *context, struct session *session, const char *why)
{
    const struct mono now = context->requests->now;
    send_limit(session, now);
    session_close(session, PCEP_CLOSE_NO_EXPLANATION, why, now);
}

void handlers_end_late(struct handler_context *context, struct session *session,
                       uint32_t duration_s)
{
    struct request_context *requests = context->requests;
    (void)notify_overloaded(requests, session, duration_s);
    session_close(session, PCEP_CLOSE_NO_EXPLANATION, "reports come faster than they are taken",
                  requests->now);
}

void handlers_end_at_limit(const struct handler_message *received)
{
    handlers_end_full(received->context, received->session, "limit of LSPs is reached");
}

void handlers_give_up(const struct handler_message *received)
{
    session_close(received->session, PCEP_CLOSE_NO_EXPLANATION, "no memory for a received message",
                  received->context->requests->now);
}
