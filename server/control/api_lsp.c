/* /api/v1/lsps/…: one LSP, with its objects and its history. */
#include "server/control/api.h"

#include "server/control/api_answer.h"
#include "server/control/api_arguments.h"
#include "server/control/lsp_json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct lsp_ask {
    struct ask ask;
    struct lsp_detail detail;
};

static struct lsp_ask *lsp_ask_of(struct ask *ask)
{
    return CONTAINER_OF(ask, struct lsp_ask, ask);
}

static void answer_lsp(struct ask *ask)
{
    const struct lsp_detail *detail = &lsp_ask_of(ask)->detail;
    if (!detail->is_found)
        api_refuse(ask->request, 404, "lsp", "there is no such LSP");
    else
        api_answer_json(ask->request, 200, lsp_json_detail(detail));
}

static void destroy_lsp(struct ask *ask)
{
    free(lsp_ask_of(ask));
}

static const struct ask_kind lsp_kind = {.answer = answer_lsp, .destroy = destroy_lsp};

/* "192.0.2.1/NAME": false when the text is no such thing. */
static bool lsp_read_pair(const char *text, struct lsp_detail *detail)
{
    char address[IP_TEXT_SIZE];
    const char *slash = strchr(text, '/');
    if (slash == NULL || (size_t)(slash - text) >= sizeof address)
        return false;
    (void)snprintf(address, sizeof address, "%.*s", (int)(slash - text), text);
    return ip_parse(address, &detail->pcc) &&
           lsp_name_parse(slash + 1, detail->name, &detail->name_size);
}

/* Whom it names, and whose shard that is; false when it is nobody, which was answered. */
static bool lsp_name_one(const struct api *api, struct http_request *request, const char *text,
                         struct lsp_ask *own)
{
    uint32_t shard;
    unsigned shard_count = api->shared->shard_count;
    if (lsp_read_pair(text, &own->detail)) {
        own->ask.envelope.shard = listener_shard_of(&own->detail.pcc, shard_count);
        return true;
    }
    if (!lsp_id_parse(text, &shard, &own->detail.id)) {
        api_refuse(request, 400, "lsp", "must be the id of an LSP, or PCC/NAME");
        return false;
    }
    if (shard >= shard_count) {
        api_refuse(request, 404, "lsp", "there is no such LSP");
        return false;
    }
    own->ask.envelope.shard = shard;
    return true;
}

void api_show_lsp(struct api *api, struct http_request *request, const char *rest)
{
    static const char *const names[] = {NULL};
    if (!api_check_arguments(request, names))
        return;
    struct lsp_ask *own = calloc(1, sizeof *own);
    if (own == NULL) {
        api_refuse_memory(request);
        return;
    }
    own->ask.kind = &lsp_kind;
    own->ask.envelope.what = envelope_view(VIEW_LSP);
    own->ask.envelope.argument = &own->detail;
    if (lsp_name_one(api, request, rest, own))
        ask_start(&api->asks, &own->ask, request);
    else
        free(own);
}
