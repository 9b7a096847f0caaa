/* /api/v1/changes: what has happened to LSPs, as the journals of the shards have it. */
#include "server/control/api.h"

#include "core/base/number.h"
#include "server/control/api_answer.h"
#include "server/control/api_arguments.h"
#include "server/control/change_json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SEQUENCE_DIGITS 21 /* of a number, with what follows it */

/* Every shard gives its part of a page, so that none with many changes hides those of others. */
struct changes_ask {
    struct ask ask;
    struct change_list list;
    uint32_t share; /* of views: what one shard gives at most */
    uint32_t count; /* those that are there */
    uint32_t first; /* … when the shard at hand had given none */
    uint64_t missed;
    uint64_t life; /* of this process: sequence numbers begin anew with each */
    bool has_more;
    uint64_t *cursors; /* of each shard */
    struct change_view *views;
};

static struct changes_ask *changes_own_of(struct ask *ask)
{
    return CONTAINER_OF(ask, struct changes_ask, ask);
}

/* "LIFE-17.4": for each shard the sequence number that is wanted next, as `next` of the page before.
 * What another process has told is not what stands here: the reader is told that it has missed
 * something, and begins anew. */
static bool changes_parse_cursor(const char *text, struct changes_ask *own)
{
    uint64_t life;
    if (!number_take(&text, UINT64_MAX, &life) || *text++ != '-')
        return false;
    if (life != own->life) {
        own->missed = 1;
        return true;
    }
    for (uint32_t i = 0; i < own->ask.shard_end; i++) {
        if (i > 0 && *text++ != '.')
            return false;
        if (!number_take(&text, UINT64_MAX, &own->cursors[i]) || own->cursors[i] == 0)
            return false;
    }
    return *text == '\0';
}

static void prepare_changes(struct ask *ask)
{
    struct changes_ask *own = changes_own_of(ask);
    own->list.cursor = own->cursors[ask->envelope.shard];
    own->list.views = own->views + own->count;
    own->list.batch.room = own->share - (own->count - own->first);
}

static bool take_changes(struct ask *ask)
{
    struct changes_ask *own = changes_own_of(ask);
    own->cursors[ask->envelope.shard] = own->list.cursor;
    own->count += own->list.batch.count;
    own->missed += own->list.missed;
    bool is_full = own->count - own->first == own->share;
    if (!own->list.batch.is_over && !is_full)
        return false;
    own->has_more |= !own->list.batch.is_over;
    own->first = own->count;
    ask->envelope.shard++;
    return ask->envelope.shard == ask->shard_end;
}

static json_t *changes_next(const struct changes_ask *own)
{
    size_t size = ((size_t)own->ask.shard_end + 1) * SEQUENCE_DIGITS + 1;
    size_t used = 0;
    char *text = malloc(size);
    if (text == NULL)
        return NULL;
    used += (size_t)snprintf(text, size, "%llu-", (unsigned long long)own->life);
    for (uint32_t i = 0; i < own->ask.shard_end; i++)
        used += (size_t)snprintf(text + used, size - used, "%s%llu", i == 0 ? "" : ".",
                                 (unsigned long long)own->cursors[i]);
    json_t *json = json_string(text);
    free(text);
    return json;
}

static void answer_changes(struct ask *ask)
{
    const struct changes_ask *own = changes_own_of(ask);
    json_t *rows = json_array();
    for (uint32_t i = 0; i < own->count && rows != NULL; i++) {
        if (json_array_append_new(rows, change_json(&own->views[i])) != 0) {
            json_decref(rows);
            rows = NULL;
        }
    }
    api_answer_json(ask->request, 200,
                    json_pack("{s:o,s:o,s:b,s:I}", "changes", rows, "next", changes_next(own),
                              "more", (int)own->has_more, "missed", (json_int_t)own->missed));
}

static void destroy_changes(struct ask *ask)
{
    struct changes_ask *own = changes_own_of(ask);
    free(own->cursors);
    free(own->views);
    free(own);
}

static const struct ask_kind changes_kind = {.prepare = prepare_changes,
                                             .take = take_changes,
                                             .answer = answer_changes,
                                             .destroy = destroy_changes};

/* The name of the argument that is wrong, or NULL. */
static const char *changes_read(const struct http_request *request, struct changes_ask *own)
{
    const char *cursor = api_argument(request, "cursor");
    struct api_page page;
    const char *bad = api_read_page(request, &page);
    if (bad != NULL)
        return bad;
    if (!api_read_range(request, "pcc", &own->list.pcc))
        return "pcc";
    own->share = page.limit / own->ask.shard_end + 1;
    return cursor == NULL || changes_parse_cursor(cursor, own) ? NULL : "cursor";
}

static struct changes_ask *changes_create(uint32_t shard_count)
{
    struct changes_ask *own = calloc(1, sizeof *own);
    if (own == NULL)
        return NULL;
    own->ask.kind = &changes_kind;
    own->ask.envelope.what = envelope_view(VIEW_CHANGE_LIST);
    own->ask.envelope.argument = &own->list;
    own->ask.shard_end = shard_count;
    own->cursors = malloc(shard_count * sizeof *own->cursors);
    if (own->cursors == NULL) {
        free(own);
        return NULL;
    }
    for (uint32_t i = 0; i < shard_count; i++)
        own->cursors[i] = 1;
    return own;
}

void api_list_changes(struct api *api, struct http_request *request, const char *rest)
{
    static const char *const names[] = {"pcc", "limit", "cursor", NULL};
    (void)rest;
    if (!api_check_arguments(request, names))
        return;
    struct changes_ask *own = changes_create(api->shared->shard_count);
    if (own == NULL) {
        api_refuse_memory(request);
        return;
    }
    own->life = api->shared->started.ns;
    const char *bad = changes_read(request, own);
    if (bad == NULL)
        own->views = malloc((size_t)own->share * own->ask.shard_end * sizeof *own->views);
    if (own->views != NULL) {
        ask_start(&api->asks, &own->ask, request);
        return;
    }
    if (bad == NULL)
        api_refuse_memory(request);
    else
        api_refuse(request, 400, bad,
                   strcmp(bad, "pcc") == 0 ? "must be an address or a prefix such as 192.0.2.0/24"
                                           : api_explain_page(bad));
    destroy_changes(&own->ask);
}
