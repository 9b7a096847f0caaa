/* What is found in the table of intents, and by which keys. */
#include "core/intent/intents_impl.h"

#include <string.h>

/* ---- keys ---- */

static uint64_t intents_hash(const struct ip *pcc, const void *name, size_t size)
{
    return map_hash_with(name, size, map_hash_with(pcc->octets, ip_size(pcc), pcc->family));
}

uint64_t intents_hash_name(const struct intents_name *key)
{
    return intents_hash(key->pcc, key->name.octets, key->name.size);
}

bool intents_entry_is(const struct map_node *node, const void *key)
{
    const struct intents_name *wanted = key;
    const struct intent_entry *entry =
        CONTAINER_OF((struct map_node *)(uintptr_t)node, struct intent_entry, by_key);
    return ip_is_equal(&entry->pcc->address, wanted->pcc) &&
           strlen(entry->name) == wanted->name.size &&
           memcmp(entry->name, wanted->name.octets, wanted->name.size) == 0;
}

bool intents_lsp_is(const struct map_node *node, const void *key)
{
    const struct intents_name *wanted = key;
    const struct intent_lsp *lsp =
        CONTAINER_OF((struct map_node *)(uintptr_t)node, struct intent_lsp, by_name);
    return ip_is_equal(&lsp->entry->pcc->address, wanted->pcc) &&
           lsp->name_size == wanted->name.size &&
           memcmp(lsp->name, wanted->name.octets, wanted->name.size) == 0;
}

bool intents_pcc_is(const struct map_node *node, const void *key)
{
    const struct intents_pcc *pcc =
        CONTAINER_OF((struct map_node *)(uintptr_t)node, struct intents_pcc, by_address);
    return ip_is_equal(&pcc->address, key);
}

uint64_t intents_hash_address(const struct ip *address)
{
    return map_hash_with(address->octets, ip_size(address), address->family);
}

/* ---- finding ---- */

struct intent_entry *intents_find(struct intents *intents, const struct ip *pcc, const char *name)
{
    const struct intents_name key = {pcc, {(const uint8_t *)name, strlen(name)}};
    struct map_node *node = map_find(&intents->by_key, intents_hash_name(&key), &key);
    return node == NULL ? NULL : CONTAINER_OF(node, struct intent_entry, by_key);
}

struct intent_lsp *intents_find_lsp(struct intents *intents, const struct ip *pcc,
                                    struct wire_span name)
{
    const struct intents_name key = {pcc, name};
    struct map_node *node = map_find(&intents->by_lsp, intents_hash_name(&key), &key);
    return node == NULL ? NULL : CONTAINER_OF(node, struct intent_lsp, by_name);
}

struct intents_pcc *intents_find_pcc(struct intents *intents, const struct ip *pcc)
{
    struct map_node *node = map_find(&intents->pccs, intents_hash_address(pcc), pcc);
    return node == NULL ? NULL : CONTAINER_OF(node, struct intents_pcc, by_address);
}

struct intent_entry *intents_next(const struct intents *intents, uint32_t *slot)
{
    while (*slot < intents->slot_count && intents->slots[*slot] == NULL)
        ++*slot;
    return *slot < intents->slot_count ? intents->slots[*slot] : NULL;
}
