/* The order to give an LSP a binding label or SID, or to take one away (RFC 9604 5): an update with
 * the path and the attributes that the LSP has. */
#include "core/lsp/delegation.h"
#include "core/lsp/lane.h"
#include "core/pcep/codec.h"
#include "core/reopt/lsp_reading.h"
#include "server/northbound/lsp_order.h"
#include "server/shard/shard.h"

static void bind_refuse(struct lsp_binding_ask *ask, enum pce_status status, const char *reason)
{
    ask->status = status;
    ask->reason = reason;
}

static void bind_put(struct wire_writer *writer, const struct pcep_object *object)
{
    wire_put_octets(writer, object->octets - PCEP_OBJECT_HEADER_SIZE, object->size);
}

static void bind_put_optional(struct wire_writer *writer, const struct pcep_optional *optional)
{
    const struct pcep_object *object;
    if (pcep_get(optional, &object))
        bind_put(writer, object);
}

/* RFC 8231 5.8.3: an update has the full state, so that what it leaves out would be gone: all lists of
 * segments among it. What is measured is the PCC's to say. */
static struct wire_span bind_objects(const struct lsp_reading *reading, struct arena *arena)
{
    const struct pcep_lsp_state *state = reading->state;
    const struct lsp_instance *instance = reading->instance;
    const size_t room = instance->size;
    uint8_t *octets = arena_alloc(arena, room);
    if (octets == NULL)
        return (struct wire_span){NULL, 0};
    struct wire_writer writer = wire_writer_init(octets, room);
    wire_put_octets(&writer, instance->octets + instance->summary.path_at,
                    instance->summary.path_size);
    bind_put_optional(&writer, state->lspa);
    bind_put_optional(&writer, state->bandwidth);
    for (uint32_t i = 0; i < state->metric_count; i++)
        bind_put(&writer, state->metrics[i]);
    return (struct wire_span){octets, wire_written(&writer)};
}

/* RFC 9604 5: what is to go is named as its PCC has reported it. */
static struct lsp_binding bind_as_reported(const struct lsp_binding *asked,
                                           const struct lsp_instance *instance)
{
    struct lsp_binding binding = *asked;
    if (binding.what == LSP_BINDING_REMOVE)
        binding.former = lsp_binding_find(instance, asked).former;
    return binding;
}

static void bind_submit(struct shard *shard, const struct lsp *lsp, struct lsp_lane *lane,
                        struct lsp_binding_ask *ask)
{
    struct lsp_reading reading;
    struct lsp_order_receipt receipt = {0};
    if (!lsp_reading_of(lsp, &shard->arena, &reading)) {
        bind_refuse(ask, PCE_NO_MEMORY, "no memory for the order");
        return;
    }
    if (lsp_reading_is_empty(&reading)) {
        bind_refuse(ask, PCE_DENIED, "the LSP has no path");
        return;
    }
    const struct lsp_order_request request = {
        .wanted = {.kind = LSP_ORDER_UPDATE,
                   .setup_type = reading.instance->summary.setup_type,
                   .binding = bind_as_reported(&ask->binding, reading.instance),
                   .objects = bind_objects(&reading, &shard->arena)},
        .name = lsp_name(lsp),
        .who = LSP_ORDER_BY_OPERATOR,
        .is_down = (reading.instance->summary.flags & PCEP_LSP_A) == 0,
    };
    ask->status = lsp_order_submit(lane, &request, shard->now, &receipt);
    ask->reason = ask->status == PCE_OK ? NULL : receipt.reason;
    ask->order_id = ask->status == PCE_OK ? receipt.id : 0;
}

void order_lsp_bind(struct shard *shard, void *argument)
{
    struct lsp_binding_ask *ask = argument;
    const struct lsp *lsp = lsp_named(&shard->lsps, &ask->name);
    ask->is_found = lsp != NULL;
    if (lsp == NULL)
        return;
    struct lsp_lane *lane = lsp_lane_find(&shard->orders, &lsp->pcc->address);
    const uint16_t flags = lsp_first_instance(lsp)->summary.flags;
    if (lane == NULL)
        bind_refuse(ask, PCE_CLOSED, "its PCC has no session");
    else if (!lsp_delegation_holds(lane, lsp_name(lsp), flags))
        bind_refuse(ask, PCE_DENIED, "the LSP is not delegated to us");
    else
        bind_submit(shard, lsp, lane, ask);
}
