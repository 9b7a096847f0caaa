/* Octets of a report as the database keeps them, and their summary.
 *
 * Thread: the owning shard. Owns: nothing. Bound: a message: PCEP_MESSAGE_SIZE_MAX octets. */
#ifndef PCED_CORE_LSP_LSP_OCTETS_H
#define PCED_CORE_LSP_LSP_OCTETS_H

#include "core/lsp/lsp_binding.h"
#include "core/lsp/lsp_db.h"

/* Octets that lsp_octets_restore writes at the most beyond those that are kept. */
#define LSP_OCTETS_RESTORED_MAX (4 + LSP_NAME_MAX + 1)

/* What is kept of an instance, with PLSP-ID (0: this session has none) and SYMBOLIC-PATH-NAME put
 * back: the objects of a report. Returns how many octets they are. */
size_t lsp_octets_restore(const struct lsp *lsp, const struct lsp_instance *instance,
                          uint8_t *octets);

/* Internal to core/lsp. */

/* Whether the report has what is kept of the instance; what that has of earlier reports may be missing. */
bool lsp_octets_are(const struct lsp_instance *instance, const struct lsp_report *report);
/* Writes what is to be kept, which is no more than a message, and returns how much it is; *places: where
 * things stand in it, and the flags. carry: bindings that the report need not say again. */
size_t lsp_octets_write(const struct lsp_report *report, struct lsp_binding_carry *carry,
                        uint8_t *octets, struct lsp_summary *places);
/* The whole summary of it. */
struct lsp_summary lsp_octets_summary(const struct lsp_report *report,
                                      const struct lsp_summary *places);

#endif
