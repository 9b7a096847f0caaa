/* /api/v1/deletions: LSPs that an operator has had deleted, and that are kept until they are gone. */
#include "server/control/api.h"

#include "server/control/api_answer.h"
#include "server/control/api_arguments.h"
#include "server/control/lsp_json.h"
#include "server/control/lsp_named.h"
#include "server/control/lsp_order_json.h"
#include "server/northbound/deletion_view.h"

#include <stdlib.h>
#include <string.h>

/* ---- list ---- */

struct deletions_ask {
    struct ask ask;
    struct deletion_list list;
    uint32_t limit; /* of views */
    uint32_t count; /* those that are there */
    struct deletion_view *views;
};

static struct deletions_ask *deletions_own_of(struct ask *ask)
{
    return CONTAINER_OF(ask, struct deletions_ask, ask);
}

static void prepare_deletions(struct ask *ask)
{
    struct deletions_ask *own = deletions_own_of(ask);
    own->list.views = own->views + own->count;
    own->list.batch.room = own->limit - own->count;
}

static bool take_deletions(struct ask *ask)
{
    struct deletions_ask *own = deletions_own_of(ask);
    own->count += own->list.batch.count;
    if (own->list.batch.is_over) {
        ask->envelope.shard++;
        own->list.after = 0;
    }
    return ask->envelope.shard == ask->shard_end || own->count == own->limit;
}

static json_t *deletion_row(const struct deletion_view *view)
{
    char pcc[IP_TEXT_SIZE];
    char id[LSP_ORDER_ID_SIZE];
    char name[LSP_NAME_TEXT_SIZE];
    lsp_order_id_format(view->shard, view->order_id, id);
    lsp_name_format(view->name, view->name_size, name);
    const uint64_t since_ms = view->since_ns / MONO_NS_PER_MS; /* no digits behind them */
    json_t *error = view->error_type == 0
                        ? json_null()
                        : json_pack("{s:i,s:i}", "error_type", (int)view->error_type, "error_value",
                                    (int)view->error_value);
    return json_pack("{s:s,s:s,s:o,s:s,s:o,s:o,s:o,s:f}", "pcc", ip_format(&view->pcc, pcc), "name",
                     name, "setup_type", lsp_setup_json(view->setup_type), "state",
                     deletion_state_text((enum deletion_state)view->state), "reason",
                     view->reason == NULL ? json_null() : json_string(view->reason), "error", error,
                     "order", view->order_id == 0 ? json_null() : json_string(id), "since_ago_s",
                     (double)since_ms / 1000);
}

/* As an order's id: the next page begins behind it. */
static json_t *deletions_next_of(const struct deletions_ask *own)
{
    char text[LSP_ORDER_ID_SIZE];
    uint32_t shard = own->ask.envelope.shard;
    if (shard == own->ask.shard_end)
        return json_null();
    lsp_order_id_format(shard, own->list.after, text);
    return json_string(text);
}

static void deletions_answer(struct ask *ask)
{
    const struct deletions_ask *own = deletions_own_of(ask);
    json_t *rows = json_array();
    for (uint32_t i = 0; i < own->count && rows != NULL; i++) {
        if (json_array_append_new(rows, deletion_row(&own->views[i])) != 0) {
            json_decref(rows);
            rows = NULL;
        }
    }
    api_answer_json(ask->request, 200,
                    json_pack("{s:o,s:o}", "deletions", rows, "next", deletions_next_of(own)));
}

static void destroy_deletions(struct ask *ask)
{
    struct deletions_ask *own = deletions_own_of(ask);
    free(own->views);
    free(own);
}

static const struct ask_kind deletions_kind = {.prepare = prepare_deletions,
                                               .take = take_deletions,
                                               .answer = deletions_answer,
                                               .destroy = destroy_deletions};

/* The name of the argument that is wrong, or NULL. */
static const char *deletions_read(const struct api *api, const struct http_request *request,
                                  struct deletions_ask *own)
{
    const char *pcc = api_argument(request, "pcc");
    const char *cursor = api_argument(request, "cursor");
    struct api_page page;
    const char *bad = api_read_page(request, &page);
    if (bad != NULL)
        return bad;
    own->limit = page.limit;
    own->ask.shard_end = api->shared->shard_count;
    if (pcc != NULL && !ip_parse(pcc, &own->list.pcc))
        return "pcc";
    if (cursor != NULL &&
        (!lsp_order_id_parse(cursor, &own->ask.envelope.shard, &own->list.after) ||
         own->ask.envelope.shard >= own->ask.shard_end))
        return "cursor";
    if (pcc != NULL) {
        own->ask.envelope.shard = listener_shard_of(&own->list.pcc, api->shared->shard_count);
        own->ask.shard_end = own->ask.envelope.shard + 1;
    }
    return NULL;
}

void api_list_deletions(struct api *api, struct http_request *request, const char *rest)
{
    static const char *const names[] = {"pcc", "limit", "cursor", NULL};
    (void)rest;
    if (!api_check_arguments(request, names))
        return;
    struct deletions_ask *own = calloc(1, sizeof *own);
    if (own == NULL) {
        api_refuse_memory(request);
        return;
    }
    own->ask.kind = &deletions_kind;
    own->ask.envelope.what = envelope_view(VIEW_DELETION_LIST);
    own->ask.envelope.argument = &own->list;
    const char *bad = deletions_read(api, request, own);
    if (bad == NULL)
        own->views = malloc(own->limit * sizeof *own->views);
    if (bad != NULL)
        api_refuse(request, 400, bad,
                   strcmp(bad, "pcc") == 0 ? "must be the address of a PCC"
                                           : api_explain_page(bad));
    else if (own->views == NULL)
        api_refuse_memory(request);
    if (own->views == NULL)
        free(own);
    else
        ask_start(&api->asks, &own->ask, request);
}

/* ---- one is forgotten ---- */

struct forget_ask {
    struct ask ask;
    struct deletion_forgetting forgetting;
};

static struct forget_ask *forget_of(struct ask *ask)
{
    return CONTAINER_OF(ask, struct forget_ask, ask);
}

static void answer_forget(struct ask *ask)
{
    const enum pce_status status = forget_of(ask)->forgetting.status;
    if (status == PCE_NOT_FOUND)
        api_refuse(ask->request, 404, "deletion", "there is no such deletion");
    else if (status != PCE_OK)
        api_refuse(ask->request, 409, NULL, "a change of this deletion is under way");
    else
        api_answer_json(ask->request, 200, json_pack("{s:b}", "forgotten", 1));
}

static void destroy_forget(struct ask *ask)
{
    free(forget_of(ask));
}

static const struct ask_kind forget_kind = {.answer = answer_forget, .destroy = destroy_forget};

void api_forget_deletion(struct api *api, struct http_request *request, const char *rest)
{
    static const char *const names[] = {NULL};
    struct lsp_name name;
    uint32_t shard;
    if (!api_check_arguments(request, names))
        return;
    if (!lsp_named_read(api, request, rest, &name, &shard))
        return;
    if (name.id.generation != 0) {
        api_refuse(request, 400, "deletion", "must be PCC/NAME");
        return;
    }
    struct forget_ask *own = calloc(1, sizeof *own);
    if (own == NULL) {
        api_refuse_memory(request);
        return;
    }
    own->forgetting.pcc = name.pcc;
    own->forgetting.name_size = name.size;
    memcpy(own->forgetting.name, name.text, name.size);
    own->ask.kind = &forget_kind;
    own->ask.envelope = (struct envelope){.what = envelope_order(ORDER_DELETION_FORGET),
                                          .argument = &own->forgetting,
                                          .shard = shard};
    ask_start(&api->asks, &own->ask, request);
}
