#include "core/session/send.h"
#include "core/base/check.h"
#include "core/pcep/error.h"
#include "core/pcep/model.h"

#include <stddef.h>

#define ERROR_OBJECT_SIZE 8
#define KEEPALIVE_SIZE    PCEP_HEADER_SIZE
#define CLOSE_SIZE        (PCEP_HEADER_SIZE + 8)
#define ERROR_SIZE        (PCEP_HEADER_SIZE + ERROR_OBJECT_SIZE)
#define RP_SIZE           12 /* and SRP: header and fixed fields */

/* Any message that was sent restarts the Keepalive timer, where it runs (RFC 5440 6.3). */
static void restart_keepalive(struct session *session, struct mono now)
{
    if (mono_is_never(session->keepalive_deadline))
        return;
    session->keepalive_deadline =
        session->keepalive_s == 0 ? MONO_NEVER : mono_add_s(now, session->keepalive_s);
}

static bool send_finish(struct session *session, struct wire_writer *writer,
                        enum session_class message_class, struct mono now)
{
    if (writer->failed) {
        session->ops->abort_message(session, writer);
        return false;
    }
    session->ops->commit_message(session, writer, message_class);
    session->counters.messages_sent++;
    restart_keepalive(session, now);
    return true;
}

static void put_error(struct wire_writer *writer, enum pcep_error_code error)
{
    const struct pcep_error body = {.type = pcep_error_type(error),
                                    .value = pcep_error_value(error)};
    pcep_object_put(writer, PCEP_OBJECT_PCEP_ERROR, 0, &body);
}

bool session_send_open(struct session *session, struct mono now)
{
    struct wire_writer writer;
    if (session->ops->open_message(session, PCEP_HEADER_SIZE + SESSION_OPEN_SIZE_MAX, &writer) !=
        PCE_OK)
        return false;
    session_open_write(session, &writer);
    return send_finish(session, &writer, SESSION_CONTROL, now);
}

bool session_send_keepalive(struct session *session, struct mono now)
{
    struct wire_writer writer;
    if (session->ops->open_message(session, KEEPALIVE_SIZE, &writer) != PCE_OK)
        return false;
    size_t message = pcep_message_open(&writer, PCEP_MESSAGE_KEEPALIVE);
    pcep_message_close(&writer, message);
    return send_finish(session, &writer, SESSION_CONTROL, now);
}

bool session_send_close(struct session *session, uint8_t reason, struct mono now)
{
    struct wire_writer writer;
    if (session->ops->open_message(session, CLOSE_SIZE, &writer) != PCE_OK)
        return false;
    const struct pcep_close body = {.reason = reason};
    size_t message = pcep_message_open(&writer, PCEP_MESSAGE_CLOSE);
    pcep_object_put(&writer, PCEP_OBJECT_CLOSE, 0, &body);
    pcep_message_close(&writer, message);
    return send_finish(session, &writer, SESSION_CONTROL, now);
}

bool session_send_plain_error(struct session *session, enum pcep_error_code error, struct mono now)
{
    struct wire_writer writer;
    if (session->ops->open_message(session, ERROR_SIZE, &writer) != PCE_OK)
        return false;
    size_t message = pcep_message_open(&writer, PCEP_MESSAGE_PCERR);
    put_error(&writer, error);
    pcep_message_close(&writer, message);
    if (!send_finish(session, &writer, SESSION_CONTROL, now))
        return false;
    session->counters.errors_sent++;
    return true;
}

bool session_send_proposal(struct session *session, const struct session_open_view *view,
                           struct mono now)
{
    struct wire_writer writer;
    size_t size_max = (size_t)ERROR_SIZE + SESSION_OPEN_SIZE_MAX + view->object->size;
    if (session->ops->open_message(session, size_max, &writer) != PCE_OK)
        return false;
    session_open_write_proposal(session, view, &writer);
    if (!send_finish(session, &writer, SESSION_CONTROL, now))
        return false;
    session->counters.errors_sent++;
    return true;
}

enum pce_status session_open_message(struct session *session, size_t size_max,
                                     struct wire_writer *writer)
{
    CHECK(size_max >= PCEP_HEADER_SIZE);
    if (session->state != SESSION_UP)
        return PCE_CLOSED;
    return session->ops->open_message(session, size_max, writer);
}

enum pce_status session_commit_message(struct session *session, struct wire_writer *writer,
                                       enum session_class message_class, struct mono now)
{
    return send_finish(session, writer, message_class, now) ? PCE_OK : PCE_LIMIT;
}

/* The P flag of RP is clear in a PCErr (RFC 5440 7.4.1); the same for SRP. */
static void put_id(struct wire_writer *writer, const struct pcep_fault *fault)
{
    if (fault->id_kind == PCEP_ID_REQUEST) {
        const struct pcep_rp body = {.request_id = fault->id};
        pcep_object_put(writer, PCEP_OBJECT_RP, 0, &body);
    } else if (fault->id_kind == PCEP_ID_SRP) {
        const struct pcep_srp body = {.srp_id = fault->id};
        pcep_object_put(writer, PCEP_OBJECT_SRP, 0, &body);
    }
}

static bool is_same_error(const struct pcep_fault *a, const struct pcep_fault *b)
{
    return pcep_fault_error(a) == pcep_fault_error(b);
}

void session_send_errors(struct session *session, const struct pcep_fault *faults, uint32_t count,
                         struct mono now)
{
    struct wire_writer writer;
    size_t size_max = PCEP_HEADER_SIZE + RP_SIZE + (size_t)count * ERROR_OBJECT_SIZE;
    if (count == 0 || faults[0].error_type == 0 ||
        session_open_message(session, size_max, &writer) != PCE_OK)
        return;
    size_t message = pcep_message_open(&writer, PCEP_MESSAGE_PCERR);
    put_id(&writer, &faults[0]);
    for (uint32_t i = 0; i < count; i++) {
        if (i == 0 || !is_same_error(&faults[i - 1], &faults[i]))
            put_error(&writer, pcep_fault_error(&faults[i]));
    }
    pcep_message_close(&writer, message);
    if (send_finish(session, &writer, SESSION_CONTROL, now))
        session->counters.errors_sent++;
}

void session_send_error(struct session *session, const struct pcep_fault *fault, struct mono now)
{
    session_send_errors(session, fault, 1, now);
}
