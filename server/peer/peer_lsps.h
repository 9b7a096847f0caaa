/* LSPs of a peer: the database hears when its session is UP and when it has ended.
 *
 * Thread: the shard. Owns: nothing. */
#ifndef PCED_SERVER_PEER_PEER_LSPS_H
#define PCED_SERVER_PEER_PEER_LSPS_H

#include "server/peer/peer_watch.h"

extern const struct peer_watcher lsps_watcher;

#endif
