#include "core/lsp/lane.h"
#include "core/base/check.h"
#include "core/lsp/order_impl.h"
#include "core/pcep/model.h"

#include <stdlib.h>

static uint64_t hash_of_address(const struct ip *address)
{
    return map_hash_with(address->octets, ip_size(address), address->family);
}

bool lane_is_equal(const struct map_node *node, const void *key)
{
    const struct lsp_lane *lane =
        CONTAINER_OF((struct map_node *)(uintptr_t)node, struct lsp_lane, by_address);
    return ip_is_equal(&lane->address, key);
}

struct lsp_lane *lsp_lane_find(struct lsp_orders *orders, const struct ip *address)
{
    struct map_node *node = map_find(&orders->lanes, hash_of_address(address), address);
    return node == NULL ? NULL : CONTAINER_OF(node, struct lsp_lane, by_address);
}

static void on_room(struct wheel_timer *timer, struct mono now)
{
    (void)now;
    lane_wake(CONTAINER_OF(timer, struct lsp_lane, room));
}

static struct lsp_lane *create_lane(struct lsp_orders *orders, const struct ip *address)
{
    struct lsp_lane *lane = calloc(1, sizeof *lane);
    if (lane == NULL)
        return NULL;
    lane->orders = orders;
    lane->address = *address;
    /* RFC 8231 7.2 says where they go on, and not where they begin: what another process of ours has
     * sent before a restart must not look like an answer to this one. */
    lane->next_srp_id = (uint32_t)random_u64(&orders->random);
    wheel_timer_init(&lane->room, on_room);
    list_init(&lane->ready);
    list_init(&lane->queue);
    list_init(&lane->sent);
    list_init(&lane->unconfirmed);
    list_init(&lane->whole);
    list_init(&lane->controls);
    if (map_insert(&orders->lanes, &lane->by_address, hash_of_address(address), address) !=
        PCE_OK) {
        free(lane);
        return NULL;
    }
    list_push_back(&orders->all_lanes, &lane->all);
    return lane;
}

struct lsp_lane *lsp_lane_on_up(struct lsp_orders *orders, const struct ip *address,
                                const struct lsp_ability *ability)
{
    struct lsp_lane *lane = lsp_lane_find(orders, address);
    if (lane == NULL)
        lane = create_lane(orders, address);
    if (lane == NULL)
        return NULL;
    CHECK(!lane->is_up);
    lane->is_up = true;
    lane->is_synchronised = false;
    lane->ability = *ability;
    lane->pace = (struct lsp_adjust_pace){.count = 0};
    lane->first_srp_id = lane->next_srp_id;
    return lane;
}

static void tell_list(struct list_link *list, const struct lsp_order_input *input)
{
    LIST_FOR_SAFE(link, following, list)
    order_dispatch(CONTAINER_OF(link, struct lsp_order, in_target), input);
}

/* A control may go with its last order. */
static void tell_all(struct lsp_lane *lane, enum lsp_order_event event, struct mono now)
{
    const struct lsp_order_input input = {.now = now, .event = (uint8_t)event};
    LIST_FOR_SAFE(link, following, &lane->controls)
    {
        struct lsp_control *control = CONTAINER_OF(link, struct lsp_control, link);
        LIST_FOR_SAFE(at, next, &control->orders)
        {
            bool is_last = next == &control->orders;
            order_dispatch(CONTAINER_OF(at, struct lsp_order, in_target), &input);
            if (is_last)
                break;
        }
    }
    tell_list(&lane->whole, &input);
}

/* The end mark of a resynchronisation: what has asked for all LSPs has its outcome. */
static void tell_resyncs(struct lsp_lane *lane, struct mono now)
{
    const struct lsp_order_input input = {.now = now, .event = LSP_ORDER_EVENT_SYNCHRONISED};
    LIST_FOR_SAFE(link, following, &lane->whole)
    {
        struct lsp_order *order = CONTAINER_OF(link, struct lsp_order, in_target);
        if (order->kind == LSP_ORDER_RESYNC && order->state > LSP_ORDER_QUEUED)
            order_dispatch(order, &input);
    }
}

void lsp_lane_on_synchronised(struct lsp_lane *lane, struct mono now)
{
    if (!lane->is_up)
        return;
    if (lane->is_synchronised) {
        tell_resyncs(lane, now);
        return;
    }
    lane->is_synchronised = true;
    lane->synchronised = now;
    tell_all(lane, LSP_ORDER_EVENT_SYNCHRONISED, now);
}

/* What was decided about delegations was for that session; contests are remembered. */
static void end_session(struct lsp_lane *lane)
{
    LIST_FOR_SAFE(link, following, &lane->controls)
    {
        struct lsp_control *control = CONTAINER_OF(link, struct lsp_control, link);
        control->has_path = false;
        control->refusals = 0;
        control_decide(control, CONTROL_NOT_DECIDED);
        control_tidy(control);
    }
    LIST_FOR_SAFE(link, following, &lane->unconfirmed)
    order_let_go(CONTAINER_OF(link, struct lsp_order, in_queue));
}

void lsp_lane_on_down(struct lsp_lane *lane, struct mono now)
{
    if (!lane->is_up)
        return;
    lane->is_up = false;
    lane->is_synchronised = false;
    list_remove(&lane->ready);
    wheel_stop(lane->orders->wheel, &lane->room);
    tell_all(lane, LSP_ORDER_EVENT_DOWN, now);
    CHECK(lane->sent_count == 0);
    end_session(lane);
}

void lsp_lane_destroy(struct lsp_lane *lane, struct mono now)
{
    struct lsp_orders *orders = lane->orders;
    CHECK(!lane->is_up);
    tell_all(lane, LSP_ORDER_EVENT_LOST, now);
    LIST_FOR_SAFE(link, following, &lane->controls)
    control_forget(CONTAINER_OF(link, struct lsp_control, link));
    CHECK(list_is_empty(&lane->controls) && lane->live_count == 0);
    (void)map_remove(&orders->lanes, hash_of_address(&lane->address), &lane->address);
    list_remove(&lane->all);
    free(lane);
}
