/* Batch: the requests of one PCReq.
 *
 * All are read first, and those that are refused get their PCErr. The others are answered at once
 * while that is nobody's loss; what is too long to be computed here, or finds the turn's work used
 * up, waits (wait.h).
 *
 * Thread: the owning shard. Owns: nothing. Bound: the arena, for what is read; the queue's limits,
 * for what waits. */
#ifndef PCED_CORE_REQUESTS_BATCH_H
#define PCED_CORE_REQUESTS_BATCH_H

#include "core/pcep/grammar.h"
#include "core/requests/requests.h"

/* Answers them with responses in PCReps or with PCErrs (RFC 5440 6.4, 6.5). The list is that of the
 * message. PCE_LIMIT: the arena does not hold what the message asks; what was not answered is
 * dropped. */
PCE_MUST_CHECK enum pce_status batch_take(struct request_context *context, struct session *session,
                                          const struct pcep_message *message,
                                          const struct pcep_request_list *list);

#endif
