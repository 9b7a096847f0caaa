/* Handlers: what a message received in state UP means.
 *
 * A handler reads the decoded message, works on the current snapshot, and writes its answers
 * straight into the session's queue. Between two messages nothing is held but the path requests
 * that found the turn's work used up, and those that take more than a turn has: they wait in the
 * context's queue (request_queue.h), and handlers_serve answers them in later turns, the latter
 * with what other threads have computed (offload.h).
 *
 *     a turn begins          work_left = HANDLERS_WORK_PER_TURN; limits and snapshot are set
 *     octets come            … handlers_on_octets, handlers_defer, and where both say no,
 *                            handlers_on_message
 *     input is done          handlers_serve; true: the next turn must not wait for anything
 *     a computation is back  handlers_on_computed
 *     a session leaves UP    handlers_forget_session
 *     may_answer holds again handlers_resume_session
 *
 * Thread: the owning shard. Owns: nothing.
 * Bound: the work bound of the path engine, for each request; the turn's work, overrun by one
 * request at most; the queue's limits. */
#ifndef PCED_CORE_HANDLERS_HANDLERS_H
#define PCED_CORE_HANDLERS_HANDLERS_H

#include "core/base/arena.h"
#include "core/path/path.h"
#include "core/pcep/grammar.h"
#include "core/requests/reply_cache.h"
#include "core/requests/request_queue.h"
#include "core/session/session.h"

/* Written by the shard only; read by others relaxed (server/ copies them out).
 * requests = replies_path + replies_no_path + requests_refused + replies_dropped +
 * requests_cancelled + requests_over_limit + requests_unserved + requests_gone + those that wait.
 */
struct handler_counters {
    uint64_t requests;             /* path requests received */
    uint64_t replies_path;         /* answered with a path */
    uint64_t replies_no_path;      /* answered with NO-PATH */
    uint64_t replies_cached;       /* of these two: from the cache of replies */
    uint64_t requests_refused;     /* answered with PCErr */
    uint64_t replies_dropped;      /* no room in the session's queue */
    uint64_t replies_unfit;        /* messages with answers counted above that were larger than we
                                      had worked out, and were not sent: our bug */
    uint64_t requests_queued;      /* had to wait for a later turn */
    uint64_t requests_coalesced;   /* waited for a computation that another one had begun */
    uint64_t computations;         /* given to other threads */
    uint64_t computations_refused; /* no other thread took them then: tried again */
    uint64_t requests_cancelled;   /* while they waited, by the peer's PCNtf 1/1 */
    uint64_t requests_over_limit;  /* cancelled by PCNtf 1/2: the peer had in_flight_max */
    uint64_t requests_unserved;    /* cancelled by PCNtf 1/2: no memory was left for them */
    uint64_t requests_gone;        /* dropped: their session went */
    uint64_t congestions;
    uint64_t overloads_told;     /* PCNtf 2/1 sent */
    uint64_t overload_ends_told; /* PCNtf 2/2 sent */
    uint64_t reports;            /* LSP states reported by PCRpt */
    uint64_t reports_refused;
    uint64_t messages_refused; /* as a whole; answers to no request among them */
    uint64_t notifications;
    uint64_t errors; /* PCErr received */
};

struct handler_context;
struct computation;
struct computation_table;

/* What handlers tell their owner; each may be NULL. None of them may write to the session. */
struct handler_events {
    /* request: source or destination is TED_NONE where the address is unknown (result: PATH_NONE).
     */
    void (*on_reply)(struct handler_context *context, struct session *session, uint32_t request_id,
                     const struct path_request *request, const struct path_result *result);
    /* The same, where the answer was known: its note says what on_reply told when it was computed,
     * its response which bounds could not be met. Valid for the call. */
    void (*on_cached_reply)(struct handler_context *context, struct session *session,
                            uint32_t request_id, const struct reply_entry *known);
    /* The one place through which LSP state comes in. */
    void (*on_report)(struct handler_context *context, struct session *session,
                      const struct pcep_lsp_state *report);
    void (*on_refused)(struct handler_context *context, struct session *session,
                       const struct pcep_fault *fault);
    void (*on_peer_error)(struct handler_context *context, struct session *session,
                          uint8_t error_type, uint8_t error_value);
    void (*on_notification)(struct handler_context *context, struct session *session, uint8_t type,
                            uint8_t value);
    /* Whether a peer still takes its answers; its requests wait until handlers_resume_session says
     * that it does again. NULL: always. */
    bool (*may_answer)(struct handler_context *context, struct session *session);
    /* The marker that ends the state synchronisation (RFC 8231 5.6); it is not an on_report. */
    void (*on_end_of_sync)(struct handler_context *context, struct session *session);
    /* To be computed by another thread (computation.h) and given back through
     * handlers_on_computed. False: nobody takes it now, and it is tried again in the next turn.
     * Must be there when there are computations. */
    bool (*offload)(struct handler_context *context, struct computation *computation);
};

/* One turn of the shard's loop. */
struct handler_context {
    struct arena *arena;
    struct path_engine *engine;
    const struct ted_snapshot *snapshot; /* NULL: no topology is known: NO-PATH, PCE unavailable */
    struct handler_counters *counters;
    const struct handler_events *events;
    void *owner;                 /* for the events */
    struct request_queue *queue; /* NULL: every request is answered at once */
    struct reply_cache *replies; /* NULL: every answer is computed */
    struct request_limits limits;
    struct computation_table *computations; /* NULL: all is computed here, however long it takes */
    uint64_t work_inline; /* steps of the engine for one request, when others may compute what takes
                             more; 0: as if there were no others */
    uint64_t work_left; /* in this turn: steps of the engine, and HANDLERS_REQUEST_WORK a request */
    struct mono now;
    uint32_t
        reply_size_max; /* octets of one PCRep; more responses go into the next one, and a
                           response that is longer goes alone. FRR's pathd reads 2,048 at most */
};

/* A few milliseconds: a Keepalive that is due is not late by more than a turn. */
#define HANDLERS_WORK_PER_TURN UINT64_C(400000)
#define HANDLERS_REQUEST_WORK  100 /* what decoding and answering take, in steps of the engine */

#define HANDLERS_CACHED_WORK 20 /* what an answer from the cache takes */

/* Octets that a session in state UP is about to be given: what answers to the requests among them
 * are known is fetched into the processor's cache. Changes nothing else. */
void handlers_expect(struct handler_context *context, const struct session *session,
                     struct wire_span octets);
/* The same where several sessions are about to be given octets, and these are no more than one
 * whole message: by two calls, all sessions going through the first one before any comes to the
 * second (reply_cache_foresee). 0 or false: no answer is known. */
uint64_t handlers_foresee(const struct handler_context *context, const struct session *session,
                          struct wire_span octets);
bool handlers_foresee_entry(const struct handler_context *context, uint64_t hash);
/* Tries a whole PCReq as it came, in state UP, before it is decoded. True: it is answered, with the
 * octets that handlers_on_message would send, and nothing else is to be done with it. False:
 * nothing has happened. */
bool handlers_on_octets(struct handler_context *context, struct session *session,
                        struct wire_span message);
/* The same of one that has to wait: true: it does, as it came; what is wrong with it is told when
 * it has its turn, and it is decoded but once. False: it is to be decoded and handled as any other
 * message. */
bool handlers_defer(struct handler_context *context, struct session *session,
                    struct wire_span message);
/* Dispatches by message type; sends PCErr where the standard names one. What a PCReq asks is
 * answered when it returns, or waits in the queue: the latter when the turn's work is used up, when
 * others wait already, or when may_answer says no. request.h and reply.h (internal) say how each
 * object is taken and what an answer holds. */
void handlers_on_message(struct handler_context *context, struct session *session,
                         const struct pcep_message *message, const struct pcep_fault *fault);

/* Answers requests that wait, while there is work left; tells peers of overload and its end. To be
 * called in every turn. Resets the arena. Gives true when more waits that could be answered now. */
bool handlers_serve(struct handler_context *context);
/* The session is over: what waits of it is dropped and not computed. Harmless when nothing does. */
void handlers_forget_session(struct handler_context *context, const struct session *session);
/* The peer takes its answers again. Harmless when it was not waited for. */
void handlers_resume_session(struct handler_context *context, const struct session *session);
/* A computation has come back; handlers_serve answers those that wait for it. */
void handlers_on_computed(struct handler_context *context, struct computation *computation);
/* Requests of the session that wait, or are computed elsewhere. */
uint32_t handlers_requests_waiting(struct handler_context *context, const struct session *session);

#endif
