/* /api/v1/pccs: whose LSPs are known. */
#include "server/control/api.h"

#include "core/base/number.h"
#include "server/control/api_answer.h"
#include "server/control/api_arguments.h"
#include "server/control/lsp_json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct pccs_ask {
    struct ask ask;
    struct pcc_list list;
    uint32_t limit; /* of views */
    uint32_t count; /* those that are there */
    struct pcc_view *views;
};

static struct pccs_ask *pccs_own_of(struct ask *ask)
{
    return CONTAINER_OF(ask, struct pccs_ask, ask);
}

/* "3" or "3.192.0.2.1": the shard, and the PCC behind which to go on. */
static bool pccs_parse_cursor(const char *text, uint32_t shard_end, struct pccs_ask *own)
{
    uint64_t shard;
    if (!number_take(&text, shard_end - 1, &shard))
        return false;
    own->ask.envelope.shard = (uint32_t)shard;
    return *text == '\0' || (*text == '.' && ip_parse(text + 1, &own->list.after));
}

static void prepare_pccs(struct ask *ask)
{
    struct pccs_ask *own = pccs_own_of(ask);
    own->list.views = own->views + own->count;
    own->list.batch.room = own->limit - own->count;
}

static bool take_pccs(struct ask *ask)
{
    struct pccs_ask *own = pccs_own_of(ask);
    own->count += own->list.batch.count;
    if (own->list.is_lost)
        return true;
    if (own->list.batch.is_over) {
        ask->envelope.shard++;
        own->list.after = (struct ip){.family = IP_NONE};
    }
    return ask->envelope.shard == ask->shard_end || own->count == own->limit;
}

static json_t *pccs_next_of(const struct pccs_ask *own)
{
    char text[IP_TEXT_SIZE + 16];
    char address[IP_TEXT_SIZE];
    uint32_t shard = own->ask.envelope.shard;
    if (shard == own->ask.shard_end)
        return json_null();
    if (own->list.after.family == IP_NONE)
        (void)snprintf(text, sizeof text, "%u", shard);
    else
        (void)snprintf(text, sizeof text, "%u.%s", shard, ip_format(&own->list.after, address));
    return json_string(text);
}

static void answer_pccs(struct ask *ask)
{
    const struct pccs_ask *own = pccs_own_of(ask);
    if (own->list.is_lost) {
        api_refuse(ask->request, 410, "cursor",
                   "the PCC where this page ends is gone; begin anew without a cursor");
        return;
    }
    json_t *rows = json_array();
    for (uint32_t i = 0; i < own->count && rows != NULL; i++) {
        if (json_array_append_new(rows, pcc_json_row(&own->views[i])) != 0) {
            json_decref(rows);
            rows = NULL;
        }
    }
    api_answer_json(ask->request, 200,
                    json_pack("{s:o,s:o}", "pccs", rows, "next", pccs_next_of(own)));
}

static void destroy_pccs(struct ask *ask)
{
    struct pccs_ask *own = pccs_own_of(ask);
    free(own->views);
    free(own);
}

static const struct ask_kind pccs_kind = {
    .prepare = prepare_pccs, .take = take_pccs, .answer = answer_pccs, .destroy = destroy_pccs};

static const char *pccs_read_arguments(const struct api *api, const struct http_request *request,
                                       struct pccs_ask *own)
{
    const char *cursor = api_argument(request, "cursor");
    struct api_page page;
    const char *bad = api_read_page(request, &page);
    if (bad != NULL)
        return bad;
    own->limit = page.limit;
    own->list.range = page.range;
    own->ask.shard_end = api->shared->shard_count;
    return cursor == NULL || pccs_parse_cursor(cursor, own->ask.shard_end, own) ? NULL : "cursor";
}

void api_list_pccs(struct api *api, struct http_request *request, const char *rest)
{
    static const char *const names[] = {"peer", "limit", "cursor", NULL};
    (void)rest;
    if (!api_check_arguments(request, names))
        return;
    struct pccs_ask *own = calloc(1, sizeof *own);
    if (own == NULL) {
        api_refuse_memory(request);
        return;
    }
    own->ask.kind = &pccs_kind;
    own->ask.envelope.what = envelope_view(VIEW_PCC_LIST);
    own->ask.envelope.argument = &own->list;
    const char *bad = pccs_read_arguments(api, request, own);
    if (bad == NULL)
        own->views = malloc(own->limit * sizeof *own->views);
    if (bad != NULL)
        api_refuse(request, 400, bad, api_explain_page(bad));
    else if (own->views == NULL)
        api_refuse_memory(request);
    if (bad != NULL || own->views == NULL)
        free(own);
    else
        ask_start(&api->asks, &own->ask, request);
}
