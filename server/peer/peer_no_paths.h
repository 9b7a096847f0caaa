/* No paths of a peer: what is remembered of its requests goes with its session.
 *
 * Thread: the shard. Owns: nothing. */
#ifndef PCED_SERVER_PEER_PEER_NO_PATHS_H
#define PCED_SERVER_PEER_PEER_NO_PATHS_H

#include "server/peer/peer_watch.h"

extern const struct peer_watcher no_paths_watcher;

#endif
