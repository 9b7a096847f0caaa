/* Deletions: LSPs that an operator has had deleted, kept until their PCC has none of them.
 *
 *     ask        the store has it → an order to the PCC (core/lsp/order.h) → its asker is told
 *     start      the records of the store, each by the shard of its PCC
 *     the PCC has synchronised    the LSP is there: ordered again; it is not: the deletion is over
 *     the order has ended         gone: over; refused: again in the PCC's next session
 *     over, or forgotten          the record is taken off the store
 *
 * An order of deletion lasts as long as its lane, and is tried so many times; what is kept here
 * outlives the PCC's record and the process. An LSP that an intent wants, or that its PCC says is
 * its own (PCErr 19/9), is not deleted any more.
 *
 * Where no store is configured nothing is kept, and a deletion is an order and no more.
 *
 * Thread: the shard. Owns: its deletions; an ask is its asker's. Bound: so many records of the kind
 * as the store takes (record_kinds.h); DELETION_JOURNAL_PER_TURN records of the journal read and
 * DELETIONS_PER_TURN deletions looked at. */
#ifndef PCED_SERVER_DELETION_DELETIONS_H
#define PCED_SERVER_DELETION_DELETIONS_H

#include "core/base/ip.h"
#include "core/base/list.h"
#include "core/base/map.h"
#include "core/lsp/lsp.h"
#include "server/shard/part.h"

#define DELETION_JOURNAL_PER_TURN 4096
#define DELETIONS_PER_TURN        256
#define DELETION_AGAIN_S          1 /* what the store or the orders had no place for */

struct shard;

extern const struct shard_part deletions_part;

enum deletion_state {
    DELETION_KEEPING,  /* on its way to the store */
    DELETION_WAITING,  /* for the PCC's session, or for place */
    DELETION_ORDERED,  /* an order is under way */
    DELETION_REFUSED,  /* by the PCC in this session, or by what the session can be asked */
    DELETION_CLEANING, /* over: the store is to be without it */
    DELETION_STATE_COUNT,
};

struct deletion_ask;

struct deletion {
    struct map_node node;     /* by PCC and name */
    struct list_link link;    /* of all, by id */
    struct list_link due;     /* of those to look at */
    struct deletion_ask *ask; /* who waits to hear of it, or NULL */
    struct mono since;        /* as far as this process knows */
    const char *reason;       /* of a refusal: static text; NULL: none */
    uint64_t order_id;        /* 0: none yet */
    uint64_t id;              /* of this process */
    bool is_at_store;         /* an answer of the store comes */
    uint32_t refused_in;      /* number of the PCC's session */
    struct ip pcc;
    uint8_t state; /* enum deletion_state */
    uint8_t setup_type;
    uint8_t error_type; /* of the last PCErr; 0: none */
    uint8_t error_value;
    uint8_t name_size;
    char name[LSP_NAME_MAX];
};

/* What an operator asks for: the asker's, until on_done. */
struct deletion_ask {
    void (*on_done)(struct shard *shard, struct deletion_ask *ask);
    void *owner;
    enum pce_status status;
    uint64_t order_id; /* 0: the PCC cannot be asked now; it will be */
    char reason[160];  /* why not */
};

/* Whether deletions are kept: a store is configured. */
bool deletions_are_kept(const struct shard *shard);
/* The LSP is to be deleted; on_done follows, now or later, but not when the shard ends before. It
 * may be asked for again: the PCC is asked again then. */
void deletions_ask(struct shard *shard, const struct lsp *lsp, struct deletion_ask *ask);
/* It is not to be deleted any more; what was sent to the PCC stays sent. PCE_NOT_FOUND: there is
 * none. PCE_AGAIN: the store has not answered yet. */
PCE_MUST_CHECK enum pce_status deletions_forget(struct shard *shard, const struct ip *pcc,
                                                struct wire_span name);
/* The first one with an id above; NULL: there are no more. */
const struct deletion *deletions_next(const struct shard *shard, uint64_t id);

const char *deletion_state_text(enum deletion_state state);

#endif
