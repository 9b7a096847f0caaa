#include "tests/unit/path/forward.h"

#include <criterion/criterion.h>
#include <string.h>

#define PACKETS_MAX  4096
#define LINKS_ON_WAY 256

/* A packet on its way: the labels that are left, and the top one as the next node will read it. */
struct packet {
    uint32_t node;
    uint32_t position; /* in the stack */
    uint32_t top;
    uint32_t hops;
    uint64_t cost[PATH_METRIC_SIDS];
};

void forward_table_fill(const struct net *net, struct forward_table *table)
{
    uint32_t n = net->node_count;
    cr_assert_leq(n, FORWARD_NODES_MAX);
    for (uint32_t i = 0; i < n; i++) {
        for (uint32_t j = 0; j < n; j++)
            table->distance[i][j] = i == j ? 0 : FORWARD_FAR;
    }
    for (uint32_t l = 0; l < net->link_count; l++) {
        const struct net_link *link = &net->links[l];
        if (link->is_two_way && link->igp < table->distance[link->from][link->to])
            table->distance[link->from][link->to] = link->igp;
    }
    for (uint32_t k = 0; k < n; k++) {
        for (uint32_t i = 0; i < n && !net->nodes[k].is_overloaded; i++) {
            for (uint32_t j = 0; j < n; j++) {
                uint64_t a = table->distance[i][k], b = table->distance[k][j];
                if (a != FORWARD_FAR && b != FORWARD_FAR && a + b < table->distance[i][j])
                    table->distance[i][j] = a + b;
            }
        }
    }
}

bool forward_is_on_way(const struct net *net, const struct forward_table *table, uint32_t link,
                       uint32_t from, uint32_t to)
{
    const struct net_link *l = &net->links[link];
    uint64_t before = table->distance[from][l->from], after = table->distance[l->to][to];
    bool passes_overloaded = (l->from != from && net->nodes[l->from].is_overloaded) ||
                             (l->to != to && net->nodes[l->to].is_overloaded);
    return l->is_two_way && !passes_overloaded && before != FORWARD_FAR && after != FORWARD_FAR &&
           before + l->igp + after == table->distance[from][to];
}

/* The node whose SID the label is at a node; NET_NO_SID when it knows none. */
static uint32_t target_of(const struct net *net, uint32_t at, uint32_t label)
{
    for (uint32_t v = 0; v < net->node_count; v++) {
        uint32_t index = net->nodes[v].sid_index;
        if (index != NET_NO_SID && net_label(net, at, index) == label)
            return v;
    }
    return NET_NO_SID;
}

struct run {
    const struct net *net;
    const struct forward_table *table;
    const struct path_sid *sids; /* labels and SRv6 SIDs; no more is read of them */
    bool is_srv6;
    uint32_t count;
    struct packet waiting[PACKETS_MAX];
    uint32_t waiting_count;
    struct forward_result result;
};

static void send(struct run *run, const struct packet *packet, uint32_t link_index,
                 uint32_t position, uint32_t top)
{
    const struct net_link *link = &run->net->links[link_index];
    struct packet next = *packet;
    next.node = link->to;
    next.position = position;
    next.top = top;
    next.hops++;
    for (uint32_t m = 0; m < PATH_METRIC_SIDS; m++)
        next.cost[m] += net_metric(link, (enum path_metric)m);
    run->result.uses[link_index] = true;
    if (next.hops > LINKS_ON_WAY || run->waiting_count == PACKETS_MAX) {
        run->result.arrives = false;
        return;
    }
    run->waiting[run->waiting_count++] = next;
}

static uint32_t top_at(const struct run *run, uint32_t position)
{
    return position < run->count ? run->sids[position].label : 0;
}

static bool send_by_adjacency(struct run *run, const struct packet *packet)
{
    for (uint32_t l = 0; l < run->net->link_count; l++) {
        const struct net_link *link = &run->net->links[l];
        if (link->from != packet->node || packet->top == 0 ||
            (link->adj_label != packet->top && link->protected_label != packet->top))
            continue;
        send(run, packet, l, packet->position + 1, top_at(run, packet->position + 1));
        return true;
    }
    return false;
}

static void step(struct run *run, struct packet packet)
{
    if (send_by_adjacency(run, &packet))
        return;
    uint32_t target = target_of(run->net, packet.node, packet.top);
    if (target == NET_NO_SID || run->table->distance[packet.node][target] == FORWARD_FAR) {
        run->result.arrives = false;
        return;
    }
    if (target == packet.node) {
        packet.position++;
        packet.top = top_at(run, packet.position);
        cr_assert_lt(run->waiting_count, PACKETS_MAX);
        run->waiting[run->waiting_count++] = packet;
        return;
    }
    for (uint32_t l = 0; l < run->net->link_count; l++) {
        const struct net_link *link = &run->net->links[l];
        if (link->from != packet.node ||
            !forward_is_on_way(run->net, run->table, l, packet.node, target))
            continue;
        send(run, &packet, l, packet.position,
             net_label(run->net, link->to, run->net->nodes[target].sid_index));
    }
}

/* ---- SRv6 ---- */

/* RFC 8986 10.2: code points of a behaviour with any of its flavours. */
static bool is_behavior(uint16_t behavior, uint16_t first, uint16_t first_with_usd)
{
    return (behavior >= first && behavior <= first + 3) ||
           (behavior >= first_with_usd && behavior <= first_with_usd + 3);
}

/* The node's own End that the destination address is; NULL: it is none. */
static const struct net_end *own_end(const struct net *net, uint32_t node, const struct ip *sid)
{
    for (uint32_t i = 0; i < net->nodes[node].end_count; i++) {
        struct ip own = net_end_sid(net, node, i);
        if (ip_is_equal(&own, sid))
            return &net->nodes[node].ends[i];
    }
    return NULL;
}

static bool is_end_x_of(const struct net *net, uint32_t link, const struct ip *sid)
{
    struct ip plain = net_end_x_sid(net, link, false), other = net_end_x_sid(net, link, true);
    return (net->links[link].end_x != 0 && ip_is_equal(&plain, sid)) ||
           (net->links[link].protected_end_x != 0 && ip_is_equal(&other, sid));
}

/* Whether the address is of the locator of a node. */
static bool is_of_locator(const struct net *net, uint32_t node, const struct ip *sid)
{
    bool is_of = own_end(net, node, sid) != NULL;
    for (uint32_t l = 0; l < net->link_count && !is_of; l++)
        is_of = net->links[l].from == node && is_end_x_of(net, l, sid);
    return is_of;
}

static bool send_by_end_x(struct run *run, const struct packet *packet, const struct ip *sid)
{
    bool is_sent = false;
    for (uint32_t l = 0; l < run->net->link_count; l++) {
        const struct net_link *link = &run->net->links[l];
        if (link->from != packet->node || !is_end_x_of(run->net, l, sid))
            continue;
        struct ip plain = net_end_x_sid(run->net, l, false);
        uint16_t behavior = ip_is_equal(&plain, sid) ? link->end_x : link->protected_end_x;
        run->result.arrives &= is_behavior(behavior, 5, 32);
        send(run, packet, l, packet->position + 1, 0);
        is_sent = true;
    }
    return is_sent;
}

static void route(struct run *run, const struct packet *packet, const struct ip *sid)
{
    const uint64_t(*distance)[FORWARD_NODES_MAX] = run->table->distance;
    uint64_t nearest = FORWARD_FAR;
    for (uint32_t v = 0; v < run->net->node_count; v++)
        if (is_of_locator(run->net, v, sid) && distance[packet->node][v] < nearest)
            nearest = distance[packet->node][v];
    run->result.arrives &= nearest != FORWARD_FAR;
    for (uint32_t l = 0; l < run->net->link_count && nearest != FORWARD_FAR; l++) {
        bool is_on_way = false;
        for (uint32_t v = 0; v < run->net->node_count; v++)
            is_on_way |= is_of_locator(run->net, v, sid) && distance[packet->node][v] == nearest &&
                         forward_is_on_way(run->net, run->table, l, packet->node, v);
        if (run->net->links[l].from == packet->node && is_on_way)
            send(run, packet, l, packet->position, 0);
    }
}

static void step_srv6(struct run *run, struct packet packet)
{
    const struct ip *sid = &run->sids[packet.position].srv6.sid;
    const struct net_end *end = own_end(run->net, packet.node, sid);
    if (end == NULL && send_by_end_x(run, &packet, sid))
        return;
    if (end == NULL) {
        route(run, &packet, sid);
        return;
    }
    /* A locator of another algorithm is routed another way, which is not played here. */
    run->result.arrives &= is_behavior(end->behavior, 1, 28) && end->algorithm == 0;
    packet.position++;
    cr_assert_lt(run->waiting_count, PACKETS_MAX);
    run->waiting[run->waiting_count++] = packet;
}

/* ---- all branches ---- */

struct forward_result forward_list(const struct net *net, const struct forward_table *table,
                                   const struct path_request *request,
                                   const struct path_result *list)
{
    static struct run run;
    run = (struct run){.net = net,
                       .table = table,
                       .sids = list->sids,
                       .count = list->sid_count,
                       .is_srv6 = request->setup == PATH_SETUP_SRV6};
    run.result.arrives = true;
    run.waiting[0] = (struct packet){.node = request->source, .top = top_at(&run, 0)};
    run.waiting_count = 1;
    while (run.waiting_count > 0 && run.result.arrives) {
        struct packet packet = run.waiting[--run.waiting_count];
        if (packet.position < run.count) {
            if (run.is_srv6)
                step_srv6(&run, packet);
            else
                step(&run, packet);
            continue;
        }
        run.result.branches++;
        if (packet.node != request->destination)
            run.result.arrives = false;
        for (uint32_t m = 0; m < PATH_METRIC_SIDS; m++) {
            if (packet.cost[m] > run.result.worst[m])
                run.result.worst[m] = packet.cost[m];
        }
    }
    return run.result;
}
