/* Settings: a configuration as it is published to the shards, and what sessions need of it.
 *
 * A shard makes one struct session_settings of each published configuration that it accepts a peer
 * under; a session keeps the one that it began with until it ends, so that a reload never changes a
 * running session.
 *
 * Thread: struct settings immutable, any; struct session_settings the shard's.
 * Owns: itself.
 * Bound: one session_settings for each configuration that still has sessions, per shard. */
#ifndef PCED_SERVER_SETTINGS_H
#define PCED_SERVER_SETTINGS_H

#include "core/session/session.h"
#include "server/config.h"

/* What is in the snapshot cell. */
struct settings {
    uint64_t generation; /* 1, 2, 3 … */
    struct config config;
};

struct session_settings {
    uint64_t generation; /* of the settings that it was made of */
    uint32_t user_count; /* sessions, and 1 while it is the shard's current one */
    uint32_t pending_soft;
    uint32_t pending_hard;
    struct session_config session;
};

/* A copy on the heap; NULL when memory ran out. */
struct settings *settings_create(const struct config *config, uint64_t generation);
void settings_destroy(void *settings);

/* With one user: the caller. NULL when memory ran out. */
struct session_settings *session_settings_create(const struct settings *settings);
struct session_settings *session_settings_borrow(struct session_settings *settings);
/* The last user frees it. */
void session_settings_release(struct session_settings *settings);

#endif
