/* Sending: one operation for all that a PCC has to say in a turn.
 *
 * Thread: the worker's. Owns: the buffer of a send, from uring_borrow until the send has ended.
 * Bound: the size of one buffer a turn; what does not fit goes with the next one. */
#ifndef PCED_BENCH_PCELOAD_SESSION_SEND_H
#define PCED_BENCH_PCELOAD_SESSION_SEND_H

#include "bench/pceload/session/pcc.h"

/* Sends what marked PCCs have; false when some must wait for a buffer. */
bool pcc_table_flush(struct pcc_table *table);
/* The send has ended: octets, or an errno as a negative number. */
void pcc_on_send(struct pcc_table *table, struct pcc *pcc, int result);

#endif
