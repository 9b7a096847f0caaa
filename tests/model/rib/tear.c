/* Networks torn into what their routers tell. */
#include "tests/model/rib/world.h"

#include <string.h>

static struct object *new_object(struct world *w, enum rib_kind kind, uint32_t group)
{
    WANT(w->object_count < OBJECTS_MAX);
    struct object *object = &w->objects[w->object_count++];
    memset(object, 0, sizeof *object);
    object->kind = kind;
    object->teller_group = group;
    return object;
}

static void tear_node(struct world *w, uint32_t i, int domain)
{
    const struct fact_node *fact = &w->nodes[i];
    uint32_t group = i * DOMAINS + (uint32_t)domain;
    struct object *node = new_object(w, RIB_KIND_NODE, group);
    node->node = world_name_of(w, i, domain);
    node->srgb = fact->srgb;
    node->said_node =
        (struct rib_node){.present = RIB_NODE_SRGBS | RIB_NODE_FLAGS,
                          .router_id_v4 = fact->router_id,
                          .flags = fact->is_overloaded[domain] ? RIB_NODE_OVERLOADED : 0,
                          .msd = fact->msd,
                          .srgb_count = 1,
                          .text_count = (uint32_t)strlen(fact->text)};
    memcpy(node->text, fact->text, sizeof node->text);
    /* A router of OSPF alone may leave it to its router id. */
    if (fact->is_in[ISIS] || w->has_complement || chance(w, 50))
        node->said_node.present |= RIB_NODE_ROUTER_ID_V4;
    if (fact->has_text)
        node->said_node.present |= RIB_NODE_TEXT;
    if (fact->msd != 0)
        node->said_node.present |= RIB_NODE_MSD;
    struct object *prefix = new_object(w, RIB_KIND_PREFIX, group);
    prefix->node = node->node;
    prefix->prefix = fact->router_id;
    prefix->said_prefix = (struct rib_prefix){.present = RIB_PREFIX_SIDS, .sid_count = 1};
    prefix->sid = (struct rib_prefix_sid){.value = fact->sid_index, .is_node = 1};
    if (chance(w, 30)) {
        prefix->sid.is_label = 1;
        prefix->sid.value = fact->srgb.base + fact->sid_index;
    }
    if (fact->srv6.family != IP_NONE && domain == (fact->is_in[ISIS] ? ISIS : OSPF)) {
        struct object *sid = new_object(w, RIB_KIND_SRV6_SID, group);
        sid->node = node->node;
        sid->said_sid = (struct ted_srv6_sid){.sid = fact->srv6, .behavior = 1};
    }
    if (fact->extra.family == IP_NONE)
        return;
    struct object *extra = new_object(w, RIB_KIND_PREFIX, group);
    extra->node = node->node;
    extra->prefix = fact->extra;
}

static void say_numbers(struct object *object, const struct fact_link *fact)
{
    struct rib_link *said = &object->said_link;
    said->present |= RIB_LINK_IGP_METRIC | RIB_LINK_TE_METRIC | RIB_LINK_DELAY |
                     RIB_LINK_ADMIN_GROUP | RIB_LINK_CAPACITY;
    said->igp_metric = fact->igp_metric;
    said->te_metric = fact->te_metric;
    said->delay_us = fact->delay_us;
    said->admin_group = fact->admin_group;
    said->capacity = fact->capacity;
    object->srlg = fact->srlg;
    said->srlg_count = 1;
    if (fact->srlg != 0)
        said->present |= RIB_LINK_SRLGS;
}

static void say_v4(struct object *object, const struct fact_link *fact)
{
    object->said_link.local_v4 = fact->local_v4;
    object->said_link.remote_v4 = fact->remote_v4;
    if (fact->local_v4.family != IP_NONE)
        object->said_link.present |= RIB_LINK_LOCAL_V4 | RIB_LINK_REMOTE_V4;
}

static void say_v6(struct object *object, const struct fact_link *fact)
{
    object->said_link.local_v6 = fact->local_v6;
    object->said_link.remote_v6 = fact->remote_v6;
    if (fact->local_v6.family != IP_NONE)
        object->said_link.present |= RIB_LINK_LOCAL_V6 | RIB_LINK_REMOTE_V6;
}

static void say_label(struct object *object, uint32_t label, const struct rib_name *neighbor)
{
    struct rib_link *said = &object->said_link;
    if (label == 0)
        return;
    said->present |= RIB_LINK_ADJ_SIDS;
    object->adj_sids[said->adj_sid_count].value = label;
    if (neighbor != NULL)
        object->adj_sids[said->adj_sid_count].neighbor = *neighbor;
    said->adj_sid_count++;
}

static struct object *new_link(struct world *w, const struct fact_link *fact)
{
    uint32_t group = fact->from * DOMAINS + (uint32_t)fact->domain;
    struct object *object = new_object(w, RIB_KIND_LINK, group);
    object->node = world_name_of(w, fact->from, fact->domain);
    object->remote = world_name_of(w, fact->to, fact->domain);
    return object;
}

/* The far end's address is the other direction's to tell, where there is one link of both. */
static bool may_leave_remote(const struct world *w, const struct fact_link *fact)
{
    uint32_t same = 0, back = 0, mirrored = 0;
    for (uint32_t i = 0; i < w->link_count; i++) {
        const struct fact_link *other = &w->links[i];
        bool is_back = other->from == fact->to && other->to == fact->from;
        same += other->from == fact->from && other->to == fact->to;
        back += is_back;
        mirrored += is_back && ip_is_equal(&other->local_v4, &fact->remote_v4) &&
                    ip_is_equal(&other->local_v6, &fact->remote_v6) &&
                    other->local_id == fact->remote_id;
    }
    return same == 1 && back == 1 && mirrored == 1;
}

static void tear_link(struct world *w, const struct fact_link *fact)
{
    if (fact->lan >= 0)
        return;
    struct object *object = new_link(w, fact);
    say_numbers(object, fact);
    say_v4(object, fact);
    say_label(object, fact->label, NULL);
    if (fact->local_id != 0) {
        object->said_link.present |= RIB_LINK_LOCAL_ID | RIB_LINK_REMOTE_ID;
        object->said_link.local_id = fact->local_id;
        object->said_link.remote_id = fact->remote_id;
    }
    if (fact->is_split) {
        struct object *other = new_link(w, fact);
        say_v6(other, fact);
        other->said_link.present |= RIB_LINK_IGP_METRIC_MT2;
        other->said_link.igp_metric_mt2 = fact->igp_metric + 7;
        return;
    }
    say_v6(object, fact);
    if (may_leave_remote(w, fact) && chance(w, 30))
        object->said_link.present &=
            ~(uint32_t)(RIB_LINK_REMOTE_V4 | RIB_LINK_REMOTE_V6 | RIB_LINK_REMOTE_ID);
}

static void tear_lan(struct world *w)
{
    struct rib_name lan = world_lan_name();
    uint32_t group = NODES_MAX * DOMAINS;
    new_object(w, RIB_KIND_NODE, group)->node = lan;
    for (uint32_t i = 0; i < 3; i++) {
        struct object *from_lan = new_object(w, RIB_KIND_LINK, group);
        struct object *to_lan =
            new_object(w, RIB_KIND_LINK, w->lan_nodes[i] * DOMAINS + (uint32_t)ISIS);
        from_lan->node = lan;
        from_lan->remote = to_lan->node = world_name_of(w, w->lan_nodes[i], ISIS);
        to_lan->remote = lan;
        from_lan->said_link.present = RIB_LINK_IGP_METRIC;
        for (uint32_t j = 0, is_first = 1; j < w->link_count; j++) {
            const struct fact_link *fact = &w->links[j];
            if (fact->lan != (int)i)
                continue;
            struct rib_name neighbor = world_name_of(w, fact->to, ISIS);
            if (is_first)
                say_numbers(to_lan, fact);
            is_first = 0;
            to_lan->said_link.local_v4 = fact->local_v4;
            to_lan->said_link.present |= RIB_LINK_LOCAL_V4;
            say_label(to_lan, fact->label, &neighbor);
        }
    }
}

void world_tear(struct world *w)
{
    for (uint32_t i = 0; i < w->node_count; i++)
        for (int domain = 0; domain < DOMAINS; domain++)
            if (w->nodes[i].is_in[domain])
                tear_node(w, i, domain);
    for (uint32_t i = 0; i < w->link_count; i++)
        tear_link(w, &w->links[i]);
    if (w->has_lan)
        tear_lan(w);
}

void world_add_link(struct world *w)
{
    uint32_t first = w->link_count;
    world_make_link(w);
    for (uint32_t i = first; i < w->link_count; i++)
        tear_link(w, &w->links[i]);
}
