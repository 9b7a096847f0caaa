#include "core/handlers/lsp_orders.h"
#include "core/lsp/path_digest.h"
#include "core/pcep/error.h"
#include "core/pcep/model.h"

/* ---- the session ---- */

static uint64_t psts_of(const struct session_config *config)
{
    return (uint64_t)config->rsvp_te << PCEP_PST_RSVP_TE |
           (uint64_t)config->sr_mpls << PCEP_PST_SR | (uint64_t)config->srv6 << PCEP_PST_SRV6;
}

static uint8_t associations_of(const struct session_peer_open *said)
{
    _Static_assert(SESSION_LISTS_ASSOCIATIONS == LSP_SAID_ASSOCIATIONS &&
                       SESSION_LISTS_SR_POLICY == LSP_SAID_SR_POLICY &&
                       SESSION_LISTS_POLICY_CISCO == LSP_SAID_POLICY_CISCO &&
                       SESSION_LISTS_POLICY_JUNIPER == LSP_SAID_POLICY_JUNIPER &&
                       SESSION_LISTS_DISJOINT == LSP_SAID_DISJOINT,
                   "the bits of both rooms are the same");
    return said->associations;
}

static const struct lsp_profile *recognise(const struct session_peer_open *said)
{
    const struct lsp_said known = {
        .psts = said->psts,
        .stateful_flags = said->stateful_flags,
        .associations = associations_of(said),
        .has_pst_list = said->has_pst_list,
        .has_db_version = said->has_db_version,
    };
    return lsp_profile_recognise(&known);
}

const struct lsp_profile *orders_profile(const struct handler_context *context,
                                         const struct session *session)
{
    const struct handler_lsp_policy policy = context->lsp_policy_of(session);
    return policy.profile != NULL ? policy.profile : recognise(&session->peer);
}

/* Multipath draft 5.1.1: only where both have the TLV; what the PCC can install bounds it. */
static uint16_t paths_max_of(const struct session *session)
{
    const uint16_t theirs = session->peer.multipaths;
    const uint16_t ours = session->config->multipaths;
    if (theirs == 0 || ours == 0)
        return 1;
    return theirs < ours ? theirs : ours;
}

static struct lsp_ability ability_of(const struct handler_context *context,
                                     const struct session *session)
{
    const struct session_config *config = session->config;
    const struct session_peer_open *said = &session->peer;
    return (struct lsp_ability){
        .profile = orders_profile(context, session),
        .psts = said->psts & psts_of(config),
        .associations = associations_of(said),
        .paths_max = paths_max_of(session),
        .paths_offered = said->multipaths == 0 ? 0 : config->multipaths,
        .multipath_flags = (uint16_t)((said->multipath_weights ? PCEP_MULTIPATH_W : 0) |
                                      (said->multipath_backups ? PCEP_MULTIPATH_B : 0)),
        .sid_depth_max = said->sr_unlimited_msd ? 0 : said->sr_msd,
        .srv6_depth_max = said->srv6_msd,
        .may_update = config->stateful_update && (said->stateful_flags & PCEP_STATEFUL_U) != 0,
        .may_initiate = config->stateful_initiate && (said->stateful_flags & PCEP_STATEFUL_I) != 0,
        .may_trigger = config->triggered_sync && (said->stateful_flags & PCEP_STATEFUL_F) != 0,
        .may_resync = config->resync && (said->stateful_flags & PCEP_STATEFUL_T) != 0,
        .may_auto_bandwidth = config->auto_bandwidth && said->auto_bandwidth,
        .may_color = config->color && (said->stateful_flags & PCEP_STATEFUL_C) != 0,
    };
}

/* Without memory the PCC is asked nothing in this session. */
void orders_on_up(struct handler_context *context, const struct session *session)
{
    const struct lsp_ability ability = ability_of(context, session);
    if ((ability.may_update || ability.may_initiate || ability.may_resync || ability.may_trigger) &&
        lsp_lane_on_up(context->orders, context->address_of(session), &ability) == NULL)
        context->orders->counters.orders_without_memory++;
}

void orders_on_down(struct handler_context *context, const struct ip *address, struct mono now)
{
    struct lsp_lane *lane = lsp_lane_find(context->orders, address);
    if (lane != NULL)
        lsp_lane_on_down(lane, now);
}

/* NULL: nothing can be asked of the peer. */
static struct lsp_lane *lane_of(const struct handler_context *context,
                                const struct session *session)
{
    struct lsp_lane *lane = lsp_lane_find(context->orders, context->address_of(session));
    return lane != NULL && lane->is_up ? lane : NULL;
}

void orders_on_end_mark(struct handler_context *context, const struct session *session)
{
    struct lsp_lane *lane = lane_of(context, session);
    if (lane != NULL)
        lsp_lane_on_synchronised(lane, context->requests->now);
}

/* ---- reports ---- */

static uint16_t lsp_id_of(const struct pcep_object *lsp)
{
    const struct pcep_ipv4_lsp_identifiers *ids = pcep_find_tlv(lsp, PCEP_TLV_IPV4_LSP_IDENTIFIERS);
    if (ids == NULL)
        ids = pcep_find_tlv(lsp, PCEP_TLV_IPV6_LSP_IDENTIFIERS);
    return ids == NULL ? 0 : ids->lsp_id;
}

/* The way is compared for LSPs that are steered alone; of others it matters whether there is one. */
static uint64_t digest_of(const struct lsp_lane *lane, struct pcep_subobjects ero)
{
    if (ero.count == 0)
        return LSP_PATH_EMPTY;
    return list_is_empty(&lane->controls) ? ~LSP_PATH_EMPTY : lsp_path_digest(ero.at, ero.count);
}

static struct lsp_seen see(const struct lsp_lane *lane, const struct orders_report *report)
{
    const struct pcep_lsp *object = report->lsp->body;
    const struct lsp *lsp = report->outcome.lsp;
    struct pcep_subobjects ero = pcep_subobjects_of(report->state->ero);
    struct lsp_seen seen = {.flags = object->flags, .is_gone = lsp == NULL};
    const struct pcep_object *srp;
    if (pcep_get(report->state->srp, &srp))
        seen.srp_id = ((const struct pcep_srp *)srp->body)->srp_id;
    if (lsp == NULL)
        return seen;
    seen.name = lsp_name(lsp);
    seen.is_newest = lsp->instances->lsp_id == lsp_id_of(report->lsp);
    seen.path_digest = digest_of(lane, ero);
    return seen;
}

/* RFC 8281 6 */
static void refuse_revocation(const struct handler_message *received,
                              const struct orders_report *report, const struct lsp_seen *seen)
{
    struct pcep_fault fault = {0};
    pcep_fault_set(&fault, PCEP_FAULT_REQUEST, PCEP_ERROR_DELEGATION_NOT_REVOCABLE,
                   report->lsp->offset, "delegation of a PCE-initiated LSP taken back");
    fault.id_kind = PCEP_ID_SRP;
    fault.id = seen->srp_id;
    session_send_error(received->session, &fault, received->context->requests->now);
}

/* What a router sends of SR policies it also understands. */
static void learn_profile(struct lsp_lane *lane, const struct handler_lsp_policy *policy,
                          const struct pcep_lsp_state *state)
{
    for (uint32_t i = 0; i < state->association_count && policy->profile == NULL; i++) {
        const struct pcep_association *association = state->associations[i]->body;
        lane->ability.profile = lsp_profile_learn(lane->ability.profile, association->type);
    }
}

/* RFC 9604 5: an answer that says no more of what it was asked to take back has done so. */
static void orders_take_back(struct lsp_lane *lane, const struct orders_report *report,
                             const struct lsp_seen *seen)
{
    const struct lsp_binding_form *former = lsp_lane_taken_back(lane, seen);
    struct lsp *lsp = report->outcome.lsp;
    if (former == NULL || lsp == NULL)
        return;
    for (struct lsp_instance *at = lsp->instances; at != NULL; at = at->next)
        lsp_binding_withdraw(at, former);
}

void orders_on_report(const struct handler_message *received, const struct orders_report *report)
{
    const struct handler_context *context = received->context;
    const struct mono now = context->requests->now;
    struct lsp_lane *lane = lane_of(context, received->session);
    if (lane == NULL)
        return;
    const struct handler_lsp_policy policy = context->lsp_policy_of(received->session);
    const struct lsp_seen seen = see(lane, report);
    learn_profile(lane, &policy, report->state);
    orders_take_back(lane, report, &seen);
    bool is_broken = lsp_delegation_is_broken(lane, &seen, report->outcome.was_delegated);
    lsp_lane_on_report(lane, &seen, now);
    if (is_broken)
        refuse_revocation(received, report, &seen);
    if (seen.is_gone)
        return;
    const struct lsp_delegation_report delegation = {
        .seen = &seen,
        .policy = &policy.delegation,
        .setup_type = report->state->setup_type,
    };
    lsp_delegation_on_report(lane, &delegation, now);
}

/* ---- errors ---- */

/* SRPs in a row, and the errors that go with them. */
struct error_run {
    struct lsp_lane *lane;
    const struct pcep_message *message;
    struct mono now;
    uint32_t begin; /* the first of them */
    uint32_t end;   /* one after the last; begin: none */
    const struct pcep_error *first;
    const struct pcep_error *error; /* the last that was seen */
    bool is_told;                   /* an error stood after them */
};

/* The first error decides: an order has ended with it. */
static void tell_run(struct error_run *run)
{
    for (uint32_t i = run->begin; i < run->end && !run->is_told; i++) {
        const struct pcep_object *object = &run->message->objects[i];
        if (object->row == NULL || object->row->id != PCEP_OBJECT_SRP)
            continue;
        lsp_lane_on_error(run->lane, ((const struct pcep_srp *)object->body)->srp_id,
                          run->error->type, run->error->value, run->now);
    }
    run->is_told = true;
}

static void take_srp_at(struct error_run *run, uint32_t index)
{
    if (run->begin == run->end || run->is_told)
        run->begin = index;
    run->end = index + 1;
    run->is_told = false;
}

/* The LSP that an error's LSP object names, by the PLSP-ID of this session or by its name. */
static struct wire_span error_name(const struct handler_context *context,
                                   const struct session *session, const struct pcep_object *lsp)
{
    const struct pcep_symbolic_path_name *tlv = pcep_find_tlv(lsp, PCEP_TLV_SYMBOLIC_PATH_NAME);
    struct lsp_pcc *pcc = lsp_db_pcc(context->lsps, context->address_of(session));
    const uint32_t plsp_id = ((const struct pcep_lsp *)lsp->body)->plsp_id;
    const struct lsp *known =
        pcc == NULL || plsp_id == 0 ? NULL : lsp_pcc_find_plsp_id(pcc, plsp_id);
    if (known != NULL)
        return lsp_name(known);
    return tlv == NULL ? (struct wire_span){NULL, 0} : tlv->name;
}

/* FRR's pathd leaves out the SRP of what it found while it read a message. An error with an RP is
 * that of a request, and one of an LSP that nobody knows is no answer. */
static void guess_order(const struct handler_message *received, struct lsp_lane *lane,
                        const struct pcep_error *error)
{
    const struct pcep_message *message = received->message;
    struct wire_span name = {NULL, 0};
    for (uint32_t i = 0; i < message->object_count; i++) {
        const struct pcep_object *object = &message->objects[i];
        if (object->class_ == PCEP_CLASS_RP)
            return;
        if (object->row == NULL || object->row->id != PCEP_OBJECT_LSP)
            continue;
        name = error_name(received->context, received->session, object);
        if (name.size == 0)
            return;
        break;
    }
    lsp_lane_on_bare_error(lane, name, error->type, error->value, received->context->requests->now);
}

void orders_on_errors(const struct handler_message *received)
{
    const struct pcep_message *message = received->message;
    struct error_run run = {.lane = lane_of(received->context, received->session),
                            .message = message,
                            .now = received->context->requests->now};
    if (run.lane == NULL)
        return;
    for (uint32_t i = 0; i < message->object_count; i++) {
        const struct pcep_object *object = &message->objects[i];
        if (object->row == NULL)
            continue;
        if (object->row->id == PCEP_OBJECT_SRP) {
            take_srp_at(&run, i);
        } else if (object->row->id == PCEP_OBJECT_PCEP_ERROR) {
            run.error = object->body;
            run.first = run.first == NULL ? run.error : run.first;
            tell_run(&run);
        }
    }
    /* Those that no error followed are of the one before them. */
    if (run.error != NULL && run.end > 0)
        tell_run(&run);
    else if (run.error != NULL)
        guess_order(received, run.lane, run.first);
}
