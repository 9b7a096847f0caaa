#include "core/reopt/group_look.h"

#include "core/reopt/judge.h"
#include "core/reopt/route.h"

#include <string.h>

static struct group_tell *look_tell(const struct group_look *look, uint32_t index)
{
    return look->group->members[index].tell;
}

/* ---- where the members are ---- */

/* Indexes of the links of these numbers, ascending; false: the network has one no more. */
static bool look_links(const struct ted_snapshot *snapshot, const uint32_t *numbers, uint32_t count,
                       uint32_t *links, uint32_t *filled)
{
    bool is_whole = true;
    *filled = 0;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t number = numbers[i];
        uint32_t link = number < snapshot->link_numbers->count
                            ? snapshot->link_numbers->links[number]
                            : TED_NONE;
        if (link == TED_NONE)
            is_whole = false;
        else
            links[(*filled)++] = link;
    }
    *filled = route_sort(links, *filled);
    return is_whole;
}

static bool look_own_links(struct group_look *look, struct group_seat *seat)
{
    const struct group_tell *tell = seat->tell;
    const uint32_t *numbers = tell->numbers;
    uint32_t count = tell->current_count + tell->ordered_count;
    if (tell->list != 0) {
        numbers += count + tell->fixed_count;
        count = tell->list_count;
    }
    uint32_t *links = ARENA_ARRAY(look->scene->arena, uint32_t, count + 1);
    if (links == NULL)
        return false;
    (void)look_links(look->scene->snapshot, numbers, count, links, &seat->reservations.own_count);
    seat->reservations.table = look->scene->reservations;
    seat->reservations.own_links = links;
    seat->reservations.own = tell->own;
    return true;
}

static void look_set_request(struct group_look *look, struct group_seat *seat)
{
    const struct ted_snapshot *snapshot = look->scene->snapshot;
    const struct group_tell *tell = seat->tell;
    seat->request = tell->request;
    seat->request.source = tell->source.family == IP_NONE
                               ? TED_NONE
                               : ted_find_node_by_address(snapshot, &tell->source);
    seat->request.destination = tell->destination.family == IP_NONE
                                    ? TED_NONE
                                    : ted_find_node_by_address(snapshot, &tell->destination);
    seat->request.reservations = &seat->reservations;
    seat->way.source = seat->request.source;
    seat->way.destination = seat->request.destination;
    seat->may_move = tell->is_movable && tell->is_computable && !tell->is_ordered &&
                     !tell->is_paused && seat->way.source != TED_NONE &&
                     seat->way.destination != TED_NONE;
}

/* False: no memory; *is_there: the network has all of the links. */
static bool look_fill_way(struct group_look *look, struct group_way *way, const uint32_t *numbers,
                          uint32_t count, bool *is_there)
{
    uint32_t *links = ARENA_ARRAY(look->scene->arena, uint32_t, count + 1);
    if (links == NULL)
        return false;
    *is_there = look_links(look->scene->snapshot, numbers, count, links, &way->count);
    way->links = links;
    return true;
}

/* False: no memory, or its word is older than the network and no more so. */
static bool look_set_way(struct group_look *look, struct group_seat *seat, bool *waits)
{
    const struct group_tell *tell = seat->tell;
    bool is_there, is_there_next, is_fixed_there;
    seat->here = seat->fixed = seat->way;
    if (!look_fill_way(look, &seat->here, tell->numbers, tell->current_count, &is_there) ||
        !look_fill_way(look, &seat->way, tell->numbers + tell->current_count, tell->ordered_count,
                       &is_there_next) ||
        !look_fill_way(look, &seat->fixed,
                       tell->numbers + tell->current_count + tell->ordered_count, tell->fixed_count,
                       &is_fixed_there))
        return false;
    /* It is laid again on the network of now, and tells what has come of it. */
    *waits = tell->turn != look->scene->snapshot->link_numbers->turn && !tell->is_ordered &&
             (!is_there || tell->follows_igp) && !look->is_late;
    if (!is_there || !tell->keeps)
        seat->here.count = 0;
    if (!tell->is_ordered || tell->ordered_count == 0)
        seat->way = seat->here;
    else if (!is_there_next)
        seat->way.count = 0;
    seat->is_whole = seat->way.count > 0;
    if (seat->here.count == 0)
        seat->here = seat->fixed;
    return !*waits;
}

bool group_look_begin(struct group_look *look, bool *waits)
{
    look->count = look->group->count;
    look->need = look->group->want.flags & GROUP_DIVERSE;
    /* Paths that are apart in nodes or SRLGs take different links, too (RFC 8800 3). */
    if (look->need != 0)
        look->need |= GROUP_LINK;
    *waits = false;
    for (uint32_t i = 0; i < look->count; i++) {
        struct group_seat *seat = &look->seats[i];
        *seat = (struct group_seat){.tell = look_tell(look, i)};
        look_set_request(look, seat);
        if (!look_own_links(look, seat) || !look_set_way(look, seat, waits))
            return false;
    }
    return true;
}

/* ---- what it costs ---- */

bool group_look_may_better(const struct group_look *look)
{
    for (uint32_t i = 0; i < look->count; i++)
        if (look->seats[i].tell->is_held_down || look->seats[i].tell->is_ordered ||
            look->seats[i].tell->request.objective != PATH_MIN_METRIC)
            return false;
    return look->group->is_better_wanted;
}

static double look_cost(const struct group_look *look, bool is_next)
{
    double cost = 0;
    for (uint32_t i = 0; i < look->count; i++) {
        const struct group_seat *seat = &look->seats[i];
        cost += is_next && seat->next != NULL ? seat->next->cost : seat->tell->cost;
    }
    return cost;
}

bool group_look_gains(const struct group_look *look)
{
    const double share = (100 - (double)look->scene->settings.gain_min) / 100;
    double now = look_cost(look, false), next = look_cost(look, true);
    return next < now && next <= now * share;
}

/* ---- what they have in common ---- */

const struct group_way *group_seat_way(const struct group_seat *seat, const struct group_path *next)
{
    if (next != NULL)
        return &next->way;
    if (seat->is_whole)
        return &seat->way;
    return seat->fixed.count > 0 ? &seat->fixed : NULL;
}

/* RFC 8800 5.5: LSPs that each have the path that they would have alone need not be apart. */
static bool look_are_free(const struct group_seat *a, const struct group_seat *b)
{
    return (a->tell->want.flags & b->tell->want.flags & GROUP_SHORTEST) != 0;
}

static void look_add(struct group_look *look, const struct group_way *a, const struct group_way *b,
                     struct group_measure *measure)
{
    struct group_shared shared = group_share(&look->bench->sharer, look->scene->snapshot, a, b);
    measure->shared.links += shared.links;
    measure->shared.nodes += shared.nodes;
    measure->shared.srlgs += shared.srlgs;
    measure->apart &= group_apart(&shared);
}

struct group_measure group_look_measure(struct group_look *look)
{
    struct group_measure measure = {.apart = GROUP_DIVERSE};
    for (uint32_t i = 0; i < look->count; i++) {
        const struct group_seat *seat = &look->seats[i];
        const struct group_way *way = group_seat_way(seat, seat->next);
        measure.pathless += seat->next == NULL && !seat->is_whole;
        for (uint32_t k = 0; k < i && way != NULL; k++) {
            const struct group_way *other = group_seat_way(&look->seats[k], look->seats[k].next);
            if (other != NULL && !look_are_free(&look->seats[i], &look->seats[k]))
                look_add(look, way, other, &measure);
        }
    }
    return measure;
}

bool group_look_is_apart(struct group_look *look, const struct group_way *a,
                         const struct group_way *b)
{
    struct group_shared shared = group_share(&look->bench->sharer, look->scene->snapshot, a, b);
    return (group_apart(&shared) & look->need) == look->need;
}

bool group_measure_is_met(const struct group_look *look, const struct group_measure *measure)
{
    return measure->pathless == 0 && (measure->apart & look->need) == look->need;
}

static int measure_order(uint32_t a, uint32_t b)
{
    return a < b ? -1 : a > b;
}

/* What the objective counts comes first; then links, nodes, and SRLGs. */
int group_measure_compare(const struct group_look *look, const struct group_measure *a,
                          const struct group_measure *b)
{
    const struct group_shared *x = &a->shared, *y = &b->shared;
    uint8_t objective = look->group->want.objective;
    int order = measure_order(a->pathless, b->pathless);
    if (order == 0 && objective == GROUP_MIN_SHARED_NODES)
        order = measure_order(x->nodes, y->nodes);
    if (order == 0 && objective == GROUP_MIN_SHARED_SRLGS)
        order = measure_order(x->srlgs, y->srlgs);
    if (order == 0)
        order = measure_order(x->links, y->links);
    if (order == 0 && (look->need & GROUP_NODE) != 0)
        order = measure_order(x->nodes, y->nodes);
    if (order == 0 && (look->need & GROUP_SRLG) != 0)
        order = measure_order(x->srlgs, y->srlgs);
    return order;
}

/* ---- work ---- */

void group_look_spend(struct group_look *look, uint64_t work)
{
    groups_spend(look->scene, work);
    look->work_left -= work < look->work_left ? work : look->work_left;
    look->is_heavy = look->is_heavy || look->work_left == 0;
}

uint64_t group_look_work_max(const struct group_look *look)
{
    return look->work_left < GROUP_WORK_MAX ? look->work_left : GROUP_WORK_MAX;
}

void group_look_count(struct group_look *look, uint64_t work, enum path_outcome outcome)
{
    bool is_cut = group_look_work_max(look) < GROUP_WORK_MAX;
    look->has_failed = look->has_failed || outcome == PATH_NO_MEMORY;
    look->bench->work_exceeded += outcome == PATH_WORK_EXCEEDED && !is_cut;
    /* What is left would not do either. */
    group_look_spend(look, outcome == PATH_WORK_EXCEEDED && is_cut ? look->work_left : work);
}

/* ---- paths ---- */

static bool look_copy(struct arena *arena, struct path_result *result)
{
    uint32_t *links = ARENA_ARRAY(arena, uint32_t, result->link_count + 1);
    struct path_sid *sids = ARENA_ARRAY(arena, struct path_sid, result->sid_count + 1);
    if (links == NULL || sids == NULL)
        return false;
    for (uint32_t i = 0; i < result->link_count; i++)
        links[i] = result->links[i];
    for (uint32_t i = 0; i < result->sid_count; i++)
        sids[i] = result->sids[i];
    result->links = links;
    result->sids = sids;
    return true;
}

static bool look_lay(struct group_look *look, const struct group_seat *seat,
                     struct group_path *path, struct resolved_path *laid)
{
    const struct ted_snapshot *snapshot = look->scene->snapshot;
    uint32_t source = seat->request.source;
    if (path_setup_is_sr(seat->request.setup))
        resolve_sids(look->scene->resolver, snapshot, source, &path->result, laid);
    else
        resolve_links(snapshot, source, path->result.links, path->result.link_count, laid);
    group_look_spend(look, laid->work);
    const uint32_t count = laid->count + seat->fixed.count;
    uint32_t *links = ARENA_ARRAY(look->scene->arena, uint32_t, count + 1);
    if (laid->reason != RESOLVE_RESOLVED || links == NULL)
        return false;
    memcpy(links, laid->links, laid->count * sizeof *links);
    if (seat->fixed.count > 0)
        memcpy(links + laid->count, seat->fixed.links, seat->fixed.count * sizeof *links);
    path->way = (struct group_way){.source = source,
                                   .destination = seat->request.destination,
                                   .links = links,
                                   .count = route_sort(links, count)};
    path->cost = judge_path(snapshot, &seat->request, laid).cost;
    return true;
}

const struct group_path *group_look_keep(struct group_look *look, const struct group_seat *seat,
                                         const struct path_result *result)
{
    struct arena *arena = look->scene->arena;
    struct group_path *path = ARENA_NEW(arena, struct group_path);
    if (path != NULL)
        path->result = *result;
    if (path == NULL || !look_copy(arena, &path->result)) {
        look->has_failed = true;
        return NULL;
    }
    return look_lay(look, seat, path, &look->bench->laid) ? path : NULL;
}

const struct group_path *group_look_keep_late(struct group_look *look,
                                              const struct group_seat *seat,
                                              const struct late_path *late)
{
    struct path_result result;
    const struct late_scene scene = {look->scene->snapshot, look->scene->resolver,
                                     look->scene->arena, &look->bench->laid};
    if (!late_lay(&scene, &seat->request, late, &result))
        return NULL;
    return group_look_keep(look, seat, &result);
}

const struct group_path *group_look_compute(struct group_look *look, struct group_seat *seat,
                                            const struct path_request *request)
{
    struct path_result result;
    struct groups_scene *scene = look->scene;
    uint64_t work_max = group_look_work_max(look);
    if (work_max == 0)
        return NULL;
    path_compute_within(scene->resolver->engine, scene->snapshot, request, work_max, &result);
    group_look_count(look, result.work, result.outcome);
    seat->unsatisfied = result.unsatisfied;
    return result.outcome == PATH_FOUND ? group_look_keep(look, seat, &result) : NULL;
}
