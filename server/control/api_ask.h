/* Ask: one request of an operator that shards have to answer.
 *
 * An ask has one envelope, which goes to a shard and comes back, as often as its kind wants: for a
 * list it walks over one shard after the other. What is asked is the kind's business: the endpoint
 * that begins an ask embeds it beside the argument of the envelope.
 *
 * Thread: the control thread. Owns: the asks that were started, with their envelopes, also while a
 * shard works on them.
 * Bound: one envelope out at a time for each ask, and one of each class for each shard, so that
 * so many answers of each shard are all that come at once; API_WAIT_MS for each envelope. Views do not
 * wait for orders, whose outcome may take its time (ORDERS_LATER). */
#ifndef PCED_SERVER_CONTROL_API_ASK_H
#define PCED_SERVER_CONTROL_API_ASK_H

#include "core/base/list.h"
#include "core/base/mono.h"
#include "io/net/listener.h"
#include "server/control/http.h"
#include "server/northbound/envelope.h"
#include "server/shard/shared.h"

#define API_WAIT_MS 5000

struct ask;

struct ask_kind {
    /* Before each time that the envelope goes out. NULL: there is nothing to do. */
    void (*prepare)(struct ask *ask);
    /* Takes what has come, and aims at what is next. True: the answer is whole. NULL: it always is.
     */
    bool (*take)(struct ask *ask);
    /* Answers the request. NULL: of asks that have none. */
    void (*answer)(struct ask *ask);
    /* Frees the ask, and what is the endpoint's of it. */
    void (*destroy)(struct ask *ask);
};

/* The endpoint sets `kind`, the envelope's what, argument and shard, and shard_end. */
struct ask {
    const struct ask_kind *kind;
    struct envelope envelope;
    uint32_t shard_end; /* of a walk: the shard after the last one */
    struct http_keeper keeper;
    struct http_request *request; /* NULL: none, or it has gone */
    struct list_link link;
    struct mono deadline;
    bool is_out;      /* a shard has the envelope */
    bool is_given_up; /* nobody waits any more */
};

/* All asks of one mailbox. */
struct asks {
    struct shared *shared;
    struct envelope_reply reply_to; /* where shards post envelopes back */
    struct list_link all;
    uint32_t out_count; /* envelopes that shards have */
    bool is_busy[ENVELOPE_CLASS_COUNT][LISTENER_SHARDS_MAX];
};

void asks_init(struct asks *asks, struct shared *shared);
/* Answers all with 503; what shards still have stays listed. */
void asks_end(struct asks *asks);
/* Frees what shards never gave back; after the shards have ended. */
void asks_fini(struct asks *asks);
/* A shard has given the envelope of an ask back. */
void asks_on_answer(struct asks *asks, struct envelope *envelope);
/* Gives up what has waited for too long. */
void asks_on_time(struct asks *asks, struct mono now);

/* Takes the ask over, which answers the request once. request: NULL where the server itself asks;
 * then its end is `destroy`, whole or given up. */
void ask_start(struct asks *asks, struct ask *ask, struct http_request *request);

#endif
