/* Topology: the thread that knows the network. It reads the file, keeps what routers tell, makes one
 * snapshot of both and publishes it; nothing of this is a shard's or the main thread's work.
 *
 * Thread: created, asked and closed by the main thread; all else is the topology thread's. Owns: the publisher of the topology, the numbers of its links, the RIB, the
 * BGP-LS peers, the sources of the API. Bound: one question of the main thread at a time; TOPOLOGY_OBJECTS_MAX, TOPOLOGY_OCTETS_MAX. */
#ifndef PCED_SERVER_TOPOLOGY_TOPOLOGY_H
#define PCED_SERVER_TOPOLOGY_TOPOLOGY_H

#include "core/base/status.h"
#include "io/os/failure.h"
#include "io/share/snapshot.h"

#include <stddef.h>
#include <stdint.h>

/* Of all sources together. */
#define TOPOLOGY_OBJECTS_MAX 16000000U
#define TOPOLOGY_OCTETS_MAX  ((size_t)8 << 30)

struct api_seeds;
struct config_bgp;
struct network_figures;
struct network_log;
struct stored;
struct ted_reservations;
struct topology;

struct topology_options {
    struct snapshot_domain *domain;
    struct snapshot_cell *cell;     /* where the struct ted_snapshot is published */
    struct snapshot_cell *findings; /* struct rib_findings of it is published; NULL: nobody asks */
    struct ted_reservations *reservations;
    struct network_figures *figures;
    struct network_log *log; /* of what changes */
    /* After each publication, on the topology thread. */
    void (*on_published)(void *context);
    void *context;
};

/* What the network is made of. */
struct topology_sources {
    const char *file;             /* "": none */
    const struct config_bgp *bgp; /* NULL: no BGP-LS; it is copied */
    uint32_t gather_ms;
    uint32_t table_wait_s;
    uint32_t file_rank;
    bool file_completes;
};

/* Starts the thread; there is no topology before topology_load. */
PCE_MUST_CHECK enum pce_status topology_open(const struct topology_options *options,
                                             struct topology **topology, struct failure *failure);
/* Reads the file and takes over the peers, and returns when that is done: without peers the file is
 * published, with peers it completes what they tell. On failure the topology that there was stays in
 * force. */
PCE_MUST_CHECK enum pce_status topology_use(struct topology *topology,
                                            const struct topology_sources *sources,
                                            struct failure *failure);
/* From now on orders about sources of the API are kept there; seeds: those that it has, which are taken over. NULL: nothing
 * is kept any more, and `stored` that was is not touched again. */
PCE_MUST_CHECK enum pce_status topology_use_store(struct topology *topology, struct stored *stored,
                                                  struct api_seeds *seeds, struct failure *failure);
/* Publications so far. */
uint64_t topology_generation(const struct topology *topology);
/* Withdraws the topology and ends the thread: every reader of it has ended, or is about to leave its
 * section. NULL: nothing. */
void topology_close(struct topology *topology);

#endif
