/* Orders: what a shard may be told to do. One row for each: id, name, and what its argument is.
 *
 * A row NAME has its function order_NAME, which acts, and writes the outcome into the argument. An
 * order that comes twice does no more than one that comes once. An order of ORDERS_LATER has its
 * outcome later, when something is kept or somebody has answered: its function gets the envelope,
 * and whoever has the outcome calls northbound_answer.
 *
 * Thread: the shard's. Owns: nothing. Bound: one thing acted on in one call. */
#ifndef PCED_SERVER_NORTHBOUND_ORDERS_H
#define PCED_SERVER_NORTHBOUND_ORDERS_H

struct envelope;
struct shard;

#define ORDERS(ORDER)                                                                              \
    ORDER(SESSION_CLOSE, session_close)     /* struct session_closing */                           \
    ORDER(LSP_ASK, lsp_ask)                 /* struct lsp_asking */                                \
    ORDER(LSP_BIND, lsp_bind)               /* struct lsp_binding_ask */                           \
    ORDER(PCC_RESYNC, pcc_resync)           /* struct pcc_resync */                                \
    ORDER(DELETION_FORGET, deletion_forget) /* struct deletion_forgetting */
#define ORDERS_LATER(ORDER)                                                                        \
    ORDER(INTENT_CHANGE, intent_change) /* struct intent_change */                                 \
    ORDER(LSP_DELETE, lsp_delete)       /* struct lsp_asking */                                    \
    ORDER(PATH_COMPUTE, path_compute)   /* struct path_asking; ENVELOPE_COMPUTATION */

enum order_id {
#define ORDER_ID(id, name) ORDER_##id,
    ORDERS(ORDER_ID) ORDERS_LATER(ORDER_ID)
#undef ORDER_ID
        ORDER_COUNT,
};

typedef void order_fn(struct shard *shard, void *argument);

typedef void order_later_fn(struct shard *shard, struct envelope *envelope);

#define ORDER_FUNCTION(id, name)       order_fn order_##name;
#define ORDER_LATER_FUNCTION(id, name) order_later_fn order_##name;
ORDERS(ORDER_FUNCTION)
ORDERS_LATER(ORDER_LATER_FUNCTION)
#undef ORDER_LATER_FUNCTION
#undef ORDER_FUNCTION

#endif
