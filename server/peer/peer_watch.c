#include "server/peer/peer_watch.h"

#include "server/peer/challenge.h"
#include "server/peer/outgoing.h"

/* A second connection that waits for a place comes before an attempt of ours. */
const struct peer_watcher *const peer_watchers[] = {&challenge_watcher, &outgoing_watcher, NULL};
