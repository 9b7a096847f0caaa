/* Part: what a shard does beside its loop, as a row of functions.
 *
 * The shard calls the rows of `shared->parts` and knows none of them by name: peers, their
 * requests, what is asked of a shard. The order of the rows is that of the turn and of the start; a
 * shard ends them the other way round. A new part is a file with a row, and its place in
 * server/parts.c.
 *
 * Thread: the shard of the argument, but for drop_mail (any). Owns: nothing. Bound:
 * SHARD_PARTS_MAX rows. */
#ifndef PCED_SERVER_SHARD_PART_H
#define PCED_SERVER_SHARD_PART_H

#include "core/base/status.h"

#include <stdbool.h>
#include <stdint.h>

#define SHARD_PARTS_MAX 32

struct conn;
struct mail;
struct shard;

/* What others tell a shard. A kind is of one part, or the shard's own. */
enum shard_mail {
    SHARD_MAIL_STOP, /* words[0]: the grace in milliseconds; the shard's own */
    SHARD_MAIL_CONN, /* words[0]: a connected socket whose peer belongs here */
    SHARD_MAIL_SHED, /* your worst peer is the worst of all, and there is too much pending */
    /* pointers[0]: a struct computation of this shard that is done, by who asked (errands.h) */
    SHARD_MAIL_COMPUTED,
    SHARD_MAIL_COMPUTED_LSP,
    SHARD_MAIL_COMPUTED_INTENT,
    SHARD_MAIL_COMPUTED_GROUP,
    SHARD_MAIL_COMPUTED_ASKING,
    SHARD_MAIL_ENVELOPE, /* pointers[0]: a struct envelope to answer */
    SHARD_MAIL_TOPOLOGY, /* another network was published */
    SHARD_MAIL_GROUP,    /* pointers[0]: a struct group_letter, which the part that takes it owns */
    SHARD_MAIL_STORED,   /* the store has answered: words are tag, status and code */
    SHARD_MAIL_LSPS,     /* there are too many LSPs, and some of yours may give way */
    SHARD_MAIL_DELETION, /* the store has answered about a deletion: likewise */
    SHARD_MAIL_ENTITY,   /* octets: of server/peer/entities.c */
    SHARD_MAIL_COUNT,
};

typedef void part_turn_fn(struct shard *shard);
typedef bool part_busy_fn(const struct shard *shard);

/* A function that a part does not need is NULL. All but `init`, `fini` and `drop_mail` run inside
 * the turn's snapshot section (shard_hold). */
struct shard_part {
    const char *name;
    uint32_t mails; /* bits of enum shard_mail */
    /* The shard has its ring, wheel and arena. A refusal is in shard->failure, and `fini` is due
     * all the same. */
    enum pce_status (*init)(struct shard *shard);
    /* Of one of its kinds. */
    void (*on_mail)(struct shard *shard, const struct mail *mail);
    /* Nobody takes it any more: releases what the mail holds. */
    void (*drop_mail)(const struct mail *mail);
    /* A connection that a listener has accepted; one part has this. */
    void (*on_accept)(struct shard *shard, struct conn *conn);
    /* First in a turn, when shard->now and shard->settings are those of the turn; and last: figures
     * that are kept elsewhere go into shard->counters. */
    part_turn_fn *begin_turn;
    part_turn_fn *end_turn;
    /* When what came has been worked on, and timers have fired. */
    part_turn_fn *on_turn;
    /* There is more to do at once: the next turn does not sleep. */
    part_busy_fn *is_busy;
    /* Each turn of a shutdown: ends some of what it has. */
    void (*on_stop)(struct shard *shard);
    /* The connections are gone. */
    void (*fini)(struct shard *shard);
};

/* What the parts have for every turn, in the order of their rows, each list up to its NULL: a turn
 * may have one answer to give, and looking through all rows each time took 200 instructions of it.
 */
struct part_calls {
    part_turn_fn *begin_turn[SHARD_PARTS_MAX + 1];
    part_turn_fn *on_turn[SHARD_PARTS_MAX + 1];
    part_turn_fn *end_turn[SHARD_PARTS_MAX + 1];
    part_busy_fn *is_busy[SHARD_PARTS_MAX + 1];
};

#endif
