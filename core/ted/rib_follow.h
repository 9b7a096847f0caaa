/* RIB follow: changes since the last whole merge, of which the snapshot is patched.
 *
 * Thread: the RIB's. Owns: what is between follow_begin and follow_end. Bound: the marks of rib_marks.c,
 * and the links of the nodes that are marked; FOLLOW_LANS_MAX, FOLLOW_NEW_MAX,
 * FOLLOW_LOOKED_MAX. */
#ifndef PCED_CORE_TED_RIB_FOLLOW_H
#define PCED_CORE_TED_RIB_FOLLOW_H

#include "core/ted/patch.h"
#include "core/ted/rib_merge.h"

#define FOLLOW_LANS_MAX 16   /* of the two routers of a pair; where there are more, all is merged */
#define FOLLOW_NEW_MAX  4096 /* places of links that have come since all was merged */
/* Links that are looked at at a time: where a router with very many has many changes, all is merged. */
#define FOLLOW_LOOKED_MAX 2000000

struct follow_pair {
    uint32_t low, high; /* merged nodes */
};

/* A router whose link to a LAN, or the LAN's to it, is marked. */
struct follow_port {
    uint32_t lan, router; /* merged nodes */
};

/* A direction that the other one has come to lack, or lacks no more. */
struct follow_half {
    uint32_t from, to; /* merged nodes */
    bool lacks;
};

struct follow_direction {
    bool was, is; /* whether there is a link */
};

struct merge_node_building;

/* A node of which something was told. */
struct follow_node {
    uint32_t node;
    struct merged_node before; /* its records may be gone */
    struct merge_node_building *building;
};

struct following {
    struct rib *rib;
    const struct ted_snapshot *before;
    struct merge *merge; /* the last one; its scratch is ours */
    struct rib_findings findings;
    struct rib_findings *all;    /* of the network */
    struct ted_array pairs;      /* struct follow_pair */
    struct ted_array ports;      /* struct follow_port */
    struct ted_array nodes;      /* struct follow_node */
    struct ted_array buildings;  /* struct merge_building * */
    struct ted_array items;      /* struct ted_patch_item */
    struct ted_array node_items; /* struct ted_patch_node */
    struct ted_array half_links; /* struct follow_half */
    struct ted_array places;     /* uint32_t: of one direction */
    uint32_t new_count;          /* links that had no place */
    uint64_t looked;             /* entries of links */
};

/* Whether nothing was found that is not brought up to date. */
bool follow_is_clean(const struct rib_findings *findings);

/* Merges what each of `nodes` has, each once. PCE_UNSUPPORTED: others have part of it. */
PCE_MUST_CHECK enum pce_status follow_nodes(struct following *following);
/* All is as it was before follow_nodes. */
void follow_undo_nodes(struct following *following);
/* Brings what was found of them up to date, in the network that was made. */
void follow_tell_nodes(const struct following *following, const struct ted_snapshot *snapshot);

/* The links from one node to another that were merged, as items for a patch. */
PCE_MUST_CHECK enum pce_status follow_direction(struct following *following, uint32_t from,
                                                uint32_t to, struct follow_direction *direction);

/* Merges what is between two nodes. */
PCE_MUST_CHECK enum pce_status follow_pair(struct following *following,
                                           const struct follow_pair *pair);
void follow_tell_halves(struct following *following);

#endif
