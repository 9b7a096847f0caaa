/* Errand: a path that a part of the shard needs for a thing of its own - an LSP, an intent - or
 * another task (a group of LSPs), that takes longer than a turn: other threads compute it, as they do for path requests
 * (computation.h).
 *
 *     errands_send       the request of a thing, named by a tag, is on its way; what is asked
 *                        already for another thing is asked once
 *     errands_find       what is computed for a thing now
 *     errands_forget     the thing is gone, or asks for something else now: nothing comes back
 *     errands_on_back    a computation has come back
 *     errands_next       … the next thing whose result is there
 *
 * A result is of the network, and of the thing, as they were when it was sent: errand_is_current
 * says whether its indexes are those of the snapshot at hand. Bandwidth that it found may be taken
 * meanwhile: who acts on it takes it first (core/ted/reservations.h). What is not current is sent
 * again, patiently (errands_send_patient): from then on a result may be used that holds on the
 * network at hand, though it was found on another one (core/reopt/late.h).
 *
 * Thread: the owning shard. Owns: its errands; the table and its computations are lent.
 * Bound: the table's capacity of computations, ERRANDS_MAX things that wait for one. */
#ifndef PCED_CORE_REQUESTS_ERRAND_H
#define PCED_CORE_REQUESTS_ERRAND_H

#include "core/requests/computation.h"

#define ERRANDS_MAX 1024

/* One thing that waits. */
struct errand {
    struct list_link link; /* of its computation's entries, or of those that are free */
    struct computation *computation;
    uint64_t tag;
};

struct errands {
    struct computation_table *table; /* NULL: there are no other threads */
    /* Gives it to a thread; false: none takes it now. */
    bool (*give)(void *owner, struct computation *computation);
    void *owner;
    struct list_link idle;
    struct errand *all;
    uint32_t count;  /* things that wait */
    uint64_t sent;   /* computations that were given away */
    uint64_t joined; /* things that wait for one that another one has sent */
};

PCE_MUST_CHECK enum pce_status errands_init(struct errands *errands,
                                            struct computation_table *table);
/* What is under way comes back to nobody. */
void errands_fini(struct errands *errands);

/* What the request is shown of the account is copied, but for its table. account: a state of it
 * that results may be shared within (ted_reservations_changes), or 0. PCE_LIMIT: there is no room
 * now; to be tried again when something has come back. A tag must not be under way. */
PCE_MUST_CHECK enum pce_status errands_send(struct errands *errands, uint64_t tag,
                                            const struct path_request *request, uint64_t serial,
                                            uint64_t account);
/* The same of another task, which is the errands' from now on whatever comes of it. is_patient: it is run
 * on whatever network there is. */
PCE_MUST_CHECK enum pce_status errands_send_task(struct errands *errands, uint64_t tag,
                                                 struct computation_task *task, uint64_t serial,
                                                 bool is_patient);
/* The same for a thing whose results have come too late before: it is computed on whatever network
 * there is when its turn comes. snapshot: the one that the request names nodes of. */
PCE_MUST_CHECK enum pce_status errands_send_patient(struct errands *errands, uint64_t tag,
                                                    const struct path_request *request,
                                                    const struct ted_snapshot *snapshot);
/* Whether errands_send may have room. */
bool errands_has_room(const struct errands *errands);
/* NULL: nothing is under way for this tag. */
const struct computation *errands_find(const struct errands *errands, uint64_t tag);
/* Harmless when nothing is under way. */
void errands_forget(struct errands *errands, uint64_t tag);

void errands_on_back(struct errands *errands, struct computation *computation);
/* The result for the next thing, which waits no more; valid until the next call. NULL: there is
 * none. */
const struct computation *errands_next(struct errands *errands, uint64_t *tag);
/* Something is there for errands_next. */
bool errands_is_back(const struct errands *errands);

/* It was computed, for such a request, and on this snapshot. */
static inline bool errand_is_current(const struct computation *computation,
                                     const struct path_request *request, uint64_t serial)
{
    return !computation->is_stale && computation->ran_serial == serial &&
           computation_is_of(computation, request, serial);
}

#endif
