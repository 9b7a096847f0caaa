#include "server/control/group_json.h"

#include "server/control/json_values.h"
#include "server/control/lsp_json.h"

#include <stdio.h>
#include <string.h>

/* The words of the flags that are set, of DISJOINTNESS-CONFIGURATION. */
static json_t *group_flags_json(uint8_t flags)
{
    static const struct {
        uint8_t flag;
        const char *word;
    } words[] = {{GROUP_LINK, "link"},
                 {GROUP_NODE, "node"},
                 {GROUP_SRLG, "SRLG"},
                 {GROUP_SHORTEST, "shortest-path"},
                 {GROUP_STRICT, "strict"}};
    json_t *list = json_array();
    for (size_t i = 0; i < sizeof words / sizeof words[0] && list != NULL; i++) {
        if ((flags & words[i].flag) == 0 ||
            json_array_append_new(list, json_string(words[i].word)) == 0)
            continue;
        json_decref(list);
        list = NULL;
    }
    return list;
}

static const char *group_role(const struct group_view *view, const struct group_member_view *member)
{
    switch (view->want.kind) {
    case GROUP_PROTECTION:
        return member->is_protection ? "protection" : "working";
    case GROUP_BIDIRECTIONAL:
        return member->is_reverse ? "reverse" : "forward";
    default:
        return (member->flags & GROUP_SHORTEST) != 0 ? "shortest path" : "member";
    }
}

static json_t *group_member_json(const struct group_view *view,
                                 const struct group_member_view *member)
{
    char id[48], name[LSP_NAME_TEXT_SIZE];
    (void)snprintf(id, sizeof id, "%u-%u-%u", member->id.shard, member->id.lsp.slot,
                   member->id.lsp.generation);
    lsp_name_format(member->name, member->name_size, name);
    json_t *status =
        view->want.kind == GROUP_DISJOINT ? group_flags_json(member->status) : json_null();
    return json_pack("{s:s,s:o,s:s,s:s,s:b,s:b,s:b,s:b,s:o}", "lsp", id, "pcc",
                     json_address(&member->pcc), "name", name, "role", group_role(view, member),
                     "has_path", (int)member->has_path, "movable", (int)member->is_movable,
                     "moving", (int)member->is_ordered, "blocked", (int)member->is_blocked,
                     "status", status);
}

static json_t *group_members_json(const struct group_view *view)
{
    json_t *list = json_array();
    for (uint32_t i = 0; i < view->count && list != NULL; i++) {
        if (json_array_append_new(list, group_member_json(view, &view->members[i])) == 0)
            continue;
        json_decref(list);
        list = NULL;
    }
    return list;
}

/* The objective of RFC 8800 5.3; null: none. */
static json_t *group_objective_json(uint8_t objective)
{
    switch (objective) {
    case GROUP_MIN_SHARED_LINKS:
        return json_string("MSL");
    case GROUP_MIN_SHARED_SRLGS:
        return json_string("MSS");
    case GROUP_MIN_SHARED_NODES:
        return json_string("MSN");
    default:
        return json_null();
    }
}

static json_t *group_key_json(const struct group_key *key)
{
    char extended[2 * GROUP_EXTENDED_MAX + 1] = "";
    for (uint16_t i = 0; i < key->extended_size; i++)
        (void)snprintf(extended + 2 * i, 3, "%02x", key->extended[i]);
    return json_pack("{s:i,s:i,s:o,s:I,s:s}", "type", (int)key->type, "id", (int)key->id, "source",
                     json_address(&key->source), "global_source", (json_int_t)key->global_source,
                     "extended_id", extended);
}

json_t *group_json_row(const struct group_view *view)
{
    const uint64_t ms = view->since_ns / MONO_NS_PER_MS; /* no digits behind them */
    const uint8_t diverse = view->want.kind == GROUP_DISJOINT ? GROUP_DIVERSE | GROUP_STRICT : 0;
    json_t *why = view->why == NULL ? json_null() : json_string(view->why);
    json_t *row = json_pack(
        "{s:s,s:o,s:o,s:s,s:f,s:o,s:o,s:o}", "kind",
        group_kind_text((enum group_kind)view->want.kind), "wanted",
        group_flags_json(view->want.flags & diverse), "objective",
        group_objective_json(view->want.objective), "state",
        group_state_text((enum group_state)view->state), "since_s", (double)ms / 1000, "achieved",
        group_flags_json(view->want.kind == GROUP_BIDIRECTIONAL ? 0 : view->achieved), "why", why,
        "members", group_members_json(view));
    json_t *key = group_key_json(&view->key);
    if (row != NULL && key != NULL && json_object_update(row, key) == 0) {
        json_decref(key);
        return row;
    }
    json_decref(row);
    json_decref(key);
    return NULL;
}

bool group_state_parse(const char *text, uint8_t *state)
{
    for (unsigned i = 0; i < GROUP_STATE_COUNT; i++) {
        if (strcmp(text, group_state_text((enum group_state)i)) != 0)
            continue;
        *state = (uint8_t)i;
        return true;
    }
    return false;
}
