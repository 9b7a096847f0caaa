/* PCCs that do what a PCE has to bear: they stop reading, drip, say nothing, come and go, or send
 * what nobody can decode. Each one that the server ends comes again.
 *
 * Thread: the worker's. Owns: nothing. */
#ifndef PCED_BENCH_PCELOAD_SESSION_MISBEHAVE_H
#define PCED_BENCH_PCELOAD_SESSION_MISBEHAVE_H

#include "bench/pceload/session/pcc.h"

/* One of them has come UP. */
void pcc_misbehave_up(struct pcc_table *table, struct pcc *pcc);
/* What is due now: to be asked many times a second. */
void pcc_misbehave(struct pcc_table *table, struct pcc *pcc);
/* Writes what it has to say, TEMPLATE_SIZE octets at most each; returns octets. */
size_t pcc_put_misbehaviour(struct pcc_table *table, struct pcc *pcc, uint8_t *to, size_t room);

#endif
