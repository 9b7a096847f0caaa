/* Views: what may be read of a shard. One row for each: id, name, and what its argument is.
 *
 * A row NAME has its function view_NAME, which fills in the argument and changes nothing that
 * anybody can see.
 *
 * Thread: the shard's. Owns: nothing. Bound: VIEW_BATCH things looked at in one call. */
#ifndef PCED_SERVER_NORTHBOUND_VIEWS_H
#define PCED_SERVER_NORTHBOUND_VIEWS_H

struct shard;

#define VIEWS(VIEW)                                                                                \
    VIEW(SESSION_LIST, session_list)       /* struct session_list */                               \
    VIEW(SESSION, session)                 /* struct session_lookup */                             \
    VIEW(HISTORY, history)                 /* struct history_list */                               \
    VIEW(NO_PATH_LIST, no_path_list)       /* struct no_path_list */                               \
    VIEW(LSP_LIST, lsp_list)               /* struct lsp_list */                                   \
    VIEW(LSP, lsp)                         /* struct lsp_detail */                                 \
    VIEW(PCC_LIST, pcc_list)               /* struct pcc_list */                                   \
    VIEW(LSP_ORDER, lsp_order)             /* struct lsp_order_lookup */                           \
    VIEW(CHANGE_LIST, change_list)         /* struct change_list */                                \
    VIEW(SESSION_CHANGES, session_changes) /* the same, of sessions */                             \
    VIEW(LSP_ORDER_LIST, lsp_order_list)   /* struct lsp_order_list */                             \
    VIEW(INTENT_LIST, intent_list)         /* struct intent_list */                                \
    VIEW(INTENT, intent)                   /* struct intent_detail */                              \
    VIEW(DELETION_LIST, deletion_list)     /* struct deletion_list */                              \
    VIEW(GROUP_LIST, group_list)           /* struct group_list */

enum view_id {
#define VIEW_ID(id, name) VIEW_##id,
    VIEWS(VIEW_ID)
#undef VIEW_ID
        VIEW_COUNT,
};

typedef void view_fn(struct shard *shard, void *argument);

#define VIEW_FUNCTION(id, name) view_fn view_##name;
VIEWS(VIEW_FUNCTION)
#undef VIEW_FUNCTION

#endif
