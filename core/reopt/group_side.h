/* Group side: how a shard speaks for its LSPs that are in groups, and does what the groups' owners
 * say (group_letter.h).
 *
 *   an LSP in a group is laid, changes, is gone    its slot is in reopt->grouped
 *   a turn                                         takes such slots, and tells each group's owner; groups
 *                                                  that the LSP has left are told that
 *   a verdict                                      the path that it names is reserved and ordered as
 *                                                  any other (job_group.c)
 *
 * A slot whose letters no mailbox has room for stays in the set. An LSP that is in several groups is
 * moved by one: the first kind of GROUP_KINDS, and the lowest name; to the others it is one that cannot
 * be moved.
 *
 * Thread: the owning shard. Owns: what was told, for each LSP in a group.
 * Bound: GROUPS_OF_LSP_MAX groups of an LSP; the work that the scene has. */
#ifndef PCED_CORE_REOPT_GROUP_SIDE_H
#define PCED_CORE_REOPT_GROUP_SIDE_H

#include "core/reopt/group_letter.h"

#define GROUPS_OF_LSP_MAX  8
#define GROUP_VERDICTS_MAX 65536 /* that wait in a shard */

struct group_side_ops {
    /* Takes the letter over. False: there is no room now, and the letter is the caller's. */
    bool (*post)(void *owner, uint32_t shard, struct group_letter *letter);
    /* The LSP cannot be in a group, or the group not what it has to be: its PCC is to hear the
     * error (RFC 8697 6.4). Told once. May be NULL. */
    void (*on_refused)(void *owner, const struct lsp *lsp, const struct group_verdict *verdict);
};

struct group_side {
    const struct group_side_ops *ops;
    void *owner;
    struct reopt *reopt;
    uint32_t shard, shard_count;
    uint64_t sequence;         /* of the last tell */
    struct list_link verdicts; /* that came and were not looked at yet */
    uint32_t verdict_count;
    struct map told;   /* struct group_told, by slot */
    uint64_t outdated; /* verdicts that a newer tell had overtaken */
    uint64_t unposted; /* letters that there was no room for */
    uint64_t refused;  /* LSPs in one bidirectional group too many */
};

void group_side_init(struct group_side *side, const struct group_side_ops *ops, void *owner,
                     struct reopt *reopt);
void group_side_fini(struct group_side *side);
/* A bounded part of what is to be told; true: there is more at once. */
bool group_side_turn(struct group_side *side, struct reopt_scene *scene);
/* What the owner of a group says, which is the side's from now on. It waits for the turn; one past
 * GROUP_VERDICTS_MAX is dropped and counted, and its LSP tells again. */
void group_side_take(struct group_side *side, struct group_verdict *verdict);
/* A bounded part of what was said is done; true: there is more at once. */
bool group_side_do(struct group_side *side, struct reopt_scene *scene);

#endif
