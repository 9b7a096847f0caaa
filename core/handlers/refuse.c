#include "core/handlers/refuse.h"

#include "core/base/check.h"
#include "core/pcep/model.h"

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

void handlers_end_at_limit(const struct handler_message *received)
{
    static const struct pcep_notification body = {.type = PCEP_NOTIFY_LIMIT,
                                                  .value = PCEP_LIMIT_ENTERED};
    struct session *session = received->session;
    const struct mono now = received->context->requests->now;
    struct wire_writer writer;
    if (session_open_message(session, PCEP_HEADER_SIZE + NOTIFICATION_SIZE, &writer) == PCE_OK) {
        size_t message = pcep_message_open(&writer, PCEP_MESSAGE_PCNTF);
        pcep_object_put(&writer, PCEP_OBJECT_NOTIFICATION, 0, &body);
        pcep_message_close(&writer, message);
        /* Where there was no room the session ends without the word. */
        (void)!session_commit_message(session, &writer, SESSION_CONTROL, now);
    }
    session_close(session, PCEP_CLOSE_NO_EXPLANATION, "limit of LSPs is reached", now);
}

void handlers_give_up(const struct handler_message *received)
{
    session_close(received->session, PCEP_CLOSE_NO_EXPLANATION, "no memory for a received message",
                  received->context->requests->now);
}
