/* /api/v1/deletions: LSPs that an operator has had deleted, and that are kept until they are gone. */
#include "server/control/api_answer.h"
#include "server/control/api_arguments.h"
#include "server/control/api_list.h"
#include "server/control/lsp_json.h"
#include "server/control/lsp_named.h"
#include "server/control/lsp_order_json.h"
#include "server/northbound/deletion_view.h"

#include <stdlib.h>
#include <string.h>

/* ---- list ---- */

static const char *deletions_read(const struct http_request *request, void *argument,
                                  struct address_range *whose)
{
    struct deletion_list *list = argument;
    if (!api_read_pcc(request, whose))
        return "pcc";
    list->pcc = whose->ip;
    return NULL;
}

static json_t *deletions_row(const void *of)
{
    const struct deletion_view *view = of;
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

void api_list_deletions(struct api *api, struct http_request *request, const char *rest)
{
    static const struct api_list_kind kind = {
        .name = "deletions",
        .view = VIEW_DELETION_LIST,
        .argument_size = sizeof(struct deletion_list),
        .view_size = sizeof(struct deletion_view),
        .arguments = {{"pcc", API_MUST_BE_PCC}},
        .read = deletions_read,
        .row = deletions_row,
        .place_max = UINT64_MAX,
    };
    (void)rest;
    api_list(&kind, api, request);
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
