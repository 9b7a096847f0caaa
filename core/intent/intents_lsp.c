/* LSPs of intents, in the table and out of it. */
#include "core/base/check.h"
#include "core/intent/intents_impl.h"

#include <stdlib.h>
#include <string.h>

struct intent_lsp *intents_create_lsp(struct intents *intents, struct intent_entry *entry,
                                      struct wire_span name)
{
    struct intent_lsp *lsp = calloc(1, sizeof *lsp);
    const struct intents_name key = {&entry->pcc->address, name};
    if (lsp == NULL)
        return NULL;
    CHECK(name.size <= INTENT_LSP_NAME_MAX);
    lsp->name_size = (uint8_t)name.size;
    memcpy(lsp->name, name.octets, name.size);
    lsp->entry = entry;
    list_init(&lsp->due);
    if (map_insert(&intents->by_lsp, &lsp->by_name, intents_hash_name(&key), &key) != PCE_OK) {
        free(lsp);
        return NULL;
    }
    list_push_back(&entry->lsps, &lsp->of_entry);
    return lsp;
}

uint64_t intents_tag_of(const struct intent_lsp *lsp)
{
    return (uint64_t)(uintptr_t)lsp;
}

void intents_stop_computing(struct intents *intents, struct intent_lsp *lsp)
{
    if (!lsp->is_computing)
        return;
    errands_forget(intents->errands, intents_tag_of(lsp));
    lsp->is_computing = false;
    intents->counters.intents_computing--;
}

void intents_free_lsp(struct intents *intents, struct intent_lsp *lsp)
{
    const struct intents_name key = {&lsp->entry->pcc->address,
                                     {(const uint8_t *)lsp->name, lsp->name_size}};
    intents_stop_computing(intents, lsp);
    (void)map_remove(&intents->by_lsp, intents_hash_name(&key), &key);
    list_remove(&lsp->of_entry);
    list_remove(&lsp->due);
    free(lsp);
}
