/* Synced: the requests of a PCReq that a SVEC ties together (RFC 5440 7.13) are computed and answered as
 * a set.
 *
 * While that is nobody's loss they are answered at once. Else they wait, as a PCReq of their own, in a line
 * of the shard: it is read again at its turn, one in each turn of the shard, in the order in which they
 * came, but for those whose peers do not take their answers. The sets for which the turn has no more work
 * go to the end of the line. A turn that they use up is followed by one of the other requests that wait.
 * What finds no room is cancelled (PCNtf 1/2), and so is a waiting PCReq as a whole when its peer cancels
 * one of its requests: the others could not be answered alone (RFC 5440 7.13.3).
 *
 * Thread: the owning shard. Owns: what waits, and the memory of path sets.
 * Bound: SYNCED_OCTETS_MAX of PCReqs that wait, SYNCED_PER_SESSION of them from one session;
 * synced_solve.h for each set. */
#ifndef PCED_CORE_REQUESTS_SYNCED_H
#define PCED_CORE_REQUESTS_SYNCED_H

#include "core/pcep/grammar.h"
#include "core/requests/requests.h"

#define SYNCED_OCTETS_MAX  (UINT32_C(1) << 20)
#define SYNCED_PER_SESSION 32

struct synced_line;

/* NULL when memory ran out. */
struct synced_line *synced_line_create(void);
void synced_line_destroy(struct synced_line *line);
/* Requests that wait. */
uint32_t synced_waiting(const struct synced_line *line);

/* Internal to core/requests. */

/* The tied ones among the sound requests of this message. The context has a line. PCE_LIMIT: the arena is
 * full, or the session takes no more; what was not answered is dropped. */
PCE_MUST_CHECK enum pce_status synced_take(struct request_context *context, struct session *session,
                                           const struct pcep_request_list *list,
                                           struct request_plan *plans, uint32_t count);
/* The next one that waits, if there is work left and it is its turn. Resets the arena. Gives true when
 * more waits. */
bool synced_serve(struct request_context *context);
/* Drops what waits of a session, or of that the PCReqs with one of these request-IDs (ascending). How many
 * requests. */
uint32_t synced_drop(struct synced_line *line, const struct session *session, const uint32_t *ids,
                     uint32_t id_count);

#endif
