/* /api/v1/sessions: list, detail, close. */
#include "server/control/api_ask.h"

#include "core/base/number.h"
#include "server/control/api_answer.h"
#include "server/control/api_arguments.h"
#include "server/control/session_json.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#define CLOSE_REASON_DEFAULT 1 /* RFC 5440 7.17: no explanation provided */

#define ARGUMENT_PENDING  "pending_octets_min"
#define ARGUMENT_PROGRESS "progress_age_s_min"

/* ---- list ---- */

/* "3.170": shard and index, as `next` of the page before. */
static bool parse_cursor(const struct api *api, const char *text, struct view_question *question)
{
    uint64_t shard;
    uint64_t index;
    char first[8];
    const char *dot = strchr(text, '.');
    if (dot == NULL || (size_t)(dot - text) >= sizeof first)
        return false;
    (void)snprintf(first, sizeof first, "%.*s", (int)(dot - text), text);
    if (!number_parse(first, api->shared->shard_count - 1, &shard) ||
        !number_parse(dot + 1, UINT32_MAX, &index))
        return false;
    question->shard = (uint32_t)shard;
    question->index = (uint32_t)index;
    return true;
}

static bool parse_state(const char *text, uint8_t *state)
{
    for (*state = 0; *state < SESSION_STATE_COUNT; (*state)++) {
        if (strcasecmp(session_state_text(*state), text) == 0)
            return true;
    }
    return false;
}

/* What rows must have at least; the name of the argument that is wrong, or NULL. */
static const char *read_minima(const struct http_request *request, struct view_question *question)
{
    const char *octets = api_argument(request, ARGUMENT_PENDING);
    const char *age = api_argument(request, ARGUMENT_PROGRESS);
    uint64_t age_s = 0;
    if (octets != NULL && !number_parse(octets, UINT64_MAX, &question->pending_octets_min))
        return ARGUMENT_PENDING;
    if (age != NULL && !number_parse(age, UINT32_MAX, &age_s))
        return ARGUMENT_PROGRESS;
    question->has_progress_age_min = age != NULL;
    question->progress_age_min_ns = age_s * MONO_NS_PER_S;
    return NULL;
}

/* A sorted list is one page: what comes next would be other sessions a moment later. */
static const char *read_order(const struct http_request *request, struct view_question *question)
{
    const char *sort = api_argument(request, "sort");
    if (sort == NULL)
        return NULL;
    if (!session_sort_parse(sort, &question->order))
        return "sort";
    return api_argument(request, "cursor") != NULL ? "cursor" : NULL;
}

/* The first argument that is wrong, or NULL. */
static const char *find_bad(const struct api *api, const struct http_request *request,
                            struct view_question *question, struct api_page *page)
{
    const char *state = api_argument(request, "state");
    const char *cursor = api_argument(request, "cursor");
    question->state = SESSION_STATE_COUNT;
    if (state != NULL && !parse_state(state, &question->state))
        return "state";
    const char *bad = api_read_page(request, page);
    question->address = page->peer.ip;
    question->bits = page->peer.bits;
    if (bad == NULL)
        bad = read_minima(request, question);
    if (bad == NULL)
        bad = read_order(request, question);
    if (bad != NULL)
        return bad;
    if (cursor != NULL && !parse_cursor(api, cursor, question))
        return "cursor";
    return NULL;
}

static const char *explain(const char *field)
{
    if (strcmp(field, "state") == 0)
        return "must be one of TCPPending, OpenWait, KeepWait, UP";
    if (strcmp(field, "sort") == 0)
        return session_sort_explain();
    if (strcmp(field, ARGUMENT_PENDING) == 0)
        return "must be a number of octets";
    if (strcmp(field, ARGUMENT_PROGRESS) == 0)
        return "must be a number of seconds";
    return api_explain_page(field);
}

static json_t *next_of(const struct ask *ask)
{
    char text[32];
    if (ask->count < ask->limit || ask->question.shard == ask->shard_end) /* always when sorted */
        return json_null();
    (void)snprintf(text, sizeof text, "%u.%u", ask->question.shard, ask->question.index);
    return json_string(text);
}

static void answer_list(struct ask *ask)
{
    json_t *rows = json_array();
    for (uint32_t i = 0; i < ask->count && rows != NULL; i++) {
        if (json_array_append_new(rows, session_json_row(ask_view(ask, i))) != 0) {
            json_decref(rows);
            rows = NULL;
        }
    }
    /* Only a sorted list looks at all. */
    bool is_sorted = ask->question.order.key != SESSION_KEY_NONE;
    json_t *total = is_sorted ? json_integer((json_int_t)ask->match_count) : json_null();
    api_answer_json(
        ask->request, 200,
        json_pack("{s:o,s:o,s:o}", "sessions", rows, "next", next_of(ask), "total", total));
}

void api_list_sessions(struct api *api, struct http_request *request, const char *rest)
{
    static const char *const names[] = {"state", "peer",           "limit",           "cursor",
                                        "sort",  ARGUMENT_PENDING, ARGUMENT_PROGRESS, NULL};
    struct view_question question = {.kind = VIEW_LIST};
    struct api_page page;
    (void)rest;
    if (!api_check_arguments(request, names))
        return;
    const char *bad = find_bad(api, request, &question, &page);
    if (bad != NULL) {
        api_refuse(request, 400, bad, explain(bad));
        return;
    }
    bool is_sorted = question.order.key != SESSION_KEY_NONE;
    struct ask *ask =
        (is_sorted ? ask_create_sorted : ask_create)(request, page.limit, answer_list);
    if (ask == NULL)
        return;
    ask->question = question;
    ask->is_list = true;
    ask_start(api, ask);
}

/* ---- one ---- */

static void answer_one(struct ask *ask)
{
    if (ask->count == 0)
        api_refuse(ask->request, 404, "session", "there is no such session");
    else
        api_answer_json(ask->request, 200, session_json_detail(&ask->views[0]));
}

static void answer_close(struct ask *ask)
{
    char id[SESSION_ID_SIZE];
    if (ask->count == 0) {
        api_refuse(ask->request, 404, "session", "there is no such session");
        return;
    }
    session_id_format(&ask->views[0].id, id);
    api_answer_json(
        ask->request, 200,
        json_pack("{s:s,s:i}", "closed", id, "reason", (int)ask->question.close_reason));
}

/* The id or address in the path; false when it is none, which was answered. */
static bool name_one(const struct api *api, struct http_request *request, const char *name,
                     struct view_question *question)
{
    unsigned shard_count = api->shared->shard_count;
    if (ip_parse(name, &question->address)) {
        question->kind = VIEW_BY_ADDRESS;
        question->shard = listener_shard_of(&question->address, shard_count);
        return true;
    }
    question->kind = VIEW_BY_ID;
    if (!session_id_parse(name, &question->id)) {
        api_refuse(request, 400, "session", "must be the id of a session or a peer's address");
        return false;
    }
    if (question->id.shard >= shard_count) {
        api_refuse(request, 404, "session", "there is no such session");
        return false;
    }
    question->shard = question->id.shard;
    return true;
}

static void ask_one(struct api *api, struct http_request *request,
                    const struct view_question *question, ask_done_fn *done)
{
    struct ask *ask = ask_create(request, 1, done);
    if (ask == NULL)
        return;
    ask->question = *question;
    ask_start(api, ask);
}

void api_show_session(struct api *api, struct http_request *request, const char *rest)
{
    static const char *const names[] = {NULL};
    struct view_question question = {.state = SESSION_STATE_COUNT};
    if (api_check_arguments(request, names) && name_one(api, request, rest, &question))
        ask_one(api, request, &question, answer_one);
}

/* ---- close ---- */

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
    *reason = CLOSE_REASON_DEFAULT;
    if (text != NULL && (!number_parse(text, UINT8_MAX, reason) || *reason == 0)) {
        api_refuse(request, 400, "reason", "must be a number from 1 to 255");
        return false;
    }
    return read_reason_of_body(request, reason);
}

void api_close_session(struct api *api, struct http_request *request, const char *rest)
{
    static const char *const names[] = {"reason", NULL};
    struct view_question question = {.state = SESSION_STATE_COUNT, .closes = true};
    char name[64];
    uint64_t reason;
    size_t size = strlen(rest) - (request->method == HTTP_POST ? strlen("/close") : 0);
    if (!api_check_arguments(request, names) || !read_reason(request, &reason))
        return;
    (void)snprintf(name, sizeof name, "%.*s", (int)(size < sizeof name ? size : 0), rest);
    question.close_reason = (uint8_t)reason;
    if (name_one(api, request, name, &question))
        ask_one(api, request, &question, answer_close);
}
