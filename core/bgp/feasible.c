#include "core/bgp/feasible.h"

#include <string.h>

/* Segments of every kind: sets and those of confederations, too (RFC 4271 9.1.2, RFC 5065 5.3). */
static bool path_has_as(const struct bgp_as_path *path, uint32_t as)
{
    const struct bgp_as_segment *segments = path->segments.bodies;
    for (uint32_t i = 0; i < path->segments.count; i++) {
        for (uint32_t k = 0; k < segments[i].count; k++) {
            if (segments[i].ases[k] == as)
                return true;
        }
    }
    return false;
}

/* Where AS numbers have two octets, the whole ones are in AS4_PATH, which counts for nothing
 * elsewhere (RFC 6793 4.2.3). */
static bool has_own_as(const struct bgp_update *update, uint32_t as)
{
    const struct bgp_attribute *plain = bgp_find_attribute(update, BGP_ATTRIBUTE_AS_PATH);
    const struct bgp_attribute *wide = bgp_find_attribute(update, BGP_ATTRIBUTE_AS4_PATH);
    const struct bgp_as_path *path = plain == NULL ? NULL : plain->body;
    if (path == NULL)
        return false;
    if (path_has_as(path, as))
        return true;
    return path->as_octets == 2 && wide != NULL && wide->body != NULL &&
           path_has_as(wide->body, as);
}

static bool has_own_cluster(const struct bgp_update *update, const struct ip *identifier)
{
    const struct bgp_attribute *attribute = bgp_find_attribute(update, BGP_ATTRIBUTE_CLUSTER_LIST);
    const struct bgp_clusters *list = attribute == NULL ? NULL : attribute->body;
    for (uint32_t i = 0; list != NULL && i < list->count; i++) {
        if (ip_is_equal(&list->clusters[i], identifier))
            return true;
    }
    return false;
}

static bool has_own_originator(const struct bgp_update *update, const struct ip *identifier)
{
    const struct bgp_attribute *attribute = bgp_find_attribute(update, BGP_ATTRIBUTE_ORIGINATOR_ID);
    const struct bgp_router_id *originator = attribute == NULL ? NULL : attribute->body;
    return originator != NULL && ip_is_equal(&originator->router_id, identifier);
}

/* RFC 4271 6.3: a next hop must not be the receiver. No other rule of it is for a consumer, which
 * sends nothing there (RFC 9552 5.5). */
static bool has_own_next_hop(const struct bgp_update *update, const struct ip *local)
{
    const struct bgp_attribute *attribute = bgp_find_attribute(update, BGP_ATTRIBUTE_MP_REACH_NLRI);
    const struct bgp_mp_reach *reach = attribute == NULL ? NULL : attribute->body;
    size_t size = ip_size(local);
    return reach != NULL && size > 0 && !attribute->is_other_family &&
           reach->next_hop.size >= size && (reach->next_hop.size == 4) == (size == 4) &&
           memcmp(reach->next_hop.octets, local->octets, size) == 0;
}

enum bgp_unfeasible bgp_update_unfeasible(const struct bgp_update *update,
                                          const struct bgp_open_config *us)
{
    if (bgp_find_attribute(update, BGP_ATTRIBUTE_MP_REACH_NLRI) == NULL)
        return BGP_FEASIBLE;
    if (has_own_as(update, us->local_as))
        return BGP_OWN_AS;
    if (has_own_originator(update, &us->identifier))
        return BGP_OWN_ORIGINATOR;
    if (has_own_cluster(update, &us->identifier))
        return BGP_OWN_CLUSTER;
    return has_own_next_hop(update, &us->local) ? BGP_OWN_NEXT_HOP : BGP_FEASIBLE;
}

const char *bgp_unfeasible_text(enum bgp_unfeasible why)
{
    static const char *const texts[BGP_UNFEASIBLE_COUNT] = {
        [BGP_FEASIBLE] = "",
        [BGP_OWN_AS] = "the AS path has our own AS",
        [BGP_OWN_ORIGINATOR] = "the ORIGINATOR_ID is our own identifier",
        [BGP_OWN_CLUSTER] = "the CLUSTER_LIST has our own identifier",
        [BGP_OWN_NEXT_HOP] = "the next hop is our own address",
    };
    return why < BGP_UNFEASIBLE_COUNT ? texts[why] : "?";
}

const char *bgp_unfeasible_word(enum bgp_unfeasible why)
{
    static const char *const words[BGP_UNFEASIBLE_COUNT] = {
        [BGP_FEASIBLE] = "",
        [BGP_OWN_AS] = "own_as",
        [BGP_OWN_ORIGINATOR] = "own_originator",
        [BGP_OWN_CLUSTER] = "own_cluster",
        [BGP_OWN_NEXT_HOP] = "own_next_hop",
    };
    return why < BGP_UNFEASIBLE_COUNT ? words[why] : "?";
}
