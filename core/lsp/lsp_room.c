/* Room for what is reported: which stale LSPs give way at a limit. */
#include "core/base/check.h"
#include "core/lsp/lsp_db_impl.h"

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
