/* Network: whose paths are asked for, and the topology that answers are followed on.
 *
 * Ends of paths are the nodes of a topology file, or the addresses of a file of pairs. With a
 * topology, each node's labels and links are laid out so that a path is followed by a few loads.
 *
 * Thread: made by main; immutable afterwards, any thread reads.
 * Owns: all of it, until network_fini. Bound: the topology reader's limits; PAIRS_MAX lines. */
#ifndef PCED_BENCH_PCELOAD_LOAD_NETWORK_H
#define PCED_BENCH_PCELOAD_LOAD_NETWORK_H

#include "bench/pceload/options.h"
#include "core/ted/ted.h"
#include "io/os/failure.h"

#define PAIRS_MAX 10000000u

/* One end of a path. */
struct end {
    uint32_t node;      /* of the topology; TED_NONE: not known there, or no topology */
    uint8_t octets[16]; /* the address; four of them are used by IPv4 */
};

struct pair {
    uint32_t source, destination; /* indexes of ends[] */
};

struct network_label {
    uint32_t label;
    uint32_t node; /* where it leads */
};

/* What a node does with labels. */
struct network_node {
    uint32_t base, size;   /* its first SRGB range */
    uint32_t first, count; /* its adjacency SIDs in adjacencies[] */
};

/* One of a node's links, by the IPv4 address that a path usually names it with: that of the far
 * node's interface, or the far node's router id where the interface has none. */
struct network_link {
    uint32_t address; /* as its octets lie in memory */
    uint32_t node;    /* whose address that is; TED_NONE: there is none to know it by */
};

/* An SRv6 SID: of a node, or of a link. */
struct network_sid {
    uint8_t octets[16];
    uint32_t owner; /* the node that its locator leads to */
    uint32_t node;  /* where it leads */
};

struct network {
    struct ted_snapshot *topology; /* NULL: none was given */
    bool is_v6;                    /* the family of all ends */
    struct end *ends;
    uint32_t end_count;
    struct pair *pairs; /* NULL: any two ends are a pair */
    uint32_t listed;    /* pairs in it */
    struct network_node *nodes;
    struct network_label *adjacencies;
    struct network_link *links; /* parallel to the topology's edges[] */
    uint32_t *areas;            /* of each node; nodes of one area reach each other in the IGP */
    uint32_t *node_of_index;    /* SID index to node, algorithm 0; TED_NONE: nobody's */
    uint32_t index_count;
    struct network_sid *sids; /* of SRv6, in the order of their octets */
    uint32_t sid_count;
    uint32_t groups;     /* affinities that some link has */
    uint32_t excludable; /* those of a quarter of the links at most; without a topology: all */
    uint32_t missable;   /* three links in four have some other one than this */
    float bandwidth_max; /* octets/s: the largest that nine links in ten have unreserved at
                            priority 0, that of the requests */
};

/* Reads what the options name; neither topology nor pairs leaves the network without ends. On
 * failure the text says why, and network_fini may be called. */
PCE_MUST_CHECK enum pce_status network_init(struct network *network, const struct options *options,
                                            struct failure *failure);
void network_fini(struct network *network);
/* network_pairs.c: a part of network_init, when the topology is there. */
PCE_MUST_CHECK enum pce_status network_read_pairs(struct network *network, const char *path,
                                                  struct failure *failure);

/* network_srv6.c: the same; false: no memory. */
bool network_lay_sids(struct network *network);

/* Number of different pairs, source and destination different. */
uint64_t network_pair_count(const struct network *network);
/* The number-th of them, from 0. */
struct pair network_pair(const struct network *network, uint64_t number);

/* The node that a label leads to from node `at`, TED_NONE when it means nothing there: a node SID
 * leads nowhere from where the IGP does not reach its node. */
uint32_t network_follow(const struct network *network, uint32_t at, uint32_t label);
/* The same of an SRv6 SID of 16 octets: by its locator, and over the link of an End.X. */
uint32_t network_follow_sid(const struct network *network, uint32_t at, const uint8_t *octets);
/* The node, where the IGP leads to it from node `at`; else TED_NONE. */
uint32_t network_reach(const struct network *network, uint32_t at, uint32_t node);
/* The node of a SID index; TED_NONE when there is none. */
static inline uint32_t network_node_of_index(const struct network *network, uint32_t index)
{
    return index < network->index_count ? network->node_of_index[index] : TED_NONE;
}
/* The node at the far end of that link of node `at` which has this address. TED_NONE is no verdict:
 * the address may be another one of a neighbour. */
static inline uint32_t network_far_node(const struct network *network, uint32_t at,
                                        uint32_t address)
{
    const uint32_t *first = &network->topology->first_edge[at];
    for (uint32_t e = first[0]; e < first[1]; e++) {
        if (network->links[e].address == address)
            return network->links[e].node;
    }
    return TED_NONE;
}
/* The node at the far end of that link of node `at` whose interface there has this id (RFC 3477 4),
 * and that node's router id; TED_NONE: there is none. */
uint32_t network_far_interface(const struct network *network, uint32_t at,
                               const struct ip *router_id, uint32_t interface_id);
/* Whether a link leads from one node to the other. */
bool network_is_adjacent(const struct network *network, uint32_t from, uint32_t to);

#endif
