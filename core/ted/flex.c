#include "core/ted/flex.h"

#include <string.h>

bool ted_node_takes_part(const struct ted_snapshot *snapshot, uint32_t node, uint8_t algorithm)
{
    struct ted_range range = snapshot->nodes[node].algorithms;
    for (uint32_t i = 0; i < range.count; i++)
        if (snapshot->algorithms[range.first + i] == algorithm)
            return true;
    return false;
}

bool ted_flex_is_known(const struct ted_flex_definition *definition)
{
    return definition->is_partial == 0 && definition->calculation_type == 0 &&
           definition->metric_type <= TED_FLEX_TE;
}

/* RFC 9350 5.3: the greatest priority, then the greatest id. */
static bool flex_is_above(const struct ted_snapshot *snapshot, uint32_t node,
                          const struct ted_flex_definition *flex, uint32_t other_node,
                          const struct ted_flex_definition *other)
{
    const struct ted_node *a = &snapshot->nodes[node], *b = &snapshot->nodes[other_node];
    if (flex->priority != other->priority)
        return flex->priority > other->priority;
    if (a->igp_id_size != b->igp_id_size)
        return a->igp_id_size > b->igp_id_size;
    return memcmp(a->igp_id, b->igp_id, a->igp_id_size) > 0;
}

void ted_flex_find_winners(const struct ted_snapshot *snapshot, struct ted_flex_winners *winners)
{
    memset(winners, 0, sizeof *winners);
    for (uint32_t node = 0; node < snapshot->node_count; node++) {
        struct ted_range range = snapshot->nodes[node].flexes;
        for (uint32_t i = 0; i < range.count; i++) {
            const struct ted_flex_definition *flex = &snapshot->flexes[range.first + i];
            const struct ted_flex_definition **winner = &winners->of[flex->algorithm];
            uint32_t *winner_node = &winners->nodes[flex->algorithm];
            if (*winner != NULL && !flex_is_above(snapshot, node, flex, *winner_node, *winner))
                continue;
            *winner = flex;
            *winner_node = node;
        }
    }
}

/* ---- what an algorithm sees of a link ---- */

static void flex_see_groups(const struct ted_snapshot *snapshot, struct ted_range range,
                            uint32_t groups[TED_GROUP_WORDS_MAX])
{
    if (range.count > 0)
        memcpy(groups, snapshot->group_words + range.first, range.count * sizeof *groups);
}

static void flex_see_own(const struct ted_snapshot *snapshot, const struct ted_link *link,
                         struct ted_flex_seen *seen)
{
    bool has_range = (link->measured & TED_MEASURED_DELAY_RANGE) != 0;
    seen->te_metric = link->te_metric;
    seen->delay_min_us = has_range ? link->delay_min_us : link->delay_us;
    flex_see_groups(snapshot, link->groups, seen->groups);
    seen->groups[0] = link->admin_group;
    seen->srlgs = snapshot->srlgs + link->srlgs.first;
    seen->srlg_count = link->srlgs.count;
}

void ted_flex_see(const struct ted_snapshot *snapshot, const struct ted_link *link,
                  struct ted_flex_seen *seen)
{
    memset(seen, 0, sizeof *seen);
    seen->te_metric = seen->delay_min_us = TED_NONE;
    if (link->flex_source == TED_FLEX_OWN)
        flex_see_own(snapshot, link, seen);
    if (link->flex_source != TED_FLEX_TOLD)
        return;
    const struct ted_flex_link *told = &snapshot->flex_links[link->flex];
    seen->te_metric = told->te_metric;
    seen->delay_min_us = told->delay_min_us;
    flex_see_groups(snapshot, told->groups, seen->groups);
    seen->srlgs = snapshot->srlgs + told->srlgs.first;
    seen->srlg_count = told->srlgs.count;
}
