#include "server/control/metrics.h"

#include "core/ted/ted.h"
#include "server/log/log.h"
#include "server/shard/compute.h"
#include "server/shard/half_open.h"
#include "server/shard/shard.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum metric_kind { METRIC_COUNTER, METRIC_GAUGE };

/* One counter of struct shard_counters, summed over the shards. */
struct metric {
    enum metric_kind kind;
    const char *name; /* in JSON; "pced_" before it and, of a counter, "_total" behind it */
    size_t offset;
    const char *help;
};

#define ROW_COUNTER(member, help)                                                                  \
    {METRIC_COUNTER, #member, offsetof(struct shard_counters, member), help},
#define ROW_GAUGE(member, help)                                                                    \
    {METRIC_GAUGE, #member, offsetof(struct shard_counters, member), help},
#define ROW_HIDDEN(member)

static const struct metric metrics[] = {SHARD_COUNTERS(ROW_COUNTER, ROW_GAUGE, ROW_HIDDEN)};

#define METRIC_COUNT (sizeof metrics / sizeof metrics[0])

/* One counter of struct http_counters. */
struct http_metric {
    const char *name;
    size_t offset;
    const char *help;
};

#define ROW_HTTP(member, help) {#member, offsetof(struct http_counters, member), help},

static const struct http_metric http_metrics[] = {HTTP_COUNTERS(ROW_HTTP)};

#define HTTP_METRIC_COUNT (sizeof http_metrics / sizeof http_metrics[0])

static uint64_t http_value(const struct http_counters *counters, const struct http_metric *metric)
{
    const char *octets = (const char *)counters + metric->offset;
    return *(const uint64_t *)(const void *)octets;
}

static uint64_t sum(const struct shared *shared, const struct metric *metric)
{
    uint64_t total = 0;
    for (unsigned i = 0; i < shared->shard_count; i++) {
        const char *counters = (const char *)&shared->shards[i].counters;
        total += counter_get((const struct counter *)(const void *)(counters + metric->offset));
    }
    return total;
}

/* The object, or NULL where it was there and has no room for one more. */
static json_t *put_value(json_t *json, const char *name, uint64_t value)
{
    if (json == NULL || json_object_set_new(json, name, json_integer((json_int_t)value)) == 0)
        return json;
    json_decref(json);
    return NULL;
}

json_t *metrics_json(const struct shared *shared, const struct http_counters *http)
{
    json_t *json = json_object();
    for (size_t i = 0; i < METRIC_COUNT; i++)
        json = put_value(json, metrics[i].name, sum(shared, &metrics[i]));
    for (size_t i = 0; i < HTTP_METRIC_COUNT; i++)
        json = put_value(json, http_metrics[i].name, http_value(http, &http_metrics[i]));
    return json;
}

static void put_head(FILE *file, const char *name, const char *type, const char *help)
{
    (void)fprintf(file, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

static void put_gauge(FILE *file, const char *name, const char *help, double value)
{
    put_head(file, name, "gauge", help);
    (void)fprintf(file, "%s %.17g\n", name, value);
}

static void put_metric(FILE *file, const struct shared *shared, const struct metric *metric)
{
    char name[80];
    bool is_counter = metric->kind == METRIC_COUNTER;
    (void)snprintf(name, sizeof name, "pced_%s%s", metric->name, is_counter ? "_total" : "");
    put_head(file, name, is_counter ? "counter" : "gauge", metric->help);
    (void)fprintf(file, "%s %llu\n", name, (unsigned long long)sum(shared, metric));
}

static void put_http(FILE *file, const struct http_counters *http)
{
    for (size_t i = 0; i < HTTP_METRIC_COUNT; i++) {
        char name[80];
        (void)snprintf(name, sizeof name, "pced_%s_total", http_metrics[i].name);
        put_head(file, name, "counter", http_metrics[i].help);
        (void)fprintf(file, "%s %llu\n", name,
                      (unsigned long long)http_value(http, &http_metrics[i]));
    }
}

static void put_shards(FILE *file, const struct shared *shared)
{
    put_head(file, "pced_shard_peers", "gauge", "Peers that are connected, of each shard.");
    for (unsigned i = 0; i < shared->shard_count; i++)
        (void)fprintf(file, "pced_shard_peers{shard=\"%u\"} %llu\n", i,
                      (unsigned long long)counter_get(&shared->shards[i].counters.peers));
}

static void put_compute(FILE *file, const struct compute *compute)
{
    const struct compute_figures figures = compute_figures(compute);
    put_gauge(file, "pced_compute_threads", "Threads that compute what is too long for a shard.",
              compute_thread_count(compute));
    put_head(file, "pced_compute_seconds_total", "counter",
             "Time that the compute threads have computed, together.");
    (void)fprintf(file, "pced_compute_seconds_total %.9f\n",
                  (double)figures.busy_ns / (double)MONO_NS_PER_S);
    put_head(file, "pced_compute_given_up_total", "counter",
             "Computations given up at limits.path-work by the compute threads.");
    (void)fprintf(file, "pced_compute_given_up_total %llu\n", (unsigned long long)figures.given_up);
    put_head(file, "pced_compute_skipped_total", "counter",
             "Computations that were not run: nobody wanted them, or the topology was another.");
    (void)fprintf(file, "pced_compute_skipped_total %llu\n", (unsigned long long)figures.skipped);
}

static void put_reloads(FILE *file, const struct shared *shared)
{
    static const char *const labels[RELOAD_PART_COUNT] = {"log", "configuration", "topology"};
    uint32_t refused = atomic_load(&shared->reload_refused);
    put_head(file, "pced_reloads_total", "counter", "Reloads (SIGHUP), refused ones included.");
    (void)fprintf(file, "pced_reloads_total %llu\n",
                  (unsigned long long)atomic_load(&shared->reload_count));
    put_head(file, "pced_reloads_refused_total", "counter", "Reloads of which a part was refused.");
    (void)fprintf(file, "pced_reloads_refused_total %llu\n",
                  (unsigned long long)atomic_load(&shared->reload_refused_count));
    put_head(file, "pced_reload_refused", "gauge",
             "1: the last reload has left this part as it was.");
    for (unsigned i = 0; i < RELOAD_PART_COUNT; i++)
        (void)fprintf(file, "pced_reload_refused{part=\"%s\"} %u\n", labels[i], refused >> i & 1);
}

static void put_server(FILE *file, const struct shared *shared, const struct ted_snapshot *topology)
{
    put_head(file, "pced_build_info", "gauge", "The version that runs; the value is always 1.");
    (void)fprintf(file, "pced_build_info{version=\"%s\"} 1\n", PCED_VERSION);
    put_gauge(file, "pced_start_time_seconds", "When the server started, since 1970.",
              shared->start_time_s);
    put_gauge(file, "pced_shards", "Threads that hold sessions.", shared->shard_count);
    put_gauge(file, "pced_half_open", "Connections that have not reached state UP.",
              (double)half_open_total(&shared->half_open) +
                  half_open_total(&shared->half_open_known));
    put_gauge(file, "pced_topology_loaded", "1 when there is a topology.", topology != NULL);
    put_gauge(file, "pced_topology_nodes", "Nodes of the topology.",
              topology == NULL ? 0 : topology->node_count);
    put_gauge(file, "pced_topology_links", "Directed links of the topology.",
              topology == NULL ? 0 : topology->link_count);
    put_reloads(file, shared);
    put_compute(file, shared->compute);
    put_head(file, "pced_log_lines_lost_total", "counter", "Log lines that could not be written.");
    (void)fprintf(file, "pced_log_lines_lost_total %llu\n", (unsigned long long)log_lost());
}

char *metrics_text(const struct shared *shared, const struct ted_snapshot *topology,
                   const struct http_counters *http)
{
    char *text = NULL;
    size_t size = 0;
    FILE *file = open_memstream(&text, &size);
    if (file == NULL)
        return NULL;
    put_server(file, shared, topology);
    put_shards(file, shared);
    for (size_t i = 0; i < METRIC_COUNT; i++)
        put_metric(file, shared, &metrics[i]);
    put_http(file, http);
    bool is_whole = ferror(file) == 0;
    if (fclose(file) == 0 && is_whole)
        return text;
    free(text);
    return NULL;
}
