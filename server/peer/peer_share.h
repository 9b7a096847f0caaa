/* What a peer has a share of: settings that sessions have together, and limits.sessions.
 *
 * Thread: the shard. Owns: nothing. */
#ifndef PCED_SERVER_PEER_PEER_SHARE_H
#define PCED_SERVER_PEER_PEER_SHARE_H

#include "server/shard/shard.h"

/* The settings for a session with this peer that begins now; NULL when memory ran out. Borrowed for
 * the caller. */
struct session_settings *peer_share_settings(struct shard *shard, const struct ip *address);
/* One place of limits.sessions goes back. */
void peer_release_place(struct shard *shard);

#endif
