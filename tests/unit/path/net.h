/* A small network as the tests write it down, and the snapshot that the TED builder makes of it.
 * What the tests compute on their own, they compute from this form and not from the snapshot. */
#ifndef PCED_TESTS_UNIT_PATH_NET_H
#define PCED_TESTS_UNIT_PATH_NET_H

#include "core/base/random.h"
#include "core/path/path.h"

#define NET_NODES_MAX  1100
#define NET_LINKS_MAX  2300
#define NET_SRGBS_MAX  2
#define NET_NO_SID     UINT32_MAX
#define NET_FIRST_BASE 16000
#define NET_SRLGS_MAX  8
#define NET_ENDS_MAX   4

/* An SRv6 SID of a node. */
struct net_end {
    uint16_t behavior;
    uint8_t algorithm;
    bool is_anycast; /* other nodes have the same one */
};

struct net_node {
    struct ted_srgb srgbs[NET_SRGBS_MAX];
    uint32_t srgb_count;
    uint32_t sid_index; /* NET_NO_SID: none */
    bool lacks_v4;      /* no IPv4 router id, and so an IPv6 one */
    bool has_v6;        /* an IPv6 router id beside the other one */
    bool is_overloaded; /* set by net_overload */
    struct net_end ends[NET_ENDS_MAX];
    uint32_t end_count;
};

struct net_link {
    uint32_t from, to;
    uint32_t igp, te, delay, admin;
    uint8_t measured; /* TED_MEASURED_…: which of the next line are known */
    uint32_t delay_min, delay_variation, loss;
    float capacity, unreserved; /* the same at every priority from 0 to … */
    uint32_t last_priority;     /* … this one, nothing after it; 0: at all of them */
    uint32_t adj_label;         /* 0: none */
    uint32_t protected_label;   /* of another, protected adjacency SID; 0: none */
    uint16_t end_x;             /* behaviour of its SRv6 SID; 0: none */
    uint16_t protected_end_x;   /* the same of another one, which is protected */
    bool is_of_set;             /* end_x is that of all such links of the node */
    bool has_v4, has_v6;        /* addresses of its own at both ends */
    bool has_ids;               /* interface ids */
    bool is_two_way;            /* set by net_add: some link leads back */
    bool is_first_only;         /* set by net_overload: it leaves such a node */
    uint32_t reverse_of;        /* 1 + the link that it is the other direction of; 0: none */
    uint32_t srlgs;             /* bits: it belongs to these, from SRLG 1 */
    bool is_excluded;           /* touches what the request excludes … */
    bool is_undesired;          /* … and what it would rather avoid */
};

struct net {
    uint32_t node_count, link_count;
    struct net_node nodes[NET_NODES_MAX];
    struct net_link links[NET_LINKS_MAX];
};

/* Nodes with an SRGB of 1,000 labels, each at a base of its own, and the node's number as SID
 * index. */
void net_init(struct net *net, uint32_t node_count);
/* Both directions, equal: all metrics as given, 1000 octets/s, adjacency SIDs, IPv4 addresses. The
 * index of the first. */
uint32_t net_join(struct net *net, uint32_t a, uint32_t b, uint32_t metric);
/* The same, and the snapshot knows that they are the two directions of one link. */
uint32_t net_pair(struct net *net, uint32_t a, uint32_t b, uint32_t metric);
uint32_t net_add(struct net *net, struct net_link link);
/* The node carries no transit. To be called when the net has its links. */
void net_overload(struct net *net, uint32_t node);
struct ted_snapshot *net_snapshot(const struct net *net);
/* The label of a SID index at a node; 0 when it has none. */
uint32_t net_label(const struct net *net, uint32_t at, uint32_t index);
/* The SRv6 SID of a node, by its place, and of a link. */
struct ip net_end_sid(const struct net *net, uint32_t node, uint32_t place);
struct ip net_end_x_sid(const struct net *net, uint32_t link, bool is_protected);
/* Gives each node an End, and each link an End.X. */
void net_add_srv6(struct net *net);

/* Whether a request may use a link. */
bool net_is_usable(const struct net_link *link, const struct path_request *request);
/* Whether its router before a link may be told to take it, or one that is as good, by an address of
 * the request's family or an interface id. */
bool net_is_named(const struct net *net, const struct net_link *link,
                  const struct path_request *request);
/* Whether only the node where the link ends can be named. */
bool net_is_named_by_node(const struct net *net, const struct net_link *link, uint8_t family);
uint64_t net_metric(const struct net_link *link, enum path_metric metric);
/* What a sum of them is in the unit of bounds and results. */
double net_tell(enum path_metric metric, uint64_t sum);
/* Whether sums keep the bounds of a request. */
bool net_keeps_bounds(const uint64_t sums[PATH_METRIC_SIDS], const struct path_request *request);

/* A request for an SR-MPLS path by IGP metric without any constraint. */
struct path_request net_request(uint32_t source, uint32_t destination);

static inline uint32_t net_below(struct random *random, uint32_t end)
{
    return end == 0 ? 0 : (uint32_t)(random_u64(random) % end);
}

#endif
