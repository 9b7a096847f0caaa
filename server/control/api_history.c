/* /api/v1/history: sessions that have ended. */
#include "server/control/api.h"

#include "core/base/check.h"
#include "core/base/number.h"
#include "io/os/clock.h"
#include "server/control/api_answer.h"
#include "server/control/api_arguments.h"
#include "server/control/api_place.h"
#include "server/control/json_values.h"
#include "server/northbound/history_view.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CURSOR_PARTS 4 /* shard, and struct history_cursor */

struct history_ask {
    struct ask ask;
    struct history_list list;
    uint32_t limit; /* of records */
    uint32_t count; /* those that are there */
    struct history_record *records;
};

static struct history_ask *history_own_of(struct ask *ask)
{
    return CONTAINER_OF(ask, struct history_ask, ask);
}

/* "3.170.169.16", as `next` of the page before. */
static bool history_parse_cursor(const struct api *api, const char *text, struct history_ask *own)
{
    uint64_t parts[CURSOR_PARTS];
    char part[24];
    for (unsigned i = 0; i < CURSOR_PARTS; i++) {
        size_t size = strcspn(text, ".");
        bool is_last = i + 1 == CURSOR_PARTS;
        if (size >= sizeof part || (text[size] == '\0') != is_last)
            return false;
        (void)snprintf(part, sizeof part, "%.*s", (int)size, text);
        if (!number_parse(part, UINT64_MAX, &parts[i]))
            return false;
        text += size + 1;
    }
    if (parts[0] >= api->shared->shard_count || parts[3] > UINT32_MAX)
        return false;
    own->ask.envelope.shard = (uint32_t)parts[0];
    own->list.place = (struct history_cursor){
        .before = parts[1], .serial = parts[2], .index = (uint32_t)parts[3]};
    return true;
}

static json_t *history_next_json(const struct history_ask *own)
{
    char text[96];
    const struct history_cursor *place = &own->list.place;
    uint32_t shard = own->ask.envelope.shard;
    if (own->count < own->limit || shard == own->ask.shard_end)
        return json_null();
    (void)snprintf(text, sizeof text, "%u.%llu.%llu.%u", shard, (unsigned long long)place->before,
                   (unsigned long long)place->serial, place->index);
    return json_string(text);
}

static json_t *history_counters_json(const struct session_counters *counters)
{
    return json_pack(
        "{s:I,s:I,s:I,s:I}", "messages_received", (json_int_t)counters->messages_received,
        "messages_sent", (json_int_t)counters->messages_sent, "errors_received",
        (json_int_t)counters->errors_received, "errors_sent", (json_int_t)counters->errors_sent);
}

static json_t *record_json(const struct history_record *record, double now_s)
{
    char address[IP_TEXT_SIZE];
    double ago_s = json_seconds(mono_since_ns(clock_now(), record->ended));
    json_t *reason = record->close_reason == 0 ? json_null() : json_integer(record->close_reason);
    return json_pack("{s:s,s:i,s:f,s:f,s:s,s:s,s:s,s:f,s:I,s:o,s:o,s:o}", "address",
                     ip_format(&record->address, address), "port", (int)record->port, "ended",
                     now_s - ago_s, "ago_s", ago_s, "why", record->why, "by",
                     session_ender_text((enum session_ender)record->by), "state",
                     session_state_text((enum session_state)record->state), "state_s",
                     json_seconds(record->state_ns), "times", (json_int_t)record->times,
                     "close_reason", reason, "error",
                     json_error(record->error_type, record->error_value), "counters",
                     history_counters_json(&record->counters));
}

static void prepare_history(struct ask *ask)
{
    struct history_ask *own = history_own_of(ask);
    CHECK(own->count < own->limit);
    own->list.records = own->records + own->count;
    own->list.batch.room = own->limit - own->count;
}

static bool take_history(struct ask *ask)
{
    struct history_ask *own = history_own_of(ask);
    own->count += own->list.batch.count;
    CHECK(own->count <= own->limit);
    if (own->list.batch.is_over) {
        ask->envelope.shard++;
        own->list.place = (struct history_cursor){0};
    }
    return ask->envelope.shard == ask->shard_end || own->count == own->limit;
}

static void answer_history(struct ask *ask)
{
    const struct history_ask *own = history_own_of(ask);
    double now_s = clock_wall_s();
    json_t *rows = json_array();
    for (uint32_t i = 0; i < own->count && rows != NULL; i++) {
        if (json_array_append_new(rows, record_json(&own->records[i], now_s)) != 0) {
            json_decref(rows);
            rows = NULL;
        }
    }
    api_answer_json(ask->request, 200,
                    json_pack("{s:o,s:o}", "ended", rows, "next", history_next_json(own)));
}

static void destroy_history(struct ask *ask)
{
    struct history_ask *own = history_own_of(ask);
    free(own->records);
    free(own);
}

static const struct ask_kind history_kind = {.prepare = prepare_history,
                                             .take = take_history,
                                             .answer = answer_history,
                                             .destroy = destroy_history};

/* NULL: memory ran out. */
static struct history_ask *history_ask_create(const struct history_ask *asked)
{
    struct history_ask *own = malloc(sizeof *own);
    if (own == NULL)
        return NULL;
    *own = *asked;
    own->ask.envelope.argument = &own->list;
    own->records = malloc(own->limit * sizeof *own->records);
    if (own->records != NULL)
        return own;
    destroy_history(&own->ask);
    return NULL;
}

void api_list_history(struct api *api, struct http_request *request, const char *rest)
{
    static const char *const names[] = {"peer", "limit", "cursor", NULL};
    struct history_ask asked = {
        .ask = {.kind = &history_kind, .envelope = {.what = envelope_view(VIEW_HISTORY)}}};
    struct api_page page;
    (void)rest;
    if (!api_check_arguments(request, names))
        return;
    const char *cursor = api_argument(request, "cursor");
    const char *bad = api_read_page(request, &page);
    if (bad == NULL && cursor != NULL && !history_parse_cursor(api, cursor, &asked))
        bad = "cursor";
    if (bad != NULL) {
        api_refuse(request, 400, bad, api_explain_page(bad));
        return;
    }
    asked.list.range = page.range;
    asked.limit = page.limit;
    api_aim(api, &asked.ask, &asked.list.range, cursor != NULL);
    struct history_ask *own = history_ask_create(&asked);
    if (own == NULL)
        api_refuse_memory(request);
    else
        ask_start(&api->asks, &own->ask, request);
}
