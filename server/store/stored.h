/* Stored: the records of the server that survive it, by kind and name, in a store of io/store.
 *
 * What an order changes is one commit: all of it is kept or nothing, and the asker is answered when
 * it is synced (struct store_reply; the answer comes on the store's thread). What a record says is
 * for those who made it: here it is octets.
 *
 * A struct stored * may be NULL: no store is configured. Then commits are refused with that reason,
 * a walk finds nothing, and all figures are 0.
 *
 * Thread: stored_commit, stored_explain and stored_figures by any, the
 * rest by the main thread; stored_walk before stored_start. Owns: the store. Bound: the rows of
 * record_kinds.h, STORED_NAME_SIZE_MAX, and what io/store/store.h bounds. */
#ifndef PCED_SERVER_STORE_STORED_H
#define PCED_SERVER_STORE_STORED_H

#include "io/store/store.h"
#include "server/config/config.h"
#include "server/store/record_kinds.h"

#define STORED_NAME_SIZE_MAX 480 /* octets; a key is a kind's prefix and a name */

struct stored;

struct stored_change {
    enum record_kind kind;
    struct wire_span name;
    struct wire_span octets; /* not looked at when it is a deletion */
    bool is_delete;
};

/* Opens what the configuration names; *stored is NULL where it names nothing. A store that cannot
 * be opened is left as it is, and the text says why and what to do. */
PCE_MUST_CHECK enum pce_status stored_open(const struct config_store *config,
                                           struct stored **stored, struct failure *failure);
/* Whether that could succeed; makes nothing. */
PCE_MUST_CHECK enum pce_status stored_probe(const struct config_store *config,
                                            struct failure *failure);

/* Name and octets are valid during the call. What is not PCE_OK ends the walk and is given back. */
typedef enum pce_status stored_visit_fn(void *context, struct wire_span name,
                                        struct wire_span octets);
/* All records of the kind, in the order of their names. */
PCE_MUST_CHECK enum pce_status stored_walk(struct stored *stored, enum record_kind kind,
                                           stored_visit_fn *visit, void *context,
                                           struct failure *failure);

PCE_MUST_CHECK enum pce_status stored_start(struct stored *stored, struct failure *failure);
/* Writes what waits. Nobody may commit any more; askers are answered until it returns. */
void stored_close(struct stored *stored);

/* A set of changes, each of another record. PCE_OK: it is on its way, an answer comes. Otherwise
 * nothing was taken and the text says why: PCE_UNSUPPORTED: there is no store; PCE_LIMIT: too large,
 * too many, or too many that wait; PCE_INVALID: a name. */
struct stored_order {
    const struct stored_change *changes;
    unsigned count; /* 1 to STORE_BATCH_CHANGES_MAX */
};
PCE_MUST_CHECK enum pce_status stored_commit(struct stored *stored,
                                             const struct stored_order *order,
                                             const struct store_reply *done,
                                             struct failure *failure);

/* Why an answer was not PCE_OK. */
void stored_explain(const struct stored *stored, const struct store_result *result,
                    struct failure *failure);
struct store_figures stored_figures(const struct stored *stored);

const char *record_kind_text(enum record_kind kind);

#endif
