/* Settings: a configuration as it is published to the shards.
 *
 * A session keeps the policy that it began with until it ends (peer_policy.h), so that a reload
 * never changes the negotiated part of a running session.
 *
 * Thread: immutable, any. Owns: itself and what it points to; a policy is shared with sessions. */
#ifndef PCED_SERVER_SETTINGS_SETTINGS_H
#define PCED_SERVER_SETTINGS_SETTINGS_H

#include "core/lsp/delegation_policy.h"
#include "server/config/config.h"
#include "server/settings/access.h"
#include "server/settings/peer_settings.h"

/* What is in the snapshot cell. */
struct settings {
    uint64_t generation;        /* 1, 2, 3 … */
    uint64_t pending_total;     /* octets that may wait for all peers together */
    struct config config;       /* its lists are not here */
    struct access_list *access; /* who may have a session */
    struct peer_table *peers;   /* what holds for one peer */
    uint32_t rule_count;        /* delegation-rules */
    struct lsp_delegation_rule *rules;
};

/* With copies of its own; NULL when memory ran out. */
struct settings *settings_create(const struct config *config, uint64_t generation);
void settings_destroy(void *settings);

#endif
