/* Forwarding simulator: what the routers of a network do with a packet that carries a label stack, or
 * a routing header of SRv6.
 *
 * It knows nothing of path computation: distances are Floyd and Warshall's, each node reads the top
 * label by its own SRGB and its own adjacency SIDs, and every ECMP branch is followed. Of SRv6 each
 * node looks whether the destination address is a SID of its own, and does what the SID's behaviour
 * says (RFC 8986 4); otherwise it routes by the locator, to the nearest node that has the SID. */
#ifndef PCED_TESTS_UNIT_PATH_FORWARD_H
#define PCED_TESTS_UNIT_PATH_FORWARD_H

#include "tests/unit/path/net.h"

#define FORWARD_NODES_MAX 16
#define FORWARD_FAR       UINT64_MAX

struct forward_table {
    uint64_t distance[FORWARD_NODES_MAX][FORWARD_NODES_MAX];
};

struct forward_result {
    bool arrives; /* every branch ends at the destination; no label was unknown on the way */
    uint32_t branches;
    uint64_t worst[PATH_METRIC_SIDS]; /* of any branch, by metric */
    bool uses[NET_LINKS_MAX];         /* on any branch */
};

void forward_table_fill(const struct net *net, struct forward_table *table);
/* Whether a shortest path of the IGP between two nodes has the link. */
bool forward_is_on_way(const struct net *net, const struct forward_table *table, uint32_t link,
                       uint32_t from, uint32_t to);
/* Along a list of labels, or of SRv6 SIDs, behind which the headend has put a service SID of the
 * destination. */
struct forward_result forward_list(const struct net *net, const struct forward_table *table,
                                   const struct path_request *request,
                                   const struct path_result *list);

#endif
