/* RIB merge: one network of what all sources say; the steps, each in a file of its own.
 *
 *   rib_belief.c    who is believed first; entries in that order, by kind
 *   rib_nodes.c     which names are one node
 *   rib_links.c     which entries are one direction of one link
 *   rib_lans.c      routers of a LAN become neighbours
 *   rib_ends.c      each direction completes the other
 *   rib_claims.c    whose an address, an index, a label is
 *   rib_prefixes.c  addresses and prefix SIDs of nodes
 *   rib_build.c     all of it into a builder
 *   rib_follow.c    the same for what has changed, where that is little: rib_follow_node.c, …
 *   rib_flex.c      what is said of flexible algorithms
 *
 * The order of what was told plays no part: everything is sorted first.
 *
 * Thread: the RIB's. Owns: its scratch, until merge_fini. Bound: by what the RIB has;
 * MERGE_NAMES_MAX names of one node. */
#ifndef PCED_CORE_TED_RIB_MERGE_H
#define PCED_CORE_TED_RIB_MERGE_H

#include "core/ted/builder.h"
#include "core/ted/rib_impl.h"

#define MERGE_NAMES_MAX 32 /* of one node: level and area do not count, domains do */

/* The entries of one kind. */
struct merge_entries {
    const struct rib_entry **at;
    uint32_t count;
};

struct merged_node {
    struct rib_node said; /* points into records */
    struct rib_name name; /* the first of its names */
    uint32_t index;       /* in the builder; TED_NONE: it is a LAN, or was left out */
    bool is_lan;
    bool is_overloaded;           /* by anyone who is to be believed … */
    bool is_passed;               /* … and not by another one */
    struct ted_range addresses;   /* of `addresses` */
    struct ted_range prefix_sids; /* of `prefix_sids` */
    struct ted_range srv6_sids;   /* of `srv6_sids` */
};

/* Whose an address or an index was. */
struct merge_claim {
    bool is_index;
    uint32_t at; /* place of `owners` or `sid_owners` */
    uint32_t node;
};

/* An entry of a link, between two nodes. */
struct merge_half {
    const struct rib_entry *entry;
    uint32_t from, to; /* indexes of nodes */
    uint32_t set;      /* which of them are one link: the index of the first one */
    bool is_told;      /* by who is to be believed: the link is there */
};

/* One direction of a link. */
struct merged_link {
    uint32_t from, to;
    struct ted_range halves; /* of `halves`: most believed first */
    struct ip local_v4, remote_v4, local_v6, remote_v6;
    uint32_t local_id, remote_id;
    uint32_t lan; /* the node that is the LAN; TED_NONE */
};

struct merge {
    struct rib *rib;
    struct rib_findings *findings;
    struct merge_entries entries[RIB_KIND_COUNT]; /* each in the order of rib_belief.c */
    /* Nodes. */
    uint32_t *node_of_name; /* by number: the node; TED_NONE: nobody tells of it */
    struct ted_array nodes; /* struct merged_node, by name */
    /* Links. */
    struct ted_array halves; /* struct merge_half, by (from, to), set, belief */
    struct ted_array links;  /* struct merged_link, by (from, to), addresses */
    struct ted_range due;    /* nodes that the steps are for */
    /* Whose an address is. */
    struct ted_array owners; /* struct ted_address: node is one of `nodes`; TED_NONE: given up */
    struct slots owner_index;
    bool owns_all_ends;        /* while a network is made: no address of a link is another node's */
    struct ted_array anycasts; /* struct ip: those that nobody has alone */
    struct slots anycast_index;
    struct ted_array labels; /* uint64_t: node << 32 | label */
    struct slots label_index;
    /* What nodes have. */
    struct ted_array addresses;   /* struct ip */
    struct ted_array prefix_sids; /* struct ted_prefix_sid */
    struct ted_array srv6_sids;   /* struct ted_srv6_sid */
    struct ted_array sid_owners;  /* uint32_t by index */
    /* By node: MERGE_DELICATE_…, what of it depends on more than what is told of it. */
    uint8_t *delicate;
    struct ted_array claims; /* struct merge_claim: who had what before, where that is kept */
    bool keeps_claims;
    uint32_t place_count; /* links of the network that was made, by (from, to) */
    /* The names of each node: names[first_name[node]] … */
    uint32_t *names, *first_name;
    uint32_t name_count; /* of node_of_name */
};

/* ---- belief ---- */

/* Sorts the entries of each kind: by name, then part, then belief. */
PCE_MUST_CHECK enum pce_status merge_collect(struct merge *merge);
/* Who is believed first: fresh before stale, those that bring a network before those that complete
 * one, by rank, by name; then by what was told. */
int merge_compare_belief(const struct rib *rib, const struct rib_entry *a,
                         const struct rib_entry *b);
/* Whether an entry is to be collected. */
typedef bool merge_keep_fn(void *context, const struct rib_entry *entry);

/* Which entries of a few nodes. */
struct merge_choice {
    enum rib_kind kind;
    const uint32_t *nodes; /* each named once */
    uint32_t node_count;
    merge_keep_fn *keep; /* NULL: all */
    void *context;
};

/* The same of these entries. */
PCE_MUST_CHECK enum pce_status merge_collect_of(struct merge *merge,
                                                const struct merge_choice *choice);
/* Whether the entry's source is the one that tells what its node (of that level or area) has. */
bool merge_is_told(const struct merge *merge, const struct rib_entry *entry);

/* ---- the steps ---- */

/* The first link from one node to another, where links are sorted; TED_NONE: there is none. */
uint32_t merge_find_link(const struct merge *merge, uint32_t from, uint32_t to);

PCE_MUST_CHECK enum pce_status merge_nodes(struct merge *merge);
/* What is said of the nodes that are due: the last step of merge_nodes. */
PCE_MUST_CHECK enum pce_status merge_read_nodes(struct merge *merge);
PCE_MUST_CHECK enum pce_status merge_links(struct merge *merge);
/* What is wrong with a link between two names: RIB_LINK_WITHOUT_NODE, RIB_LINK_TO_ITSELF;
 * RIB_FINDING_COUNT: nothing. */
enum rib_finding_kind merge_find_odd_link(const struct merge *merge, uint32_t from, uint32_t to,
                                          bool is_complement);
PCE_MUST_CHECK enum pce_status merge_lans(struct merge *merge);
/* By nodes, addresses, ids. */
void merge_sort_links(struct merge *merge);
/* Completes each direction by the other one. */
void merge_ends(struct merge *merge);
PCE_MUST_CHECK enum pce_status merge_prefixes(struct merge *merge);
PCE_MUST_CHECK enum pce_status merge_srv6_sids(struct merge *merge);
PCE_MUST_CHECK enum pce_status merge_claim_links(struct merge *merge);
PCE_MUST_CHECK enum pce_status merge_build(struct merge *merge, const char *network_name,
                                           struct ted_snapshot **snapshot);

/* Finds definitions of flexible algorithms that do not count, or that nobody can compute by. */
void merge_find_flexes(struct merge *merge, const struct ted_snapshot *snapshot);

/* ---- claims: whoever comes first has it ---- */

/* false: it is another node's, which is found. Link-local and absent ones are anybody's. */
PCE_MUST_CHECK enum pce_status merge_claim_address(struct merge *merge, const struct ip *address,
                                                   uint32_t node);
bool merge_owns_address(const struct merge *merge, const struct ip *address, uint32_t node);
/* PCE_EXISTS: the node has it already. */
PCE_MUST_CHECK enum pce_status merge_claim_label(struct merge *merge, uint32_t node,
                                                 uint32_t label);
/* PCE_EXISTS: another node has it. */
PCE_MUST_CHECK enum pce_status merge_claim_index(struct merge *merge, uint32_t index,
                                                 uint32_t node);
/* The node has it no more. What is not the node's stays. */
PCE_MUST_CHECK enum pce_status merge_leave_address(struct merge *merge, const struct ip *address,
                                                   uint32_t node);
PCE_MUST_CHECK enum pce_status merge_leave_index(struct merge *merge, uint32_t index,
                                                 uint32_t node);
/* TED_NONE: nobody. */
uint32_t merge_owner_of(const struct merge *merge, const struct ip *address);
/* Several nodes have it, or will, and none alone. */
PCE_MUST_CHECK enum pce_status merge_add_anycast(struct merge *merge, const struct ip *address);
bool merge_is_anycast(const struct merge *merge, const struct ip *address);
/* All is whose it was before the first claim that was kept. */
void merge_undo_claims(struct merge *merge);

/* Frees what is of no use once the network is made. */
void merge_drop_scratch(struct merge *merge);
/* Frees all of it. */
void merge_fini(struct merge *merge);

enum {
    MERGE_DELICATE_LINKS = 1 << 0, /* its links are not followed when they change … */
    MERGE_DELICATE_NODE = 1 << 1,  /* … and neither is what the node itself has */
    MERGE_DELICATE_ALL = MERGE_DELICATE_LINKS | MERGE_DELICATE_NODE,
};

/* A node that somebody has; TED_NONE: nobody is marked. */
static inline void merge_mark_delicate(struct merge *merge, uint32_t node, unsigned what)
{
    if (node != TED_NONE)
        merge->delicate[node] |= (uint8_t)what;
}

static inline int merge_compare_u32(uint32_t a, uint32_t b)
{
    return (a > b) - (a < b);
}

static inline struct merged_node *merge_node(const struct merge *merge, uint32_t node)
{
    return &((struct merged_node *)merge->nodes.items)[node];
}

/* The node that has the name; TED_NONE: nobody tells of it, or it has come since. */
static inline uint32_t merge_node_of(const struct merge *merge, uint32_t name)
{
    return name < merge->name_count ? merge->node_of_name[name] : TED_NONE;
}

/* What people call it: its name, else what its routing domain calls it. Returns text. */
#define MERGE_TEXT_SIZE (TED_NAME_SIZE_MAX + 1)
const char *merge_node_text(const struct merge *merge, uint32_t node, char text[MERGE_TEXT_SIZE]);

#endif
