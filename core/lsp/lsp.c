#include "core/lsp/lsp.h"

#include "core/lsp/lsp_pcc.h"
#include "core/pcep/model.h"

static bool instance_is_up(const struct lsp_instance *instance)
{
    unsigned state = (unsigned)(instance->summary.flags & PCEP_LSP_O) >> PCEP_LSP_O_SHIFT;
    return state == PCEP_LSP_UP || state == PCEP_LSP_ACTIVE;
}

const struct lsp_instance *lsp_first_instance(const struct lsp *lsp)
{
    for (const struct lsp_instance *at = lsp->instances; at != NULL; at = at->next) {
        if (instance_is_up(at))
            return at;
    }
    return lsp->instances;
}

unsigned lsp_operational(const struct lsp *lsp)
{
    return (unsigned)(lsp_first_instance(lsp)->summary.flags & PCEP_LSP_O) >> PCEP_LSP_O_SHIFT;
}

bool lsp_is_stale(const struct lsp *lsp)
{
    return !lsp->pcc->is_up || lsp->epoch < lsp->pcc->fresh_from;
}

bool lsp_is_bound(const struct lsp *lsp)
{
    return lsp->plsp_id != 0 && lsp->bound_in >= lsp->pcc->bound_since;
}
