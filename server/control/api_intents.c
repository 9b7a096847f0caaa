/* /api/v1/intents: the list. */
#include "server/control/api.h"

#include "core/base/number.h"
#include "server/control/api_answer.h"
#include "server/control/api_arguments.h"
#include "server/control/api_place.h"
#include "server/control/intent_rows.h"

#include <stdlib.h>
#include <string.h>

struct intents_ask {
    struct ask ask;
    struct intent_list list;
    uint32_t limit; /* of views */
    uint32_t count; /* those that are there */
    struct intent_view *views;
};

/* ---- arguments ---- */

static bool intents_read_color(const char *text, struct intent_filter *filter)
{
    uint64_t color;
    if (text == NULL)
        return true;
    if (!number_parse(text, UINT32_MAX, &color))
        return false;
    filter->has_color = true;
    filter->color = (uint32_t)color;
    return true;
}

/* The name of the argument that is wrong, or NULL. */
static const char *intents_read_arguments(const struct api *api, const struct http_request *request,
                                          struct intents_ask *own)
{
    const char *cursor = api_argument(request, "cursor");
    const char *state = api_argument(request, "state");
    struct intent_filter *filter = &own->list.filter;
    struct api_page page;
    *filter = (struct intent_filter){.state = UINT8_MAX};
    if (!api_read_range(request, "pcc", &filter->pcc))
        return "pcc";
    if (!api_read_range(request, "endpoint", &filter->endpoint))
        return "endpoint";
    if (state != NULL && !intent_state_parse(state, &filter->state))
        return "state";
    if (!intents_read_color(api_argument(request, "color"), filter))
        return "color";
    const char *bad = api_read_page(request, &page);
    if (bad != NULL)
        return bad;
    own->limit = page.limit;
    if (cursor != NULL && !api_place_parse(cursor, api->shared->shard_count,
                                           &own->ask.envelope.shard, &own->list.slot))
        return "cursor";
    return NULL;
}

static const char *intents_explain(const char *field)
{
    if (strcmp(field, "pcc") == 0 || strcmp(field, "endpoint") == 0)
        return "must be an address or a prefix, such as 192.0.2.0/24";
    if (strcmp(field, "state") == 0)
        return "must be one of waiting, no path, ordered, up, down, refused, unconfirmed, "
               "conflict, removing";
    if (strcmp(field, "color") == 0)
        return "must be a number from 0 to 4294967295";
    return api_explain_page(field);
}

/* ---- the ask ---- */

static struct intents_ask *intents_own_of(struct ask *ask)
{
    return CONTAINER_OF(ask, struct intents_ask, ask);
}

static void prepare_intents(struct ask *ask)
{
    struct intents_ask *own = intents_own_of(ask);
    own->list.views = own->views + own->count;
    own->list.batch.room = own->limit - own->count;
}

static bool take_intents(struct ask *ask)
{
    struct intents_ask *own = intents_own_of(ask);
    own->count += own->list.batch.count;
    if (own->list.batch.is_over) {
        ask->envelope.shard++;
        own->list.slot = 0;
    }
    return ask->envelope.shard == ask->shard_end || own->count == own->limit;
}

static void answer_intents(struct ask *ask)
{
    const struct intents_ask *own = intents_own_of(ask);
    json_t *rows = json_array();
    for (uint32_t i = 0; i < own->count && rows != NULL; i++) {
        if (json_array_append_new(rows, intent_row(&own->views[i])) != 0) {
            json_decref(rows);
            rows = NULL;
        }
    }
    api_answer_json(
        ask->request, 200,
        json_pack("{s:o,s:o}", "intents", rows, "next", api_place_json(ask, own->list.slot)));
}

static void destroy_intents(struct ask *ask)
{
    struct intents_ask *own = intents_own_of(ask);
    free(own->views);
    free(own);
}

static const struct ask_kind intents_kind = {.prepare = prepare_intents,
                                             .take = take_intents,
                                             .answer = answer_intents,
                                             .destroy = destroy_intents};

void api_list_intents(struct api *api, struct http_request *request, const char *rest)
{
    static const char *const names[] = {"pcc",   "endpoint", "state", "color",
                                        "limit", "cursor",   NULL};
    (void)rest;
    if (!api_check_arguments(request, names))
        return;
    struct intents_ask *own = calloc(1, sizeof *own);
    if (own == NULL) {
        api_refuse_memory(request);
        return;
    }
    own->ask.kind = &intents_kind;
    own->ask.envelope.what = envelope_view(VIEW_INTENT_LIST);
    own->ask.envelope.argument = &own->list;
    const char *bad = intents_read_arguments(api, request, own);
    if (bad == NULL) {
        api_aim(api, &own->ask, &own->list.filter.pcc, api_argument(request, "cursor") != NULL);
        own->views = malloc(own->limit * sizeof *own->views);
    }
    if (bad != NULL)
        api_refuse(request, 400, bad, intents_explain(bad));
    else if (own->views == NULL)
        api_refuse_memory(request);
    if (bad != NULL || own->views == NULL)
        free(own);
    else
        ask_start(&api->asks, &own->ask, request);
}
