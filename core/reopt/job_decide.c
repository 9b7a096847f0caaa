/* What is decided about an LSP whose path was computed: it is moved there, it stays, or it is told that there
 * is none. */
#include "core/pcep/model.h"
#include "core/reopt/job_impl.h"
#include "core/reopt/lay.h"

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
