/* Ask: one request of an operator that shards have to answer.
 *
 * Thread: the control thread. Owns: its question and views, also while a shard works on them.
 * Bound: one question out at a time for each ask and for each shard. A sorted list goes over all
 * sessions and keeps `limit` of them, and one batch. */
#ifndef PCED_SERVER_CONTROL_API_ASK_H
#define PCED_SERVER_CONTROL_API_ASK_H

#include "server/control/api.h"
#include "server/control/top.h"

struct ask;

/* All views are there. The request is answered by this function; the ask goes afterwards. */
typedef void ask_done_fn(struct ask *ask);

struct ask {
    struct list_link link;
    struct http_request *request; /* NULL when nobody waits any more */
    struct view_question question;
    ask_done_fn *done;
    struct mono deadline;
    bool is_out;        /* a shard has the question */
    bool is_list;       /* goes over the shards from question.shard on, to shard_end */
    uint32_t shard_end; /* 0 before ask_start: all of them */
    uint32_t limit;     /* of views */
    uint32_t count;     /* views that are there */
    struct session_view *views;
    struct history_record *records; /* in their place, of a question for history */
    struct session_view *batch;     /* of a sorted list: what the shard fills; else NULL */
    struct top top;                 /* … and which of all go to which of `views` */
    uint64_t match_count;           /* sessions that match, as far as was asked */
};

/* A new ask for at most `limit` sessions, not yet listed; NULL when memory ran out: that was
 * answered. */
struct ask *ask_create(struct http_request *request, uint32_t limit, ask_done_fn *done);
/* The same for the first so many in the order that its question has. */
struct ask *ask_create_sorted(struct http_request *request, uint32_t limit, ask_done_fn *done);
/* The same for as many records of history. */
struct ask *ask_create_history(struct http_request *request, uint32_t limit, ask_done_fn *done);
void ask_destroy(struct ask *ask);
/* The i-th view of the answer. */
const struct session_view *ask_view(const struct ask *ask, uint32_t i);
/* The question is complete but for where the answer goes. */
void ask_start(struct api *api, struct ask *ask);

#endif
