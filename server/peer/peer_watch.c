#include "server/peer/peer_watch.h"

#include "server/peer/outgoing.h"
#include "server/peer/second_connection.h"

/* A second connection that waits for a place comes before an attempt of ours. */
const struct peer_watcher *const peer_watchers[] = {&second_connection_watcher, &outgoing_watcher,
                                                    NULL};
