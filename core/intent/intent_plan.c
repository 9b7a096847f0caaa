#include "core/intent/intent_plan.h"

#include "core/base/map.h"
#include "core/intent/intent_ero.h"
#include "core/lsp/path_digest.h"
#include "core/pcep/frame.h"
#include "core/pcep/model.h"
#include "core/requests/ero.h"
#include "core/requests/hops.h"
#include "core/requests/metric.h"
#include "core/requests/unmet.h"

/* ---- what is computed ---- */

static uint8_t plan_min_depth(uint8_t a, uint8_t b)
{
    if (a == 0 || b == 0)
        return a == 0 ? b : a;
    return a < b ? a : b;
}

static void plan_ask(const struct intent_planner *planner, const struct intent *intent,
                     const struct intent_path *path, struct path_request *request)
{
    const struct intent_dynamic *dynamic = &path->dynamic;
    request->setup = intent->setup_type == PCEP_PST_SR ? PATH_SETUP_SR_MPLS : PATH_SETUP_RSVP_TE;
    request->objective = PATH_MIN_METRIC;
    request->metric = dynamic->metric;
    request->bound_mask = dynamic->bound_mask;
    for (unsigned i = 0; i < PATH_METRIC_COUNT; i++)
        request->bounds[i] = dynamic->bounds[i];
    request->bandwidth = path->bandwidth;
    request->priority = path->setup_priority;
    request->exclude_any = dynamic->exclude_any;
    request->include_any = dynamic->include_any;
    request->include_all = dynamic->include_all;
    request->family = intent->endpoint.family;
    request->protection = dynamic->protection;
    request->reservations = planner->leaves;
}

/* RFC 8664 5.1: what the network knows of the headend takes the place of what its Open said. */
static void plan_set_depth(const struct intent_planner *planner, const struct intent_path *path,
                           const struct lsp_ability *ability, struct path_request *request)
{
    uint8_t of_node = planner->snapshot->nodes[request->source].msd;
    request->sids_max =
        plan_min_depth(path->dynamic.sid_depth, of_node != 0 ? of_node : ability->sid_depth_max);
}

static const char *plan_reason_of(const struct path_result *result)
{
    switch (result->outcome) {
    case PATH_FOUND:
        return NULL;
    case PATH_WORK_EXCEEDED:
        return "the search for a path takes too long";
    case PATH_NO_MEMORY:
        return "no memory to search a path";
    default:
        return "no path in the network meets the constraints";
    }
}

/* What a plan is made of and into. */
struct planning {
    const struct intent_planner *planner;
    const struct intent *intent;
    const struct intent_path *path;
    const struct lsp_ability *ability;
    struct intent_plan *plan;
    struct wire_writer writer;
};

static void plan_compute(const struct intent_planner *planner, const struct path_request *request,
                         struct intent_plan *plan, struct wire_writer *writer)
{
    struct path_result result;
    path_compute_within(planner->engine, planner->snapshot, request, planner->work_max, &result);
    plan->work = result.work;
    plan->reason = plan_reason_of(&result);
    plan->unmet = unmet_of_result(request, &result);
    if (plan->reason != NULL)
        return;
    bool is_sr = request->setup == PATH_SETUP_SR_MPLS;
    if ((is_sr ? result.sid_count : result.link_count) == 0) {
        plan->reason = "the path has no hop";
        return;
    }
    if (!is_sr)
        hops_of_links(planner->snapshot, request->family, result.links, result.link_count,
                      planner->hops);
    ero_write(request->setup, &result, planner->hops, writer);
}

static void plan_dynamic(struct planning *planning)
{
    const struct intent_planner *planner = planning->planner;
    const struct intent *intent = planning->intent;
    struct intent_plan *plan = planning->plan;
    struct path_request request = {.source = TED_NONE};
    if (planner->snapshot == NULL) {
        plan->reason = "there is no network to compute a path on";
        return;
    }
    plan_ask(planner, intent, planning->path, &request);
    request.source = ted_find_node_by_address(planner->snapshot, &intent->source);
    request.destination = ted_find_node_by_address(planner->snapshot, &intent->endpoint);
    if (request.source == TED_NONE)
        plan->reason = "the source is not in the network";
    else if (request.destination == TED_NONE)
        plan->reason = "the endpoint is not in the network";
    if (plan->reason != NULL)
        return;
    plan_set_depth(planner, planning->path, planning->ability, &request);
    plan_compute(planner, &request, plan, &planning->writer);
}

/* ---- objects ---- */

static void plan_put_ends(const struct intent *intent, struct wire_writer *writer)
{
    const struct pcep_end_points body = {.source = intent->source, .destination = intent->endpoint};
    pcep_object_put(writer,
                    intent->endpoint.family == IP_V4 ? PCEP_OBJECT_END_POINTS_V4
                                                     : PCEP_OBJECT_END_POINTS_V6,
                    0, &body);
}

/* RFC 9488 5 */
static uint8_t plan_lspa_flags(uint8_t protection)
{
    static const uint8_t flags[] = {
        [TED_UNPROTECTED_PREFERRED] = 0,
        [TED_PROTECTED_PREFERRED] = PCEP_LSPA_L,
        [TED_UNPROTECTED_ONLY] = PCEP_LSPA_E,
        [TED_PROTECTED_ONLY] = PCEP_LSPA_L | PCEP_LSPA_E,
    };
    return flags[protection];
}

/* SR needs it only where it says something: kinds of routers do not expect it. */
static void plan_put_lspa(const struct intent *intent, const struct intent_path *path,
                          struct wire_writer *writer)
{
    const struct intent_dynamic *dynamic = &path->dynamic;
    const struct pcep_lspa body = {.exclude_any = dynamic->exclude_any,
                                   .include_any = dynamic->include_any,
                                   .include_all = dynamic->include_all,
                                   .setup_priority = path->setup_priority,
                                   .holding_priority = path->holding_priority,
                                   .flags = plan_lspa_flags(dynamic->protection)};
    bool is_plain = (body.exclude_any | body.include_any | body.include_all) == 0 &&
                    body.flags == 0 && body.setup_priority == INTENT_PRIORITY_DEFAULT &&
                    body.holding_priority == INTENT_PRIORITY_DEFAULT;
    if (!is_plain || intent->setup_type == PCEP_PST_RSVP_TE)
        pcep_object_put(writer, PCEP_OBJECT_LSPA, 0, &body);
}

static void plan_put_metrics(const struct intent_path *path, struct wire_writer *writer)
{
    for (unsigned i = 0; i < PATH_METRIC_COUNT; i++) {
        if ((path->dynamic.bound_mask & (1U << i)) == 0)
            continue;
        const struct pcep_metric body = {.flags = PCEP_METRIC_B,
                                         .type = metric_type((enum path_metric)i),
                                         .value = (float)path->dynamic.bounds[i]};
        pcep_object_put(writer, PCEP_OBJECT_METRIC, 0, &body);
    }
}

static void plan_put_attributes(const struct intent *intent, const struct intent_path *path,
                                struct wire_writer *writer)
{
    const struct pcep_bandwidth bandwidth = {.bandwidth = path->bandwidth};
    plan_put_lspa(intent, path, writer);
    if (path->bandwidth > 0)
        pcep_object_put(writer, PCEP_OBJECT_BANDWIDTH, 0, &bandwidth);
    if (path->is_dynamic)
        plan_put_metrics(path, writer);
}

/* ---- the plan ---- */

static void plan_finish(struct planning *planning, size_t ero_at, size_t ero_end)
{
    const struct intent_planner *planner = planning->planner;
    struct intent_plan *plan = planning->plan;
    const struct wire_span ero = {planner->octets + ero_at, ero_end - ero_at};
    if (planning->writer.failed) {
        plan->reason = "it is too long for a message";
        return;
    }
    plan->objects = (struct wire_span){planner->octets, wire_written(&planning->writer)};
    plan->whole_digest = map_hash(plan->objects.octets, plan->objects.size);
    if (!intent_digest_of(ero, planner->arena, &plan->path_digest))
        plan->reason = "no memory to compose it";
}

void intent_plan_make(const struct intent_planner *planner, const struct intent *intent,
                      const struct intent_path *path, const struct lsp_ability *ability,
                      struct intent_plan *plan)
{
    struct planning planning = {.planner = planner,
                                .intent = intent,
                                .path = path,
                                .ability = ability,
                                .plan = plan,
                                .writer = wire_writer_init(planner->octets, planner->octets_max)};
    *plan = (struct intent_plan){.reason = NULL};
    plan_put_ends(intent, &planning.writer);
    size_t ero_at = wire_written(&planning.writer);
    if (path->is_dynamic)
        plan_dynamic(&planning);
    else
        plan->reason = intent_ero_write(planner->snapshot, intent, path, &planning.writer);
    if (plan->reason != NULL)
        return;
    size_t ero_end = wire_written(&planning.writer);
    plan_put_attributes(intent, path, &planning.writer);
    plan_finish(&planning, ero_at, ero_end);
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
