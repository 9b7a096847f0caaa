#include "server/northbound/change_view.h"

#include "core/base/check.h"
#include "server/peer/peers.h"
#include "server/shard/shard.h"

#include <string.h>

/* An LSP that lives is asked for its name; that of one that is gone is in the journal. */
static struct wire_span change_name(const struct shard *shard, const struct journal *journal,
                                    const struct journal_record *record)
{
    const struct lsp *lsp = lsp_change_is_of_lsp((enum lsp_change)record->change)
                                ? lsp_db_get(&shard->lsps, record->lsp)
                                : NULL;
    return lsp != NULL ? lsp_name(lsp) : journal_name(journal, record);
}

static void change_copy(const struct shard *shard, const struct journal *journal,
                        const struct journal_record *record, struct change_view *view)
{
    const struct wire_span name = change_name(shard, journal, record);
    CHECK(name.size <= LSP_NAME_MAX);
    *view = (struct change_view){
        .record = *record,
        .shard = shard->index,
        .ago_ns = mono_since_ns(shard->now, record->when),
        .name_size = (uint8_t)name.size,
    };
    if (name.size > 0)
        memcpy(view->name, name.octets, name.size);
}

static void changes_read_on(const struct shard *shard, const struct journal *journal,
                            struct change_list *list)
{
    struct view_batch *batch = &list->batch;
    CHECK(batch->room > 0);
    batch->count = 0;
    batch->is_over = false;
    list->missed = 0;
    for (uint32_t looks = 0; looks < VIEW_BATCH && batch->count < batch->room; looks++) {
        struct journal_record record;
        uint64_t missed = 0;
        enum pce_status status = journal_read(journal, &list->cursor, &record, &missed);
        list->missed += missed;
        batch->is_over = status == PCE_AGAIN;
        if (batch->is_over)
            return;
        if (status == PCE_OK && address_range_has(&list->pcc, &record.pcc))
            change_copy(shard, journal, &record, &list->views[batch->count++]);
    }
}

void view_change_list(struct shard *shard, void *argument)
{
    changes_read_on(shard, &shard->lsps.journal, argument);
}

void view_session_changes(struct shard *shard, void *argument)
{
    changes_read_on(shard, &shard->peers->journal, argument);
}
