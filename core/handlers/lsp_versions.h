/* Versions of a PCC's LSP-DB: what OPENs and reports say of them (RFC 8232 3).
 *
 * Internal to core/handlers.
 *
 * Thread: the owning shard. Owns: nothing. */
#ifndef PCED_CORE_HANDLERS_LSP_VERSIONS_H
#define PCED_CORE_HANDLERS_LSP_VERSIONS_H

#include "core/handlers/on_message.h"

/* Of a report, or an end mark, in a session of that PCC: whether it may be taken. Else *fault is
 * its error, and RFC 8232 wants the session closed. *version: 0 where none was agreed on. */
bool versions_check(const struct lsp_pcc *pcc, const struct pcep_object *lsp, uint64_t *version,
                    struct pcep_fault *fault);

#endif
