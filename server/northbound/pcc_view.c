#include "server/northbound/pcc_view.h"

#include "core/base/check.h"
#include "core/lsp/lsp_db.h"
#include "server/shard/shard.h"

static void pcc_view_copy(const struct lsp_pcc *pcc, struct mono now, struct pcc_view *view)
{
    *view = (struct pcc_view){
        .address = pcc->address,
        .is_up = pcc->is_up,
        .sync = pcc->sync,
        .session = pcc->session,
        .lsp_count = pcc->count,
        .stale_count = pcc->stale_count,
        .session_number = pcc->number,
        .up_ns = pcc->is_up ? mono_since_ns(now, pcc->up_since) : 0,
    };
}

/* Where the walk goes on; NULL: it cannot. */
static struct list_link *pcc_list_begin(struct lsp_db *db, const struct pcc_list *list)
{
    if (list->after.family == IP_NONE)
        return db->pcc_list.next;
    const struct lsp_pcc *pcc = lsp_db_pcc(db, &list->after);
    return pcc == NULL ? NULL : pcc->link.next;
}

void view_pcc_list(struct shard *shard, void *argument)
{
    struct pcc_list *list = argument;
    struct lsp_db *db = &shard->lsps;
    struct pcc_view *views = list->page.views;
    struct view_batch *batch = view_page_begin(&list->page);
    struct list_link *at = pcc_list_begin(db, list);
    list->is_lost = at == NULL;
    for (uint32_t looks = 0;
         at != NULL && at != &db->pcc_list && looks < VIEW_BATCH && batch->count < batch->room;
         looks++, at = at->next) {
        const struct lsp_pcc *pcc = CONTAINER_OF(at, struct lsp_pcc, link);
        list->after = pcc->address;
        if (address_range_has(&list->range, &pcc->address))
            pcc_view_copy(pcc, shard->now, &views[batch->count++]);
    }
    batch->is_over = at == NULL || at == &db->pcc_list;
}
