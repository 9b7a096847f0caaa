#include "server/peer/peer_watch.h"

#include "server/peer/entities.h"
#include "server/peer/outgoing.h"
#include "server/peer/peer_lsps.h"
#include "server/peer/peer_no_paths.h"
#include "server/peer/second_connection.h"

/* The LSPs are stale before another session of their PCC begins. A second connection that waits for
 * a place comes before an attempt of ours. */
const struct peer_watcher *const peer_watchers[] = {
    &lsps_watcher,     &no_paths_watcher, &second_connection_watcher,
    &outgoing_watcher, &entities_watcher, NULL};
