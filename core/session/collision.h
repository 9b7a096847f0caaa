/* Collision: two connections with one peer, of which one may live (RFC 5440 7.15 type 9 and
 * Appendix A, OpenWait).
 *
 * One that is UP stays. Of two connections that the same side has opened the first one stays. Of
 * two that were opened from both sides, and are connected, the one that was opened by the end with
 * the higher address stays: both ends decide alike, whenever they ask. One that is still connecting
 * is in nobody's way, because the peer may not listen at all: both go on.
 *
 * The owner of the sessions asks when a second connection comes, when one that it opened is
 * connected, and when one of the two comes UP.
 *
 * Thread: any. Owns: nothing. */
#ifndef PCED_CORE_SESSION_COLLISION_H
#define PCED_CORE_SESSION_COLLISION_H

#include "core/session/session.h"

enum collision_verdict {
    COLLISION_NONE,          /* both go on: one is over, or not connected yet */
    COLLISION_END_FIRST,     /* without a word, as RFC 5440 has it */
    COLLISION_END_SECOND,    /* likewise */
    COLLISION_REFUSE_FIRST,  /* with PCErr 9 */
    COLLISION_REFUSE_SECOND, /* likewise */
};

struct collision_side {
    enum session_state state;
    enum session_role role; /* who opened it */
};

/* first is the older one; local and peer are the addresses of the two ends. */
enum collision_verdict collision_resolve(const struct collision_side *first,
                                         const struct collision_side *second,
                                         const struct ip *local, const struct ip *peer);

#endif
