/* Envelope: what somebody outside asks of a shard, or tells it to do.
 *
 * Whoever has a door for operators fills in an envelope and posts it to a shard: one kind of mail
 * for all of them. The row of `what` answers there, into the argument, and the envelope comes back
 * as mail. A view reads (views.h); an order acts (orders.h); no row does both. An argument is a
 * struct of its row, question and answer in one. A shard never waits for anybody: what the mailbox
 * of reply_to has no room for is posted in a later turn.
 *
 * Not everything that operators want is an envelope: counters and snapshots are read without one.
 *
 * Thread: the poster's until it is posted, the shard's until it comes back. A shard that has ended
 * gives nothing back: what it had is the poster's again when all shards have ended.
 * Owns: nothing. Envelope and argument, with what that points to, are the poster's memory.
 * Bound: a poster has one envelope of each class at most with a shard. A view looks at VIEW_BATCH things for
 * each; a walk over more is as many envelopes. What waits for its mailbox costs the shard no
 * memory. */
#ifndef PCED_SERVER_NORTHBOUND_ENVELOPE_H
#define PCED_SERVER_NORTHBOUND_ENVELOPE_H

#include "core/base/check.h"
#include "io/share/mailbox.h"
#include "server/northbound/orders.h"
#include "server/northbound/views.h"

#define VIEW_BATCH 256

enum envelope_class {
    ENVELOPE_VIEW,
    ENVELOPE_ORDER,
    ENVELOPE_COMPUTATION, /* an order, too, but others do not wait for it */
    ENVELOPE_CLASS_COUNT,
};

struct envelope_what {
    enum envelope_class class;
    union {
        enum view_id view;
        enum order_id order;
    };
};

struct envelope_reply {
    struct mailbox *mailbox;
    uint32_t kind; /* of the mail, whose pointers[0] is the envelope */
};

struct envelope {
    struct envelope_what what;
    void *argument; /* the struct that the row of `what` names */
    void *owner;    /* the poster's */
    struct envelope_reply reply_to;
    uint32_t shard;        /* that it is posted to */
    struct envelope *next; /* the shard's: what waits for its mailbox, too */
};

/* How far a view of many things has come. */
struct view_batch {
    uint32_t room;  /* of rows; > 0 */
    uint32_t count; /* those that were filled */
    bool is_over;   /* nothing comes after them in this shard */
};

/* A page of a list that goes from shard to shard: what the argument of such a view begins with. */
struct view_page {
    struct view_batch batch;
    void *views;    /* batch.room of them, of the list's kind */
    uint64_t place; /* where to begin; afterwards: where to go on */
};

static inline struct view_batch *view_page_begin(struct view_page *page)
{
    CHECK(page->batch.room > 0);
    page->batch.count = 0;
    page->batch.is_over = false;
    return &page->batch;
}

static inline struct envelope_what envelope_view(enum view_id view)
{
    return (struct envelope_what){.class = ENVELOPE_VIEW, .view = view};
}

static inline struct envelope_what envelope_order(enum order_id order)
{
    return (struct envelope_what){.class = ENVELOPE_ORDER, .order = order};
}

static inline struct envelope_what envelope_computation(enum order_id order)
{
    return (struct envelope_what){.class = ENVELOPE_COMPUTATION, .order = order};
}

#endif
