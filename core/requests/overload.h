/* Overload: when a shard is congested, and what it tells its peers of that (RFC 5440 7.14, type 2).
 *
 * Congested is a shard whose oldest request has waited for OVERLOAD_HIGH_MS, or whose queue has
 * used half of its memory, or that is late with reports (core/lsp/report_load.h); it is not any more
 * when it is not, no request has waited for OVERLOAD_LOW_MS and three quarters of the memory are
 * free. It stays so for a second at least; twice as long each time that
 * congestions follow each other within OVERLOAD_CALM_S, up to 32 s: the RFC asks for dampening.
 *
 * Who is told: a peer whose request has waited for OVERLOAD_LOW_MS, or was cancelled for lack of
 * room, or who sends reports while these are late, during a congestion: once, with OVERLOADED-DURATION, and again only when that time is over.
 * Peers that do not ask, or are served in time, need not look for another PCE, and all of them
 * going elsewhere would only move the congestion. Each that was told is told the end of it.
 *
 * Internal to core/requests.
 *
 * Thread: the owning shard. Owns: nothing. */
#ifndef PCED_CORE_REQUESTS_OVERLOAD_H
#define PCED_CORE_REQUESTS_OVERLOAD_H

#include "core/requests/requests.h"

#define OVERLOAD_HIGH_MS        1000
#define OVERLOAD_LOW_MS         250
#define OVERLOAD_CALM_S         60
#define OVERLOAD_UNREST_MAX     5  /* congestions of 1, 2, 4 … 32 s */
#define OVERLOAD_DURATION_MAX_S 60 /* that is estimated */
#define OVERLOAD_TELL_MAX       64 /* peers that are told the end of it in one turn */

/* Once a turn: decides, and tells some of those that are to be told the end. */
void overload_update(struct request_context *context);
/* A request of the session has waited for so long. Nothing happens where that is no reason to tell
 * it. No message may be open in the session. */
void overload_on_wait(struct request_context *context, struct session *session, uint64_t waited_ns);
/* A request of the session found no room. */
void overload_on_full(struct request_context *context, struct session *session);

#endif
