/* Floor: a bare reader in the place of a consumer of link state, to hold pced's figures against. It takes one
 * session after the other, splits what comes into messages and drops them; nothing is decoded.
 *
 * Thread: one. Owns: its sockets and its buffer, for as long as it runs: a signal ends it. */
#ifndef PCED_BENCH_LSFEED_FLOOR_H
#define PCED_BENCH_LSFEED_FLOOR_H

#include <netinet/in.h>

/* Prints "ready" when it listens, and at each End-of-RIB when it had read it (wall time), how many
 * messages and octets came in the session so far, and its processor time of them. Returns when it cannot go on: the
 * exit code. */
int floor_run(const struct sockaddr_in *address);

#endif
