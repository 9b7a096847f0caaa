/* An LSP of several segment lists (draft-ietf-pce-multipath): one list at a time is looked at, and moved
 * where that is due. An order says all lists, with the weights and backups as they were reported. */
#include "core/pcep/model.h"
#include "core/reopt/job_impl.h"
#include "core/reopt/route.h"
#include "core/requests/ero.h"

/* Steps to lay all lists of an LSP that is moved: that is done four times. */
#define LISTS_WORK_MAX (RESOLVE_WORK_MAX / 4)

/* ---- which list ---- */

/* What the list holds of its links is free to it. */
static void lists_show_own(struct job *job)
{
    struct reopt *reopt = job->reopt;
    const struct resolved_path *path = &reopt->current;
    struct path_reservations *seen = &job->reservations;
    bool holds = job->lsp->route != NULL && job->lsp->route->claim.octets_per_s > 0;
    seen->own.octets_per_s = holds ? ted_octets_of_bandwidth(job->request.bandwidth) : 0;
    for (uint32_t i = 0; i < path->count; i++)
        reopt->own_links[i] = path->links[i];
    seen->own_count = route_sort(reopt->own_links, path->count);
}

/* The job is about this list from now on. */
static void lists_look(struct job *job, const struct lay_list *list, float bandwidth)
{
    struct reopt *reopt = job->reopt;
    job->list = *list;
    job->request.bandwidth = bandwidth * (float)list->share;
    lay_list_resolve(reopt, job->scene->snapshot, &job->reading, list, &reopt->current);
    reopt_spend(job->scene, reopt->current.work);
    lists_show_own(job);
    job->judgement = judge_path(job->scene->snapshot, &job->request, &reopt->current);
}

/* A path that the others do not take, where there is one: what fails is not to take all of them. */
static bool lists_keep_off(struct job *job, const struct lay_list *lists, uint32_t count)
{
    struct reopt *reopt = job->reopt;
    if (!path_avoid_begin(&reopt->others, job->scene->snapshot)) {
        reopt->counters.reopt_no_memory++;
        return false;
    }
    for (uint32_t i = 0; i < count; i++) {
        if (lists[i].ero == job->list.ero)
            continue;
        lay_list_resolve(reopt, job->scene->snapshot, &job->reading, &lists[i], &reopt->next);
        reopt_spend(job->scene, reopt->next.work);
        for (uint32_t k = 0; k < reopt->next.count; k++)
            path_avoid_both_ways(&reopt->others, reopt->next.links[k]);
    }
    job->request.undesired = &reopt->others;
    return true;
}

/* One that leads nowhere comes before one that breaks a constraint, and where several are alike it is
 * another one's turn each time: what cannot be cured keeps no other one waiting. All are well: at each
 * interval another one may have a better path. */
static uint32_t lists_worst(struct job *job, const struct lay_list *lists, uint32_t count,
                            float bandwidth)
{
    struct reopt *reopt = job->reopt;
    const uint32_t first = reopt->list_turn++;
    uint32_t breaks = count;
    for (uint32_t i = 0; i < count; i++) {
        const uint32_t at = (first + i) % count;
        lists_look(job, &lists[at], bandwidth);
        if (reopt->current.reason != RESOLVE_RESOLVED)
            return at;
        if (!job->judgement.keeps && breaks == count)
            breaks = at;
    }
    return breaks < count ? breaks : reopt->look_turn % count;
}

bool job_pick_list(struct job *job)
{
    struct lay_list lists[LAY_LISTS_MAX];
    const struct reopt *reopt = job->reopt;
    const float bandwidth = job->request.bandwidth;
    const uint32_t count = lay_lists_read(&job->reading, lists);
    if (count == 0 || reopt->current.work > LISTS_WORK_MAX) {
        job->reopt->counters.reopt_unsupported++;
        return false;
    }
    lists_look(job, &lists[lists_worst(job, lists, count, bandwidth)], bandwidth);
    return lists_keep_off(job, lists, count);
}

/* ---- the order ---- */

void job_put_object(struct wire_writer *writer, const struct pcep_object *object)
{
    wire_put_octets(writer, object->octets - PCEP_OBJECT_HEADER_SIZE, object->size);
}

void job_write_lists(const struct job *job, struct wire_writer *writer)
{
    const struct pcep_message *message = &job->reading.message;
    for (uint32_t i = 0; i < message->object_count; i++) {
        const struct pcep_object *object = &message->objects[i];
        if (object == job->list.ero && !job->stays)
            ero_write(job->request.setup, &job->result, NULL, writer);
        else if (lay_list_has(message, i))
            job_put_object(writer, object);
    }
}
