/* Colour of an LSP: what its PCC reports of it, by an SR policy (RFC 9862 4.1) or by a COLOR TLV of
 * its LSP object (RFC 9863 3.2).
 *
 * Thread: the owning shard. Owns: nothing. Bound: LSP_COLOR_LOOKS_MAX LSPs of a group for one
 * report. */
#ifndef PCED_CORE_LSP_LSP_COLOR_H
#define PCED_CORE_LSP_LSP_COLOR_H

#include "core/lsp/lsp_db.h"

#define LSP_COLOR_LOOKS_MAX 16

/* The colour; false: none was reported. The SR policy's goes first, and a COLOR TLV beside it is
 * ignored (RFC 9863 2). */
bool lsp_color_of(const struct lsp *lsp, uint32_t *color);
/* That of the COLOR TLV alone; false: there is none that counts. */
bool lsp_color_of_tlv(const struct lsp *lsp, uint32_t *color);

/* Internal to core/lsp. */

/* RFC 9863 2: LSPs of one tunnel that protect each other have one colour. False: the report has
 * another one than an LSP of such a group; *fault says so. lsp NULL: it is not there yet. */
bool lsp_color_fits(struct lsp_db *db, struct lsp_pcc *pcc, const struct lsp *lsp,
                    const struct lsp_report *report, struct pcep_fault *fault);

#endif
