#include "tests/unit/path/ways.h"

#include <criterion/criterion.h>

#define WAYS_NODES_MAX 8
#define WAYS_SIDS_MAX  4

static enum path_metric ways_metric(const struct path_request *request)
{
    return request->metric == PATH_METRIC_SIDS ? PATH_METRIC_IGP : request->metric;
}

/* A part of an answer: a link, or a segment. */
struct ways_part {
    bool exists;
    uint32_t to;
    uint64_t uses;
    uint64_t worst[PATH_METRIC_SIDS];
};

static void ways_add(struct ways *ways, const struct path_request *request,
                     const struct ways_part *whole, uint32_t sids)
{
    if (!net_keeps_bounds(whole->worst, request))
        return;
    bool by_sids = request->metric == PATH_METRIC_SIDS && request->setup == PATH_SETUP_SR_MPLS;
    struct way way = {whole->uses, by_sids ? sids : 0, whole->worst[ways_metric(request)]};
    for (uint32_t i = 0; i < ways->count; i++) {
        struct way *other = &ways->all[i];
        if (other->uses != way.uses)
            continue;
        if (way.sids < other->sids || (way.sids == other->sids && way.metric < other->metric))
            *other = way;
        return;
    }
    ways->is_full = ways->is_full || ways->count == WAYS_MAX;
    if (!ways->is_full)
        ways->all[ways->count++] = way;
}

/* All links that a strict hop for this one may mean. */
static uint64_t hop_uses(const struct net *net, const struct path_request *request, uint32_t l)
{
    const struct net_link *link = &net->links[l];
    uint64_t uses = UINT64_C(1) << l;
    if (request->family == IP_NONE || !net_is_named_by_node(net, link, request->family))
        return uses;
    for (uint32_t i = 0; i < net->link_count; i++) {
        if (net->links[i].from == link->from && net->links[i].to == link->to)
            uses |= UINT64_C(1) << i;
    }
    return uses;
}

static uint64_t worst_branch(const struct net *net, uint64_t uses, uint32_t from, uint32_t to,
                             enum path_metric metric)
{
    uint64_t worst[WAYS_NODES_MAX];
    for (uint32_t i = 0; i < net->node_count; i++)
        worst[i] = FORWARD_FAR;
    worst[from] = 0;
    for (uint32_t round = 0; round < net->node_count; round++) {
        for (uint32_t l = 0; l < net->link_count; l++) {
            const struct net_link *link = &net->links[l];
            if ((uses >> l & 1) == 0 || worst[link->from] == FORWARD_FAR)
                continue;
            uint64_t sum = worst[link->from] + net_metric(link, metric);
            if (worst[link->to] == FORWARD_FAR || sum > worst[link->to])
                worst[link->to] = sum;
        }
    }
    return worst[to];
}

static struct ways_part node_part(const struct net *net, const struct forward_table *table,
                                  const struct path_request *request, uint32_t from, uint32_t to)
{
    struct ways_part part = {.to = to};
    uint32_t index = net->nodes[to].sid_index;
    if (from == to || index == NET_NO_SID || table->distance[from][to] == FORWARD_FAR ||
        net_label(net, from, index) == 0)
        return part;
    part.exists = true;
    for (uint32_t l = 0; l < net->link_count; l++) {
        const struct net_link *link = &net->links[l];
        if (!forward_is_on_way(net, table, l, from, to))
            continue;
        part.uses |= UINT64_C(1) << l;
        part.exists = part.exists && net_label(net, link->to, index) != 0 && link->igp != 0 &&
                      net_is_usable(link, request);
    }
    for (uint32_t m = 0; m < PATH_METRIC_SIDS && part.exists; m++)
        part.worst[m] = worst_branch(net, part.uses, from, to, (enum path_metric)m);
    return part;
}

static struct ways_part link_part(const struct net *net, const struct path_request *request,
                                  uint32_t from, uint32_t l)
{
    const struct net_link *link = &net->links[l];
    bool is_sr = request->setup == PATH_SETUP_SR_MPLS;
    struct ways_part part = {.to = link->to,
                             .uses = is_sr ? UINT64_C(1) << l : hop_uses(net, request, l)};
    bool is_named = is_sr ? link->adj_label != 0 : net_is_named(net, link, request);
    part.exists = link->from == from && is_named && net_is_usable(link, request);
    for (uint32_t m = 0; m < PATH_METRIC_SIDS; m++)
        part.worst[m] = net_metric(link, (enum path_metric)m);
    return part;
}

static struct ways_part ways_join(const struct ways_part *a, const struct ways_part *b)
{
    struct ways_part both = {.exists = true, .to = b->to, .uses = a->uses | b->uses};
    for (uint32_t m = 0; m < PATH_METRIC_SIDS; m++)
        both.worst[m] = a->worst[m] + b->worst[m];
    return both;
}

static struct ways_part part_at(const struct net *net, const struct forward_table *table,
                                const struct path_request *request, uint32_t from, uint32_t number)
{
    if (number < net->link_count)
        return link_part(net, request, from, number);
    return node_part(net, table, request, from, number - net->link_count);
}

/* Depth first, over links or segments; strict paths lead through no node twice. */
void ways_find(struct ways *ways, const struct net *net, const struct forward_table *table,
               const struct path_request *request)
{
    bool is_sr = request->setup == PATH_SETUP_SR_MPLS;
    uint32_t depth_max = is_sr ? request->sids_max : net->node_count - 1;
    uint32_t part_count = net->link_count + (is_sr ? net->node_count : 0);
    struct ways_part stack[WAYS_NODES_MAX + 1] = {{.exists = true, .to = request->source}};
    uint32_t cursor[WAYS_NODES_MAX + 1] = {0}, depth = 0;
    ways->count = 0;
    ways->is_full = false;
    cr_assert(net->link_count <= WAYS_LINKS_MAX && net->node_count <= WAYS_NODES_MAX);
    cr_assert(!is_sr || (depth_max > 0 && depth_max <= WAYS_SIDS_MAX));
    for (;;) {
        uint32_t at = stack[depth].to;
        bool is_there = at == request->destination;
        if (is_there && cursor[depth] == 0)
            ways_add(ways, request, &stack[depth], depth);
        if (is_there || depth == depth_max || cursor[depth] == part_count) {
            if (depth-- == 0)
                return;
            continue;
        }
        struct ways_part part = part_at(net, table, request, at, cursor[depth]++);
        for (uint32_t d = 0; d <= depth && !is_sr; d++)
            part.exists = part.exists && stack[d].to != part.to;
        if (!part.exists)
            continue;
        stack[depth + 1] = ways_join(&stack[depth], &part);
        cursor[++depth] = 0;
    }
}

uint64_t ways_uses(const struct net *net, const struct forward_table *table,
                   const struct path_request *request, const struct path_result *result)
{
    uint64_t uses = 0;
    if (!path_setup_is_sr(request->setup)) {
        for (uint32_t i = 0; i < result->link_count; i++)
            uses |= hop_uses(net, request, result->links[i]);
        return uses;
    }
    cr_assert_leq(result->sid_count, WAYS_SIDS_MAX);
    struct forward_result forwarded = forward_list(net, table, request, result);
    cr_assert(forwarded.arrives, "the list leads elsewhere");
    for (uint32_t l = 0; l < net->link_count; l++)
        uses |= (uint64_t)forwarded.uses[l] << l;
    return uses;
}
