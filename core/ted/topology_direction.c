#include "core/ted/topology_direction.h"

#include <string.h>

bool topo_is_inherited(uint32_t row)
{
    return row < ROW_ADJ_SID;
}

void topo_direction_clear(struct topo_direction *d)
{
    d->unreserved_count = 0;
    d->srlg_count = 0;
    d->adj_sid_count = 0;
    d->srv6_sids.count = 0;
    d->msd = 0;
    d->groups.count = 0;
    d->flex.source = TED_FLEX_OWN;
    memset(d->marks, 0, sizeof d->marks);
}

static void direction_inherit_measures(struct topo_direction *reverse,
                                       const struct topo_direction *forward)
{
    if (!topo_direction_has(reverse, ROW_DELAY_RANGE))
        memcpy(reverse->delay_range_us, forward->delay_range_us, sizeof reverse->delay_range_us);
    if (!topo_direction_has(reverse, ROW_DELAY_VARIATION))
        reverse->delay_variation_us = forward->delay_variation_us;
    if (!topo_direction_has(reverse, ROW_LOSS))
        reverse->loss = forward->loss;
    if (!topo_direction_has(reverse, ROW_MSD))
        reverse->msd = forward->msd;
    if (!topo_direction_has(reverse, ROW_GROUPS))
        reverse->groups = forward->groups;
    if (!topo_direction_has(reverse, ROW_FLEX))
        reverse->flex = forward->flex;
}

void topo_direction_inherit(struct topo_direction *reverse, const struct topo_direction *forward)
{
    if (!topo_direction_has(reverse, ROW_IGP_METRIC))
        reverse->igp_metric = forward->igp_metric;
    if (!topo_direction_has(reverse, ROW_TE_METRIC))
        reverse->te_metric = forward->te_metric;
    if (!topo_direction_has(reverse, ROW_DELAY))
        reverse->delay_us = forward->delay_us;
    if (!topo_direction_has(reverse, ROW_CAPACITY))
        reverse->capacity = forward->capacity;
    if (!topo_direction_has(reverse, ROW_RESERVABLE))
        reverse->reservable = forward->reservable;
    if (!topo_direction_has(reverse, ROW_ADMIN_GROUP))
        reverse->admin_group = forward->admin_group;
    if (!topo_direction_has(reverse, ROW_UNRESERVED))
        memcpy(reverse->unreserved, forward->unreserved, sizeof reverse->unreserved);
    if (!topo_direction_has(reverse, ROW_SRLGS)) {
        reverse->srlg_count = forward->srlg_count;
        memcpy(reverse->srlgs, forward->srlgs, forward->srlg_count * sizeof forward->srlgs[0]);
    }
    direction_inherit_measures(reverse, forward);
    for (uint32_t i = ROW_IGP_METRIC; i <= ROW_FLEX; i++) {
        if (!topo_direction_has(reverse, i))
            reverse->marks[i] = forward->marks[i];
    }
}

void topo_direction_default(struct topo_direction *d, const struct topo_defaults *defaults)
{
    if (!topo_direction_has(d, ROW_IGP_METRIC))
        d->igp_metric = defaults->igp_metric;
    d->is_igp_unused = d->igp_metric > TED_IGP_METRIC_MAX;
    if (d->is_igp_unused)
        d->igp_metric = TED_IGP_METRIC_MAX;
    if (!topo_direction_has(d, ROW_TE_METRIC))
        d->te_metric = defaults->has_te_metric ? defaults->te_metric : d->igp_metric;
    if (!topo_direction_has(d, ROW_DELAY))
        d->delay_us = defaults->delay_us;
    if (!topo_direction_has(d, ROW_ADMIN_GROUP))
        d->admin_group =
            topo_direction_has(d, ROW_GROUPS) ? d->groups.words[0] : defaults->admin_group;
    d->groups.words[0] = d->admin_group;
    if (!topo_direction_has(d, ROW_CAPACITY))
        d->capacity = defaults->capacity;
    if (!topo_direction_has(d, ROW_RESERVABLE))
        d->reservable = d->capacity;
    for (uint32_t i = 0; i < TED_PRIORITIES && !topo_direction_has(d, ROW_UNRESERVED); i++)
        d->unreserved[i] = d->reservable;
    topo_default_structure(&d->srv6_sids, &defaults->structure);
}

/* Marks say what was written, or taken over from the other direction. */
void topo_direction_measure(const struct topo_direction *d, struct ted_link_spec *spec)
{
    const struct topo_flex_link *flex = &d->flex;
    spec->groups = d->groups.words;
    spec->group_count = d->groups.count > 1 ? d->groups.count : 0;
    spec->msd = d->msd;
    spec->measured =
        (uint8_t)((topo_direction_has(d, ROW_DELAY_RANGE) ? TED_MEASURED_DELAY_RANGE : 0) |
                  (topo_direction_has(d, ROW_DELAY_VARIATION) ? TED_MEASURED_DELAY_VARIATION : 0) |
                  (topo_direction_has(d, ROW_LOSS) ? TED_MEASURED_LOSS : 0));
    if (topo_direction_has(d, ROW_DELAY_RANGE)) {
        spec->delay_min_us = d->delay_range_us[0];
        spec->delay_max_us = d->delay_range_us[1];
    }
    spec->delay_variation_us =
        topo_direction_has(d, ROW_DELAY_VARIATION) ? d->delay_variation_us : 0;
    spec->loss = topo_direction_has(d, ROW_LOSS) ? d->loss : 0;
    spec->flex_source = flex->source;
    spec->flex = (struct ted_flex_link_spec){.te_metric = flex->te_metric,
                                             .delay_min_us = flex->delay_min_us,
                                             .groups = flex->groups.words,
                                             .group_count = flex->groups.count,
                                             .srlgs = flex->srlgs.items,
                                             .srlg_count = flex->srlgs.count};
}
