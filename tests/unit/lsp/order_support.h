/* What the tests of core/lsp share: hex, a session's abilities, one composed message.
 *
 * Thread: the test's. Owns: what each call says. */
#ifndef PCED_TESTS_UNIT_LSP_ORDER_SUPPORT_H
#define PCED_TESTS_UNIT_LSP_ORDER_SUPPORT_H

#include "core/lsp/compose.h"

#include <stdbool.h>

/* Octets of hex digits with blanks, in a static buffer that the next call but three overwrites. */
struct wire_span hex_octets(const char *text);
struct wire_span text_span(const char *text);
/* A peer that can be asked everything, with RSVP-TE, SR-MPLS and SRv6, and SR policies in its
 * ASSOC-Type-List. */
struct lsp_ability able(enum lsp_profile_id profile);
/* Whether the octets are this message, and one that may be sent (pcep_check_sending). */
bool is_message(struct wire_span octets, const char *hex);

#endif
