#include "server/control/no_path_json.h"

#include "core/pcep/grammar.h"
#include "core/pcep/json.h"
#include "core/pcep/model.h"
#include "core/requests/unmet.h"
#include "server/control/json_values.h"
#include "server/control/lsp_json.h"

/* False: memory ran out. */
static bool no_path_append(json_t *list, const char *text)
{
    return json_array_append_new(list, json_string(text)) == 0;
}

static json_t *why_json(struct no_path_why why)
{
    json_t *list = json_array();
    bool is_whole = list != NULL;
    for (unsigned i = 0; i < NO_PATH_CAUSE_COUNT && is_whole; i++) {
        if ((why.causes & 1U << i) != 0)
            is_whole = no_path_append(list, no_path_cause_text(i));
    }
    for (unsigned i = 0; i < UNMET_COUNT && is_whole; i++) {
        if ((why.unmet & UNMET_BIT(i)) != 0)
            is_whole = no_path_append(list, unmet_name(i));
    }
    if (is_whole)
        return list;
    json_decref(list);
    return NULL;
}

/* What was asked. A PCReq that was answered decodes again. */
static json_t *asked_json(const struct no_path_view *view, struct arena *arena)
{
    struct pcep_message message;
    struct pcep_request_list list;
    struct pcep_fault fault = {0};
    const struct pcep_object *object;
    const struct wire_span octets = {view->octets, view->size};
    arena_reset(arena);
    if (pcep_decode(octets, arena, &message, &fault) != PCE_OK ||
        pcep_parse_requests(&message, arena, &list, &fault) != PCE_OK || list.request_count != 1 ||
        !pcep_get(list.requests[0].end_points, &object))
        return NULL;
    const struct pcep_end_points *ends = object->body;
    const struct pcep_path_setup_type *tlv =
        pcep_find_tlv(list.requests[0].rp, PCEP_TLV_PATH_SETUP_TYPE);
    json_t *whole = pcep_to_json(&message, NULL);
    json_t *objects = json_incref(json_object_get(whole, "objects"));
    json_decref(whole);
    return json_pack("{s:o,s:o,s:o,s:o}", "source", json_address(&ends->source), "destination",
                     json_address(&ends->destination), "setup_type",
                     lsp_setup_json(tlv == NULL ? PCEP_PST_RSVP_TE : tlv->pst), "objects", objects);
}

json_t *no_path_json_row(const struct no_path_view *view, struct arena *arena)
{
    json_t *cured = view->is_cured ? json_real(json_seconds(view->cured_ns)) : json_null();
    json_t *row = json_pack("{s:o,s:I,s:i,s:f,s:o,s:o,s:b,s:o}", "peer", json_address(&view->peer),
                            "request_id", (json_int_t)view->request_id, "times", (int)view->times,
                            "asked_ago_s", json_seconds(view->asked_ns), "why", why_json(view->why),
                            "why_now", why_json(view->why_now), "cured", (int)view->is_cured,
                            "cured_s", cured);
    json_t *asked = asked_json(view, arena);
    if (row != NULL && asked != NULL && json_object_update(row, asked) == 0) {
        json_decref(asked);
        return row;
    }
    json_decref(row);
    json_decref(asked);
    return NULL;
}
