/* What a message of the PCE means to a PCC that only asks.
 *
 * Thread: the worker's. Owns: nothing; the octets are the caller's until it returns. */
#ifndef PCED_BENCH_PCELOAD_SESSION_MESSAGE_H
#define PCED_BENCH_PCELOAD_SESSION_MESSAGE_H

#include "bench/pceload/session/pcc.h"

/* One whole message, of a PCC that is connected (RFC 5440 6). */
void pcc_on_message(struct pcc_table *table, struct pcc *pcc, const uint8_t *octets, uint32_t size);
/* The session has come UP. */
void pcc_on_up(struct pcc_table *table, struct pcc *pcc);

#endif
