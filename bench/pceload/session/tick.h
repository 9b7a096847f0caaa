/* Timers: each PCC is looked at once a second, a slice of the table every 100 ms; those that
 * misbehave, and those that are lost and come again, every 100 ms.
 *
 * Thread: the worker's. Owns: nothing. */
#ifndef PCED_BENCH_PCELOAD_SESSION_TICK_H
#define PCED_BENCH_PCELOAD_SESSION_TICK_H

#include "bench/pceload/session/pcc.h"

#define TICK_NS UINT64_C(100000000)

/* Does nothing before next_tick_ns. */
void pcc_table_tick(struct pcc_table *table);
/* Has a Close sent on every session, once. */
void pcc_table_leave(struct pcc_table *table);

#endif
