/* Intent seeds: what the store has of intents when the server starts, until each shard has taken
 * its own.
 *
 * Thread: made and freed by the main thread; read by shards while they open. Owns: the records.
 * Bound: the limit of the store (record_kinds.h). */
#ifndef PCED_SERVER_INTENT_INTENT_SEEDS_H
#define PCED_SERVER_INTENT_INTENT_SEEDS_H

#include "core/base/ip.h"
#include "core/base/wire.h"
#include "io/os/failure.h"

#include <stdint.h>

struct stored;

struct intent_seed {
    const struct intent_seed *next;
    struct ip pcc;
    const char *name;
    struct wire_span octets;
};

struct intent_seeds {
    struct intent_seed *first; /* in the order of their names */
    struct intent_seed *last;
    uint64_t count;
    uint64_t unnamed; /* records whose name is no PCC and intent; they are left alone */
};

/* Before the store's thread starts. Records whose name cannot be read are logged. stored: NULL is
 * none. */
PCE_MUST_CHECK enum pce_status intent_seeds_read(struct stored *stored, struct intent_seeds *seeds,
                                                 struct failure *failure);
void intent_seeds_fini(struct intent_seeds *seeds);

#endif
