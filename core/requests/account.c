#include "core/requests/account.h"

#include "core/pcep/model.h"
#include "core/requests/answer.h"

bool account_counts(const struct request_context *context, const struct path_request *path)
{
    return context->account != NULL && account_is_asked(path);
}

uint64_t account_state(const struct request_context *context)
{
    return context->account == NULL ? 0 : ted_reservations_changes(context->account->table);
}

static bool account_is_reoptimisation(const struct pcep_request *request)
{
    return (((const struct pcep_rp *)request->rp->body)->flags & PCEP_RP_R) != 0;
}

bool account_names_lsp(const struct request_plan *plan)
{
    const struct pcep_request *request = plan->request;
    return request->lsp != NULL || (request->rro != NULL && account_is_reoptimisation(request));
}

/* ---- which LSP ---- */

static void account_read_lsp(const struct pcep_request *request, struct request_lsp *lsp)
{
    const struct pcep_object *object;
    if (!pcep_get(request->lsp, &object))
        return;
    lsp->plsp_id = ((const struct pcep_lsp *)object->body)->plsp_id;
    for (uint32_t i = 0; i < object->tlv_count; i++) {
        const struct pcep_tlv *tlv = &object->tlvs[i];
        if (tlv->row != NULL && tlv->row->id == PCEP_TLV_SYMBOLIC_PATH_NAME)
            lsp->name = (struct wire_span){tlv->octets, tlv->size};
    }
}

/* RFC 5440 7.4.1: a reoptimisation says the route in an RRO, and what the LSP has there in a
 * BANDWIDTH of Object-Type 2. At which priority it keeps that says its LSPA. */
static void account_read_route(const struct request_plan *plan, struct request_lsp *lsp)
{
    const struct pcep_request *request = plan->request;
    const struct pcep_object *object;
    uint8_t setup = plan->path.priority, holding = setup;
    if (!account_is_reoptimisation(request) || !pcep_get(request->existing_bandwidth, &object))
        return;
    float bandwidth = ((const struct pcep_bandwidth *)object->body)->bandwidth;
    if (pcep_get(request->lspa, &object))
        holding = ((const struct pcep_lspa *)object->body)->holding_priority;
    lsp->route = pcep_subobjects_of(request->rro);
    lsp->claim = ted_claim_of(bandwidth, setup, holding);
}

static void account_find_own(struct request_context *context, struct session *session,
                             const struct request_plan *plan, struct path_reservations *seen)
{
    const struct request_events *events = context->events;
    struct request_lsp lsp = {.source = plan->path.source, .setup = plan->path.setup};
    struct request_own own = {.links = context->account->own_links};
    if (events->own_route == NULL || !account_names_lsp(plan))
        return;
    account_read_lsp(plan->request, &lsp);
    account_read_route(plan, &lsp);
    if (events->own_route(context, session, &lsp, &own)) {
        seen->own = own.claim;
        seen->own_links = own.links;
        seen->own_count = own.count;
    }
    if (own.work > 0)
        requests_spend(context, own.work);
}

/* ---- what is seen ---- */

void account_show(struct request_context *context, struct session *session,
                  struct request_plan *plan)
{
    plan->path.reservations = NULL;
    plan->account = 0;
    if (plan->no_path_vector != 0 || !account_counts(context, &plan->path))
        return;
    struct path_reservations *seen = &context->account->seen;
    plan->account = account_state(context);
    *seen = (struct path_reservations){.table = context->account->table};
    account_find_own(context, session, plan, seen);
    /* Where nothing was ever held, the topology says it all. */
    if (plan->account != 0 || seen->own.octets_per_s > 0)
        plan->path.reservations = seen;
}
