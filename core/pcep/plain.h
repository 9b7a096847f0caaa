/* Plain report: a PCRpt of the shape that nearly all have. pcep_decode_framed reads it in one pass,
 * and says so in is_plain.
 *
 *     SRP with PATH-SETUP-TYPE
 *     LSP with SYMBOLIC-PATH-NAME, LSP-IDENTIFIERS of IPv4, either or both, each once
 *     ERO of labels alone
 *     LSPA, BANDWIDTH, METRIC, in any order, PLAIN_OBJECTS_MAX objects in all
 *
 * In this shape, and where the LSP is no P2MP one, the grammar finds nothing wrong, so that
 * pcep_parse_lsp_states does not ask it. What comes out is what codec.c and grammar.c make of the
 * same octets (tests/unit/pcep/plain.c, tests/fuzz/message.c); whatever has another shape is
 * theirs.
 *
 * Internal to core/pcep.
 *
 * Thread: any. Owns: nothing; all of it lives in the caller's arena.
 * Bound: PLAIN_OBJECTS_MAX. */
#ifndef PCED_CORE_PCEP_PLAIN_H
#define PCED_CORE_PCEP_PLAIN_H

#include "core/pcep/grammar.h"

#define PLAIN_OBJECTS_MAX 8

/* Fills in all of the message. False: it is of another shape, or the arena is full. */
bool pcep_plain_decode(struct frame_message framed, struct arena *arena,
                       struct pcep_message *message);
/* The list of the one state of a message that is_plain. PCE_LIMIT: the arena is full. */
PCE_MUST_CHECK enum pce_status pcep_plain_parse(const struct pcep_message *message,
                                                struct arena *arena,
                                                struct pcep_lsp_state_list *list);

#endif
