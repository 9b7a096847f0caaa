#include "core/intent/intent_plan.h"

#include "core/intent/intent_attributes.h"
#include "core/intent/intent_ero.h"
#include "core/intent/intent_group.h"
#include "core/pcep/codec.h"
#include "core/pcep/model.h"
#include "core/reopt/late.h"
#include "core/reopt/own_route.h"
#include "core/requests/ero.h"
#include "core/requests/errand.h"
#include "core/requests/hops.h"
#include "core/requests/unmet.h"

/* What a plan is made of and into. */
struct planning {
    const struct intent_planner *planner;
    const struct intent_subject *subject;
    struct intent_plan *plan;
    struct wire_writer writer;
};

/* ---- what is computed ---- */

/* False: an end is not in the network. */
static bool plan_ask(struct planning *planning)
{
    const struct intent_subject *subject = planning->subject;
    const struct intent *intent = subject->intent;
    const struct ted_snapshot *snapshot = planning->planner->snapshot;
    struct intent_plan *plan = planning->plan;
    struct path_request *request = &plan->request;
    intent_request_of(intent, subject->path, request);
    request->source = ted_find_node_by_address(snapshot, &intent->source);
    request->destination = ted_find_node_by_address(snapshot, &intent->endpoint);
    if (request->source == TED_NONE)
        plan->reason = "the source is not in the network";
    else if (request->destination == TED_NONE)
        plan->reason = "the endpoint is not in the network";
    if (plan->reason != NULL)
        return false;
    /* RFC 8664 5.1 believes the network, and lets nothing be sent that is longer than the Open says.
     */
    uint8_t of_node = path_sids_max_of_node(snapshot, request->source, request->setup);
    uint8_t of_open = lsp_ability_depth_max(subject->ability, intent->setup_type);
    request->sids_max =
        path_sids_max_least(request->sids_max, path_sids_max_least(of_node, of_open));
    reopt_show_account(planning->planner->reopt, subject->reported, snapshot, &plan->leaves);
    request->reservations = &plan->leaves;
    return true;
}

static const char *plan_reason_of(const struct path_result *result)
{
    switch (result->outcome) {
    case PATH_FOUND:
        return NULL;
    case PATH_WORK_EXCEEDED:
        return "the search for a path takes too long (limits.path-work)";
    case PATH_NO_MEMORY:
        return "no memory to search a path";
    default:
        return "no path in the network meets the constraints";
    }
}

/* False: what another thread has found is of another network, or of another request. */
static bool plan_take_result(struct planning *planning, struct path_result *result)
{
    const struct intent_planner *planner = planning->planner;
    const struct computation *computed = planning->subject->computed;
    const struct path_request *request = &planning->plan->request;
    bool is_outdated = planning->subject->is_outdated;
    *result = computed->result;
    if (errand_is_current(computed, request, planner->snapshot->serial))
        return true;
    if (!late_is_none(computed, request))
        return is_outdated &&
               late_use(planner->reopt, planner->snapshot, request, computed, result);
    planning->plan->is_past = !late_is_none_still(planner->reopt, planner->snapshot, computed);
    return is_outdated || !planning->plan->is_past;
}

/* False: it is for another thread. */
static bool plan_search(struct planning *planning, struct path_result *result)
{
    const struct intent_planner *planner = planning->planner;
    const struct intent_subject *subject = planning->subject;
    struct intent_plan *plan = planning->plan;
    if (subject->computed != NULL && plan_take_result(planning, result))
        return true;
    plan->is_heavy = subject->is_heavy;
    if (plan->is_heavy)
        return false;
    if (planner->work_max == 0)
        path_compute(planner->engine, planner->snapshot, &plan->request, result);
    else
        path_compute_within(planner->engine, planner->snapshot, &plan->request, planner->work_max,
                            result);
    plan->work = result->work;
    plan->is_heavy = planner->work_max != 0 && result->outcome == PATH_WORK_EXCEEDED;
    return !plan->is_heavy;
}

static void plan_dynamic(struct planning *planning)
{
    const struct intent_planner *planner = planning->planner;
    struct intent_plan *plan = planning->plan;
    struct path_result result = {.outcome = PATH_NONE};
    if (planner->snapshot == NULL) {
        plan->reason = "there is no network to compute a path on";
        return;
    }
    if (!plan_ask(planning))
        return;
    if (!plan_search(planning, &result)) {
        plan->reason = "its path takes longer to compute than a turn";
        return;
    }
    plan->reason = plan_reason_of(&result);
    plan->unmet = unmet_of_result(&plan->request, &result);
    if (plan->reason != NULL)
        return;
    bool is_sr = path_setup_is_sr(plan->request.setup);
    if ((is_sr ? result.sid_count : result.link_count) == 0) {
        plan->reason = "the path has no hop";
        return;
    }
    if (!is_sr)
        hops_of_links(planner->snapshot, plan->request.family, result.links, result.link_count,
                      planner->hops);
    ero_write(plan->request.setup, &result, planner->hops, &planning->writer);
}

/* ---- the plan ---- */

static void plan_put_ends(const struct intent *intent, struct wire_writer *writer)
{
    const struct pcep_end_points body = {.source = intent->source, .destination = intent->endpoint};
    pcep_object_put(writer,
                    intent->endpoint.family == IP_V4 ? PCEP_OBJECT_END_POINTS_V4
                                                     : PCEP_OBJECT_END_POINTS_V6,
                    0, &body);
}

/* The links, as a report of this path will be laid onto them. Where RSVP-TE leads by loose hops is its
 * routers' to say. */
static void plan_lay(struct planning *planning, struct wire_span ero)
{
    const struct intent_planner *planner = planning->planner;
    const struct intent_subject *subject = planning->subject;
    struct resolved_path *path = &planner->reopt->next;
    struct pcep_subobjects hops;
    /* Several lists share the bandwidth: their report is laid with that. */
    if (!(subject->path->bandwidth > 0) || subject->path->list_count > 0 ||
        planner->snapshot == NULL || !intent_hops_of(ero, planner->arena, &hops))
        return;
    uint32_t headend = ted_find_node_by_address(planner->snapshot, &subject->intent->source);
    resolve_path(&planner->reopt->resolver, planner->snapshot, headend, hops, path);
    planning->plan->work += path->work;
    if (subject->intent->setup_type == PCEP_PST_RSVP_TE &&
        (path->reason != RESOLVE_RESOLVED || path->follows_igp))
        return;
    planning->plan->links = path->links;
    planning->plan->link_count = path->count;
}

static void plan_finish(struct planning *planning, size_t ero_at)
{
    const struct intent_planner *planner = planning->planner;
    const struct intent_subject *subject = planning->subject;
    struct intent_plan *plan = planning->plan;
    size_t ero_end = wire_written(&planning->writer);
    if (subject->reported == NULL) /* an LSP that is there is in its group */
        intent_group_put(&subject->intent->group, &planner->group_source, &planning->writer);
    intent_attributes_write(subject->intent, subject->path, &planning->writer);
    const struct wire_span ero = {planner->octets + ero_at, ero_end - ero_at};
    if (planning->writer.failed) {
        plan->reason = "it is too long for a message";
        return;
    }
    plan->objects = (struct wire_span){planner->octets, wire_written(&planning->writer)};
    if (!intent_digest_of(ero, planner->arena, &plan->path_digest))
        plan->reason = "no memory to compose it";
    else
        plan_lay(planning, ero);
}

void intent_plan_make(const struct intent_planner *planner, const struct intent_subject *subject,
                      struct intent_plan *plan)
{
    struct planning planning = {.planner = planner,
                                .subject = subject,
                                .plan = plan,
                                .writer = wire_writer_init(planner->octets, planner->octets_max)};
    *plan = (struct intent_plan){.reason = NULL};
    plan_put_ends(subject->intent, &planning.writer);
    size_t ero_at = wire_written(&planning.writer);
    if (subject->path->is_dynamic)
        plan_dynamic(&planning);
    else
        plan->reason =
            intent_ero_write(planner->snapshot, subject->intent, subject->path, &planning.writer);
    if (plan->reason == NULL)
        plan_finish(&planning, ero_at);
}

struct wire_span intent_plan_update(const struct intent_plan *plan)
{
    /* An object has its size behind class and type (RFC 5440 7.2). */
    size_t ends = (size_t)(plan->objects.octets[2] << 8) | plan->objects.octets[3];
    return (struct wire_span){plan->objects.octets + ends, plan->objects.size - ends};
}

bool intent_policy_of(const struct intent *intent, const struct intent_path *path,
                      const struct intent_originator *originator, struct lsp_policy *policy)
{
    /* Intents of a PCC have one path of a preference in a policy (intents_policy_clash): it also
     * tells the paths apart (RFC 9256 2.5). */
    *policy = (struct lsp_policy){.color = intent->color,
                                  .preference = path->preference,
                                  .discriminator = path->preference,
                                  .headend = intent->source,
                                  .endpoint = intent->endpoint,
                                  .originator_as = originator->as,
                                  .originator = originator->address};
    return intent_is_policy(intent);
}
