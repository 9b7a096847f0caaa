/* Control: the thread that serves operators: HTTP on a UNIX socket and, where configured, on TCP.
 *
 * Thread: the main thread starts and ends it. Owns: its thread, sockets and mailbox.
 * Bound: those of http.h and api.h. */
#ifndef PCED_SERVER_CONTROL_CONTROL_H
#define PCED_SERVER_CONTROL_CONTROL_H

#include "server/shard/shared.h"

struct control;

/* The shards must run. Where the default socket cannot be opened the server goes without it, and
 * the log says so; what the configuration names must be there. *control is NULL when nothing is
 * served at all. */
PCE_MUST_CHECK enum pce_status control_start(struct shared *shared, struct control **control,
                                             struct failure *failure);
/* Ends the thread, while the shards still run; NULL is harmless. */
void control_stop(struct control *control);
/* After the shards have ended, which may have had questions; NULL is harmless. */
void control_destroy(struct control *control);

#endif
