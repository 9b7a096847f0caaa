/* Orders about API sources: read, kept, put into the RIB, answered. */
#include "core/base/check.h"
#include "core/ted/topology_patch.h"
#include "io/os/clock.h"
#include "io/store/store.h"
#include "server/settings/network_figures.h"
#include "server/store/stored.h"
#include "server/topology/api_record.h"
#include "server/topology/api_source_impl.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- the end of an order ---- */

static void api_order_forget(struct api_order *order)
{
    free(order->text);
    free(order->place);
    ted_snapshot_destroy(order->snapshot);
    *order = (struct api_order){.ask = NULL};
}

static void api_order_answer(struct topology *topology, struct topology_ask *ask,
                             enum pce_status status)
{
    struct network_figures *figures = topology->options.figures;
    ask->status = status;
    counter_add(status == PCE_OK ? &figures->api_orders : &figures->api_orders_refused, 1);
    api_order_forget(&topology->api.order);
    topology_hand_back(topology, ask);
}

/* It is kept, or nothing is: nothing is refused any more. */
static void api_order_carry_out(struct topology *topology, bool is_kept)
{
    struct api_order *order = &topology->api.order;
    struct topology_ask *ask = order->ask;
    struct api_source *source = api_source_find(&topology->api, ask->order.spec.name);
    ask->is_new = source == NULL;
    if (order->text == NULL) {
        api_source_delete(topology, source);
    } else {
        const struct api_source said = {.spec = ask->order.spec,
                                        .text = order->text,
                                        .size = order->size,
                                        .changed_s = order->changed_s,
                                        .is_kept = is_kept};
        api_source_set(topology, &said, &order->place, order->snapshot);
        order->text = NULL; /* the source's own */
    }
    source = api_source_find(&topology->api, ask->order.spec.name);
    if (source != NULL)
        api_source_view(source, &ask->sources[ask->count++]);
    api_order_answer(topology, ask, PCE_OK);
}

void api_order_on_stored(struct topology *topology, const struct store_result *result)
{
    struct topology_ask *ask = topology->api.order.ask;
    if (result->status == PCE_OK) {
        api_order_carry_out(topology, true);
        return;
    }
    if (topology->stored != NULL)
        stored_explain(topology->stored, result, &ask->failure);
    api_order_answer(topology, ask, result->status);
}

/* ---- its beginning ---- */

/* The text that is to be the source's. */
static enum pce_status api_order_text(const struct api_source *source, struct topology_ask *ask,
                                      struct api_order *order)
{
    struct ted_fault fault = {.line = 0};
    if (ask->what == TOPOLOGY_ASK_SOURCE_SET) {
        order->text = ask->order.text;
        order->size = ask->order.size;
        ask->order.text = NULL;
        return PCE_OK;
    }
    CHECK(source != NULL); /* api_order_read has looked */
    ask->order.spec = source->spec;
    enum pce_status status =
        topology_patch((struct topology_span){source->text, source->size},
                       (struct topology_span){ask->order.text, ask->order.size}, &order->text,
                       &order->size, &fault);
    if (status == PCE_NO_MEMORY)
        return failure_set(&ask->failure, status, "no memory to read the change");
    return status == PCE_OK ? PCE_OK : api_source_explain(&fault, &ask->failure);
}

/* What a change has made has lines that nobody has seen. */
static enum pce_status api_order_read_text(struct topology_ask *ask, struct api_order *order)
{
    struct ted_fault fault = {.line = 0};
    enum pce_status status =
        api_source_read(order->text, order->size, &order->snapshot, &fault, &ask->failure);
    if (status != PCE_INVALID || fault.line == 0 || ask->what != TOPOLOGY_ASK_SOURCE_CHANGE)
        return status;
    fault.line = 0;
    return api_source_explain(&fault, &ask->failure);
}

static enum pce_status api_order_take_place(const struct topology *topology,
                                            struct topology_ask *ask, struct api_order *order)
{
    if (topology->api.count == API_SOURCES_MAX)
        return failure_set(&ask->failure, PCE_LIMIT, "there are %d sources, no more fit",
                           API_SOURCES_MAX);
    order->place = malloc(sizeof *order->place);
    return order->place != NULL
               ? PCE_OK
               : failure_set(&ask->failure, PCE_NO_MEMORY, "no memory for the source");
}

/* Everything that may refuse an order before it is kept. */
static enum pce_status api_order_read(struct topology *topology, struct topology_ask *ask)
{
    struct api_order *order = &topology->api.order;
    const struct api_source *source = api_source_find(&topology->api, ask->order.spec.name);
    if (source == NULL && ask->what != TOPOLOGY_ASK_SOURCE_SET)
        return failure_set(&ask->failure, PCE_NOT_FOUND, "there is no such source");
    if (ask->what == TOPOLOGY_ASK_SOURCE_DELETE)
        return PCE_OK;
    enum pce_status status = source == NULL ? api_order_take_place(topology, ask, order) : PCE_OK;
    if (status == PCE_OK)
        status = api_order_text(source, ask, order);
    return status == PCE_OK ? api_order_read_text(ask, order) : status;
}

void api_order_begin(struct topology *topology, struct topology_ask *ask)
{
    struct api_order *order = &topology->api.order;
    order->ask = ask;
    order->changed_s = (uint64_t)clock_wall_s();
    enum pce_status status = api_order_read(topology, ask);
    if (status != PCE_OK) {
        api_order_answer(topology, ask, status);
        return;
    }
    status = api_record_commit(topology, &ask->order.spec, order, &ask->failure);
    if (status == PCE_UNSUPPORTED)
        api_order_carry_out(topology, false);
    else if (status != PCE_OK)
        api_order_answer(topology, ask, status);
}

/* ---- views ---- */

void api_source_view(const struct api_source *source, struct topology_source_view *view)
{
    *view = (struct topology_source_view){.spec = source->spec,
                                          .octets = source->size,
                                          .changed_s = source->changed_s,
                                          .node_count = source->node_count,
                                          .link_count = source->link_count,
                                          .is_kept = source->is_kept};
    memcpy(view->why, source->why, sizeof view->why);
}

static void api_source_show(const struct api_source *source, struct topology_ask *ask)
{
    ask->order.text = malloc(source->size + 1);
    ask->status = ask->order.text == NULL ? PCE_NO_MEMORY : PCE_OK;
    if (ask->order.text == NULL)
        return;
    memcpy(ask->order.text, source->text, source->size);
    ask->order.text[source->size] = '\0';
    ask->order.size = source->size;
    api_source_view(source, &ask->sources[ask->count++]);
}

void api_sources_show(const struct api_sources *sources, struct topology_ask *ask)
{
    const struct api_source *source = api_source_find(sources, ask->order.spec.name);
    ask->status = ask->order.spec.name[0] == '\0' ? PCE_OK : PCE_NOT_FOUND;
    for (uint32_t i = 0; ask->status == PCE_OK && i < sources->count; i++)
        api_source_view(sources->sources[i], &ask->sources[ask->count++]);
    if (source != NULL)
        api_source_show(source, ask);
}

/* ---- the store ---- */

/* One whose text nobody can read any more stays, for its operator. */
static enum pce_status api_seed_take(struct topology *topology, struct api_seed *seed)
{
    struct ted_snapshot *snapshot;
    struct failure failure = {.text = ""};
    struct ted_fault fault = {.line = 0};
    struct api_source said = seed->source, *place = malloc(sizeof *place);
    if (place == NULL)
        return PCE_NO_MEMORY;
    enum pce_status status = api_source_read(said.text, said.size, &snapshot, &fault, &failure);
    said.is_kept = true;
    said.is_due = status == PCE_NO_MEMORY;
    memcpy(said.why, failure.text, sizeof said.why);
    api_source_set(topology, &said, &place, snapshot);
    seed->source.text = NULL; /* the source's own */
    free(place);
    ted_snapshot_destroy(snapshot);
    return PCE_OK;
}

/* What the store has is published before anybody is served. */
enum pce_status topology_answer_store(struct topology *topology)
{
    const struct topology_question *question = &topology->question;
    topology->stored = question->stored;
    for (uint32_t i = 0; question->seeds != NULL && i < question->seeds->count; i++) {
        if (api_seed_take(topology, question->seeds->seeds[i]) != PCE_OK)
            return failure_set(question->failure, PCE_NO_MEMORY,
                               "no memory for the networks of the store");
    }
    if (topology->is_merged)
        topology_make(topology, clock_now());
    return PCE_OK;
}
