/* Whose an address, a label, an index is: whoever comes first has it. */
#include "core/ted/builder_impl.h"
#include "core/ted/rib_merge.h"

/* Notes whose it was, and makes it the node's. */
static enum pce_status claims_give(struct merge *merge, bool is_index, uint32_t at, uint32_t node)
{
    struct ted_address *owners = merge->owners.items;
    uint32_t *owner = is_index ? (uint32_t *)merge->sid_owners.items + at : &owners[at].node;
    const struct merge_claim claim = {.is_index = is_index, .at = at, .node = *owner};
    if (merge->keeps_claims && ted_array_reserve(&merge->claims, 1) != PCE_OK)
        return PCE_NO_MEMORY;
    if (merge->keeps_claims)
        (void)ted_array_append(&merge->claims, &claim, 1);
    *owner = node;
    return PCE_OK;
}

void merge_undo_claims(struct merge *merge)
{
    const struct merge_claim *claims = merge->claims.items;
    merge->keeps_claims = false;
    for (uint32_t i = merge->claims.count; i > 0; i--)
        (void)!claims_give(merge, claims[i - 1].is_index, claims[i - 1].at, claims[i - 1].node);
    merge->claims.count = 0;
}

/* ---- addresses ---- */

static bool claims_has_address(const void *context, uint32_t value, const void *key)
{
    const struct ted_address *owners = ((const struct ted_array *)context)->items;
    return ip_is_equal(&owners[value].address, key);
}

static uint32_t claims_find_address(const struct merge *merge, const struct ip *address)
{
    return slots_find(slots_view(&merge->owner_index), ted_hash_address(address),
                      claims_has_address, &merge->owners, address);
}

enum pce_status merge_claim_address(struct merge *merge, const struct ip *address, uint32_t node)
{
    const struct ted_address claim = {.address = *address, .node = TED_NONE};
    if (!ted_is_node_address(address))
        return PCE_OK;
    uint32_t found = claims_find_address(merge, address), owner = merge_owner_of(merge, address);
    if (owner != TED_NONE)
        return owner == node ? PCE_OK : PCE_EXISTS;
    if (found == TED_NONE) {
        if (ted_array_reserve(&merge->owners, 1) != PCE_OK ||
            slots_reserve(&merge->owner_index, 1) != PCE_OK)
            return PCE_NO_MEMORY;
        found = ted_array_append(&merge->owners, &claim, 1);
        slots_insert(&merge->owner_index, ted_hash_address(address), found);
    }
    return claims_give(merge, false, found, node);
}

enum pce_status merge_leave_address(struct merge *merge, const struct ip *address, uint32_t node)
{
    if (!ted_is_node_address(address) || merge_owner_of(merge, address) != node)
        return PCE_OK;
    return claims_give(merge, false, claims_find_address(merge, address), TED_NONE);
}

uint32_t merge_owner_of(const struct merge *merge, const struct ip *address)
{
    const struct ted_address *owners = merge->owners.items;
    uint32_t found = claims_find_address(merge, address);
    return found == TED_NONE ? TED_NONE : owners[found].node;
}

bool merge_owns_address(const struct merge *merge, const struct ip *address, uint32_t node)
{
    if (!ted_is_node_address(address))
        return true;
    uint32_t owner = merge_owner_of(merge, address);
    return owner == TED_NONE || owner == node;
}

static bool claims_is_anycast(const void *context, uint32_t value, const void *key)
{
    const struct ip *anycasts = ((const struct ted_array *)context)->items;
    return ip_is_equal(&anycasts[value], key);
}

bool merge_is_anycast(const struct merge *merge, const struct ip *address)
{
    return slots_find(slots_view(&merge->anycast_index), ted_hash_address(address),
                      claims_is_anycast, &merge->anycasts, address) != TED_NONE;
}

enum pce_status merge_add_anycast(struct merge *merge, const struct ip *address)
{
    if (merge_is_anycast(merge, address))
        return PCE_OK;
    if (ted_array_reserve(&merge->anycasts, 1) != PCE_OK ||
        slots_reserve(&merge->anycast_index, 1) != PCE_OK)
        return PCE_NO_MEMORY;
    slots_insert(&merge->anycast_index, ted_hash_address(address),
                 ted_array_append(&merge->anycasts, address, 1));
    return PCE_OK;
}

/* ---- labels and indexes ---- */

static bool claims_has_label(const void *context, uint32_t value, const void *key)
{
    const uint64_t *labels = ((const struct ted_array *)context)->items;
    return labels[value] == *(const uint64_t *)key;
}

enum pce_status merge_claim_label(struct merge *merge, uint32_t node, uint32_t label)
{
    uint64_t key = (uint64_t)node << 32 | label, hash = map_hash(&key, sizeof key);
    if (slots_find(slots_view(&merge->label_index), hash, claims_has_label, &merge->labels, &key) !=
        TED_NONE)
        return PCE_EXISTS;
    if (ted_array_reserve(&merge->labels, 1) != PCE_OK ||
        slots_reserve(&merge->label_index, 1) != PCE_OK)
        return PCE_NO_MEMORY;
    slots_insert(&merge->label_index, hash, ted_array_append(&merge->labels, &key, 1));
    return PCE_OK;
}

enum pce_status merge_claim_index(struct merge *merge, uint32_t index, uint32_t node)
{
    const uint32_t none = TED_NONE;
    if (index >= merge->sid_owners.count &&
        ted_array_reserve(&merge->sid_owners, index + 1 - merge->sid_owners.count) != PCE_OK)
        return PCE_NO_MEMORY;
    while (merge->sid_owners.count <= index)
        (void)ted_array_append(&merge->sid_owners, &none, 1);
    uint32_t *owners = merge->sid_owners.items;
    return owners[index] != TED_NONE ? PCE_EXISTS : claims_give(merge, true, index, node);
}

enum pce_status merge_leave_index(struct merge *merge, uint32_t index, uint32_t node)
{
    const uint32_t *owners = merge->sid_owners.items;
    if (index >= merge->sid_owners.count || owners[index] != node)
        return PCE_OK;
    return claims_give(merge, true, index, TED_NONE);
}

/* ---- the ends of links ---- */

static enum pce_status claims_claim_end(struct merge *merge, const struct ip *address,
                                        uint32_t node)
{
    char ip[IP_TEXT_SIZE], text[MERGE_TEXT_SIZE];
    enum pce_status status = merge_claim_address(merge, address, node);
    if (status != PCE_EXISTS)
        return status;
    merge->owns_all_ends = false;
    rib_findings_add(merge->findings, RIB_ADDRESS_TWICE, "%s, also of %s", ip_format(address, ip),
                     merge_node_text(merge, node, text));
    merge_mark_delicate(merge, node, MERGE_DELICATE_ALL);
    merge_mark_delicate(merge, merge_owner_of(merge, address), MERGE_DELICATE_ALL);
    return PCE_OK;
}

enum pce_status merge_claim_links(struct merge *merge)
{
    const struct merged_link *links = merge->links.items;
    enum pce_status status = PCE_OK;
    merge->owns_all_ends = true;
    /* A router knows its own end better than its neighbour does. */
    for (uint32_t i = 0; i < merge->links.count && status == PCE_OK; i++) {
        status = claims_claim_end(merge, &links[i].local_v4, links[i].from);
        if (status == PCE_OK)
            status = claims_claim_end(merge, &links[i].local_v6, links[i].from);
    }
    for (uint32_t i = 0; i < merge->links.count && status == PCE_OK; i++) {
        status = claims_claim_end(merge, &links[i].remote_v4, links[i].to);
        if (status == PCE_OK)
            status = claims_claim_end(merge, &links[i].remote_v6, links[i].to);
    }
    return status;
}
