/* Settings: a configuration as it is published to the shards, and what sessions need of it.
 *
 * A shard makes one struct session_settings for each struct peer_settings that it accepts a peer
 * under; a session keeps the one that it began with until it ends, so that a reload never changes
 * the negotiated part of a running session. What a reload may change (send-hold, limits) is found
 * by peer_settings_find in the settings of the turn.
 *
 * Thread: struct settings immutable, any; struct session_settings and settings_cache the shard's.
 * Owns: itself.
 * Bound: per shard and configuration that still has sessions, one session_settings for each
 * different set of values that a peer may have. */
#ifndef PCED_SERVER_SETTINGS_SETTINGS_H
#define PCED_SERVER_SETTINGS_SETTINGS_H

#include "core/session/session.h"
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
};

struct session_settings {
    uint64_t generation; /* of the settings that it was made of */
    uint32_t index;      /* struct peer_settings */
    uint32_t user_count; /* sessions, and 1 while it is in the shard's cache */
    uint32_t pending_soft;
    uint32_t pending_hard;
    uint32_t requests_in_flight_max;
    uint32_t send_hold_s; /* SEND_HOLD_OFF, SEND_HOLD_AUTO, or seconds */
    uint16_t send_hold_sample_s;
    uint16_t send_hold_grace_s;
    struct session_config session;
};

/* Those that sessions began with under the newest settings. Zero is the empty one. */
struct settings_cache {
    uint64_t generation;
    uint32_t count;
    struct session_settings **items; /* by index of struct peer_settings; NULL: not yet needed */
};

/* With copies of its own; NULL when memory ran out. */
struct settings *settings_create(const struct config *config, uint64_t generation);
void settings_destroy(void *settings);

/* For a session that begins now with this peer; borrowed for the caller. NULL when memory ran out.
 */
struct session_settings *settings_cache_borrow(struct settings_cache *cache,
                                               const struct settings *settings,
                                               const struct ip *address);
void settings_cache_fini(struct settings_cache *cache);

struct session_settings *session_settings_borrow(struct session_settings *settings);
/* The last user frees it. */
void session_settings_release(struct session_settings *settings);

#endif
