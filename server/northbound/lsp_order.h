/* LSP orders: what an operator wants done about an LSP, and what became of it.
 *
 * An order is submitted to the PCC's lane (core/lsp/order.h) and answered with its id at once; what
 * the PCC says to it is asked for by that id, until enough others have ended after it.
 *
 * Thread: the shard's. Owns: nothing. Bound: VIEW_BATCH orders looked at for each envelope. */
#ifndef PCED_SERVER_NORTHBOUND_LSP_ORDER_H
#define PCED_SERVER_NORTHBOUND_LSP_ORDER_H

#include "core/lsp/order.h"
#include "server/deletion/deletions.h"
#include "server/northbound/envelope.h"
#include "server/northbound/lsp_name.h"

/* What an operator may ask for. All but REOPTIMISE are asked of the PCC as they are. */
#define LSP_ASKS(ASK)                                                                              \
    ASK(RETURN, "return", LSP_ORDER_RETURN)                                                        \
    ASK(RESYNC, "resync", LSP_ORDER_RESYNC)                                                        \
    ASK(CONTROL, "control", LSP_ORDER_CONTROL)                                                     \
    ASK(DELETE, "delete", LSP_ORDER_DELETE)                                                        \
    ASK(ADOPT, "adopt", LSP_ORDER_ADOPT)                                                           \
    ASK(REOPTIMISE, "reoptimise", LSP_ORDER_KIND_COUNT)

enum lsp_ask {
#define LSP_ASK_ID(id, text, kind) LSP_ASK_##id,
    LSP_ASKS(LSP_ASK_ID)
#undef LSP_ASK_ID
        LSP_ASK_COUNT,
};

/* The argument of ORDER_LSP_ASK; of ORDER_LSP_DELETE, where `ask` is DELETE: that is kept before it
 * is answered, where a store is configured. */
struct lsp_asking {
    struct lsp_name name;
    enum lsp_ask ask;
    bool is_found;          /* else there is no such LSP */
    enum pce_status status; /* of the order, once the LSP is found */
    const char *reason;     /* why not: static text; NULL: it was taken */
    uint64_t order_id;      /* 0: what was asked is no order to the PCC, or not yet */
    struct deletion_ask deletion;
};

/* The argument of ORDER_LSP_BIND (RFC 9604). */
struct lsp_binding_ask {
    struct lsp_name name;
    struct lsp_binding binding;
    bool is_found;
    enum pce_status status; /* once the LSP is found */
    const char *reason;     /* why not: static text */
    uint64_t order_id;
};

/* The argument of ORDER_PCC_RESYNC: all LSPs of one PCC (RFC 8232 6.2). */
struct pcc_resync {
    struct ip address;
    enum pce_status status;
    const char *reason;
    uint64_t order_id;
};

/* One order as it was when the shard looked. */
struct lsp_order_view {
    uint32_t shard;
    uint64_t id;
    struct ip pcc;
    uint8_t kind;        /* enum lsp_order_kind */
    uint8_t state;       /* enum lsp_order_state */
    uint8_t who;         /* enum lsp_order_who */
    uint8_t operational; /* enum pcep_lsp_operational, of the last report */
    uint8_t error_type;  /* of the PCErr; 0: none */
    uint8_t error_value;
    bool has_delegation;
    bool has_other_path;
    uint32_t srp_id;
    uint32_t tries;
    const char *reason; /* static text, or NULL */
    uint64_t submitted_ns;
    uint64_t ended_ns; /* ago; UINT64_MAX: it has not ended */
    uint8_t name_size;
    char name[LSP_NAME_MAX];
};

/* The argument of VIEW_LSP_ORDER. */
struct lsp_order_lookup {
    uint64_t id;
    bool is_found;
    struct lsp_order_view view;
};

/* The argument of VIEW_LSP_ORDER_LIST: by their ids, the newest first. */
struct lsp_order_list {
    struct view_page page; /* of struct lsp_order_view; place: ids below */
    struct ip pcc;         /* IP_NONE: all PCCs */
};

#endif
