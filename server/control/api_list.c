#include "server/control/api_list.h"

#include "core/base/check.h"
#include "core/base/number.h"
#include "server/control/api_answer.h"
#include "server/control/api_arguments.h"
#include "server/control/api_place.h"

#include <stdalign.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#define LIST_PLACE_SIZE 64

struct list_ask {
    struct ask ask;
    const struct api_list_kind *kind;
    uint32_t limit; /* of views */
    uint32_t count; /* those that are there */
    unsigned char *views;
    alignas(max_align_t) unsigned char argument[];
};

static struct list_ask *list_ask_of(struct ask *ask)
{
    return CONTAINER_OF(ask, struct list_ask, ask);
}

static struct view_page *list_page_of(struct list_ask *own)
{
    return (void *)own->argument;
}

/* ---- the walk ---- */

static void list_restart(struct list_ask *own)
{
    list_page_of(own)->place = own->kind->place_first;
    if (own->kind->place != NULL)
        own->kind->place->restart(own->argument);
}

static void list_prepare(struct ask *ask)
{
    struct list_ask *own = list_ask_of(ask);
    struct view_page *page = list_page_of(own);
    page->views = own->views + own->count * own->kind->view_size;
    page->batch.room = own->limit - own->count;
}

static const char *list_lost(const struct list_ask *own)
{
    const struct api_list_place *place = own->kind->place;
    return place == NULL ? NULL : place->lost(own->argument);
}

static bool list_take(struct ask *ask)
{
    struct list_ask *own = list_ask_of(ask);
    const struct view_page *page = list_page_of(own);
    own->count += page->batch.count;
    CHECK(own->count <= own->limit);
    if (list_lost(own) != NULL)
        return true;
    if (page->batch.is_over) {
        ask->envelope.shard++;
        list_restart(own);
    }
    return ask->envelope.shard == ask->shard_end || own->count == own->limit;
}

/* ---- the answer ---- */

static json_t *list_next_json(struct list_ask *own)
{
    const uint32_t shard = own->ask.envelope.shard;
    char place[LIST_PLACE_SIZE];
    if (own->kind->place == NULL)
        return api_place_json(&own->ask, list_page_of(own)->place);
    if (shard == own->ask.shard_end)
        return json_null();
    own->kind->place->format(own->argument, place, sizeof place);
    return json_sprintf("%u.%s", shard, place);
}

static json_t *list_rows_json(const struct list_ask *own)
{
    json_t *rows = json_array();
    for (uint32_t i = 0; i < own->count && rows != NULL; i++) {
        json_t *row = own->kind->row(own->views + i * own->kind->view_size);
        if (json_array_append_new(rows, row) != 0) {
            json_decref(rows);
            rows = NULL;
        }
    }
    return rows;
}

static void list_answer(struct ask *ask)
{
    struct list_ask *own = list_ask_of(ask);
    const char *lost = list_lost(own);
    if (lost != NULL)
        api_refuse(ask->request, 410, "cursor", lost);
    else
        api_answer_json(ask->request, 200,
                        json_pack("{s:o,s:o}", own->kind->name, list_rows_json(own), "next",
                                  list_next_json(own)));
}

static void list_destroy(struct ask *ask)
{
    struct list_ask *own = list_ask_of(ask);
    free(own->views);
    free(own);
}

static const struct ask_kind list_ask_kind = {
    .prepare = list_prepare, .take = list_take, .answer = list_answer, .destroy = list_destroy};

/* ---- arguments ---- */

static bool list_check_names(const struct api_list_kind *kind, struct http_request *request)
{
    const char *names[API_LIST_ARGUMENTS_MAX + 3] = {"limit", "cursor"};
    for (uint32_t i = 0; kind->arguments[i].name != NULL; i++)
        names[2 + i] = kind->arguments[i].name;
    return api_check_arguments(request, names);
}

static const char *list_explain(const struct api_list_kind *kind, const char *field)
{
    for (const struct api_list_argument *row = kind->arguments; row->name != NULL; row++) {
        if (strcmp(row->name, field) == 0)
            return row->must;
    }
    return api_explain_page(field);
}

static bool list_parse_cursor(struct list_ask *own, const char *text, uint32_t shard_count)
{
    struct view_page *page = list_page_of(own);
    uint64_t shard;
    if (!number_take(&text, shard_count - 1, &shard) || *text++ != '.')
        return false;
    own->ask.envelope.shard = (uint32_t)shard;
    return own->kind->place != NULL ? own->kind->place->parse(text, own->argument)
                                    : number_parse(text, own->kind->place_max, &page->place);
}

/* The name of the argument that is wrong, or NULL. */
static const char *list_read(struct list_ask *own, const struct api *api,
                             const struct http_request *request)
{
    const char *cursor = api_argument(request, "cursor");
    struct address_range whose = {.ip = {.family = IP_NONE}};
    const char *bad = api_read_limit(request, &own->limit);
    if (bad == NULL)
        bad = own->kind->read(request, own->argument, &whose);
    if (bad == NULL && cursor != NULL && !list_parse_cursor(own, cursor, api->shared->shard_count))
        bad = "cursor";
    if (bad == NULL)
        api_aim(api, &own->ask, &whose, cursor != NULL);
    return bad;
}

void api_list(const struct api_list_kind *kind, struct api *api, struct http_request *request)
{
    if (!list_check_names(kind, request))
        return;
    struct list_ask *own = calloc(1, sizeof *own + kind->argument_size);
    if (own == NULL) {
        api_refuse_memory(request);
        return;
    }
    own->kind = kind;
    own->ask.kind = &list_ask_kind;
    own->ask.envelope.what = envelope_view(kind->view);
    own->ask.envelope.argument = own->argument;
    list_restart(own);
    const char *bad = list_read(own, api, request);
    if (bad == NULL)
        own->views = malloc(own->limit * kind->view_size);
    if (bad != NULL)
        api_refuse(request, 400, bad, list_explain(kind, bad));
    else if (own->views == NULL)
        api_refuse_memory(request);
    if (bad != NULL || own->views == NULL)
        list_destroy(&own->ask);
    else
        ask_start(&api->asks, &own->ask, request);
}
