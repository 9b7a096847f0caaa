#include "core/lsp/lsp_pcc.h"
#include "core/reopt/flood.h"
#include "core/reopt/job_impl.h"
#include "core/reopt/lay.h"
#include "core/reopt/repeat.h"
#include "core/reopt/take.h"
#include "core/reopt/urge.h"
#include "core/requests/ero.h"
#include "core/requests/hops.h"

void job_note_pathless(struct job *job)
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

void job_postpone(struct job *job)
{
    job->reopt->counters.reopt_no_room++;
    adjust_postpone(&job->adjustment, job->scene);
    reopt_urge(job->reopt, job->lsp);
}

void job_set_no_room(struct job *job)
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
