#include "server/control/lsp_order_json.h"

#include "core/base/number.h"
#include "server/control/lsp_json.h"

#include <stdio.h>

void lsp_order_id_format(uint32_t shard, uint64_t id, char text[LSP_ORDER_ID_SIZE])
{
    (void)snprintf(text, LSP_ORDER_ID_SIZE, "%u-%llu", shard, (unsigned long long)id);
}

bool lsp_order_id_parse(const char *text, uint32_t *shard, uint64_t *id)
{
    uint64_t number;
    if (!number_take(&text, UINT32_MAX, &number) || *text != '-')
        return false;
    *shard = (uint32_t)number;
    return number_parse(text + 1, UINT64_MAX, id);
}

static double order_seconds(uint64_t ns)
{
    uint64_t ms = ns / MONO_NS_PER_MS; /* no digits behind them */
    return (double)ms / 1000;
}

static json_t *order_error_json(const struct lsp_order_view *view)
{
    if (view->error_type == 0)
        return json_null();
    return json_pack("{s:i,s:i}", "error_type", view->error_type, "error_value", view->error_value);
}

/* null: no report has answered it. */
static json_t *order_operational_json(const struct lsp_order_view *view)
{
    bool is_answered = view->state == LSP_ORDER_ACKNOWLEDGED || view->state == LSP_ORDER_DONE;
    return is_answered ? lsp_state_json(view->operational) : json_null();
}

json_t *lsp_order_json(const struct lsp_order_view *view)
{
    char id[LSP_ORDER_ID_SIZE];
    char pcc[IP_TEXT_SIZE];
    char name[LSP_NAME_TEXT_SIZE];
    lsp_order_id_format(view->shard, view->id, id);
    lsp_name_format(view->name, view->name_size, name);
    json_t *srp_id = view->srp_id == 0 ? json_null() : json_integer(view->srp_id);
    json_t *reason = view->reason == NULL ? json_null() : json_string(view->reason);
    json_t *ended =
        view->ended_ns == UINT64_MAX ? json_null() : json_real(order_seconds(view->ended_ns));
    json_t *of = view->name_size == 0 ? json_null() : json_string(name);
    return json_pack("{s:s,s:s,s:o,s:s,s:s,s:s,s:o,s:o,s:o,s:b,s:i,s:o,s:f,s:o}", "id", id, "pcc",
                     ip_format(&view->pcc, pcc), "name", of, "order",
                     lsp_order_kind_text((enum lsp_order_kind)view->kind), "by",
                     lsp_order_who_text((enum lsp_order_who)view->who), "state",
                     lsp_order_state_text((enum lsp_order_state)view->state), "reason", reason,
                     "error", order_error_json(view), "lsp_state", order_operational_json(view),
                     "other_path", (int)view->has_other_path, "tries", (int)view->tries, "srp_id",
                     srp_id, "submitted_ago_s", order_seconds(view->submitted_ns), "ended_ago_s",
                     ended);
}
