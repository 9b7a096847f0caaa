/* The inside of the part, for the files that make it up.
 *
 * Internal to server/deletion.
 *
 * Thread: the shard. */
#ifndef PCED_SERVER_DELETION_DELETIONS_IMPL_H
#define PCED_SERVER_DELETION_DELETIONS_IMPL_H

#include "io/os/failure.h"
#include "server/deletion/deletions.h"
#include "server/shard/shard.h"

struct deletions {
    struct shard *shard;
    struct map map;
    struct list_link all;
    struct list_link due;
    struct wheel_timer again;
    uint64_t cursor; /* in the journal of LSPs */
    uint64_t last_id;
    bool has_more;
};

struct deletion_key {
    const struct ip *pcc;
    struct wire_span name;
};

/* deletion_table.c */
map_equal_fn deletion_is_equal; /* key: struct deletion_key */
struct deletion *deletion_find(struct deletions *deletions, const struct ip *pcc,
                               struct wire_span name);
/* NULL: no memory. */
struct deletion *deletion_create(struct deletions *deletions, const struct ip *pcc,
                                 struct wire_span name, uint8_t setup_type);
void deletion_destroy(struct deletions *deletions, struct deletion *deletion);
struct wire_span deletion_name(const struct deletion *deletion);
/* To be looked at in a turn. */
void deletion_touch(struct deletions *deletions, struct deletion *deletion);
void deletion_log(const struct deletion *deletion, bool is_over, const char *why);

/* deletion_look.c: what its PCC is asked now. */
void deletion_order(struct deletions *deletions, struct deletion *deletion);
void deletion_look(struct deletions *deletions, struct deletion *deletion);

/* deletion_keep.c */
PCE_MUST_CHECK enum pce_status deletion_keep(struct deletions *deletions, struct deletion *deletion,
                                             struct failure *failure);
/* It is over: the store is told, now or later. */
void deletion_end(struct deletions *deletions, struct deletion *deletion, const char *why);
void deletion_clean(struct deletions *deletions, struct deletion *deletion);
/* In a moment. */
void deletion_clean_later(struct deletions *deletions, struct deletion *deletion);

#endif
