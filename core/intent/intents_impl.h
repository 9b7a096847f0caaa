/* The inside of the table of intents, for the files that make it up.
 *
 * Internal to core/intent.
 *
 * Thread: the owning shard. */
#ifndef PCED_CORE_INTENT_INTENTS_IMPL_H
#define PCED_CORE_INTENT_INTENTS_IMPL_H

#include "core/intent/intents.h"

/* The key of both maps. */
struct intents_name {
    const struct ip *pcc;
    struct wire_span name;
};

uint64_t intents_hash_name(const struct intents_name *key);
uint64_t intents_hash_address(const struct ip *address);
map_equal_fn intents_entry_is; /* key: struct intents_name */
map_equal_fn intents_lsp_is;   /* likewise */
map_equal_fn intents_pcc_is;   /* key: struct ip */

/* Found or made. NULL: no memory. */
struct intent_entry *intents_take(struct intents *intents, const struct ip *pcc, const char *name);
/* Behind the others of its entry. NULL: no memory. */
struct intent_lsp *intents_create_lsp(struct intents *intents, struct intent_entry *entry,
                                      struct wire_span name);
/* Off its entry and all lists. */
void intents_free_lsp(struct intents *intents, struct intent_lsp *lsp);
/* What other threads know the LSP by. */
uint64_t intents_tag_of(const struct intent_lsp *lsp);
/* What is computed for it is not wanted any more. Harmless when nothing is. */
void intents_stop_computing(struct intents *intents, struct intent_lsp *lsp);
void intents_touch_entry(struct intents *intents, struct intent_entry *entry);

#endif
