#include "server/control/change_json.h"

#include "server/control/json_values.h"
#include "server/control/lsp_json.h"
#include "server/control/session_json.h"

static double change_at_s(const struct change_view *view, double now_s)
{
    return json_wall_seconds(now_s - json_seconds(view->ago_ns));
}

/* What all changes have. time: the name of the member that says when. */
static json_t *change_common_json(const struct change_view *view, const char *time, double time_s)
{
    const struct journal_record *record = &view->record;
    return json_pack("{s:f,s:i,s:I,s:s,s:s,s:o,s:o}", time, time_s, "shard", (int)view->shard,
                     "sequence", (json_int_t)record->sequence, "change",
                     lsp_change_text((enum lsp_change)record->change), "by",
                     lsp_actor_text((enum lsp_actor)record->by), "pcc", json_address(&record->pcc),
                     "error", json_error(record->error_type, record->error_value));
}

/* Takes both; the first has the members of the second, too. */
static json_t *change_join(json_t *json, json_t *more)
{
    const bool is_whole = json != NULL && more != NULL && json_object_update(json, more) == 0;
    json_decref(more);
    if (is_whole)
        return json;
    json_decref(json);
    return NULL;
}

static json_t *change_lsp_json(const struct change_view *view)
{
    char name[LSP_NAME_TEXT_SIZE];
    char id[SESSION_ID_SIZE];
    const struct journal_record *record = &view->record;
    const struct conn_handle parts = {
        .shard = view->shard, .index = record->lsp.slot, .generation = record->lsp.generation};
    session_id_format(&parts, id);
    lsp_name_format(view->name, view->name_size, name);
    json_t *lsp = record->lsp.generation == 0 ? json_null() : json_string(id);
    json_t *of = view->name_size == 0 ? json_null() : json_string(name);
    return json_pack("{s:o,s:o,s:o}", "lsp", lsp, "name", of, "srp_id", json_id(record->srp_id));
}

json_t *change_json(const struct change_view *view)
{
    return change_join(change_common_json(view, "ago_s", json_seconds(view->ago_ns)),
                       change_lsp_json(view));
}

json_t *change_event_json(const struct change_view *view, double now_s)
{
    return change_join(change_common_json(view, "at", change_at_s(view, now_s)),
                       change_lsp_json(view));
}

json_t *session_event_json(const struct change_view *view, double now_s)
{
    json_t *why = view->name_size == 0 ? json_null() : json_stringn(view->name, view->name_size);
    return change_join(change_common_json(view, "at", change_at_s(view, now_s)),
                       json_pack("{s:o}", "why", why));
}
