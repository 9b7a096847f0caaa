/* Request line: whose turn it is among the sessions whose requests wait for the same thing.
 *
 * A queue has two lines, the requests that are ready to be worked on and those that are known to
 * be heavy and wait for a computation elsewhere; a session may stand in both.
 *
 * The sessions of a line take turns, whatever they have in it, so that the flood of one does not
 * make the others wait. Those whose requests have just begun to wait go first, but for one turn of
 * 64. While the shard is congested the highest priority that waits goes first, and the sessions
 * take turns within it; but each fourth turn goes round as before, because a peer that gives 7 to
 * everything must not starve the rest (RFC 5440 10.7.2).
 *
 * Internal to core/requests.
 *
 * Thread: the owning shard. Owns: nothing; the links are those of sessions' records and entries.
 * Bound: none of its own. */
#ifndef PCED_CORE_REQUESTS_REQUEST_LINE_H
#define PCED_CORE_REQUESTS_REQUEST_LINE_H

#include "core/base/list.h"

#include <stdbool.h>
#include <stdint.h>

#define REQUEST_PRIORITIES   8
#define REQUEST_ANY_PRIORITY REQUEST_PRIORITIES

struct request_line {
    struct list_link turns[REQUEST_PRIORITIES + 1]; /* sessions that had a turn and wait on */
    struct list_link fresh[REQUEST_PRIORITIES + 1]; /* those that had none since they wait */
    uint32_t count;                                 /* entries of sessions that may have turns */
    uint32_t turn;       /* counts those that were given while congested */
    uint32_t fresh_turn; /* counts those that both kinds of sessions could have had */
};

/* What one session has in a line. */
struct request_place {
    struct list_link waiting[REQUEST_PRIORITIES]; /* entries, oldest first */
    struct list_link turns[REQUEST_PRIORITIES];   /* in the line, while such entries wait */
    struct list_link turn;                        /* the same, of REQUEST_ANY_PRIORITY */
    uint32_t count;                               /* of its entries */
};

void request_line_init(struct request_line *line);
void request_place_init(struct request_place *place);
/* Behind a change of what the session has there. may_turn: its entries count and get turns. */
void request_line_place(struct request_line *line, struct request_place *place, bool may_turn);
/* Leaves the line; its entries stay. */
void request_line_leave(struct request_place *place);
/* Whose turn it is, and of which of its priorities; NULL when nobody waits. */
struct request_place *request_line_next(struct request_line *line, bool is_congested,
                                        unsigned *priority);

#endif
