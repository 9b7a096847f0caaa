#include "tests/unit/path/net.h"

#include "core/ted/builder.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

void net_init(struct net *net, uint32_t node_count)
{
    memset(net, 0, sizeof *net);
    net->node_count = node_count;
    for (uint32_t i = 0; i < node_count; i++) {
        struct net_node *node = &net->nodes[i];
        node->srgbs[0] = (struct ted_srgb){NET_FIRST_BASE + i * 1000, 1000};
        if (node_count > 64)
            node->srgbs[0] = (struct ted_srgb){NET_FIRST_BASE, 2000};
        node->srgb_count = 1;
        node->sid_index = i;
    }
}

uint32_t net_add(struct net *net, struct net_link link)
{
    cr_assert_lt(net->link_count, NET_LINKS_MAX);
    for (uint32_t i = 0; i < net->link_count; i++) {
        struct net_link *other = &net->links[i];
        bool leads_back = other->from == link.to && other->to == link.from;
        other->is_two_way |= leads_back;
        link.is_two_way |= leads_back;
    }
    net->links[net->link_count] = link;
    return net->link_count++;
}

uint32_t net_join(struct net *net, uint32_t a, uint32_t b, uint32_t metric)
{
    uint32_t first = net->link_count;
    struct net_link link = {.from = a,
                            .to = b,
                            .igp = metric,
                            .te = metric,
                            .delay = metric,
                            .capacity = 1000,
                            .unreserved = 1000,
                            .adj_label = 500000 + first,
                            .has_v4 = true};
    net_add(net, link);
    link.from = b;
    link.to = a;
    link.adj_label++;
    net_add(net, link);
    return first;
}

uint32_t net_pair(struct net *net, uint32_t a, uint32_t b, uint32_t metric)
{
    uint32_t first = net_join(net, a, b, metric);
    net->links[first + 1].reverse_of = first + 1;
    return first;
}

void net_overload(struct net *net, uint32_t node)
{
    net->nodes[node].is_overloaded = true;
    for (uint32_t i = 0; i < net->link_count; i++)
        net->links[i].is_first_only |= net->links[i].from == node;
}

static struct ip v6_of(uint32_t network, uint32_t number)
{
    char text[IP_TEXT_SIZE];
    struct ip ip;
    snprintf(text, sizeof text, "2001:db8:%x::%x:%x", network, number >> 16, number & 0xffff);
    cr_assert(ip_parse(text, &ip));
    return ip;
}

static struct ip srv6_of(uint32_t node, uint32_t function)
{
    char text[IP_TEXT_SIZE];
    struct ip ip;
    snprintf(text, sizeof text, "fcbb:bb:%x:%x::", node, function);
    cr_assert(ip_parse(text, &ip));
    return ip;
}

struct ip net_end_sid(const struct net *net, uint32_t node, uint32_t place)
{
    return net->nodes[node].ends[place].is_anycast ? srv6_of(0xffff, place)
                                                   : srv6_of(node + 1, place + 1);
}

struct ip net_end_x_sid(const struct net *net, uint32_t link, bool is_protected)
{
    const struct net_link *l = &net->links[link];
    if (l->is_of_set && !is_protected)
        return srv6_of(l->from + 1, 0xffff);
    return srv6_of(l->from + 1, 0x1000 + 2 * link + is_protected);
}

void net_add_srv6(struct net *net)
{
    for (uint32_t i = 0; i < net->node_count; i++) {
        net->nodes[i].ends[0] = (struct net_end){.behavior = 1};
        net->nodes[i].end_count = 1;
    }
    for (uint32_t i = 0; i < net->link_count; i++)
        net->links[i].end_x = 5;
}

static struct ted_srv6_sid srv6_sid(struct ip sid, uint16_t behavior)
{
    return (struct ted_srv6_sid){
        .sid = sid, .behavior = behavior, .block_bits = 32, .node_bits = 16, .function_bits = 16};
}

static uint32_t fill_ends(const struct net *net, uint32_t node, struct ted_srv6_sid *sids)
{
    for (uint32_t i = 0; i < net->nodes[node].end_count; i++) {
        sids[i] = srv6_sid(net_end_sid(net, node, i), net->nodes[node].ends[i].behavior);
        sids[i].algorithm = net->nodes[node].ends[i].algorithm;
    }
    return net->nodes[node].end_count;
}

static uint32_t fill_end_xs(const struct net *net, uint32_t link, struct ted_srv6_sid *sids)
{
    const struct net_link *l = &net->links[link];
    uint32_t count = 0;
    if (l->protected_end_x != 0) {
        sids[count] = srv6_sid(net_end_x_sid(net, link, true), l->protected_end_x);
        sids[count++].is_protected = true;
    }
    if (l->end_x != 0)
        sids[count++] = srv6_sid(net_end_x_sid(net, link, false), l->end_x);
    return count;
}

static void add_nodes(struct ted_builder *builder, const struct net *net)
{
    for (uint32_t i = 0; i < net->node_count; i++) {
        const struct net_node *node = &net->nodes[i];
        char name[16];
        snprintf(name, sizeof name, "n%u", i);
        struct ted_prefix_sid sid = {.algorithm = 0, .family = IP_V4, .index = node->sid_index};
        struct ted_srv6_sid ends[NET_ENDS_MAX];
        struct ted_node_spec spec = {
            .name = name,
            .router_id_v4 = ip_from_u32(0x0a000001 + i),
            .srgbs = node->srgbs,
            .srgb_count = node->srgb_count,
            .prefix_sids = &sid,
            .prefix_sid_count = node->sid_index == NET_NO_SID ? 0 : 1,
            .is_overloaded = node->is_overloaded,
            .srv6_sids = ends,
            .srv6_sid_count = fill_ends(net, i, ends),
        };
        if (node->lacks_v4 || node->has_v6)
            spec.router_id_v6 = v6_of(1, i + 1);
        if (node->lacks_v4)
            spec.router_id_v4 = (struct ip){.family = IP_NONE};
        struct ted_fault fault = {0};
        uint32_t index = 0;
        enum pce_status status = ted_builder_add_node(builder, &spec, &index, &fault);
        cr_assert_eq(status, PCE_OK, "%s: %s", fault.element, fault.reason);
        cr_assert_eq(index, i);
    }
}

/* Two directions of one link name its ends the other way round. */
static void name_link(struct ted_link_spec *spec, const struct net_link *link, uint32_t number)
{
    bool is_reverse = link->reverse_of != 0;
    uint32_t first = 2 * (is_reverse ? link->reverse_of - 1 : number);
    uint32_t local = first + is_reverse, remote = first + !is_reverse;
    if (link->has_v4) {
        spec->local_v4 = ip_from_u32(0x0b000000 + local);
        spec->remote_v4 = ip_from_u32(0x0b000000 + remote);
    }
    if (link->has_v6) {
        spec->local_v6 = v6_of(2, local);
        spec->remote_v6 = v6_of(2, remote);
    }
    if (link->has_ids) {
        spec->local_id = 1 + local;
        spec->remote_id = 1 + remote;
    }
}

static void add_links(struct ted_builder *builder, const struct net *net)
{
    for (uint32_t i = 0; i < net->link_count; i++) {
        const struct net_link *link = &net->links[i];
        struct ted_adj_sid sids[2];
        struct ted_srv6_sid end_xs[2];
        uint32_t sid_count = 0;
        if (link->protected_label != 0)
            sids[sid_count++] = (struct ted_adj_sid){link->protected_label, IP_V4, true};
        if (link->adj_label != 0)
            sids[sid_count++] = (struct ted_adj_sid){link->adj_label, IP_V4, false};
        struct ted_link_spec spec = {
            .from = link->from,
            .to = link->to,
            .igp_metric = link->igp,
            .te_metric = link->te,
            .delay_us = link->delay,
            .measured = link->measured,
            .delay_min_us = link->delay_min,
            .delay_max_us = link->delay_min,
            .delay_variation_us = link->delay_variation,
            .loss = link->loss,
            .admin_group = link->admin,
            .capacity = link->capacity,
            .max_reservable = link->capacity,
            .adj_sids = sids,
            .adj_sid_count = sid_count,
            .srv6_sids = end_xs,
            .srv6_sid_count = fill_end_xs(net, i, end_xs),
        };
        uint32_t srlgs[NET_SRLGS_MAX];
        for (uint32_t bit = 0; bit < NET_SRLGS_MAX; bit++) {
            if ((link->srlgs >> bit & 1) != 0)
                srlgs[spec.srlg_count++] = bit + 1;
        }
        spec.srlgs = srlgs;
        name_link(&spec, link, i);
        for (uint32_t p = 0; p < TED_PRIORITIES; p++)
            spec.unreserved[p] =
                link->last_priority == 0 || p <= link->last_priority ? link->unreserved : 0;
        struct ted_fault fault = {0};
        uint32_t index = 0;
        enum pce_status status = ted_builder_add_link(builder, &spec, &index, &fault);
        cr_assert_eq(status, PCE_OK, "%s: %s", fault.element, fault.reason);
        cr_assert_eq(index, i);
    }
}

struct ted_snapshot *net_snapshot(const struct net *net)
{
    struct ted_builder *builder = ted_builder_create("test");
    cr_assert_not_null(builder);
    add_nodes(builder, net);
    add_links(builder, net);
    struct ted_snapshot *snapshot = NULL;
    struct ted_fault fault = {0};
    enum pce_status status = ted_builder_snapshot(builder, &snapshot, &fault);
    cr_assert_eq(status, PCE_OK, "%s: %s", fault.element, fault.reason);
    ted_builder_destroy(builder);
    return snapshot;
}

uint32_t net_label(const struct net *net, uint32_t at, uint32_t index)
{
    const struct net_node *node = &net->nodes[at];
    for (uint32_t i = 0; i < node->srgb_count; i++) {
        if (index < node->srgbs[i].size)
            return node->srgbs[i].base + index;
        index -= node->srgbs[i].size;
    }
    return 0;
}

bool net_is_usable(const struct net_link *link, const struct path_request *request)
{
    if (request->bandwidth > 0 && link->unreserved < request->bandwidth)
        return false;
    if ((link->admin & request->exclude_any) != 0)
        return false;
    if (request->excluded != NULL && link->is_excluded)
        return false;
    if (link->is_first_only && link->from != request->source)
        return false;
    if (request->include_any != 0 && (link->admin & request->include_any) == 0)
        return false;
    return (link->admin & request->include_all) == request->include_all;
}

bool net_is_named_by_node(const struct net *net, const struct net_link *link, uint8_t family)
{
    const struct net_node *end = &net->nodes[link->to];
    bool is_v6 = family == IP_V6;
    bool has_router = is_v6 ? end->has_v6 || end->lacks_v4 : !end->lacks_v4;
    if ((is_v6 ? link->has_v6 : link->has_v4) || (!is_v6 && link->has_ids) || !has_router)
        return false;
    for (uint32_t i = 0; i < net->link_count; i++) {
        const struct net_link *other = &net->links[i];
        if (other != link && other->from == link->from && other->to == link->to)
            return true;
    }
    return false;
}

bool net_is_named(const struct net *net, const struct net_link *link,
                  const struct path_request *request)
{
    const struct net_node *end = &net->nodes[link->to];
    bool is_v6 = request->family == IP_V6;
    if (request->setup != PATH_SETUP_RSVP_TE || request->family == IP_NONE)
        return true;
    if (!net_is_named_by_node(net, link, request->family))
        return is_v6 ? link->has_v6 || end->has_v6 || end->lacks_v4
                     : link->has_v4 || !end->lacks_v4;
    for (uint32_t i = 0; i < net->link_count; i++) {
        const struct net_link *other = &net->links[i];
        if (other->from != link->from || other->to != link->to)
            continue;
        if (!net_is_usable(other, request))
            return false;
        for (uint32_t m = 0; m < PATH_METRIC_SIDS; m++) {
            if ((request->bound_mask & (1u << m)) != 0 &&
                net_metric(other, (enum path_metric)m) > net_metric(link, (enum path_metric)m))
                return false;
        }
    }
    return true;
}

/* Of what docs/PATHS.md says that a share of lost packets adds. */
static uint64_t net_loss(uint32_t loss)
{
    return (uint64_t)(-logl(1 - (long double)loss * 3e-8L) * 4294967296.0L);
}

uint64_t net_metric(const struct net_link *link, enum path_metric metric)
{
    const uint32_t worst = 0xffffff;
    const uint64_t values[] = {
        link->igp,
        link->te,
        1,
        link->delay,
        (link->measured & TED_MEASURED_DELAY_RANGE) != 0 ? link->delay_min : worst,
        (link->measured & TED_MEASURED_DELAY_VARIATION) != 0 ? link->delay_variation : worst,
        net_loss((link->measured & TED_MEASURED_LOSS) != 0 ? link->loss : worst),
    };
    _Static_assert(sizeof values / sizeof values[0] == PATH_METRIC_SIDS, "a value of each metric");
    return values[metric];
}

double net_tell(enum path_metric metric, uint64_t sum)
{
    return metric == PATH_METRIC_LOSS ? 100 * (1 - exp(-(double)sum / 4294967296.0)) : (double)sum;
}

bool net_keeps_bounds(const uint64_t sums[PATH_METRIC_SIDS], const struct path_request *request)
{
    for (uint32_t m = 0; m < PATH_METRIC_SIDS; m++) {
        if ((request->bound_mask & (1u << m)) != 0 &&
            !(net_tell((enum path_metric)m, sums[m]) <= request->bounds[m]))
            return false;
    }
    return true;
}

struct path_request net_request(uint32_t source, uint32_t destination)
{
    return (struct path_request){.source = source,
                                 .destination = destination,
                                 .setup = PATH_SETUP_SR_MPLS,
                                 .objective = PATH_MIN_METRIC,
                                 .metric = PATH_METRIC_IGP,
                                 .family = IP_V4};
}
