/* /api/v1/intents/PCC/NAME: one intent: shown, put, deleted. */
#include "server/control/api.h"

#include "core/intent/intent_json.h"
#include "server/control/api_answer.h"
#include "server/control/api_arguments.h"
#include "server/control/intent_rows.h"
#include "server/intent/intent_part.h"
#include "server/settings/settings.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- names ---- */

/* "192.0.2.1/NAME"; false when it is none, which was answered. */
static bool intent_name_one(struct http_request *request, const char *text, struct ip *pcc,
                            char *name)
{
    char address[IP_TEXT_SIZE];
    const char *slash = strchr(text, '/');
    size_t size = slash == NULL ? 0 : (size_t)(slash - text);
    (void)snprintf(address, sizeof address, "%.*s", (int)(size < sizeof address ? size : 0), text);
    if (slash == NULL || !ip_parse(address, pcc)) {
        api_refuse(request, 400, "pcc", "must be the address of a PCC, before / and a name");
        return false;
    }
    if (!intent_name_is_valid(slash + 1, INTENT_NAME_MAX)) {
        api_refuse(request, 400, "name",
                   "must be 1 to 200 printable characters but space, / and \\");
        return false;
    }
    memcpy(name, slash + 1, strlen(slash + 1) + 1);
    return true;
}

/* ---- shown ---- */

struct intent_ask {
    struct ask ask;
    struct intent_detail detail;
};

static struct intent_ask *intent_ask_of(struct ask *ask)
{
    return CONTAINER_OF(ask, struct intent_ask, ask);
}

static void answer_intent(struct ask *ask)
{
    const struct intent_detail *detail = &intent_ask_of(ask)->detail;
    if (!detail->is_found)
        api_refuse(ask->request, 404, "name", "there is no such intent");
    else
        api_answer_json(ask->request, 200, intent_row_detail(detail));
}

static void destroy_intent(struct ask *ask)
{
    free(intent_ask_of(ask)->detail.text);
    free(intent_ask_of(ask));
}

static const struct ask_kind intent_kind = {.answer = answer_intent, .destroy = destroy_intent};

void api_show_intent(struct api *api, struct http_request *request, const char *rest)
{
    static const char *const names[] = {NULL};
    if (!api_check_arguments(request, names))
        return;
    struct intent_ask *own = calloc(1, sizeof *own);
    if (own == NULL) {
        api_refuse_memory(request);
        return;
    }
    if (!intent_name_one(request, rest, &own->detail.pcc, own->detail.name)) {
        free(own);
        return;
    }
    own->ask.kind = &intent_kind;
    own->ask.envelope =
        (struct envelope){.what = envelope_view(VIEW_INTENT),
                          .argument = &own->detail,
                          .shard = listener_shard_of(&own->detail.pcc, api->shared->shard_count)};
    ask_start(&api->asks, &own->ask, request);
}

/* ---- changed ---- */

struct change_ask {
    struct ask ask;
    struct intent_change change;
};

static struct change_ask *change_ask_of(struct ask *ask)
{
    return CONTAINER_OF(ask, struct change_ask, ask);
}

static void answer_refused_change(struct http_request *request, const struct intent_change *change)
{
    static const struct {
        unsigned status;
        const char *field;
    } rows[] = {
        [INTENT_ABSENT] = {404, "name"}, [INTENT_CLASH] = {409, "paths"},
        [INTENT_BUSY] = {503, NULL},     [INTENT_TOO_MANY] = {507, NULL},
        [INTENT_FULL] = {507, NULL},     [INTENT_NOT_KEPT] = {503, NULL},
    };
    api_refuse(request, rows[change->outcome].status, rows[change->outcome].field, change->reason);
}

static void answer_change(struct ask *ask)
{
    const struct intent_change *change = &change_ask_of(ask)->change;
    static const char *const words[] = {
        [INTENT_CREATED] = "created", [INTENT_REPLACED] = "replaced", [INTENT_DELETED] = "deleted"};
    char pcc[IP_TEXT_SIZE];
    if (change->outcome > INTENT_DELETED) {
        answer_refused_change(ask->request, change);
        return;
    }
    api_answer_json(ask->request, 200,
                    json_pack("{s:s,s:s,s:s}", "outcome", words[change->outcome], "pcc",
                              ip_format(&change->pcc, pcc), "name", change->name));
}

/* The intent is the shard's once it has seen the change. */
static void destroy_change(struct ask *ask)
{
    intent_destroy(change_ask_of(ask)->change.intent);
    free(change_ask_of(ask));
}

static const struct ask_kind change_kind = {.answer = answer_change, .destroy = destroy_change};

static struct intent_limits intent_limits_of(const struct api *api)
{
    struct intent_limits limits = {INTENT_PATHS_MAX, INTENT_HOPS_MAX};
    if (api->reader == NULL)
        return limits;
    snapshot_enter(api->reader);
    const struct settings *settings = snapshot_get(&api->shared->settings);
    if (settings != NULL) {
        limits.paths_max = settings->config.limits.intent_paths_max;
        limits.hops_max = settings->config.limits.intent_segments_max;
    }
    snapshot_leave(api->reader);
    return limits;
}

/* False: it is none, which was answered. */
static bool intent_read_body(const struct api *api, struct http_request *request,
                             struct intent_change *change)
{
    const struct intent_key key = {change->pcc, change->name};
    const struct intent_limits limits = intent_limits_of(api);
    struct intent_fault fault = {.field = ""};
    json_t *json = api_read_json(request);
    if (json == NULL)
        return false;
    enum pce_status status = intent_read(json, &key, &limits, &change->intent, &fault);
    json_decref(json);
    if (status == PCE_INVALID)
        api_refuse_body(request, fault.field, fault.reason);
    else if (status != PCE_OK)
        api_refuse_memory(request);
    return status == PCE_OK;
}

/* NULL: refused. */
static struct change_ask *intent_begin_change(const struct api *api, struct http_request *request,
                                              const char *rest)
{
    struct change_ask *own = calloc(1, sizeof *own);
    if (own == NULL) {
        api_refuse_memory(request);
        return NULL;
    }
    if (!intent_name_one(request, rest, &own->change.pcc, own->change.name)) {
        free(own);
        return NULL;
    }
    own->ask.kind = &change_kind;
    own->ask.envelope =
        (struct envelope){.what = envelope_order(ORDER_INTENT_CHANGE),
                          .argument = &own->change,
                          .shard = listener_shard_of(&own->change.pcc, api->shared->shard_count)};
    return own;
}

void api_put_intent(struct api *api, struct http_request *request, const char *rest)
{
    static const char *const names[] = {NULL};
    if (!api_check_arguments(request, names))
        return;
    struct change_ask *own = intent_begin_change(api, request, rest);
    if (own == NULL)
        return;
    if (intent_read_body(api, request, &own->change))
        ask_start(&api->asks, &own->ask, request);
    else
        free(own);
}

void api_delete_intent(struct api *api, struct http_request *request, const char *rest)
{
    static const char *const names[] = {"forget", NULL};
    if (!api_check_arguments(request, names))
        return;
    const char *forget = api_argument(request, "forget");
    bool is_forgotten = forget != NULL && strcmp(forget, "true") == 0;
    if (forget != NULL && !is_forgotten && strcmp(forget, "false") != 0) {
        api_refuse(request, 400, "forget", "must be true or false");
        return;
    }
    struct change_ask *own = intent_begin_change(api, request, rest);
    if (own == NULL)
        return;
    own->change.is_forgotten = is_forgotten;
    ask_start(&api->asks, &own->ask, request);
}
