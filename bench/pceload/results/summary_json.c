/* The summary for programs: JSON, the text of the percentile distribution, instants. */
#include "bench/pceload/results/summary.h"

#include <errno.h>
#include <jansson.h>
#include <string.h>

#define NS_PER_US 1e3

static json_t *summary_sessions_json(const struct summary *summary)
{
    return json_pack("{s:I, s:I, s:I, s:I, s:f, s:I, s:I}", "wanted", (json_int_t)summary->wanted,
                     "up", (json_int_t)summary->up, "lost", (json_int_t)summary->lost, "failed",
                     (json_int_t)summary->failed, "ramp_seconds", summary->ramp_s,
                     "keepalives_sent", (json_int_t)summary->keepalives_sent, "keepalives_received",
                     (json_int_t)summary->keepalives_received);
}

static json_t *requests_json(const struct summary *summary)
{
    const struct results *results = &summary->results;
    return json_pack("{s:I, s:I, s:I, s:I, s:I, s:I, s:I}", "sent", (json_int_t)summary->sent,
                     "replied", (json_int_t)summary->replied, "paths", (json_int_t)results->paths,
                     "no_paths", (json_int_t)results->no_paths, "refused",
                     (json_int_t)summary->refused, "wrong",
                     (json_int_t)tally_wrong(&results->tally), "unanswered",
                     (json_int_t)summary_unanswered(summary));
}

static double us(const struct histogram *latency, double part)
{
    return (double)histogram_quantile(latency, part) / NS_PER_US;
}

static json_t *latency_json(const struct histogram *latency)
{
    return json_pack("{s:f, s:f, s:f, s:f, s:f, s:f}", "p50", us(latency, 0.5), "p90",
                     us(latency, 0.9), "p99", us(latency, 0.99), "p999", us(latency, 0.999), "max",
                     (double)latency->max / NS_PER_US, "mean", histogram_mean(latency) / NS_PER_US);
}

static json_t *octets_json(const struct summary *summary)
{
    return json_pack("{s:f, s:f}", "request_mean", summary_request_octets(summary), "reply_mean",
                     summary_reply_octets(summary));
}

static void add_error(void *context, const char *name, uint64_t count)
{
    (void)json_object_set_new(context, name, json_integer((json_int_t)count));
}

static json_t *misbehaviour_json(const struct summary *summary)
{
    json_t *object = json_object();
    for (unsigned kind = BEHAVE_WELL + 1; kind < BEHAVE_KINDS; kind++) {
        const uint64_t *behaved = summary->results.behaved[kind];
        if (summary->options->misbehaving[kind] > 0)
            (void)json_object_set_new(object, misbehaviour_names[kind],
                                      json_pack("{s:I, s:I, s:I, s:I, s:I}", "sessions",
                                                (json_int_t)summary->options->misbehaving[kind],
                                                "connected", (json_int_t)behaved[BEHAVED_CONNECTED],
                                                "up", (json_int_t)behaved[BEHAVED_UP], "acts",
                                                (json_int_t)behaved[BEHAVED_ACTS],
                                                "ended_by_server",
                                                (json_int_t)behaved[BEHAVED_ENDED_BY_SERVER]));
    }
    return object;
}

static json_t *reports_json(const struct summary *summary)
{
    return json_pack("{s:I, s:f, s:f, s:I, s:f, s:f, s:f}", "sent",
                     (json_int_t)summary->reports_sent, "octets_mean",
                     summary_report_octets(summary), "seconds", summary->reports_s, "synchronised",
                     (json_int_t)summary->synchronised, "sync_seconds", summary->sync_s, "first_at",
                     summary->first_report_at, "synchronised_at", summary->last_mark_at);
}

static json_t *orders_json(const struct summary *summary)
{
    return json_pack("{s:I, s:I, s:I, s:I, s:I, s:f, s:f}", "updates", (json_int_t)summary->updates,
                     "initiations", (json_int_t)summary->initiations, "removals",
                     (json_int_t)summary->removals, "refused", (json_int_t)summary->orders_refused,
                     "unanswered", (json_int_t)summary->results.orders_unanswered, "first_at",
                     summary->first_order_at, "last_at", summary->last_order_at);
}

static json_t *summary_json(const struct summary *summary)
{
    const struct results *results = &summary->results;
    json_t *errors = json_object();
    tally_list(&results->tally, add_error, errors);
    return json_pack("{s:o, s:f, s:o, s:f, s:o, s:o, s:f, s:o, s:o, s:o, s:o}", "sessions",
                     summary_sessions_json(summary), "seconds", summary->seconds, "requests",
                     requests_json(summary), "rate", summary_rate(summary), "latency_us",
                     latency_json(&results->latency), "octets", octets_json(summary), "cpu_seconds",
                     results->cpu_seconds, "errors", errors, "reports", reports_json(summary),
                     "orders", orders_json(summary), "misbehaviour", misbehaviour_json(summary));
}

static FILE *summary_open_file(const char *path)
{
    FILE *file = strcmp(path, "-") == 0 ? stdout : fopen(path, "we");
    if (file == NULL)
        (void)fprintf(stderr, "pceload: %s: %s\n", path, strerror(errno));
    return file;
}

static bool close_file(FILE *file, const char *path)
{
    bool is_written = fflush(file) == 0 && ferror(file) == 0;
    if (file != stdout)
        is_written = fclose(file) == 0 && is_written;
    if (!is_written)
        (void)fprintf(stderr, "pceload: %s: not all could be written\n", path);
    return is_written;
}

bool summary_write_json(const struct summary *summary, const char *path)
{
    FILE *file = summary_open_file(path);
    if (file == NULL)
        return false;
    json_t *object = summary_json(summary);
    (void)json_dumpf(object, file, JSON_COMPACT | JSON_REAL_PRECISION(9));
    (void)fputc('\n', file);
    json_decref(object);
    return close_file(file, path);
}

bool summary_write_hdr(const struct summary *summary, const char *path)
{
    FILE *file = summary_open_file(path);
    if (file == NULL)
        return false;
    histogram_print(&summary->results.latency, NS_PER_US, file);
    return close_file(file, path);
}

bool summary_write_orders(const struct summary *summary, const char *path)
{
    FILE *file = summary_open_file(path);
    bool is_whole = true;
    if (file == NULL)
        return false;
    for (uint32_t i = 0; i < summary->workers; i++)
        is_whole = instants_print(summary->orders[i], file) && is_whole;
    if (!is_whole)
        (void)fprintf(stderr, "pceload: %s: not every order is in it\n", path);
    return close_file(file, path) && is_whole;
}
