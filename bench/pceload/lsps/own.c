#include "bench/pceload/lsps/own.h"

#include "core/base/random.h"
#include "core/pcep/model.h"

#include <string.h>

#define LABEL_MIN   16000u
#define LABEL_COUNT 8000u
#define MBIT        125000.0 /* octets/s */

/* 10.0.0.0/8, fd00::/8: an address that stands for a number. */
static struct ip own_made_up(const struct network *network, uint32_t number)
{
    struct ip address = ip_from_u32(UINT32_C(0x0a000000) | (number & 0xffffff));
    if (network->is_v6) {
        address = (struct ip){.family = IP_V6, .octets = {0xfd}};
        for (unsigned i = 0; i < 4; i++)
            address.octets[15 - i] = (uint8_t)(number >> 8 * i);
    }
    return address;
}

static struct ip own_end_address(const struct network *network, uint32_t end)
{
    const uint8_t *octets = network->ends[end].octets;
    return network->is_v6 ? ip_from_v6(octets) : ip_from_v4(octets);
}

/* A session of a topology is one of its routers; in a file of pairs it is whoever asks. */
static struct pair own_draw_pair(const struct network *network, uint32_t session,
                                 struct random *random)
{
    if (network->pairs != NULL)
        return network_pair(network, random_below(random, (uint32_t)network_pair_count(network)));
    struct pair pair = {.source = session % network->end_count};
    pair.destination = random_below(random, network->end_count - 1);
    pair.destination += pair.destination >= pair.source;
    return pair;
}

/* The label of a node's SID as node `at` reads it (RFC 8660 2.3); a made up one where none leads
 * there. */
static uint32_t own_node_label(const struct network *network, uint32_t at, uint32_t node,
                               struct random *random)
{
    uint32_t other = LABEL_MIN + random_below(random, LABEL_COUNT);
    if (network->topology == NULL || at == TED_NONE || node == TED_NONE)
        return other;
    struct ted_range sids = network->topology->nodes[node].prefix_sids;
    for (uint32_t i = 0; i < sids.count; i++) {
        const struct ted_prefix_sid *sid = &network->topology->prefix_sids[sids.first + i];
        if (sid->algorithm == 0 && sid->index < network->nodes[at].size)
            return network->nodes[at].base + sid->index;
    }
    return other;
}

static void own_draw_hops(const struct network *network, const struct options *options,
                          struct pair pair, struct random *random, struct report_values *values)
{
    uint32_t at = network->ends[pair.source].node;
    for (uint32_t i = 0; i < options->segments; i++) {
        bool is_last = i + 1 == options->segments;
        uint32_t end = is_last ? pair.destination : random_below(random, network->end_count);
        uint32_t node = network->ends[end].node;
        values->hops[i].node = own_end_address(network, end);
        values->hops[i].label = own_node_label(network, at, node, random);
        at = node;
    }
}

static bool own_has_seen(const uint32_t *seen, uint32_t count, uint32_t node)
{
    for (uint32_t i = 0; i < count; i++) {
        if (seen[i] == node)
            return true;
    }
    return false;
}

/* A link to a node where the path has not been; at a dead end, to any but its source, if there is
 * one. NULL: the node has no link. */
static const struct network_label *own_draw_link(const struct network *network, uint32_t at,
                                                 const uint32_t *seen, uint32_t count,
                                                 struct random *random)
{
    const struct network_node *node = &network->nodes[at];
    uint32_t first = node->count == 0 ? 0 : random_below(random, node->count);
    const uint32_t shunned[] = {count, 1, 0};
    for (uint32_t i = 0; i < 3 * node->count; i++) {
        const struct network_label *link =
            &network->adjacencies[node->first + (first + i) % node->count];
        if (!own_has_seen(seen, shunned[i / node->count], link->node))
            return link;
    }
    return NULL;
}

/* Over as many links as there are segments, by the label of each; the LSP ends where they lead. */
static void own_walk(const struct network *network, const struct options *options,
                     struct random *random, struct report_values *values, uint32_t source)
{
    uint32_t seen[REPORT_SEGMENTS_MAX + 1] = {source}, at = source;
    for (uint32_t i = 0; i < options->segments; i++) {
        const struct network_label *link = own_draw_link(network, at, seen, i + 1, random);
        values->hops[i].label = link == NULL ? LABEL_MIN : link->label;
        at = link == NULL ? at : link->node;
        seen[i + 1] = at;
    }
    const struct ted_node *node = &network->topology->nodes[at];
    const struct ip *address = network->is_v6 ? &node->router_id_v6 : &node->router_id_v4;
    if (address->family != IP_NONE)
        values->destination = *address;
}

static void own_make_up_hops(const struct network *network, const struct options *options,
                             struct random *random, struct report_values *values)
{
    for (uint32_t i = 0; i < options->segments; i++) {
        values->hops[i].node = own_made_up(network, random_below(random, 1 << 20));
        values->hops[i].label = LABEL_MIN + random_below(random, LABEL_COUNT);
    }
    values->hops[options->segments - 1].node = values->destination;
}

struct report_values own_lsp(const struct network *network, const struct options *options,
                             uint32_t session, uint32_t number)
{
    struct random random = {options->seed ^ (uint64_t)session << 32 ^ number};
    struct report_values values = {.session = session, .number = number};
    values.flags = PCEP_LSP_A | (PCEP_LSP_UP << PCEP_LSP_O_SHIFT);
    if (random_part(&random) < options->delegate)
        values.flags |= PCEP_LSP_D;
    if (random_part(&random) < options->wide)
        values.bandwidth = (float)(options->wide_mbits * MBIT);
    if (network_pair_count(network) > 0) {
        struct pair pair = own_draw_pair(network, session, &random);
        values.source = own_end_address(network, pair.source);
        values.destination = own_end_address(network, pair.destination);
        if (options->is_adjacent)
            own_walk(network, options, &random, &values, network->ends[pair.source].node);
        else
            own_draw_hops(network, options, pair, &random, &values);
    } else {
        values.source = own_made_up(network, session);
        values.destination = own_made_up(network, (1 << 22) + random_below(&random, 1 << 20));
        own_make_up_hops(network, options, &random, &values);
    }
    return values;
}
