/* The inside of the part, for the files that make it up.
 *
 * Internal to server/intent.
 *
 * Thread: the shard. */
#ifndef PCED_SERVER_INTENT_INTENT_PART_IMPL_H
#define PCED_SERVER_INTENT_INTENT_PART_IMPL_H

#include "core/intent/reconcile.h"
#include "io/os/failure.h"
#include "server/intent/intent_part.h"
#include "server/store/stored.h"

/* A record that the store is to have without what is gone. */
struct intent_clean {
    uint64_t tag; /* 0: free */
    struct ip pcc;
    char name[INTENT_NAME_MAX + 1];
    uint64_t version;
};

struct intents_part {
    struct shard *shard;
    struct intents intents;
    struct errands errands;   /* of the compute threads */
    uint64_t cursor;          /* in the journal of LSPs */
    uint64_t places;          /* of limits.intents: its entries, and those that changes make */
    struct list_link changes; /* struct intent_change: that the store has */
    struct intent_clean cleans[INTENT_CLEANS_MAX];
    uint64_t last_tag;
    struct wheel_timer timer; /* what has failed is tried again */
    bool has_more;
    uint8_t plan[PCEP_MESSAGE_SIZE_MAX];
    struct ted_hop hops[PATH_HOPS_MAX];
};

/* One record for the store. */
struct intent_kept {
    const struct ip *pcc;
    const char *name;
    const struct intent_record *record; /* NULL: none is to be there */
    uint64_t tag;                       /* comes back with the answer */
};
/* The answer is a mail of this shard: its words are tag, status and code. */
PCE_MUST_CHECK enum pce_status intent_store_put(struct intents_part *part,
                                                const struct intent_kept *kept,
                                                struct failure *failure);

/* intent_places.c: what this shard holds of limits.intents is what there is, from here on. */
void intents_settle_places(struct intents_part *part);
/* … is so many, whatever the limit says now: entries of the store come in. */
void intents_hold_places(struct intents_part *part, uint64_t count);

/* intent_change.c */
bool intent_change_is_busy(const struct intents_part *part, const struct ip *pcc);
/* True: the tag was one of a change. */
bool intent_change_on_kept(struct intents_part *part, uint64_t tag,
                           const struct store_result *result);
/* What is kept and had no memory to be applied. */
void intent_change_retry(struct intents_part *part);
/* intent_clean.c */
void intent_clean_turn(struct intents_part *part);
void intent_clean_on_kept(struct intents_part *part, uint64_t tag,
                          const struct store_result *result);

#endif
