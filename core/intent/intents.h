/* Intents of one shard: the table, and what has become of each of their LSPs.
 *
 * Whoever owns the table puts records in when the store has them (intents_put), and has them
 * reconciled with what the PCCs report, turn by turn (reconcile.h). An LSP that is to be looked at
 * is on one list; an LSP is looked at again when its PCC, its intent or the network has changed.
 *
 * An *entry* is a record under (PCC, name); its LSPs are those of the intent, and those that are to
 * be removed. A symbolic path name of a PCC is wanted by one entry at most.
 *
 * Thread: the owning shard. Owns: the entries, from intents_put until they are gone.
 * Bound: count_max entries (those of other tables counted by the owner); INTENT_PATHS_MAX and
 * INTENT_REMOVE_MAX LSPs for each. */
#ifndef PCED_CORE_INTENT_INTENTS_H
#define PCED_CORE_INTENT_INTENTS_H

#include "core/base/list.h"
#include "core/base/map.h"
#include "core/base/mono.h"
#include "core/base/wheel.h"
#include "core/intent/intent_attributes.h"
#include "core/intent/intent_counters.h"
#include "core/intent/intent_record.h"
#include "core/intent/intent_state.h"
#include "core/requests/errand.h"

struct intents;

/* A PCC that has intents. */
struct intents_pcc {
    struct map_node by_address;
    struct list_link entries;
    struct intents *intents;
    struct wheel_timer timer; /* its LSPs are looked at again: it has settled, or a pause is over */
    struct mono session;      /* end mark of the session that what was refused is of */
    struct ip address;
};

/* When there was no path for an LSP: it is looked for again on another network, when an operator says
 * it anew, and where others may have let bandwidth go, after a pause. */
struct intent_failure {
    uint64_t serial;  /* of the network; 0: there was a path */
    uint64_t account; /* changes of what LSPs hold */
    struct mono again;
    uint32_t pause_s;
    uint32_t binding;
};

/* What has come of moving an LSP that is there (core/reopt). */
struct intent_lost {
    uint16_t unmet; /* why there is no path for it */
    uint8_t error_type;
    uint8_t error_value;
    const char *reason; /* why it was not moved; NULL: nothing is to be said */
};

/* One LSP that is wanted, or is to be removed. */
struct intent_lsp {
    struct map_node by_name; /* of a PCC */
    struct list_link of_entry;
    struct list_link due; /* of those that are to be looked at, or wait for a thread */
    struct intent_entry *entry;
    const struct intent_path *path; /* NULL: to be removed, and nothing else */
    struct intent_sight sight;      /* what is known, and what has become of it */
    uint64_t order_id;              /* under way; 0: none */
    uint32_t order_binding;         /* `binding` when it was given */
    uint32_t binding;               /* 1 more whenever an operator has said it anew */
    uint64_t asked_digest;         /* attributes that were asked for last; has_asked: it is known */
    uint64_t seen_serial;          /* of the network that it was looked at on last; 0: none */
    uint64_t plan_serial;          /* … that plan_path is of; 0: it is to be made anew */
    uint64_t plan_path;            /* digest of a path that is given hop by hop */
    struct ted_claim claims[2];    /* bandwidth asked for last, and before that; has_claim */
    struct intent_failure failure; /* when there was no path last */
    struct intent_lost lost;       /* what reoptimisation could not do */
    uint64_t sent_serial;          /* is_computing: the network and the binding that it is of */
    uint32_t sent_binding;
    struct mono not_before; /* it is not asked for again earlier */
    struct mono since;      /* of the state */
    struct mono asked;      /* initiated, adopted or deleted last */
    uint32_t tries;         /* of these; an hour of peace ends it */
    bool has_asked;
    bool has_claim;
    bool has_bound;      /* what was asked for last had a binding */
    bool is_settled;     /* it is there, with its attributes: its path may be moved */
    bool is_heavy;       /* on this network its path takes longer than a turn */
    bool is_computing;   /* … and another thread has it */
    bool is_patient;     /* … on whatever network: errand.h */
    bool is_outdated;    /* results have come too late, since it had a path last */
    bool must_go;        /* what is there is removed first: it has other ends, or another colour */
    bool waits_for_path; /* what it was refused for is the way that its PCC has given it */
    uint8_t name_size;
    char name[INTENT_LSP_NAME_MAX + 1];
};

struct intent_entry {
    struct map_node by_key;
    struct list_link of_pcc;
    struct list_link stale; /* of those whose record is to be cleaned */
    struct list_link lsps;  /* struct intent_lsp: of the intent in their order, then removals */
    struct intents_pcc *pcc;
    struct intent_record record;
    uint64_t version;       /* 1 more with each record: what a completion is of */
    uint32_t slot;          /* in the table of slots: a cursor over all */
    const char *unreadable; /* static text: the record cannot be read, and is kept; NULL: it can */
    char name[INTENT_NAME_MAX + 1];
};

struct intents {
    struct map by_key;
    struct map by_lsp;
    struct map pccs;
    struct list_link due;    /* LSPs to look at */
    struct list_link heavy;  /* LSPs that wait for room at the compute threads */
    struct errands *errands; /* NULL: there are no other threads */
    struct wheel *wheel;
    struct intent_entry **slots; /* NULL: free */
    uint32_t slot_count;
    uint32_t slots_max;
    uint32_t slot_hint; /* none before it is free */
    uint32_t walk;      /* slots from here on have not seen the network yet */
    uint64_t serial;
    struct list_link stale; /* entries whose record is to be cleaned */
    struct intent_counters counters;
    uint8_t attributes[INTENT_ATTRIBUTES_SIZE]; /* of the LSP that reoptimisation asked about */
};

void intents_init(struct intents *intents, struct wheel *wheel);
void intents_fini(struct intents *intents);

/* NULL: there is none. */
struct intent_entry *intents_find(struct intents *intents, const struct ip *pcc, const char *name);
struct intent_lsp *intents_find_lsp(struct intents *intents, const struct ip *pcc,
                                    struct wire_span name);
struct intents_pcc *intents_find_pcc(struct intents *intents, const struct ip *pcc);
/* The first entry from *slot on, which becomes the cursor; NULL: there are no more. */
struct intent_entry *intents_next(const struct intents *intents, uint32_t *slot);

/* The name of an LSP of this intent that another entry wants already, or is to remove; NULL. */
const char *intents_clash(struct intents *intents, const struct intent *intent);
/* Another intent of the PCC with a candidate path of the same policy and preference, which tells the
 * candidate paths of a policy apart (RFC 9256 2.5): its name; NULL: there is none. */
const char *intents_policy_clash(struct intents *intents, const struct intent *intent);
/* What the record of an intent is to be when this one replaces what is there: its own LSPs, and
 * those that are to be removed. intent: NULL to delete; it stays the caller's and is in *record
 * only as a pointer. PCE_LIMIT: too much is still to be removed. */
PCE_MUST_CHECK enum pce_status intents_compose(struct intents *intents, const struct ip *pcc,
                                               const char *name, struct intent *intent,
                                               struct intent_record *record);

/* The record is in the store: the table takes over what it owns, and leaves it empty. A record of
 * nothing removes the entry. PCE_NO_MEMORY: record and entry stay as they were. PCE_EXISTS: another
 * entry has one of its LSPs. */
PCE_MUST_CHECK enum pce_status intents_put(struct intents *intents, const struct ip *pcc,
                                           const char *name, struct intent_record *record,
                                           struct mono now);
/* One that cannot be read: it is kept as it is. */
PCE_MUST_CHECK enum pce_status intents_put_unreadable(struct intents *intents, const struct ip *pcc,
                                                      const char *name, const char *reason);
/* ---- what is to be looked at ---- */

void intents_touch(struct intents *intents, struct intent_lsp *lsp);
/* All LSPs of a PCC; it may have none. */
void intents_touch_pcc(struct intents *intents, const struct ip *pcc);
/* All LSPs of all PCCs: a reader has missed something. */
void intents_touch_all(struct intents *intents);

/* An LSP that was to be removed is gone: off its entry, whose record in the store is stale then. */
void intents_drop_lsp(struct intent_lsp *lsp);
/* What had to be removed before it is made anew is gone: the same for its name. */
void intents_cleared(struct intent_lsp *lsp);
/* Nothing is wanted of the entry, and nothing is to be removed. */
bool intents_is_empty(const struct intent_entry *entry);
/* The entry goes, without a word to the store. */
void intents_drop(struct intents *intents, struct intent_entry *entry);

#endif
