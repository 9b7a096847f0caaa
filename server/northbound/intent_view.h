/* Intent view: what the outside sees of intents, copied by the shard that has them: a list, and one
 * with what has become of each of its LSPs.
 *
 * Thread: the arguments are those of an envelope. Owns: nothing; the views are the poster's memory,
 * but for the text of a detail, which is the poster's to free.
 * Bound: VIEW_BATCH slots looked at for each envelope; INTENT_LSPS_MAX LSPs of one intent. */
#ifndef PCED_SERVER_NORTHBOUND_INTENT_VIEW_H
#define PCED_SERVER_NORTHBOUND_INTENT_VIEW_H

#include "core/intent/intents.h"
#include "server/northbound/address_range.h"
#include "server/northbound/envelope.h"

#define INTENT_LSPS_MAX (INTENT_PATHS_MAX + INTENT_REMOVE_MAX)

/* One LSP of an intent as it was when the shard looked. */
struct intent_lsp_view {
    bool is_wanted; /* else it is being removed */
    uint32_t preference;
    struct intent_sight sight;
    uint64_t order_id;           /* under way; 0: none */
    uint64_t since_ns;           /* of its state */
    struct lsp_binding asked;    /* NONE: nothing */
    struct lsp_binding reported; /* likewise */
    char name[INTENT_LSP_NAME_MAX + 1];
};

struct intent_view {
    struct ip pcc;
    struct ip endpoint; /* IP_NONE: it was deleted, or cannot be read */
    bool has_color;
    uint32_t color;
    uint8_t setup_type;
    uint32_t path_count;
    uint32_t states[INTENT_STATE_COUNT]; /* LSPs in each */
    uint8_t state;                       /* enum intent_state: the one that asks for most */
    bool is_deleted;                     /* its LSPs are being removed */
    const char *unreadable;              /* NULL: it can be read */
    const char *reason;                  /* of an LSP in that state; static text, NULL */
    uint8_t error_type;
    uint8_t error_value;
    char name[INTENT_NAME_MAX + 1];
};

struct intent_filter {
    struct address_range pcc;
    struct address_range endpoint;
    uint8_t state; /* only those with an LSP in it; UINT8_MAX: all */
    bool has_color;
    uint32_t color;
};

/* The argument of VIEW_INTENT_LIST. */
struct intent_list {
    struct view_page page; /* of struct intent_view; place: a slot */
    struct intent_filter filter;
};

/* The argument of VIEW_INTENT. */
struct intent_detail {
    struct ip pcc;
    char name[INTENT_NAME_MAX + 1];
    bool is_found;
    char *text; /* the intent as JSON; NULL: there is none, or no memory */
    struct intent_view view;
    uint32_t lsp_count;
    struct intent_lsp_view lsps[INTENT_LSPS_MAX];
};

#endif
