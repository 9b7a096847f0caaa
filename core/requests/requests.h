/* Requests: path requests that wait, are computed, cached and answered.
 *
 * What a PCReq asks is answered on the current snapshot, straight into the session's queue. Between
 * two messages nothing is held but the requests that found the turn's work used up, and those that
 * take more than a turn has: they wait in the context's queue (request_queue.h), and requests_serve
 * answers them in later turns, the latter with what other threads have computed (offload.h).
 *
 *     a turn begins          work_left = REQUESTS_WORK_PER_TURN; limits and snapshot are set
 *     octets come            … requests_on_octets, requests_defer, and where both say no, what a
 *                            PCReq means (core/handlers)
 *     input is done          requests_serve; true: the next turn must not wait for anything
 *     a computation is back  requests_on_computed
 *     a session leaves UP    requests_forget_session
 *     may_answer holds again requests_resume_session
 *
 * Thread: the owning shard. Owns: nothing.
 * Bound: the work bound of the path engine, for each request; the turn's work, overrun by one
 * request at most; the queue's limits. */
#ifndef PCED_CORE_REQUESTS_REQUESTS_H
#define PCED_CORE_REQUESTS_REQUESTS_H

#include "core/base/arena.h"
#include "core/path/path.h"
#include "core/requests/account.h"
#include "core/requests/counters.h"
#include "core/requests/reply_cache.h"
#include "core/requests/request_queue.h"
#include "core/session/session.h"

struct request_context;
struct request_plan;
struct synced_line;
struct computation;
struct computation_table;

/* What an answer was, for those who want to be told of it. */
struct request_reply {
    uint32_t request_id;
    bool is_current; /* computed on the topology of this turn */
    /* source or destination is TED_NONE where the address is unknown (result: PATH_NONE). */
    const struct path_request *request;
    const struct path_result *result;
    const struct request_plan *plan; /* core/requests': what was asked */
};

/* What the requests tell their owner; each may be NULL. None of them may write to the session. */
struct request_events {
    /* The reply is valid for the call. */
    void (*on_reply)(struct request_context *context, struct session *session,
                     const struct request_reply *reply);
    /* The same, where the answer was known: its note says what on_reply told when it was computed,
     * its response which bounds could not be met. Valid for the call. */
    void (*on_cached_reply)(struct request_context *context, struct session *session,
                            uint32_t request_id, const struct reply_entry *known);
    /* A request, or with core/handlers anything else that a peer has sent, got a PCErr. */
    void (*on_refused)(struct request_context *context, struct session *session,
                       const struct pcep_fault *fault);
    /* Whether a peer still takes its answers; its requests wait until requests_resume_session says
     * that it does again. NULL: always. */
    bool (*may_answer)(struct request_context *context, struct session *session);
    /* To be computed by another thread (computation.h) and given back through
     * requests_on_computed. False: nobody takes it now, and it is tried again in the next turn.
     * Must be there when there are computations. */
    bool (*offload)(struct request_context *context, struct computation *computation);
    /* What the LSP holds that a request of this session names; false: nothing that is known. */
    bool (*own_route)(struct request_context *context, struct session *session,
                      const struct request_lsp *lsp, struct request_own *own);
};

/* One turn of the shard's loop. */
struct request_context {
    struct arena *arena;
    struct path_engine *engine;
    const struct ted_snapshot *snapshot; /* NULL: no topology is known: NO-PATH, PCE unavailable */
    struct request_counters *counters;
    const struct request_events *events;
    void *owner;                     /* for the events */
    struct request_queue *queue;     /* NULL: every request is answered at once */
    struct synced_line *synced;      /* NULL: requests that depend on each other are refused */
    struct reply_cache *replies;     /* NULL: every answer is computed */
    struct request_account *account; /* NULL: of bandwidth the snapshot says it all */
    struct request_limits limits;
    struct computation_table *computations; /* NULL: all is computed here, however long it takes */
    uint64_t work_inline; /* steps of the engine for one request, when others may compute what takes
                             more; 0: as if there were no others */
    uint64_t work_left; /* in this turn: steps of the engine, and REQUESTS_WORK_OF_ONE a request */
    struct mono now;
    bool reports_are_late; /* other things come faster than they are taken: as if requests waited */
    uint32_t reply_size_max; /* octets of one PCRep; more responses go into the next one, and a
                           response that is longer goes alone. FRR's pathd reads 2,048 at most */
};

/* Whether there are others to compute for this shard. */
static inline bool requests_may_offload(const struct request_context *context)
{
    return context->computations != NULL && context->work_inline != 0 && context->queue != NULL;
}

/* A few milliseconds: a Keepalive that is due is not late by more than a turn. */
#define REQUESTS_WORK_PER_TURN UINT64_C(400000)
#define REQUESTS_WORK_OF_ONE   100 /* what decoding and answering take, in steps of the engine */
#define REQUESTS_WORK_CACHED   20  /* what an answer from the cache takes */

/* Internal to core/requests. Of the turn's work: the engine's, and that of one request. */
static inline void requests_spend(struct request_context *context, uint64_t work)
{
    work += REQUESTS_WORK_OF_ONE;
    context->work_left -= work < context->work_left ? work : context->work_left;
}

/* Octets that a session in state UP is about to be given: what answers to the requests among them
 * are known is fetched into the processor's cache. Changes nothing else. */
void requests_prefetch_all(struct request_context *context, const struct session *session,
                           struct wire_span octets);
/* The same where several sessions are about to be given octets, and these are no more than one
 * whole message: by two calls, all sessions going through the first one before any comes to the
 * second (reply_cache_prefetch). 0 or false: no answer is known. */
uint64_t requests_prefetch(const struct request_context *context, const struct session *session,
                           struct wire_span octets);
bool requests_prefetch_entry(const struct request_context *context, uint64_t hash);
/* Tries a whole PCReq, whose objects these are as they came, in state UP, before it is decoded.
 * True: it is answered, with the octets that it would be answered with when decoded, and nothing
 * else is to be done with it. False: nothing has happened. */
bool requests_on_octets(struct request_context *context, struct session *session,
                        struct wire_span objects);
/* The same of one that has to wait: true: it does, as it came; what is wrong with it is told when
 * it has its turn, and it is decoded but once. False: it is to be decoded and handled as any other
 * message. */
bool requests_defer(struct request_context *context, struct session *session,
                    struct wire_span objects);

/* Answers requests that wait, while there is work left; tells peers of overload and its end. To be
 * called in every turn. Resets the arena. Gives true when more waits that could be answered now. */
bool requests_serve(struct request_context *context);
/* The session is over: what waits of it is dropped and not computed. Harmless when nothing does. */
void requests_forget_session(struct request_context *context, const struct session *session);
/* The peer takes its answers again. Harmless when it was not waited for. */
void requests_resume_session(struct request_context *context, const struct session *session);
/* The peer does not want these any more (RFC 5440 7.14, PCNtf 1/1): those that wait are dropped.
 * Sorts the IDs. */
void requests_cancel(struct request_context *context, const struct session *session, uint32_t *ids,
                     uint32_t id_count);
/* Reports of the session are part of what comes faster than it is taken, for so long now: it is told
 * of the congestion, as one whose requests wait (overload.h). No message may be open in it. */
void requests_tell_late(struct request_context *context, struct session *session, uint64_t lag_ns);
/* A computation has come back; requests_serve answers those that wait for it. */
void requests_on_computed(struct request_context *context, struct computation *computation);
/* Requests of the session that wait, or are computed elsewhere; but for tied ones (synced.h). */
uint32_t requests_waiting(struct request_context *context, const struct session *session);

#endif
