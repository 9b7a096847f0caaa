/* The inside of the database, for the files that make it up.
 *
 * Thread: the owning shard. */
#ifndef PCED_CORE_LSP_LSP_DB_IMPL_H
#define PCED_CORE_LSP_LSP_DB_IMPL_H

#include "core/lsp/lsp_db.h"

/* A change and who has brought it about. */
struct lsp_cause {
    struct mono now;
    uint32_t srp_id;
    uint8_t by;         /* enum lsp_actor */
    uint8_t error_type; /* of a PCErr; 0: none */
    uint8_t error_value;
};

/* Into journal and history, and told. lsp NULL: of the PCC. */
void lsp_db_note(struct lsp_db *db, struct lsp_pcc *pcc, struct lsp *lsp, enum lsp_change change,
                 const struct lsp_cause *cause);
/* Memory that is counted (lsp_memory.c), of a PCC's LSPs; pcc NULL: of a group. NULL: none. */
void *lsp_db_alloc(struct lsp_db *db, struct lsp_pcc *pcc, size_t size);
void lsp_db_free(struct lsp_db *db, struct lsp_pcc *pcc, void *memory, size_t size);

/* What is about to be taken for a report. */
struct lsp_need {
    struct lsp_pcc *pcc;
    const struct lsp *lsp; /* NULL: a new one */
    size_t size;           /* octets more than are counted by now */
    size_t freed;          /* … that are let go for them */
};

/* Whether there is room for it: LSP_LIMIT_COUNT, or the limit in the way. */
enum lsp_limit lsp_db_room(const struct lsp_db *db, const struct lsp_need *need);
/* The same, after what is stale has given way where that helps (lsp_room.c). */
enum lsp_limit lsp_db_make_room(struct lsp_db *db, const struct lsp_need *need, struct mono now);
/* A bounded part of what is of PCCs without a session, while all shards have too much. */
void lsp_db_give_way(struct lsp_db *db, struct mono now);
/* Tells and counts the limit. */
void lsp_db_hit(struct lsp_db *db, struct lsp_pcc *pcc, enum lsp_limit limit);

/* The LSP goes, with all that belongs to it. */
void lsp_db_remove(struct lsp_db *db, struct lsp *lsp, const struct lsp_cause *cause);
/* The PCC goes when it has neither session nor LSPs; true: it is gone. */
bool lsp_db_forget_if_idle(struct lsp_db *db, struct lsp_pcc *pcc, struct mono now);
wheel_fire_fn lsp_pcc_on_time;
/* Counts an LSP in (sign 1) or out (-1) of the gauges that its state decides. */
void lsp_db_gauge(struct lsp_db *db, const struct lsp *lsp, int sign);
/* It has been reported: no longer stale, last in its PCC's list. */
void lsp_db_refresh(struct lsp_db *db, struct lsp *lsp);

/* lsp_trigger.c */
wheel_fire_fn lsp_db_on_ask_again;
/* It is neither waiting to be asked nor at it any more. */
void lsp_db_stop_asking(struct lsp_db *db, struct lsp_pcc *pcc);

#endif
