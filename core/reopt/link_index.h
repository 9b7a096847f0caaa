/* Link index: which LSPs of a shard take a link, and which links an LSP takes.
 *
 * Both sides cost 4 octets an entry. A link's LSPs stand in a chain of small blocks; an LSP's entry
 * is the place of its own in such a block, and the block names the link. An entry that goes is
 * replaced by the link's last one, whose LSP is told of its new place.
 *
 * Thread: the owning shard. Owns: its blocks.
 * Bound: LINK_INDEX_BLOCKS_MAX blocks of LINK_BLOCK_LSPS entries, and at most one that is not full
 * for each link; links by their numbers (core/ted/link_numbers.h). */
#ifndef PCED_CORE_REOPT_LINK_INDEX_H
#define PCED_CORE_REOPT_LINK_INDEX_H

#include "core/base/status.h"

#include <stdbool.h>
#include <stdint.h>

#define LINK_BLOCK_LSPS       14
#define LINK_SLAB_BLOCKS      1024
#define LINK_INDEX_BLOCKS_MAX (UINT32_C(1) << 26)
#define LINK_INDEX_NONE       UINT32_MAX

/* A line of the processor's cache. */
struct link_block {
    uint32_t number; /* of the link */
    uint32_t
        before; /* the block before in the chain, LINK_INDEX_NONE: none; of free ones the next */
    uint32_t lsps[LINK_BLOCK_LSPS];
};

_Static_assert(sizeof(struct link_block) == 64, "a block is a cache line");

struct link_slab {
    struct link_block *blocks; /* LINK_SLAB_BLOCKS */
};

struct link_chain {
    uint32_t last; /* block; the one that is not full */
    uint32_t count;
};

struct link_index {
    struct link_chain *chains; /* by link number */
    uint32_t chain_count;
    struct link_slab *slabs;
    uint32_t slab_count;
    uint32_t block_count; /* that were ever in use */
    uint32_t blocks_max;
    uint32_t free_block;
    uint64_t entry_count;
    uint64_t refused; /* entries: the limit, or no memory */
    /* The LSP's own entry that has this place: where it keeps it. */
    uint32_t *(*entry_of)(void *context, uint32_t lsp, uint32_t place);
    void *context;
};

void link_index_init(struct link_index *index, uint32_t blocks_max,
                     uint32_t *(*entry_of)(void *context, uint32_t lsp, uint32_t place),
                     void *context);
void link_index_fini(struct link_index *index);

/* The LSP, by a number of the owner's, takes the link, and did not: *place is to be kept. PCE_LIMIT,
 * PCE_NO_MEMORY: it is not in the index. */
PCE_MUST_CHECK enum pce_status link_index_add(struct link_index *index, uint32_t number,
                                              uint32_t lsp, uint32_t *place);
/* The entry goes. The caller has taken the place off its own entries, or asks for it no more. */
void link_index_remove(struct link_index *index, uint32_t place);

/* The number of the link that a place is of. */
uint32_t link_index_number(const struct link_index *index, uint32_t place);
/* LSPs that take the link. */
uint32_t link_index_count(const struct link_index *index, uint32_t number);
/* The LSPs of a link, one after the other; *place begins as LINK_INDEX_NONE. Where some are removed
 * meanwhile, all that stay are found, and some of them twice; what is added may be missed. False:
 * there are no more. */
bool link_index_next(const struct link_index *index, uint32_t number, uint32_t *place,
                     uint32_t *lsp);

#endif
