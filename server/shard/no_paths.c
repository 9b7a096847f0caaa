#include "server/shard/no_paths.h"

#include "core/requests/no_path.h"
#include "server/log/log.h"

static const struct ip *no_paths_address_of(void *owner, const struct session *session)
{
    const struct shard *shard = owner;
    return shard->handler.address_of(session);
}

static void on_cured(void *owner, const struct no_path *record, const struct path_request *request)
{
    static struct log_site site =
        LOG_SITE(INFO, "a path has become possible; the router will not ask again by itself: "
                       "close its session, or initiate the LSP");
    const struct shard *shard = owner;
    const struct ted_snapshot *snapshot = shard->requests.snapshot;
    struct log_line line;
    if (!log_begin(&line, &site))
        return;
    log_peer(&line, &record->peer->address, 0);
    log_number(&line, "request", record->request_id);
    log_text(&line, "from", snapshot->nodes[request->source].name);
    log_text(&line, "to", snapshot->nodes[request->destination].name);
    log_end(&line);
}

static const struct no_path_events no_path_events = {.address_of = no_paths_address_of,
                                                     .on_cured = on_cured};

static enum pce_status no_paths_init(struct shard *shard)
{
    const struct config_limits *limits = &shard->shared->config.limits;
    const uint32_t share = limits->no_paths / shard->shared->shard_count;
    const struct no_path_limits own = {.room_max = share == 0 && limits->no_paths > 0 ? 1 : share,
                                       .session_max = limits->no_paths_per_session};
    no_path_memory_init(&shard->no_paths, &own, &no_path_events, shard);
    return PCE_OK;
}

static void no_paths_on_turn(struct shard *shard)
{
    if (shard->no_paths.count > 0)
        (void)no_path_turn(&shard->no_paths, &shard->requests);
}

static bool no_paths_is_busy(const struct shard *shard)
{
    return shard->no_paths.is_checking;
}

static void no_paths_end_turn(struct shard *shard)
{
    struct shard_counters *counters = &shard->counters;
    if (!shard->no_paths.has_news)
        return;
    shard->no_paths.has_news = false;
#define COPY(member, help) counter_set(&counters->member, shard->no_paths.counters.member);
    NO_PATH_COUNTERS(COPY, COPY)
#undef COPY
}

static void no_paths_fini(struct shard *shard)
{
    no_path_memory_fini(&shard->no_paths);
}

/* Another topology is told to the shard by the mail of reopt.c, which all parts have a turn after. */
const struct shard_part no_paths_part = {
    .name = "no_paths",
    .init = no_paths_init,
    .on_turn = no_paths_on_turn,
    .is_busy = no_paths_is_busy,
    .end_turn = no_paths_end_turn,
    .fini = no_paths_fini,
};
