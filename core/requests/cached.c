#include "core/requests/cached.h"
#include "core/base/check.h"
#include "core/pcep/model.h"

#include <string.h>

/* Steps of the engine from which on an answer is kept at once: beside them, keeping takes nothing.
 */
#define DEAR_WORK 2000

/* Those that requests may have. */
#define SESSION_PART_PSTS                                                                          \
    (UINT64_C(1) << PCEP_PST_RSVP_TE | UINT64_C(1) << PCEP_PST_SR | UINT64_C(1) << PCEP_PST_SRV6)

uint32_t cached_session_part(const struct session *session)
{
    /* Whatever request.c reads of a session must be in here: what is left out would give one
     * session the answer that was right for another. */
    const struct session_peer_open *peer = &session->peer;
    const struct session_config *config = session->config;
    uint32_t part = peer->sr_msd | (uint32_t)peer->srv6_msd << 8;
    part |= (uint32_t)(peer->psts & SESSION_PART_PSTS) << 16;
    part |= (uint32_t)(config->rsvp_te | config->sr_mpls << 1 | config->srv6 << 2) << 20;
    part |= (uint32_t)peer->sr_unlimited_msd << 23;
    part |= (uint32_t)peer->sr_algorithms << 24 | (uint32_t)peer->srv6_algorithms << 25;
    return part;
}

bool cached_is_on(const struct request_context *context)
{
    return context->replies != NULL && context->snapshot != NULL;
}

struct wire_span cached_octets(const struct pcep_message *message,
                               const struct pcep_request_list *list)
{
    const struct wire_span none = {NULL, 0};
    size_t size = message->size - PCEP_HEADER_SIZE;
    if (list->request_count != 1 || list->svec_count != 0 || size > REPLY_KEY_MAX ||
        list->requests[0].fault_count > 0 || list->requests[0].rp != &message->objects[0])
        return none;
    for (uint32_t i = 0; i < message->object_count; i++) {
        if (message->objects[i].row == NULL || message->objects[i].fault != NULL)
            return none;
    }
    return (struct wire_span){message->objects[0].octets - PCEP_OBJECT_HEADER_SIZE, size};
}

/* A link's address is no name of its node any more when the link is gone. */
static bool cached_is_own_address(const struct ted_snapshot *snapshot, uint32_t index,
                                  const struct ip *address)
{
    if (index == TED_NONE)
        return false;
    const struct ted_node *node = &snapshot->nodes[index];
    bool is_own =
        ip_is_equal(address, &node->router_id_v4) || ip_is_equal(address, &node->router_id_v6);
    for (uint32_t i = 0; i < node->addresses.count && !is_own; i++)
        is_own = ip_is_equal(address, &snapshot->addresses[node->addresses.first + i]);
    return is_own;
}

/* Whether the request says nothing that links have to do with but where it begins and ends, and
 * that by what the nodes have. */
static bool cached_names_nodes(const struct ted_snapshot *snapshot, const struct request_plan *plan)
{
    const struct pcep_request *request = plan->request;
    const struct pcep_object *object;
    if (request->lsp != NULL || request->rro != NULL || request->iro != NULL ||
        request->xro != NULL || request->load_balancing != NULL || request->association_count > 0 ||
        !pcep_get(request->end_points, &object))
        return false;
    const struct pcep_end_points *ends = object->body;
    return cached_is_own_address(snapshot, plan->path.source, &ends->source) &&
           cached_is_own_address(snapshot, plan->path.destination, &ends->destination);
}

void cached_keep(struct request_context *context, const struct session *session,
                 const struct request_plan *plan, const struct path_result *result,
                 struct wire_span response)
{
    bool is_known = result->outcome == PATH_FOUND || result->outcome == PATH_NONE;
    if (plan->alone.size == 0 || !is_known || !cached_is_on(context))
        return;
    /* What has changed since is asked anew. */
    bool is_of_account = account_counts(context, &plan->path);
    if (is_of_account && (account_names_lsp(plan) || plan->account != account_state(context)))
        return;
    const struct reply_key key = {
        .objects = plan->alone, .session = cached_session_part(session), .account = plan->account};
    bool was_missed = reply_cache_was_missed(context->replies, &key);
    if (!was_missed && result->work < DEAR_WORK)
        return;
    struct reply_note note = reply_note_of(&plan->path, result);
    note.is_of_account = is_of_account;
    note.scope = path_scope_of(context->snapshot, &plan->path, result, plan->computed_mask,
                               cached_names_nodes(context->snapshot, plan));
    reply_cache_keep(context->replies, context->snapshot->ground, &key, &note, response);
}

const struct reply_entry *cached_find(struct request_context *context,
                                      const struct session *session, struct wire_span objects)
{
    if (objects.size < REPLY_ID_OFFSET + REPLY_ID_SIZE || objects.size > REPLY_KEY_MAX ||
        !cached_is_on(context))
        return NULL;
    const struct reply_key key = {.objects = objects,
                                  .session = cached_session_part(session),
                                  .account = account_state(context)};
    return reply_cache_find(context->replies, context->snapshot, &key);
}

void cached_write(struct wire_writer *writer, const struct reply_entry *entry,
                  struct wire_span objects)
{
    CHECK(objects.size >= REPLY_ID_OFFSET + REPLY_ID_SIZE);
    const size_t rest = REPLY_ID_OFFSET + REPLY_ID_SIZE;
    struct wire_span response = reply_entry_response(entry);
    CHECK(response.size >= rest);
    wire_put_octets(writer, response.octets, REPLY_ID_OFFSET);
    wire_put_octets(writer, objects.octets + REPLY_ID_OFFSET, REPLY_ID_SIZE);
    wire_put_octets(writer, response.octets + rest, response.size - rest);
}

void cached_count(struct request_context *context, struct session *session, uint32_t request_id,
                  const struct reply_entry *entry)
{
    struct request_counters *counters = context->counters;
    uint64_t work = REQUESTS_WORK_CACHED;
    counters->replies_cached++;
    if (entry->note.outcome == PATH_FOUND)
        counters->replies_path++;
    else
        counters->replies_no_path++;
    context->work_left -= work < context->work_left ? work : context->work_left;
    if (context->events->on_cached_reply != NULL)
        context->events->on_cached_reply(context, session, request_id, entry);
}
