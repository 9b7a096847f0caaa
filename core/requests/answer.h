/* Answer: sound requests of one session are computed one by one, and their responses packed into
 * PCReps (RFC 5440 6.5).
 *
 * Internal to core/requests.
 *
 * Thread: the owning shard. Owns: the PCRep that is open, until answer_finish. While it is, nothing
 * else may be written to any session. */
#ifndef PCED_CORE_REQUESTS_ANSWER_H
#define PCED_CORE_REQUESTS_ANSWER_H

#include "core/requests/request.h"

struct answer {
    struct request_context *context;
    struct session *session;
    bool is_open; /* `writer` holds a PCRep */
    struct wire_writer writer;
    size_t message; /* offset of the PCRep in the writer */
};

/* What an answer says. */
struct answer_result {
    const struct path_result *path;
    const struct ted_hop *hops; /* of a path of strict hops: hops.h */
    bool is_current;            /* computed on the topology of this turn */
};

/* Computes it on the account as it is. Gives false when the request takes more than this shard does itself, or the same is computed
 * elsewhere already: it is to be given to others (offload.h), and there is no result. Else the
 * result is valid until the next call. */
bool answer_compute(struct request_context *context, struct session *session,
                    struct request_plan *plan, struct path_result *result);
/* A PCRep of its own is open from now on, with room for what stands in front of its responses. Gives false
 * when the session's queue takes no more. */
bool answer_begin(struct answer *answer, size_t size);
/* Writes the response into the PCRep that is open while that stays within reply_size_max, else into
 * a new one. is_last: no other is known to follow, so that a new PCRep need not be larger. Gives
 * false when the session's queue takes no more: nothing was written. */
bool answer_write(struct answer *answer, const struct request_plan *plan,
                  const struct answer_result *result, bool is_last);
/* The same of what answer_compute has found. */
bool answer_write_own(struct answer *answer, const struct request_plan *plan,
                      const struct path_result *result, bool is_last);
/* The same of what is known of these objects of a request (cached.h); cached_count is the caller's.
 */
bool answer_write_known(struct answer *answer, const struct reply_entry *known,
                        struct wire_span objects);
/* Sends what is open. */
void answer_finish(struct answer *answer);

/* One PCErr for the faults of one request, counted; too many unknown ones end the session. */
void answer_refuse(struct request_context *context, struct session *session,
                   const struct pcep_fault *faults, uint32_t count);
/* What request_read or entry_read said no to: PCErr, and the end of the session where that is due.
 */
void answer_refuse_plan(struct request_context *context, struct session *session,
                        const struct request_plan *plan, const struct pcep_fault *fault);

#endif
