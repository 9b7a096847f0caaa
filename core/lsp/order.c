/* Orders as they lie in the maps and lists of their lanes: below their table. */
#include "core/lsp/order_impl.h"

#include <stdlib.h>

/* ---- the maps ---- */

struct srp_key {
    const struct lsp_lane *lane;
    uint32_t srp_id;
};

uint64_t order_hash_of_id(uint64_t id)
{
    return map_hash(&id, sizeof id);
}

static uint64_t hash_of_srp(const struct lsp_lane *lane, uint32_t srp_id)
{
    return map_hash_with(&srp_id, sizeof srp_id, (uint64_t)(uintptr_t)lane);
}

bool order_is_equal_id(const struct map_node *node, const void *key)
{
    const struct lsp_order *order =
        CONTAINER_OF((struct map_node *)(uintptr_t)node, struct lsp_order, by_id);
    return order->id == *(const uint64_t *)key;
}

bool order_is_equal_srp(const struct map_node *node, const void *key)
{
    const struct lsp_order *order =
        CONTAINER_OF((struct map_node *)(uintptr_t)node, struct lsp_order, by_srp);
    const struct srp_key *wanted = key;
    return order->lane == wanted->lane && order->srp_id == wanted->srp_id;
}

struct lsp_order *order_find_srp(struct lsp_lane *lane, uint32_t srp_id)
{
    const struct srp_key key = {lane, srp_id};
    struct map_node *node = map_find(&lane->orders->by_srp, hash_of_srp(lane, srp_id), &key);
    return node == NULL ? NULL : CONTAINER_OF(node, struct lsp_order, by_srp);
}

enum pce_status order_index_srp(struct lsp_order *order)
{
    const struct srp_key key = {order->lane, order->srp_id};
    return map_insert(&order->lane->orders->by_srp, &order->by_srp,
                      hash_of_srp(order->lane, order->srp_id), &key);
}

void order_unindex_srp(struct lsp_order *order)
{
    const struct srp_key key = {order->lane, order->srp_id};
    (void)map_remove(&order->lane->orders->by_srp, hash_of_srp(order->lane, order->srp_id), &key);
}

const struct lsp_order *lsp_order_find(struct lsp_orders *orders, uint64_t id)
{
    struct map_node *node = map_find(&orders->by_id, order_hash_of_id(id), &id);
    return node == NULL ? NULL : CONTAINER_OF(node, struct lsp_order, by_id);
}

/* ---- the life of an order ---- */

bool order_is_deletion(const struct lsp_order *order)
{
    return order->kind == LSP_ORDER_DELETE;
}

bool order_needs_delegation(uint8_t kind)
{
    return kind == LSP_ORDER_UPDATE || kind == LSP_ORDER_RETURN;
}

bool order_is_of_all(uint8_t kind, size_t name_size)
{
    return kind == LSP_ORDER_DELETE_ALL ||
           (name_size == 0 && (kind == LSP_ORDER_RESYNC || kind == LSP_ORDER_CONTROL));
}

/* RFC 8232 5.2: what the PCC waits for before it sends anything. */
static bool is_trigger(const struct lsp_order *order)
{
    return order->who == LSP_ORDER_BY_SYNCHRONISATION && order->kind == LSP_ORDER_RESYNC &&
           order->name_size == 0;
}

static bool is_unasked(const struct lsp_order *order)
{
    return order->who >= LSP_ORDER_BY_INTENT;
}

/* Nothing before the end mark (RFC 8231 5.6); what nobody has just asked for waits a while after
 * it, since some PCCs report late, and gives way to others where an LSP is contested. */
struct mono order_due(const struct lsp_order *order)
{
    const struct lsp_lane *lane = order->lane;
    const struct lsp_order_settings *settings = &lane->orders->settings;
    if (!lane->is_up || (!lane->is_synchronised && !is_trigger(order)))
        return MONO_NEVER;
    struct mono due = order->not_before;
    if (!is_unasked(order))
        return due;
    bool is_initiation = order->kind == LSP_ORDER_INITIATE;
    uint32_t after_s = settings->settle_s + (is_initiation ? settings->initiate_delay_s : 0);
    struct mono settled = mono_add_s(lane->synchronised, after_s);
    if (mono_is_before(due, settled))
        due = settled;
    if (order->control != NULL && mono_is_before(due, order->control->not_before))
        due = order->control->not_before;
    return due;
}

const struct lsp_order *lsp_order_before(struct lsp_orders *orders, uint64_t id)
{
    struct map_node *node = map_find(&orders->by_id, order_hash_of_id(id), &id);
    struct list_link *link =
        node == NULL ? orders->all.prev : CONTAINER_OF(node, struct lsp_order, by_id)->in_all.prev;
    /* One that is forgotten meanwhile leaves its place to be looked for. */
    while (link != &orders->all && CONTAINER_OF(link, struct lsp_order, in_all)->id >= id)
        link = link->prev;
    return link == &orders->all ? NULL : CONTAINER_OF(link, struct lsp_order, in_all);
}

void order_destroy(struct lsp_order *order)
{
    free(order->objects);
    free(order);
}

void order_let_go(struct lsp_order *order)
{
    order_unindex_srp(order);
    list_remove(&order->in_queue);
    order->lane = NULL;
}

void order_forget_oldest(struct lsp_orders *orders)
{
    struct list_link *link = list_pop_front(&orders->ended);
    struct lsp_order *order = CONTAINER_OF(link, struct lsp_order, in_target);
    if (order->lane != NULL)
        order_let_go(order);
    (void)map_remove(&orders->by_id, order_hash_of_id(order->id), &order->id);
    list_remove(&order->in_all);
    orders->ended_count--;
    order_destroy(order);
}

void order_retire(struct lsp_order *order)
{
    struct lsp_lane *lane = order->lane;
    struct lsp_orders *orders = lane->orders;
    struct lsp_control *control = order->control;
    free(order->objects);
    order->objects = NULL;
    order->control = NULL;
    list_remove(&order->in_target);
    list_push_back(&orders->ended, &order->in_target);
    lane->live_count--;
    orders->live_count--;
    if (order->state != LSP_ORDER_UNCONFIRMED)
        order->lane = NULL;
    if (control != NULL)
        control_tidy(control);
    if (++orders->ended_count > LSP_ORDERS_ENDED_MAX)
        order_forget_oldest(orders);
}

/* ---- whose turn it is ---- */

void lane_wake(struct lsp_lane *lane)
{
    if (lane->is_up && !list_is_empty(&lane->queue) && !list_is_linked(&lane->ready) &&
        !wheel_is_running(&lane->room))
        list_push_back(&lane->orders->ready, &lane->ready);
}
