/* What a patch makes different, for those who have worked something out of a snapshot before. */
#include "core/ted/patch_impl.h"
#include "core/ted/recent.h"

#include <string.h>

static uint32_t recent_lesser(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

static bool recent_keeps_list(const struct ted_snapshot *before, struct ted_range a,
                              const struct ted_snapshot *after, struct ted_range b)
{
    return a.count == b.count &&
           (a.count == 0 || memcmp(before->srlgs + a.first, after->srlgs + b.first,
                                   a.count * sizeof *after->srlgs) == 0);
}

static bool recent_keeps_room(const struct ted_link *a, const struct ted_link *b)
{
    bool is_same = a->capacity == b->capacity && a->max_reservable == b->max_reservable;
    for (unsigned priority = 0; priority < TED_PRIORITIES; priority++)
        is_same = is_same && a->unreserved[priority] == b->unreserved[priority];
    return is_same;
}

/* What a field tells that is not named here counts as the way itself. */
static uint32_t recent_reads(const struct ted_snapshot *before, const struct ted_snapshot *after,
                             uint32_t index)
{
    const struct ted_link *a = &before->links[index], *b = &after->links[index];
    struct ted_link rest = *a;
    uint32_t reads = 0;
    if (a->te_metric != b->te_metric)
        reads |= TED_READS_TE;
    if (a->delay_us != b->delay_us)
        reads |= TED_READS_DELAY;
    if (!recent_keeps_room(a, b))
        reads |= TED_READS_ROOM;
    if (a->admin_group != b->admin_group || !recent_keeps_list(before, a->srlgs, after, b->srlgs))
        reads |= TED_READS_KIND;
    rest.te_metric = b->te_metric;
    rest.delay_us = b->delay_us;
    rest.capacity = b->capacity;
    rest.max_reservable = b->max_reservable;
    memcpy(rest.unreserved, b->unreserved, sizeof rest.unreserved);
    rest.admin_group = b->admin_group;
    rest.srlgs = b->srlgs;
    /* Lists and hops of other links may be what is different. */
    bool keeps_parts = before->parts[TED_PART_LISTS] == after->parts[TED_PART_LISTS] &&
                       before->parts[TED_PART_ENDS] == after->parts[TED_PART_ENDS];
    /* What pads a record goes with it; and where it did not, WAY is the broader answer.
     * NOLINTNEXTLINE(bugprone-suspicious-memory-comparison,cert-exp42-c,cert-flp37-c) */
    return keeps_parts && memcmp(&rest, b, sizeof rest) == 0 ? reads : reads | TED_READS_WAY;
}

static struct ted_recent_change recent_change(const struct patching *patching, uint32_t index)
{
    const struct ted_link *was = ted_link_before(patching->before, index);
    const struct ted_link *now = &patching->after->links[index];
    struct ted_recent_change change = {
        .turn = patching->after->turn,
        .from = now->from,
        .to = now->to,
        .reads =
            was == NULL ? TED_READS_ALL : recent_reads(patching->before, patching->after, index),
    };
    if (was == NULL)
        was = now;
    if (was->has_sibling || now->has_sibling)
        return change;
    if (was->is_gone || now->is_gone) {
        const struct ted_link *there = was->is_gone ? now : was;
        was = now = there;
    }
    change.igp_metric = recent_lesser(was->igp_metric, now->igp_metric);
    change.te_metric = recent_lesser(was->te_metric, now->te_metric);
    change.delay_us = recent_lesser(was->delay_us, now->delay_us);
    change.hops = 1;
    return change;
}

/* The newest ones of the snapshot before for which there is room. */
static void recent_take_over(const struct ted_recent *old, uint32_t room, struct ted_recent *recent)
{
    uint32_t kept = old->count < room ? old->count : room;
    uint32_t first = old->count - kept;
    recent->since = first == 0 ? old->since : old->changes[first - 1].turn;
    /* A turn is forgotten as a whole. */
    while (first < old->count && old->changes[first].turn <= recent->since)
        first++;
    recent->count = old->count - first;
    memcpy(recent->changes, old->changes + first, recent->count * sizeof *recent->changes);
}

enum pce_status patch_recent(struct patching *patching)
{
    const struct ted_snapshot *before = patching->before;
    struct ted_snapshot *after = patching->after;
    const struct ted_delta *delta = patching->delta;
    struct ted_part *part = ted_part_create(sizeof(struct ted_recent) - sizeof(struct ted_part));
    if (part == NULL)
        return PCE_NO_MEMORY;
    struct ted_recent *recent = (struct ted_recent *)(void *)part;
    after->turn = before->turn + 1;
    after->recent = recent;
    recent->since = before->turn;
    recent->count = 0;
    if (before->recent != NULL && delta->count <= TED_RECENT_MAX)
        recent_take_over(before->recent, TED_RECENT_MAX - delta->count, recent);
    /* Zero metrics are searched in another way. */
    if (delta->count > TED_RECENT_MAX || patching->is_read ||
        (before->igp_metric_min == 0) != (after->igp_metric_min == 0)) {
        recent->since = after->turn;
        recent->count = 0;
        return PCE_OK;
    }
    for (uint32_t i = 0; i < delta->count; i++)
        recent->changes[recent->count++] = recent_change(patching, delta->links[i]);
    return PCE_OK;
}
