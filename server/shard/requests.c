#include "server/shard/requests.h"

#include "server/shard/compute.h"

static enum pce_status create_replies(struct shard *shard)
{
    const struct config_limits *limits = &shard->shared->config.limits;
    size_t size_max = ((size_t)limits->reply_cache_mib << 20) / shard->shared->shard_count;
    if (size_max == 0)
        return PCE_OK;
    shard->handler.replies = reply_cache_create(size_max);
    return shard->handler.replies == NULL ? PCE_NO_MEMORY : PCE_OK;
}

static enum pce_status init(struct shard *shard)
{
    struct failure *failure = &shard->failure;
    struct handler_context *handler = &shard->handler;
    handler->computations = compute_table(shard->shared->compute, shard->index);
    handler->arena = &shard->arena;
    handler->counters = &shard->handled;
    handler->owner = shard;
    handler->engine = path_engine_create(shard->shared->config.limits.path_work_max);
    if (handler->engine == NULL)
        return failure_set(failure, PCE_NO_MEMORY, "no memory for a path engine");
    handler->queue = request_queue_create();
    if (handler->queue == NULL)
        return failure_set(failure, PCE_NO_MEMORY, "no memory for a queue of requests");
    if (create_replies(shard) != PCE_OK)
        return failure_set(failure, PCE_NO_MEMORY, "no memory for limits.reply-cache");
    return PCE_OK;
}

static void fini(struct shard *shard)
{
    struct handler_context *handler = &shard->handler;
    if (handler->queue != NULL)
        request_queue_destroy(handler->queue);
    reply_cache_destroy(handler->replies);
    if (handler->engine != NULL)
        path_engine_destroy(handler->engine);
}

static void on_mail(struct shard *shard, const struct mail *mail)
{
    handlers_on_computed(&shard->handler, mail->pointers[0]);
}

static void on_turn(struct shard *shard)
{
    shard->has_requests = handlers_serve(&shard->handler);
}

static bool is_busy(const struct shard *shard)
{
    return shard->has_requests;
}

static void begin_turn(struct shard *shard)
{
    const struct config_limits *limits = &shard->settings->config.limits;
    struct handler_context *handler = &shard->handler;
    handler->snapshot = snapshot_get(&shard->shared->topology);
    handler->now = shard->now;
    handler->work_left = HANDLERS_WORK_PER_TURN;
    handler->reply_size_max = limits->reply_size_max;
    handler->work_inline = limits->path_work_inline;
    handler->limits.octets_max = (size_t)limits->request_queue_kib << 10;
}

static void end_turn(struct shard *shard)
{
    struct shard_counters *counters = &shard->counters;
    shard->handler.snapshot = NULL;
    const struct handler_counters *handled = &shard->handled;
    counter_set(&counters->requests, handled->requests);
    counter_set(&counters->replies_path, handled->replies_path);
    counter_set(&counters->replies_no_path, handled->replies_no_path);
    counter_set(&counters->replies_cached, handled->replies_cached);
    counter_set(&counters->requests_refused, handled->requests_refused);
    counter_set(&counters->replies_dropped, handled->replies_dropped);
    counter_set(&counters->replies_unfit, handled->replies_unfit);
    counter_set(&counters->requests_waiting, shard->handler.queue->count);
    counter_set(&counters->requests_queued, handled->requests_queued);
    counter_set(&counters->computations, handled->computations);
    counter_set(&counters->computations_refused, handled->computations_refused);
    counter_set(&counters->requests_coalesced, handled->requests_coalesced);
    counter_set(&counters->requests_computing, shard->handler.queue->computing);
    counter_set(&counters->requests_heavy,
                request_queue_waiting(shard->handler.queue, REQUEST_HEAVY));
    counter_set(&counters->requests_cancelled, handled->requests_cancelled);
    counter_set(&counters->requests_over_limit, handled->requests_over_limit);
    counter_set(&counters->requests_unserved, handled->requests_unserved);
    counter_set(&counters->requests_gone, handled->requests_gone);
    counter_set(&counters->congestions, handled->congestions);
    counter_set(&counters->overloads_told, handled->overloads_told);
    counter_set(&counters->overload_ends_told, handled->overload_ends_told);
    counter_set(&counters->reports, handled->reports);
    counter_set(&counters->reports_refused, handled->reports_refused);
    counter_set(&counters->messages_refused, handled->messages_refused);
    counter_set(&counters->notifications, handled->notifications);
    counter_set(&counters->errors, handled->errors);
}

const struct shard_part requests_part = {
    .name = "requests",
    .mails = UINT32_C(1) << SHARD_MAIL_COMPUTED,
    .init = init,
    .on_mail = on_mail,
    .on_turn = on_turn,
    .is_busy = is_busy,
    .begin_turn = begin_turn,
    .end_turn = end_turn,
    .fini = fini,
};

bool requests_offload(struct handler_context *context, struct computation *computation)
{
    const struct shard *shard = context->owner;
    return compute_offload(shard->shared->compute, computation) == PCE_OK;
}

bool requests_post_computed(struct shard *shard, struct computation *computation)
{
    struct mail mail = {.kind = SHARD_MAIL_COMPUTED, .pointers = {computation}};
    return mailbox_post(shard->mailbox, &mail, NULL) == PCE_OK;
}
