#include "bench/pceload/load/verify.h"

#include "core/base/wire.h"

#include <string.h>

#define TYPE_IPV4    1
#define TYPE_IPV6    2
#define TYPE_ID      4 /* unnumbered interface (RFC 3477 4) */
#define TYPE_SR      36
#define TYPE_SRV6    40
#define SRV6_FLAG_S  0x001u
#define LOOSE        0x80u
#define FLAG_M       0x001u
#define FLAG_S       0x004u
#define FLAG_F       0x008u
#define NT_V4        1u
#define NT_V6        2u
#define LABEL_SHIFT  12
#define IPV4_SIZE    8        /* of an IPv4 subobject */
#define NODE_UNKNOWN TED_NONE /* where the path stands cannot be told: no topology */

/* A path that is being followed. */
struct trace {
    const struct network *network;
    uint32_t node; /* reached so far */
    uint32_t hops;
};

static uint32_t node_of(const struct network *network, const uint8_t *octets, bool is_v6)
{
    struct ip address = is_v6 ? ip_from_v6(octets) : ip_from_v4(octets);
    return ted_find_node_by_address(network->topology, &address);
}

static enum tally_kind reach(struct trace *trace, uint32_t node, enum tally_kind otherwise)
{
    if (node == TED_NONE)
        return otherwise;
    trace->node = node;
    return TALLY_OK;
}

/* By a node segment. */
static enum tally_kind reach_node(struct trace *trace, uint32_t node)
{
    return reach(trace, network_reach(trace->network, trace->node, node), TALLY_LABEL_UNKNOWN);
}

/* RFC 8664 4.3.1: a label, an index, or nothing but the node's address. */
static enum tally_kind follow_segment(struct trace *trace, struct wire_reader *body)
{
    uint16_t nt_flags = wire_u16(body);
    unsigned nt = nt_flags >> 12;
    uint32_t sid = (nt_flags & FLAG_S) == 0 ? wire_u32(body) : 0;
    bool has_node = (nt_flags & FLAG_F) == 0 && (nt == NT_V4 || nt == NT_V6);
    const uint8_t *node = has_node ? wire_take(body, nt == NT_V6 ? 16 : 4) : NULL;
    if (body->failed || ((nt_flags & FLAG_S) != 0 && (nt_flags & FLAG_F) != 0))
        return TALLY_ERO_MALFORMED;
    if (trace->node == NODE_UNKNOWN)
        return TALLY_OK;
    if ((nt_flags & FLAG_S) != 0 && node == NULL)
        return TALLY_LABEL_UNKNOWN;
    if ((nt_flags & FLAG_S) != 0)
        return reach_node(trace, node_of(trace->network, node, nt == NT_V6));
    if ((nt_flags & FLAG_M) == 0)
        return reach_node(trace, network_node_of_index(trace->network, sid));
    return reach(trace, network_follow(trace->network, trace->node, sid >> LABEL_SHIFT),
                 TALLY_LABEL_UNKNOWN);
}

/* RFC 9603 4.3.1: a SID; what is said beside it is not looked at. */
static enum tally_kind follow_srv6(struct trace *trace, struct wire_reader *body)
{
    uint16_t nt_flags = wire_u16(body);
    wire_skip(body, 4);
    const uint8_t *sid = (nt_flags & SRV6_FLAG_S) == 0 ? wire_take(body, 16) : NULL;
    if (body->failed)
        return TALLY_ERO_MALFORMED;
    if (trace->node == NODE_UNKNOWN)
        return TALLY_OK;
    if (sid == NULL)
        return TALLY_LABEL_UNKNOWN;
    return reach(trace, network_follow_sid(trace->network, trace->node, sid), TALLY_LABEL_UNKNOWN);
}

/* The far end of a link without addresses, by that node's router id and the interface's. */
static enum tally_kind follow_interface(struct trace *trace, struct wire_reader *body)
{
    wire_skip(body, 2);
    const uint8_t *router = wire_take(body, 4);
    uint32_t id = wire_u32(body);
    if (body->failed)
        return TALLY_ERO_MALFORMED;
    if (trace->node == NODE_UNKNOWN)
        return TALLY_OK;
    struct ip address = ip_from_v4(router);
    return reach(trace, network_far_interface(trace->network, trace->node, &address, id),
                 trace->hops == 0 ? TALLY_ERO_FIRST : TALLY_ERO_BROKEN);
}

/* RFC 3209 4.3.3: an address of the next node; a loose hop may be any node. */
static enum tally_kind follow_hop(struct trace *trace, struct wire_reader *body, uint8_t type)
{
    bool is_v6 = (type & ~LOOSE) == TYPE_IPV6;
    const uint8_t *address = wire_take(body, is_v6 ? 16 : 4);
    wire_skip(body, 2);
    if (body->failed)
        return TALLY_ERO_MALFORMED;
    if (trace->node == NODE_UNKNOWN)
        return TALLY_OK;
    enum tally_kind otherwise = trace->hops == 0 ? TALLY_ERO_FIRST : TALLY_ERO_BROKEN;
    uint32_t node = node_of(trace->network, address, is_v6);
    if (node != TED_NONE && node != trace->node && (type & LOOSE) == 0 &&
        !network_is_adjacent(trace->network, trace->node, node))
        return otherwise;
    return reach(trace, node, otherwise);
}

/* Takes strict IPv4 hops as long as each is the usual address of a link of the node before it: so
 * nearly all are followed without a search for the address. Leaves the first other one. */
static void follow_usual_hops(struct trace *trace, struct wire_reader *reader)
{
    while (wire_left(reader) >= IPV4_SIZE) {
        struct wire_reader ahead = *reader;
        const uint8_t *hop = wire_take(&ahead, IPV4_SIZE);
        uint32_t address;
        memcpy(&address, hop + 2, sizeof address);
        if (hop[0] != TYPE_IPV4 || hop[1] != IPV4_SIZE)
            return;
        uint32_t node = network_far_node(trace->network, trace->node, address);
        if (node == TED_NONE)
            return;
        *reader = ahead;
        trace->node = node;
        trace->hops++;
    }
}

static enum tally_kind follow_subobject(struct trace *trace, struct wire_reader *reader,
                                        enum setup setup)
{
    uint8_t type = wire_u8(reader), length = wire_u8(reader);
    struct wire_reader body = wire_sub(reader, length < 4 ? SIZE_MAX : length - 2u);
    bool is_segment = (type & ~LOOSE) == TYPE_SR, is_srv6 = (type & ~LOOSE) == TYPE_SRV6;
    bool is_v6 = trace->network->is_v6; /* hops are of the end points' family */
    bool is_interface = !is_v6 && (type & ~LOOSE) == TYPE_ID;
    bool is_hop = is_interface || (type & ~LOOSE) == (is_v6 ? TYPE_IPV6 : TYPE_IPV4);
    if (reader->failed)
        return TALLY_ERO_MALFORMED;
    if (setup == SETUP_SR ? !is_segment : setup == SETUP_SRV6 ? !is_srv6 : !is_hop)
        return TALLY_ERO_KIND;
    enum tally_kind wrong = is_segment     ? follow_segment(trace, &body)
                            : is_srv6      ? follow_srv6(trace, &body)
                            : is_interface ? follow_interface(trace, &body)
                                           : follow_hop(trace, &body, type);
    trace->hops++;
    return wrong;
}

enum tally_kind verify_ero(const struct verify *verify, struct pair pair, const uint8_t *octets,
                           size_t size)
{
    const struct network *network = verify->network;
    bool is_known = network->ends[pair.destination].node != TED_NONE;
    struct trace trace = {network, is_known ? network->ends[pair.source].node : NODE_UNKNOWN, 0};
    struct wire_reader reader = wire_reader_init(octets, size);
    bool has_usual_hops = verify->setup == SETUP_RSVP && trace.node != NODE_UNKNOWN;
    while (wire_left(&reader) > 0) {
        enum tally_kind wrong = TALLY_OK;
        if (has_usual_hops)
            follow_usual_hops(&trace, &reader);
        if (wire_left(&reader) > 0)
            wrong = follow_subobject(&trace, &reader, verify->setup);
        if (wrong != TALLY_OK)
            return wrong;
    }
    if (trace.hops == 0)
        return TALLY_ERO_EMPTY;
    if (verify->setup != SETUP_RSVP && verify->msd != 0 && trace.hops > verify->msd)
        return TALLY_LABEL_DEPTH;
    if (trace.node != NODE_UNKNOWN && trace.node != network->ends[pair.destination].node)
        return TALLY_ERO_LAST;
    return TALLY_OK;
}
