/* /api/v1/no-paths: requests that were answered with NO-PATH. */
#include "server/control/api.h"

#include "server/control/api_answer.h"
#include "server/control/api_arguments.h"
#include "server/control/api_place.h"
#include "server/control/no_path_json.h"

#include <stdlib.h>
#include <string.h>

struct no_paths_ask {
    struct ask ask;
    struct no_path_list list;
    uint32_t limit; /* of views */
    uint32_t count; /* those that are there */
    struct no_path_view *views;
};

/* ---- arguments ---- */

/* The name of the argument that is wrong, or NULL. */
static const char *no_paths_read_arguments(const struct api *api,
                                           const struct http_request *request,
                                           struct no_paths_ask *own)
{
    const char *cursor = api_argument(request, "cursor");
    struct api_page page;
    const char *bad = api_read_page(request, &page);
    if (bad != NULL)
        return bad;
    own->limit = page.limit;
    own->list.range = page.range;
    if (!api_read_either(request, "cured", &own->list.cured))
        return "cured";
    if (cursor != NULL && !api_place_parse(cursor, api->shared->shard_count,
                                           &own->ask.envelope.shard, &own->list.slot))
        return "cursor";
    api_aim(api, &own->ask, &own->list.range, cursor != NULL);
    return NULL;
}

static const char *no_paths_explain(const char *field)
{
    return strcmp(field, "cured") == 0 ? "must be true or false" : api_explain_page(field);
}

/* ---- the ask ---- */

static struct no_paths_ask *no_paths_own_of(struct ask *ask)
{
    return CONTAINER_OF(ask, struct no_paths_ask, ask);
}

static void prepare_no_paths(struct ask *ask)
{
    struct no_paths_ask *own = no_paths_own_of(ask);
    own->list.views = own->views + own->count;
    own->list.batch.room = own->limit - own->count;
}

static bool take_no_paths(struct ask *ask)
{
    struct no_paths_ask *own = no_paths_own_of(ask);
    own->count += own->list.batch.count;
    if (own->list.batch.is_over) {
        ask->envelope.shard++;
        own->list.slot = 0;
    }
    return ask->envelope.shard == ask->shard_end || own->count == own->limit;
}

static void answer_no_paths(struct ask *ask)
{
    const struct no_paths_ask *own = no_paths_own_of(ask);
    struct arena arena;
    json_t *rows = json_array();
    arena_init(&arena, NO_PATH_JSON_ARENA);
    for (uint32_t i = 0; i < own->count && rows != NULL; i++) {
        if (json_array_append_new(rows, no_path_json_row(&own->views[i], &arena)) != 0) {
            json_decref(rows);
            rows = NULL;
        }
    }
    arena_fini(&arena);
    api_answer_json(
        ask->request, 200,
        json_pack("{s:o,s:o}", "no_paths", rows, "next", api_place_json(ask, own->list.slot)));
}

static void destroy_no_paths(struct ask *ask)
{
    struct no_paths_ask *own = no_paths_own_of(ask);
    free(own->views);
    free(own);
}

static const struct ask_kind no_paths_kind = {.prepare = prepare_no_paths,
                                              .take = take_no_paths,
                                              .answer = answer_no_paths,
                                              .destroy = destroy_no_paths};

void api_list_no_paths(struct api *api, struct http_request *request, const char *rest)
{
    static const char *const names[] = {"peer", "cured", "limit", "cursor", NULL};
    (void)rest;
    if (!api_check_arguments(request, names))
        return;
    struct no_paths_ask *own = calloc(1, sizeof *own);
    if (own == NULL) {
        api_refuse_memory(request);
        return;
    }
    own->ask.kind = &no_paths_kind;
    own->ask.envelope.what = envelope_view(VIEW_NO_PATH_LIST);
    own->ask.envelope.argument = &own->list;
    const char *bad = no_paths_read_arguments(api, request, own);
    if (bad == NULL)
        own->views = malloc(own->limit * sizeof *own->views);
    if (bad != NULL)
        api_refuse(request, 400, bad, no_paths_explain(bad));
    else if (own->views == NULL)
        api_refuse_memory(request);
    if (bad != NULL || own->views == NULL)
        free(own);
    else
        ask_start(&api->asks, &own->ask, request);
}
