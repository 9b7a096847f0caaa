#include "core/reopt/job.h"

#include "core/pcep/model.h"
#include "core/reopt/job_impl.h"
#include "core/reopt/late.h"
#include "core/reopt/lay.h"
#include "core/reopt/lay_lists.h"
#include "core/reopt/own_route.h"
#include "core/reopt/urge.h"
#include "core/requests/constraints.h"
#include "core/requests/setup.h"

/* Orders end, and tell it; should one not, its links are not held for ever. */
static void job_forget_order(const struct job *job)
{
    struct lsp_route *route = job->lsp->route;
    uint64_t now_s = job->scene->now.ns / MONO_NS_PER_S;
    if (route != NULL && now_s >= (uint64_t)route->moved_s + REOPT_ORDER_S)
        route->is_ordered = false;
}

static void job_ask_wants(struct job *job)
{
    struct lsp_reading *reading = &job->reading;
    const struct reopt_events *events = job->reopt->events;
    reading->has_wants =
        events->wants != NULL && events->wants(job->reopt, job->lsp, &reading->wants);
    if (!reading->has_wants)
        return;
    reading->sender = reading->wants.source;
    reading->endpoint = reading->wants.endpoint;
}

bool job_begin(struct job *job)
{
    struct reopt *reopt = job->reopt;
    reopt_spend(job->scene, REOPT_WORK_OF_ONE);
    slot_set_remove(&reopt->laying, job->lsp->slot);
    job_forget_order(job);
    if (!lsp_reading_of(job->lsp, reopt->arena, &job->reading)) {
        reopt->counters.reopt_no_memory++;
        return false;
    }
    job_ask_wants(job);
    bool is_laid = lay_reported(reopt, job->scene->snapshot, &job->reading);
    reopt_spend(job->scene, reopt->current.work);
    /* The owner of its group is told where it is, whoever moves it. */
    job->is_grouped = lsp_reading_is_grouped(&job->reading, reopt->arena);
    if (job->is_grouped)
        reopt->counters.reopt_no_memory += !slot_set_add(&reopt->grouped, job->lsp->slot);
    return is_laid;
}

static bool job_is_fixed(const struct job *job)
{
    return job->reading.has_wants && job->reading.wants.is_fixed;
}

/* One that is ours and cannot be moved now is looked at when it can be. */
bool job_may_move(const struct job *job, uint8_t *sids_max)
{
    struct reopt *reopt = job->reopt;
    bool is_busy = job->reading.has_wants && job->reading.wants.is_busy;
    if (job_is_fixed(job))
        return false;
    if (!is_busy && reopt->events->may_move(reopt, job->lsp, sids_max))
        return true;
    if (job->lsp->delegation == LSP_IS_DELEGATED)
        (void)slot_set_add(&reopt->held, job->lsp->slot);
    return false;
}

/* ---- what the LSP asks for ---- */

static uint8_t job_sids_max(const struct job *job, uint8_t of_session)
{
    /* RFC 8664 5.1 believes the IGP, and lets nothing be sent that is longer than the Open says: the
     * order would be refused, and its list computed again. */
    uint8_t of_node =
        path_sids_max_of_node(job->scene->snapshot, job->request.source, job->request.setup);
    return path_sids_max_least(of_node, of_session);
}

static bool job_set_ends(struct job *job)
{
    const struct ted_snapshot *snapshot = job->scene->snapshot;
    const struct lsp_reading *reading = &job->reading;
    if (reading->endpoint.family == IP_NONE)
        return false;
    job->request.source = lsp_reading_headend(reading, snapshot);
    job->request.destination = ted_find_node_by_address(snapshot, &reading->endpoint);
    job->request.family = reading->endpoint.family;
    return job->request.source != TED_NONE && job->request.destination != TED_NONE;
}

static bool job_set_setup(struct job *job)
{
    return setup_of_pst(job->reading.instance->summary.setup_type, &job->request.setup);
}

/* But for the ends, which are set. */
static void job_take_wants(struct job *job)
{
    const struct path_request *wanted = &job->reading.wants.path;
    struct path_request taken = *wanted;
    uint8_t own = wanted->sids_max, of_pcc = job->request.sids_max;
    taken.source = job->request.source;
    taken.destination = job->request.destination;
    taken.family = job->request.family;
    taken.setup = job->request.setup;
    taken.sids_max = own == 0 || (of_pcc != 0 && of_pcc < own) ? of_pcc : own;
    job->request = taken;
}

static bool job_set_constraints(struct job *job, uint8_t sids_max)
{
    const struct pcep_lsp_state *state = job->reading.state;
    const struct constraint_objects objects = {
        .bandwidth = state->bandwidth,
        .lspa = state->lspa,
        .metrics = state->metrics,
        .metric_count = state->metric_count,
        .sids_max = sids_max,
    };
    struct constraints constraints = {.path = &job->request};
    struct pcep_fault fault = {0};
    job->request.sids_max = job_sids_max(job, sids_max);
    bool is_read = job->reading.has_wants;
    if (is_read)
        job_take_wants(job);
    else
        is_read = constraints_read(&objects, &constraints, &fault);
    job->adjustment = adjust_of(job->reopt, &job->reading, job->scene);
    if (job->adjustment.entry != NULL)
        job->request.bandwidth = job->adjustment.bandwidth;
    return is_read;
}

/* The links that it takes now are free to it (RFC 5440 7.4.1). */
static void job_set_reservations(struct job *job)
{
    struct reopt *reopt = job->reopt;
    const struct lsp_route *route = job->lsp->route;
    job->reservations =
        (struct path_reservations){.table = reopt->reservations, .own_links = reopt->own_links};
    job->request.reservations = &job->reservations;
    if (route == NULL)
        return;
    job->reservations.own = route->claim;
    job->reservations.own_count =
        own_route_links(reopt, route, job->scene->snapshot, reopt->own_links);
}

bool job_read(struct job *job, uint8_t sids_max)
{
    job->request = (struct path_request){0};
    bool has_lists = lay_lists_count(&job->reading) > 1;
    if (!job_set_setup(job) || !job_set_ends(job) || !job_set_constraints(job, sids_max) ||
        (has_lists && !path_setup_is_sr(job->request.setup))) {
        job->reopt->counters.reopt_unsupported++;
        return false;
    }
    job_set_reservations(job);
    if (has_lists)
        return job_pick_list(job);
    job->judgement = judge_path(job->scene->snapshot, &job->request, &job->reopt->current);
    return true;
}

/* ---- the path ---- */

enum reopt_cause job_cause(const struct job *job)
{
    if (job->list.ero == NULL ? lsp_reading_is_empty(&job->reading)
                              : job->list.ero->subobject_count == 0)
        return REOPT_WITHOUT_PATH;
    if (job->reopt->current.reason != RESOLVE_RESOLVED)
        return REOPT_BROKEN;
    if (job->adjustment.is_due)
        return REOPT_ADJUSTED;
    return job->judgement.keeps ? REOPT_BETTER : REOPT_CONSTRAINT;
}

static uint64_t job_tag_of(const struct lsp *lsp)
{
    return (uint64_t)lsp->generation << 32 | lsp->slot;
}

static void job_note_outdated(struct job *job)
{
    job->reopt->counters.reopt_outdated++;
    job->reopt->counters.reopt_no_memory += !slot_set_add(&job->reopt->outdated, job->lsp->slot);
}

void job_forget(struct reopt *reopt, const struct lsp *lsp)
{
    for (unsigned i = 0; i < REOPT_HEAVY_KINDS; i++)
        slot_queue_remove(&reopt->heavy[i], lsp->slot);
    if (!slot_set_has(&reopt->computing, lsp->slot))
        return;
    slot_set_remove(&reopt->computing, lsp->slot);
    errands_forget(reopt->errands, job_tag_of(lsp));
}

/* Networks may come faster than results: another one alone is no reason to begin anew again. */
static bool job_waits_for(struct job *job, const struct computation *computation)
{
    if (computation_is_of(computation, &job->request, job->scene->snapshot->serial))
        return true;
    job_note_outdated(job);
    return computation->is_patient && computation_asks(computation, &job->request);
}

/* What was sent for it is what it asks for now; else it is not wanted any more. */
static bool job_is_computing(struct job *job)
{
    const struct reopt *reopt = job->reopt;
    if (!slot_set_has(&reopt->computing, job->lsp->slot))
        return false;
    const struct computation *computation = errands_find(reopt->errands, job_tag_of(job->lsp));
    if (computation != NULL && job_waits_for(job, computation))
        return true;
    job_forget(job->reopt, job->lsp);
    return false;
}

/* Its group says where it goes; one that no group takes is computed alone. */
static bool job_is_of_group(const struct job *job)
{
    return job->is_grouped && !slot_set_has(&job->reopt->lone, job->lsp->slot);
}

/* Of a path that is not ours to choose: whether it fits where it is. */
static void job_look_fixed(struct job *job)
{
    if (!job_read(job, 0))
        return;
    job->cause = job_cause(job);
    job_settle(job);
}

/* False: it is not to be computed now. */
static bool job_prepare(struct job *job)
{
    struct reopt *reopt = job->reopt;
    uint8_t sids_max = 0;
    if (!job_begin(job))
        return false;
    if (job_is_fixed(job)) {
        job_look_fixed(job);
        return false;
    }
    /* An order that is out is answered first: its end puts the LSP back. */
    bool is_of_group = job_is_of_group(job);
    if ((is_of_group && !adjust_of(reopt, &job->reading, job->scene).is_due) ||
        (job->lsp->route != NULL && job->lsp->route->is_ordered) || !job_may_move(job, &sids_max) ||
        !job_read(job, sids_max))
        return false;
    job->cause = job_cause(job);
    if (is_of_group)
        (void)job_adjust_in_place(job);
    return !is_of_group;
}

/* What LSPs hold is looked at as it is when it is computed; the links are taken before the order. */
static void job_give_away(struct job *job)
{
    struct reopt *reopt = job->reopt;
    const struct lsp *lsp = job->lsp;
    const struct ted_snapshot *snapshot = job->scene->snapshot;
    const uint64_t tag = job_tag_of(lsp);
    enum pce_status status =
        slot_set_has(&reopt->outdated, lsp->slot)
            ? errands_send_patient(reopt->errands, tag, &job->request, snapshot)
            : errands_send(reopt->errands, tag, &job->request, snapshot->serial, 0);
    struct slot_queue *heavy = &reopt->heavy[job->judgement.keeps ? REOPT_HEAVY_KEPT : REOPT_HEAVY];
    bool is_added = status == PCE_OK ? slot_set_add(&reopt->computing, lsp->slot)
                                     : slot_queue_add(heavy, lsp->slot, reopt_rank_of(lsp));
    reopt->counters.reopt_no_memory += !is_added;
}

static void job_compute(struct job *job)
{
    if (job_compute_here(job))
        job_decide(job);
    else
        job_give_away(job);
}

void job_look(struct reopt *reopt, struct reopt_scene *scene, struct lsp *lsp)
{
    struct job job = {.reopt = reopt, .scene = scene, .lsp = lsp};
    if (job_prepare(&job) && !job_is_computing(&job))
        job_compute(&job);
}

void job_send(struct reopt *reopt, struct reopt_scene *scene, struct lsp *lsp)
{
    struct job job = {.reopt = reopt, .scene = scene, .lsp = lsp};
    if (job_prepare(&job) && !job_is_computing(&job))
        job_give_away(&job);
}

/* False: it is of another network, or of another request. */
static bool job_take_result(struct job *job, const struct computation *computation)
{
    struct reopt *reopt = job->reopt;
    const struct ted_snapshot *snapshot = job->scene->snapshot;
    bool is_used = slot_set_has(&reopt->outdated, job->lsp->slot);
    job->result = computation->result;
    if (errand_is_current(computation, &job->request, snapshot->serial))
        return true;
    if (late_is_none(computation, &job->request)) {
        job->is_past = !late_is_none_still(reopt, snapshot, computation);
        is_used = is_used || !job->is_past;
    } else {
        is_used = is_used && late_use(reopt, snapshot, &job->request, computation, &job->result);
        job->is_late = is_used;
    }
    reopt->counters.reopt_late += is_used;
    return is_used;
}

static void job_again(struct job *job)
{
    job_note_outdated(job);
    reopt_urge(job->reopt, job->lsp);
}

void job_use(struct reopt *reopt, struct reopt_scene *scene, struct lsp *lsp,
             const struct computation *computation)
{
    struct job job = {.reopt = reopt, .scene = scene, .lsp = lsp};
    slot_set_remove(&reopt->computing, lsp->slot);
    if (!job_prepare(&job))
        return;
    if (!job_take_result(&job, computation)) {
        job_again(&job);
        return;
    }
    slot_set_remove(&reopt->outdated, lsp->slot);
    reopt->counters.reopt_computed++;
    job.is_of_result = true;
    /* After that the job may be about another one of its lists. */
    const bool is_again = job.is_past && !job.judgement.keeps;
    job_decide(&job);
    if (is_again)
        job_again(&job);
}

void job_lay(struct reopt *reopt, struct reopt_scene *scene, struct lsp *lsp)
{
    struct job job = {.reopt = reopt, .scene = scene, .lsp = lsp};
    uint8_t sids_max;
    if (!job_begin(&job) || lsp->delegation != LSP_IS_DELEGATED)
        return;
    /* What it requested while an order was out is asked for now. */
    if (adjust_of(reopt, &job.reading, scene).is_due)
        (void)slot_set_add(&reopt->waiting, lsp->slot);
    if (reopt->current.reason == RESOLVE_RESOLVED && !lsp_reading_is_empty(&job.reading))
        return;
    if (job_may_move(&job, &sids_max))
        reopt_urge(reopt, lsp);
}
