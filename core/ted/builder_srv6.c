/* SRv6 SIDs, and which of them more than one node or link has. */
#include "core/ted/builder_impl.h"

static bool builder_has_srv6_sid(const void *context, uint32_t value, const void *key)
{
    const struct ted_srv6_sid *sids = context;
    return ip_is_equal(&sids[value].sid, key);
}

enum pce_status ted_srv6_sids_reserve(struct ted_builder *builder, uint32_t count)
{
    enum pce_status status = ted_array_reserve(&builder->srv6_sids, count);
    if (status == PCE_OK)
        status = ted_array_reserve(&builder->srv6_owners, count);
    return status == PCE_OK ? slots_reserve(&builder->srv6_index, count) : status;
}

/* A SID that its owner names twice, with another behaviour perhaps, is its own all the same. */
static void builder_add_srv6_sid(struct ted_builder *builder, const struct ted_srv6_sid *sid,
                                 uint32_t owner)
{
    uint32_t added = ted_array_append(&builder->srv6_sids, sid, 1);
    struct ted_srv6_sid *sids = builder->srv6_sids.items;
    uint64_t hash = map_hash(sid->sid.octets, sizeof sid->sid.octets);
    uint32_t first =
        slots_find(slots_view(&builder->srv6_index), hash, builder_has_srv6_sid, sids, &sid->sid);
    (void)ted_array_append(&builder->srv6_owners, &owner, 1);
    if (first == TED_NONE) {
        slots_insert(&builder->srv6_index, hash, added);
        return;
    }
    const uint32_t *owners = builder->srv6_owners.items;
    if (owners[first] != owner || sids[first].is_shared)
        sids[first].is_shared = sids[added].is_shared = true;
}

struct ted_range ted_srv6_sids_take(struct ted_builder *builder, const struct ted_srv6_sid *sids,
                                    uint32_t count, uint32_t owner)
{
    struct ted_range range = {.first = builder->srv6_sids.count, .count = count};
    for (uint32_t i = 0; i < count; i++)
        builder_add_srv6_sid(builder, &sids[i], owner);
    return range;
}
