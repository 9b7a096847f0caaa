/* Metrics: every counter of the server by name, with what it counts.
 *
 * Most are rows of shard_counters.h and http_clients.h; the API's status and the Prometheus text
 * are made of them.
 *
 * Thread: any. Owns: nothing. */
#ifndef PCED_SERVER_CONTROL_METRICS_H
#define PCED_SERVER_CONTROL_METRICS_H

#include "server/control/http_clients.h"
#include "server/shard/shared.h"

#include <jansson.h>

/* All rows in the Prometheus text format, version 0.0.4 (malloc); NULL when memory ran out.
 * topology: of this moment, or NULL. */
struct ted_snapshot;
char *metrics_text(const struct shared *shared, const struct ted_snapshot *topology,
                   const struct http_counters *http);

/* {"sessions_opened": 5, …}: the rows that are summed over the shards, and those of the API itself;
 * NULL when memory ran out. */
json_t *metrics_json(const struct shared *shared, const struct http_counters *http);

#endif
