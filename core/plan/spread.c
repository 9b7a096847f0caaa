#include "core/plan/spread.h"

#include "core/base/check.h"

#include <stdlib.h>
#include <string.h>

#define SPREAD_FAR UINT64_MAX

/* What is worked with, for all pairs from one node. */
struct spreading {
    const struct ted_snapshot *snapshot;
    struct spread *spread;
    uint64_t *distances; /* node_count * node_count: from u to v at u * node_count + v */
    uint32_t *order;     /* nodes that a source reaches, the nearest first */
    uint32_t order_count;
    double *units; /* by node: what is under way there */
    bool *is_settled;
};

/* The distances from a source: of n nodes each is looked for n times, which for so few is as good as a
 * heap. */
static void spread_search(struct spreading *spreading, uint32_t source)
{
    const struct ted_snapshot *snapshot = spreading->snapshot;
    uint32_t count = snapshot->node_count;
    uint64_t *distances = &spreading->distances[(size_t)source * count];
    for (uint32_t node = 0; node < count; node++)
        distances[node] = SPREAD_FAR;
    memset(spreading->is_settled, 0, count * sizeof *spreading->is_settled);
    distances[source] = 0;
    spreading->order_count = 0;
    for (;;) {
        uint32_t next = TED_NONE;
        for (uint32_t node = 0; node < count; node++) {
            if (!spreading->is_settled[node] && distances[node] != SPREAD_FAR &&
                (next == TED_NONE || distances[node] < distances[next]))
                next = node;
        }
        if (next == TED_NONE)
            return;
        spreading->is_settled[next] = true;
        spreading->order[spreading->order_count++] = next;
        for (uint32_t e = snapshot->first_edge[next]; e < snapshot->first_edge[next + 1]; e++) {
            const struct ted_edge *edge = &snapshot->edges[e];
            uint64_t distance = distances[next] + edge->igp_metric;
            if (ted_igp_uses(edge, next, source) && distance < distances[edge->node])
                distances[edge->node] = distance;
        }
    }
}

static bool spread_push(struct spread *spread, struct spread_share share)
{
    if (spread->share_count == spread->share_capacity) {
        uint32_t capacity = spread->share_capacity == 0 ? 4096 : 2 * spread->share_capacity;
        struct spread_share *shares = realloc(spread->shares, capacity * sizeof *shares);
        if (shares == NULL)
            return false;
        spread->shares = shares;
        spread->share_capacity = capacity;
    }
    spread->shares[spread->share_count++] = share;
    return true;
}

/* Whether a link leads on from a node to the destination, by what that node itself computes. */
static bool spread_leads_on(const struct spreading *spreading, uint32_t node, uint32_t to,
                            const struct ted_edge *edge)
{
    const uint64_t *distances = spreading->distances;
    uint32_t count = spreading->snapshot->node_count;
    uint64_t from_here = distances[(size_t)node * count + to];
    uint64_t from_next = distances[(size_t)edge->node * count + to];
    if (!ted_igp_uses(edge, node, node) || from_next == SPREAD_FAR ||
        edge->igp_metric + from_next != from_here)
        return false;
    /* A node that carries no transit is the last one on the way. */
    uint32_t first = spreading->snapshot->first_edge[edge->node];
    bool is_last = edge->node == to;
    bool has_way = first < spreading->snapshot->first_edge[edge->node + 1];
    return is_last || (has_way && !spreading->snapshot->edges[first].is_first_only);
}

/* What a node has under way to the destination goes on over its links. */
static bool spread_pass_on(struct spreading *spreading, uint32_t node, uint32_t to)
{
    const struct ted_snapshot *snapshot = spreading->snapshot;
    uint32_t begin = snapshot->first_edge[node], end = snapshot->first_edge[node + 1], ways = 0;
    for (uint32_t e = begin; e < end; e++)
        ways += spread_leads_on(spreading, node, to, &snapshot->edges[e]);
    double part = ways == 0 ? 0 : spreading->units[node] / ways;
    for (uint32_t e = begin; e < end && ways > 0; e++) {
        const struct ted_edge *edge = &snapshot->edges[e];
        if (!spread_leads_on(spreading, node, to, edge))
            continue;
        spreading->units[edge->node] += part;
        if (!spread_push(spreading->spread, (struct spread_share){edge->link, (float)part}))
            return false;
    }
    return true;
}

/* From the source on, the nearest node first: all that comes to a node has come before it goes on. */
static enum pce_status spread_pair(struct spreading *spreading, uint32_t to)
{
    memset(spreading->units, 0, spreading->snapshot->node_count * sizeof *spreading->units);
    spreading->units[spreading->order[0]] = 1;
    for (uint32_t i = 0; i < spreading->order_count && spreading->order[i] != to; i++) {
        if (!(spreading->units[spreading->order[i]] > 0))
            continue;
        if (!spread_pass_on(spreading, spreading->order[i], to))
            return PCE_NO_MEMORY;
        if (spreading->spread->share_count > SPREAD_SHARES_MAX)
            return PCE_LIMIT;
    }
    return PCE_OK;
}

static enum pce_status spread_fill(struct spreading *spreading)
{
    struct spread *spread = spreading->spread;
    uint32_t count = spread->node_count;
    enum pce_status status = PCE_OK;
    for (uint32_t from = 0; from < count; from++)
        spread_search(spreading, from);
    for (uint32_t from = 0; from < count && status == PCE_OK; from++) {
        spread_search(spreading, from); /* once more, for its order */
        for (uint32_t to = 0; to < count && status == PCE_OK; to++) {
            spread->first[from * count + to] = spread->share_count;
            if (to != from && spreading->distances[(size_t)from * count + to] != SPREAD_FAR)
                status = spread_pair(spreading, to);
        }
    }
    spread->first[count * count] = spread->share_count;
    return status;
}

enum pce_status spread_init(struct spread *spread, const struct ted_snapshot *snapshot)
{
    uint32_t count = snapshot->node_count;
    *spread = (struct spread){.node_count = count};
    if (count > SPREAD_NODES_MAX)
        return PCE_LIMIT;
    for (uint32_t e = 0; e < snapshot->edge_count; e++) {
        if (snapshot->edges[e].igp_metric == 0)
            return PCE_INVALID;
    }
    struct spreading spreading = {
        .snapshot = snapshot,
        .spread = spread,
        .distances = calloc((size_t)count * count + 1, sizeof(uint64_t)),
        .order = calloc((size_t)count + 1, sizeof(uint32_t)),
        .units = calloc((size_t)count + 1, sizeof(double)),
        .is_settled = calloc((size_t)count + 1, sizeof(bool)),
    };
    spread->first = calloc((size_t)count * count + 1, sizeof *spread->first);
    bool has_memory = spread->first != NULL && spreading.distances != NULL &&
                      spreading.order != NULL && spreading.units != NULL &&
                      spreading.is_settled != NULL;
    enum pce_status status = has_memory ? spread_fill(&spreading) : PCE_NO_MEMORY;
    free(spreading.distances);
    free(spreading.order);
    free(spreading.units);
    free(spreading.is_settled);
    if (status != PCE_OK)
        spread_fini(spread);
    return status;
}

void spread_fini(struct spread *spread)
{
    free(spread->first);
    free(spread->shares);
    *spread = (struct spread){0};
}
