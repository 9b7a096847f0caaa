#include "core/reopt/job_group.h"

#include "core/pcep/model.h"
#include "core/reopt/job_impl.h"
#include "core/reopt/lay.h"
#include "core/reopt/route.h"

#include <string.h>

/* ---- what is told ---- */

static struct ip job_router_id(const struct ted_snapshot *snapshot, uint32_t node)
{
    if (node == TED_NONE)
        return (struct ip){0};
    const struct ted_node *at = &snapshot->nodes[node];
    return at->router_id_v4.family != IP_NONE ? at->router_id_v4 : at->router_id_v6;
}

static void job_tell_identity(const struct job *job, struct group_tell *tell)
{
    const struct ted_snapshot *snapshot = job->scene->snapshot;
    const struct lsp *lsp = job->lsp;
    const struct pcep_object *object;
    const struct lsp_reading *reading = &job->reading;
    tell->pcc = lsp->pcc->address;
    tell->name_size = lsp->name_size;
    memcpy(tell->name, lsp->name, lsp->name_size);
    tell->setup_type = reading->instance->summary.setup_type;
    tell->source = job_router_id(snapshot, lsp_reading_headend(reading, snapshot));
    if (reading->endpoint.family != IP_NONE)
        tell->destination =
            job_router_id(snapshot, ted_find_node_by_address(snapshot, &reading->endpoint));
    if (!pcep_get(reading->state->lsp, &object))
        return;
    const struct pcep_ipv4_lsp_identifiers *v4 =
        pcep_find_tlv(object, PCEP_TLV_IPV4_LSP_IDENTIFIERS);
    const struct pcep_ipv6_lsp_identifiers *v6 =
        pcep_find_tlv(object, PCEP_TLV_IPV6_LSP_IDENTIFIERS);
    tell->has_tunnel = v4 != NULL || v6 != NULL;
    if (v4 != NULL)
        tell->tunnel_id = v4->tunnel_id;
    else if (v6 != NULL)
        tell->tunnel_id = v6->tunnel_id;
}

static void job_tell_state(struct job *job, struct group_tell *tell)
{
    const struct reopt *reopt = job->reopt;
    const struct lsp_route *route = job->lsp->route;
    uint8_t sids_max = 0;
    tell->is_movable = job_may_move(job, &sids_max);
    tell->is_computable = job_read(job, sids_max);
    tell->is_empty = lsp_reading_is_empty(&job->reading);
    if (tell->is_computable) {
        tell->keeps = job->judgement.keeps;
        tell->cost = job->judgement.cost;
    } else {
        tell->keeps = reopt->current.reason == RESOLVE_RESOLVED;
    }
    tell->keeps = tell->keeps && !tell->is_empty;
    tell->request = job->request;
    tell->request.reservations = NULL;
    tell->request.undesired = NULL;
    tell->follows_igp = slot_set_has(&reopt->led, job->lsp->slot);
    tell->is_ordered = route != NULL && route->is_ordered;
    tell->is_paused = slot_set_has(&reopt->paused, job->lsp->slot);
    tell->is_held_down = job_is_held_down(job);
    tell->is_blocked = slot_set_has(&reopt->blocked, job->lsp->slot);
    tell->turn = job->scene->snapshot->link_numbers->turn;
}

/* The links of its path, and after them those of the path that it is ordered onto: of an order that
 * its group has not made, all that it holds. How many are of its path. */
static uint32_t job_tell_links(const struct job *job, const struct job_ordered *known,
                               uint32_t *numbers, uint32_t *ordered)
{
    const struct reopt *reopt = job->reopt;
    const struct lsp_route *route = job->lsp->route;
    *ordered = 0;
    if (route == NULL)
        return 0;
    uint32_t current = route_numbers(reopt, route, 0, route->current_count, numbers);
    if (!route->is_ordered)
        return current;
    *ordered = known->count;
    if (known->count > 0)
        memcpy(numbers + current, known->numbers, known->count * sizeof *numbers);
    else
        *ordered = route_numbers(reopt, route, 0, route->count, numbers + current);
    return current;
}

/* Behind the others: the links of the lists that stay, and of the one that may be moved. */
static void job_tell_lists(struct job *job, struct group_tell *tell, uint32_t *numbers)
{
    struct reopt *reopt = job->reopt;
    const struct ted_snapshot *snapshot = job->scene->snapshot;
    const struct job_lists *lists = job->lists;
    for (uint32_t i = 0; i < lists->count; i++) {
        if (lists->of[i].ero == job->list.ero) {
            tell->list = (uint8_t)(i + 1);
            continue;
        }
        lay_list_resolve(reopt, snapshot, &job->reading, &lists->of[i], &reopt->next);
        uint32_t room = GROUP_NUMBERS_MAX - tell->fixed_count;
        uint32_t count = reopt->next.count < room ? reopt->next.count : room;
        reopt->counters.reopt_route_limit += count < reopt->next.count;
        tell->fixed_count +=
            route_numbers_of(snapshot, reopt->next.links, count, numbers + tell->fixed_count);
    }
    tell->fixed_count = route_sort(numbers, tell->fixed_count);
    tell->list_count = route_numbers_of(snapshot, reopt->current.links, reopt->current.count,
                                        numbers + tell->fixed_count);
    tell->own.octets_per_s = job->reservations.own.octets_per_s;
    job_turn_lists(job);
}

struct group_tell *job_group_tell(struct reopt *reopt, struct reopt_scene *scene, struct lsp *lsp,
                                  const struct job_ordered *known)
{
    struct job job = {.reopt = reopt, .scene = scene, .lsp = lsp};
    uint32_t numbers[4 * GROUP_NUMBERS_MAX], ordered;
    struct group_tell told;
    if (!job_begin(&job))
        return NULL;
    slot_set_remove(&reopt->grouped, lsp->slot);
    memset(&told, 0, sizeof told); /* tells are compared octet by octet */
    told.head.kind = GROUP_LETTER_TELL;
    told.current_count = job_tell_links(&job, known, numbers, &ordered);
    told.ordered_count = ordered;
    job_tell_identity(&job, &told);
    job_tell_state(&job, &told);
    if (lsp->route != NULL)
        told.own = lsp->route->claim;
    if (job.lists != NULL && told.is_computable)
        job_tell_lists(&job, &told, numbers + told.current_count + ordered);
    const uint32_t count = group_tell_count(&told);
    struct group_tell *tell = group_tell_create(count);
    if (tell == NULL)
        return NULL;
    memcpy(tell, &told, sizeof told);
    if (count > 0)
        memcpy(tell->numbers, numbers, count * sizeof *numbers);
    return tell;
}

/* ---- what is done ---- */

/* Laid, judged, and ours; false: it cannot be moved any more. */
static bool job_group_begin(struct job *job)
{
    uint8_t sids_max = 0;
    if (!job_begin(job))
        return false;
    slot_set_remove(&job->reopt->grouped, job->lsp->slot);
    if ((job->lsp->route != NULL && job->lsp->route->is_ordered) || !job_may_move(job, &sids_max) ||
        !job_read(job, sids_max))
        return false;
    job->cause = job_cause(job);
    if (job->cause == REOPT_BETTER)
        job->cause = REOPT_GROUP;
    return true;
}

static bool job_is_ordered(const struct lsp *lsp)
{
    return lsp->route != NULL && lsp->route->is_ordered;
}

/* The side notes as ordered what reopt->next has: all lists. */
static void job_show_lists(struct job *job)
{
    struct reopt *reopt = job->reopt;
    const struct ted_link_numbers *numbers = job->scene->snapshot->link_numbers;
    const uint32_t count = job_next_numbers(job);
    reopt->next.count = 0;
    for (uint32_t i = 0; i < count && reopt->next.count < RESOLVE_LINKS_MAX; i++)
        if (numbers->links[reopt->numbers[1][i]] != TED_NONE)
            reopt->next.links[reopt->next.count++] = numbers->links[reopt->numbers[1][i]];
}

enum job_group_outcome job_group_move(struct reopt *reopt, struct reopt_scene *scene,
                                      struct lsp *lsp, const struct group_verdict *verdict,
                                      struct wire_span objects)
{
    struct job job = {
        .reopt = reopt, .scene = scene, .lsp = lsp, .extra = objects, .list_at = verdict->list};
    if (verdict->serial != scene->snapshot->serial || !job_group_begin(&job))
        return JOB_GROUP_AGAIN;
    job.result = (struct path_result){.outcome = PATH_FOUND,
                                      .links = verdict->links,
                                      .link_count = verdict->link_count,
                                      .sids = verdict->sids,
                                      .sid_count = verdict->sid_count};
    if (!job_lay_next(&job))
        return JOB_GROUP_AGAIN;
    if (job.judgement.keeps && job_is_same(&job)) {
        reopt->counters.reopt_kept++;
        job_unblock(&job);
        return JOB_GROUP_KEPT;
    }
    if (job.lists != NULL && !job_move_list(&job))
        return JOB_GROUP_AGAIN;
    if (job_pauses(&job))
        return JOB_GROUP_PAUSED;
    job_move(&job);
    if (job.lists != NULL)
        job_show_lists(&job);
    return job_is_ordered(lsp) ? JOB_GROUP_ORDERED : JOB_GROUP_KEPT;
}

/* The path as it was reported, or none. */
static bool job_order_status(struct job *job, bool is_empty)
{
    struct reopt *reopt = job->reopt;
    const struct pcep_object *ero;
    struct reopt_move move = {.cause = job->cause, .now = job->scene->now};
    struct wire_writer writer = wire_writer_init(reopt->octets, PCEP_MESSAGE_SIZE_MAX);
    if (job->extra.size > 0)
        wire_put_octets(&writer, job->extra.octets, job->extra.size);
    if (is_empty)
        pcep_object_put(&writer, PCEP_OBJECT_ERO, 0, NULL);
    else if (job->lists != NULL)
        job_write_lists(job, &writer);
    else if (pcep_get(job->reading.state->ero, &ero))
        wire_put_octets(&writer, ero->octets - PCEP_OBJECT_HEADER_SIZE, ero->size);
    if (!job_write_attributes(job, &writer))
        return false;
    move.objects = (struct wire_span){reopt->octets, wire_written(&writer)};
    return reopt->events->submit(reopt, job->lsp, &move) == PCE_OK;
}

void job_group_block(struct reopt *reopt, struct reopt_scene *scene, struct lsp *lsp,
                     const struct group_verdict *verdict, struct wire_span objects)
{
    struct job job = {.reopt = reopt, .scene = scene, .lsp = lsp, .extra = objects};
    bool was_blocked = slot_set_has(&reopt->blocked, lsp->slot);
    if (!job_group_begin(&job) || job.judgement.keeps)
        return;
    job.result.outcome = PATH_NONE;
    job_block(&job);
    /* An empty ERO would take the lists that are well off the router, too. */
    if (was_blocked || !verdict->is_strict || lsp_reading_is_empty(&job.reading) ||
        job.lists != NULL)
        return;
    job.cause = REOPT_WITHDRAWN;
    reopt->counters.reopt_refused += !job_order_status(&job, true);
}

bool job_group_stay(struct reopt *reopt, struct reopt_scene *scene, struct lsp *lsp,
                    struct wire_span objects)
{
    struct job job = {.reopt = reopt, .scene = scene, .lsp = lsp, .extra = objects};
    if (!job_group_begin(&job) || !job.judgement.keeps)
        return false;
    lay_readmit(reopt, scene->snapshot, &job.reading);
    job_unblock(&job);
    job.cause = REOPT_STATUS;
    return objects.size == 0 || job_order_status(&job, false);
}
