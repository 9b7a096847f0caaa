/* Group look: one group as it is on one snapshot, while it is looked at.
 *
 * Internal to core/reopt: group_look.c, group_solve.c, group_mirror.c, group_decide.c.
 *
 * Thread: the owning shard. Owns: nothing; what it points to is in the scene's arena.
 * Bound: GROUP_MEMBERS_MAX members; GROUP_WORK_MAX steps of the engine for one path, and what the
 * question allows for all. */
#ifndef PCED_CORE_REOPT_GROUP_LOOK_H
#define PCED_CORE_REOPT_GROUP_LOOK_H

#include "core/reopt/groups.h"
#include "core/reopt/late.h"

#define GROUP_WORK_MAX UINT64_C(400000)

/* A path as it could be ordered. */
struct group_path {
    struct path_result result; /* links and SIDs in the arena */
    struct group_way way;      /* all links that its traffic may take */
    double cost;
};

struct group_seat {
    const struct group_tell *tell;
    struct path_request request;
    struct path_reservations reservations;
    struct group_way way;   /* where it is, or is ordered to */
    struct group_way here;  /* where its traffic is until it has arrived there; no links: nowhere */
    struct group_way fixed; /* what of it stays wherever it goes: other segment lists */
    bool is_whole;          /* it has a path that keeps to its own constraints */
    bool may_move;
    const struct group_path *next; /* where it would go; NULL: it stays */
    uint32_t unsatisfied;          /* enum path_constraint, of the last path that there was none */
};

/* How far a set of paths is from what the group asks. */
struct group_measure {
    struct group_shared shared;
    uint8_t apart;     /* between all of them */
    uint32_t pathless; /* members without a path */
};

struct group_look {
    struct group_bench *bench;
    struct groups_scene *scene;
    const struct group *group;
    uint64_t work_left; /* steps of the engine that the group may take here */
    uint8_t need;       /* GROUP_LINK | … that the paths have to be apart in */
    uint32_t count;
    struct group_seat seats[GROUP_MEMBERS_MAX];
    bool is_late;    /* words that are older than the network have been waited for long enough */
    bool is_heavy;   /* … which did not do: nothing is found any more */
    bool has_failed; /* memory ran out */
};

/* False: no memory, or what a member has said is older than the network and cannot be so any more:
 * *waits: it will say more. */
bool group_look_begin(struct group_look *look, bool *waits);
/* The paths that the members would have: `next`, else where they are. */
struct group_measure group_look_measure(struct group_look *look);
/* Less than, equal or greater than 0: how much is wanting, by the group's objective. */
int group_measure_compare(const struct group_look *look, const struct group_measure *a,
                          const struct group_measure *b);
bool group_measure_is_met(const struct group_look *look, const struct group_measure *measure);
/* Where it is, or would be; of one without a path what of it stays. NULL: nothing. */
const struct group_way *group_seat_way(const struct group_seat *seat,
                                       const struct group_path *next);
/* Two paths with nothing in common that the group forbids. */
bool group_look_is_apart(struct group_look *look, const struct group_way *a,
                         const struct group_way *b);
/* The path of a seat as it is, with what the sets of `request` say of it; NULL: there is none, see
 * the seat's unsatisfied and has_failed. */
const struct group_path *group_look_compute(struct group_look *look, struct group_seat *seat,
                                            const struct path_request *request);
/* Nothing more is found: whoever looks for paths gives up. */
static inline bool group_look_is_over(const struct group_look *look)
{
    return look->has_failed || look->is_heavy;
}
/* Steps that a computation may take, at most; 0: there are none left. */
uint64_t group_look_work_max(const struct group_look *look);
/* … and what it has taken. */
void group_look_count(struct group_look *look, uint64_t work, enum path_outcome outcome);
void group_look_spend(struct group_look *look, uint64_t work);
/* Whether a better path is wanted of a group that is as asked, and its members may be moved for it. */
bool group_look_may_better(const struct group_look *look);
/* Whether what the members would have, `next`, is better by as much as that takes. */
bool group_look_gains(const struct group_look *look);
/* What was computed, laid, in the arena; NULL: it cannot be laid, or no memory. */
const struct group_path *group_look_keep(struct group_look *look, const struct group_seat *seat,
                                         const struct path_result *result);
/* The same of what was found on another network; NULL, too: it does not hold on this one. */
const struct group_path *group_look_keep_late(struct group_look *look,
                                              const struct group_seat *seat,
                                              const struct late_path *late);

#endif
