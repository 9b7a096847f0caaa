/* TED snapshot: the network as path computation sees it, immutable once made.
 *
 * Nodes and directed links have dense indexes. The neighbours of node n are
 * edges[first_edge[n]] … edges[first_edge[n + 1] - 1] (CSR, 16 octets an edge: what the inner loop
 * of a search reads), and the same in `reverse_*` for searches from the destination. What
 * constraints ask of an edge is in columns beside those. What a search does not need for every edge
 * is in `links`, found by edge.link: cold memory.
 *
 * A link that is gone keeps its place in `links` until the network is made as a whole again
 * (patch.h), so that indexes of links stay; no edge leads over it.
 *
 * Thread: any number of readers; nobody writes. A shard holds a snapshot for one turn of its loop.
 * Owns: its head, and a share of its parts, which other snapshots may have in common with it
 * (part.h); ted_snapshot_destroy releases them.
 * Bound: TED_NODES_MAX nodes, TED_LINKS_MAX directed links, and the named limits per node and link.
 * Units: metrics are plain numbers, delay in microseconds, bandwidth in octets per second (the unit
 * of RFC 5440 7.7), labels 20-bit values. */
#ifndef PCED_CORE_TED_TED_H
#define PCED_CORE_TED_TED_H

#include "core/base/ip.h"
#include "core/base/map.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TED_NODES_MAX           1000000
#define TED_LINKS_MAX           8000000
#define TED_NAME_SIZE_MAX       255
#define TED_NODE_ADDRESSES_MAX  64
#define TED_NODE_SIDS_MAX       64 /* prefix SIDs of a node, over all algorithms */
#define TED_NODE_SRGBS_MAX      16
#define TED_NODE_ALGORITHMS_MAX 256
#define TED_NODE_FLEXES_MAX     128 /* definitions of flexible algorithms: one of each */
#define TED_FLEX_SRLGS_MAX      32  /* that a definition rules out */
#define TED_FLEX_ALGORITHM_MIN  128 /* RFC 9350 4 */
#define TED_GROUP_WORDS_MAX     8   /* extended administrative group: 256 bits (RFC 7308 2.1) */
#define TED_LINK_SRLGS_MAX      256
#define TED_LINK_SIDS_MAX       64
#define TED_PRIORITIES          8
#define TED_IGP_METRIC_MAX      16777214 /* above it the IGP does not use the link (RFC 5305 3) */
#define TED_LABEL_MIN           16       /* below: special-purpose labels (RFC 3032 2.1) */
#define TED_LABEL_MAX           1048575  /* 20 bits */
#define TED_NONE                UINT32_MAX

/* A range in one of the snapshot's shared arrays. */
struct ted_range {
    uint32_t first;
    uint32_t count;
};

struct ted_srgb {
    uint32_t base; /* first label */
    uint32_t size; /* labels */
};

/* A prefix SID of a node (RFC 8402 3.1): its node segment for one algorithm. */
struct ted_prefix_sid {
    uint8_t algorithm; /* 0 = shortest path by IGP metric; 128-255 flexible algorithms */
    uint8_t family;    /* enum ip_family of the prefix */
    bool is_anycast;   /* other nodes have it, too: it is known, and no path takes it */
    uint32_t index;    /* into the SRGB of the node that processes the label */
};

/* Which of the adjacency SIDs of a link a path takes (RFC 9488 5). */
enum ted_protection {
    TED_UNPROTECTED_PREFERRED,
    TED_PROTECTED_PREFERRED,
    TED_UNPROTECTED_ONLY,
    TED_PROTECTED_ONLY,
};

static inline bool ted_wants_protected(enum ted_protection protection)
{
    return protection == TED_PROTECTED_PREFERRED || protection == TED_PROTECTED_ONLY;
}

/* Nothing else will do. */
static inline bool ted_is_strict(enum ted_protection protection)
{
    return protection == TED_PROTECTED_ONLY || protection == TED_UNPROTECTED_ONLY;
}

/* An adjacency SID of a directed link (RFC 8402 3.4), as an absolute label. */
struct ted_adj_sid {
    uint32_t label;
    uint8_t family; /* IP_NONE: both */
    bool is_protected;
};

/* An SRv6 SID with its structure (RFC 9603 4.3.1); lengths in bits, all zero when not known. */
struct ted_srv6_sid {
    struct ip sid;
    uint8_t algorithm;
    uint16_t behavior; /* endpoint behaviour code point: 1 End, 5 End.X, … */
    uint8_t block_bits;
    uint8_t node_bits;
    uint8_t function_bits;
    uint8_t argument_bits;
    bool is_protected; /* of End.X: traffic has another way when the link fails (RFC 9352 8.1, B) */
    /* Other nodes have it (an anycast locator), or other links (a set of adjacencies, RFC 9352 8.1):
     * it does not say where traffic goes. */
    bool is_shared;
};

enum ted_flex_metric { TED_FLEX_IGP, TED_FLEX_MIN_DELAY, TED_FLEX_TE };

/* What a node says a flexible algorithm is (RFC 9350 5). No padding: two are the same when their
 * octets are. */
struct ted_flex_definition {
    uint8_t algorithm;        /* TED_FLEX_ALGORITHM_MIN and above */
    uint8_t metric_type;      /* enum ted_flex_metric; others are not known */
    uint8_t calculation_type; /* 0: shortest path; others are not known */
    uint8_t priority;
    uint8_t has_prefix_metric; /* M flag */
    uint8_t is_partial;        /* it says more than is known here: nobody may compute by it */
    uint8_t srlg_count;
    uint8_t reserved; /* 0 */
    uint32_t exclude_any[TED_GROUP_WORDS_MAX];
    uint32_t include_any[TED_GROUP_WORDS_MAX];
    uint32_t include_all[TED_GROUP_WORDS_MAX];
    uint32_t exclude_srlgs[TED_FLEX_SRLGS_MAX];
};

struct ted_node {
    const char *name; /* NUL-terminated, unique */
    struct ip router_id_v4;
    struct ip router_id_v6;
    struct ted_range addresses;   /* into addresses[]: others than the router ids */
    struct ted_range srgbs;       /* into srgbs[], in the order in which indexes run through them */
    struct ted_range prefix_sids; /* into prefix_sids[] */
    struct ted_range srv6_sids;   /* into srv6_sids[]: node SIDs (End) */
    struct ted_range algorithms;  /* into algorithms[], ascending: those that it takes part in */
    struct ted_range flexes;      /* into flexes[]: definitions of flexible algorithms */
    uint8_t msd;                  /* labels that the node can push; 0 = not known */
    uint8_t igp_id_size;          /* of what its IGP calls it: a system id, a router id … */
    uint8_t igp_id[7];            /* … by which routers of one priority are told apart */
    bool is_overloaded; /* it carries no transit (IS-IS overload bit, OSPFv3 R-bit clear) */
    uint8_t srv6_msd;   /* SRv6 SIDs that it can put into a header that it adds; 0 = not known */
    bool has_position;
    double latitude;  /* degrees, north positive */
    double longitude; /* degrees, east positive */
};

/* Which figures of a link are known: bits. */
enum {
    TED_MEASURED_DELAY_RANGE = 1 << 0,
    TED_MEASURED_DELAY_VARIATION = 1 << 1,
    TED_MEASURED_LOSS = 1 << 2,
};

/* Where flexible algorithms look for the attributes of a link (RFC 9350 12). */
enum ted_flex_source {
    TED_FLEX_OWN,  /* those that it has: out of a file */
    TED_FLEX_NONE, /* nobody tells any */
    TED_FLEX_TOLD, /* in flex_links[] */
};

/* The attributes of a link that are for flexible algorithms. */
struct ted_flex_link {
    uint32_t te_metric;      /* TED_NONE: it has none */
    uint32_t delay_min_us;   /* the same */
    struct ted_range groups; /* into group_words[] */
    struct ted_range srlgs;  /* into srlgs[], ascending */
};

/* One direction of a link. */
struct ted_link {
    uint32_t from;      /* node index */
    uint32_t to;        /* node index */
    uint32_t reverse;   /* the directed link of the other direction, or TED_NONE */
    bool is_two_way;    /* some link leads from `to` back to `from`: IGPs use the link … */
    bool is_igp_unused; /* … but for one of the maximum metric, which is not two-way here */
    bool is_first_only; /* `from` carries no transit: only a path that begins there has the link */
    bool has_sibling;   /* another link leads from `from` to `to` */
    bool is_gone;       /* it was there: no edge leads over it, and nothing else here holds */
    uint32_t igp_metric;
    uint32_t te_metric;
    uint32_t delay_us;
    uint32_t admin_group; /* affinity bits (RFC 3209, RFC 5305) */
    /* Bits 0 to 31 first, where more of them are known (RFC 7308); into group_words[]. */
    struct ted_range groups;
    uint8_t measured; /* TED_MEASURED_…: which of these are known */
    uint8_t msd;      /* labels that can be pushed on it; 0 = not known (RFC 8491 3) */
    uint8_t flex_source;
    uint32_t flex; /* of TED_FLEX_TOLD: index into flex_links[] */
    uint32_t delay_min_us, delay_max_us, delay_variation_us;
    uint32_t loss;        /* in units of 0.000003 % (RFC 8570 4.4) */
    float capacity;       /* octets per second */
    float max_reservable; /* octets per second */
    float unreserved[TED_PRIORITIES];
    struct ted_range srlgs;     /* into srlgs[], ascending */
    struct ted_range adj_sids;  /* into adj_sids[] */
    struct ted_range srv6_sids; /* into srv6_sids[]: End.X */
    struct ip local_v4, remote_v4;
    struct ip local_v6, remote_v6;
    uint32_t local_id, remote_id; /* of the interfaces (RFC 3477 2); 0: none */
};

/* What the inner loop of a search reads. */
struct ted_edge {
    uint32_t node;      /* the other end: `to` in edges[], `from` in reverse_edges[] */
    uint32_t link : 30; /* index into links[] */
    /* No link leads back: the IGP does not use it (RFC 2328 16.1, step 2 b). */
    uint32_t is_one_way : 1;
    uint32_t is_first_only : 1; /* as of the link */
    uint32_t igp_metric;
    uint32_t te_metric;
};

/* Whether the shortest paths of router `root` may lead over an edge that begins at `tail`. */
static inline bool ted_igp_uses(const struct ted_edge *edge, uint32_t tail, uint32_t root)
{
    if (!(edge->is_one_way || edge->is_first_only))
        return true;
    return !edge->is_one_way && tail == root;
}

/* Parallel to an array of edges: what constraints ask, so that a constrained search reads no record
 * of a link either. */
struct ted_columns {
    const uint32_t *admin_group;
    const uint32_t *delay_us;
    const float *capacity;
    const float *unreserved[TED_PRIORITIES]; /* priorities whose values are the same share one */
};

/* What the strict hop over a link tells. */
enum ted_hop_kind {
    TED_HOP_NONE, /* there is none of the family */
    TED_HOP_NODE, /* where the link ends: it may mean any link between the two nodes */
    TED_HOP_LINK, /* which link it is */
};

/* How a strict path names the end of a link: by the address of the interface there; else by the
 * node's router id and the interface's id (RFC 3477 4); else by the router id alone. */
struct ted_hop {
    struct ip address;     /* family IP_NONE: there is no hop */
    uint8_t kind;          /* enum ted_hop_kind */
    uint32_t interface_id; /* 0: the address alone */
};

struct ted_hops {
    const struct ted_hop *of_links; /* NULL: no link has one */
    bool tell_links;                /* each of them is a TED_HOP_LINK */
};

/* The hops of each family. */
struct ted_link_ends {
    struct ted_hops v4, v6;
};

static inline const struct ted_hops *ted_hops_of_family(const struct ted_link_ends *ends,
                                                        uint8_t family)
{
    return family == IP_V6 ? &ends->v6 : &ends->v4;
}

/* An immutable open-addressing table: the array that it finds things in is named where it stands.
 */
struct ted_slot {
    uint32_t hash;  /* low half of map_hash of the key */
    uint32_t value; /* TED_NONE: empty */
};

struct ted_slots {
    const struct ted_slot *slots;
    uint32_t mask; /* slot count - 1, the count a power of two; never full */
};

/* An address and the node that it belongs to. */
struct ted_address {
    struct ip address;
    uint32_t node;
};

struct path_landmarks;
struct ted_delta;
struct ted_derived;
struct ted_link_numbers;
struct ted_flex_views;
struct ted_part;
struct ted_recent;

/* What of a snapshot changes together: each is a block of its own. */
enum ted_part_kind {
    TED_PART_GROUND, /* nodes and their lists, and how things are found */
    TED_PART_NAMES,  /* of the network and its nodes */
    TED_PART_LINKS,
    TED_PART_EDGES, /* with their columns */
    TED_PART_ENDS,
    TED_PART_LISTS,  /* SIDs and SRLGs */
    TED_PART_OWNERS, /* of addresses */
    TED_PART_COUNT,
};

/* Arrays that a patch may make longer (patch.h). */
enum ted_list {
    TED_LIST_NAMES, /* characters; the first ones are the network's name */
    TED_LIST_ADDRESSES,
    TED_LIST_SRGBS,
    TED_LIST_PREFIX_SIDS,
    TED_LIST_ALGORITHMS,
    TED_LIST_FLEXES,
    TED_LIST_SID_OWNERS,
    TED_LIST_SRLGS,
    TED_LIST_ADJ_SIDS,
    TED_LIST_SRV6_SIDS,
    TED_LIST_FLEX_LINKS,
    TED_LIST_GROUP_WORDS,
    TED_LIST_ADDRESS_NODES,
    TED_LIST_LINKS,
    TED_LIST_HOPS_V4,
    TED_LIST_HOPS_V6,
    TED_LIST_COUNT,
};

/* Items that are in use, those that nobody has any more included, and those there is room for. */
struct ted_room {
    uint32_t count, room;
};

struct ted_snapshot {
    uint64_t generation; /* set by who publishes it: 1, 2, 3 …; for operators */
    double published_s;  /* set by who publishes it: since 1970; for operators */
    /* Different for every snapshot made while the process lives, never 0: what is derived from a
     * snapshot is kept with this number, since an address may come back. */
    uint64_t serial;
    /* The serial of the one that was made as a whole, from which this one was patched in so many
     * turns: nodes and places of links are the same in all of them. */
    uint64_t ground;
    uint32_t turn;
    const char *name; /* of the network, may be "" */
    uint32_t node_count;
    uint32_t link_count; /* places of directed links, of those that are gone, too */
    uint32_t edge_count; /* directed links that are there */
    const struct ted_node *nodes;
    const struct ted_link *links;
    const uint32_t *first_edge; /* node_count + 1 entries */
    const struct ted_edge *edges;
    const uint32_t *reverse_first_edge;
    const struct ted_edge *reverse_edges;
    const uint32_t *sid_index_ends; /* of each node: it has labels for SID indexes below */
    const uint32_t *sid_owners;     /* by SID index: the node that has it; TED_NONE */
    uint32_t sid_owner_count;       /* indexes are below */
    struct ted_columns reverse_columns;
    struct ted_link_ends link_ends;
    const struct ip *addresses;
    const struct ted_srgb *srgbs;
    const struct ted_prefix_sid *prefix_sids;
    const struct ted_adj_sid *adj_sids;
    const struct ted_srv6_sid *srv6_sids;
    const uint32_t *srlgs;
    const uint8_t *algorithms;
    const struct ted_flex_definition *flexes;
    const struct ted_flex_link *flex_links;
    const uint32_t *group_words;
    /* What constraints may skip altogether, because no link differs: */
    uint32_t delay_us_max;
    uint32_t igp_metric_min; /* UINT32_MAX without links */
    uint32_t igp_metric_max;
    uint32_t te_metric_max;
    bool has_first_only; /* some link is */
    /* How names and addresses are found: by map_hash, so the seed (map_set_seed) comes first. */
    struct ted_slots name_index;    /* values: node indexes */
    struct ted_slots address_index; /* values: indexes of address_nodes[] */
    /* Every address that is found, once; TED_NONE: only links have it that are gone. */
    const struct ted_address *address_nodes;
    uint32_t address_node_count;
    struct ted_room rooms[TED_LIST_COUNT];
    uint32_t edge_room; /* edges of either direction that there is room for, with their columns */
    size_t octets;      /* of all parts, this struct included */
    struct ted_part *parts[TED_PART_COUNT];
    /* Bounds of distances (core/path), once somebody has made them: a part. */
    struct path_landmarks *landmarks;
    /* What readers add while they use the snapshot (derived.h), once there is room for it. */
    struct ted_derived *derived;
    /* Which link is which of other snapshots (link_numbers.h), once its publisher has said so: a
     * part. */
    struct ted_link_numbers *link_numbers;
    /* What is different from the snapshot that it was made of (patch.h): a part; NULL: it was made as
     * a whole. */
    struct ted_delta *delta;
    struct ted_recent *recent; /* what was different lately (recent.h); NULL: nothing */
    /* What flexible algorithms see (flex.h), once its publisher has made it. */
    struct ted_flex_views *flex_views;
    /* Of such a view: what each link costs, TED_NONE where the algorithm is without it. NULL: this is
     * the network itself. */
    const uint32_t *flex_metrics;
};

void ted_snapshot_destroy(struct ted_snapshot *snapshot);

/* What a link costs on the shortest paths of this snapshot. */
static inline uint32_t ted_igp_metric(const struct ted_snapshot *snapshot, uint32_t link)
{
    return snapshot->flex_metrics == NULL ? snapshot->links[link].igp_metric
                                          : snapshot->flex_metrics[link];
}

/* The node that has this address: a router id, one of its addresses, or a link's end on it (the
 * local one of a link from it, the remote one of a link to it). IPv6 link-local addresses belong to
 * no node. TED_NONE when there is none. */
uint32_t ted_find_node_by_address(const struct ted_snapshot *snapshot, const struct ip *address);
/* TED_NONE when there is none. */
uint32_t ted_find_node_by_name(const struct ted_snapshot *snapshot, const char *name);

/* The label that node `at` understands as `index` of its SRGB ranges (RFC 8660 2.4); TED_NONE when
 * the index lies past the ranges or the node has no SRGB. */
uint32_t ted_label_of_index(const struct ted_snapshot *snapshot, uint32_t at, uint32_t index);
/* The SID index that node `at` understands a label as; TED_NONE when the label is in none of its
 * SRGB ranges. */
uint32_t ted_index_of_label(const struct ted_snapshot *snapshot, uint32_t at, uint32_t label);
/* The prefix SID of an index, and the node that has it; NULL when nobody does. */
const struct ted_prefix_sid *ted_find_sid_of_index(const struct ted_snapshot *snapshot,
                                                   uint32_t index, uint32_t *node);
/* How many labels a node can push on any of its links: what it says of itself, which is the least of
 * them (RFC 8491 2); else the least that is known of a link. 0: not known. */
uint8_t ted_msd_of_node(const struct ted_snapshot *snapshot, uint32_t node);
/* The prefix SID of a node for an algorithm and family; NULL when it has none. */
const struct ted_prefix_sid *ted_find_prefix_sid(const struct ted_snapshot *snapshot, uint32_t node,
                                                 uint8_t algorithm, uint8_t family);
/* An adjacency SID of a directed link for a family (IP_NONE: any); NULL when it has none such. */
const struct ted_adj_sid *ted_find_adj_sid(const struct ted_snapshot *snapshot, uint32_t link,
                                           uint8_t family, enum ted_protection protection);
/* The SRv6 SID of a node that a segment list may name it by: End, of an algorithm, the node's alone.
 * One that takes the outer header off as the last SID, too, comes before others (USD, RFC 8986
 * 4.16.3). NULL when there is none. */
const struct ted_srv6_sid *ted_find_end_sid(const struct ted_snapshot *snapshot, uint32_t node,
                                            uint8_t algorithm);
/* The same of a directed link: End.X, with the protection of ted_find_adj_sid. */
const struct ted_srv6_sid *ted_find_end_x_sid(const struct ted_snapshot *snapshot, uint32_t link,
                                              uint8_t algorithm, enum ted_protection protection);

#endif
