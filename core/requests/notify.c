#include "core/requests/notify.h"
#include "core/base/check.h"
#include "core/pcep/model.h"

#define RP_SIZE           12
#define NOTIFICATION_SIZE 8
#define DURATION_TLV_SIZE 8

static bool commit(struct request_context *context, struct session *session,
                   struct wire_writer *writer, size_t message)
{
    pcep_message_close(writer, message);
    return session_commit_message(session, writer, SESSION_CONTROL, context->now) == PCE_OK;
}

static uint32_t ids_per_message(const struct request_context *context)
{
    size_t size_max = context->reply_size_max;
    if (size_max > PCEP_MESSAGE_SIZE_MAX)
        size_max = PCEP_MESSAGE_SIZE_MAX;
    size_t fixed = PCEP_HEADER_SIZE + NOTIFICATION_SIZE;
    return size_max < fixed + RP_SIZE ? 1 : (uint32_t)((size_max - fixed) / RP_SIZE);
}

static bool send_cancelled(struct request_context *context, struct session *session,
                           const uint32_t *ids, uint32_t id_count)
{
    CHECK(id_count > 0); /* RFC 5440 6.6: an RP for each request that is cancelled */
    struct wire_writer writer;
    size_t size = PCEP_HEADER_SIZE + (size_t)id_count * RP_SIZE + NOTIFICATION_SIZE;
    if (session_open_message(session, size, &writer) != PCE_OK)
        return false;
    const struct pcep_notification body = {.type = PCEP_NOTIFY_CANCELLED,
                                           .value = PCEP_CANCELLED_BY_PCE};
    size_t message = pcep_message_open(&writer, PCEP_MESSAGE_PCNTF);
    for (uint32_t i = 0; i < id_count; i++) {
        const struct pcep_rp rp = {.request_id = ids[i]};
        pcep_object_put(&writer, PCEP_OBJECT_RP, 0, &rp);
    }
    pcep_object_put(&writer, PCEP_OBJECT_NOTIFICATION, 0, &body);
    return commit(context, session, &writer, message);
}

void notify_cancelled(struct request_context *context, struct session *session, const uint32_t *ids,
                      uint32_t id_count)
{
    uint32_t step = ids_per_message(context);
    for (uint32_t i = 0; i < id_count; i += step) {
        uint32_t count = id_count - i < step ? id_count - i : step;
        if (!send_cancelled(context, session, ids + i, count))
            return; /* it takes nothing, and has more to lose than this */
    }
}

bool notify_overloaded(struct request_context *context, struct session *session,
                       uint32_t duration_s)
{
    struct wire_writer writer;
    if (session_open_message(session, PCEP_HEADER_SIZE + NOTIFICATION_SIZE + DURATION_TLV_SIZE,
                             &writer) != PCE_OK)
        return false;
    const struct pcep_notification body = {.type = PCEP_NOTIFY_OVERLOAD,
                                           .value = PCEP_OVERLOAD_BEGINS};
    const struct pcep_duration duration = {.duration_s = duration_s};
    size_t message = pcep_message_open(&writer, PCEP_MESSAGE_PCNTF);
    size_t object = pcep_object_open(&writer, PCEP_OBJECT_NOTIFICATION, 0, &body);
    pcep_tlv_put(&writer, PCEP_TLV_OVERLOADED_DURATION, &duration);
    pcep_object_close(&writer, object);
    return commit(context, session, &writer, message);
}

void notify_available(struct request_context *context, struct session *session)
{
    struct wire_writer writer;
    if (session_open_message(session, PCEP_HEADER_SIZE + NOTIFICATION_SIZE, &writer) != PCE_OK)
        return;
    const struct pcep_notification body = {.type = PCEP_NOTIFY_OVERLOAD,
                                           .value = PCEP_OVERLOAD_ENDS};
    size_t message = pcep_message_open(&writer, PCEP_MESSAGE_PCNTF);
    pcep_object_put(&writer, PCEP_OBJECT_NOTIFICATION, 0, &body);
    (void)commit(context, session, &writer, message);
}
