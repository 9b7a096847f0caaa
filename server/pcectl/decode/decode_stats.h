/* Decode, its summary: what --stats shows, as text or as one line of JSON.
 *
 * Thread: the only one. Owns: nothing. */
#ifndef PCED_SERVER_PCECTL_DECODE_DECODE_STATS_H
#define PCED_SERVER_PCECTL_DECODE_DECODE_STATS_H

#include "server/pcectl/capture/capture.h"
#include "server/pcectl/capture/stats.h"

/* False when it cannot be written. */
bool decode_stats_show(const struct stats *stats, const struct capture *capture, bool is_json);

#endif
