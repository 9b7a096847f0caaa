/* Hold check: finds, in a whole configuration, send-hold times that are not longer than the dead
 * timer they stand beside: a healthy peer may be closed before it would count as dead.
 *
 * Thread: the main thread. Owns: nothing. Bound: one finding for the sections, one for each group,
 * and one for all single peers together. */
#ifndef PCED_SERVER_SETTINGS_HOLD_CHECK_H
#define PCED_SERVER_SETTINGS_HOLD_CHECK_H

#include "server/config/config_lists.h"

struct hold_finding {
    char where[160]; /* "session", "peer-groups: NAME", "peers: PREFIX" */
    uint32_t more;   /* other peers of which the same is true */
    uint32_t send_hold_s;
    uint32_t dead_timer_s; /* ours; that of a peer may be longer still */
};

typedef void hold_finding_fn(void *context, const struct hold_finding *finding);

void hold_check(const struct config *config, hold_finding_fn *tell, void *context);
/* "peers: 192.0.2.7 and 3 more: send-hold (60 s) is not longer than dead-timer (120 s)" */
void hold_format(const struct hold_finding *finding, char *text, size_t size);

#endif
