/* Words of LSPs: states and setup types as the API has them.
 *
 * Thread: the control thread. Owns: json_t by jansson's counting. */
#ifndef PCED_SERVER_CONTROL_LSP_WORDS_H
#define PCED_SERVER_CONTROL_LSP_WORDS_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The operational state, and a PATH-SETUP-TYPE, as its text. */
json_t *lsp_state_json(uint8_t operational);
json_t *lsp_setup_json(uint8_t setup_type);
/* A value that has no name yet is told as the number that it is. */
json_t *lsp_text_json(const char *const *texts, size_t count, unsigned value);

/* "down", "up", "active", "going down", "going up"; false: it is none. */
bool lsp_state_parse(const char *text, uint8_t *operational);
/* The names of IANA's registry: "RSVP-TE", "SR-MPLS", "SRv6" … */
bool lsp_setup_parse(const char *text, uint8_t *setup_type);

#endif
