#include "server/settings/peer_policy.h"

#include "core/base/check.h"
#include "server/settings/session_config.h"

#include <stdlib.h>

struct peer_policy *peer_policy_create(const struct config *config, uint64_t generation)
{
    struct peer_policy *policy = malloc(sizeof *policy);
    if (policy == NULL)
        return NULL;
#define TAKE(section_, member_) .member_ = config->section_.member_,
    *policy = (struct peer_policy){.generation = generation,
                                   .users = 1,
                                   PEER_POLICY_VALUES(TAKE).session = session_config_of(config)};
#undef TAKE
    return policy;
}

struct peer_policy *peer_policy_borrow(struct peer_policy *policy)
{
    uint32_t users = atomic_fetch_add_explicit(&policy->users, 1, memory_order_relaxed);
    CHECK(users > 0); /* who borrows has it from somebody who holds it */
    return policy;
}

void peer_policy_release(struct peer_policy *policy)
{
    uint32_t users = atomic_fetch_sub_explicit(&policy->users, 1, memory_order_acq_rel);
    CHECK(users > 0);
    if (users == 1)
        free(policy);
}
