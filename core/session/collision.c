#include "core/session/collision.h"

#include "core/base/check.h"

static bool is_over(const struct collision_side *side)
{
    return side->state == SESSION_IDLE || side->state == SESSION_CLOSING;
}

/* One that has no connection yet has nobody to tell. */
static bool has_ear(const struct collision_side *side)
{
    return side->state != SESSION_TCP_PENDING;
}

static enum collision_verdict collision_end_first(const struct collision_side *first, bool tells)
{
    return tells && has_ear(first) ? COLLISION_REFUSE_FIRST : COLLISION_END_FIRST;
}

static enum collision_verdict end_second(const struct collision_side *second, bool tells)
{
    return tells && has_ear(second) ? COLLISION_REFUSE_SECOND : COLLISION_END_SECOND;
}

enum collision_verdict collision_resolve(const struct collision_side *first,
                                         const struct collision_side *second,
                                         const struct ip *local, const struct ip *peer)
{
    CHECK(first != second);
    if (is_over(first) || is_over(second))
        return COLLISION_NONE;
    if (first->state == SESSION_UP)
        return end_second(second, true);
    if (second->state == SESSION_UP)
        return collision_end_first(first, true);
    if (first->role == second->role)
        return end_second(second, true);
    if (!has_ear(first) || !has_ear(second))
        return COLLISION_NONE;
    /* Both are connected and none is UP: the higher address decides (RFC 5440 Appendix A). */
    int order = ip_compare(local, peer);
    if (order == 0) /* the RFC has no rule for a host that talks to itself */
        return end_second(second, false);
    enum session_role survivor = order > 0 ? SESSION_INITIATED : SESSION_ACCEPTED;
    return first->role == survivor ? end_second(second, false) : collision_end_first(first, false);
}
