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

/* ---- what gives way ---- */

/* A PCC that comes back with other names is no larger than it was: what was seen longest ago goes.
 * False: there is nothing but what the report is of. */
static bool give_way_own(struct lsp_db *db, const struct lsp_need *need,
                         const struct lsp_cause *cause)
{
    struct lsp_pcc *pcc = need->pcc;
    if (pcc->stale_count == 0)
        return false;
    struct lsp *oldest = CONTAINER_OF(pcc->lsps.next, struct lsp, link);
    CHECK(lsp_is_stale(oldest));
    if (oldest == need->lsp)
        return false;
    db->counters.lsps_gave_way++;
    lsp_db_remove(db, oldest, cause);
    return true;
}

/* No router that has a session is refused for one that has none. */
static bool give_way_gone(struct lsp_db *db, const struct lsp_cause *cause)
{
    LIST_FOR(link, &db->gone)
    {
        struct lsp_pcc *pcc = CONTAINER_OF(link, struct lsp_pcc, gone);
        if (pcc->count == 0)
            continue; /* its job is about to end */
        db->counters.lsps_gone_gave_way++;
        pcc->version = 0;
        lsp_db_remove(db, CONTAINER_OF(pcc->lsps.next, struct lsp, link), cause);
        (void)lsp_db_forget_if_idle(db, pcc, cause->now);
        return true;
    }
    return false;
}

enum lsp_limit lsp_db_make_room(struct lsp_db *db, const struct lsp_need *need, struct mono now)
{
    const struct lsp_cause cause = {.now = now, .by = LSP_BY_US};
    enum lsp_limit limit = lsp_db_room(db, need);
    for (unsigned i = 0; i < LSP_GIVE_WAY_MAX && limit != LSP_LIMIT_COUNT; i++) {
        if (!give_way_own(db, need, &cause) &&
            (limit == LSP_LIMIT_PER_PCC || !give_way_gone(db, &cause)))
            break;
        limit = lsp_db_room(db, need);
    }
    return limit;
}

bool lsp_db_is_over(const struct lsp_db *db)
{
    const struct lsp_limits *limits = &db->limits;
    return db->counters.lsps + limits->lsps_elsewhere > limits->lsps_max ||
           db->counters.lsp_octets + limits->octets_elsewhere > limits->octets_max;
}

void lsp_db_give_way(struct lsp_db *db, struct mono now)
{
    const struct lsp_cause cause = {.now = now, .by = LSP_BY_US};
    for (unsigned i = 0; i < db->purge_per_turn && lsp_db_is_over(db); i++) {
        if (!give_way_gone(db, &cause))
            break;
    }
}

void lsp_db_hit(struct lsp_db *db, struct lsp_pcc *pcc, enum lsp_limit limit)
{
    db->counters.lsp_limit_lsps += limit == LSP_LIMIT_LSPS;
    db->counters.lsp_limit_per_pcc += limit == LSP_LIMIT_PER_PCC;
    db->counters.lsp_limit_memory += limit == LSP_LIMIT_MEMORY;
    if (db->events->on_limit != NULL)
        db->events->on_limit(db, pcc, limit);
}
