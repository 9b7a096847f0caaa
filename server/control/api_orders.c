/* /api/v1/orders: what was asked of PCCs, and what became of it. */
#include "server/control/api.h"

#include "core/base/number.h"
#include "server/control/api_answer.h"
#include "server/control/api_arguments.h"
#include "server/control/lsp_order_json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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
        api_answer_json(ask->request, 200, lsp_order_json(ask->envelope.shard, &lookup->view));
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

struct orders_ask {
    struct ask ask;
    struct lsp_order_list list;
    uint32_t limit; /* of views */
    uint32_t count; /* those that are there */
    struct {
        uint32_t shard;
        struct lsp_order_view view;
    } * rows;
    struct lsp_order_view *batch; /* what a shard fills */
};

static struct orders_ask *orders_own_of(struct ask *ask)
{
    return CONTAINER_OF(ask, struct orders_ask, ask);
}

static void prepare_orders(struct ask *ask)
{
    struct orders_ask *own = orders_own_of(ask);
    uint32_t left = own->limit - own->count;
    own->list.views = own->batch;
    own->list.batch.room = left < VIEW_BATCH ? left : VIEW_BATCH;
}

static bool take_orders(struct ask *ask)
{
    struct orders_ask *own = orders_own_of(ask);
    for (uint32_t i = 0; i < own->list.batch.count; i++) {
        own->rows[own->count].shard = ask->envelope.shard;
        own->rows[own->count++].view = own->batch[i];
    }
    if (own->list.batch.is_over) {
        ask->envelope.shard++;
        own->list.before = UINT64_MAX;
    }
    return ask->envelope.shard == ask->shard_end || own->count == own->limit;
}

/* As an order's id: the next page begins below it. */
static json_t *orders_next_of(const struct orders_ask *own)
{
    char text[LSP_ORDER_ID_SIZE];
    uint32_t shard = own->ask.envelope.shard;
    if (shard == own->ask.shard_end)
        return json_null();
    lsp_order_id_format(shard, own->list.before, text);
    return json_string(text);
}

static void orders_answer(struct ask *ask)
{
    const struct orders_ask *own = orders_own_of(ask);
    json_t *rows = json_array();
    for (uint32_t i = 0; i < own->count && rows != NULL; i++) {
        json_t *row = lsp_order_json(own->rows[i].shard, &own->rows[i].view);
        if (json_array_append_new(rows, row) != 0) {
            json_decref(rows);
            rows = NULL;
        }
    }
    api_answer_json(ask->request, 200,
                    json_pack("{s:o,s:o}", "orders", rows, "next", orders_next_of(own)));
}

static void destroy_orders(struct ask *ask)
{
    struct orders_ask *own = orders_own_of(ask);
    free(own->rows);
    free(own->batch);
    free(own);
}

static const struct ask_kind orders_kind = {.prepare = prepare_orders,
                                            .take = take_orders,
                                            .answer = orders_answer,
                                            .destroy = destroy_orders};

/* The name of the argument that is wrong, or NULL. */
static const char *orders_read(const struct api *api, const struct http_request *request,
                               struct orders_ask *own)
{
    const char *pcc = api_argument(request, "pcc");
    const char *cursor = api_argument(request, "cursor");
    struct api_page page;
    const char *bad = api_read_page(request, &page);
    if (bad != NULL)
        return bad;
    own->limit = page.limit;
    own->list.before = UINT64_MAX;
    own->ask.shard_end = api->shared->shard_count;
    if (pcc != NULL && !ip_parse(pcc, &own->list.pcc))
        return "pcc";
    if (cursor != NULL &&
        (!lsp_order_id_parse(cursor, &own->ask.envelope.shard, &own->list.before) ||
         own->ask.envelope.shard >= own->ask.shard_end))
        return "cursor";
    if (pcc != NULL) {
        own->ask.envelope.shard = listener_shard_of(&own->list.pcc, api->shared->shard_count);
        own->ask.shard_end = own->ask.envelope.shard + 1;
    }
    return NULL;
}

static bool orders_make_room(struct orders_ask *own)
{
    own->rows = malloc(own->limit * sizeof *own->rows);
    own->batch = malloc(VIEW_BATCH * sizeof *own->batch);
    return own->rows != NULL && own->batch != NULL;
}

void api_list_orders(struct api *api, struct http_request *request, const char *rest)
{
    static const char *const names[] = {"pcc", "limit", "cursor", NULL};
    (void)rest;
    if (!api_check_arguments(request, names))
        return;
    struct orders_ask *own = calloc(1, sizeof *own);
    if (own == NULL) {
        api_refuse_memory(request);
        return;
    }
    own->ask.kind = &orders_kind;
    own->ask.envelope.what = envelope_view(VIEW_LSP_ORDER_LIST);
    own->ask.envelope.argument = &own->list;
    const char *bad = orders_read(api, request, own);
    if (bad != NULL) {
        api_refuse(request, 400, bad,
                   strcmp(bad, "pcc") == 0 ? "must be the address of a PCC"
                                           : api_explain_page(bad));
        destroy_orders(&own->ask);
    } else if (!orders_make_room(own)) {
        api_refuse_memory(request);
        destroy_orders(&own->ask);
    } else {
        ask_start(&api->asks, &own->ask, request);
    }
}
