/* History of an LSP: its last changes, as the journal had them, kept as long as the LSP.
 *
 * Thread: the owning shard. Owns: nothing; the LSP owns it. Bound: LSP_HISTORY_MAX changes, the
 * oldest gives way. */
#ifndef PCED_CORE_LSP_LSP_HISTORY_H
#define PCED_CORE_LSP_LSP_HISTORY_H

#include "core/lsp/journal.h"

#define LSP_HISTORY_MAX 9

struct lsp_history_entry {
    struct mono when;
    uint32_t srp_id;
    uint8_t change; /* enum lsp_change */
    uint8_t by;     /* enum lsp_actor */
    uint8_t error_type;
    uint8_t error_value;
};

struct lsp_history {
    uint64_t count; /* changes that there ever were */
    struct lsp_history_entry entries[LSP_HISTORY_MAX];
};

_Static_assert(sizeof(struct lsp_history) <= 160, "as many as a class of the allocator holds");

/* Of that many changes from the newest one: 0 is the newest. NULL: there are no more. */
const struct lsp_history_entry *lsp_history_at(const struct lsp_history *history, uint32_t index);
/* When the LSP changed last, as far as it is remembered. */
struct mono lsp_changed(const struct lsp *lsp);
void lsp_history_note(struct lsp_history *history, const struct journal_record *record);

#endif
