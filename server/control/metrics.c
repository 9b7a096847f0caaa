#include "server/control/metrics.h"

#include "server/shard/shard.h"

#include <stdio.h>
#include <stdlib.h>

enum metric_source { METRIC_OF_SERVER, METRIC_OF_SHARDS, METRIC_OF_HTTP };
enum metric_kind { METRIC_COUNTER, METRIC_GAUGE };
enum metric_unit { METRIC_PLAIN, METRIC_SECONDS /* kept in nanoseconds */ };

/* Where a metric is shown besides the Prometheus text. */
enum { METRIC_IN_STATUS = 1, METRIC_IN_SUMMARY = 2 };

struct metric {
    enum metric_source source;
    enum metric_kind kind;
    enum metric_unit unit;
    unsigned shown;
    const char *name; /* everywhere; in the Prometheus text "pced_" and "_total" surround it */
    size_t offset;    /* in the counters of its source */
    const char *help;
};

#define ROW(source, structure, kind, unit, shown, member, help)                                    \
    {METRIC_OF_##source,                                                                           \
     METRIC_##kind,                                                                                \
     METRIC_##unit,                                                                                \
     (shown),                                                                                      \
     #member,                                                                                      \
     offsetof(struct structure, member),                                                           \
     (help)},

#define SERVER_COUNTER(member, help)                                                               \
    ROW(SERVER, server_figures, COUNTER, PLAIN, METRIC_IN_STATUS, member, help)
#define SERVER_LOGGED(member, help)                                                                \
    ROW(SERVER, server_figures, COUNTER, PLAIN, METRIC_IN_STATUS | METRIC_IN_SUMMARY, member, help)
#define SERVER_SECONDS(member, help)                                                               \
    ROW(SERVER, server_figures, COUNTER, SECONDS, METRIC_IN_STATUS, member, help)
#define SERVER_GAUGE(member, help)                                                                 \
    ROW(SERVER, server_figures, GAUGE, PLAIN, METRIC_IN_STATUS, member, help)
#define SERVER_SIZE(member, help) ROW(SERVER, server_figures, GAUGE, PLAIN, 0, member, help)

#define SHARD_COUNTER(member, help)                                                                \
    ROW(SHARDS, shard_counters, COUNTER, PLAIN, METRIC_IN_STATUS, member, help)
#define SHARD_LOGGED(member, help)                                                                 \
    ROW(SHARDS, shard_counters, COUNTER, PLAIN, METRIC_IN_STATUS | METRIC_IN_SUMMARY, member, help)
#define SHARD_GAUGE(member, help)                                                                  \
    ROW(SHARDS, shard_counters, GAUGE, PLAIN, METRIC_IN_STATUS, member, help)
#define SHARD_AGE(member, help)                                                                    \
    ROW(SHARDS, shard_counters, GAUGE, SECONDS, METRIC_IN_STATUS, member, help)
#define SHARD_HIDDEN(member)

#define HTTP_COUNTER(member, help)                                                                 \
    ROW(HTTP, http_counters, COUNTER, PLAIN, METRIC_IN_STATUS, member, help)
#define HTTP_GAUGE(member, help)                                                                   \
    ROW(HTTP, http_counters, GAUGE, PLAIN, METRIC_IN_STATUS, member, help)

static const struct metric metrics[] = {
    SHARD_COUNTERS(SHARD_COUNTER, SHARD_LOGGED, SHARD_GAUGE, SHARD_AGE, SHARD_HIDDEN)
        SERVER_FIGURES(SERVER_COUNTER, SERVER_LOGGED, SERVER_SECONDS, SERVER_GAUGE, SERVER_SIZE)
            HTTP_COUNTERS(HTTP_COUNTER, HTTP_GAUGE)};

#define METRIC_COUNT (sizeof metrics / sizeof metrics[0])

uint64_t metrics_sum(const struct shared *shared, size_t offset)
{
    uint64_t total = 0;
    for (unsigned i = 0; i < shared->shard_count; i++) {
        const char *counters = (const char *)&shared->shards[i].counters;
        total += counter_get((const struct counter *)(const void *)(counters + offset));
    }
    return total;
}

/* Where the values of a row come from. */
struct metric_values {
    const struct shared *shared;
    const struct server_figures *figures;
    const struct http_counters *http;
};

static uint64_t metric_value(const struct metric *metric, const struct metric_values *values)
{
    if (metric->source == METRIC_OF_SHARDS)
        return metrics_sum(values->shared, metric->offset);
    const char *from = metric->source == METRIC_OF_HTTP ? (const char *)values->http
                                                        : (const char *)values->figures;
    return *(const uint64_t *)(const void *)(from + metric->offset);
}

static double metric_seconds(uint64_t ns)
{
    return (double)ns / (double)MONO_NS_PER_S;
}

/* ---- the log's summary ---- */

void metrics_log(struct log_line *line, const struct shared *shared,
                 const struct server_figures *figures)
{
    static const struct http_counters none; /* no row of these stands in the summary */
    const struct metric_values values = {shared, figures, &none};
    for (size_t i = 0; i < METRIC_COUNT; i++) {
        if ((metrics[i].shown & METRIC_IN_SUMMARY) != 0)
            log_number(line, metrics[i].name, metric_value(&metrics[i], &values));
    }
}

/* ---- the API's status ---- */

/* The object, or NULL where it was there and has no room for one more. */
static json_t *metrics_put_value(json_t *json, const struct metric *metric, uint64_t value)
{
    if (json == NULL)
        return NULL;
    json_t *number = metric->unit == METRIC_SECONDS ? json_real(metric_seconds(value))
                                                    : json_integer((json_int_t)value);
    if (json_object_set_new(json, metric->name, number) == 0)
        return json;
    json_decref(json);
    return NULL;
}

json_t *metrics_json(const struct shared *shared, const struct server_figures *figures,
                     const struct http_counters *http)
{
    const struct metric_values values = {shared, figures, http};
    json_t *json = json_object();
    for (size_t i = 0; i < METRIC_COUNT; i++) {
        if ((metrics[i].shown & METRIC_IN_STATUS) != 0)
            json = metrics_put_value(json, &metrics[i], metric_value(&metrics[i], &values));
    }
    return json;
}

/* ---- the Prometheus text ---- */

static void put_head(FILE *file, const char *name, const char *type, const char *help)
{
    (void)fprintf(file, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

static void put_metric(FILE *file, const struct metric *metric, uint64_t value)
{
    char name[80];
    bool is_counter = metric->kind == METRIC_COUNTER;
    (void)snprintf(name, sizeof name, "pced_%s%s", metric->name, is_counter ? "_total" : "");
    put_head(file, name, is_counter ? "counter" : "gauge", metric->help);
    if (metric->unit == METRIC_SECONDS)
        (void)fprintf(file, "%s %.9f\n", name, metric_seconds(value));
    else
        (void)fprintf(file, "%s %llu\n", name, (unsigned long long)value);
}

static void put_shards(FILE *file, const struct shared *shared)
{
    put_head(file, "pced_shard_peers", "gauge", "Peers that are connected, of each shard.");
    for (unsigned i = 0; i < shared->shard_count; i++)
        (void)fprintf(file, "pced_shard_peers{shard=\"%u\"} %llu\n", i,
                      (unsigned long long)counter_get(&shared->shards[i].counters.peers));
}

static void put_reload_refused(FILE *file, const struct shared *shared)
{
    uint32_t refused = atomic_load(&shared->reload_refused);
    put_head(file, "pced_reload_refused", "gauge",
             "1: the last reload has left this part as it was.");
    for (unsigned i = 0; i < RELOAD_PART_COUNT; i++)
        (void)fprintf(file, "pced_reload_refused{part=\"%s\"} %u\n",
                      reload_part_text((enum reload_part)i), refused >> i & 1);
}

/* What is no row: it has labels, or is no count. */
static void put_server(FILE *file, const struct shared *shared)
{
    put_head(file, "pced_build_info", "gauge", "The version that runs; the value is always 1.");
    (void)fprintf(file, "pced_build_info{version=\"%s\"} 1\n", PCED_VERSION);
    put_head(file, "pced_start_time_seconds", "gauge", "When the server started, since 1970.");
    (void)fprintf(file, "pced_start_time_seconds %.17g\n", shared->start_time_s);
    put_reload_refused(file, shared);
    put_shards(file, shared);
}

char *metrics_text(const struct shared *shared, const struct server_figures *figures,
                   const struct http_counters *http)
{
    const struct metric_values values = {shared, figures, http};
    char *text = NULL;
    size_t size = 0;
    FILE *file = open_memstream(&text, &size);
    if (file == NULL)
        return NULL;
    put_server(file, shared);
    for (size_t i = 0; i < METRIC_COUNT; i++)
        put_metric(file, &metrics[i], metric_value(&metrics[i], &values));
    bool is_whole = ferror(file) == 0;
    if (fclose(file) == 0 && is_whole)
        return text;
    free(text);
    return NULL;
}
