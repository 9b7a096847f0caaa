#include "core/reopt/late.h"

#include "core/pcep/codec.h"
#include "core/pcep/model.h"
#include "core/reopt/judge.h"
#include "core/requests/ero.h"

/* The hops as an order would have them; none: there is no memory. */
static struct pcep_subobjects late_hops(struct reopt *reopt, const struct computation *computation)
{
    struct pcep_message message;
    struct pcep_fault fault = {0};
    struct wire_writer writer = wire_writer_init(reopt->octets, PCEP_MESSAGE_SIZE_MAX);
    size_t at = pcep_message_open(&writer, PCEP_MESSAGE_PCUPD);
    ero_write(computation->request.setup, &computation->result, computation->hops, &writer);
    pcep_message_close(&writer, at);
    const struct wire_span octets = {reopt->octets, wire_written(&writer)};
    if (writer.failed || pcep_decode(octets, reopt->arena, &message, &fault) != PCE_OK ||
        message.object_count != 1)
        return (struct pcep_subobjects){.at = NULL};
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

bool late_use(struct reopt *reopt, const struct ted_snapshot *snapshot,
              const struct path_request *request, const struct computation *computation,
              struct path_result *result)
{
    struct resolved_path *path = &reopt->next;
    if (computation->is_stale || computation->result.outcome != PATH_FOUND ||
        !computation_asks(computation, request))
        return false;
    const struct pcep_subobjects hops = late_hops(reopt, computation);
    if (hops.count == 0)
        return false;
    resolve_path(&reopt->resolver, snapshot, request->source, hops, path);
    if (!judge_path(snapshot, request, path).keeps || !late_passes(snapshot, path))
        return false;
    *result = computation->result;
    result->links = path->links;
    result->link_count = path->count;
    return request->setup != PATH_SETUP_RSVP_TE || path->count == computation->result.link_count;
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
