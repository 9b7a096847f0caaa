#include "server/control/intent_rows.h"

#include "core/intent/intent_binding.h"
#include "core/intent/intent_json.h"
#include "core/requests/unmet.h"

#include <string.h>

bool intent_state_parse(const char *text, uint8_t *state)
{
    for (unsigned i = 0; i < INTENT_STATE_COUNT; i++) {
        if (strcmp(intent_state_text((enum intent_state)i), text) == 0) {
            *state = (uint8_t)i;
            return true;
        }
    }
    return false;
}

static json_t *rows_address(const struct ip *address)
{
    char text[IP_TEXT_SIZE];
    return address->family == IP_NONE ? json_null() : json_string(ip_format(address, text));
}

static json_t *rows_error(uint8_t number)
{
    return number == 0 ? json_null() : json_integer(number);
}

/* The states that some LSP is in, and how many. */
static json_t *rows_states(const struct intent_view *view)
{
    json_t *json = json_object();
    for (unsigned i = 0; i < INTENT_STATE_COUNT && json != NULL; i++) {
        if (view->states[i] == 0)
            continue;
        if (json_object_set_new(json, intent_state_text((enum intent_state)i),
                                json_integer(view->states[i])) != 0) {
            json_decref(json);
            json = NULL;
        }
    }
    return json;
}

static const char *rows_state(const struct intent_view *view)
{
    return view->unreadable != NULL ? "unreadable"
                                    : intent_state_text((enum intent_state)view->state);
}

json_t *intent_row(const struct intent_view *view)
{
    bool has_intent = view->endpoint.family != IP_NONE;
    return json_pack("{s:o,s:s,s:o,s:o,s:o,s:i,s:b,s:s,s:o,s:s?,s:o,s:o}", "pcc",
                     rows_address(&view->pcc), "name", view->name, "endpoint",
                     rows_address(&view->endpoint), "color",
                     view->has_color ? json_integer(view->color) : json_null(), "setup_type",
                     has_intent ? json_string(intent_setup_text(view->setup_type)) : json_null(),
                     "paths", (int)view->path_count, "deleted", (int)view->is_deleted, "state",
                     rows_state(view), "states", rows_states(view), "reason",
                     view->unreadable != NULL ? view->unreadable : view->reason, "error_type",
                     rows_error(view->error_type), "error_value", rows_error(view->error_value));
}

/* ---- detail ---- */

static json_t *rows_unmet(uint16_t set)
{
    json_t *list = json_array();
    for (unsigned i = 0; i < UNMET_COUNT && list != NULL; i++) {
        if ((set & UNMET_BIT(i)) == 0)
            continue;
        if (json_array_append_new(list, json_string(unmet_name(i))) != 0) {
            json_decref(list);
            list = NULL;
        }
    }
    return list;
}

static json_t *rows_binding(const struct lsp_binding *binding)
{
    return binding->what == LSP_BINDING_NONE ? json_null() : intent_write_binding(binding);
}

static json_t *rows_lsp(const struct intent_lsp_view *view)
{
    const struct intent_sight *sight = &view->sight;
    uint64_t ms = view->since_ns / MONO_NS_PER_MS;
    return json_pack("{s:s,s:b,s:o,s:s,s:s?,s:o,s:o,s:o,s:o,s:f,s:{s:o,s:o}}", "lsp", view->name,
                     "wanted", (int)view->is_wanted, "preference",
                     view->is_wanted ? json_integer(view->preference) : json_null(), "state",
                     intent_state_text((enum intent_state)sight->state), "reason", sight->reason,
                     "error_type", rows_error(sight->error_type), "error_value",
                     rows_error(sight->error_value), "unmet", rows_unmet(sight->unmet), "order",
                     view->order_id == 0 ? json_null() : json_integer((json_int_t)view->order_id),
                     "since_s", (double)ms / 1000, "binding", "asked", rows_binding(&view->asked),
                     "reported", rows_binding(&view->reported));
}

static json_t *rows_lsps(const struct intent_detail *detail)
{
    json_t *list = json_array();
    for (uint32_t i = 0; i < detail->lsp_count && list != NULL; i++) {
        if (json_array_append_new(list, rows_lsp(&detail->lsps[i])) != 0) {
            json_decref(list);
            list = NULL;
        }
    }
    return list;
}

json_t *intent_row_detail(const struct intent_detail *detail)
{
    json_t *row = intent_row(&detail->view);
    json_t *intent = detail->text == NULL ? json_null() : json_loads(detail->text, 0, NULL);
    bool is_good = json_object_set_new(row, "lsps", rows_lsps(detail)) == 0;
    is_good &= json_object_set_new(row, "intent", intent) == 0;
    if (is_good)
        return row;
    json_decref(row);
    return NULL;
}
