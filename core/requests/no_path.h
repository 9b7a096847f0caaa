/* No path: what is done about requests that had none: answers are noted, and what is remembered
 * (no_path_memory.h) is computed again when the topology is another one. Nothing is sent to anybody:
 * PCEP has no message by which a PCE gives an answer that is not asked for.
 *
 * Thread: the owning shard. Owns: nothing.
 * Bound: NO_PATH_WORK_PER_TURN steps of the engine and NO_PATH_LOOKS_PER_TURN slots in one turn, overrun by
 * one request at most, which has NO_PATH_WORK_MAX. */
#ifndef PCED_CORE_REQUESTS_NO_PATH_H
#define PCED_CORE_REQUESTS_NO_PATH_H

#include "core/requests/no_path_memory.h"
#include "core/requests/requests.h"

/* A fraction of what requests have: those who wait for an answer come first. */
#define NO_PATH_WORK_PER_TURN  (REQUESTS_WORK_PER_TURN / 4)
#define NO_PATH_WORK_MAX       REQUESTS_WORK_PER_TURN
#define NO_PATH_LOOKS_PER_TURN 1024

/* For those two below. */
void no_path_take_reply(struct no_path_memory *memory, const struct request_context *context,
                        const struct session *session, const struct request_reply *reply);
void no_path_take_cached_reply(struct no_path_memory *memory, const struct request_context *context,
                               const struct session *session, uint32_t request_id,
                               const struct reply_entry *known);

/* As on_reply of struct request_events. */
static inline void no_path_on_reply(struct no_path_memory *memory,
                                    const struct request_context *context,
                                    const struct session *session,
                                    const struct request_reply *reply)
{
    if (reply->result->outcome != PATH_FOUND || memory->count > 0)
        no_path_take_reply(memory, context, session, reply);
}

/* As on_cached_reply. */
static inline void no_path_on_cached_reply(struct no_path_memory *memory,
                                           const struct request_context *context,
                                           const struct session *session, uint32_t request_id,
                                           const struct reply_entry *known)
{
    if (known->note.outcome != PATH_FOUND || memory->count > 0)
        no_path_take_cached_reply(memory, context, session, request_id, known);
}

/* In every turn while anything is kept: goes on with what is to be computed on the context's
 * topology. Resets the arena. Gives true when there is more to do at once. */
bool no_path_turn(struct no_path_memory *memory, struct request_context *context);

#endif
