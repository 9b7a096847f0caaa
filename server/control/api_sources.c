/* /api/v1/topology/sources: networks that are told through the API. */
#include "server/control/api.h"

#include "core/base/number.h"
#include "io/os/clock.h"
#include "server/control/api_answer.h"
#include "server/control/api_arguments.h"

#include <stdlib.h>
#include <string.h>

static const char *const sources_no_arguments[] = {NULL};

/* ---- answers ---- */

static json_t *sources_row(const struct topology_source_view *view)
{
    json_int_t age_s = (json_int_t)clock_wall_s() - (json_int_t)view->changed_s;
    return json_pack("{s:s,s:I,s:b,s:I,s:I,s:I,s:I,s:I,s:b,s:s?}", "name", view->spec.name, "rank",
                     (json_int_t)view->spec.rank, "completes", view->spec.completes, "nodes",
                     (json_int_t)view->node_count, "links", (json_int_t)view->link_count, "octets",
                     (json_int_t)view->octets, "changed_at", (json_int_t)view->changed_s, "age_s",
                     age_s < 0 ? 0 : age_s, "kept", view->is_kept, "why_not",
                     view->why[0] == '\0' ? NULL : view->why);
}

static void sources_answer_list(struct http_request *request, const struct topology_ask *ask)
{
    json_t *rows = json_array();
    bool is_whole = rows != NULL;
    for (uint32_t i = 0; is_whole && i < ask->count; i++)
        is_whole = json_array_append_new(rows, sources_row(&ask->sources[i])) == 0;
    if (is_whole) {
        api_answer_json(request, 200, json_pack("{s:o}", "sources", rows));
        return;
    }
    json_decref(rows);
    api_refuse_memory(request);
}

/* What did not come to be. */
static void sources_refuse(struct http_request *request, const struct topology_ask *ask)
{
    switch (ask->status) {
    case PCE_NOT_FOUND:
        api_refuse(request, 404, "name", "there is no such source of the API");
        break;
    case PCE_INVALID:
        api_refuse(request, 400, "body", ask->failure.text);
        break;
    case PCE_LIMIT:
        api_refuse(request, 507, NULL, ask->failure.text);
        break;
    default:
        api_refuse(request, 503, NULL,
                   ask->failure.text[0] == '\0' ? pce_status_text(ask->status) : ask->failure.text);
        break;
    }
}

static void sources_answer_one(struct http_request *request, const struct topology_ask *ask)
{
    json_t *row = ask->status == PCE_OK ? sources_row(&ask->sources[0]) : NULL;
    if (ask->status != PCE_OK) {
        sources_refuse(request, ask);
        return;
    }
    json_t *text = json_stringn(ask->order.text, ask->order.size);
    if (json_object_set_new(row, "network", text) == 0) {
        api_answer_json(request, 200, row);
        return;
    }
    json_decref(row);
    api_refuse_memory(request);
}

static void sources_answer_order(struct http_request *request, const struct topology_ask *ask)
{
    const char *outcome = ask->what == TOPOLOGY_ASK_SOURCE_DELETE ? "deleted"
                          : ask->is_new                           ? "created"
                          : ask->what == TOPOLOGY_ASK_SOURCE_SET  ? "replaced"
                                                                  : "changed";
    if (ask->status != PCE_OK) {
        sources_refuse(request, ask);
        return;
    }
    json_t *row = ask->count == 0 ? json_pack("{s:s}", "name", ask->order.spec.name)
                                  : sources_row(&ask->sources[0]);
    if (json_object_set_new(row, "outcome", json_string(outcome)) == 0) {
        api_answer_json(request, 200, row);
        return;
    }
    json_decref(row);
    api_refuse_memory(request);
}

/* ---- requests ---- */

/* False: it is none, which was answered. */
static bool sources_read_name(struct http_request *request, const char *rest,
                              struct topology_ask *what)
{
    if (!api_source_name_is_valid(rest)) {
        api_refuse(request, 400, "name", "must be 1 to 32 letters, digits, '.', '_' and '-'");
        return false;
    }
    memcpy(what->order.spec.name, rest, strlen(rest) + 1);
    return true;
}

static bool sources_read_spec(struct http_request *request, struct api_source_spec *spec)
{
    const char *rank = api_argument(request, "rank");
    uint64_t number = API_SOURCE_RANK_DEFAULT;
    uint8_t completes;
    if (rank != NULL && !number_parse(rank, API_SOURCE_RANK_MAX, &number)) {
        api_refuse(request, 400, "rank", "must be a number from 0 to 65535");
        return false;
    }
    if (!api_read_either(request, "completes", &completes)) {
        api_refuse(request, 400, "completes", "must be true or false");
        return false;
    }
    spec->rank = (uint32_t)number;
    spec->completes = completes == 1;
    return true;
}

/* With a copy of the body, for the topology thread. */
static void sources_order(struct api *api, struct http_request *request, struct topology_ask *what)
{
    json_t *text = json_stringn(request->body, request->body_size);
    if (text == NULL) { /* or memory is short, which the next attempt tells */
        api_refuse(request, 400, "body", "must be UTF-8");
        return;
    }
    json_decref(text);
    what->order.text = malloc(request->body_size + 1);
    if (what->order.text == NULL) {
        api_refuse_memory(request);
        return;
    }
    memcpy(what->order.text, request->body, request->body_size + 1);
    what->order.size = request->body_size;
    topology_asks_start(&api->topology_asks, request, what, sources_answer_order);
}

void api_list_sources(struct api *api, struct http_request *request, const char *rest)
{
    const struct topology_ask what = {.what = TOPOLOGY_ASK_SOURCES};
    (void)rest;
    if (api_check_arguments(request, sources_no_arguments))
        topology_asks_start(&api->topology_asks, request, &what, sources_answer_list);
}

void api_show_source(struct api *api, struct http_request *request, const char *rest)
{
    struct topology_ask what = {.what = TOPOLOGY_ASK_SOURCES};
    if (api_check_arguments(request, sources_no_arguments) &&
        sources_read_name(request, rest, &what))
        topology_asks_start(&api->topology_asks, request, &what, sources_answer_one);
}

void api_put_source(struct api *api, struct http_request *request, const char *rest)
{
    static const char *const names[] = {"rank", "completes", NULL};
    struct topology_ask what = {.what = TOPOLOGY_ASK_SOURCE_SET};
    if (api_check_arguments(request, names) && sources_read_name(request, rest, &what) &&
        sources_read_spec(request, &what.order.spec))
        sources_order(api, request, &what);
}

void api_change_source(struct api *api, struct http_request *request, const char *rest)
{
    struct topology_ask what = {.what = TOPOLOGY_ASK_SOURCE_CHANGE};
    if (api_check_arguments(request, sources_no_arguments) &&
        sources_read_name(request, rest, &what))
        sources_order(api, request, &what);
}

void api_delete_source(struct api *api, struct http_request *request, const char *rest)
{
    struct topology_ask what = {.what = TOPOLOGY_ASK_SOURCE_DELETE};
    if (api_check_arguments(request, sources_no_arguments) &&
        sources_read_name(request, rest, &what))
        topology_asks_start(&api->topology_asks, request, &what, sources_answer_order);
}
