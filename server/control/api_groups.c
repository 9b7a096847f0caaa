/* /api/v1/groups: LSPs whose paths depend on each other. */
#include "server/control/api.h"

#include "server/control/api_answer.h"
#include "server/control/api_arguments.h"
#include "server/control/api_place.h"
#include "server/control/group_json.h"

#include <stdlib.h>
#include <string.h>

struct groups_ask {
    struct ask ask;
    struct group_list list;
    uint32_t limit; /* of views */
    uint32_t count; /* those that are there */
    struct group_view *views;
};

/* ---- arguments ---- */

/* The name of the argument that is wrong, or NULL. */
static const char *groups_read_arguments(const struct api *api, const struct http_request *request,
                                         struct groups_ask *own)
{
    const char *cursor = api_argument(request, "cursor");
    const char *state = api_argument(request, "state");
    struct api_page page;
    const char *bad = api_read_page(request, &page);
    if (bad != NULL)
        return bad;
    own->limit = page.limit;
    own->list.state = UINT8_MAX;
    /* A group may be any shard's, wherever the PCCs of its members are. */
    own->ask.shard_end = api->shared->shard_count;
    if (!api_read_range(request, "pcc", &own->list.pcc))
        return "pcc";
    if (state != NULL && !group_state_parse(state, &own->list.state))
        return "state";
    if (cursor != NULL &&
        !api_place_parse(cursor, own->ask.shard_end, &own->ask.envelope.shard, &own->list.slot))
        return "cursor";
    return NULL;
}

static const char *groups_explain(const char *field)
{
    if (strcmp(field, "state") == 0)
        return "must be \"one member\", \"as asked\", \"being moved\", \"less than asked\" or "
               "\"cannot be as asked\"";
    return strcmp(field, "pcc") == 0 ? "must be an address or a prefix" : api_explain_page(field);
}

/* ---- the ask ---- */

static struct groups_ask *groups_own_of(struct ask *ask)
{
    return CONTAINER_OF(ask, struct groups_ask, ask);
}

static void prepare_groups(struct ask *ask)
{
    struct groups_ask *own = groups_own_of(ask);
    own->list.views = own->views + own->count;
    own->list.batch.room = own->limit - own->count;
}

static bool take_groups(struct ask *ask)
{
    struct groups_ask *own = groups_own_of(ask);
    own->count += own->list.batch.count;
    if (own->list.batch.is_over) {
        ask->envelope.shard++;
        own->list.slot = 0;
    }
    return ask->envelope.shard == ask->shard_end || own->count == own->limit;
}

static void answer_groups(struct ask *ask)
{
    const struct groups_ask *own = groups_own_of(ask);
    json_t *rows = json_array();
    for (uint32_t i = 0; i < own->count && rows != NULL; i++) {
        if (json_array_append_new(rows, group_json_row(&own->views[i])) != 0) {
            json_decref(rows);
            rows = NULL;
        }
    }
    api_answer_json(
        ask->request, 200,
        json_pack("{s:o,s:o}", "groups", rows, "next", api_place_json(ask, own->list.slot)));
}

static void destroy_groups(struct ask *ask)
{
    struct groups_ask *own = groups_own_of(ask);
    free(own->views);
    free(own);
}

static const struct ask_kind groups_kind = {.prepare = prepare_groups,
                                            .take = take_groups,
                                            .answer = answer_groups,
                                            .destroy = destroy_groups};

void api_list_groups(struct api *api, struct http_request *request, const char *rest)
{
    static const char *const names[] = {"pcc", "state", "limit", "cursor", NULL};
    (void)rest;
    if (!api_check_arguments(request, names))
        return;
    struct groups_ask *own = calloc(1, sizeof *own);
    if (own == NULL) {
        api_refuse_memory(request);
        return;
    }
    own->ask.kind = &groups_kind;
    own->ask.envelope.what = envelope_view(VIEW_GROUP_LIST);
    own->ask.envelope.argument = &own->list;
    const char *bad = groups_read_arguments(api, request, own);
    if (bad == NULL)
        own->views = malloc(own->limit * sizeof *own->views);
    if (bad != NULL)
        api_refuse(request, 400, bad, groups_explain(bad));
    else if (own->views == NULL)
        api_refuse_memory(request);
    if (bad != NULL || own->views == NULL)
        free(own);
    else
        ask_start(&api->asks, &own->ask, request);
}
