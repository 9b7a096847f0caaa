/* Answer: sound requests of one session are computed one by one, and their responses packed into
 * PCReps (RFC 5440 6.5).
 *
 * Internal to core/handlers.
 *
 * Thread: the owning shard. Owns: the PCRep that is open, until answer_finish. While it is, nothing
 * else may be written to any session. */
#ifndef PCED_CORE_HANDLERS_ANSWER_H
#define PCED_CORE_HANDLERS_ANSWER_H

#include "core/handlers/request.h"

struct answer {
    struct handler_context *context;
    struct session *session;
    bool is_open; /* `writer` holds a PCRep */
    struct wire_writer writer;
    size_t message; /* offset of the PCRep in the writer */
};

/* Computes, and writes the response into the PCRep that is open while that stays within
 * reply_size_max, else into a new one. is_last: no other is known to follow, so that a new PCRep
 * need not be larger. Gives false when the session's queue takes no more: nothing was written. */
bool answer_request(struct answer *answer, const struct request_plan *plan, bool is_last);
/* Sends what is open. */
void answer_finish(struct answer *answer);

/* One PCErr for the faults of one request, counted; too many unknown ones end the session. */
void answer_refuse(struct handler_context *context, struct session *session,
                   const struct pcep_fault *faults, uint32_t count);
/* What request_read said no to: PCErr, and the end of the session where that is due. */
void answer_refuse_plan(struct handler_context *context, struct session *session,
                        const struct request_plan *plan, const struct pcep_fault *fault);

#endif
