#include "core/handlers/lsp_versions.h"

#include "core/pcep/error.h"
#include "core/pcep/model.h"

uint64_t handlers_db_version(struct handler_context *context, struct session *session)
{
    return lsp_db_tell_version(context->lsps, context->address_of(session));
}

void handlers_on_open(struct handler_context *context, struct session *session,
                      const struct pcep_object *open)
{
    const struct pcep_lsp_db_version *said = pcep_find_tlv(open, PCEP_TLV_LSP_DB_VERSION);
    lsp_db_on_said_version(context->lsps, context->address_of(session),
                           said == NULL ? 0 : said->version);
}

static bool versions_refuse(struct pcep_fault *fault, const struct pcep_object *lsp,
                            enum pcep_error_code error, const char *reason)
{
    pcep_fault_set(fault, PCEP_FAULT_REQUEST, error, lsp->offset, reason);
    return false;
}

/* RFC 8232 3.2: a PCC that goes on as if the versions had matched. */
static bool skips_wrongly(const struct lsp_pcc *pcc, const struct pcep_lsp *lsp)
{
    const bool is_first = pcc->version_reported == 0 && !pcc->is_resync;
    return pcc->sync == LSP_SYNC_RUNNING && is_first && (lsp->flags & PCEP_LSP_S) == 0 &&
           lsp->plsp_id != 0;
}

bool versions_check(const struct lsp_pcc *pcc, const struct pcep_object *lsp, uint64_t *version,
                    struct pcep_fault *fault)
{
    *version = 0;
    if (!pcc->session.has_version)
        return true;
    const struct pcep_lsp_db_version *tlv = pcep_find_tlv(lsp, PCEP_TLV_LSP_DB_VERSION);
    if (tlv == NULL)
        return versions_refuse(fault, lsp, PCEP_ERROR_LSP_DB_VERSION_MISSING,
                               "LSP-DB-VERSION missing in a report");
    if (tlv->version == 0 || tlv->version == UINT64_MAX)
        return versions_refuse(fault, lsp, PCEP_ERROR_DB_VERSION_INVALID,
                               "LSP-DB-VERSION with a reserved value");
    if (skips_wrongly(pcc, lsp->body))
        return versions_refuse(fault, lsp, PCEP_ERROR_DB_VERSION_MISMATCH,
                               "synchronisation skipped, and the versions differ");
    *version = tlv->version;
    return true;
}
