/* Group of an intent: "disjoint" of its JSON, and the ASSOCIATION that its LSPs are initiated with
 * (RFC 8697 6.1, RFC 8800 5).
 *
 * Internal to core/intent.
 *
 * Thread: any. Owns: nothing. */
#ifndef PCED_CORE_INTENT_INTENT_GROUP_H
#define PCED_CORE_INTENT_INTENT_GROUP_H

#include "core/intent/intent_reader.h"
#include "core/lsp/compose.h"
#include "core/lsp/lsp.h"

bool intent_take_group(struct intent_reader *reader, const char *name, const json_t *value);
/* NULL: memory ran out. */
json_t *intent_write_group(const struct intent_group *group);

/* Why the LSPs cannot be initiated in the group, static text; NULL: they can. source: of the group,
 * the same for all routers; IP_NONE: none was configured. */
const char *intent_group_refusal(const struct intent_group *group, const struct ip *source,
                                 const struct lsp_ability *ability);
/* The ASSOCIATION; nothing for no group. */
void intent_group_put(const struct intent_group *group, const struct ip *source,
                      struct wire_writer *writer);
/* Whether the LSP is reported in a disjoint group, and in none of this number. */
bool intent_group_is_other(const struct intent_group *group, const struct lsp *reported);

#endif
