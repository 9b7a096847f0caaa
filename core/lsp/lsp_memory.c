/* What the LSPs of a shard take, and the limits of that. */
#include "core/base/check.h"
#include "core/lsp/lsp_db_impl.h"

#include <stdlib.h>

void *lsp_db_alloc(struct lsp_db *db, size_t size)
{
    void *memory = malloc(size);
    if (memory != NULL)
        db->counters.lsp_octets += size;
    return memory;
}

void lsp_db_free(struct lsp_db *db, void *memory, size_t size)
{
    if (memory == NULL)
        return;
    CHECK(db->counters.lsp_octets >= size);
    db->counters.lsp_octets -= size;
    free(memory);
}

enum lsp_limit lsp_db_room(const struct lsp_db *db, const struct lsp_pcc *pcc, bool is_new,
                           size_t size)
{
    const struct lsp_limits *limits = &db->limits;
    if (is_new && db->counters.lsps + limits->lsps_elsewhere >= limits->lsps_max)
        return LSP_LIMIT_LSPS;
    if (is_new && pcc->count >= limits->lsps_per_pcc_max)
        return LSP_LIMIT_PER_PCC;
    if (db->counters.lsp_octets + limits->octets_elsewhere + size > limits->octets_max)
        return LSP_LIMIT_MEMORY;
    return LSP_LIMIT_COUNT;
}

void lsp_db_hit(struct lsp_db *db, struct lsp_pcc *pcc, enum lsp_limit limit)
{
    db->counters.lsp_limit_lsps += limit == LSP_LIMIT_LSPS;
    db->counters.lsp_limit_per_pcc += limit == LSP_LIMIT_PER_PCC;
    db->counters.lsp_limit_memory += limit == LSP_LIMIT_MEMORY;
    if (db->events->on_limit != NULL)
        db->events->on_limit(db, pcc, limit);
}
