/* The merged network into a builder. What the builder does not take as a whole it is offered in
 * part, and what it does not take at all is left out and named. */
#include "core/ted/rib_build.h"
#include "core/base/check.h"
#include "core/base/utf8.h"
#include "core/ted/builder_impl.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void build_find(struct merge *merge, uint32_t node, const struct ted_fault *fault)
{
    char text[MERGE_TEXT_SIZE];
    merge_mark_delicate(merge, node, MERGE_DELICATE_NODE);
    rib_findings_add(merge->findings, RIB_REFUSED, "%s: %s: %s", merge_node_text(merge, node, text),
                     fault->element, fault->reason);
}

/* ---- nodes ---- */

/* A name that another node has, too, is made another one by what its routing domain calls it. */
static void build_name(struct merge *merge, const struct ted_builder *builder, uint32_t node,
                       char text[2 * MERGE_TEXT_SIZE])
{
    char own[RIB_NAME_TEXT_SIZE];
    if (ted_builder_find_node(builder, text) == TED_NONE)
        return;
    rib_findings_add(merge->findings, RIB_NAME_TWICE, "%s", text);
    size_t size = strlen(text), size_max = TED_NAME_SIZE_MAX - RIB_NAME_TEXT_SIZE - 3;
    size = size < size_max ? size : utf8_whole_size(text, size_max);
    (void)snprintf(text + size, RIB_NAME_TEXT_SIZE + 3, " (%s)",
                   rib_name_format(&merge_node(merge, node)->name, own));
}

/* Ranges that are labels, and overlap none before. */
static uint32_t build_srgbs(struct merge *merge, uint32_t node, struct ted_srgb *ranges)
{
    const struct rib_node *said = &merge_node(merge, node)->said;
    uint32_t count = 0;
    for (uint32_t i = 0; i < said->srgb_count && count < TED_NODE_SRGBS_MAX; i++) {
        struct ted_srgb range = said->srgbs[i];
        bool is_valid = range.size > 0 && range.base >= TED_LABEL_MIN &&
                        range.base <= TED_LABEL_MAX && range.size <= TED_LABEL_MAX - range.base + 1;
        for (uint32_t j = 0; j < count && is_valid; j++)
            is_valid = range.base >= ranges[j].base + ranges[j].size ||
                       ranges[j].base >= range.base + range.size;
        if (is_valid) {
            ranges[count++] = range;
            continue;
        }
        char text[MERGE_TEXT_SIZE];
        merge_mark_delicate(merge, node, MERGE_DELICATE_NODE);
        rib_findings_add(merge->findings, RIB_SRGB_INVALID, "%u and %u more of %s", range.base,
                         range.size, merge_node_text(merge, node, text));
        break; /* indexes past it would be other labels than the node's */
    }
    return count;
}

/* Ascending, each once. */
static uint32_t build_algorithms(const struct rib_node *said,
                                 uint8_t algorithms[TED_NODE_ALGORITHMS_MAX])
{
    bool has[TED_NODE_ALGORITHMS_MAX] = {false};
    uint32_t count = 0;
    for (uint32_t i = 0; i < said->algorithm_count; i++)
        has[said->algorithms[i]] = true;
    for (uint32_t i = 0; i < TED_NODE_ALGORITHMS_MAX; i++)
        if (has[i])
            algorithms[count++] = (uint8_t)i;
    return count;
}

static enum pce_status build_offer_node(struct merge *merge, struct ted_builder *builder,
                                        uint32_t node, struct ted_node_spec *spec)
{
    struct merged_node *merged = merge_node(merge, node);
    struct ted_fault fault = {.line = 0};
    enum pce_status status = PCE_OK;
    for (unsigned without = 0; without < 3; without++) {
        status = ted_builder_add_node(builder, spec, &merged->index, &fault);
        if (status == PCE_OK || status == PCE_NO_MEMORY)
            return status;
        build_find(merge, node, &fault);
        spec->srv6_sid_count = spec->flex_count = 0;
        if (without > 0)
            spec->prefix_sid_count = spec->address_count = spec->srgb_count = 0;
    }
    merged->index = TED_NONE;
    return builder != NULL && status == PCE_LIMIT ? PCE_LIMIT : PCE_OK;
}

/* The items of a range; NULL where there are none. */
static const void *build_items(const struct ted_array *array, struct ted_range range)
{
    return range.count == 0 ? NULL
                            : (const char *)array->items + (size_t)range.first * array->item_size;
}

enum pce_status merge_specify_node(struct merge *merge, uint32_t node,
                                   struct merge_node_building *building)
{
    const struct merged_node *merged = merge_node(merge, node);
    const struct rib_node *said = &merged->said;
    const uint32_t position = RIB_NODE_LATITUDE | RIB_NODE_LONGITUDE;
    if (said->router_id_v4.family == IP_NONE && said->router_id_v6.family == IP_NONE)
        return PCE_NOT_FOUND;
    building->spec = (struct ted_node_spec){
        .name = merge_node_text(merge, node, building->name),
        .router_id_v4 = said->router_id_v4,
        .router_id_v6 = said->router_id_v6,
        .addresses = build_items(&merge->addresses, merged->addresses),
        .address_count = merged->addresses.count,
        .srgbs = building->srgbs,
        .srgb_count = build_srgbs(merge, node, building->srgbs),
        .prefix_sids = build_items(&merge->prefix_sids, merged->prefix_sids),
        .prefix_sid_count = merged->prefix_sids.count,
        .srv6_sids = build_items(&merge->srv6_sids, merged->srv6_sids),
        .srv6_sid_count = merged->srv6_sids.count,
        .msd = said->msd,
        .is_overloaded = merged->is_overloaded,
        .srv6_msd = said->srv6_msd,
        .algorithms = building->algorithms,
        .algorithm_count = build_algorithms(said, building->algorithms),
        .flexes = said->flexes,
        .flex_count =
            said->flex_count < TED_NODE_FLEXES_MAX ? said->flex_count : TED_NODE_FLEXES_MAX,
        .has_position = (said->present & position) == position,
        .latitude = said->latitude,
        .longitude = said->longitude,
    };
    building->spec.igp_id_size = (uint8_t)rib_name_take_igp_id(&merged->name, building->spec.igp_id,
                                                               sizeof building->spec.igp_id);
    return PCE_OK;
}

static enum pce_status build_node(struct merge *merge, struct ted_builder *builder, uint32_t node)
{
    struct merge_node_building building;
    if (merge_node(merge, node)->is_lan)
        return PCE_OK;
    if (merge_specify_node(merge, node, &building) != PCE_OK) {
        rib_findings_add(merge->findings, RIB_NODE_WITHOUT_ADDRESS, "%s",
                         merge_node_text(merge, node, building.name));
        return PCE_OK;
    }
    build_name(merge, builder, node, building.name);
    return build_offer_node(merge, builder, node, &building.spec);
}

/* A router that tells no address of its own is known by the first one of its links. */
static void build_name_by_links(struct merge *merge)
{
    const struct merged_link *links = merge->links.items;
    for (uint32_t i = 0; i < merge->links.count; i++) {
        struct rib_node *said = &merge_node(merge, links[i].from)->said;
        if (said->router_id_v4.family != IP_NONE || said->router_id_v6.family != IP_NONE)
            continue;
        merge_mark_delicate(merge, links[i].from, MERGE_DELICATE_ALL);
        said->router_id_v4 = links[i].local_v4;
        if (said->router_id_v4.family == IP_NONE && ted_is_node_address(&links[i].local_v6))
            said->router_id_v6 = links[i].local_v6;
    }
}

/* ---- all ---- */

static enum pce_status build_all(struct merge *merge, struct ted_builder *builder)
{
    enum pce_status status = PCE_OK;
    build_name_by_links(merge);
    for (uint32_t i = 0; i < merge->nodes.count && status == PCE_OK; i++)
        status = build_node(merge, builder, i);
    for (uint32_t i = 0; i < merge->links.count && status == PCE_OK; i++)
        status = merge_build_link(merge, builder, i);
    return status;
}

enum pce_status merge_build(struct merge *merge, const char *network_name,
                            struct ted_snapshot **snapshot)
{
    struct ted_builder *builder = ted_builder_create(network_name);
    struct ted_fault fault = {.line = 0};
    if (builder == NULL)
        return PCE_NO_MEMORY;
    enum pce_status status = build_all(merge, builder);
    if (status == PCE_OK)
        status = ted_builder_snapshot(builder, snapshot, &fault);
    if (status == PCE_OK)
        merge_find_flexes(merge, *snapshot);
    ted_builder_destroy(builder);
    return status;
}
