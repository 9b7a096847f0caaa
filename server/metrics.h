/* Metrics: every counter of the server by name, with what it counts.
 *
 * Most are rows of shard_counters.h; the API's status and the Prometheus text are made of them.
 *
 * Thread: any. Owns: nothing. */
#ifndef PCED_SERVER_METRICS_H
#define PCED_SERVER_METRICS_H

#include "server/server.h"

#include <jansson.h>

/* All rows in the Prometheus text format, version 0.0.4 (malloc); NULL when memory ran out.
 * topology: of this moment, or NULL. */
struct ted_snapshot;
char *metrics_text(const struct server *server, const struct ted_snapshot *topology);

/* {"sessions_opened": 5, …}: the rows that are summed over the shards; NULL when memory ran out. */
json_t *metrics_json(const struct server *server);

#endif
