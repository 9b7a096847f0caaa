#include "server/control/server_figures.h"

#include "core/ted/ted.h"
#include "server/log/log.h"
#include "server/shard/compute.h"
#include "server/shard/half_open.h"
#include "server/store/stored.h"

#define FIGURE_OF_NETWORK(member, help) .member = counter_get(&shared->network.member),

struct server_figures server_figures_read(const struct shared *shared,
                                          const struct ted_snapshot *topology)
{
    const struct store_figures store = stored_figures(shared->stored);
    const struct compute_figures computed = compute_figures(shared->compute);
    return (struct server_figures){
        .shards = shared->shard_count,
        .half_open = (uint64_t)half_open_total(&shared->half_open) +
                     half_open_total(&shared->half_open_known),
        .topology_loaded = topology != NULL,
        .topology_nodes = topology == NULL ? 0 : topology->node_count,
        .topology_links = topology == NULL ? 0 : topology->edge_count,
        .reloads = atomic_load(&shared->reloads),
        .reloads_refused = atomic_load(&shared->reloads_refused),
        .compute_threads = compute_thread_count(shared->compute),
        .compute_seconds = computed.busy_ns,
        .compute_given_up = computed.given_up,
        .compute_skipped = computed.skipped,
        .store_commits = store.commits,
        .store_records = store.records,
        .store_octets = store.octets,
        .store_refused = store.refused,
        .store_failed = store.failed,
        .store_waiting = store.waiting,
        .store_size = store.size,
        .log_lines_lost = log_lost(),
        NETWORK_FIGURES(FIGURE_OF_NETWORK, FIGURE_OF_NETWORK, FIGURE_OF_NETWORK)};
}
