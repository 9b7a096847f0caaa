#include "core/lsp/lsp_history.h"

const struct lsp_history_entry *lsp_history_at(const struct lsp_history *history, uint32_t index)
{
    if (history == NULL || index >= LSP_HISTORY_MAX || index >= history->count)
        return NULL;
    return &history->entries[(history->count - 1 - index) % LSP_HISTORY_MAX];
}

struct mono lsp_changed(const struct lsp *lsp)
{
    const struct lsp_history_entry *last = lsp_history_at(lsp->history, 0);
    return last == NULL ? lsp->created : last->when;
}

void lsp_history_note(struct lsp_history *history, const struct journal_record *record)
{
    history->entries[history->count++ % LSP_HISTORY_MAX] = (struct lsp_history_entry){
        .when = record->when,
        .srp_id = record->srp_id,
        .change = record->change,
        .by = record->by,
        .error_type = record->error_type,
        .error_value = record->error_value,
    };
}
