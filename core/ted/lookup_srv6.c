/* SRv6 SIDs as segment lists use them. */
#include "core/base/check.h"
#include "core/ted/ted.h"

/* Endpoint behaviours (RFC 8986 10.2): End and End.X, plain or with PSP, USP, USD in any
 * combination. Others lead elsewhere (End.T, End.D…, End.B6…), or are compressed (RFC 9800). */
enum { SRV6_END = 1, SRV6_END_X = 5, SRV6_END_USD = 28, SRV6_END_X_USD = 32, SRV6_FLAVOURS = 4 };

#define SRV6_RANKS 3

/* Below SRV6_RANKS; 0: the SID cannot be used. plain: the first of four flavours without USD, whose code points are in
 * a row, as those of the flavours with it are. */
static unsigned srv6_rank(const struct ted_srv6_sid *sid, uint16_t plain, uint8_t algorithm)
{
    const uint16_t with_usd = plain == SRV6_END ? SRV6_END_USD : SRV6_END_X_USD;
    if (sid->is_shared || sid->algorithm != algorithm)
        return 0;
    if (sid->behavior >= with_usd && sid->behavior < with_usd + SRV6_FLAVOURS)
        return 2;
    return sid->behavior >= plain && sid->behavior < plain + SRV6_FLAVOURS ? 1 : 0;
}

/* protection: NULL: it is all the same. */
static const struct ted_srv6_sid *srv6_find_best(const struct ted_snapshot *snapshot,
                                                 struct ted_range range, uint16_t plain,
                                                 uint8_t algorithm,
                                                 const enum ted_protection *protection)
{
    const struct ted_srv6_sid *found = NULL;
    unsigned best = 0;
    for (uint32_t i = 0; i < range.count; i++) {
        const struct ted_srv6_sid *sid = &snapshot->srv6_sids[range.first + i];
        bool is_wanted =
            protection == NULL || sid->is_protected == ted_wants_protected(*protection);
        unsigned rank = srv6_rank(sid, plain, algorithm);
        if (rank == 0 || (!is_wanted && ted_is_strict(*protection)))
            continue;
        rank += is_wanted ? SRV6_RANKS : 0;
        if (rank <= best)
            continue;
        best = rank;
        found = sid;
    }
    return found;
}

const struct ted_srv6_sid *ted_find_end_sid(const struct ted_snapshot *snapshot, uint32_t node,
                                            uint8_t algorithm)
{
    CHECK(node < snapshot->node_count);
    return srv6_find_best(snapshot, snapshot->nodes[node].srv6_sids, SRV6_END, algorithm, NULL);
}

const struct ted_srv6_sid *ted_find_end_x_sid(const struct ted_snapshot *snapshot, uint32_t link,
                                              uint8_t algorithm, enum ted_protection protection)
{
    CHECK(link < snapshot->link_count);
    return srv6_find_best(snapshot, snapshot->links[link].srv6_sids, SRV6_END_X, algorithm,
                          &protection);
}
