/* What the LSPs of a shard take, and the limits of that. */
#include "core/base/check.h"
#include "core/lsp/lsp_db_impl.h"

#include <stdlib.h>

/* Adds to, or with the negative modulo 2^64 takes from, what a PCC's LSPs take. */
static void memory_count(struct lsp_db *db, struct lsp_pcc *pcc, uint64_t octets)
{
    db->counters.lsp_octets += octets;
    if (pcc == NULL)
        return;
    pcc->octets += octets;
    if (!pcc->is_up)
        db->counters.lsp_octets_gone += octets;
}

void *lsp_db_alloc(struct lsp_db *db, struct lsp_pcc *pcc, size_t size)
{
    void *memory = malloc(size);
    if (memory != NULL)
        memory_count(db, pcc, size);
    return memory;
}

void lsp_db_free(struct lsp_db *db, struct lsp_pcc *pcc, void *memory, size_t size)
{
    if (memory == NULL)
        return;
    CHECK(db->counters.lsp_octets >= size && (pcc == NULL || pcc->octets >= size));
    memory_count(db, pcc, 0 - (uint64_t)size);
    free(memory);
}

/* ---- limits ---- */

/* What other shards have of PCCs without a session is none's that is refused for it. */
static uint64_t lsps_in_the_way(const struct lsp_db *db)
{
    return db->counters.lsps + db->limits.lsps_elsewhere - db->limits.lsps_gone_elsewhere;
}

static uint64_t octets_in_the_way(const struct lsp_db *db)
{
    return db->counters.lsp_octets + db->limits.octets_elsewhere - db->limits.octets_gone_elsewhere;
}

enum lsp_limit lsp_db_room(const struct lsp_db *db, const struct lsp_need *need)
{
    const struct lsp_limits *limits = &db->limits;
    const bool is_new = need->lsp == NULL;
    if (is_new && need->pcc->count >= limits->lsps_per_pcc_max)
        return LSP_LIMIT_PER_PCC;
    if (is_new && lsps_in_the_way(db) >= limits->lsps_max)
        return LSP_LIMIT_LSPS;
    /* What is let go is counted still. */
    if (octets_in_the_way(db) - need->freed + need->size > limits->octets_max)
        return LSP_LIMIT_MEMORY;
    return LSP_LIMIT_COUNT;
}

bool lsp_db_is_near(const struct lsp_db *db, uint32_t percent)
{
    const struct lsp_limits *limits = &db->limits;
    const uint64_t lsps = lsps_in_the_way(db) - db->counters.lsps_gone;
    const uint64_t octets = octets_in_the_way(db) - db->counters.lsp_octets_gone;
    return 100 * lsps >= percent * limits->lsps_max || octets >= limits->octets_max / 100 * percent;
}

void lsp_db_hit(struct lsp_db *db, struct lsp_pcc *pcc, enum lsp_limit limit)
{
    db->counters.lsp_limit_lsps += limit == LSP_LIMIT_LSPS;
    db->counters.lsp_limit_per_pcc += limit == LSP_LIMIT_PER_PCC;
    db->counters.lsp_limit_memory += limit == LSP_LIMIT_MEMORY;
    if (db->events->on_limit != NULL)
        db->events->on_limit(db, pcc, limit);
}
