/* Intent binding: the label or SID that stands for a candidate path (RFC 9604), as an operator
 * writes it, and what its PCC has to be asked for it.
 *
 * Thread: the owning shard; JSON: any. Owns: nothing. */
#ifndef PCED_CORE_INTENT_INTENT_BINDING_H
#define PCED_CORE_INTENT_INTENT_BINDING_H

#include "core/lsp/lsp.h"
#include "core/lsp/lsp_binding.h"

#include <jansson.h>

/* "any", a label, or a SID. New reference; NULL: memory ran out. */
json_t *intent_write_binding(const struct lsp_binding *binding);

/* What makes what is reported as it is wanted; NONE: it is. Where nothing is wanted anything is. */
struct lsp_binding intent_binding_to_ask(const struct lsp_binding *wanted,
                                         const struct lsp *reported);
/* NONE: nothing is reported. */
struct lsp_binding intent_binding_to_remove(const struct lsp *reported);

#endif
