/* Retry and back-off towards peers that we open sessions to. */
#include "core/session/connect_policy.h"

#include <criterion/criterion.h>

static struct connect_policy policy;
static struct mono now = {1000 * MONO_NS_PER_S};

static uint64_t fail_ms(uint32_t random)
{
    struct mono next = connect_policy_on_end(&policy, MONO_NEVER, random, now);
    return mono_since_ns(next, now) / MONO_NS_PER_MS;
}

Test(connect_policy, delays_double_and_a_round_has_five_retries)
{
    static const uint64_t expected_ms[] = {2000, 4000, 8000, 16000, 32000, 120000};
    for (unsigned round = 0; round < 3; round++) {
        for (unsigned i = 0; i < 6; i++) {
            cr_assert_eq(fail_ms(UINT32_MAX), expected_ms[i]);
            cr_assert_eq(connect_policy_is_idle(&policy), i == 5);
        }
        cr_assert_eq(policy.rounds_over, round + 1);
    }
}

Test(connect_policy, chance_shortens_a_delay_by_a_quarter_at_most)
{
    uint64_t longest = fail_ms(UINT32_MAX);
    policy = (struct connect_policy){0};
    uint64_t shortest = fail_ms(0);
    policy = (struct connect_policy){0};
    uint64_t middle = fail_ms(UINT32_MAX / 2);
    cr_assert_eq(shortest, longest * 3 / 4);
    cr_assert(shortest < middle && middle < longest);
}

Test(connect_policy, a_later_retry_is_never_sooner_than_the_one_before)
{
    uint64_t before = 0;
    for (unsigned i = 0; i < 6; i++) {
        uint64_t delay = fail_ms(i % 2 == 0 ? UINT32_MAX : 0);
        cr_assert_gt(delay, before);
        before = delay;
    }
}

Test(connect_policy, a_session_that_lasted_begins_anew)
{
    (void)fail_ms(0);
    (void)fail_ms(0);
    struct mono up_since = now;
    now = mono_add_s(now, CONNECT_STABLE_S);
    struct mono next = connect_policy_on_end(&policy, up_since, UINT32_MAX, now);
    cr_assert_eq(mono_since_ns(next, now), CONNECT_DELAY_MIN_S * MONO_NS_PER_S);
    cr_assert_eq(policy.retries, 1);
}

Test(connect_policy, a_session_that_ends_at_once_counts_as_a_failure)
{
    (void)fail_ms(0);
    struct mono up_since = now;
    now = mono_add_s(now, CONNECT_STABLE_S - 1);
    struct mono next = connect_policy_on_end(&policy, up_since, UINT32_MAX, now);
    cr_assert_eq(mono_since_ns(next, now), 2 * CONNECT_DELAY_MIN_S * MONO_NS_PER_S);
}
