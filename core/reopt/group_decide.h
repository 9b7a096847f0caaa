/* Group decide: what the members of a group are to do, looked at as they are now.
 *
 *   all have a path, and the      they stay; at the interval they are moved where that gains
 *     paths are as asked
 *   some have no path             these are computed around the others; where that is not as asked,
 *                                 all are computed together
 *   the paths are not as asked    all that can be moved are computed together
 *   it cannot be as asked         strict: who has a path keeps it, who has none gets none (RFC 8800
 *                                 5.6). Else the best there is, and who has a path is moved only
 *                                 where that betters the group
 *
 * Not all are moved at once where that would have two of them share on the way: a member goes when its
 * new path is apart from where the others still are, and the rest after it has arrived. Where no
 * order keeps them apart, all go at once.
 *
 * Internal to core/reopt.
 *
 * Thread: that of the bench. Owns: nothing; paths are in the scene's arena. Bound: those of
 * group_look.h. */
#ifndef PCED_CORE_REOPT_GROUP_DECIDE_H
#define PCED_CORE_REOPT_GROUP_DECIDE_H

#include "core/reopt/groups.h"
#include "core/reopt/late.h"

struct group_plan {
    uint8_t state;    /* enum group_state */
    uint8_t achieved; /* GROUP_LINK | … when all have arrived */
    const char *why;
    struct group_step {
        uint8_t decision; /* enum group_verdict_kind */
        bool is_shortest;
        /* Where it is to go: with GROUP_VERDICT_MOVE now, else when others have moved. NULL: it stays. */
        const struct path_result *path;
    } of[GROUP_MEMBERS_MAX];
};

enum group_outcome {
    GROUP_DECIDED,
    GROUP_WAITS,  /* a member's word is older than the network: it will say more */
    GROUP_PAST,   /* what was found on another network does not hold on this one */
    GROUP_HEAVY,  /* it takes more work than it may here */
    GROUP_FAILED, /* no memory: later */
};

struct group_question {
    const struct group *group;
    uint64_t work_max; /* steps of the engine; UINT64_MAX: those of GROUP_WORK_MAX alone count */
    bool is_late;      /* words that are older than the network have been waited for long enough */
    /* By member, what was found on another network (late.h): nothing is computed. NULL: paths are. */
    const struct late_path *found;
};

/* Whichever thread has the bench and the group. */
enum group_outcome group_decide(struct group_bench *bench, struct groups_scene *scene,
                                const struct group_question *question, struct group_plan *plan);

#endif
