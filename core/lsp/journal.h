/* Journal: every change of the LSPs of one shard, in order, for readers that come when they have
 * time: log, event streams, replication. A second one has the sessions of the shard, so that a storm
 * of them pushes out no LSP's.
 *
 * A ring of records with sequence numbers from 1. Each reader has a cursor, the sequence number
 * that it wants next, and holds nobody up: one that comes too late is told how much it has missed
 * and reads the database anew. An LSP that is gone cannot be asked for its name, so that the record
 * of its removal keeps the name, in a ring of octets of its own.
 *
 * Thread: the owning shard. Owns: both rings, from the first record on.
 * Bound: the records that it was given room for; JOURNAL_NAME_OCTETS of names for each. */
#ifndef PCED_CORE_LSP_JOURNAL_H
#define PCED_CORE_LSP_JOURNAL_H

#include "core/base/ip.h"
#include "core/base/status.h"
#include "core/lsp/lsp.h"

#define JOURNAL_NAME_OCTETS 16 /* in the mean: most records have none */

/* CHANGE(name, "what happened", is of an LSP) */
#define LSP_CHANGES(CHANGE)                                                                        \
    CHANGE(LSP_CREATED, "created", true)                                                           \
    CHANGE(LSP_PATH_CHANGED, "path changed", true)                                                 \
    CHANGE(LSP_STATE_CHANGED, "operational state changed", true)                                   \
    CHANGE(LSP_ATTRIBUTES_CHANGED, "attributes changed", true)                                     \
    CHANGE(LSP_ASSOCIATION_CHANGED, "associations changed", true)                                  \
    CHANGE(LSP_DELEGATED, "delegated", true)                                                       \
    CHANGE(LSP_RETURNED, "delegation withdrawn", true)                                             \
    CHANGE(LSP_ORDERED, "order sent", true)                                                        \
    CHANGE(LSP_ORDER_CARRIED_OUT, "order carried out", true)                                       \
    CHANGE(LSP_ORDER_TURNED_DOWN, "order refused", true)                                           \
    CHANGE(LSP_ORDER_UNANSWERED, "order without an answer", true)                                  \
    CHANGE(LSP_CONTESTED, "moved by somebody else", true)                                          \
    CHANGE(LSP_REMOVED, "removed", true)                                                           \
    CHANGE(PCC_UP, "PCC up", false)                                                                \
    CHANGE(PCC_SYNCHRONISED, "PCC synchronised", false)                                            \
    CHANGE(PCC_DOWN, "PCC down", false)                                                            \
    CHANGE(PCC_FORGOTTEN, "PCC forgotten", false)                                                  \
    CHANGE(LSP_PEER_UP, "session up", false)                                                       \
    CHANGE(LSP_PEER_ENDED, "session ended", false)

#define LSP_CHANGE_MEMBER(name, text, is_of_lsp) name,
enum lsp_change { LSP_CHANGES(LSP_CHANGE_MEMBER) LSP_CHANGE_COUNT };
#undef LSP_CHANGE_MEMBER

/* Who brought it about. */
enum lsp_actor {
    LSP_BY_PCC,
    LSP_BY_US,
    LSP_BY_OPERATOR,
    LSP_BY_TIMER,
    LSP_BY_NETWORK,
    LSP_ACTOR_COUNT,
};

struct journal_record {
    uint64_t sequence; /* journal_append fills it in */
    struct mono when;
    struct lsp_handle
        lsp;            /* generation 0: the change is of the PCC, or of an order whose LSP is not
                              known: then the name is kept */
    uint32_t srp_id;    /* of the report or order; 0: none */
    uint8_t change;     /* enum lsp_change */
    uint8_t by;         /* enum lsp_actor */
    uint8_t error_type; /* of a PCErr; 0: none */
    uint8_t error_value;
    uint64_t name_at; /* where journal_name finds the name; of a session: why it has ended */
    uint8_t name_size;
    struct ip pcc;
};

struct journal {
    struct journal_record *records; /* NULL before the first one */
    uint8_t *names;
    uint64_t next;     /* sequence number of the next record */
    uint64_t names_at; /* octets of names that there ever were, gaps at the ring's end included */
    uint64_t lost;     /* records that there was no memory for: the reader is told that it missed */
    uint32_t record_max;
};

void journal_init(struct journal *journal, uint32_t record_max);
void journal_fini(struct journal *journal);

/* Returns the sequence number; name: kept with the record, may be empty. */
uint64_t journal_append(struct journal *journal, const struct journal_record *record,
                        struct wire_span name);
/* The sequence number of the newest record; 0: there was none yet. */
static inline uint64_t journal_last(const struct journal *journal)
{
    return journal->next - 1;
}
/* PCE_OK: *record is the one at *cursor, which goes on by one. PCE_AGAIN: there is no newer one.
 * PCE_LIMIT: *missed records from *cursor on are gone; it is moved to the oldest that is there. */
PCE_MUST_CHECK enum pce_status journal_read(const struct journal *journal, uint64_t *cursor,
                                            struct journal_record *record, uint64_t *missed);
/* The name that was appended with a record; empty when there was none, or newer ones have taken its
 * place. Until the next append. */
struct wire_span journal_name(const struct journal *journal, const struct journal_record *record);

/* "created", "path changed" … */
const char *lsp_change_text(enum lsp_change change);
bool lsp_change_is_of_lsp(enum lsp_change change);
/* "pcc", "us", "operator", "timer", "network". */
const char *lsp_actor_text(enum lsp_actor actor);

#endif
