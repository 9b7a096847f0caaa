/* POST /api/v1/lsps/…/return and the like, and /api/v1/pccs/…/resync: orders about LSPs. */
#include "server/control/api.h"

#include "server/control/api_answer.h"
#include "server/control/api_arguments.h"
#include "server/control/lsp_named.h"
#include "server/control/lsp_order_json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct asking_ask {
    struct ask ask;
    struct lsp_asking asking;
};

static const char *const lsp_ask_texts[LSP_ASK_COUNT] = {
#define LSP_ASK_TEXT(id, text, kind) [LSP_ASK_##id] = (text),
    LSP_ASKS(LSP_ASK_TEXT)
#undef LSP_ASK_TEXT
};

/* Why a PCC cannot be asked, as a status of HTTP: 409 for what the session or the LSP is like now,
 * 503 for a limit or memory, which may be over in a moment. */
static unsigned refusal_status(enum pce_status status)
{
    return status == PCE_LIMIT || status == PCE_NO_MEMORY ? 503 : 409;
}

static void answer_taken(struct http_request *request, uint32_t shard, uint64_t order_id)
{
    char id[LSP_ORDER_ID_SIZE];
    lsp_order_id_format(shard, order_id, id);
    json_t *order = order_id == 0 ? json_null() : json_string(id);
    api_answer_json(request, 202, json_pack("{s:o}", "order", order));
}

/* ---- about one LSP ---- */

static struct asking_ask *asking_of(struct ask *ask)
{
    return CONTAINER_OF(ask, struct asking_ask, ask);
}

static void answer_asking(struct ask *ask)
{
    const struct lsp_asking *asking = &asking_of(ask)->asking;
    if (!asking->is_found)
        api_refuse(ask->request, 404, "lsp", "there is no such LSP");
    else if (asking->status != PCE_OK)
        api_refuse(ask->request, refusal_status(asking->status), NULL, asking->reason);
    else
        answer_taken(ask->request, ask->envelope.shard, asking->order_id);
}

static void destroy_asking(struct ask *ask)
{
    free(asking_of(ask));
}

static const struct ask_kind asking_kind = {.answer = answer_asking, .destroy = destroy_asking};

/* The last element of the path; LSP_ASK_COUNT: it is none of them. */
static enum lsp_ask ask_of(const char *text)
{
    for (unsigned i = 0; i < LSP_ASK_COUNT; i++) {
        if (strcmp(lsp_ask_texts[i], text) == 0)
            return (enum lsp_ask)i;
    }
    return LSP_ASK_COUNT;
}

static bool asking_refuse_body(struct http_request *request)
{
    if (request->body_size == 0)
        return false;
    api_refuse(request, 400, "body", "must not be there");
    return true;
}

void api_ask_lsp(struct api *api, struct http_request *request, const char *rest)
{
    static const char *const names[] = {NULL};
    const char *slash = strrchr(rest, '/');
    enum lsp_ask what = slash == NULL ? LSP_ASK_COUNT : ask_of(slash + 1);
    if (!api_check_arguments(request, names) || asking_refuse_body(request))
        return;
    if (what == LSP_ASK_COUNT) {
        api_refuse(
            request, 404, "path",
            "an LSP is asked for return, resync, control, delete, adopt, reoptimise or bind");
        return;
    }
    struct asking_ask *own = calloc(1, sizeof *own);
    char *text = strndup(rest, (size_t)(slash - rest));
    if (own == NULL || text == NULL) {
        api_refuse_memory(request);
        free(own);
    } else if (lsp_named_read(api, request, text, &own->asking.name, &own->ask.envelope.shard)) {
        own->asking.ask = what;
        own->ask.kind = &asking_kind;
        own->ask.envelope.what =
            envelope_order(what == LSP_ASK_DELETE ? ORDER_LSP_DELETE : ORDER_LSP_ASK);
        own->ask.envelope.argument = &own->asking;
        ask_start(&api->asks, &own->ask, request);
    } else {
        free(own);
    }
    free(text);
}

/* ---- about all of a PCC ---- */

struct resync_ask {
    struct ask ask;
    struct pcc_resync resync;
};

static struct resync_ask *resync_of(struct ask *ask)
{
    return CONTAINER_OF(ask, struct resync_ask, ask);
}

static void answer_resync(struct ask *ask)
{
    const struct pcc_resync *resync = &resync_of(ask)->resync;
    if (resync->status != PCE_OK)
        api_refuse(ask->request, refusal_status(resync->status), NULL, resync->reason);
    else
        answer_taken(ask->request, ask->envelope.shard, resync->order_id);
}

static void destroy_resync(struct ask *ask)
{
    free(resync_of(ask));
}

static const struct ask_kind resync_kind = {.answer = answer_resync, .destroy = destroy_resync};

void api_resync_pcc(struct api *api, struct http_request *request, const char *rest)
{
    static const char *const names[] = {NULL};
    char text[IP_TEXT_SIZE] = "";
    struct ip address;
    size_t size = strlen(rest) - strlen("/resync");
    if (!api_check_arguments(request, names) || asking_refuse_body(request))
        return;
    if (size < sizeof text)
        (void)snprintf(text, sizeof text, "%.*s", (int)size, rest);
    if (!ip_parse(text, &address)) {
        api_refuse(request, 400, "pcc", "must be the address of a PCC");
        return;
    }
    struct resync_ask *own = calloc(1, sizeof *own);
    if (own == NULL) {
        api_refuse_memory(request);
        return;
    }
    own->resync.address = address;
    own->ask.kind = &resync_kind;
    own->ask.envelope =
        (struct envelope){.what = envelope_order(ORDER_PCC_RESYNC),
                          .argument = &own->resync,
                          .shard = listener_shard_of(&address, api->shared->shard_count)};
    ask_start(&api->asks, &own->ask, request);
}
