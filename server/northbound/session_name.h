/* Session name: how the outside names one session: by its id, or by the peer's address.
 *
 * A session's id is that of its connection: shard, index, generation; it never comes back while the
 * process lives (but for 2^32 generations).
 *
 * Thread: session_find: the shard's. Owns: nothing. */
#ifndef PCED_SERVER_NORTHBOUND_SESSION_NAME_H
#define PCED_SERVER_NORTHBOUND_SESSION_NAME_H

#include "core/base/ip.h"
#include "io/net/conn.h"

struct peer;
struct shard;

struct session_name {
    struct ip address; /* IP_NONE: by the id */
    struct conn_handle id;
};

/* The peer of this name: its session, or our attempt to reach it; NULL. The shard's, for this turn.
 */
struct peer *session_find(struct shard *shard, const struct session_name *name);

#endif
