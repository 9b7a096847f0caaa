#include "core/reopt/group_solve.h"

_Static_assert(GROUP_LINK == (int)PATH_DIVERSE_LINK && GROUP_NODE == (int)PATH_DIVERSE_NODE &&
                   GROUP_SRLG == (int)PATH_DIVERSE_SRLG,
               "what a group keeps apart is what a set of paths does");

struct solving {
    struct group_look *look;
    uint32_t movers;
    uint8_t strict;  /* in what the paths must be apart */
    uint32_t placed; /* bits of seats that have the path of the solution */
};

/* ---- what a path keeps off ---- */

static const struct group_way *solve_way(const struct solving *solving, uint32_t index)
{
    const struct group_seat *seat = &solving->look->seats[index];
    if ((solving->placed & 1U << index) == 0 && (solving->movers & 1U << index) != 0)
        return seat->fixed.count > 0 ? &seat->fixed : NULL; /* its place comes later */
    return group_seat_way(seat, seat->next);
}

/* What is counted where it cannot be had. */
static uint8_t solve_least(const struct solving *solving)
{
    uint8_t rest = (uint8_t)(solving->look->need & ~solving->strict);
    switch (solving->look->group->want.objective) {
    case GROUP_MIN_SHARED_LINKS:
        return rest & GROUP_LINK;
    case GROUP_MIN_SHARED_NODES:
        return rest & GROUP_NODE;
    case GROUP_MIN_SHARED_SRLGS:
        return rest & GROUP_SRLG;
    default:
        return rest;
    }
}

static bool solve_set_avoids(struct solving *solving, const struct group_seat *seat)
{
    struct group_look *look = solving->look;
    const struct ted_snapshot *snapshot = look->scene->snapshot;
    struct path_avoid *avoid = look->bench->avoid;
    if (!path_avoid_begin(&avoid[0], snapshot) || !path_avoid_begin(&avoid[1], snapshot)) {
        look->has_failed = true;
        return false;
    }
    for (uint32_t i = 0; i < look->count; i++) {
        const struct group_way *way = solve_way(solving, i);
        if (way == NULL || &look->seats[i] == seat)
            continue; /* in a set, movers have no place yet */
        path_diversity_avoid(&avoid[0], solving->strict, way->links, way->count);
        path_diversity_avoid(&avoid[1], solve_least(solving), way->links, way->count);
    }
    /* What fails is not to take all lists of a member. */
    if (seat != NULL)
        path_diversity_avoid(&avoid[1], GROUP_LINK, seat->fixed.links, seat->fixed.count);
    return true;
}

/* ---- one path ---- */

static bool solve_place(struct solving *solving, uint32_t index)
{
    struct group_look *look = solving->look;
    struct group_seat *seat = &look->seats[index];
    struct path_request request = seat->request;
    if ((seat->tell->want.flags & GROUP_SHORTEST) == 0) {
        if (!solve_set_avoids(solving, seat))
            return false;
        request.excluded = &look->bench->avoid[0];
        request.undesired = &look->bench->avoid[1];
    }
    seat->next = group_look_compute(look, seat, &request);
    solving->placed |= 1U << index;
    return seat->next != NULL;
}

/* ---- all of them ---- */

/* Seats of `movers` in an order: those with P first, then the others, turned and turned over. */
static uint32_t solve_order(const struct solving *solving, unsigned turn,
                            uint32_t order[GROUP_MEMBERS_MAX])
{
    uint32_t count = 0, first, movers = solving->movers;
    const struct group_look *look = solving->look;
    for (uint32_t i = 0; i < look->count; i++)
        if ((movers & 1U << i) != 0 && (look->seats[i].tell->want.flags & GROUP_SHORTEST) != 0)
            order[count++] = i;
    first = count;
    for (uint32_t i = 0; i < look->count; i++)
        if ((movers & 1U << i) != 0 && (look->seats[i].tell->want.flags & GROUP_SHORTEST) == 0)
            order[count++] = i;
    uint32_t rest = count - first;
    for (uint32_t i = 0; i < rest / 2 && turn % 2 == 1; i++) {
        uint32_t swapped = order[first + i];
        order[first + i] = order[count - 1 - i];
        order[count - 1 - i] = swapped;
    }
    for (unsigned i = 0; i < turn / 2 && rest > 2; i++) {
        uint32_t moved = order[first];
        for (uint32_t k = first; k + 1 < count; k++)
            order[k] = order[k + 1];
        order[count - 1] = moved;
    }
    return count;
}

static void solve_forget(struct solving *solving)
{
    struct group_look *look = solving->look;
    for (uint32_t i = 0; i < look->count; i++)
        look->seats[i].next = NULL;
    solving->placed = 0;
}

static bool solve_in_order(struct solving *solving, unsigned turn)
{
    uint32_t order[GROUP_MEMBERS_MAX];
    uint32_t count = solve_order(solving, turn, order);
    solve_forget(solving);
    for (uint32_t i = 0; i < count; i++)
        if (!solve_place(solving, order[i]))
            return false;
    return true;
}

static bool solve_in_turn(struct solving *solving)
{
    for (unsigned turn = 0; turn < GROUP_ORDERS_MAX && !group_look_is_over(solving->look); turn++)
        if (solve_in_order(solving, turn))
            return true;
    return false;
}

/* ---- together ---- */

/* What each mover asks: of where the others stay, too, unless it has the P flag. */
static uint32_t solve_members(struct solving *solving, struct path_member *members,
                              uint32_t seats[GROUP_MEMBERS_MAX])
{
    struct group_look *look = solving->look;
    uint32_t count = 0;
    if (!solve_set_avoids(solving, NULL))
        return 0;
    for (uint32_t i = 0; i < look->count; i++) {
        if ((solving->movers & 1U << i) == 0)
            continue;
        const struct group_seat *seat = &look->seats[i];
        bool is_first = (seat->tell->want.flags & GROUP_SHORTEST) != 0;
        members[count] = (struct path_member){.request = seat->request, .is_first = is_first};
        if (!is_first) {
            members[count].request.excluded = &look->bench->avoid[0];
            members[count].request.undesired = &look->bench->avoid[1];
        }
        seats[count++] = i;
    }
    return count;
}

/* Without paths for all, those that have one take it. */
static bool solve_keep(struct solving *solving, const uint32_t *seats, uint32_t count,
                       const struct path_set_result *result)
{
    struct group_look *look = solving->look;
    bool is_whole = true;
    for (uint32_t i = 0; i < count; i++) {
        struct group_seat *seat = &look->seats[seats[i]];
        const struct path_result *member = &result->members[i];
        seat->unsatisfied = member->unsatisfied;
        seat->next = member->outcome == PATH_FOUND ? group_look_keep(look, seat, member) : NULL;
        is_whole = is_whole && seat->next != NULL;
    }
    return is_whole;
}

static bool solve_together(struct solving *solving)
{
    struct group_look *look = solving->look;
    struct path_member members[GROUP_MEMBERS_MAX];
    struct path_set_result result;
    uint32_t seats[GROUP_MEMBERS_MAX];
    struct path_set_request request = {
        .members = members,
        .diversity = solving->strict != 0 ? solving->strict : look->need,
        .is_strict = solving->strict != 0,
        .work_max = group_look_work_max(look),
    };
    solve_forget(solving);
    if (look->bench->set == NULL)
        look->bench->set = path_set_create();
    request.count = solve_members(solving, members, seats);
    look->has_failed = look->has_failed || look->bench->set == NULL;
    if (look->has_failed || request.work_max == 0)
        return false;
    path_set_compute(look->bench->set, look->scene->resolver->engine, look->scene->snapshot,
                     &request, &result);
    group_look_count(look, result.work, result.outcome);
    bool is_found = solve_keep(solving, seats, request.count, &result);
    /* What takes too long together may be found one after the other. */
    return is_found || (result.outcome == PATH_WORK_EXCEEDED && solve_in_turn(solving));
}

/* A set has what stays in common for all of its members: what is one member's own is for the others alone. */
static bool solve_has_fixed(const struct group_look *look, uint32_t movers)
{
    for (uint32_t i = 0; i < look->count; i++)
        if ((movers & 1U << i) != 0 && look->seats[i].fixed.count > 0)
            return true;
    return false;
}

bool group_solve(struct group_look *look, uint32_t movers, uint8_t strict)
{
    struct solving solving = {.look = look, .movers = movers, .strict = strict & look->need};
    bool is_one = (movers & (movers - 1)) == 0;
    if (!is_one && solve_has_fixed(look, movers))
        return solve_in_turn(&solving);
    return is_one ? solve_in_order(&solving, 0) : solve_together(&solving);
}

bool group_solve_in_turn(struct group_look *look, uint32_t movers, uint8_t strict)
{
    struct solving solving = {.look = look, .movers = movers, .strict = strict & look->need};
    return solve_in_turn(&solving);
}
