/* Stage: what all workers do at the same time, as main sets it.
 *
 * Thread: main writes, workers read; the budget is taken by workers. Owns: nothing.
 * Units: nanoseconds of the monotonic clock; UINT64_MAX: not yet known. */
#ifndef PCED_BENCH_PCELOAD_LOAD_STAGE_H
#define PCED_BENCH_PCELOAD_LOAD_STAGE_H

#include "io/os/counter.h"

#include <stdbool.h>

#define STAGE_NEVER UINT64_MAX

struct stage {
    struct counter reports_from;  /* LSPs are reported from then on */
    struct counter load_from;     /* requests are sent from then on */
    struct counter measure_from;  /* … and measured */
    struct counter measure_until; /* … up to then, when the sending ends */
    struct counter budget_used;   /* measured requests that were sent, where their number ends it */
    _Atomic bool is_leaving;      /* sessions are closed */
    _Atomic bool is_over;         /* workers end */
};

#endif
