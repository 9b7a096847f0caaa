/* Slots: where an LSP stands in its database, by a number that others may name.
 *
 * Slots come in chunks. A slot that is free holds the number of the next free one, so that taking
 * and giving back cost the same however many there are.
 *
 * Thread: the owning shard. Owns: the chunks, not the LSPs. Bound: LSP_SLOTS_MAX slots; memory of
 * the most that there ever were at once, 8 octets each. */
#ifndef PCED_CORE_LSP_LSP_SLOTS_H
#define PCED_CORE_LSP_LSP_SLOTS_H

#include "core/base/status.h"

#include <stdint.h>

#define LSP_SLOTS_CHUNK  1024
#define LSP_SLOTS_CHUNKS 16384
#define LSP_SLOTS_MAX    ((uint32_t)LSP_SLOTS_CHUNK * LSP_SLOTS_CHUNKS)

struct lsp;
struct lsp_slots_chunk;

struct lsp_slots {
    struct lsp_slots_chunk **chunks;
    uint32_t chunk_count;
    uint32_t chunk_room;
    uint32_t free_first; /* LSP_SLOTS_MAX: none */
};

void lsp_slots_init(struct lsp_slots *slots);
void lsp_slots_fini(struct lsp_slots *slots);
/* PCE_LIMIT: LSP_SLOTS_MAX are taken. */
PCE_MUST_CHECK enum pce_status lsp_slots_take(struct lsp_slots *slots, struct lsp *lsp,
                                              uint32_t *slot);
void lsp_slots_release(struct lsp_slots *slots, uint32_t slot);
/* NULL: it is free, or there never was one. */
struct lsp *lsp_slots_at(const struct lsp_slots *slots, uint32_t slot);
/* The first one from *slot on, which becomes the number behind it; NULL: there are no more. */
struct lsp *lsp_slots_next(const struct lsp_slots *slots, uint32_t *slot);

#endif
