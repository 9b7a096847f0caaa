/* /api/v1/sessions/…: one session: detail, close. */
#include "server/control/api.h"

#include "core/base/number.h"
#include "core/pcep/model.h"
#include "server/control/api_answer.h"
#include "server/control/api_arguments.h"
#include "server/control/session_json.h"
#include "server/northbound/session_close.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The id or address in the path, and whose shard that is; false when it is none, which was
 * answered. */
static bool name_one(const struct api *api, struct http_request *request, const char *text,
                     struct session_name *name, uint32_t *shard)
{
    unsigned shard_count = api->shared->shard_count;
    *name = (struct session_name){.address = {.family = IP_NONE}};
    if (ip_parse(text, &name->address)) {
        *shard = listener_shard_of(&name->address, shard_count);
        return true;
    }
    name->address.family = IP_NONE;
    if (!session_id_parse(text, &name->id)) {
        api_refuse(request, 400, "session", "must be the id of a session or a peer's address");
        return false;
    }
    if (name->id.shard >= shard_count) {
        api_refuse(request, 404, "session", "there is no such session");
        return false;
    }
    *shard = name->id.shard;
    return true;
}

/* ---- detail ---- */

struct show_ask {
    struct ask ask;
    struct session_lookup lookup;
};

static struct show_ask *show_of(struct ask *ask)
{
    return CONTAINER_OF(ask, struct show_ask, ask);
}

static void answer_show(struct ask *ask)
{
    const struct session_lookup *lookup = &show_of(ask)->lookup;
    if (!lookup->is_found)
        api_refuse(ask->request, 404, "session", "there is no such session");
    else
        api_answer_json(ask->request, 200, session_json_detail(&lookup->view));
}

static void destroy_show(struct ask *ask)
{
    free(show_of(ask));
}

static const struct ask_kind show_kind = {.answer = answer_show, .destroy = destroy_show};

void api_show_session(struct api *api, struct http_request *request, const char *rest)
{
    static const char *const names[] = {NULL};
    struct session_name name;
    uint32_t shard;
    if (!api_check_arguments(request, names) || !name_one(api, request, rest, &name, &shard))
        return;
    struct show_ask *show = calloc(1, sizeof *show);
    if (show == NULL) {
        api_refuse_memory(request);
        return;
    }
    show->lookup.name = name;
    show->ask.kind = &show_kind;
    show->ask.envelope = (struct envelope){
        .what = envelope_view(VIEW_SESSION), .argument = &show->lookup, .shard = shard};
    ask_start(&api->asks, &show->ask, request);
}

/* ---- close ---- */

struct close_ask {
    struct ask ask;
    struct session_closing closing;
};

static struct close_ask *close_of(struct ask *ask)
{
    return CONTAINER_OF(ask, struct close_ask, ask);
}

static void answer_close(struct ask *ask)
{
    const struct session_closing *closing = &close_of(ask)->closing;
    char id[SESSION_ID_SIZE];
    if (!closing->is_closed) {
        api_refuse(ask->request, 404, "session", "there is no such session");
        return;
    }
    session_id_format(&closing->id, id);
    api_answer_json(ask->request, 200,
                    json_pack("{s:s,s:i}", "closed", id, "reason", (int)closing->reason));
}

static void destroy_close(struct ask *ask)
{
    free(close_of(ask));
}

static const struct ask_kind close_kind = {.answer = answer_close, .destroy = destroy_close};

/* {"reason": 1}, or nothing at all. False when it is wrong, which was answered. */
static bool read_reason_of_body(struct http_request *request, uint64_t *reason)
{
    if (request->body_size == 0)
        return true;
    json_t *json = json_loadb(request->body, request->body_size, JSON_REJECT_DUPLICATES, NULL);
    const char *key;
    json_t *value;
    const char *field = json_is_object(json) ? NULL : "body";
    if (field == NULL) {
        json_object_foreach(json, key, value)
        {
            bool is_good = strcmp(key, "reason") == 0 && json_is_integer(value) &&
                           json_integer_value(value) >= 1 && json_integer_value(value) <= 255;
            if (is_good)
                *reason = (uint64_t)json_integer_value(value);
            else
                field = key;
        }
    }
    if (field != NULL)
        api_refuse(request, 400, field, "must be {\"reason\": 1 to 255}, or no body");
    json_decref(json);
    return field == NULL;
}

static bool read_reason(struct http_request *request, uint64_t *reason)
{
    const char *text = api_argument(request, "reason");
    *reason = PCEP_CLOSE_NO_EXPLANATION;
    if (text != NULL && (!number_parse(text, UINT8_MAX, reason) || *reason == 0)) {
        api_refuse(request, 400, "reason", "must be a number from 1 to 255");
        return false;
    }
    return read_reason_of_body(request, reason);
}

void api_close_session(struct api *api, struct http_request *request, const char *rest)
{
    static const char *const names[] = {"reason", NULL};
    struct session_closing closing = {.is_closed = false};
    char text[64];
    uint64_t reason;
    uint32_t shard;
    size_t size = strlen(rest) - (request->method == HTTP_POST ? strlen("/close") : 0);
    if (!api_check_arguments(request, names) || !read_reason(request, &reason))
        return;
    (void)snprintf(text, sizeof text, "%.*s", (int)(size < sizeof text ? size : 0), rest);
    closing.reason = (uint8_t)reason;
    if (!name_one(api, request, text, &closing.name, &shard))
        return;
    struct close_ask *close = calloc(1, sizeof *close);
    if (close == NULL) {
        api_refuse_memory(request);
        return;
    }
    close->closing = closing;
    close->ask.kind = &close_kind;
    close->ask.envelope = (struct envelope){
        .what = envelope_order(ORDER_SESSION_CLOSE), .argument = &close->closing, .shard = shard};
    ask_start(&api->asks, &close->ask, request);
}
