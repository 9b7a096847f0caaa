/* /api/v1/lsps/…: one LSP, with its objects and its history. */
#include "server/control/api.h"

#include "server/control/api_answer.h"
#include "server/control/api_arguments.h"
#include "server/control/lsp_json.h"
#include "server/control/lsp_named.h"

#include <stdlib.h>

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
    if (lsp_named_read(api, request, rest, &own->detail.name, &own->ask.envelope.shard))
        ask_start(&api->asks, &own->ask, request);
    else
        free(own);
}
