#include "bench/pceload/results/summary.h"

#include "core/base/check.h"

#define NS_PER_MS 1e6

void summary_add(struct summary *summary, const struct live_counters *counters,
                 const struct results *from)
{
    CHECK(summary->workers < RINGS_MAX);
    struct results *to = &summary->results;
    summary->keepalives_sent += counter_get(&counters->keepalives_sent);
    summary->keepalives_received += counter_get(&counters->keepalives_received);
    summary->sent += counter_get(&counters->sent);
    summary->replied += counter_get(&counters->replied);
    summary->refused += counter_get(&counters->refused);
    summary->in_time += counter_get(&counters->in_time);
    summary->reports_sent += counter_get(&counters->reports_sent);
    summary->updates += counter_get(&counters->updates);
    summary->initiations += counter_get(&counters->initiations);
    summary->removals += counter_get(&counters->removals);
    summary->orders_refused += counter_get(&counters->orders_refused);
    summary->orders[summary->workers++] = &from->orders;
    tally_merge(&to->tally, &from->tally);
    histogram_merge(&to->latency, &from->latency);
    to->paths += from->paths;
    to->no_paths += from->no_paths;
    to->request_octets += from->request_octets;
    to->requests_built += from->requests_built;
    to->reply_octets += from->reply_octets;
    to->replies_read += from->replies_read;
    to->report_octets += from->report_octets;
    to->orders_unanswered += from->orders_unanswered;
    to->sends += from->sends;
    to->receives += from->receives;
    to->turns += from->turns;
    to->cpu_seconds += from->cpu_seconds;
    for (unsigned kind = 0; kind < BEHAVE_KINDS; kind++) {
        for (unsigned i = 0; i < BEHAVED_COUNT; i++)
            to->behaved[kind][i] += from->behaved[kind][i];
    }
}

double summary_rate(const struct summary *summary)
{
    return summary->seconds > 0 ? (double)summary->in_time / summary->seconds : 0;
}

uint64_t summary_unanswered(const struct summary *summary)
{
    return summary->sent - summary->replied - summary->refused;
}

static double mean(uint64_t sum, uint64_t count)
{
    return count == 0 ? 0 : (double)sum / (double)count;
}

double summary_request_octets(const struct summary *summary)
{
    return mean(summary->results.request_octets, summary->results.requests_built);
}

double summary_reply_octets(const struct summary *summary)
{
    return mean(summary->results.reply_octets, summary->results.replies_read);
}

double summary_report_octets(const struct summary *summary)
{
    return mean(summary->results.report_octets, summary->reports_sent);
}

/* What PCCs that come again have lost is no fault. */
bool summary_is_good(const struct summary *summary)
{
    const struct options *options = summary->options;
    if (options->is_stateful &&
        (summary->synchronised < summary->wanted || summary->results.orders_unanswered > 0))
        return false;
    return summary->up == summary->wanted && (summary->lost == 0 || options->reconnect_s > 0) &&
           summary_unanswered(summary) == 0 && tally_wrong(&summary->results.tally) == 0;
}

/* ---- the table ---- */

static double summary_ms(uint64_t ns)
{
    return (double)ns / NS_PER_MS;
}

typedef unsigned long long ull;

static void print_requests(const struct summary *summary, FILE *file)
{
    const struct results *results = &summary->results;
    const struct histogram *latency = &results->latency;
    (void)fprintf(file, "  requests      %12llu sent, %llu answered, %llu unanswered\n",
                  (ull)summary->sent, (ull)summary->replied, (ull)summary_unanswered(summary));
    (void)fprintf(file,
                  "  answers       %12llu paths, %llu without path, %llu refused, %llu wrong\n",
                  (ull)results->paths, (ull)results->no_paths, (ull)summary->refused,
                  (ull)tally_wrong(&results->tally));
    (void)fprintf(file, "  rate          %12.0f answers/s over %.2f s\n", summary_rate(summary),
                  summary->seconds);
    (void)fprintf(file,
                  "  latency       p50 %.3f ms   p90 %.3f   p99 %.3f   p99.9 %.3f   max %.3f   "
                  "mean %.3f\n",
                  summary_ms(histogram_quantile(latency, 0.5)),
                  summary_ms(histogram_quantile(latency, 0.9)),
                  summary_ms(histogram_quantile(latency, 0.99)),
                  summary_ms(histogram_quantile(latency, 0.999)), summary_ms(latency->max),
                  histogram_mean(latency) / NS_PER_MS);
    (void)fprintf(file, "  octets        %12.1f of a request, %.1f of a reply\n",
                  summary_request_octets(summary), summary_reply_octets(summary));
}

static void print_lsps(const struct summary *summary, FILE *file)
{
    (void)fprintf(file, "  reports       %12llu sent in %.3f s, of %.1f octets\n",
                  (ull)summary->reports_sent, summary->reports_s, summary_report_octets(summary));
    (void)fprintf(file, "  synchronised  %12llu of %llu sessions, after %.3f s\n",
                  (ull)summary->synchronised, (ull)summary->wanted, summary->sync_s);
    (void)fprintf(file,
                  "  orders        %12llu updates, %llu initiations, %llu removals, %llu refused\n",
                  (ull)summary->updates, (ull)summary->initiations, (ull)summary->removals,
                  (ull)summary->orders_refused);
}

static void print_error(void *context, const char *name, uint64_t count)
{
    (void)fprintf(context, "  error         %12llu %s\n", (ull)count, name);
}

static void print_misbehaviour(const struct summary *summary, FILE *file)
{
    for (unsigned kind = BEHAVE_WELL + 1; kind < BEHAVE_KINDS; kind++) {
        const uint64_t *behaved = summary->results.behaved[kind];
        if (summary->options->misbehaving[kind] > 0)
            (void)fprintf(file,
                          "  %-13s %12u sessions: %llu connections, %llu UP, %llu acts, %llu ended "
                          "by the server\n",
                          misbehaviour_names[kind], summary->options->misbehaving[kind],
                          (ull)behaved[BEHAVED_CONNECTED], (ull)behaved[BEHAVED_UP],
                          (ull)behaved[BEHAVED_ACTS], (ull)behaved[BEHAVED_ENDED_BY_SERVER]);
    }
}

void summary_print(const struct summary *summary, FILE *file)
{
    const struct options *options = summary->options;
    const struct results *results = &summary->results;
    (void)fprintf(file, "  sessions      %12llu of %llu up after %.2f s, %llu lost, %llu failed\n",
                  (ull)summary->up, (ull)summary->wanted, summary->ramp_s, (ull)summary->lost,
                  (ull)summary->failed);
    (void)fprintf(file, "  keepalives    %12llu sent, %llu received\n",
                  (ull)summary->keepalives_sent, (ull)summary->keepalives_received);
    if (options_has_load(options))
        print_requests(summary, file);
    if (options->is_stateful)
        print_lsps(summary, file);
    print_misbehaviour(summary, file);
    (void)fprintf(
        file, "  pceload       %12.2f s of processor, %llu turns, %llu sends, %llu receives\n",
        results->cpu_seconds, (ull)results->turns, (ull)results->sends, (ull)results->receives);
    tally_list(&results->tally, print_error, file);
}
