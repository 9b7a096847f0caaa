/* All orders of a shard. */
#include "core/lsp/order_impl.h"

#include <stdlib.h>

enum pce_status lsp_orders_init(struct lsp_orders *orders, const struct lsp_order_ops *ops,
                                void *owner, struct wheel *wheel, uint64_t seed)
{
    *orders = (struct lsp_orders){.ops = ops, .owner = owner, .wheel = wheel, .random = {seed}};
    map_init(&orders->by_id, order_is_equal_id, SIZE_MAX);
    map_init(&orders->by_srp, order_is_equal_srp, SIZE_MAX);
    map_init(&orders->controls, control_is_equal, SIZE_MAX);
    map_init(&orders->lanes, lane_is_equal, SIZE_MAX);
    list_init(&orders->all);
    list_init(&orders->all_lanes);
    list_init(&orders->ready);
    list_init(&orders->ended);
    orders->scratch = malloc(LSP_ORDERS_SCRATCH);
    return orders->scratch == NULL ? PCE_NO_MEMORY : PCE_OK;
}

void lsp_orders_fini(struct lsp_orders *orders)
{
    const struct mono now = {0}; /* nobody is told any more */
    orders->ops = &(const struct lsp_order_ops){.on_order = NULL};
    while (!list_is_empty(&orders->all_lanes)) {
        struct lsp_lane *lane = CONTAINER_OF(orders->all_lanes.next, struct lsp_lane, all);
        lsp_lane_on_down(lane, now);
        lsp_lane_destroy(lane, now);
    }
    while (orders->ended_count > 0)
        order_forget_oldest(orders);
    map_fini(&orders->by_id);
    map_fini(&orders->by_srp);
    map_fini(&orders->controls);
    map_fini(&orders->lanes);
    free(orders->scratch);
}
