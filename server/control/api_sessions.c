/* /api/v1/sessions: the list. */
#include "server/control/api.h"

#include "core/base/check.h"
#include "core/base/number.h"
#include "server/control/api_answer.h"
#include "server/control/api_arguments.h"
#include "server/control/api_place.h"
#include "server/control/session_json.h"
#include "server/control/top.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define ARGUMENT_PENDING  "pending_octets_min"
#define ARGUMENT_PROGRESS "progress_age_s_min"

/* A sorted list goes over all sessions and keeps `limit` of them, and one batch. */
struct list_ask {
    struct ask ask;
    struct session_list list;
    uint32_t limit;             /* of views */
    uint32_t count;             /* those that are there */
    uint64_t match_count;       /* sessions that match, as far as was asked */
    struct session_view *views; /* room for `limit` */
    struct session_view *batch; /* of a sorted list: what a shard fills; else NULL */
    struct top top;             /* … and which of all go to which of `views` */
};

/* ---- arguments ---- */

static bool sessions_parse_state(const char *text, uint8_t *state)
{
    for (*state = 0; *state < SESSION_STATE_COUNT; (*state)++) {
        if (strcasecmp(session_state_text(*state), text) == 0)
            return true;
    }
    return false;
}

/* What rows must have at least; the name of the argument that is wrong, or NULL. */
static const char *read_minima(const struct http_request *request, struct session_filter *filter)
{
    const char *octets = api_argument(request, ARGUMENT_PENDING);
    const char *age = api_argument(request, ARGUMENT_PROGRESS);
    uint64_t age_s = 0;
    if (octets != NULL && !number_parse(octets, UINT64_MAX, &filter->pending_octets_min))
        return ARGUMENT_PENDING;
    if (age != NULL && !number_parse(age, UINT32_MAX, &age_s))
        return ARGUMENT_PROGRESS;
    filter->has_progress_age_min = age != NULL;
    filter->progress_age_min_ns = age_s * MONO_NS_PER_S;
    return NULL;
}

/* A sorted list is one page: what comes next would be other sessions a moment later. */
static const char *read_sort(const struct http_request *request, struct session_sort *sort)
{
    const char *text = api_argument(request, "sort");
    if (text == NULL)
        return NULL;
    if (!session_sort_parse(text, sort))
        return "sort";
    return api_argument(request, "cursor") != NULL ? "cursor" : NULL;
}

/* The first argument that is wrong, or NULL. */
static const char *read_arguments(const struct http_request *request, struct list_ask *own)
{
    const char *state = api_argument(request, "state");
    const char *cursor = api_argument(request, "cursor");
    struct session_filter *filter = &own->list.filter;
    struct api_page page;
    filter->state = SESSION_STATE_COUNT;
    if (state != NULL && !sessions_parse_state(state, &filter->state))
        return "state";
    const char *bad = api_read_page(request, &page);
    filter->range = page.range;
    own->limit = page.limit;
    if (bad == NULL)
        bad = read_minima(request, filter);
    if (bad == NULL)
        bad = read_sort(request, &own->list.sort);
    if (bad != NULL)
        return bad;
    return cursor != NULL && !api_place_parse(cursor, own->ask.shard_end, &own->ask.envelope.shard,
                                              &own->list.index)
               ? "cursor"
               : NULL;
}

static const char *sessions_explain(const char *field)
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

/* ---- the ask ---- */

static struct list_ask *sessions_own_of(struct ask *ask)
{
    return CONTAINER_OF(ask, struct list_ask, ask);
}

static bool is_sorted(const struct list_ask *own)
{
    return own->list.sort.key != SESSION_KEY_NONE;
}

static void prepare_list(struct ask *ask)
{
    struct list_ask *own = sessions_own_of(ask);
    struct session_list *list = &own->list;
    list->views = is_sorted(own) ? own->batch : own->views + own->count;
    list->batch.room = is_sorted(own) ? VIEW_BATCH : own->limit - own->count;
    if (is_sorted(own))
        list->rank_end = top_end(&own->top);
}

static void keep_first(struct list_ask *own)
{
    CHECK(own->list.batch.count <= VIEW_BATCH);
    for (uint32_t i = 0; i < own->list.batch.count; i++) {
        const struct session_view *view = &own->batch[i];
        uint64_t place = (uint64_t)view->id.shard << 32 | view->id.index;
        uint32_t slot;
        if (top_offer(&own->top, view->rank, place, &slot))
            own->views[slot] = *view;
    }
    own->count = own->top.count;
    CHECK(own->count <= own->limit);
}

static bool sessions_take_list(struct ask *ask)
{
    struct list_ask *own = sessions_own_of(ask);
    own->match_count += own->list.match_count;
    if (is_sorted(own))
        keep_first(own);
    else
        own->count += own->list.batch.count;
    if (own->list.batch.is_over) {
        ask->envelope.shard++;
        own->list.index = 0;
    }
    return ask->envelope.shard == ask->shard_end || (!is_sorted(own) && own->count == own->limit);
}

static json_t *sessions_next_json(const struct list_ask *own)
{
    if (own->count < own->limit) /* always when sorted */
        return json_null();
    return api_place_json(&own->ask, own->list.index);
}

static json_t *rows_of(const struct list_ask *own)
{
    json_t *rows = json_array();
    for (uint32_t i = 0; i < own->count && rows != NULL; i++) {
        uint32_t slot = is_sorted(own) ? own->top.entries[i].slot : i;
        if (json_array_append_new(rows, session_json_row(&own->views[slot])) != 0) {
            json_decref(rows);
            rows = NULL;
        }
    }
    return rows;
}

static void answer_list(struct ask *ask)
{
    struct list_ask *own = sessions_own_of(ask);
    if (is_sorted(own))
        top_sort(&own->top);
    /* Only a sorted list looks at all. */
    json_t *total = is_sorted(own) ? json_integer((json_int_t)own->match_count) : json_null();
    api_answer_json(ask->request, 200,
                    json_pack("{s:o,s:o,s:o}", "sessions", rows_of(own), "next",
                              sessions_next_json(own), "total", total));
}

static void destroy_list(struct ask *ask)
{
    struct list_ask *own = sessions_own_of(ask);
    free(own->views);
    free(own->batch);
    free(own->top.entries);
    free(own);
}

static const struct ask_kind list_kind = {.prepare = prepare_list,
                                          .take = sessions_take_list,
                                          .answer = answer_list,
                                          .destroy = destroy_list};

/* NULL: memory ran out. */
static struct list_ask *list_ask_create(const struct list_ask *asked)
{
    struct list_ask *own = malloc(sizeof *own);
    if (own == NULL)
        return NULL;
    *own = *asked;
    own->ask.envelope.argument = &own->list;
    own->views = malloc(own->limit * sizeof *own->views);
    bool is_whole = own->views != NULL;
    if (is_sorted(own)) {
        struct top_entry *entries = malloc(own->limit * sizeof *entries);
        top_init(&own->top, entries, own->limit);
        own->batch = malloc(VIEW_BATCH * sizeof *own->batch);
        is_whole = is_whole && entries != NULL && own->batch != NULL;
    }
    if (is_whole)
        return own;
    destroy_list(&own->ask);
    return NULL;
}

void api_list_sessions(struct api *api, struct http_request *request, const char *rest)
{
    static const char *const names[] = {"state", "peer",           "limit",           "cursor",
                                        "sort",  ARGUMENT_PENDING, ARGUMENT_PROGRESS, NULL};
    struct list_ask asked = {
        .ask = {.kind = &list_kind,
                .envelope = {.what = envelope_view(VIEW_SESSION_LIST)},
                .shard_end = api->shared->shard_count},
    };
    (void)rest;
    if (!api_check_arguments(request, names))
        return;
    const char *bad = read_arguments(request, &asked);
    if (bad != NULL) {
        api_refuse(request, 400, bad, sessions_explain(bad));
        return;
    }
    struct list_ask *own = list_ask_create(&asked);
    if (own == NULL)
        api_refuse_memory(request);
    else
        ask_start(&api->asks, &own->ask, request);
}
