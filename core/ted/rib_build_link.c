/* One direction of a link, out of all that is said of it. */
#include "core/base/check.h"
#include "core/ted/rib_build.h"

#include <string.h>

static void link_complete(struct merge_building *building)
{
    const struct merge_half *halves = building->merge->halves.items;
    const struct ted_range *range = &building->link->halves;
    rib_record_unpack(&rib_link_layout, halves[range->first].entry->record, &building->said);
    for (uint32_t i = range->first + 1; i < range->first + range->count; i++) {
        struct rib_link told;
        rib_record_unpack(&rib_link_layout, halves[i].entry->record, &told);
        rib_record_complete(&rib_link_layout, &building->said, &told);
    }
}

/* ---- SIDs ---- */

/* Whether a SID that names whom it leads to leads to the end of this link. On a LAN each does. */
static bool link_is_towards(const struct merge_building *building, const struct rib_name *neighbor)
{
    if (neighbor->size == 0)
        return building->link->lan == TED_NONE;
    uint32_t name = rib_names_find(building->merge->rib, neighbor);
    return merge_node_of(building->merge, name) == building->link->to;
}

/* TED_NONE: it is in none of the node's local ranges. */
static uint32_t link_label(const struct merge_building *building, const struct rib_adj_sid *told)
{
    const struct rib_node *said = &merge_node(building->merge, building->link->from)->said;
    uint32_t index = told->value;
    if (told->is_index == 0)
        return told->value;
    for (uint32_t i = 0; i < said->srlb_count; i++) {
        if (index < said->srlbs[i].size)
            return said->srlbs[i].base + index;
        index -= said->srlbs[i].size;
    }
    return TED_NONE;
}

static void link_find_sid(const struct merge_building *building, enum rib_finding_kind kind,
                          uint32_t value)
{
    char text[MERGE_TEXT_SIZE];
    merge_mark_delicate(building->merge, building->link->from, MERGE_DELICATE_LINKS);
    rib_findings_add(building->merge->findings, kind, "%u of %s", value,
                     merge_node_text(building->merge, building->link->from, text));
}

static enum pce_status link_take_adj_sid(struct merge_building *building,
                                         const struct rib_adj_sid *told)
{
    uint32_t label = link_label(building, told);
    if (!link_is_towards(building, &told->neighbor) ||
        building->spec.adj_sid_count == TED_LINK_SIDS_MAX)
        return PCE_OK;
    if (label == TED_NONE || label < TED_LABEL_MIN || label > TED_LABEL_MAX) {
        link_find_sid(building, RIB_SID_INVALID, told->value);
        return PCE_OK;
    }
    enum pce_status status = merge_claim_label(building->merge, building->link->from, label);
    if (status == PCE_EXISTS)
        link_find_sid(building, RIB_LABEL_TWICE, label);
    if (status == PCE_OK)
        building->adj_sids[building->spec.adj_sid_count++] = (struct ted_adj_sid){
            .label = label, .family = told->family, .is_protected = told->is_protected != 0};
    return status == PCE_EXISTS ? PCE_OK : status;
}

static enum pce_status link_take_sids(struct merge_building *building)
{
    const struct rib_link *said = &building->said;
    enum pce_status status = PCE_OK;
    building->spec.adj_sids = building->adj_sids;
    building->spec.srv6_sids = building->srv6_sids;
    for (uint32_t i = 0; i < said->adj_sid_count && status == PCE_OK; i++)
        status = link_take_adj_sid(building, &said->adj_sids[i]);
    for (uint32_t i = 0; i < said->end_x_count; i++)
        if (building->spec.srv6_sid_count < TED_LINK_SIDS_MAX &&
            link_is_towards(building, &said->end_xs[i].neighbor))
            building->srv6_sids[building->spec.srv6_sid_count++] = said->end_xs[i].sid;
    return status;
}

/* ---- numbers ---- */

static uint32_t link_igp_metric(const struct rib_link *said)
{
    if ((said->present & RIB_LINK_IGP_METRIC) != 0)
        return said->igp_metric;
    return (said->present & RIB_LINK_IGP_METRIC_MT2) != 0 ? said->igp_metric_mt2
                                                          : RIB_IGP_METRIC_DEFAULT;
}

static uint32_t link_delay(const struct rib_link *said)
{
    return (said->present & RIB_LINK_DELAY) != 0 ? said->delay_us : said->delay_min_us;
}

static void link_take_bandwidths(const struct rib_link *said, struct ted_link_spec *spec)
{
    spec->capacity = said->capacity;
    spec->max_reservable =
        (said->present & RIB_LINK_MAX_RESERVABLE) != 0 ? said->max_reservable : said->capacity;
    for (unsigned i = 0; i < TED_PRIORITIES; i++)
        spec->unreserved[i] =
            (said->present & RIB_LINK_UNRESERVED) != 0 ? said->unreserved[i] : spec->max_reservable;
}

/* What the first 32 bits are is said by the group that all know (RFC 7308 2.3.1). */
static void link_take_groups(struct merge_building *building)
{
    const struct rib_link *said = &building->said;
    struct ted_link_spec *spec = &building->spec;
    bool has_group = (said->present & RIB_LINK_ADMIN_GROUP) != 0;
    uint32_t count = said->extended_group_count;
    count = count < TED_GROUP_WORDS_MAX ? count : TED_GROUP_WORDS_MAX;
    spec->admin_group = !has_group && count > 0 ? said->extended_groups[0] : said->admin_group;
    if (count < 2)
        return;
    memcpy(building->groups, said->extended_groups, count * sizeof *building->groups);
    building->groups[0] = spec->admin_group;
    spec->groups = building->groups;
    spec->group_count = count;
}

static void link_take_measures(const struct rib_link *said, struct ted_link_spec *spec)
{
    const uint32_t range = RIB_LINK_DELAY_MIN | RIB_LINK_DELAY_MAX;
    unsigned measured = (said->present & range) == range ? TED_MEASURED_DELAY_RANGE : 0;
    if ((said->present & RIB_LINK_DELAY_VARIATION) != 0)
        measured |= TED_MEASURED_DELAY_VARIATION;
    if ((said->present & RIB_LINK_LOSS) != 0)
        measured |= TED_MEASURED_LOSS;
    spec->measured = (uint8_t)measured;
    spec->msd = said->msd;
    spec->delay_min_us = said->delay_min_us;
    spec->delay_max_us = said->delay_max_us;
    spec->delay_variation_us = said->delay_variation_us;
    spec->loss = said->loss;
}

/* Flexible algorithms see what a router tells for them, and nothing else (RFC 9350 12). */
static void link_take_flex(const struct rib_link *said, struct ted_link_spec *spec)
{
    spec->flex_source = TED_FLEX_NONE;
    if (said->flex_link_count == 0)
        return;
    const struct rib_flex_link *flex = &said->flex_links[0];
    spec->flex_source = TED_FLEX_TOLD;
    spec->flex = (struct ted_flex_link_spec){.te_metric = flex->te_metric,
                                             .delay_min_us = flex->delay_min_us,
                                             .groups = flex->groups,
                                             .group_count = flex->group_count,
                                             .srlgs = flex->srlgs,
                                             .srlg_count = flex->srlg_count};
}

static void link_take_numbers(struct merge_building *building)
{
    const struct rib_link *said = &building->said;
    struct ted_link_spec *spec = &building->spec;
    uint32_t metric = link_igp_metric(said);
    spec->is_igp_unused = metric > TED_IGP_METRIC_MAX;
    spec->igp_metric = spec->is_igp_unused ? TED_IGP_METRIC_MAX : metric;
    spec->te_metric =
        (said->present & RIB_LINK_TE_METRIC) != 0 ? said->te_metric : spec->igp_metric;
    spec->delay_us = link_delay(said);
    link_take_groups(building);
    link_take_measures(said, spec);
    link_take_flex(said, spec);
    link_take_bandwidths(said, spec);
    spec->srlgs = said->srlgs;
    spec->srlg_count =
        said->srlg_count < TED_LINK_SRLGS_MAX ? said->srlg_count : TED_LINK_SRLGS_MAX;
}

/* ---- ends ---- */

static struct ip link_end(const struct merge_building *building, const struct ip *address,
                          uint32_t node)
{
    static const struct ip none = {.family = IP_NONE};
    bool is_own =
        building->merge->owns_all_ends || merge_owns_address(building->merge, address, node);
    return is_own ? *address : none;
}

static void link_take_ends(struct merge_building *building)
{
    const struct merged_link *link = building->link;
    struct ted_link_spec *spec = &building->spec;
    spec->local_v4 = link_end(building, &link->local_v4, link->from);
    spec->remote_v4 = link_end(building, &link->remote_v4, link->to);
    spec->local_v6 = link_end(building, &link->local_v6, link->from);
    spec->remote_v6 = link_end(building, &link->remote_v6, link->to);
    if (link->local_id == 0 || link->remote_id == 0 || link->lan != TED_NONE)
        return;
    spec->local_id = link->local_id;
    spec->remote_id = link->remote_id;
}

/* What the builder does not take: ids first, then what else names the ends, then SIDs. */
static void link_strip(struct ted_link_spec *spec, unsigned round)
{
    spec->local_id = spec->remote_id = 0;
    if (round > 0) {
        spec->local_v4 = spec->remote_v4 = (struct ip){.family = IP_NONE};
        spec->local_v6 = spec->remote_v6 = (struct ip){.family = IP_NONE};
    }
    if (round > 1) {
        spec->adj_sid_count = spec->srv6_sid_count = 0;
        spec->capacity = spec->max_reservable = 0;
        memset(spec->unreserved, 0, sizeof spec->unreserved);
    }
}

static enum pce_status link_offer(struct merge_building *building, struct ted_builder *builder)
{
    char text[MERGE_TEXT_SIZE];
    struct ted_fault fault = {.line = 0};
    enum pce_status status = PCE_OK;
    for (unsigned round = 0; round < 4; round++) {
        uint32_t index;
        status = ted_builder_add_link(builder, &building->spec, &index, &fault);
        if (status == PCE_OK || status == PCE_NO_MEMORY)
            return status;
        merge_mark_delicate(building->merge, building->link->from, MERGE_DELICATE_ALL);
        merge_mark_delicate(building->merge, building->link->to, MERGE_DELICATE_ALL);
        rib_findings_add(building->merge->findings, RIB_REFUSED, "link of %s: %s: %s",
                         merge_node_text(building->merge, building->link->from, text),
                         fault.element, fault.reason);
        link_strip(&building->spec, round);
    }
    return status == PCE_NO_MEMORY ? status : PCE_OK;
}

enum pce_status merge_specify_link(struct merge *merge, uint32_t link,
                                   struct merge_building *building)
{
    const struct merged_link *links = merge->links.items;
    CHECK(link < merge->links.count);
    *building = (struct merge_building){.merge = merge, .link = &links[link]};
    building->spec.from = merge_node(merge, links[link].from)->index;
    building->spec.to = merge_node(merge, links[link].to)->index;
    if (building->spec.from == TED_NONE || building->spec.to == TED_NONE)
        return PCE_NOT_FOUND;
    link_complete(building);
    link_take_ends(building);
    link_take_numbers(building);
    return link_take_sids(building);
}

enum pce_status merge_build_link(struct merge *merge, struct ted_builder *builder, uint32_t link)
{
    struct merge_building building;
    enum pce_status status = merge_specify_link(merge, link, &building);
    if (status == PCE_NOT_FOUND)
        return PCE_OK;
    return status == PCE_OK ? link_offer(&building, builder) : status;
}
