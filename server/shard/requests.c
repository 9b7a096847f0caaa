#include "server/shard/requests.h"

#include "core/reopt/own_route.h"
#include "core/requests/synced.h"
#include "server/shard/compute.h"

static enum pce_status create_replies(struct shard *shard)
{
    const struct config_limits *limits = &shard->shared->config.limits;
    size_t size_max = ((size_t)limits->reply_cache_mib << 20) / shard->shared->shard_count;
    if (size_max == 0)
        return PCE_OK;
    shard->requests.replies = reply_cache_create(size_max);
    return shard->requests.replies == NULL ? PCE_NO_MEMORY : PCE_OK;
}

static enum pce_status requests_init(struct shard *shard)
{
    struct failure *failure = &shard->failure;
    struct request_context *requests = &shard->requests;
    requests->computations =
        compute_table(shard->shared->compute, shard->index, COMPUTATION_OF_REQUESTS);
    requests->arena = &shard->arena;
    requests->counters = &shard->served;
    requests->owner = shard;
    shard->account.table = shard->shared->reservations;
    requests->account = shard->account.table == NULL ? NULL : &shard->account;
    shard->handler.requests = requests;
    shard->handler.counters = &shard->handled;
    requests->engine = path_engine_create(shard->shared->config.limits.path_work_max);
    if (requests->engine == NULL)
        return failure_set(failure, PCE_NO_MEMORY, "no memory for a path engine");
    requests->queue = request_queue_create();
    if (requests->queue == NULL)
        return failure_set(failure, PCE_NO_MEMORY, "no memory for a queue of requests");
    requests->synced = synced_line_create();
    if (requests->synced == NULL)
        return failure_set(failure, PCE_NO_MEMORY,
                           "no memory for requests that depend on each other");
    if (create_replies(shard) != PCE_OK)
        return failure_set(failure, PCE_NO_MEMORY, "no memory for limits.reply-cache");
    return PCE_OK;
}

static void requests_fini(struct shard *shard)
{
    struct request_context *requests = &shard->requests;
    if (requests->queue != NULL)
        request_queue_destroy(requests->queue);
    synced_line_destroy(requests->synced);
    reply_cache_destroy(requests->replies);
    if (requests->engine != NULL)
        path_engine_destroy(requests->engine);
}

static void on_mail(struct shard *shard, const struct mail *mail)
{
    requests_on_computed(&shard->requests, mail->pointers[0]);
}

static void on_turn(struct shard *shard)
{
    shard->has_requests = requests_serve(&shard->requests);
}

static bool requests_is_busy(const struct shard *shard)
{
    return shard->has_requests;
}

static void requests_begin_turn(struct shard *shard)
{
    const struct config_limits *limits = &shard->settings->config.limits;
    struct request_context *requests = &shard->requests;
    requests->snapshot = snapshot_get(&shard->shared->topology);
    requests->now = shard->now;
    requests->work_left = REQUESTS_WORK_PER_TURN;
    requests->reply_size_max = limits->reply_size_max;
    requests->work_inline = limits->path_work_inline;
    requests->limits.octets_max = (size_t)limits->request_queue_kib << 10;
}

static void end_turn(struct shard *shard)
{
    struct shard_counters *counters = &shard->counters;
    shard->requests.snapshot = NULL;
#define COPY_REQUEST(member, help) counter_set(&counters->member, shard->served.member);
#define COPY_HANDLER(member, help) counter_set(&counters->member, shard->handled.member);
    REQUEST_COUNTERS(COPY_REQUEST, COPY_REQUEST)
    HANDLER_COUNTERS(COPY_HANDLER, COPY_HANDLER)
#undef COPY_REQUEST
#undef COPY_HANDLER
    counter_set(&counters->requests_waiting,
                shard->requests.queue->count + synced_waiting(shard->requests.synced));
    counter_set(&counters->requests_computing, shard->requests.queue->computing);
    counter_set(&counters->requests_heavy,
                request_queue_waiting(shard->requests.queue, REQUEST_HEAVY));
}

const struct shard_part requests_part = {
    .name = "requests",
    .mails = UINT32_C(1) << SHARD_MAIL_COMPUTED,
    .init = requests_init,
    .on_mail = on_mail,
    .on_turn = on_turn,
    .is_busy = requests_is_busy,
    .begin_turn = requests_begin_turn,
    .end_turn = end_turn,
    .fini = requests_fini,
};

bool requests_offload(struct request_context *context, struct computation *computation)
{
    const struct shard *shard = context->owner;
    return compute_offload(shard->shared->compute, computation) == PCE_OK;
}

bool requests_own_route(struct request_context *context, struct session *session,
                        const struct request_lsp *lsp, struct request_own *own)
{
    struct shard *shard = context->owner;
    struct lsp_pcc *pcc = lsp_db_pcc(&shard->lsps, shard->handler.address_of(session));
    return reopt_own_route(&shard->reopt, pcc, context->snapshot, lsp, own);
}
