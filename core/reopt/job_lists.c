/* An LSP of several segment lists (draft-ietf-pce-multipath): one list at a time is looked at, and after
 * one that has failed all others that have. An order says all lists, those that move and the others, with
 * the weights and backups as they were reported. */
#include "core/pcep/codec.h"
#include "core/pcep/model.h"
#include "core/reopt/job_impl.h"
#include "core/reopt/route.h"
#include "core/requests/ero.h"

#include <string.h>

/* Steps to lay all lists of an LSP that is moved: that is done four times. */
#define LISTS_WORK_MAX (RESOLVE_WORK_MAX / 4)

#define TLV_HEADER_SIZE 4U

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

/* The links that the list takes, or is to take. */
static struct lay_move lists_path(struct job *job, const struct lay_list *list)
{
    struct reopt *reopt = job->reopt;
    const struct lay_move *moved = lay_move_of(&job->lists->moves, list->ero);
    if (moved != NULL)
        return *moved;
    lay_list_resolve(reopt, job->scene->snapshot, &job->reading, list, &reopt->next);
    reopt_spend(job->scene, reopt->next.work);
    return (struct lay_move){list->ero, reopt->next.links, reopt->next.count};
}

/* A path that the others do not take, where there is one: what fails is not to take all of them. */
static bool lists_keep_off(struct job *job)
{
    struct reopt *reopt = job->reopt;
    const struct job_lists *lists = job->lists;
    if (!path_avoid_begin(&reopt->others, job->scene->snapshot)) {
        reopt->counters.reopt_no_memory++;
        return false;
    }
    for (uint32_t i = 0; i < lists->count; i++) {
        if (lists->of[i].ero == job->list.ero)
            continue;
        const struct lay_move path = lists_path(job, &lists->of[i]);
        for (uint32_t k = 0; k < path.count; k++)
            path_avoid_both_ways(&reopt->others, path.links[k]);
    }
    job->request.undesired = &reopt->others;
    return true;
}

static bool lists_is_broken(const struct job *job)
{
    return job->reopt->current.reason != RESOLVE_RESOLVED;
}

/* One that leads nowhere comes before one that breaks a constraint, and where several are alike it is
 * another one's turn each time: what cannot be cured keeps no other one waiting. All are well: at each
 * interval another one may have a better path. */
static uint32_t lists_worst(struct job *job)
{
    const struct job_lists *lists = job->lists;
    const struct lsp_route *route = job->lsp->route;
    const uint32_t first = route == NULL ? 0 : route->list_turn;
    uint32_t breaks = lists->count;
    for (uint32_t i = 0; i < lists->count; i++) {
        const uint32_t at = (first + i) % lists->count;
        lists_look(job, &lists->of[at], lists->bandwidth);
        if (lists_is_broken(job))
            return at;
        if (!job->judgement.keeps && breaks == lists->count)
            breaks = at;
    }
    return breaks < lists->count ? breaks : job->reopt->look_turn % lists->count;
}

static bool lists_take(struct job *job, uint32_t at)
{
    job->lists->is_tried[at] = true;
    lists_look(job, &job->lists->of[at], job->lists->bandwidth);
    return lists_keep_off(job);
}

bool job_pick_list(struct job *job)
{
    struct reopt *reopt = job->reopt;
    struct job_lists *lists = ARENA_NEW(reopt->arena, struct job_lists);
    if (lists == NULL) {
        reopt->counters.reopt_no_memory++;
        return false;
    }
    memset(lists, 0, sizeof *lists);
    lists->bandwidth = job->request.bandwidth;
    lists->count = lay_lists_read(&job->reading, lists->of);
    if (lists->count == 0 || reopt->current.work > LISTS_WORK_MAX) {
        reopt->counters.reopt_unsupported++;
        return false;
    }
    job->lists = lists;
    const uint32_t at = job->list_at == 0 ? lists_worst(job) : job->list_at - 1U;
    return at < lists->count && lists_take(job, at);
}

void job_turn_lists(struct job *job)
{
    if (job->lsp->route != NULL)
        job->lsp->route->list_turn++;
}

/* ---- those that have failed together ---- */

static uint32_t *lists_copy(struct arena *arena, const uint32_t *links, uint32_t count)
{
    uint32_t *copy = ARENA_ARRAY(arena, uint32_t, count + 1);
    if (copy != NULL && count > 0)
        memcpy(copy, links, count * sizeof *copy);
    return copy;
}

bool job_move_list(struct job *job)
{
    struct reopt *reopt = job->reopt;
    struct lay_moves *moves = &job->lists->moves;
    struct path_result *result = &job->lists->results[moves->count];
    struct path_sid *sids = ARENA_ARRAY(reopt->arena, struct path_sid, job->result.sid_count + 1);
    uint32_t *laid = lists_copy(reopt->arena, reopt->next.links, reopt->next.count);
    *result = job->result;
    result->links = lists_copy(reopt->arena, job->result.links, job->result.link_count);
    result->sids = sids;
    if (sids == NULL || laid == NULL || result->links == NULL) {
        reopt->counters.reopt_no_memory++;
        return false;
    }
    if (result->sid_count > 0)
        memcpy(sids, job->result.sids, result->sid_count * sizeof *sids);
    moves->of[moves->count++] = (struct lay_move){job->list.ero, laid, reopt->next.count};
    return true;
}

bool job_next_list(struct job *job)
{
    struct job_lists *lists = job->lists;
    for (uint32_t i = 0; i < lists->count && !lists->is_cut; i++) {
        if (lists->is_tried[i])
            continue;
        lists_look(job, &lists->of[i], lists->bandwidth);
        if (!lists_is_broken(job) && job->judgement.keeps)
            continue;
        if (!lists_take(job, i))
            return false;
        job->is_late = job->is_past = false; /* it is computed on the network as it is */
        lists->is_cut = !job_compute_here(job);
        return !lists->is_cut;
    }
    return false;
}

bool job_list_has_room(struct job *job)
{
    const struct lay_move *move = &job->lists->moves.of[0];
    for (uint32_t i = 0; i < job->lists->count; i++)
        if (job->lists->of[i].ero == move->ero)
            lists_look(job, &job->lists->of[i], job->lists->bandwidth);
    for (uint32_t i = 0; i < move->count; i++)
        if (!judge_link(job->scene->snapshot, &job->request, move->links[i]))
            return false;
    return true;
}

/* ---- the order ---- */

void job_put_object(struct wire_writer *writer, const struct pcep_object *object)
{
    wire_put_octets(writer, object->octets - PCEP_OBJECT_HEADER_SIZE, object->size);
}

/* A way back, or its attributes (multipath draft 4.1). */
static bool lists_is_way_back(const struct pcep_object *objects, uint32_t at)
{
    const struct pcep_object *attributes = &objects[at];
    if (attributes->class_ == PCEP_CLASS_ERO && at > 0)
        attributes--;
    const struct pcep_path_attrib *body = attributes->body;
    return attributes->row != NULL && attributes->row->id == PCEP_OBJECT_PATH_ATTRIB &&
           (body->flags & PCEP_PATH_ATTRIB_R) != 0;
}

/* Attributes without what they say of ways back. */
static void lists_put_attributes(struct wire_writer *writer, const struct pcep_object *attributes)
{
    size_t object = pcep_object_open(writer, PCEP_OBJECT_PATH_ATTRIB, 0, attributes->body);
    for (uint32_t i = 0; i < attributes->tlv_count; i++) {
        const struct pcep_tlv *tlv = &attributes->tlvs[i];
        if (tlv->type != pcep_tlv_get(PCEP_TLV_MULTIPATH_OPPDIR_PATH)->type)
            wire_put_octets(writer, tlv->octets - TLV_HEADER_SIZE,
                            TLV_HEADER_SIZE + (tlv->size + 3U) / 4 * 4);
    }
    pcep_object_close(writer, object);
}

/* What the router has said of ways back is of the lists as they were: a list that has moved may be
 * co-routed with none of them (multipath draft 4.5), so that nothing is said of them any more. */
static void lists_put_object(const struct job *job, struct wire_writer *writer, uint32_t at)
{
    const struct pcep_object *objects = job->reading.message.objects;
    const bool is_as_reported = job->lists->moves.count == 0;
    if (!is_as_reported && lists_is_way_back(objects, at))
        return;
    if (!is_as_reported && objects[at].class_ == PCEP_CLASS_PATH_ATTRIB)
        lists_put_attributes(writer, &objects[at]);
    else
        job_put_object(writer, &objects[at]);
}

void job_write_lists(const struct job *job, struct wire_writer *writer)
{
    const struct pcep_message *message = &job->reading.message;
    const struct lay_moves *moves = &job->lists->moves;
    for (uint32_t i = 0; i < message->object_count; i++) {
        const struct lay_move *moved = lay_move_of(moves, &message->objects[i]);
        if (moved != NULL)
            ero_write(job->request.setup, &job->lists->results[moved - moves->of], NULL, writer);
        else if (lay_list_has(message, i))
            lists_put_object(job, writer, i);
    }
}
