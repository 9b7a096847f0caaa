/* LSP name: how the outside names one LSP: by its id, or by its PCC and symbolic path name.
 *
 * An id is a slot of its shard's database and its generation; it never comes back while the process
 * lives (but for 2^32 generations).
 *
 * Thread: lsp_named: the shard's. Owns: nothing. */
#ifndef PCED_SERVER_NORTHBOUND_LSP_NAME_H
#define PCED_SERVER_NORTHBOUND_LSP_NAME_H

#include "core/lsp/lsp_db.h"

struct lsp_name {
    struct lsp_handle id; /* generation 0: by PCC and name */
    struct ip pcc;
    uint8_t size; /* of the text */
    char text[LSP_NAME_MAX];
};

/* NULL: there is none. */
static inline struct lsp *lsp_named(struct lsp_db *db, const struct lsp_name *name)
{
    if (name->id.generation != 0)
        return lsp_db_get(db, name->id);
    struct lsp_pcc *pcc = lsp_db_pcc(db, &name->pcc);
    struct wire_span text = {(const uint8_t *)name->text, name->size};
    return pcc == NULL ? NULL : lsp_pcc_find_name(pcc, text);
}

#endif
