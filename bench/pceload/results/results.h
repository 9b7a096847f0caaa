/* Results: what a worker counts.
 *
 * Thread: the worker writes. Live counters are read by any thread while it runs; results are read
 * when it has ended. Owns: nothing. Units: ns, octets and numbers, as the members say. */
#ifndef PCED_BENCH_PCELOAD_RESULTS_RESULTS_H
#define PCED_BENCH_PCELOAD_RESULTS_RESULTS_H

#include "bench/pceload/options.h"
#include "bench/pceload/results/histogram.h"
#include "bench/pceload/results/instants.h"
#include "bench/pceload/results/tally.h"
#include "io/os/counter.h"

struct live_counters {
    struct counter up;            /* well-behaved sessions that are UP */
    struct counter lost;          /* … that were UP and ended */
    struct counter failed;        /* … that were given up before they were UP */
    struct counter outstanding;   /* requests */
    struct counter sent;          /* measured requests */
    struct counter replied;       /* … answered with a path or with NO-PATH */
    struct counter refused;       /* … answered with PCErr or cancelled */
    struct counter all_replied;   /* measured or not */
    struct counter in_time;       /* replies that came while it was measured */
    struct counter last_reply_ns; /* when the last measured request was answered */
    struct counter keepalives_sent, keepalives_received;
    struct counter reports_sent, reports_done; /* reports; sessions whose reports are all out */
    struct counter synchronised;               /* sessions whose mark is answered */
    struct counter first_report_ns, last_mark_ns;
    struct counter updates, initiations, removals, orders_refused;
    struct counter first_order_ns, last_order_ns;
    struct counter leaving; /* sessions that wait for the server's end */
};

/* What became of sessions that misbehave. */
enum behaved {
    BEHAVED_CONNECTED,
    BEHAVED_UP,
    BEHAVED_ACTS,
    BEHAVED_ENDED_BY_SERVER,
    BEHAVED_COUNT
};

struct results {
    struct tally tally;
    uint64_t paths, no_paths;
    uint64_t request_octets, requests_built;
    uint64_t reply_octets, replies_read;
    uint64_t report_octets;
    uint64_t orders_unanswered; /* too many answers waited */
    uint64_t sends, receives, turns;
    uint64_t behaved[BEHAVE_KINDS][BEHAVED_COUNT];
    double cpu_seconds;
    struct histogram latency;
    struct instants orders; /* where options.order_times asks for them */
};

#endif
