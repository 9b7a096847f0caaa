/* Summary: what all workers have seen, added up; and how it is told.
 *
 * Thread: main. */
#ifndef PCED_BENCH_PCELOAD_RESULTS_SUMMARY_H
#define PCED_BENCH_PCELOAD_RESULTS_SUMMARY_H

#include "bench/pceload/results/results.h"

#include <stdio.h>

struct summary {
    const struct options *options;
    uint64_t wanted; /* sessions that behave well, and are to be UP */
    uint64_t up, lost, failed;
    double ramp_s;         /* until all were UP, or the limit */
    double seconds;        /* that were measured */
    double reports_s;      /* from the first report until the last was out; 0: not all were */
    double sync_s;         /* … until the last mark was answered; 0: not all were */
    uint64_t synchronised; /* sessions that are, at the end */
    double first_report_at, last_mark_at; /* seconds of the monotonic clock; 0: none */
    double first_order_at, last_order_at; /* PCUpd and PCInitiate, as they came */
    uint64_t updates, initiations, removals;
    uint64_t orders_refused;
    uint64_t keepalives_sent, keepalives_received;
    uint64_t sent, replied, refused, in_time, reports_sent;
    struct results results;
    const struct instants *orders[RINGS_MAX]; /* the workers', who outlive it */
    uint32_t workers;
};

/* Adds what one worker has counted. */
void summary_add(struct summary *summary, const struct live_counters *counters,
                 const struct results *from);
/* Answers in time per second. */
double summary_rate(const struct summary *summary);
/* Mean sizes of a request, and of what answers one. */
double summary_request_octets(const struct summary *summary);
double summary_reply_octets(const struct summary *summary);
double summary_report_octets(const struct summary *summary);
uint64_t summary_unanswered(const struct summary *summary);
/* Whether nothing was lost and nothing was wrong. */
bool summary_is_good(const struct summary *summary);
void summary_print(const struct summary *summary, FILE *file);
/* False after a message on standard error. */
bool summary_write_json(const struct summary *summary, const char *path);
bool summary_write_hdr(const struct summary *summary, const char *path);
bool summary_write_orders(const struct summary *summary, const char *path);

#endif
