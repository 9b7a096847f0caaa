/* Two connections with one peer. */
#include "core/session/collision.h"

#include <criterion/criterion.h>

static const struct ip low = {IP_V4, {192, 0, 2, 1}};
static const struct ip high = {IP_V4, {192, 0, 10, 1}};
static const enum session_state half_open[] = {SESSION_OPEN_WAIT, SESSION_KEEP_WAIT};

static enum collision_verdict resolve(enum session_state first, enum session_role first_role,
                                      enum session_state second, enum session_role second_role)
{
    const struct collision_side a = {first, first_role};
    const struct collision_side b = {second, second_role};
    return collision_resolve(&a, &b, &low, &high);
}

Test(collision, one_that_is_up_stays_and_the_other_is_told)
{
    for (unsigned i = 0; i < 2; i++) {
        cr_assert_eq(resolve(SESSION_UP, SESSION_ACCEPTED, half_open[i], SESSION_ACCEPTED),
                     COLLISION_REFUSE_SECOND);
        cr_assert_eq(resolve(SESSION_UP, SESSION_INITIATED, half_open[i], SESSION_ACCEPTED),
                     COLLISION_REFUSE_SECOND);
        cr_assert_eq(resolve(half_open[i], SESSION_INITIATED, SESSION_UP, SESSION_ACCEPTED),
                     COLLISION_REFUSE_FIRST);
    }
}

Test(collision, one_that_is_still_connecting_is_given_up_silently_when_the_other_is_up)
{
    cr_assert_eq(resolve(SESSION_TCP_PENDING, SESSION_INITIATED, SESSION_UP, SESSION_ACCEPTED),
                 COLLISION_END_FIRST);
    cr_assert_eq(resolve(SESSION_UP, SESSION_ACCEPTED, SESSION_TCP_PENDING, SESSION_INITIATED),
                 COLLISION_END_SECOND);
}

Test(collision, a_peer_that_does_not_listen_is_not_kept_out)
{
    for (unsigned i = 0; i < 2; i++) {
        cr_assert_eq(
            resolve(SESSION_TCP_PENDING, SESSION_INITIATED, half_open[i], SESSION_ACCEPTED),
            COLLISION_NONE);
        cr_assert_eq(
            resolve(half_open[i], SESSION_ACCEPTED, SESSION_TCP_PENDING, SESSION_INITIATED),
            COLLISION_NONE);
    }
}

Test(collision, of_two_that_the_peer_opened_the_first_one_stays)
{
    cr_assert_eq(resolve(SESSION_OPEN_WAIT, SESSION_ACCEPTED, SESSION_OPEN_WAIT, SESSION_ACCEPTED),
                 COLLISION_REFUSE_SECOND);
}

Test(collision, the_connection_that_the_higher_address_opened_stays)
{
    for (unsigned i = 0; i < 4; i++) {
        const struct collision_side ours = {half_open[i / 2], SESSION_INITIATED};
        const struct collision_side theirs = {half_open[i % 2], SESSION_ACCEPTED};
        cr_assert_eq(collision_resolve(&ours, &theirs, &low, &high), COLLISION_END_FIRST);
        cr_assert_eq(collision_resolve(&theirs, &ours, &low, &high), COLLISION_END_SECOND);
        cr_assert_eq(collision_resolve(&ours, &theirs, &high, &low), COLLISION_END_SECOND);
        cr_assert_eq(collision_resolve(&theirs, &ours, &high, &low), COLLISION_END_FIRST);
    }
}

/* What one end calls accepted the other calls initiated, and each may have met the two in another
 * order. */
Test(collision, both_ends_keep_the_same_connection)
{
    for (unsigned i = 0; i < 8; i++) {
        const struct ip *a = (i & 1) != 0 ? &low : &high;
        const struct ip *b = (i & 1) != 0 ? &high : &low;
        const struct collision_side opened = {half_open[i >> 1 & 1], SESSION_INITIATED};
        const struct collision_side taken = {half_open[i >> 2 & 1], SESSION_ACCEPTED};
        bool a_keeps_own = collision_resolve(&opened, &taken, a, b) == COLLISION_END_SECOND;
        bool b_keeps_own = collision_resolve(&taken, &opened, b, a) == COLLISION_END_FIRST;
        cr_assert_neq(a_keeps_own, b_keeps_own);
    }
}

Test(collision, one_that_is_over_is_in_nobodys_way)
{
    cr_assert_eq(resolve(SESSION_CLOSING, SESSION_ACCEPTED, SESSION_OPEN_WAIT, SESSION_ACCEPTED),
                 COLLISION_NONE);
    cr_assert_eq(resolve(SESSION_UP, SESSION_ACCEPTED, SESSION_IDLE, SESSION_INITIATED),
                 COLLISION_NONE);
}

Test(collision, addresses_are_compared_as_numbers_of_either_family)
{
    const struct ip lower = {IP_V6, {0x20, 1, 0xd, 0xb8, [15] = 0x80}};
    const struct ip higher = {IP_V6, {0x20, 1, 0xd, 0xb8, [14] = 1}};
    const struct collision_side ours = {SESSION_KEEP_WAIT, SESSION_INITIATED};
    const struct collision_side theirs = {SESSION_OPEN_WAIT, SESSION_ACCEPTED};
    cr_assert_eq(collision_resolve(&ours, &theirs, &higher, &lower), COLLISION_END_SECOND);
    cr_assert_eq(collision_resolve(&ours, &theirs, &lower, &higher), COLLISION_END_FIRST);
    cr_assert_eq(collision_resolve(&ours, &theirs, &lower, &lower), COLLISION_END_SECOND);
}
