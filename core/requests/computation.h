/* Computation: a path request that is too long for a turn of its shard, and that another thread
 * computes; or another task that is, of which the computation is the way there and back. Those of the shard that ask the same wait for it together: their entries (of path
 * requests, request_queue.h; of all others, errand.h) are on its list, and each is served from the
 * one result. Each kind of asker has a table of its own, so that none takes another one's room.
 *
 *     shard              begin, join … leave …                        take, end
 *     other thread                     run
 *
 * The result holds for the topology that it was computed on: what an answer says of the links, the
 * addresses of the hops, is taken from that snapshot and kept, so that the topology may be replaced
 * before the answer is encoded. A computation that has not begun when its topology is replaced is
 * not run, because the indexes of its nodes are of that topology: `is_stale`, and its requests are
 * read again; but for one that is *patient*, which is run on whatever topology there is, so that who
 * asks gets a result though topologies are replaced faster than computations are begun. What LSPs hold may change meanwhile, and is seen as it is; but who asks on another
 * state of the account than that which it was begun on gets a computation of its own, and so does
 * who has something of its own there.
 *
 * Internal to core/requests, but for those who give computations to threads; others ask by errands.
 *
 * Thread: the owning shard; computation_run: the one that has the computation, which between its
 * begin and its arrival in requests_on_computed is not the shard. Owns: the table owns all
 * computations; a computation owns its result. Bound: the table's capacity. */
#ifndef PCED_CORE_REQUESTS_COMPUTATION_H
#define PCED_CORE_REQUESTS_COMPUTATION_H

#include "core/base/list.h"
#include "core/base/status.h"
#include "core/path/avoid.h"
#include "core/requests/account.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

/* Whose table it is. */
enum computation_asker {
    COMPUTATION_OF_REQUESTS,
    COMPUTATION_OF_REOPT,
    COMPUTATION_OF_INTENTS,
    COMPUTATION_OF_GROUPS,
    COMPUTATION_OF_OPERATORS,
    COMPUTATION_ASKERS
};

/* What is computed instead of a path. It holds what it reads, but for the snapshot of the serial
 * number that it was sent with, and what comes of it. */
struct computation_task {
    /* On the thread that has it. */
    void (*run)(struct computation_task *task, struct path_engine *engine,
                const struct ted_snapshot *snapshot);
    /* It was looked at, or nobody wants it any more: frees it. */
    void (*drop)(struct computation_task *task);
};

struct computation {
    /* The shard's. */
    struct list_link link;    /* in one of the table's lists */
    struct list_link entries; /* that wait for it; none: nobody wants it any more */
    /* Set before it is handed over; then constant until it comes back. */
    uint32_t lane; /* the owner's: whose it is */
    enum computation_asker asker;
    uint64_t hash;
    uint64_t serial;               /* of the snapshot whose indexes the request names */
    uint64_t account;              /* state of it; 0: it has no say */
    struct computation_task *task; /* NULL: the path of `request` */
    struct path_request request;
    struct path_reservations reservations; /* that the request is shown, if any */
    /* Links that the request would keep off, by their numbers; past the last that has room they are no wish. */
    uint32_t undesired_count;
    uint32_t undesired[REQUEST_UNDESIRED_MAX];
    bool is_patient;
    struct ip ends[2]; /* … then: router ids of both ends */
    /* The shard writes it, the other thread looks at it before it begins. */
    _Atomic bool is_unwanted;
    /* Of the thread that has it. */
    bool is_stale;             /* nothing was computed */
    uint64_t ran_serial;       /* of the snapshot that it was computed on */
    uint32_t ran_turn;         /* … the turn in which its links were numbered; 0: they were not */
    uint32_t ran_ends[2];      /* nodes of that one: what `request` names may be another's */
    struct path_result result; /* links and sids are those below; they, too, name by `serial` */
    uint32_t links[PATH_HOPS_MAX];
    struct ted_hop hops[PATH_HOPS_MAX]; /* result.link_count, where the setup is RSVP-TE */
    struct path_sid sids[PATH_SIDS_MAX];
    uint32_t own_links[REQUEST_OWN_LINKS_MAX]; /* of `reservations` */
    uint32_t
        own_numbers[REQUEST_OWN_LINKS_MAX];  /* is_patient: the same by numbers (link_numbers.h) */
    uint32_t ran_own[REQUEST_OWN_LINKS_MAX]; /* … as they are on the snapshot of ran_serial */
};

struct computation_table {
    struct list_link idle;
    struct list_link running; /* with another thread */
    struct list_link done;    /* back, with entries to be answered */
    uint32_t capacity;        /* of all */
    uint32_t busy_count;      /* that are not idle */
    struct computation *all;
};

/* capacity computations at a time, lane and asker of each set; NULL when memory ran out. */
struct computation_table *computation_table_create(uint32_t capacity, uint32_t lane,
                                                   enum computation_asker asker);
/* No thread may have any of them. */
void computation_table_destroy(struct computation_table *table);

static inline bool computation_has_room(const struct computation_table *table)
{
    return !list_is_empty(&table->idle);
}

/* The one of this request that runs or is done; NULL when it neither is computed nor just has been.
 */
struct computation *computation_find(const struct computation_table *table,
                                     const struct path_request *request, uint64_t serial,
                                     uint64_t account);
/* There must be room. The task is the computation's until its end. */
struct computation *computation_begin_task(struct computation_table *table,
                                           struct computation_task *task, uint64_t serial);
/* Whether it is that of such a request, whatever either is shown of the account. */
bool computation_is_of(const struct computation *computation, const struct path_request *request,
                       uint64_t serial);
/* The same on whatever topology, and wherever the nodes of the ends stand there. */
bool computation_asks(const struct computation *computation, const struct path_request *request);
/* There must be room. What the request is shown of the account is copied, but for its table, and so are the
 * links of its undesired set. */
struct computation *computation_begin(struct computation_table *table,
                                      const struct path_request *request, uint64_t serial,
                                      uint64_t account);
/* Before it is given away. snapshot: that of its serial. */
void computation_be_patient(struct computation *computation, const struct ted_snapshot *snapshot);
void computation_join(struct computation *computation, struct list_link *entry);
/* Harmless when the entry is on no list. */
void computation_leave(struct computation *computation, struct list_link *entry);
/* It has come back. */
void computation_finish(struct computation_table *table, struct computation *computation);
/* The first that is done; NULL when there is none. */
struct computation *computation_first_done(const struct computation_table *table);
/* No entry is left. */
void computation_end(struct computation_table *table, struct computation *computation);

/* On the thread that has it; snapshot: what is published now, or NULL. */
void computation_run(struct computation *computation, struct path_engine *engine,
                     const struct ted_snapshot *snapshot);

#endif
