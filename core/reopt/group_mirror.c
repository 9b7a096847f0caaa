#include "core/reopt/group_mirror.h"

#include "core/reopt/judge.h"
#include "core/reopt/route.h"

#include <string.h>

#define MIRROR_LINKS_OF_STEP 4 /* links that are judged for a member, for one step of the engine */

struct mirroring {
    struct group_look *look;
    struct group_plan *plan;
    const uint32_t *links; /* of the lead, as walked */
    uint32_t count;
    const struct group_seat *lead;
};

/* ---- the same links ---- */

static bool mirror_is_opposite(const struct group_seat *a, const struct group_seat *b)
{
    return a->way.source == b->way.destination && a->way.destination == b->way.source &&
           a->way.source != b->way.source;
}

/* The links of a seat as the lead walks them, or in reverse; false: one has no reverse. */
static bool mirror_links(const struct mirroring *mirroring, const struct group_seat *seat,
                         uint32_t *links)
{
    const struct ted_snapshot *snapshot = mirroring->look->scene->snapshot;
    uint32_t count = mirroring->count;
    bool is_opposite = mirror_is_opposite(seat, mirroring->lead);
    for (uint32_t i = 0; i < count; i++) {
        uint32_t link = mirroring->links[i];
        links[is_opposite ? count - 1 - i : i] = is_opposite ? snapshot->links[link].reverse : link;
    }
    for (uint32_t i = 0; i < count; i++)
        if (links[i] == TED_NONE)
            return false;
    return true;
}

/* Whether a way of a seat is that of the lead. */
static bool mirror_is_way(struct mirroring *mirroring, const struct group_seat *seat,
                          const struct group_way *way)
{
    uint32_t *links = ARENA_ARRAY(mirroring->look->scene->arena, uint32_t, mirroring->count + 1);
    if (links == NULL || !mirror_links(mirroring, seat, links)) {
        mirroring->look->has_failed |= links == NULL;
        return false;
    }
    uint32_t count = route_sort(links, mirroring->count);
    return way->count == count && memcmp(way->links, links, count * sizeof *links) == 0;
}

static bool mirror_is_there(struct mirroring *mirroring, const struct group_seat *seat)
{
    return mirror_is_way(mirroring, seat, &seat->way) && seat->is_whole;
}

/* ---- who follows ---- */

/* One adjacency segment a link; false: a link has none, or they are too many. */
static bool mirror_set_sids(struct mirroring *mirroring, const struct group_seat *seat,
                            struct path_result *result)
{
    const struct ted_snapshot *snapshot = mirroring->look->scene->snapshot;
    const struct path_request *request = &seat->request;
    uint32_t sids_max = request->sids_max == 0 ? PATH_SIDS_MAX : request->sids_max;
    if (!path_setup_is_sr(request->setup))
        return true;
    struct path_sid *sids =
        ARENA_ARRAY(mirroring->look->scene->arena, struct path_sid, result->link_count + 1);
    if (result->link_count > sids_max || sids == NULL)
        return false;
    if (!path_sids_of_links(snapshot, request, result->links, result->link_count, sids))
        return false;
    result->sids = sids;
    result->sid_count = result->link_count;
    return true;
}

/* The path that has the seat follow; NULL: it may not take it. */
static const struct group_path *mirror_follow(struct mirroring *mirroring,
                                              const struct group_seat *seat)
{
    struct group_look *look = mirroring->look;
    uint32_t *links = ARENA_ARRAY(look->scene->arena, uint32_t, mirroring->count + 1);
    struct path_result result = {
        .outcome = PATH_FOUND, .links = links, .link_count = mirroring->count};
    if (links == NULL || !mirror_links(mirroring, seat, links) ||
        !mirror_set_sids(mirroring, seat, &result))
        return NULL;
    const struct group_path *path = group_look_keep(look, seat, &result);
    if (path == NULL ||
        !judge_path(look->scene->snapshot, &seat->request, &look->bench->laid).keeps)
        return NULL;
    return path;
}

/* Whether all others are on the lead's links, or can follow it; what they would take is their `next`. */
static bool mirror_all(struct mirroring *mirroring)
{
    struct group_look *look = mirroring->look;
    for (uint32_t i = 0; i < look->count; i++) {
        struct group_seat *seat = &look->seats[i];
        seat->next = NULL;
        bool is_nowhere = !seat->is_whole && !seat->may_move;
        if (seat == mirroring->lead || is_nowhere || mirror_is_there(mirroring, seat))
            continue;
        seat->next = seat->may_move ? mirror_follow(mirroring, seat) : NULL;
        if (seat->next == NULL)
            return false;
    }
    return true;
}

/* ---- who leads ---- */

/* The links of a way from its source on; false: they are no single walk. */
static bool mirror_walk(struct mirroring *mirroring, const struct group_seat *seat)
{
    const struct ted_snapshot *snapshot = mirroring->look->scene->snapshot;
    uint32_t *links = ARENA_ARRAY(mirroring->look->scene->arena, uint32_t, seat->way.count + 1);
    uint32_t at = seat->way.source;
    if (links == NULL)
        return false;
    for (uint32_t walked = 0; walked < seat->way.count; walked++) {
        uint32_t found = TED_NONE, ways = 0;
        for (uint32_t i = 0; i < seat->way.count; i++)
            if (snapshot->links[seat->way.links[i]].from == at) {
                found = seat->way.links[i];
                ways++;
            }
        if (ways != 1)
            return false;
        links[walked] = found;
        at = snapshot->links[found].to;
    }
    mirroring->links = links;
    mirroring->count = seat->way.count;
    mirroring->lead = seat;
    return at == seat->way.destination;
}

/* Who cannot be moved leads before who can, forward LSPs before reverse ones. */
static bool mirror_try_seats(struct mirroring *mirroring, bool may_move, bool is_reverse)
{
    struct group_look *look = mirroring->look;
    for (uint32_t i = 0; i < look->count; i++) {
        const struct group_seat *seat = &look->seats[i];
        if (seat->is_whole && seat->may_move == may_move &&
            seat->tell->want.is_reverse == is_reverse && mirror_walk(mirroring, seat) &&
            mirror_all(mirroring))
            return true;
    }
    return false;
}

/* What the lead's path must not touch: links whose reverse another member may not take. */
static bool mirror_set_avoid(struct mirroring *mirroring)
{
    struct group_look *look = mirroring->look;
    const struct ted_snapshot *snapshot = look->scene->snapshot;
    struct path_avoid *avoid = &look->bench->avoid[0];
    group_look_spend(look, (uint64_t)snapshot->link_count * look->count / MIRROR_LINKS_OF_STEP);
    look->has_failed = !path_avoid_begin(avoid, snapshot);
    if (group_look_is_over(look))
        return false;
    for (uint32_t link = 0; link < snapshot->link_count; link++) {
        for (uint32_t i = 0; i < look->count; i++) {
            const struct group_seat *seat = &look->seats[i];
            uint32_t taken =
                mirror_is_opposite(seat, mirroring->lead) ? snapshot->links[link].reverse : link;
            if (taken != TED_NONE && judge_link(snapshot, &seat->request, taken))
                continue;
            path_avoid_link(avoid, link);
            break;
        }
    }
    return true;
}

static bool mirror_compute(struct mirroring *mirroring, struct group_seat *seat)
{
    struct group_look *look = mirroring->look;
    struct path_request request = seat->request;
    mirroring->lead = seat;
    if (!mirror_set_avoid(mirroring))
        return false;
    request.excluded = &look->bench->avoid[0];
    const struct group_path *path = group_look_compute(look, seat, &request);
    if (path == NULL)
        return false;
    mirroring->links = path->result.links;
    mirroring->count = path->result.link_count;
    const struct group_path *exact = mirror_follow(mirroring, seat);
    if (exact == NULL || !mirror_all(mirroring))
        return false;
    seat->next = exact;
    return true;
}

/* must_gain: the paths are to be better by as much as moving takes. */
static bool mirror_try_path(struct mirroring *mirroring, bool must_gain)
{
    struct group_look *look = mirroring->look;
    look->bench->computed++;
    for (unsigned is_reverse = 0; is_reverse < 2; is_reverse++)
        for (uint32_t i = 0; i < look->count && !group_look_is_over(look); i++)
            if (look->seats[i].may_move && look->seats[i].tell->want.is_reverse == is_reverse &&
                mirror_compute(mirroring, &look->seats[i]) &&
                (!must_gain || group_look_gains(look)))
                return true;
    return false;
}

static bool mirror_is_still(const struct group_look *look)
{
    for (uint32_t i = 0; i < look->count; i++)
        if (look->seats[i].next != NULL)
            return false;
    return true;
}

/* All take the same links: they are moved together where there are better ones for both directions. */
static void mirror_better(struct mirroring *mirroring)
{
    struct group_look *look = mirroring->look;
    if (!mirror_is_still(look) || !group_look_may_better(look) || mirror_try_path(mirroring, true))
        return;
    for (uint32_t i = 0; i < look->count; i++)
        look->seats[i].next = NULL;
}

/* ---- what is told ---- */

static void mirror_tell(struct mirroring *mirroring)
{
    const struct group_look *look = mirroring->look;
    struct group_plan *plan = mirroring->plan;
    plan->state = look->count == 1 ? GROUP_IS_ALONE : GROUP_IS_MET;
    for (uint32_t i = 0; i < look->count; i++) {
        if (!look->seats[i].is_whole && !look->seats[i].may_move) {
            plan->state = GROUP_IS_BLOCKED;
            plan->why = "an LSP without a path is not ours to move now";
        }
        if (look->seats[i].next == NULL)
            continue;
        plan->of[i].decision = GROUP_VERDICT_MOVE;
        plan->of[i].path = &look->seats[i].next->result;
    }
}

static void mirror_fail(struct mirroring *mirroring)
{
    const struct group_look *look = mirroring->look;
    struct group_plan *plan = mirroring->plan;
    plan->state = GROUP_IS_BLOCKED;
    plan->why = "no path of which both directions can be taken";
    for (uint32_t i = 0; i < look->count; i++) {
        if (!look->seats[i].may_move && !look->seats[i].tell->is_ordered)
            plan->why = "an LSP is not ours to move now";
        if (!look->seats[i].is_whole && look->seats[i].may_move)
            plan->of[i].decision = GROUP_VERDICT_BLOCK;
    }
}

static bool mirror_try_all_seats(struct mirroring *mirroring)
{
    return mirror_try_seats(mirroring, false, false) || mirror_try_seats(mirroring, false, true) ||
           mirror_try_seats(mirroring, true, false) || mirror_try_seats(mirroring, true, true);
}

void group_mirror(struct group_look *look, struct group_plan *plan)
{
    struct mirroring mirroring = {.look = look, .plan = plan};
    if (!mirror_try_all_seats(&mirroring) && !mirror_try_path(&mirroring, false)) {
        mirror_fail(&mirroring);
        return;
    }
    mirror_better(&mirroring);
    mirror_tell(&mirroring);
}

/* Whether all take the links of the first one that moves. */
static bool mirror_holds(struct mirroring *mirroring)
{
    const struct group_look *look = mirroring->look;
    mirroring->lead = NULL;
    for (uint32_t i = 0; i < look->count; i++) {
        const struct group_seat *seat = &look->seats[i];
        if (mirroring->lead != NULL || seat->next == NULL)
            continue;
        mirroring->lead = seat;
        mirroring->links = seat->next->result.links;
        mirroring->count = seat->next->result.link_count;
    }
    for (uint32_t i = 0; i < look->count; i++) {
        const struct group_seat *seat = &look->seats[i];
        bool is_nowhere = !seat->is_whole && !seat->may_move;
        if (!is_nowhere && !(seat->next != NULL ? mirror_is_way(mirroring, seat, &seat->next->way)
                                                : mirror_is_there(mirroring, seat)))
            return false;
    }
    return true;
}

bool group_mirror_late(struct group_look *look, struct group_plan *plan)
{
    struct mirroring mirroring = {.look = look, .plan = plan};
    bool is_none = mirror_is_still(look);
    if (!is_none && !mirror_holds(&mirroring))
        return false;
    if (is_none && !mirror_try_all_seats(&mirroring))
        mirror_fail(&mirroring);
    else
        mirror_tell(&mirroring);
    return true;
}
