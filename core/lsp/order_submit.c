/* How an order comes to be: judged, composed, listed; and what it replaces. */
#include "core/lsp/order_impl.h"
#include "core/pcep/model.h"

#include <stdlib.h>
#include <string.h>

static enum pce_status refuse_order(struct lsp_order_receipt *receipt, enum pce_status status,
                                    const char *reason)
{
    receipt->reason = reason;
    return status;
}

/* Of an LSP that the PCC has reported: what each kind of order asks of it. */
static enum pce_status submit_check_target(uint8_t kind, const struct lsp_target *target,
                                           struct lsp_order_receipt *receipt)
{
    bool is_delegated = (target->flags & PCEP_LSP_D) != 0;
    if (order_needs_delegation(kind) && !is_delegated)
        return refuse_order(receipt, PCE_DENIED, "the LSP is not delegated to us");
    /* RFC 8741 4 */
    if ((kind == LSP_ORDER_CONTROL || kind == LSP_ORDER_ADOPT) && is_delegated)
        return refuse_order(receipt, PCE_DENIED, "the LSP is delegated to us already");
    /* RFC 8281 6 */
    if (kind == LSP_ORDER_ADOPT && (target->flags & PCEP_LSP_C) == 0)
        return refuse_order(receipt, PCE_DENIED, "no PCE has initiated the LSP");
    return PCE_OK;
}

static enum pce_status submit_check_name(struct lsp_lane *lane,
                                         const struct lsp_order_request *request,
                                         struct lsp_order_receipt *receipt)
{
    const struct lsp_orders *orders = lane->orders;
    uint8_t kind = request->wanted.kind;
    struct lsp_target target;
    if (order_is_of_all(kind, request->name.size))
        return PCE_OK;
    if (request->name.size == 0 || request->name.size > LSP_COMPOSE_NAME_MAX)
        return refuse_order(receipt, PCE_INVALID, "a name of 1 to 255 octets is needed");
    /* During the synchronisation, what will be reported is not known yet. */
    if (kind == LSP_ORDER_INITIATE || !lane->is_synchronised)
        return PCE_OK;
    if (!orders->ops->find(orders->owner, lane, request->name, &target))
        return refuse_order(receipt, PCE_NOT_FOUND, "the PCC has reported no such LSP");
    return submit_check_target(kind, &target, receipt);
}

/* What is to be deleted is not asked for anything else, and nothing is created twice. */
static enum pce_status submit_check_others(struct lsp_lane *lane,
                                           const struct lsp_order_request *request,
                                           struct lsp_order_receipt *receipt)
{
    uint8_t kind = request->wanted.kind;
    struct lsp_control *control = control_find(lane, request->name);
    if (control == NULL)
        return PCE_OK;
    LIST_FOR(link, &control->orders)
    {
        const struct lsp_order *other = CONTAINER_OF(link, struct lsp_order, in_target);
        bool is_waiting = other->state <= LSP_ORDER_QUEUED;
        if (other->kind == LSP_ORDER_DELETE && !(is_waiting && kind == LSP_ORDER_DELETE))
            return refuse_order(receipt, PCE_EXISTS, "the LSP is being deleted");
        if (other->kind == LSP_ORDER_INITIATE && kind == LSP_ORDER_INITIATE && !is_waiting)
            return refuse_order(receipt, PCE_EXISTS, "the LSP is being created");
    }
    return PCE_OK;
}

static enum pce_status submit_check_room(struct lsp_lane *lane, struct lsp_order_receipt *receipt)
{
    const struct lsp_order_settings *settings = &lane->orders->settings;
    if (lane->live_count < settings->waiting_per_pcc_max &&
        lane->orders->live_count < settings->waiting_max)
        return PCE_OK;
    lane->orders->counters.orders_over_limit++;
    return refuse_order(receipt, PCE_LIMIT, "too many orders are under way");
}

static void on_time(struct wheel_timer *timer, struct mono now)
{
    struct lsp_order *order = CONTAINER_OF(timer, struct lsp_order, timer);
    const struct lsp_order_input input = {.now = now, .event = LSP_ORDER_EVENT_TIME};
    order_dispatch(order, &input);
}

static struct lsp_order *create_order(struct lsp_lane *lane,
                                      const struct lsp_order_request *request, size_t objects_size)
{
    struct lsp_order *order = calloc(1, sizeof *order + request->name.size);
    if (order == NULL)
        return NULL;
    order->objects = malloc(objects_size > 0 ? objects_size : 1);
    if (order->objects == NULL) {
        free(order);
        return NULL;
    }
    memcpy(order->objects, lane->orders->scratch, objects_size);
    order->objects_size = (uint16_t)objects_size;
    order->lane = lane;
    order->pcc = lane->address;
    order->kind = request->wanted.kind;
    order->who = request->who;
    order->setup_type = request->wanted.setup_type;
    order->has_color = request->wanted.has_color;
    order->color = request->wanted.color;
    order->binding = request->wanted.binding;
    order->tag = request->tag;
    order->not_before = request->not_before;
    order->is_up = !request->is_down;
    order->name_size = (uint8_t)request->name.size;
    if (request->name.size > 0)
        memcpy(order->name, request->name.octets, request->name.size);
    list_init(&order->in_all);
    list_init(&order->in_target);
    list_init(&order->in_queue);
    wheel_timer_init(&order->timer, on_time);
    return order;
}

/* Into the maps and lists; all or nothing. */
static enum pce_status enlist(struct lsp_order *order, struct wire_span name)
{
    struct lsp_lane *lane = order->lane;
    struct lsp_orders *orders = lane->orders;
    if (name.size > 0) {
        order->control = control_take(lane, name);
        if (order->control == NULL)
            return PCE_NO_MEMORY;
    }
    order->id = orders->last_id + 1;
    if (map_add(&orders->by_id, &order->by_id, order_hash_of_id(order->id)) != PCE_OK) {
        if (order->control != NULL)
            control_tidy(order->control);
        return PCE_NO_MEMORY;
    }
    list_push_back(&orders->all, &order->in_all);
    orders->last_id = order->id;
    orders->live_count++;
    lane->live_count++;
    return PCE_OK;
}

/* Of those that wait for the same LSP the newest counts: an update is the full state, and a
 * deletion makes all others void. */
static bool replaces(const struct lsp_order *order, const struct lsp_order *older)
{
    bool is_waiting = older->state == LSP_ORDER_HELD || older->state == LSP_ORDER_QUEUED;
    return is_waiting && (older->kind == order->kind || order->kind == LSP_ORDER_DELETE);
}

static void replace_older(struct lsp_order *order, struct mono now)
{
    const struct lsp_order_input input = {.now = now, .event = LSP_ORDER_EVENT_REPLACED};
    struct list_link *all = order->control != NULL ? &order->control->orders : &order->lane->whole;
    list_push_back(all, &order->in_target); /* first: it keeps the control */
    LIST_FOR_SAFE(link, following, all)
    {
        struct lsp_order *older = CONTAINER_OF(link, struct lsp_order, in_target);
        if (older != order && replaces(order, older))
            order_dispatch(older, &input);
    }
}

/* Multipath draft 5.1.1: what a PCC says of one LSP takes the place of what its Open has said. */
static struct lsp_ability submit_ability_of(struct lsp_lane *lane,
                                            const struct lsp_order_request *request)
{
    struct lsp_ability ability = lane->ability;
    const struct lsp_orders *orders = lane->orders;
    struct lsp_target target = {.paths_max = 0};
    if (ability.paths_offered == 0 || request->wanted.kind != LSP_ORDER_UPDATE ||
        !orders->ops->find(orders->owner, lane, request->name, &target) || target.paths_max == 0)
        return ability;
    ability.multipath_flags = target.multipath_flags;
    ability.paths_max =
        target.paths_max < ability.paths_offered ? target.paths_max : ability.paths_offered;
    return ability;
}

static enum pce_status compose_order(struct lsp_lane *lane, const struct lsp_order_request *request,
                                     size_t *objects_size, struct lsp_composition *composition)
{
    const struct lsp_head head = {.kind = request->wanted.kind,
                                  .setup_type = request->wanted.setup_type,
                                  .name = request->name,
                                  .has_color = lane->ability.may_color};
    const struct lsp_ability ability = submit_ability_of(lane, request);
    size_t head_size = lsp_compose_size(&head, 0);
    size_t room = lane->ability.profile->message_size_max;
    struct wire_writer writer =
        wire_writer_init(lane->orders->scratch, room > head_size ? room - head_size : 0);
    enum pce_status status =
        lsp_compose_objects(&ability, &request->wanted, lane->orders->arena, &writer, composition);
    *objects_size = wire_written(&writer);
    return status;
}

static enum pce_status take_order(struct lsp_lane *lane, const struct lsp_order_request *request,
                                  const struct lsp_composition *composition, size_t objects_size,
                                  struct lsp_order **taken)
{
    struct lsp_order *order = create_order(lane, request, objects_size);
    if (order == NULL || enlist(order, request->name) != PCE_OK) {
        if (order != NULL)
            order_destroy(order);
        lane->orders->counters.orders_without_memory++;
        return PCE_NO_MEMORY;
    }
    order->path_digest = composition->path_digest;
    order->bandwidth = composition->bandwidth;
    *taken = order;
    return PCE_OK;
}

static enum pce_status judge_order(struct lsp_lane *lane, const struct lsp_order_request *request,
                                   struct lsp_order_receipt *receipt)
{
    if (!lane->is_up)
        return refuse_order(receipt, PCE_CLOSED, "there is no session with the PCC");
    enum pce_status status = submit_check_name(lane, request, receipt);
    if (status == PCE_OK)
        status = submit_check_others(lane, request, receipt);
    return status == PCE_OK ? submit_check_room(lane, receipt) : status;
}

enum pce_status lsp_order_submit(struct lsp_lane *lane, const struct lsp_order_request *request,
                                 struct mono now, struct lsp_order_receipt *receipt)
{
    struct lsp_order_counters *counters = &lane->orders->counters;
    struct lsp_composition composition = {0};
    struct lsp_order *order;
    size_t objects_size;
    *receipt = (struct lsp_order_receipt){0};
    enum pce_status status = judge_order(lane, request, receipt);
    if (status != PCE_OK)
        return status;
    status = compose_order(lane, request, &objects_size, &composition);
    if (status != PCE_OK) {
        counters->orders_denied++;
        return refuse_order(receipt, status, composition.reason);
    }
    if (take_order(lane, request, &composition, objects_size, &order) != PCE_OK)
        return refuse_order(receipt, PCE_NO_MEMORY, "no memory for the order");
    receipt->id = order->id;
    order->submitted = now;
    counters->orders_taken++;
    replace_older(order, now);
    order_begin(order, now);
    return PCE_OK;
}
