/* What a PCC receives, from octets to messages.
 *
 * Thread: the worker's. Owns: nothing; octets of a split message are copied into the PCC. */
#ifndef PCED_BENCH_PCELOAD_SESSION_RECEIVE_H
#define PCED_BENCH_PCELOAD_SESSION_RECEIVE_H

#include "bench/pceload/session/pcc.h"

/* An OP_RECEIVE of the PCC's slot; its octets go back to the ring. */
void pcc_on_receive(struct pcc_table *table, struct pcc *pcc, const struct uring_event *event);

#endif
