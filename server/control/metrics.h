/* Metrics: every counter of the server by name, with what it counts.
 *
 * One table is made of the rows of server_figures.h, shard_counters.h and http_clients.h. The log's
 * summary, the API's status and the Prometheus text are made of that table, so that a counter has
 * one name in all of them. What has labels or is no counter is of the Prometheus text alone.
 *
 * Thread: any. Owns: nothing. */
#ifndef PCED_SERVER_CONTROL_METRICS_H
#define PCED_SERVER_CONTROL_METRICS_H

#include "server/control/http_clients.h"
#include "server/control/server_figures.h"
#include "server/log/log.h"

#include <jansson.h>
#include <stddef.h>

/* The sum over the shards of one counter: its offset in struct shard_counters. */
uint64_t metrics_sum(const struct shared *shared, size_t offset);

/* All rows in the Prometheus text format, version 0.0.4 (malloc); NULL when memory ran out. */
char *metrics_text(const struct shared *shared, const struct server_figures *figures,
                   const struct http_counters *http);

/* {"sessions_opened": 5, …}: all rows but those that the status has elsewhere; NULL when memory ran
 * out. */
json_t *metrics_json(const struct shared *shared, const struct server_figures *figures,
                     const struct http_counters *http);

/* The fields of the summary. */
void metrics_log(struct log_line *line, const struct shared *shared,
                 const struct server_figures *figures);

#endif
