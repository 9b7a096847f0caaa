/* /api/v1/orders: what was asked of PCCs, and what became of it. */
#include "server/control/api_answer.h"
#include "server/control/api_arguments.h"
#include "server/control/api_list.h"
#include "server/control/lsp_order_json.h"

#include <stdlib.h>

/* ---- one ---- */

struct order_ask {
    struct ask ask;
    struct lsp_order_lookup lookup;
};

static struct order_ask *order_ask_of(struct ask *ask)
{
    return CONTAINER_OF(ask, struct order_ask, ask);
}

static void order_ask_answer(struct ask *ask)
{
    const struct lsp_order_lookup *lookup = &order_ask_of(ask)->lookup;
    if (!lookup->is_found)
        api_refuse(ask->request, 404, "order", "there is no such order, or it ended long ago");
    else
        api_answer_json(ask->request, 200, lsp_order_json(&lookup->view));
}

static void destroy_order(struct ask *ask)
{
    free(order_ask_of(ask));
}

static const struct ask_kind order_kind = {.answer = order_ask_answer, .destroy = destroy_order};

void api_show_order(struct api *api, struct http_request *request, const char *rest)
{
    static const char *const names[] = {NULL};
    uint32_t shard;
    uint64_t id;
    if (!api_check_arguments(request, names))
        return;
    if (!lsp_order_id_parse(rest, &shard, &id)) {
        api_refuse(request, 400, "order", "must be the id of an order");
        return;
    }
    if (shard >= api->shared->shard_count) {
        api_refuse(request, 404, "order", "there is no such order");
        return;
    }
    struct order_ask *own = calloc(1, sizeof *own);
    if (own == NULL) {
        api_refuse_memory(request);
        return;
    }
    own->lookup.id = id;
    own->ask.kind = &order_kind;
    own->ask.envelope = (struct envelope){
        .what = envelope_view(VIEW_LSP_ORDER), .argument = &own->lookup, .shard = shard};
    ask_start(&api->asks, &own->ask, request);
}

/* ---- list ---- */

static const char *orders_read(const struct http_request *request, void *argument,
                               struct address_range *whose)
{
    struct lsp_order_list *list = argument;
    if (!api_read_pcc(request, whose))
        return "pcc";
    list->pcc = whose->ip;
    return NULL;
}

static json_t *orders_row(const void *view)
{
    return lsp_order_json(view);
}

void api_list_orders(struct api *api, struct http_request *request, const char *rest)
{
    static const struct api_list_kind kind = {
        .name = "orders",
        .view = VIEW_LSP_ORDER_LIST,
        .argument_size = sizeof(struct lsp_order_list),
        .view_size = sizeof(struct lsp_order_view),
        .arguments = {{"pcc", API_MUST_BE_PCC}},
        .read = orders_read,
        .row = orders_row,
        .place_first = UINT64_MAX,
        .place_max = UINT64_MAX,
    };
    (void)rest;
    api_list(&kind, api, request);
}
