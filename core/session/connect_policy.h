/* Connect policy: when to try again to reach a peer that we open sessions to (RFC 5440 4.2.1 and
 * Appendix A: Connect, ConnectMaxRetry).
 *
 * Each attempt has SESSION_CONNECT_S seconds, which the session's own timer keeps (TCPPending).
 * After a failure the next one follows with a delay that doubles each time up to a bound; after
 * CONNECT_RETRIES_MAX retries the round is over, which RFC 5440 calls Idle, and the next round
 * begins after the longest delay. A session that ends soon after it was UP, or never came UP,
 * counts as a failure, so that one that cannot work does not spin.
 *
 * Each delay is shortened by up to a quarter, by a random number of the caller's, so that a server
 * that lost many peers at once does not call them all at once.
 *
 * Thread: the owning shard. Owns: nothing. */
#ifndef PCED_CORE_SESSION_CONNECT_POLICY_H
#define PCED_CORE_SESSION_CONNECT_POLICY_H

#include "core/base/mono.h"

#include <stdbool.h>
#include <stdint.h>

#define CONNECT_RETRIES_MAX 5   /* RFC 5440: ConnectMaxRetry */
#define CONNECT_DELAY_MIN_S 2   /* before the first retry */
#define CONNECT_DELAY_MAX_S 120 /* and between rounds */
#define CONNECT_STABLE_S    60  /* a session that was UP for so long begins anew */

/* All zero: nothing was tried yet. */
struct connect_policy {
    uint8_t retries;      /* RFC 5440: ConnectRetry: in this round */
    uint32_t rounds_over; /* that ended without a session; for the operator */
};

/* The attempt or the session ended; up_since is when it came UP, MONO_NEVER when it did not. Gives
 * the instant of the next attempt. */
struct mono connect_policy_on_end(struct connect_policy *policy, struct mono up_since,
                                  uint32_t random, struct mono now);
/* Whether the state between two attempts is RFC 5440's Idle rather than TCPPending. */
bool connect_policy_is_idle(const struct connect_policy *policy);

#endif
