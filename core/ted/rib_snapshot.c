/* What a file says, as a source of the RIB: its nodes are known by their router ids, its links by their ends and what
 * the file calls these, so that a link that comes in front of others is no change of them. */
#include "core/ted/flex.h"
#include "core/ted/node_key.h"
#include "core/ted/rib_impl.h"

#include <string.h>

static enum pce_status from_snapshot_node(struct rib *rib, uint32_t source,
                                          const struct ted_snapshot *s, uint32_t index)
{
    const struct ted_node *node = &s->nodes[index];
    const uint32_t of_position = RIB_NODE_LATITUDE | RIB_NODE_LONGITUDE;
    struct rib_put put = {.source = source, .node = rib_name_of_address(ted_node_key(node))};
    struct rib_node said = {
        .present = RIB_NODE_TEXT | (node->has_position ? of_position : 0U) |
                   (node->router_id_v4.family != IP_NONE ? RIB_NODE_ROUTER_ID_V4 : 0U) |
                   (node->router_id_v6.family != IP_NONE ? RIB_NODE_ROUTER_ID_V6 : 0U) |
                   (node->msd != 0 ? RIB_NODE_MSD : 0U) |
                   (node->is_overloaded ? RIB_NODE_FLAGS : 0U) |
                   (node->srv6_msd != 0 ? RIB_NODE_SRV6_MSD : 0U) |
                   (node->addresses.count > 0 ? RIB_NODE_ADDRESSES : 0U) |
                   (node->srgbs.count > 0 ? RIB_NODE_SRGBS : 0U) |
                   (node->prefix_sids.count > 0 ? RIB_NODE_PREFIX_SIDS : 0U) |
                   (node->srv6_sids.count > 0 ? RIB_NODE_SRV6_SIDS : 0U) |
                   (node->algorithms.count > 0 ? RIB_NODE_ALGORITHMS : 0U) |
                   (node->flexes.count > 0 ? RIB_NODE_FLEXES : 0U),
        .algorithms = s->algorithms + node->algorithms.first,
        .algorithm_count = node->algorithms.count,
        .flexes = s->flexes + node->flexes.first,
        .flex_count = node->flexes.count,
        .router_id_v4 = node->router_id_v4,
        .router_id_v6 = node->router_id_v6,
        .flags = node->is_overloaded ? RIB_NODE_OVERLOADED : 0,
        .msd = node->msd,
        .srv6_msd = node->srv6_msd,
        .latitude = node->latitude,
        .longitude = node->longitude,
        .text = node->name,
        .text_count = (uint32_t)strlen(node->name),
        .addresses = s->addresses + node->addresses.first,
        .address_count = node->addresses.count,
        .srgbs = s->srgbs + node->srgbs.first,
        .srgb_count = node->srgbs.count,
        .prefix_sids = s->prefix_sids + node->prefix_sids.first,
        .prefix_sid_count = node->prefix_sids.count,
        .srv6_sids = s->srv6_sids + node->srv6_sids.first,
        .srv6_sid_count = node->srv6_sids.count,
    };
    put.key = (struct rib_key){put.node.octets, put.node.size};
    return rib_put_node(rib, &put, &said);
}

/* The SIDs of a link, as a source tells them. */
struct from_snapshot_sids {
    struct rib_adj_sid adj_sids[TED_LINK_SIDS_MAX];
    struct rib_end_x end_xs[TED_LINK_SIDS_MAX];
};

static void from_snapshot_fill_sids(const struct ted_snapshot *s, const struct ted_link *link,
                                    struct from_snapshot_sids *sids)
{
    memset(sids, 0, sizeof *sids);
    for (uint32_t i = 0; i < link->adj_sids.count; i++) {
        const struct ted_adj_sid *sid = &s->adj_sids[link->adj_sids.first + i];
        sids->adj_sids[i].value = sid->label;
        sids->adj_sids[i].family = sid->family;
        sids->adj_sids[i].is_protected = sid->is_protected;
    }
    for (uint32_t i = 0; i < link->srv6_sids.count; i++)
        sids->end_xs[i].sid = s->srv6_sids[link->srv6_sids.first + i];
}

static uint32_t from_snapshot_ends(const struct ted_link *link)
{
    uint32_t present = 0;
    if (link->local_v4.family != IP_NONE)
        present |= RIB_LINK_LOCAL_V4;
    if (link->remote_v4.family != IP_NONE)
        present |= RIB_LINK_REMOTE_V4;
    if (link->local_v6.family != IP_NONE)
        present |= RIB_LINK_LOCAL_V6;
    if (link->remote_v6.family != IP_NONE)
        present |= RIB_LINK_REMOTE_V6;
    if (link->local_id != 0)
        present |= RIB_LINK_LOCAL_ID | RIB_LINK_REMOTE_ID;
    return present;
}

static void from_snapshot_measures(const struct ted_snapshot *s, const struct ted_link *link,
                                   struct rib_link *said)
{
    said->extended_groups = s->group_words + link->groups.first;
    said->extended_group_count = link->groups.count;
    said->msd = link->msd;
    said->delay_min_us = link->delay_min_us;
    said->delay_max_us = link->delay_max_us;
    said->delay_variation_us = link->delay_variation_us;
    said->loss = link->loss;
    if (link->groups.count > 0)
        said->present |= RIB_LINK_EXTENDED_GROUPS;
    if (link->msd != 0)
        said->present |= RIB_LINK_MSD;
    if ((link->measured & TED_MEASURED_DELAY_RANGE) != 0)
        said->present |= RIB_LINK_DELAY_MIN | RIB_LINK_DELAY_MAX;
    if ((link->measured & TED_MEASURED_DELAY_VARIATION) != 0)
        said->present |= RIB_LINK_DELAY_VARIATION;
    if ((link->measured & TED_MEASURED_LOSS) != 0)
        said->present |= RIB_LINK_LOSS;
}

static void from_snapshot_flex(const struct ted_snapshot *s, const struct ted_link *link,
                               struct rib_flex_link *flex, struct rib_link *said)
{
    struct ted_flex_seen seen;
    memset(flex, 0, sizeof *flex);
    if (link->flex_source == TED_FLEX_NONE)
        return;
    ted_flex_see(s, link, &seen);
    flex->te_metric = seen.te_metric;
    flex->delay_min_us = seen.delay_min_us;
    flex->group_count = TED_GROUP_WORDS_MAX;
    memcpy(flex->groups, seen.groups, sizeof flex->groups);
    flex->srlg_count = seen.srlg_count < RIB_FLEX_SRLGS_MAX ? seen.srlg_count : RIB_FLEX_SRLGS_MAX;
    if (flex->srlg_count > 0)
        memcpy(flex->srlgs, seen.srlgs, flex->srlg_count * sizeof *flex->srlgs);
    said->flex_links = flex;
    said->flex_link_count = 1;
    said->present |= RIB_LINK_FLEX_LINKS;
}

/* How often the links of a file may be the same by all that names them before their places tell them apart. */
#define FROM_SNAPSHOT_ALIKE_MAX 16

/* No padding: it is compared as octets. */
struct from_snapshot_key {
    struct rib_name from, to;
    struct ip local_v4, local_v6;
    uint8_t unused[2];
    uint32_t local_id;
    uint32_t alike; /* how many are before it that are named in the same way, or its place */
};

_Static_assert(sizeof(struct from_snapshot_key) ==
                   2 * sizeof(struct rib_name) + 2 * sizeof(struct ip) + 10,
               "a key of a link has no padding");

/* Fresh links of this source have their keys already. */
static void from_snapshot_tell_apart(struct rib *rib, uint32_t source, uint32_t index,
                                     struct from_snapshot_key *key)
{
    const struct rib_key octets = {(const uint8_t *)key, sizeof *key};
    while (key->alike < FROM_SNAPSHOT_ALIKE_MAX &&
           rib_has_fresh(rib, source, RIB_KIND_LINK, &octets))
        key->alike++;
    if (key->alike == FROM_SNAPSHOT_ALIKE_MAX)
        key->alike += index;
}

static enum pce_status from_snapshot_link(struct rib *rib, uint32_t source,
                                          const struct ted_snapshot *s, uint32_t index)
{
    const struct ted_link *link = &s->links[index];
    struct from_snapshot_sids sids;
    struct rib_name remote = rib_name_of_address(ted_node_key(&s->nodes[link->to]));
    struct from_snapshot_key key = {
        .from = rib_name_of_address(ted_node_key(&s->nodes[link->from])),
        .to = remote,
        .local_v4 = link->local_v4,
        .local_v6 = link->local_v6,
        .local_id = link->local_id,
    };
    const struct rib_put put = {
        .source = source, .key = {(const uint8_t *)&key, sizeof key}, .node = key.from};
    struct rib_link said = {
        .present = RIB_LINK_IGP_METRIC | RIB_LINK_TE_METRIC | RIB_LINK_DELAY |
                   RIB_LINK_ADMIN_GROUP | RIB_LINK_CAPACITY | RIB_LINK_MAX_RESERVABLE |
                   RIB_LINK_UNRESERVED | from_snapshot_ends(link) |
                   (link->srlgs.count > 0 ? RIB_LINK_SRLGS : 0U) |
                   (link->adj_sids.count > 0 ? RIB_LINK_ADJ_SIDS : 0U) |
                   (link->srv6_sids.count > 0 ? RIB_LINK_END_XS : 0U),
        .local_id = link->local_id,
        .remote_id = link->remote_id,
        .local_v4 = link->local_v4,
        .remote_v4 = link->remote_v4,
        .local_v6 = link->local_v6,
        .remote_v6 = link->remote_v6,
        .igp_metric = link->is_igp_unused ? UINT32_MAX : link->igp_metric,
        .te_metric = link->te_metric,
        .delay_us = link->delay_us,
        .admin_group = link->admin_group,
        .capacity = link->capacity,
        .max_reservable = link->max_reservable,
        .srlgs = s->srlgs + link->srlgs.first,
        .srlg_count = link->srlgs.count,
        .adj_sids = sids.adj_sids,
        .adj_sid_count = link->adj_sids.count,
        .end_xs = sids.end_xs,
        .end_x_count = link->srv6_sids.count,
    };
    from_snapshot_tell_apart(rib, source, index, &key);
    memcpy(said.unreserved, link->unreserved, sizeof said.unreserved);
    struct rib_flex_link flex;
    from_snapshot_measures(s, link, &said);
    from_snapshot_flex(s, link, &flex, &said);
    from_snapshot_fill_sids(s, link, &sids);
    return rib_put_link(rib, &put, &remote, &said);
}

enum pce_status rib_put_snapshot(struct rib *rib, uint32_t source,
                                 const struct ted_snapshot *snapshot)
{
    enum pce_status status = PCE_OK;
    for (uint32_t i = 0; i < snapshot->node_count && status == PCE_OK; i++)
        status = from_snapshot_node(rib, source, snapshot, i);
    for (uint32_t i = 0; i < snapshot->link_count && status == PCE_OK; i++)
        if (!snapshot->links[i].is_gone)
            status = from_snapshot_link(rib, source, snapshot, i);
    return status;
}
