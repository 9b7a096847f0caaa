/* What a patch makes of the lists of a node or link. */
#include "core/ted/patch_impl.h"

#include <string.h>

bool patch_has_items(const void *array, size_t item_size, struct ted_range range, const void *items,
                     uint32_t count)
{
    return count == range.count &&
           (count == 0 ||
            memcmp((const char *)array + range.first * item_size, items, count * item_size) == 0);
}

enum pce_status patch_write_list(struct patching *patching, enum ted_list list, const void *items,
                                 uint32_t count, struct ted_range *range)
{
    size_t size = patch_list_item_size(list);
    if (patch_has_items(patch_list_items(patching, list), size, *range, items, count))
        return PCE_OK;
    uint32_t first = range->first;
    enum pce_status status = count > range->count
                                 ? patch_append(patching, list, items, count, &first)
                                 : patch_own_list(patching, list);
    if (status != PCE_OK)
        return status;
    if (count > 0 && first == range->first)
        memcpy(patch_list_items(patching, list) + first * size, items, count * size);
    *range = (struct ted_range){.first = first, .count = count};
    return PCE_OK;
}

/* ---- SRv6 SIDs ---- */

static bool lists_is_told_sid(const struct ted_srv6_sid *a, const struct ted_srv6_sid *b)
{
    return ip_is_equal(&a->sid, &b->sid) && a->algorithm == b->algorithm &&
           a->behavior == b->behavior && a->block_bits == b->block_bits &&
           a->node_bits == b->node_bits && a->function_bits == b->function_bits &&
           a->argument_bits == b->argument_bits && a->is_protected == b->is_protected;
}

bool patch_has_srv6_sids(const struct ted_snapshot *before, struct ted_range range,
                         const struct ted_srv6_sid *sids, uint32_t count)
{
    bool is_same = range.count == count;
    for (uint32_t i = 0; i < range.count && is_same; i++)
        is_same = lists_is_told_sid(&before->srv6_sids[range.first + i], &sids[i]);
    return is_same;
}

/* Whether another list than this one has the SID. */
static bool lists_have_srv6_sid(const struct ted_snapshot *after, struct ted_range except,
                                const struct ip *sid)
{
    const uint32_t count = after->rooms[TED_LIST_SRV6_SIDS].count;
    for (uint32_t i = 0; i < count; i++)
        if (i - except.first >= except.count && ip_is_equal(&after->srv6_sids[i].sid, sid))
            return true;
    return false;
}

/* Whether others have what comes or goes: which of them share it is said by the whole. */
static bool lists_share_srv6_sids(const struct ted_snapshot *after, struct ted_range range,
                                  const struct ted_srv6_sid *sids, uint32_t count)
{
    for (uint32_t i = 0; i < range.count; i++)
        if (after->srv6_sids[range.first + i].is_shared)
            return true;
    for (uint32_t i = 0; i < count; i++)
        if (lists_have_srv6_sid(after, range, &sids[i].sid))
            return true;
    return false;
}

enum pce_status patch_write_srv6_sids(struct patching *patching, const struct ted_srv6_sid *sids,
                                      uint32_t count, struct ted_range *range)
{
    struct ted_range was = *range;
    if (patch_has_srv6_sids(patching->after, was, sids, count))
        return PCE_OK;
    patching->sids_compared += (uint64_t)count * patching->after->rooms[TED_LIST_SRV6_SIDS].count;
    if (patching->sids_compared > PATCH_SIDS_COMPARED_MAX ||
        lists_share_srv6_sids(patching->after, was, sids, count))
        return PCE_UNSUPPORTED;
    enum pce_status status = patch_own_list(patching, TED_LIST_SRV6_SIDS);
    /* Nobody has what was there, and nobody finds it. */
    if (status == PCE_OK && was.count > 0)
        memset(patch_list_items(patching, TED_LIST_SRV6_SIDS) + was.first * sizeof *sids, 0,
               was.count * sizeof *sids);
    return status == PCE_OK ? patch_write_list(patching, TED_LIST_SRV6_SIDS, sids, count, range)
                            : status;
}
