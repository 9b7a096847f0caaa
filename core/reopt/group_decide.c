#include "core/reopt/group_decide.h"

#include "core/reopt/group_mirror.h"
#include "core/reopt/group_solve.h"

#include <string.h>

struct deciding {
    struct group_look look;
    struct group_plan *plan;
    struct group_measure now;                          /* where they are */
    struct group_measure best;                         /* of what was found */
    const struct group_path *found[GROUP_MEMBERS_MAX]; /* of the best */
    bool has_found;
};

/* ---- who ---- */

static uint32_t decide_movable(const struct group_look *look)
{
    uint32_t seats = 0;
    for (uint32_t i = 0; i < look->count; i++)
        if (look->seats[i].may_move)
            seats |= 1U << i;
    return seats;
}

static uint32_t decide_broken(const struct group_look *look)
{
    uint32_t seats = 0;
    for (uint32_t i = 0; i < look->count; i++)
        if (!look->seats[i].is_whole)
            seats |= 1U << i;
    return seats;
}

/* ---- what is tried ---- */

static void decide_forget(struct deciding *deciding)
{
    for (uint32_t i = 0; i < deciding->look.count; i++)
        deciding->look.seats[i].next = NULL;
}

/* Keeps what was found if nothing better was; true: it is all that is asked. */
static bool decide_note(struct deciding *deciding)
{
    struct group_look *look = &deciding->look;
    struct group_measure measure = group_look_measure(look);
    if (deciding->has_found && group_measure_compare(look, &measure, &deciding->best) >= 0)
        return false;
    deciding->has_found = true;
    deciding->best = measure;
    for (uint32_t i = 0; i < look->count; i++)
        deciding->found[i] = look->seats[i].next;
    return group_measure_is_met(look, &measure);
}

static bool decide_is_strict(const struct group_look *look)
{
    return (look->group->want.flags & GROUP_STRICT) != 0;
}

/* What the paths must be apart in, one try after the other. */
static const uint8_t decide_levels[] = {GROUP_DIVERSE, GROUP_LINK | GROUP_NODE,
                                        GROUP_LINK | GROUP_SRLG, GROUP_LINK, 0};

/* The level is another one than those before it for this group. */
static bool decide_has_level(const struct group_look *look, unsigned level)
{
    for (unsigned i = 0; i < level; i++)
        if ((decide_levels[i] & look->need) == (decide_levels[level] & look->need))
            return false;
    /* An objective says what is to be least: nothing else comes before it. */
    return look->group->want.objective == GROUP_ANY_OBJECTIVE || decide_levels[level] == 0 ||
           level == 0;
}

/* Nobody stays who has a path: levels are gone through while all are computed together. */
static bool decide_is_whole(const struct group_look *look, uint32_t movers)
{
    for (uint32_t i = 0; i < look->count; i++)
        if ((movers & 1U << i) == 0 && look->seats[i].is_whole)
            return false;
    return (movers & (movers - 1)) != 0;
}

/* As little in common as can be, by the group's objective. */
static void decide_try_objective(struct deciding *deciding, uint32_t movers)
{
    struct group_look *look = &deciding->look;
    if (look->group->want.objective != GROUP_ANY_OBJECTIVE && !decide_is_strict(look) &&
        group_solve_in_turn(look, movers, 0))
        (void)decide_note(deciding);
}

/* True: there is nothing left to look for. */
static bool decide_try(struct deciding *deciding, uint32_t movers)
{
    struct group_look *look = &deciding->look;
    unsigned count = sizeof decide_levels / sizeof decide_levels[0], first = 0;
    if (decide_is_strict(look))
        count = 1;
    else if (decide_is_whole(look, movers))
        first = count - 1;
    for (unsigned i = first; i < count && movers != 0; i++) {
        if (i > first && !decide_has_level(look, i))
            continue;
        bool is_whole = group_solve(look, movers, decide_levels[i]);
        if (decide_note(deciding))
            return true;
        if (is_whole)
            break; /* lower levels have no more to give */
    }
    if (movers != 0)
        decide_try_objective(deciding, movers);
    return false;
}

/* ---- what is told ---- */

static bool decide_is_same(const struct group_seat *seat, const struct group_path *path)
{
    return seat->is_whole && seat->way.count == path->way.count &&
           memcmp(seat->way.links, path->way.links, path->way.count * sizeof *path->way.links) == 0;
}

static uint8_t decide_achieved(const struct group_look *look, const struct group_measure *measure)
{
    return measure->apart & look->group->want.flags & GROUP_DIVERSE;
}

static void decide_tell(struct deciding *deciding, const struct group_measure *measure)
{
    struct group_look *look = &deciding->look;
    struct group_plan *plan = deciding->plan;
    plan->achieved = decide_achieved(look, measure);
    if (group_measure_is_met(look, measure))
        plan->state = look->count == 1 ? GROUP_IS_ALONE : GROUP_IS_MET;
    else if (measure->pathless > 0 || decide_is_strict(look))
        plan->state = GROUP_IS_BLOCKED;
    else
        plan->state = GROUP_IS_RELAXED;
}

static const char *decide_why(const struct deciding *deciding)
{
    const struct group_look *look = &deciding->look;
    for (uint32_t i = 0; i < look->count; i++) {
        const struct group_seat *seat = &look->seats[i];
        if (!seat->tell->is_computable)
            return "an LSP asks for what cannot be computed";
        if (seat->way.source == TED_NONE || seat->way.destination == TED_NONE)
            return "an end of an LSP is not in the network";
        if (seat->tell->is_paused)
            return "a router did not do what it was asked";
        if (!seat->may_move && !seat->tell->is_ordered)
            return "an LSP is not ours to move now";
    }
    return "the network has no such paths";
}

/* Whether the new path of a seat is apart from where the others are that have not left yet. */
static bool decide_may_go(struct deciding *deciding, uint32_t movers, uint32_t index)
{
    struct group_look *look = &deciding->look;
    for (uint32_t i = 0; i < look->count; i++) {
        const struct group_seat *seat = &look->seats[i];
        bool is_leaving = (movers & 1U << i) != 0 || seat->tell->is_ordered;
        if (i != index && is_leaving && seat->here.count > 0 &&
            !group_look_is_apart(look, &deciding->found[index]->way, &seat->here))
            return false;
    }
    return true;
}

/* Moves that may go now. Where none may, and nobody is on the way, no order keeps them apart. */
static uint32_t decide_first(struct deciding *deciding, uint32_t movers)
{
    const struct group_look *look = &deciding->look;
    uint32_t first = 0;
    bool is_moving = false;
    for (uint32_t i = 0; i < look->count; i++) {
        is_moving = is_moving || look->seats[i].tell->is_ordered;
        if ((movers & 1U << i) != 0 && decide_may_go(deciding, movers, i))
            first |= 1U << i;
    }
    return first != 0 || is_moving ? first : movers;
}

static void decide_move(struct deciding *deciding)
{
    struct group_look *look = &deciding->look;
    uint32_t movers = 0;
    for (uint32_t i = 0; i < look->count; i++) {
        const struct group_path *path = deciding->found[i];
        if (path != NULL && !decide_is_same(&look->seats[i], path))
            movers |= 1U << i;
    }
    uint32_t first = decide_first(deciding, movers);
    for (uint32_t i = 0; i < look->count; i++) {
        if ((movers & 1U << i) != 0)
            deciding->plan->of[i].path = &deciding->found[i]->result;
        if ((first & 1U << i) != 0)
            deciding->plan->of[i].decision = GROUP_VERDICT_MOVE;
    }
}

/* Who needs a path and gets none. */
static void decide_block(struct deciding *deciding)
{
    const struct group_look *look = &deciding->look;
    for (uint32_t i = 0; i < look->count; i++)
        if (!look->seats[i].is_whole && look->seats[i].may_move &&
            deciding->plan->of[i].decision == GROUP_VERDICT_STAY)
            deciding->plan->of[i].decision = GROUP_VERDICT_BLOCK;
}

static const struct group_way *decide_way(const struct deciding *deciding, uint32_t index)
{
    return group_seat_way(&deciding->look.seats[index], deciding->found[index]);
}

/* Strict: nobody is moved onto what another one has, but for one with P, which looks at nobody. */
static bool decide_may_all_go(struct deciding *deciding)
{
    struct group_look *look = &deciding->look;
    for (uint32_t i = 0; i < look->count; i++) {
        const struct group_path *path = deciding->found[i];
        if (path == NULL || (look->seats[i].tell->want.flags & GROUP_SHORTEST) != 0)
            continue;
        for (uint32_t k = 0; k < look->count; k++) {
            const struct group_way *way = decide_way(deciding, k);
            if (k != i && way != NULL && !group_look_is_apart(look, &path->way, way))
                return false;
        }
    }
    return true;
}

static void decide_settle(struct deciding *deciding)
{
    struct group_look *look = &deciding->look;
    bool is_better =
        deciding->has_found && group_measure_compare(look, &deciding->best, &deciding->now) < 0;
    decide_forget(deciding);
    if (is_better && (!decide_is_strict(look) || decide_may_all_go(deciding))) {
        decide_tell(deciding, &deciding->best);
        decide_move(deciding);
    } else {
        decide_tell(deciding, &deciding->now);
    }
    decide_block(deciding);
    bool is_well = deciding->plan->state == GROUP_IS_MET || deciding->plan->state == GROUP_IS_ALONE;
    deciding->plan->why = is_well ? NULL : decide_why(deciding);
}

/* ---- apart ---- */

static void decide_repair(struct deciding *deciding)
{
    struct group_look *look = &deciding->look;
    uint32_t movable = decide_movable(look), broken = decide_broken(look);
    look->bench->computed++;
    /* Who has a path is not moved where those without one can be led around it. */
    if ((broken & movable) == 0 || !decide_try(deciding, broken & movable))
        (void)(movable != (broken & movable) && decide_try(deciding, movable));
    decide_settle(deciding);
}

/* All is as asked: is there better? */
static bool decide_gains(struct deciding *deciding)
{
    struct group_look *look = &deciding->look;
    uint32_t movable = decide_movable(look);
    if (movable == 0 || !group_look_may_better(look))
        return false;
    look->bench->computed++;
    return group_solve(look, movable, GROUP_DIVERSE) && decide_note(deciding) &&
           group_look_gains(look);
}

/* All is as asked: they stay, or what is better is taken. */
static void decide_well(struct deciding *deciding, bool gains)
{
    decide_forget(deciding);
    decide_tell(deciding, gains ? &deciding->best : &deciding->now);
    if (gains)
        decide_move(deciding);
}

static void decide_apart(struct deciding *deciding)
{
    struct group_look *look = &deciding->look;
    deciding->now = group_look_measure(look);
    if (group_measure_is_met(look, &deciding->now))
        decide_well(deciding, decide_gains(deciding));
    else
        decide_repair(deciding);
}

/* ---- what was found on another network ---- */

/* False: a path does not hold, or its LSP cannot be moved any more. */
static bool decide_place(struct deciding *deciding, const struct late_path *found)
{
    struct group_look *look = &deciding->look;
    for (uint32_t i = 0; i < look->count; i++) {
        struct group_seat *seat = &look->seats[i];
        if (found[i].result == NULL)
            continue;
        seat->next = seat->may_move ? group_look_keep_late(look, seat, &found[i]) : NULL;
        if (seat->next == NULL)
            return false;
    }
    return true;
}

static void decide_apart_late(struct deciding *deciding)
{
    struct group_look *look = &deciding->look;
    bool is_met = decide_note(deciding);
    if (group_measure_is_met(look, &deciding->now))
        decide_well(deciding, is_met && group_look_may_better(look) && group_look_gains(look));
    else
        decide_settle(deciding);
}

/* Which is the path of an LSP alone was found out before, or is when it is computed again. */
static void decide_shortest_late(struct deciding *deciding)
{
    const struct group *group = deciding->look.group;
    for (uint32_t i = 0; i < group->count; i++)
        deciding->plan->of[i].is_shortest =
            (group->members[i].tell->want.flags & GROUP_SHORTEST) != 0 &&
            (deciding->plan->of[i].decision == GROUP_VERDICT_MOVE ||
             (group->members[i].status & GROUP_SHORTEST) != 0);
}

static bool decide_late(struct deciding *deciding, const struct late_path *found)
{
    struct group_look *look = &deciding->look;
    deciding->now = group_look_measure(look);
    if (!decide_place(deciding, found))
        return false;
    if (look->group->want.kind != GROUP_BIDIRECTIONAL || look->count == 1)
        decide_apart_late(deciding);
    else if (!group_mirror_late(look, deciding->plan))
        return false;
    decide_shortest_late(deciding);
    return true;
}

/* Whether the paths of members with P are those that they would have alone (RFC 8800 5.2). */
static void decide_shortest(struct deciding *deciding)
{
    struct group_look *look = &deciding->look;
    for (uint32_t i = 0; i < look->count; i++) {
        struct group_seat *seat = &look->seats[i];
        struct group_step *step = &deciding->plan->of[i];
        if ((seat->tell->want.flags & GROUP_SHORTEST) == 0)
            continue;
        step->is_shortest = step->decision == GROUP_VERDICT_MOVE;
        if (step->is_shortest || !seat->is_whole || !seat->tell->is_computable ||
            seat->way.source == TED_NONE || seat->way.destination == TED_NONE)
            continue;
        const struct group_path *alone = group_look_compute(look, seat, &seat->request);
        step->is_shortest = alone != NULL && seat->tell->cost <= alone->cost;
    }
}

static bool decide_is_moving(const struct deciding *deciding)
{
    for (uint32_t i = 0; i < deciding->look.count; i++)
        if (deciding->plan->of[i].decision == GROUP_VERDICT_MOVE ||
            deciding->look.seats[i].tell->is_ordered)
            return true;
    return false;
}

static void decide_anew(struct deciding *deciding)
{
    const struct group *group = deciding->look.group;
    if (!group_ties(&group->want))
        deciding->plan->state = group->count > 1 ? GROUP_IS_MET : GROUP_IS_ALONE;
    else if (group->want.kind == GROUP_BIDIRECTIONAL && group->count > 1)
        group_mirror(&deciding->look, deciding->plan);
    else /* who is left alone follows nobody */
        decide_apart(deciding);
    decide_shortest(deciding);
}

enum group_outcome group_decide(struct group_bench *bench, struct groups_scene *scene,
                                const struct group_question *question, struct group_plan *plan)
{
    bool waits = false;
    const struct group *group = question->group;
    struct deciding deciding = {.look = {.bench = bench,
                                         .scene = scene,
                                         .group = group,
                                         .work_left = question->work_max,
                                         .is_late = question->is_late},
                                .plan = plan};
    *plan = (struct group_plan){0};
    if (!group_sharer_reserve(&bench->sharer, scene->snapshot) ||
        !group_look_begin(&deciding.look, &waits))
        return waits ? GROUP_WAITS : GROUP_FAILED;
    bool holds = true;
    if (question->found != NULL)
        holds = decide_late(&deciding, question->found);
    else
        decide_anew(&deciding);
    if (!holds)
        return GROUP_PAST;
    if (deciding.look.has_failed)
        return GROUP_FAILED;
    if (deciding.look.is_heavy)
        return GROUP_HEAVY;
    if (group_ties(&group->want) && decide_is_moving(&deciding) && plan->state != GROUP_IS_BLOCKED)
        plan->state = GROUP_IS_MOVING;
    return GROUP_DECIDED;
}
