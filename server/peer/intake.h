/* Intake: what a shard does when its PCCs report faster than it takes, or more than it may keep
 * (core/lsp/report_load.h says when, and who is chosen). Those who report are told of the
 * congestion; when it lasts sessions are closed, one in a second, and their PCCs have to wait before
 * they may come back (readmit.h).
 *
 * Near a limit of LSPs, which is one of all shards, only the shard closes whose synchronising PCC
 * has brought most.
 *
 * Thread: the shard. Owns: nothing. Bound: a session of each kind in REPORT_WINDOW_MS. */
#ifndef PCED_SERVER_PEER_INTAKE_H
#define PCED_SERVER_PEER_INTAKE_H

#include "server/shard/part.h"

/* Its turn is before that of the requests. */
extern const struct shard_part intake_part;

#endif
