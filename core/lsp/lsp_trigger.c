/* First synchronisations that we trigger (RFC 8232 5): the PCCs wait in a line, and so many are at it
 * at a time. */
#include "core/base/check.h"
#include "core/lsp/lsp_db_impl.h"

#define ASK_AGAIN_S 1

/* The turn that follows does the work. */
void lsp_db_on_ask_again(struct wheel_timer *timer, struct mono now)
{
    (void)timer;
    (void)now;
}

struct lsp_pcc *lsp_db_next_pending(struct lsp_db *db, uint32_t at_once_max)
{
    if (db->asked_count >= at_once_max || list_is_empty(&db->pending) ||
        wheel_is_running(&db->ask_again))
        return NULL;
    return CONTAINER_OF(db->pending.next, struct lsp_pcc, pending);
}

void lsp_db_on_asked(struct lsp_db *db, struct lsp_pcc *pcc)
{
    CHECK(pcc->sync == LSP_SYNC_PENDING && list_is_linked(&pcc->pending));
    list_remove(&pcc->pending);
    pcc->sync = LSP_SYNC_RUNNING;
    pcc->is_asked = true;
    pcc->is_partial = false; /* what was refused before is reported anew */
    db->asked_count++;
    db->counters.lsp_syncs_pending--;
    db->counters.lsp_syncs_triggered++;
}

void lsp_db_on_not_asked(struct lsp_db *db, struct lsp_pcc *pcc, struct mono now)
{
    list_remove(&pcc->pending);
    list_push_back(&db->pending, &pcc->pending);
    wheel_start(db->wheel, &db->ask_again, mono_add_s(now, ASK_AGAIN_S));
}

void lsp_db_on_ask_refused(struct lsp_db *db, struct lsp_pcc *pcc)
{
    if (!pcc->is_asked)
        return;
    CHECK(db->asked_count > 0);
    db->asked_count--;
    pcc->is_asked = false;
}

void lsp_db_stop_asking(struct lsp_db *db, struct lsp_pcc *pcc)
{
    if (list_is_linked(&pcc->pending)) {
        list_remove(&pcc->pending);
        db->counters.lsp_syncs_pending--;
    }
    lsp_db_on_ask_refused(db, pcc);
}
