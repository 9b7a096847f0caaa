/* The beginning of a PCC's connection, and the ramp: how fast PCCs begin.
 *
 * Thread: the worker's. Owns: nothing. Bound: `connecting` of the options on their way at once, and
 * `rate` a second over all rings. */
#ifndef PCED_BENCH_PCELOAD_SESSION_CONNECT_H
#define PCED_BENCH_PCELOAD_SESSION_CONNECT_H

#include "bench/pceload/session/pcc.h"

/* Begins PCCs as the rate allows; returns when the next one may begin, in ns; STAGE_NEVER: a
 * completion says so. */
uint64_t pcc_table_ramp(struct pcc_table *table);
/* Connects one that is new. */
void pcc_connect(struct pcc_table *table, struct pcc *pcc);
/* The connect has ended: 0, or an errno as a negative number. */
void pcc_on_connect(struct pcc_table *table, struct pcc *pcc, int result);

#endif
