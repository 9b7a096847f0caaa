/* Intents: the part of a shard that keeps what operators want of its PCCs, has it stored, and
 * reconciled with what the PCCs report (core/intent/reconcile.h).
 *
 *     change            judged here → the store → applied → its asker is told
 *     start             the records of the store, each by the shard of its PCC
 *     journal of LSPs   what has changed is looked at again
 *     network           every path is looked at again
 *     gone              what was to be removed is taken off the record, and that off the store
 *
 * A change is told to its asker only when the store has synced it; one that the store refuses
 * changes nothing here. An asker that hears nothing (the process has ended) does not know.
 *
 * Thread: the shard. Owns: its table of intents, and changes until their askers are told.
 * Bound: limits.intents for all shards together; one change of a PCC at a time; INTENT_CLEANS_MAX
 * records that are cleaned at a time; INTENT_JOURNAL_PER_TURN records read. */
#ifndef PCED_SERVER_INTENT_INTENT_PART_H
#define PCED_SERVER_INTENT_INTENT_PART_H

#include "core/intent/intents.h"
#include "server/shard/part.h"

#define INTENT_CLEANS_MAX       32
#define INTENT_JOURNAL_PER_TURN 4096

struct shard;

extern const struct shard_part intents_part;

/* The table of a shard, for views. */
struct intents *intents_of_shard(const struct shard *shard);

/* ---- changes ---- */

enum intent_outcome {
    INTENT_CREATED,
    INTENT_REPLACED,
    INTENT_DELETED,
    INTENT_ABSENT,   /* there is none to delete */
    INTENT_CLASH,    /* another intent has the LSP of this name */
    INTENT_BUSY,     /* another change for the PCC is under way, or too many wait for the store */
    INTENT_TOO_MANY, /* limits.intents, or too much is still to be removed */
    INTENT_FULL,     /* the store is */
    INTENT_NOT_KEPT, /* there is no store, or it has failed */
};

/* What an operator wants. The caller's, from intents_change until on_done. */
struct intent_change {
    struct ip pcc;
    char name[INTENT_NAME_MAX + 1];
    struct intent *intent; /* NULL: to delete. It is taken over, whatever comes of it */
    bool is_forgotten;     /* of a deletion: without asking the PCC to remove anything */
    void (*on_done)(struct shard *shard, struct intent_change *change);
    void *owner;
    enum intent_outcome outcome;
    char reason[160];
    /* Internal: */
    struct list_link link;
    struct intent_record record;
    uint64_t tag;
    bool has_place; /* of limits.intents: there is no entry yet */
    bool is_kept;   /* in the store: to be applied as soon as there is memory */
    bool is_new;
};

/* on_done follows, now or later; never, when the shard ends before. */
void intents_change(struct shard *shard, struct intent_change *change);

#endif
