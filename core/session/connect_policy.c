#include "core/session/connect_policy.h"

#include "core/base/check.h"

_Static_assert(CONNECT_RETRIES_MAX < 32, "the first delay is shifted by so many bits");
_Static_assert(CONNECT_DELAY_MIN_S <= CONNECT_DELAY_MAX_S, "delays grow");
_Static_assert(CONNECT_DELAY_MAX_S < 4000000, "a quarter in ms times UINT32_MAX fits 64 bits");

/* 3/4 of the delay and a random part of the last quarter. */
static uint64_t shorten_ms(uint64_t delay_ms, uint32_t random)
{
    uint64_t quarter = delay_ms / 4;
    return delay_ms - quarter + quarter * random / UINT32_MAX;
}

struct mono connect_policy_on_end(struct connect_policy *policy, struct mono up_since,
                                  uint32_t random, struct mono now)
{
    CHECK(policy->retries <= CONNECT_RETRIES_MAX);
    bool was_up = !mono_is_never(up_since);
    /* Only a session that lasted begins anew: one that flaps would else be called every two
     * seconds. */
    if (was_up && mono_since_ns(now, up_since) >= CONNECT_STABLE_S * MONO_NS_PER_S)
        policy->retries = 0;
    uint64_t delay_ms = (uint64_t)CONNECT_DELAY_MIN_S * 1000 << policy->retries;
    if (policy->retries == CONNECT_RETRIES_MAX) {
        policy->retries = 0;
        policy->rounds_over++;
        delay_ms = UINT64_MAX;
    } else {
        policy->retries++;
    }
    if (delay_ms > CONNECT_DELAY_MAX_S * UINT64_C(1000))
        delay_ms = CONNECT_DELAY_MAX_S * UINT64_C(1000);
    return mono_add_ms(now, shorten_ms(delay_ms, random));
}

bool connect_policy_is_idle(const struct connect_policy *policy)
{
    return policy->retries == 0;
}
