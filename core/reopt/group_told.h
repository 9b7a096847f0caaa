/* Group told: what a shard has told the owners of its LSPs' groups, and what they have said.
 *
 * Internal to core/reopt: group_side.c, group_do.c.
 *
 * Thread: the owning shard. Owns: what was told, for each LSP in a group, through struct group_side.
 * Bound: GROUPS_OF_LSP_MAX groups of an LSP. */
#ifndef PCED_CORE_REOPT_GROUP_TOLD_H
#define PCED_CORE_REOPT_GROUP_TOLD_H

#include "core/reopt/group_side.h"

/* What one group was told of an LSP, and has said. */
struct told_group {
    struct group_key key;
    struct group_want want;
    uint8_t status; /* flags of DISJOINTNESS-STATUS that its PCC has been told */
    bool has_status;
    bool is_refused;
    enum pcep_error_code error; /* that its PCC has been told */
};

struct group_told {
    struct map_node node;
    struct lsp_handle lsp;
    uint64_t sequence; /* of the last tell */
    uint32_t *ordered; /* numbers of the links that a group has ordered it onto; NULL */
    uint32_t ordered_count;
    bool is_extra_told; /* that it is in one bidirectional group too many */
    uint32_t count;
    struct told_group groups[GROUPS_OF_LSP_MAX];
};

struct group_told *told_find(struct group_side *side, uint32_t slot);
/* NULL: no memory. */
struct group_told *told_make(struct group_side *side, const struct lsp *lsp);
void told_drop(struct group_side *side, struct group_told *told);
struct told_group *told_find_group(struct group_told *told, const struct group_key *key);
void told_forget_order(struct group_told *told);
/* The group that moves the LSP; NULL: none takes it. */
const struct told_group *told_mover(const struct group_told *told);

#endif
