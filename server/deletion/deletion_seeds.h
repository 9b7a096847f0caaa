/* Deletion seeds: what the store has of deletions when the server starts, until each shard has taken
 * its own.
 *
 * A record's name is PCC/NAME; its one octet is the path setup type of the LSP.
 *
 * Thread: made and freed by the main thread; read by shards while they open. Owns: the records.
 * Bound: the limit of the store (record_kinds.h). */
#ifndef PCED_SERVER_DELETION_DELETION_SEEDS_H
#define PCED_SERVER_DELETION_DELETION_SEEDS_H

#include "core/base/ip.h"
#include "core/base/wire.h"
#include "core/lsp/lsp.h"
#include "io/os/failure.h"
#include "server/store/stored.h"

#include <stdint.h>

#define DELETION_KEY_MAX (IP_TEXT_SIZE + LSP_NAME_MAX)
_Static_assert(DELETION_KEY_MAX <= STORED_NAME_SIZE_MAX, "every LSP may be deleted");

struct deletion_seed {
    const struct deletion_seed *next;
    struct ip pcc;
    uint8_t setup_type;
    uint8_t name_size;
    char name[LSP_NAME_MAX];
};

struct deletion_seeds {
    struct deletion_seed *first;
};

/* Before the store's thread starts. A record that cannot be read is logged and left alone. */
PCE_MUST_CHECK enum pce_status
deletion_seeds_read(struct stored *stored, struct deletion_seeds *seeds, struct failure *failure);
void deletion_seeds_fini(struct deletion_seeds *seeds);

/* Writes the record's name, and returns its octets. */
size_t deletion_key_format(const struct ip *pcc, struct wire_span name,
                           uint8_t key[DELETION_KEY_MAX]);

#endif
