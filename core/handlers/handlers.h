/* Handlers: what a message received in state UP means.
 *
 * A handler reads the decoded message, works on the current snapshot, and writes its answers
 * straight into the session's queue. It holds nothing between two messages.
 *
 * Thread: the owning shard. Owns: nothing.
 * Bound: the work bound of the path engine, for each request. */
#ifndef PCED_CORE_HANDLERS_HANDLERS_H
#define PCED_CORE_HANDLERS_HANDLERS_H

#include "core/base/arena.h"
#include "core/path/path.h"
#include "core/session/session.h"

/* Written by the shard only; read by others relaxed (server/ copies them out).
 * requests = replies_path + replies_no_path + requests_refused + replies_dropped. */
struct handler_counters {
    uint64_t requests;         /* path requests received */
    uint64_t replies_path;     /* answered with a path */
    uint64_t replies_no_path;  /* answered with NO-PATH */
    uint64_t requests_refused; /* answered with PCErr */
    uint64_t replies_dropped;  /* no room in the session's queue */
    uint64_t reports;          /* LSP states reported by PCRpt */
    uint64_t reports_refused;
    uint64_t notifications;
    uint64_t errors; /* PCErr received */
};

struct handler_context;

/* What handlers tell their owner; each may be NULL. None of them may write to the session. */
struct handler_events {
    /* request: source or destination is TED_NONE where the address is unknown (result: PATH_NONE).
     */
    void (*on_reply)(struct handler_context *context, struct session *session, uint32_t request_id,
                     const struct path_request *request, const struct path_result *result);
    /* The one place through which LSP state comes in. */
    void (*on_report)(struct handler_context *context, struct session *session,
                      const struct pcep_object *lsp, const struct pcep_object *ero);
    void (*on_refused)(struct handler_context *context, struct session *session,
                       const struct pcep_fault *fault);
    void (*on_peer_error)(struct handler_context *context, struct session *session,
                          uint8_t error_type, uint8_t error_value);
    void (*on_notification)(struct handler_context *context, struct session *session, uint8_t type,
                            uint8_t value);
    /* The marker that ends the state synchronisation (RFC 8231 5.6); it is not an on_report. */
    void (*on_end_of_sync)(struct handler_context *context, struct session *session);
};

/* One turn of the shard's loop. */
struct handler_context {
    struct arena *arena;
    struct path_engine *engine;
    const struct ted_snapshot *snapshot; /* NULL: no topology is known: NO-PATH, PCE unavailable */
    struct handler_counters *counters;
    const struct handler_events *events;
    void *owner; /* for the events */
    struct mono now;
    uint32_t
        reply_size_max; /* octets of one PCRep; more responses go into the next one, and a
                           response that is longer goes alone. FRR's pathd reads 2,048 at most */
};

/* Dispatches by message type; sends PCErr where the standard names one. The engine's and the
 * session's work for a PCReq is done when it returns. request.h and reply.h (internal) say how each
 * object is taken and what an answer holds. */
void handlers_on_message(struct handler_context *context, struct session *session,
                         const struct pcep_message *message, const struct pcep_fault *fault);

#endif
