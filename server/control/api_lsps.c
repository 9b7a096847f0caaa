/* /api/v1/lsps: the list. */
#include "server/control/api.h"

#include "core/base/check.h"
#include "server/control/api_answer.h"
#include "server/control/api_arguments.h"
#include "server/control/api_place.h"
#include "server/control/lsp_json.h"

#include <stdlib.h>
#include <string.h>

struct lsps_ask {
    struct ask ask;
    struct lsp_list list;
    uint32_t limit; /* of views */
    uint32_t count; /* those that are there */
    struct lsp_view *views;
};

/* ---- arguments ---- */

static bool lsps_read_name(const char *text, struct lsp_filter *filter)
{
    return text == NULL || lsp_name_parse(text, filter->name, &filter->name_size);
}

/* The name of the argument that is wrong, or NULL. */
static const char *lsps_read_filter(const struct http_request *request, struct lsp_filter *filter)
{
    const char *state = api_argument(request, "state");
    const char *setup = api_argument(request, "setup_type");
    if (!api_read_range(request, "pcc", &filter->pcc))
        return "pcc";
    if (!api_read_range(request, "source", &filter->source))
        return "source";
    if (!api_read_range(request, "destination", &filter->destination))
        return "destination";
    if (!lsps_read_name(api_argument(request, "name"), filter))
        return "name";
    if (state != NULL && !lsp_state_parse(state, &filter->operational))
        return "state";
    if (setup != NULL && !lsp_setup_parse(setup, &filter->setup_type))
        return "setup_type";
    if (!api_read_either(request, "delegated", &filter->delegated))
        return "delegated";
    return api_read_either(request, "stale", &filter->stale) ? NULL : "stale";
}

static const char *lsps_read_arguments(const struct api *api, const struct http_request *request,
                                       struct lsps_ask *own)
{
    const char *cursor = api_argument(request, "cursor");
    struct api_page page;
    struct lsp_filter *filter = &own->list.filter;
    *filter = (struct lsp_filter){.operational = UINT8_MAX,
                                  .setup_type = UINT8_MAX,
                                  .delegated = UINT8_MAX,
                                  .stale = UINT8_MAX};
    const char *bad = lsps_read_filter(request, filter);
    if (bad == NULL)
        bad = api_read_page(request, &page);
    if (bad == NULL)
        own->limit = page.limit;
    if (bad == NULL && cursor != NULL &&
        !api_place_parse(cursor, api->shared->shard_count, &own->ask.envelope.shard,
                         &own->list.slot))
        bad = "cursor";
    return bad;
}

static const char *lsps_explain(const char *field)
{
    static const struct {
        const char *field;
        const char *text;
    } rows[] = {
        {"pcc", "must be an address or a prefix, such as 192.0.2.0/24"},
        {"source", "must be an address or a prefix, such as 192.0.2.0/24"},
        {"destination", "must be an address or a prefix, such as 192.0.2.0/24"},
        {"name", "must be a symbolic path name, what is not printable in it as \\xNN"},
        {"state", "must be one of down, up, active, going down, going up"},
        {"setup_type", "must be a path setup type, such as RSVP-TE, SR-MPLS or SRv6"},
        {"delegated", "must be true or false"},
        {"stale", "must be true or false"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (strcmp(rows[i].field, field) == 0)
            return rows[i].text;
    }
    return api_explain_page(field);
}

/* ---- the ask ---- */

static struct lsps_ask *lsps_own_of(struct ask *ask)
{
    return CONTAINER_OF(ask, struct lsps_ask, ask);
}

static void prepare_lsps(struct ask *ask)
{
    struct lsps_ask *own = lsps_own_of(ask);
    own->list.views = own->views + own->count;
    own->list.batch.room = own->limit - own->count;
}

static bool take_lsps(struct ask *ask)
{
    struct lsps_ask *own = lsps_own_of(ask);
    own->count += own->list.batch.count;
    CHECK(own->count <= own->limit);
    if (own->list.batch.is_over) {
        ask->envelope.shard++;
        own->list.slot = 0;
    }
    return ask->envelope.shard == ask->shard_end || own->count == own->limit;
}

static void answer_lsps(struct ask *ask)
{
    const struct lsps_ask *own = lsps_own_of(ask);
    json_t *rows = json_array();
    for (uint32_t i = 0; i < own->count && rows != NULL; i++) {
        if (json_array_append_new(rows, lsp_json_row(&own->views[i])) != 0) {
            json_decref(rows);
            rows = NULL;
        }
    }
    api_answer_json(
        ask->request, 200,
        json_pack("{s:o,s:o}", "lsps", rows, "next", api_place_json(ask, own->list.slot)));
}

static void destroy_lsps(struct ask *ask)
{
    struct lsps_ask *own = lsps_own_of(ask);
    free(own->views);
    free(own);
}

static const struct ask_kind lsps_kind = {
    .prepare = prepare_lsps, .take = take_lsps, .answer = answer_lsps, .destroy = destroy_lsps};

void api_list_lsps(struct api *api, struct http_request *request, const char *rest)
{
    static const char *const names[] = {"pcc",         "name",       "state",     "source",
                                        "destination", "setup_type", "delegated", "stale",
                                        "limit",       "cursor",     NULL};
    (void)rest;
    if (!api_check_arguments(request, names))
        return;
    struct lsps_ask *own = calloc(1, sizeof *own);
    if (own == NULL) {
        api_refuse_memory(request);
        return;
    }
    own->ask.kind = &lsps_kind;
    own->ask.envelope.what = envelope_view(VIEW_LSP_LIST);
    own->ask.envelope.argument = &own->list;
    const char *bad = lsps_read_arguments(api, request, own);
    if (bad == NULL) {
        api_aim(api, &own->ask, &own->list.filter.pcc, api_argument(request, "cursor") != NULL);
        own->views = malloc(own->limit * sizeof *own->views);
    }
    if (bad != NULL)
        api_refuse(request, 400, bad, lsps_explain(bad));
    else if (own->views == NULL)
        api_refuse_memory(request);
    if (bad != NULL || own->views == NULL)
        free(own);
    else
        ask_start(&api->asks, &own->ask, request);
}
