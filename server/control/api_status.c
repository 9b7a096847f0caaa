/* /api/v1/status, /healthz, /metrics: what is known without asking a shard. */
#include "server/control/api.h"

#include "core/ted/ted.h"
#include "io/os/clock.h"
#include "server/control/api_answer.h"
#include "server/control/api_arguments.h"
#include "server/control/metrics.h"
#include "server/settings/settings.h"
#include "server/shard/shard_counters.h"

#include <string.h>

static const char *const no_arguments[] = {NULL};

/* The snapshots of this moment; NULL where there is no reader. Between enter and leave. */
static const void *status_look(const struct api *api, const struct snapshot_cell *cell)
{
    return api->reader == NULL ? NULL : snapshot_get(cell);
}

static void status_enter(const struct api *api)
{
    if (api->reader != NULL)
        snapshot_enter(api->reader);
}

static void status_leave(const struct api *api)
{
    if (api->reader != NULL)
        snapshot_leave(api->reader);
}

static json_t *topology_json(const struct ted_snapshot *topology)
{
    if (topology == NULL)
        return json_null();
    return json_pack("{s:s,s:I,s:f,s:I,s:I}", "name", topology->name, "generation",
                     (json_int_t)topology->generation, "published", topology->published_s, "nodes",
                     (json_int_t)topology->node_count, "links", (json_int_t)topology->edge_count);
}

static json_t *configuration_json(const struct settings *settings)
{
    if (settings == NULL)
        return json_null();
    return json_pack("{s:I,s:I}", "generation", (json_int_t)settings->generation, "peers",
                     (json_int_t)peer_table_count(settings->peers));
}

static json_t *status_sessions_json(const struct shared *shared,
                                    const struct server_figures *figures,
                                    const struct settings *settings)
{
    json_t *limit = settings == NULL
                        ? json_null()
                        : json_integer((json_int_t)settings->config.limits.sessions_max);
    const uint64_t peers = metrics_sum(shared, offsetof(struct shard_counters, peers));
    return json_pack("{s:I,s:I,s:o}", "peers", (json_int_t)peers, "half_open",
                     (json_int_t)figures->half_open, "limit", limit);
}

/* The last reload: which parts stayed as they were. */
static json_t *reload_json(const struct shared *shared)
{
    uint32_t refused = atomic_load(&shared->reload_refused);
    json_t *parts = json_array();
    for (unsigned i = 0; parts != NULL && i < RELOAD_PART_COUNT; i++) {
        if ((refused & UINT32_C(1) << i) != 0)
            (void)json_array_append_new(parts, json_string(reload_part_text(i)));
    }
    return json_pack("{s:o}", "refused", parts);
}

static json_t *status_json(const struct api *api, const struct settings *settings,
                           const struct ted_snapshot *topology)
{
    const struct shared *shared = api->shared;
    const struct server_figures figures = server_figures_read(shared, topology);
    uint64_t uptime_ms = mono_since_ns(clock_now(), shared->started) / MONO_NS_PER_MS;
    return json_pack("{s:s,s:f,s:I,s:o,s:o,s:o,s:o,s:o}", "version", PCED_VERSION, "uptime_s",
                     (double)uptime_ms / 1000, "shards", (json_int_t)figures.shards, "sessions",
                     status_sessions_json(shared, &figures, settings), "topology",
                     topology_json(topology), "configuration", configuration_json(settings),
                     "reload", reload_json(shared), "counters",
                     metrics_json(shared, &figures, api->http));
}

json_t *api_status_json(const struct api *api)
{
    status_enter(api);
    json_t *json = status_json(api, status_look(api, &api->shared->settings),
                               status_look(api, &api->shared->topology));
    status_leave(api);
    return json;
}

void api_show_status(struct api *api, struct http_request *request, const char *rest)
{
    (void)rest;
    if (!api_check_arguments(request, no_arguments))
        return;
    api_answer_json(request, 200, api_status_json(api));
}

/* The process answers, and its shards have started. */
void api_show_health(struct api *api, struct http_request *request, const char *rest)
{
    (void)api;
    (void)rest;
    http_answer(request, 200, "text/plain; charset=utf-8", strdup("ok\n"));
}

void api_show_metrics(struct api *api, struct http_request *request, const char *rest)
{
    (void)rest;
    status_enter(api);
    const struct server_figures figures =
        server_figures_read(api->shared, status_look(api, &api->shared->topology));
    status_leave(api);
    char *text = metrics_text(api->shared, &figures, api->http);
    http_answer(request, 200, "text/plain; version=0.0.4; charset=utf-8", text);
}
