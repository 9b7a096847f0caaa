/* Own LSPs: what the LSPs are that a PCC has of itself: each follows from the seed, the session and
 * its number, so that nothing has to be kept of it.
 *
 * Ends are those of the topology or the file of pairs; without either they are made up. With a
 * topology the segments are node SIDs, each as the node before it reads it, or (is_adjacent)
 * adjacency SIDs of a walk; else labels are made up.
 *
 * Thread: any. Owns: nothing. */
#ifndef PCED_BENCH_PCELOAD_LSPS_OWN_H
#define PCED_BENCH_PCELOAD_LSPS_OWN_H

#include "bench/pceload/load/network.h"
#include "bench/pceload/protocol/report.h"

/* LSP `number`, from 1, of session `session` of all; the flags but for S. */
struct report_values own_lsp(const struct network *network, const struct options *options,
                             uint32_t session, uint32_t number);

#endif
