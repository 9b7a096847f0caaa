#include "core/reopt/late.h"

#include "core/pcep/codec.h"
#include "core/pcep/model.h"
#include "core/reopt/judge.h"
#include "core/requests/ero.h"

/* The hops as an order would have them; none: there is no memory. */
static struct pcep_subobjects late_hops(struct arena *arena, enum path_setup setup,
                                        const struct late_path *late)
{
    const struct pcep_subobjects none = {.at = NULL};
    struct pcep_message message;
    struct pcep_fault fault = {0};
    uint8_t *octets = ARENA_ARRAY(arena, uint8_t, PCEP_MESSAGE_SIZE_MAX);
    if (octets == NULL)
        return none;
    struct wire_writer writer = wire_writer_init(octets, PCEP_MESSAGE_SIZE_MAX);
    size_t at = pcep_message_open(&writer, PCEP_MESSAGE_PCUPD);
    ero_write(setup, late->result, late->hops, &writer);
    pcep_message_close(&writer, at);
    const struct wire_span span = {octets, wire_written(&writer)};
    if (writer.failed || pcep_decode(span, arena, &message, &fault) != PCE_OK ||
        message.object_count != 1)
        return none;
    return pcep_subobjects_of(pcep_optional_of(&message.objects[0]));
}

/* A search passes no router that carries no transit; what is reported may. */
static bool late_passes(const struct ted_snapshot *snapshot, const struct resolved_path *path)
{
    for (uint32_t i = 1; i < path->count; i++) {
        if (snapshot->links[path->links[i]].is_first_only)
            return false;
    }
    return true;
}

/* Where the segment leads from the node that the walk has come to. */
static bool late_place_sid(const struct late_scene *scene, const struct pcep_subobject *hop,
                           uint32_t *at, struct path_sid *sid)
{
    struct resolved_path *path = scene->path;
    const struct pcep_subobjects one = {.is_present = true, .at = hop, .count = 1};
    bool is_link = sid->kind == PATH_SID_ADJACENCY;
    resolve_path(scene->resolver, scene->snapshot, *at, one, path);
    if (path->reason != RESOLVE_RESOLVED || (is_link && path->count != 1) ||
        (!is_link && path->count > 0 && !path->follows_igp))
        return false;
    sid->link = is_link ? path->links[0] : TED_NONE;
    sid->node = *at = path->end;
    return true;
}

static bool late_place_sids(const struct late_scene *scene, const struct path_request *request,
                            struct pcep_subobjects hops, struct path_result *result)
{
    uint32_t at = request->source;
    struct path_sid *sids = ARENA_ARRAY(scene->arena, struct path_sid, result->sid_count + 1);
    if (sids == NULL || (path_setup_is_sr(request->setup) && hops.count != result->sid_count))
        return false;
    for (uint32_t i = 0; i < result->sid_count; i++) {
        sids[i] = result->sids[i];
        if (!late_place_sid(scene, &hops.at[i], &at, &sids[i]))
            return false;
    }
    result->sids = sids;
    return true;
}

bool late_lay(const struct late_scene *scene, const struct path_request *request,
              const struct late_path *late, struct path_result *result)
{
    const struct ted_snapshot *snapshot = scene->snapshot;
    struct resolved_path *path = scene->path;
    const struct pcep_subobjects hops = late_hops(scene->arena, request->setup, late);
    const uint32_t link_count = late->result->link_count;
    *result = *late->result;
    if (hops.count == 0 || !late_place_sids(scene, request, hops, result))
        return false;
    resolve_path(scene->resolver, snapshot, request->source, hops, path);
    if (!judge_path(snapshot, request, path).keeps || !late_passes(snapshot, path))
        return false;
    result->links = path->links;
    result->link_count = path->count;
    return request->setup != PATH_SETUP_RSVP_TE || path->count == link_count;
}

bool late_use(struct reopt *reopt, const struct ted_snapshot *snapshot,
              const struct path_request *request, const struct computation *computation,
              struct path_result *result)
{
    const struct late_path late = {&computation->result, computation->hops};
    const struct late_scene scene = {snapshot, &reopt->resolver, reopt->arena, &reopt->next};
    return !computation->is_stale && computation->result.outcome == PATH_FOUND &&
           computation_asks(computation, request) && late_lay(&scene, request, &late, result);
}

bool late_is_none(const struct computation *computation, const struct path_request *request)
{
    enum path_outcome outcome = computation->result.outcome;
    return !computation->is_stale && computation_asks(computation, request) &&
           (outcome == PATH_NONE || outcome == PATH_WORK_EXCEEDED);
}

/* What makes one link worse may have the IGP lead where a shorter SID list does, and a search end sooner:
 * all the same where the network does not join the two ends. */
static bool late_only_better_helps(const struct computation *computation)
{
    const struct path_result *result = &computation->result;
    return result->outcome == PATH_NONE &&
           (result->unsatisfied == 0 || !path_setup_is_sr(computation->request.setup));
}

bool late_is_none_still(const struct reopt *reopt, const struct ted_snapshot *snapshot,
                        const struct computation *computation)
{
    const struct ted_link_numbers *numbers = snapshot->link_numbers;
    uint32_t ran = computation->ran_turn;
    if (numbers == NULL || ran == 0 || reopt->seen_turn != numbers->turn)
        return false;
    return reopt->better_turn <= ran && numbers->labels_turn <= ran &&
           (reopt->worse_turn <= ran || late_only_better_helps(computation));
}
