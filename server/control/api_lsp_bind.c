/* POST /api/v1/lsps/…/bind: a binding label or SID of an LSP. */
#include "server/control/api.h"

#include "core/base/number.h"
#include "server/control/api_answer.h"
#include "server/control/api_arguments.h"
#include "server/control/lsp_named.h"
#include "server/control/lsp_order_json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct bind_ask {
    struct ask ask;
    struct lsp_binding_ask own;
};

static struct bind_ask *bind_of(struct ask *ask)
{
    return CONTAINER_OF(ask, struct bind_ask, ask);
}

static void answer_bind(struct ask *ask)
{
    const struct lsp_binding_ask *own = &bind_of(ask)->own;
    char id[LSP_ORDER_ID_SIZE];
    lsp_order_id_format(ask->envelope.shard, own->order_id, id);
    if (!own->is_found)
        api_refuse(ask->request, 404, "lsp", "there is no such LSP");
    else if (own->status == PCE_OK)
        api_answer_json(ask->request, 202, json_pack("{s:s}", "order", id));
    else
        api_refuse(ask->request,
                   own->status == PCE_LIMIT || own->status == PCE_NO_MEMORY ? 503 : 409, NULL,
                   own->reason);
}

static void destroy_bind(struct ask *ask)
{
    free(bind_of(ask));
}

static const struct ask_kind bind_kind = {.answer = answer_bind, .destroy = destroy_bind};

/* The name of the argument that is wrong, or NULL. */
static const char *bind_read(const struct http_request *request, struct lsp_binding *binding)
{
    const char *label = api_argument(request, "label");
    const char *sid = api_argument(request, "sid");
    const char *remove = api_argument(request, "remove");
    const char *srv6 = api_argument(request, "srv6");
    uint64_t number = 0;
    if (label != NULL &&
        (!number_parse(label, LSP_BINDING_LABEL_MAX, &number) || number < LSP_BINDING_LABEL_MIN))
        return "label";
    if (sid != NULL &&
        (label != NULL || !ip_parse(sid, &binding->sid) || binding->sid.family != IP_V6))
        return "sid";
    if (srv6 != NULL && strcmp(srv6, "true") != 0 && strcmp(srv6, "false") != 0)
        return "srv6";
    if (remove != NULL && strcmp(remove, "true") != 0 && strcmp(remove, "false") != 0)
        return "remove";
    const bool has_value = label != NULL || sid != NULL;
    const bool is_removal = remove != NULL && strcmp(remove, "true") == 0;
    if (is_removal && !has_value)
        return "remove";
    binding->label = (uint32_t)number;
    binding->is_srv6 = sid != NULL || (srv6 != NULL && strcmp(srv6, "true") == 0);
    binding->what = is_removal  ? LSP_BINDING_REMOVE
                    : has_value ? LSP_BINDING_THIS
                                : LSP_BINDING_ANY;
    return NULL;
}

static const char *bind_explain(const char *field)
{
    if (strcmp(field, "label") == 0)
        return "must be a number from 16 to 1048575";
    if (strcmp(field, "sid") == 0)
        return "must be an IPv6 address, and not beside a label";
    return strcmp(field, "remove") == 0 ? "must be true or false; true needs label or sid"
                                        : "must be true or false";
}

void api_bind_lsp(struct api *api, struct http_request *request, const char *rest)
{
    static const char *const names[] = {"label", "sid", "srv6", "remove", NULL};
    struct lsp_binding binding = {.what = LSP_BINDING_NONE};
    if (!api_check_arguments(request, names))
        return;
    const char *bad = bind_read(request, &binding);
    if (bad != NULL) {
        api_refuse(request, 400, bad, bind_explain(bad));
        return;
    }
    struct bind_ask *own = calloc(1, sizeof *own);
    char *text = strndup(rest, strlen(rest) - strlen("/bind"));
    if (own == NULL || text == NULL) {
        api_refuse_memory(request);
        free(own);
    } else if (lsp_named_read(api, request, text, &own->own.name, &own->ask.envelope.shard)) {
        own->own.binding = binding;
        own->ask.kind = &bind_kind;
        own->ask.envelope.what = envelope_order(ORDER_LSP_BIND);
        own->ask.envelope.argument = &own->own;
        ask_start(&api->asks, &own->ask, request);
    } else {
        free(own);
    }
    free(text);
}
