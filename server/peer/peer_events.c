#include "server/peer/peer_events.h"

#include "core/pcep/model.h"
#include "core/requests/no_path.h"
#include "server/peer/peer_log.h"
#include "server/peer/peer_send.h"
#include "server/shard/requests.h"

static void note_error(struct session *session, uint8_t type, uint8_t value, bool is_ours)
{
    struct peer *peer = peer_of(session);
    peer->error_type = type;
    peer->error_value = value;
    peer->is_error_ours = is_ours;
}

static void on_refused(struct request_context *context, struct session *session,
                       const struct pcep_fault *fault)
{
    note_error(session, fault->error_type, fault->error_value, true);
    peer_log_refused(context, session, fault);
}

static void on_peer_error(struct handler_context *context, struct session *session,
                          uint8_t error_type, uint8_t error_value)
{
    note_error(session, error_type, error_value, false);
    peer_log_error(context, session, error_type, error_value);
}

static bool may_answer(struct request_context *context, struct session *session)
{
    (void)context;
    return peer_send_takes_answers(peer_of(session));
}

static void on_reply(struct request_context *context, struct session *session,
                     const struct request_reply *reply)
{
    no_path_on_reply(&peer_of(session)->shard->no_paths, context, session, reply);
    peer_log_reply(context, session, reply);
}

static void on_cached_reply(struct request_context *context, struct session *session,
                            uint32_t request_id, const struct reply_entry *known)
{
    no_path_on_cached_reply(&peer_of(session)->shard->no_paths, context, session, request_id,
                            known);
    peer_log_cached_reply(context, session, request_id, known);
}

/* Bandwidths that were held back while it was overwhelmed (RFC 8733 5.7). */
static void on_notification(struct handler_context *context, struct session *session, uint8_t type,
                            uint8_t value)
{
    struct shard *shard = peer_of(session)->shard;
    peer_log_notification(context, session, type, value);
    if (type != PCEP_NOTIFY_AUTO_BANDWIDTH || value != PCEP_OVERLOAD_ENDS)
        return;
    const struct lsp_pcc *pcc = lsp_db_pcc(&shard->lsps, context->address_of(session));
    if (pcc != NULL)
        reopt_on_synchronised(&shard->reopt, pcc);
}

const struct request_events peer_request_events = {
    .on_reply = on_reply,
    .on_cached_reply = on_cached_reply,
    .on_refused = on_refused,
    .may_answer = may_answer,
    .offload = requests_offload,
    .own_route = requests_own_route,
};

const struct handler_events peer_handler_events = {
    .on_report = peer_log_report,
    .on_peer_error = on_peer_error,
    .on_notification = on_notification,
};
