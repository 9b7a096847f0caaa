/* Octets of a report as the database keeps them, and their summary.
 *
 * Internal to core/lsp.
 *
 * Thread: the owning shard. Owns: nothing. Bound: a message: PCEP_MESSAGE_SIZE_MAX octets. */
#ifndef PCED_CORE_LSP_LSP_OCTETS_H
#define PCED_CORE_LSP_LSP_OCTETS_H

#include "core/lsp/lsp_db.h"

/* Writes the octets, which are no more than those of the message that the report came in, and
 * returns how many they are. */
size_t lsp_octets_write(const struct lsp_report *report, uint8_t *octets);
/* What lsp_octets_write has written, in short. */
struct lsp_summary lsp_octets_summary(const struct lsp_report *report);
/* PATH-SETUP-TYPE of the SRP; RSVP-TE where there is none (RFC 8408 4). */
uint8_t lsp_octets_setup_type(const struct pcep_lsp_state *state);

#endif
