#include "core/ted/link_change.h"

#include "core/base/check.h"
#include "core/ted/flex.h"
#include "core/ted/node_key.h"

#include <string.h>

static unsigned link_change_of_cost(uint32_t before, uint32_t now)
{
    return now > before ? TED_LINK_WORSE : now < before ? TED_LINK_BETTER : 0U;
}

static unsigned link_change_of_room(float before, float now)
{
    return now < before ? TED_LINK_WORSE : now > before ? TED_LINK_BETTER : 0U;
}

/* One of what was measured; what was not is the greatest. */
static unsigned link_change_of_figure(const struct ted_link *a, uint32_t before,
                                      const struct ted_link *b, uint32_t now, unsigned bit)
{
    return link_change_of_cost((a->measured & bit) != 0 ? before : TED_NONE,
                               (b->measured & bit) != 0 ? now : TED_NONE);
}

static unsigned link_change_of_figures(const struct ted_link *a, const struct ted_link *b)
{
    return link_change_of_figure(a, a->delay_min_us, b, b->delay_min_us, TED_MEASURED_DELAY_RANGE) |
           link_change_of_figure(a, a->delay_variation_us, b, b->delay_variation_us,
                                 TED_MEASURED_DELAY_VARIATION) |
           link_change_of_figure(a, a->loss, b, b->loss, TED_MEASURED_LOSS);
}

static unsigned link_change_of_bandwidth(const struct ted_link *a, const struct ted_link *b)
{
    unsigned bits = link_change_of_room(a->capacity, b->capacity);
    for (unsigned p = 0; p < TED_PRIORITIES; p++)
        bits |= link_change_of_room(a->unreserved[p], b->unreserved[p]);
    return bits;
}

/* A link of other affinities or risk groups is closed to some requests and open to others. */
static unsigned link_change_of_kind(const struct ted_snapshot *before, const struct ted_link *a,
                                    const struct ted_snapshot *snapshot, const struct ted_link *b)
{
    bool is_same = a->admin_group == b->admin_group && a->srlgs.count == b->srlgs.count &&
                   memcmp(before->srlgs + a->srlgs.first, snapshot->srlgs + b->srlgs.first,
                          a->srlgs.count * sizeof *before->srlgs) == 0;
    return is_same ? 0U : TED_LINK_WORSE | TED_LINK_BETTER;
}

/* The same of what flexible algorithms see of it; a metric that it has not is the greatest. */
static unsigned link_change_of_flex(const struct ted_snapshot *before, const struct ted_link *a,
                                    const struct ted_snapshot *snapshot, const struct ted_link *b)
{
    struct ted_flex_seen x, y;
    if (a->flex_source == TED_FLEX_NONE && b->flex_source == TED_FLEX_NONE)
        return 0;
    ted_flex_see(before, a, &x);
    ted_flex_see(snapshot, b, &y);
    unsigned bits = link_change_of_cost(x.te_metric, y.te_metric) |
                    link_change_of_cost(x.delay_min_us, y.delay_min_us);
    bool is_same =
        memcmp(x.groups, y.groups, sizeof x.groups) == 0 && x.srlg_count == y.srlg_count &&
        (x.srlg_count == 0 || memcmp(x.srlgs, y.srlgs, x.srlg_count * sizeof *x.srlgs) == 0);
    return is_same ? bits : TED_LINK_WORSE | TED_LINK_BETTER;
}

static bool link_change_keeps_adj_sid(const struct ted_snapshot *before, const struct ted_link *a,
                                      const struct ted_snapshot *snapshot, const struct ted_link *b,
                                      uint32_t i)
{
    const struct ted_adj_sid *x = &before->adj_sids[a->adj_sids.first + i];
    const struct ted_adj_sid *y = &snapshot->adj_sids[b->adj_sids.first + i];
    return x->label == y->label && x->family == y->family && x->is_protected == y->is_protected;
}

/* Whether segment lists may name the SIDs as before. */
static bool link_change_keeps_srv6_sids(const struct ted_snapshot *before, struct ted_range a,
                                        const struct ted_snapshot *snapshot, struct ted_range b)
{
    bool is_same = a.count == b.count;
    for (uint32_t i = 0; i < a.count && is_same; i++) {
        const struct ted_srv6_sid *x = &before->srv6_sids[a.first + i];
        const struct ted_srv6_sid *y = &snapshot->srv6_sids[b.first + i];
        is_same = ip_is_equal(&x->sid, &y->sid) && x->behavior == y->behavior &&
                  x->algorithm == y->algorithm && x->is_protected == y->is_protected &&
                  x->is_shared == y->is_shared;
    }
    return is_same;
}

static bool link_change_keeps_sids(const struct ted_snapshot *before, const struct ted_link *a,
                                   const struct ted_snapshot *snapshot, const struct ted_link *b)
{
    if (a->adj_sids.count != b->adj_sids.count)
        return false;
    for (uint32_t i = 0; i < a->adj_sids.count; i++)
        if (!link_change_keeps_adj_sid(before, a, snapshot, b, i))
            return false;
    return link_change_keeps_srv6_sids(before, a->srv6_sids, snapshot, b->srv6_sids);
}

static bool link_change_keeps_addresses(const struct ted_link *a, const struct ted_link *b)
{
    return ip_is_equal(&a->local_v4, &b->local_v4) && ip_is_equal(&a->remote_v4, &b->remote_v4) &&
           ip_is_equal(&a->local_v6, &b->local_v6) && ip_is_equal(&a->remote_v6, &b->remote_v6);
}

unsigned ted_link_change(const struct ted_snapshot *before, uint32_t old_link,
                         const struct ted_snapshot *snapshot, uint32_t link)
{
    CHECK(old_link < before->link_count && link < snapshot->link_count);
    const struct ted_link *a = &before->links[old_link];
    const struct ted_link *b = &snapshot->links[link];
    unsigned bits = link_change_of_cost(a->igp_metric, b->igp_metric) |
                    link_change_of_cost(a->te_metric, b->te_metric) |
                    link_change_of_cost(a->delay_us, b->delay_us) | link_change_of_figures(a, b) |
                    link_change_of_bandwidth(a, b) | link_change_of_kind(before, a, snapshot, b) |
                    link_change_of_flex(before, a, snapshot, b);
    if (a->is_two_way != b->is_two_way)
        bits |= b->is_two_way ? TED_LINK_BETTER : TED_LINK_WORSE;
    if (a->is_first_only != b->is_first_only)
        bits |= b->is_first_only ? TED_LINK_WORSE : TED_LINK_BETTER;
    if (!link_change_keeps_sids(before, a, snapshot, b) || !link_change_keeps_addresses(a, b))
        bits |= TED_LINK_RELABELLED;
    return bits;
}

/* ---- nodes ---- */

/* Who takes part in which algorithm, and what that is: where the algorithms' SIDs lead. */
static bool link_change_keeps_algorithms(const struct ted_snapshot *before,
                                         const struct ted_node *a,
                                         const struct ted_snapshot *snapshot,
                                         const struct ted_node *b)
{
    if (a->algorithms.count != b->algorithms.count || a->flexes.count != b->flexes.count)
        return false;
    for (uint32_t i = 0; i < a->algorithms.count; i++)
        if (before->algorithms[a->algorithms.first + i] !=
            snapshot->algorithms[b->algorithms.first + i])
            return false;
    for (uint32_t i = 0; i < a->flexes.count; i++)
        if (memcmp(&before->flexes[a->flexes.first + i], &snapshot->flexes[b->flexes.first + i],
                   sizeof *before->flexes) != 0)
            return false;
    return true;
}

bool ted_node_is_relabelled(const struct ted_snapshot *before, const struct ted_node *a,
                            const struct ted_snapshot *snapshot, const struct ted_node *b)
{
    if (a->srgbs.count != b->srgbs.count || a->prefix_sids.count != b->prefix_sids.count ||
        !link_change_keeps_algorithms(before, a, snapshot, b))
        return true;
    for (uint32_t i = 0; i < a->srgbs.count; i++) {
        struct ted_srgb x = before->srgbs[a->srgbs.first + i];
        struct ted_srgb y = snapshot->srgbs[b->srgbs.first + i];
        if (x.base != y.base || x.size != y.size)
            return true;
    }
    for (uint32_t i = 0; i < a->prefix_sids.count; i++) {
        struct ted_prefix_sid x = before->prefix_sids[a->prefix_sids.first + i];
        struct ted_prefix_sid y = snapshot->prefix_sids[b->prefix_sids.first + i];
        if (x.algorithm != y.algorithm || x.family != y.family || x.index != y.index ||
            x.is_anycast != y.is_anycast)
            return true;
    }
    return !link_change_keeps_srv6_sids(before, a->srv6_sids, snapshot, b->srv6_sids);
}

bool ted_labels_differ(const struct ted_snapshot *before, const struct ted_snapshot *snapshot)
{
    for (uint32_t node = 0; node < snapshot->node_count; node++) {
        const struct ip *key = ted_node_key(&snapshot->nodes[node]);
        uint32_t old = ted_find_node_by_address(before, key);
        if (old != TED_NONE &&
            ted_node_is_relabelled(before, &before->nodes[old], snapshot, &snapshot->nodes[node]))
            return true;
    }
    return false;
}
