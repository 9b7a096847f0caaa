#include "core/lsp/lsp_pcc.h"
#include "core/pcep/model.h"
#include "core/reopt/flood.h"
#include "core/reopt/job_impl.h"
#include "core/reopt/lay.h"
#include "core/reopt/repeat.h"
#include "core/reopt/take.h"
#include "core/reopt/urge.h"
#include "core/requests/ero.h"
#include "core/requests/hops.h"

/* ---- the new path ---- */

/* The links of the new path, as traffic takes them. */
bool job_lay_next(struct job *job)
{
    struct reopt *reopt = job->reopt;
    if (job->is_late)
        return true;
    if (path_setup_is_sr(job->request.setup))
        resolve_sids(&reopt->resolver, job->scene->snapshot, job->request.source, &job->result,
                     &reopt->next);
    else
        resolve_links(job->scene->snapshot, job->request.source, job->result.links,
                      job->result.link_count, &reopt->next);
    return reopt->next.reason == RESOLVE_RESOLVED;
}

/* Whether the reported hop is the segment. */
static bool job_is_segment(const struct pcep_subobject *hop, const struct path_sid *sid)
{
    const struct pcep_sub_sr *sr = hop->body;
    const struct pcep_sub_srv6 *srv6 = hop->body;
    if (hop->row == NULL || hop->body == NULL)
        return false;
    if (sid->srv6.sid.family == IP_V6)
        return hop->row->id == PCEP_SUBOBJECT_SRV6 && ip_is_equal(&srv6->sid, &sid->srv6.sid);
    return hop->row->id == PCEP_SUBOBJECT_SR && sr->sid >> 12 == sid->label;
}

static struct pcep_subobjects job_hops(const struct job *job)
{
    const struct pcep_object *ero = job->list.ero;
    return ero == NULL ? pcep_subobjects_of(job->reading.state->ero)
                       : (struct pcep_subobjects){.is_present = true,
                                                  .at = ero->subobjects,
                                                  .count = ero->subobject_count};
}

/* Whether the reported path is the new one, SID by SID or link by link. */
bool job_is_same(const struct job *job)
{
    const struct reopt *reopt = job->reopt;
    struct pcep_subobjects hops = job_hops(job);
    if (job->request.setup == PATH_SETUP_RSVP_TE) {
        if (reopt->current.count != reopt->next.count)
            return false;
        for (uint32_t i = 0; i < reopt->next.count; i++)
            if (reopt->current.links[i] != reopt->next.links[i])
                return false;
        return true;
    }
    if (hops.count != job->result.sid_count)
        return false;
    for (uint32_t i = 0; i < hops.count; i++)
        if (!job_is_segment(&hops.at[i], &job->result.sids[i]))
            return false;
    return true;
}

bool job_is_held_down(const struct job *job)
{
    const struct lsp_route *route = job->lsp->route;
    uint64_t now_s = job->scene->now.ns / MONO_NS_PER_S;
    return route != NULL && route->moved_s != 0 &&
           now_s < (uint64_t)route->moved_s + job->reopt->settings.hold_down_s;
}

static bool job_gains(const struct job *job)
{
    const struct reopt_settings *settings = &job->reopt->settings;
    const struct lsp_route *route = job->lsp->route;
    struct judgement next = judge_path(job->scene->snapshot, &job->request, &job->reopt->next);
    if (job->request.objective != PATH_MIN_METRIC || !(next.cost < job->judgement.cost))
        return false;
    if (route != NULL && route->is_asked)
        return true;
    return next.cost <= job->judgement.cost * (100 - (double)settings->gain_min) / 100;
}

/* ---- the move ---- */

/* It is told when the other lists have been looked at. */
static void job_note_pathless(struct job *job)
{
    struct job_lists *lists = job->lists;
    lists->is_pathless = true;
    lists->none = job->result;
    lists->is_past = job->is_past;
}

/* RFC 8231 5.8.2: an update carries all attributes that are asked for. */
bool job_write_attributes(struct job *job, struct wire_writer *writer)
{
    const struct pcep_lsp_state *state = job->reading.state;
    if (job->reading.has_wants) {
        adjust_put_wants(&job->adjustment, job->reading.wants.attributes, writer);
        return !writer->failed;
    }
    adjust_put(&job->adjustment, &job->reading, writer);
    for (uint32_t i = 0; i < state->metric_count; i++)
        job_put_object(writer, state->metrics[i]);
    return !writer->failed;
}

static bool job_write(struct job *job, struct wire_span *objects)
{
    static const size_t size_max = PCEP_MESSAGE_SIZE_MAX;
    struct ted_hop hops[PATH_HOPS_MAX];
    const struct pcep_object *ero;
    struct wire_writer writer = wire_writer_init(job->reopt->octets, size_max);
    if (job->request.setup == PATH_SETUP_RSVP_TE && !job->stays)
        hops_of_links(job->scene->snapshot, job->request.family, job->result.links,
                      job->result.link_count, hops);
    if (job->extra.size > 0)
        wire_put_octets(&writer, job->extra.octets, job->extra.size);
    if (job->list.ero != NULL)
        job_write_lists(job, &writer);
    else if (job->stays && pcep_get(job->reading.state->ero, &ero))
        job_put_object(&writer, ero);
    else
        ero_write(job->request.setup, &job->result, hops, &writer);
    bool is_whole = job_write_attributes(job, &writer);
    *objects = (struct wire_span){job->reopt->octets, wire_written(&writer)};
    return is_whole;
}

static bool job_is_counted(const struct job *job)
{
    return lay_is_counted(job->reading.instance);
}

/* The links that the new path has and the route has not are taken before anything is asked of the
 * router: who comes second finds them taken. */
static uint32_t job_links_to_take(const struct job *job, uint32_t *taken)
{
    struct reopt *reopt = job->reopt;
    uint32_t held_count = 0, count = 0;
    const struct lsp_route *route = job->lsp->route;
    uint32_t next_count = route_numbers_of(job->scene->snapshot, reopt->next.links,
                                           reopt->next.count, reopt->numbers[1]);
    /* RSVP-TE shares what both paths have (RFC 3209 2.4.4), and the IGP has it already. */
    if (route != NULL)
        held_count = route_numbers(reopt, route, 0, route->count, reopt->numbers[0]);
    for (uint32_t i = 0, h = 0; i < next_count; i++) {
        while (h < held_count && reopt->numbers[0][h] < reopt->numbers[1][i])
            h++;
        if (h == held_count || reopt->numbers[0][h] != reopt->numbers[1][i])
            taken[count++] = reopt->numbers[1][i];
    }
    return count;
}

/* taken->numbers: room for RESOLVE_LINKS_MAX. What is counted here is taken by take_next. */
static enum pce_status job_take_flooded(struct job *job, uint32_t *numbers,
                                        struct flood_claim *taken)
{
    struct reopt *reopt = job->reopt;
    *taken = (struct flood_claim){.numbers = numbers,
                                  .claim = adjust_claim_of(&job->adjustment, &job->reading)};
    if (reopt->reservations == NULL || taken->claim.octets_per_s == 0 ||
        reopt->settings.flood_s == 0)
        return PCE_OK;
    taken->count = job_links_to_take(job, numbers);
    enum pce_status status = flood_take(reopt, job->scene->snapshot, taken);
    if (status != PCE_OK)
        taken->count = 0;
    return status;
}

/* The flood counts it; or there is no order, and it is given back. */
static void job_give_back_flooded(struct job *job, const struct flood_claim *taken, bool is_ordered)
{
    struct reopt *reopt = job->reopt;
    if (taken->count == 0)
        return;
    if (is_ordered && job->lsp->route != NULL)
        reopt->counters.reopt_no_memory += !flood_hold(reopt, job->scene, job->lsp, taken);
    else
        flood_give_back(reopt, taken);
}

uint32_t job_next_numbers(struct job *job)
{
    struct reopt *reopt = job->reopt;
    const struct ted_snapshot *snapshot = job->scene->snapshot;
    if (job->list.ero != NULL)
        return lay_lists_next(reopt, snapshot, &job->reading, &job->lists->moves);
    return route_numbers_of(snapshot, reopt->next.links, reopt->next.count, reopt->numbers[1]);
}

_Static_assert(LAY_LISTS_MAX <= 16, "moved_lists has a bit for each list");

/* A bit for each list that moves. */
static uint16_t job_moved_lists(const struct job *job)
{
    unsigned moved = 0;
    for (uint32_t i = 0; job->lists != NULL && i < job->lists->count; i++)
        if (lay_move_of(&job->lists->moves, job->lists->of[i].ero) != NULL)
            moved |= 1U << i;
    return (uint16_t)moved;
}

/* Another list onto the same links is no repetition. */
bool job_pauses(struct job *job)
{
    const uint32_t count = job_next_numbers(job);
    const struct lsp_route *route = job->lsp->route;
    return (route == NULL || route->moved_lists == job_moved_lists(job)) &&
           repeat_pauses(job->reopt, job->scene, job->lsp, count);
}

/* numbers[1] has the links of the order. */
static void job_note_order(struct job *job, uint32_t count)
{
    struct lsp_route *route = job->lsp->route;
    route->is_ordered = true;
    route->is_asked = false;
    repeat_note(route, job->scene->snapshot->link_numbers->turn,
                route_hash(job->reopt->numbers[1], count), job->scene->now);
    route->moved_lists = job_moved_lists(job);
}

/* The route has the new path from now on; what was taken for it is counted by the route. */
static void job_hold(struct job *job, const struct ted_claim *claim)
{
    struct reopt *reopt = job->reopt;
    struct lsp_route *route = job->lsp->route;
    uint32_t held = route == NULL ? 0 : route->current_count;
    struct route_wanted wanted = {.current = reopt->numbers[0],
                                  .ordered = reopt->numbers[1],
                                  .current_shares = job->list.ero == NULL ? NULL : reopt->shares[0],
                                  .ordered_shares = reopt->shares[1],
                                  .claim = *claim,
                                  .is_counted = lay_is_counted(job->reading.instance)};
    if (route != NULL)
        wanted.current_count =
            route_shares(reopt, route, held, reopt->numbers[0], reopt->shares[0]);
    wanted.ordered_count = job_next_numbers(job);
    reopt->counters.reopt_no_memory += !route_set(reopt, job->lsp, &wanted);
    if (job->lsp->route == NULL)
        return;
    job_note_order(job, wanted.ordered_count);
}

void job_unblock(struct job *job)
{
    struct reopt *reopt = job->reopt;
    if (!slot_set_has(&reopt->blocked, job->lsp->slot))
        return;
    slot_set_remove(&reopt->blocked, job->lsp->slot);
    reopt->counters.reopt_cured++;
    if (reopt->events->on_cured != NULL)
        reopt->events->on_cured(reopt, job->lsp);
}

static bool job_submit(struct job *job)
{
    struct reopt *reopt = job->reopt;
    struct reopt_move move = {.cause = job->cause, .now = job->scene->now};
    if (!job_write(job, &move.objects) || reopt->events->submit(reopt, job->lsp, &move) != PCE_OK) {
        reopt->counters.reopt_refused++;
        return false;
    }
    reopt->counters.reopt_moved++;
    reopt->counters.reopt_adjusted += job->adjustment.is_due;
    if (job->lists == NULL || !job->lists->is_pathless)
        job_unblock(job);
    return true;
}

/* There is no room for what it requests: it keeps what it has, on a path for that. */
static void job_postpone(struct job *job)
{
    job->reopt->counters.reopt_no_room++;
    adjust_postpone(&job->adjustment, job->scene);
    reopt_urge(job->reopt, job->lsp);
}

static void job_set_no_room(struct job *job)
{
    job->result.outcome = PATH_NONE;
    job->result.unsatisfied = PATH_CONSTRAINT_BANDWIDTH;
}

static void job_race(struct job *job)
{
    job->reopt->counters.reopt_raced++;
    reopt_urge_again(job->reopt, job->lsp);
}

/* Two that have failed may want the room of one: the first goes alone then, and the others are looked at
 * when it is there. */
static bool job_is_to_shorten(struct job *job, enum pce_status status)
{
    if (status == PCE_OK || job->lists == NULL || job->lists->moves.count < 2)
        return false;
    job->lists->moves.count = 1;
    return true;
}

/* Lists are judged one by one. Where each has room alone, and all together have not, nobody else was first,
 * and it would be so the next turn, too: it is looked at again when something is better, or at the
 * interval. */
static void job_fail_lists(struct job *job)
{
    const struct lsp_route *route = job->lsp->route;
    const bool is_moved = job->lists->moves.count > 0;
    if (is_moved && !job_list_has_room(job)) {
        job_race(job);
    } else if (job->adjustment.is_due) {
        job_postpone(job);
    } else if (!job->judgement.keeps || (route != NULL && route->is_evicted)) {
        job_set_no_room(job);
        job_note_pathless(job);
    }
}

static void job_fail(struct job *job, enum pce_status status)
{
    if (job->lists != NULL && status == PCE_LIMIT)
        job_fail_lists(job);
    else
        job_race(job);
}

/* What had to give way holds nothing of its old path: counted there again, it would have to give way
 * again, and take its new path's bandwidth along. */
static void job_move_evicted(struct job *job)
{
    struct reopt *reopt = job->reopt;
    struct hold_wanted wanted = {.pcc = job->lsp->pcc->address,
                                 .name = lsp_name(job->lsp),
                                 .links = reopt->next.links,
                                 .link_count = reopt->next.count,
                                 .claim = adjust_claim_of(&job->adjustment, &job->reading)};
    enum pce_status status;
    do {
        if (job->lists != NULL) {
            wanted.numbers = reopt->numbers[1];
            wanted.shares = reopt->shares[1];
            wanted.link_count = job_next_numbers(job);
            if (wanted.link_count == 0)
                return; /* no memory: an order would hold nothing */
        }
        status = reopt_hold(reopt, job->scene->snapshot, &wanted);
    } while (job_is_to_shorten(job, status));
    if (status != PCE_OK) {
        job_fail(job, status);
        return;
    }
    if (!job_submit(job)) {
        reopt_hold_let_go(reopt, &wanted.pcc, wanted.name);
        return;
    }
    job_note_order(job, job_next_numbers(job));
}

static void job_move_lists(struct job *job, const struct ted_claim *claim)
{
    struct reopt *reopt = job->reopt;
    struct taken_shares taken;
    struct take_shares wanted = {.route = job->lsp->route,
                                 .claim = *claim,
                                 .numbers = reopt->numbers[1],
                                 .shares = reopt->shares[1]};
    enum pce_status status;
    do {
        wanted.count = job_next_numbers(job);
        if (wanted.count == 0)
            return; /* no memory: an order would hold nothing */
        status = take_shares(reopt, job->scene->snapshot, &wanted, &taken);
    } while (job_is_to_shorten(job, status));
    if (status != PCE_OK) {
        job_fail(job, status);
        return;
    }
    if (job_submit(job))
        job_hold(job, claim);
    take_release_shares(reopt, &taken);
}

void job_move(struct job *job)
{
    struct reopt *reopt = job->reopt;
    const struct ted_claim claim = adjust_claim_of(&job->adjustment, &job->reading);
    const bool is_counted = job_is_counted(job);
    const struct take_wanted wanted = {.reading = &job->reading, .claim = claim};
    struct flood_claim flooded;
    struct taken taken;
    uint32_t numbers[RESOLVE_LINKS_MAX];
    if (job->lsp->route != NULL && job->lsp->route->is_evicted) {
        job_move_evicted(job);
        return;
    }
    if (job->lists != NULL) {
        job_move_lists(job, &claim);
        return;
    }
    enum pce_status status = is_counted ? take_next(reopt, job->scene->snapshot, &wanted, &taken)
                                        : job_take_flooded(job, numbers, &flooded);
    if (status != PCE_OK) {
        job_race(job);
        return;
    }
    bool is_ordered = job_submit(job);
    if (is_ordered)
        job_hold(job, &claim);
    if (is_counted)
        take_release(reopt, &taken);
    else
        job_give_back_flooded(job, &flooded, is_ordered);
}

void job_block(struct job *job)
{
    struct reopt *reopt = job->reopt;
    reopt->counters.reopt_no_path++;
    if (slot_set_has(&reopt->blocked, job->lsp->slot))
        return;
    (void)slot_set_add(&reopt->blocked, job->lsp->slot);
    if (reopt->events->on_no_path != NULL)
        reopt->events->on_no_path(reopt, job->lsp, job->cause, &job->result, job->is_past);
}

/* ---- what is done ---- */

/* The path that it has is the next one, too. */
static void job_stay(struct job *job)
{
    job->stays = true;
    job->reopt->next = job->reopt->current;
}

static bool job_is_better(const struct job *job)
{
    return !job_is_same(job) &&
           !(job->judgement.keeps && (job_is_held_down(job) || !job_gains(job)));
}

/* Whether there is something to tell its router. Another bandwidth is told even where the path stays
 * (RFC 8733 5.3), and where that has room for it nothing else moves the LSP. */
static bool job_is_worth_it(struct job *job)
{
    bool is_better = job_is_better(job);
    if (!is_better && job->adjustment.is_due && job->judgement.keeps)
        job_stay(job);
    return is_better || job->adjustment.is_due;
}

static void job_order(struct job *job)
{
    adjust_begin(&job->adjustment, job->lsp);
    if (!job_pauses(job))
        job_move(job);
}

bool job_adjust_in_place(struct job *job)
{
    if (!job->adjustment.is_due || !job->judgement.keeps)
        return false;
    job_stay(job);
    job_order(job);
    return true;
}

/* One that cannot be given what it requests keeps what it has, on a path for that. */
static void job_decide_without(struct job *job)
{
    if (job->adjustment.is_due) {
        job_postpone(job);
    } else if (!job->judgement.keeps && !job->list.is_backup) {
        if (job->lists != NULL)
            job_note_pathless(job);
        else
            job_block(job);
    }
}

/* Whether the path that was computed is to be ordered. */
static bool job_takes_result(struct job *job)
{
    struct reopt *reopt = job->reopt;
    if (job->result.outcome == PATH_NO_MEMORY)
        reopt->counters.reopt_no_memory++;
    else if (job->result.outcome != PATH_FOUND)
        job_decide_without(job);
    else if (job_lay_next(job) && job_is_worth_it(job))
        return true;
    else
        reopt->counters.reopt_kept++;
    return false;
}

/* All that have failed go with one order. One that would take too long is looked at after it; where there
 * is no order, in its turn. */
static void job_decide_lists(struct job *job)
{
    struct reopt *reopt = job->reopt;
    const struct job_lists *lists = job->lists;
    const enum reopt_cause cause = job->cause;
    do {
        if (job_takes_result(job) && !job->stays && !job_move_list(job))
            return;
    } while (!job->stays && job_next_list(job));
    job->cause = cause;
    job_turn_lists(job);
    if (lists->moves.count > 0 || job->stays)
        job_order(job);
    else if (lists->is_cut && !job->is_of_result)
        (void)slot_set_add(&reopt->waiting, job->lsp->slot);
    if (!lists->is_pathless)
        return;
    job->result = lists->none;
    job->is_past = lists->is_past;
    job_block(job);
}

void job_decide(struct job *job)
{
    struct reopt *reopt = job->reopt;
    if (job->judgement.keeps) {
        lay_readmit(reopt, job->scene->snapshot, &job->reading);
        job_unblock(job);
    }
    reopt->counters.reopt_work_exceeded += job->result.outcome == PATH_WORK_EXCEEDED;
    if (job->lists != NULL)
        job_decide_lists(job);
    else if (job_takes_result(job))
        job_order(job);
}

void job_settle(struct job *job)
{
    const struct lsp_route *route = job->lsp->route;
    if (job->judgement.keeps) {
        lay_readmit(job->reopt, job->scene->snapshot, &job->reading);
        job_unblock(job);
    } else if (route != NULL && route->is_evicted) {
        job_set_no_room(job);
        job_block(job);
    }
}
