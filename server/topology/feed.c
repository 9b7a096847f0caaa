#include "server/topology/feed.h"

#include "core/base/check.h"

enum pce_status feed_init(struct feed *feed, struct rib *rib, const struct rib_source_spec *spec)
{
    *feed = (struct feed){.rib = rib, .spec = *spec};
    return rib_add_source(rib, spec, &feed->source);
}

void feed_fini(struct feed *feed)
{
    rib_remove_source(feed->rib, feed->source);
}

/* ---- NLRIs ---- */

static enum pce_status feed_put_object(struct feed *feed, const struct bgp_ls_object *object)
{
    const struct rib_put put = {
        .source = feed->source, .part = object->part, .key = object->key, .node = object->node};
    switch (object->kind) {
    case RIB_KIND_NODE:
        return rib_put_node(feed->rib, &put, &object->as_node);
    case RIB_KIND_LINK:
        return rib_put_link(feed->rib, &put, &object->as_link.remote, &object->as_link.link);
    case RIB_KIND_PREFIX:
        return rib_put_prefix(feed->rib, &put, &object->as_prefix.address, object->as_prefix.bits,
                              &object->as_prefix.prefix);
    case RIB_KIND_SRV6_SID:
        return rib_put_srv6_sid(feed->rib, &put, &object->as_srv6_sid);
    default:
        return PCE_UNSUPPORTED;
    }
}

/* An attribute that was lost on the way leaves what was known of the object as it is. */
static enum pce_status feed_put(struct feed *feed, const struct bgp_ls_object *object)
{
    if (object->has_attribute)
        return feed_put_object(feed, object);
    feed->counters.without_attribute++;
    enum pce_status status = rib_keep(feed->rib, feed->source, object->kind, &object->key);
    return status == PCE_NOT_FOUND ? feed_put_object(feed, object) : status;
}

static void feed_announce(struct feed *feed, const struct bgp_nlri *nlri,
                          const struct bgp_attribute *attribute, struct arena *arena)
{
    struct bgp_ls_object object;
    enum pce_status status = bgp_ls_read(nlri, attribute, arena, &object);
    feed->counters.announced++;
    if (status == PCE_OK)
        status = feed_put(feed, &object);
    if (status == PCE_UNSUPPORTED || status == PCE_INVALID)
        feed->counters.ignored++;
    else if (status != PCE_OK)
        feed->counters.refused++;
    arena_reset(arena);
}

static void feed_withdraw(struct feed *feed, const struct bgp_nlri *nlri, struct arena *arena)
{
    struct bgp_ls_object object;
    feed->counters.withdrawn++;
    /* PCE_NOT_FOUND: it was refused when it came, or withdrawn already. */
    if (bgp_ls_identify(nlri, arena, &object) == PCE_OK)
        (void)!rib_remove(feed->rib, feed->source, object.kind, &object.key);
    arena_reset(arena);
}

void feed_update(struct feed *feed, const struct bgp_update *update, struct arena *arena)
{
    const struct bgp_attribute *unreach = bgp_find_attribute(update, BGP_ATTRIBUTE_MP_UNREACH_NLRI);
    const struct bgp_attribute *reach = bgp_find_attribute(update, BGP_ATTRIBUTE_MP_REACH_NLRI);
    const struct bgp_attribute *said = bgp_find_attribute(update, BGP_ATTRIBUTE_BGP_LS);
    for (uint32_t i = 0; unreach != NULL && i < unreach->nlri_count; i++)
        feed_withdraw(feed, &unreach->nlris[i], arena);
    for (uint32_t i = 0; reach != NULL && i < reach->nlri_count; i++) {
        if (update->is_withdraw || update->unfeasible != BGP_FEASIBLE)
            feed_withdraw(feed, &reach->nlris[i], arena);
        else
            feed_announce(feed, &reach->nlris[i], said, arena);
    }
}

/* ---- the whole table ---- */

void feed_change_table(struct feed *feed, enum bgp_table_change change)
{
    switch (change) {
    case BGP_TABLE_STALE:
        rib_source_went(feed->rib, feed->source);
        break;
    case BGP_TABLE_COMPLETE:
        rib_source_is_complete(feed->rib, feed->source);
        break;
    default:
        rib_clear_source(feed->rib, feed->source);
        break;
    }
}
