/* The end of a PCC's connection, by either side; some begin again after it.
 *
 * Thread: the worker's. Owns: nothing. Bound: a PCC that is not UP after five attempts in a row is
 * given up. */
#ifndef PCED_BENCH_PCELOAD_SESSION_END_H
#define PCED_BENCH_PCELOAD_SESSION_END_H

#include "bench/pceload/session/pcc.h"

/* Ends the connection; it is begun again at due_ms when PCC_FLAG_AGAIN is set. */
void pcc_end(struct pcc_table *table, struct pcc *pcc);
/* The same because of something that counts as `why`. */
void pcc_lose(struct pcc_table *table, struct pcc *pcc, enum tally_kind why);
/* One of its operations has ended; after the last one the PCC is new, or gone. */
void pcc_release(struct pcc *pcc);

#endif
