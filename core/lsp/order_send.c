/* Sending: so many unanswered for a PCC, the lanes taking turns. */
#include "core/lsp/order_impl.h"
#include "core/pcep/model.h"

#define LANE_BURST 16 /* messages of one PCC before the next one has its turn */

/* RFC 8231 7.2: the next number, neither reserved nor of an order that is unanswered. */
static uint32_t take_srp_id(struct lsp_lane *lane)
{
    for (;;) {
        uint32_t srp_id = lane->next_srp_id++;
        bool is_reserved = srp_id == 0 || srp_id == PCEP_SRP_ID_MAX;
        if (!is_reserved && order_find_srp(lane, srp_id) == NULL)
            return srp_id;
    }
}

static struct wire_span name_of(const struct lsp_order *order)
{
    return (struct wire_span){(const uint8_t *)order->name, order->name_size};
}

/* The LSP as this session knows it; false: it cannot be asked, and the order has ended. */
static bool find_target(struct lsp_order *order, struct lsp_target *target, struct mono now)
{
    const struct lsp_orders *orders = order->lane->orders;
    struct lsp_order_input input = {.now = now, .event = LSP_ORDER_EVENT_ABSENT};
    *target = (struct lsp_target){.has_color = order->has_color, .color = order->color};
    if (order->kind == LSP_ORDER_INITIATE || order_is_of_all(order->kind, order->name_size))
        return true;
    bool is_there = orders->ops->find(orders->owner, order->lane, name_of(order), target);
    if (is_there && order_needs_delegation(order->kind) && (target->flags & PCEP_LSP_D) == 0)
        input.event = LSP_ORDER_EVENT_REVOKED;
    else if (is_there)
        return true;
    order_dispatch(order, &input);
    return false;
}

/* A PCUpd is the full state: the colour that the LSP has stays with it. RFC 9863 2: only to a peer
 * that has the capability, and not of an SR path where SR policies are known. */
static bool send_has_color(const struct lsp_order *order, const struct lsp_target *target)
{
    const struct lsp_ability *ability = &order->lane->ability;
    bool is_sr = order->setup_type == PCEP_PST_SR || order->setup_type == PCEP_PST_SRV6;
    return target->has_color && ability->may_color &&
           (order->kind == LSP_ORDER_INITIATE || order->kind == LSP_ORDER_UPDATE) &&
           !(is_sr && (ability->associations & LSP_SAID_SR_POLICY) != 0);
}

static enum pce_status write_order(struct lsp_order *order, const struct lsp_target *target)
{
    struct lsp_lane *lane = order->lane;
    const struct lsp_orders *orders = lane->orders;
    const struct lsp_head head = {.kind = order->kind,
                                  .setup_type = order->setup_type,
                                  .is_up = order->is_up,
                                  .srp_id = order->srp_id,
                                  .plsp_id = target->plsp_id,
                                  .name = name_of(order),
                                  .has_color = send_has_color(order, target),
                                  .color = target->color,
                                  .binding = &order->binding};
    struct wire_writer writer;
    enum pce_status status = orders->ops->open_message(
        orders->owner, lane, lsp_compose_size(&head, order->objects_size), &writer);
    if (status != PCE_OK)
        return status;
    lsp_compose_message(lane->ability.profile, &head,
                        (struct wire_span){order->objects, order->objects_size}, &writer);
    orders->ops->commit_message(orders->owner, lane, &writer);
    return PCE_OK;
}

/* False: the session has no room now. */
static bool send_order(struct lsp_order *order, struct mono now)
{
    struct lsp_lane *lane = order->lane;
    const struct lsp_order_input input = {.now = now, .event = LSP_ORDER_EVENT_SEND};
    struct lsp_target target;
    if (!find_target(order, &target, now))
        return true;
    order->srp_id = take_srp_id(lane);
    if (order_index_srp(order) != PCE_OK)
        return false;
    if (write_order(order, &target) != PCE_OK) {
        order_unindex_srp(order);
        return false;
    }
    lane->orders->counters.orders_sent++;
    order_dispatch(order, &input);
    return true;
}

static bool lane_may_send(const struct lsp_lane *lane)
{
    return lane->is_up && lane->sent_count < lane->orders->settings.in_flight_max &&
           !list_is_empty(&lane->queue);
}

/* Returns how many were tried. */
static uint32_t send_burst(struct lsp_lane *lane, struct mono now)
{
    uint32_t count = 0;
    while (count < LANE_BURST && lane_may_send(lane)) {
        struct lsp_order *order = CONTAINER_OF(lane->queue.next, struct lsp_order, in_queue);
        count++;
        if (send_order(order, now))
            continue;
        lane->orders->counters.orders_unsent++;
        wheel_start(lane->orders->wheel, &lane->room, mono_add_ms(now, LSP_ORDER_ROOM_MS));
        return count;
    }
    if (lane_may_send(lane))
        lane_wake(lane);
    return count;
}

bool lsp_orders_turn(struct lsp_orders *orders, struct mono now)
{
    uint32_t count = 0;
    while (count < LSP_ORDERS_PER_TURN) {
        struct list_link *link = list_pop_front(&orders->ready);
        if (link == NULL)
            return false;
        count += send_burst(CONTAINER_OF(link, struct lsp_lane, ready), now);
    }
    return !list_is_empty(&orders->ready);
}
