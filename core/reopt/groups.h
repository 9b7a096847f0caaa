/* Groups: those that one shard owns, what their members want, and what they are to do.
 *
 *   a member's tell     is put into its group; what cannot be in the group is refused (group_admit.h)
 *   anything has        the group is looked at (group_decide.h): where it is not what its members ask
 *     changed             for, their paths are computed together
 *   what comes of it    goes to each member's shard, which reserves, orders, and tells again
 *
 * A group is looked at as a whole and on one snapshot: in one turn, or, where that takes longer, by
 * another thread (group_away.h). What that finds counts if network and members are as they were; where
 * they are not twice in a row, what holds all the same (late.h). A letter that no mailbox has room
 * for leaves the group among those that are to be looked at.
 *
 * Thread: the owning shard. Owns: groups, and the last tell of each member.
 * Bound: groups_max groups; GROUP_MEMBERS_MAX members of each; the work of one turn, overrun by one
 * group at most, which takes no more here than that or work_inline. */
#ifndef PCED_CORE_REOPT_GROUPS_H
#define PCED_CORE_REOPT_GROUPS_H

#include "core/reopt/group_bench.h"
#include "core/reopt/group_counters.h"
#include "core/reopt/group_letter.h"

#define GROUPS_MAX        (UINT32_C(1) << 20)
#define GROUP_MEMBERS_MAX PATH_SET_MAX
#define GROUPS_PER_TURN   1024 /* that are marked after a change of the network */
#define GROUP_PATIENCE_MS                                                                          \
    200 /* after it, for members that have not said yet what it means to them */

/* STATE(name, "text") */
#define GROUP_STATES(STATE)                                                                        \
    STATE(ALONE, "one member")                                                                     \
    STATE(MET, "as asked")                                                                         \
    STATE(MOVING, "being moved")                                                                   \
    STATE(RELAXED, "less than asked")                                                              \
    STATE(BLOCKED, "cannot be as asked")
#define GROUP_STATE_MEMBER(name, text) GROUP_IS_##name,
enum group_state { GROUP_STATES(GROUP_STATE_MEMBER) GROUP_STATE_COUNT };
#undef GROUP_STATE_MEMBER
const char *group_state_text(enum group_state state);

struct group_member {
    struct group_tell *tell;
    uint8_t status;   /* flags of DISJOINTNESS-STATUS, of the last look */
    uint8_t decision; /* enum group_verdict_kind of the last look */
    uint64_t told;    /* hash of the last verdict: the same is not said twice */
};

struct group {
    struct map_node node;
    uint64_t id;              /* of this shard's groups no other one ever has it */
    struct list_link waiting; /* while it is to be looked at, or computed elsewhere */
    bool is_heavy;            /* … the latter */
    bool is_away;             /* it is computed elsewhere */
    bool is_outdated;         /* … which has come too late before: late.h */
    bool is_waiting_for_word; /* a member's is older than the network, since `asked` */
    struct mono asked;
    struct group_key key;
    struct group_want want; /* of all members: kind, flags without P, objective */
    uint32_t slot;          /* in the table */
    bool is_better_wanted;  /* the interval: a better solution is looked for, too */
    bool was_met;           /* it has been as asked, with more than one member */
    uint8_t state;          /* enum group_state */
    uint8_t achieved;       /* GROUP_LINK | GROUP_NODE | GROUP_SRLG that hold between all members */
    const char *why;        /* static text; NULL: nothing is to be said */
    struct mono since;      /* of the state */
    uint32_t count;
    struct group_member members[GROUP_MEMBERS_MAX];
};

struct groups_ops {
    /* Takes the letter over. False: there is no room now, and the letter is the caller's. */
    bool (*post)(void *owner, uint32_t shard, struct group_letter *letter);
    /* The state has changed. May be NULL. */
    void (*on_state)(void *owner, const struct group *group, enum group_state from);
};

/* What one turn has. */
struct groups_scene {
    const struct ted_snapshot *snapshot; /* NULL: there is none; nothing is done */
    struct resolver *resolver;
    struct ted_reservations *reservations;
    struct arena *arena; /* reset after each group */
    struct reopt_settings settings;
    struct mono now;
    uint64_t work_left; /* steps of the engine */
};

static inline void groups_spend(struct groups_scene *scene, uint64_t work)
{
    scene->work_left -= work < scene->work_left ? work : scene->work_left;
}

struct groups {
    const struct groups_ops *ops;
    void *owner;
    struct map map;
    struct group **slots; /* NULL: free */
    uint32_t slot_count, slot_end;
    uint32_t groups_max;
    uint64_t last_id;
    struct list_link waiting; /* to be looked at */
    struct list_link heavy;   /* to be computed elsewhere, when there is room */
    struct errands *errands;  /* NULL: all is computed here, however long it takes */
    uint64_t work_inline;     /* steps for one, when others may do more; 0: as above */
    struct group_counters counters;
    struct group_bench bench;
    uint32_t seen_turn; /* of the network that all groups were marked for */
    struct mono turned; /* when that was */
    uint32_t mark_slot;
    bool is_marking;
    bool is_marking_all; /* the interval: those that are as asked, too */
    struct mono looked;  /* when the interval was over last */
};

void groups_init(struct groups *groups, const struct groups_ops *ops, void *owner);
void groups_fini(struct groups *groups);
/* A tell or a leave, which is the table's from now on. */
void groups_take(struct groups *groups, struct group_letter *letter, struct mono now);
/* A bounded part of what is to be done; true: there is more at once. */
bool groups_turn(struct groups *groups, struct groups_scene *scene);
/* From slot *slot on; NULL: there are no more. *looks falls with each slot, and none is found at 0.
 */
const struct group *groups_next(const struct groups *groups, uint32_t *slot, uint32_t *looks);

#endif
