/* LSP reading: the last report of an LSP, decoded again to see what it asks for and where it goes.
 *
 * Internal to core/reopt, and to core/intent.
 *
 * Thread: the owning shard. Owns: nothing; lives in the arena. Bound: one message. */
#ifndef PCED_CORE_REOPT_LSP_READING_H
#define PCED_CORE_REOPT_LSP_READING_H

#include "core/lsp/lsp.h"
#include "core/pcep/grammar.h"
#include "core/reopt/wants.h"
#include "core/ted/ted.h"

struct lsp_reading {
    const struct lsp *lsp;
    const struct lsp_instance *instance;
    struct pcep_message message;
    const struct pcep_lsp_state *state;
    struct ip sender, endpoint; /* family IP_NONE: the report does not say */
    bool has_wants;             /* it is known better than by its reports what it asks for */
    struct reopt_wants wants;
};

/* False: memory ran out, or the octets say nothing (they were decoded once, and are kept). */
bool lsp_reading_of(const struct lsp *lsp, struct arena *arena, struct lsp_reading *reading);

/* Where the LSP begins; TED_NONE: the network has no such node. */
uint32_t lsp_reading_headend(const struct lsp_reading *reading,
                             const struct ted_snapshot *snapshot);
/* Whether the reported path has no hop. */
bool lsp_reading_is_empty(const struct lsp_reading *reading);
/* Whether moving the LSP alone may break what holds for a group of LSPs (group.h). */
bool lsp_reading_is_grouped(const struct lsp_reading *reading, struct arena *arena);

#endif
