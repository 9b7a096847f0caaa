#include "core/lsp/order.h"

const char *lsp_order_kind_text(enum lsp_order_kind kind)
{
    static const char *const texts[LSP_ORDER_KIND_COUNT] = {
        [LSP_ORDER_UPDATE] = "update",         [LSP_ORDER_RETURN] = "return",
        [LSP_ORDER_RESYNC] = "resync",         [LSP_ORDER_CONTROL] = "control",
        [LSP_ORDER_INITIATE] = "create",       [LSP_ORDER_DELETE] = "delete",
        [LSP_ORDER_DELETE_ALL] = "delete-all", [LSP_ORDER_ADOPT] = "adopt",
    };
    return texts[kind];
}

const char *lsp_order_state_text(enum lsp_order_state state)
{
    static const char *const texts[LSP_ORDER_STATE_COUNT] = {
        [LSP_ORDER_HELD] = "held",
        [LSP_ORDER_QUEUED] = "queued",
        [LSP_ORDER_SENT] = "sent",
        [LSP_ORDER_ACKNOWLEDGED] = "acknowledged",
        [LSP_ORDER_DONE] = "done",
        [LSP_ORDER_REFUSED] = "refused",
        [LSP_ORDER_UNCONFIRMED] = "unconfirmed",
        [LSP_ORDER_DROPPED] = "dropped",
    };
    return texts[state];
}

const char *lsp_order_who_text(enum lsp_order_who who)
{
    static const char *const texts[LSP_ORDER_WHO_COUNT] = {
        [LSP_ORDER_BY_OPERATOR] = "operator",
        [LSP_ORDER_BY_DELEGATION] = "delegation",
        [LSP_ORDER_BY_SYNCHRONISATION] = "synchronisation",
        [LSP_ORDER_BY_INTENT] = "intent",
        [LSP_ORDER_BY_REOPTIMISATION] = "reoptimisation",
    };
    return texts[who];
}
