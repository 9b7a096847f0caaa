/* Watchers of peers: what else has to know of the life of a peer, and is not known by it.
 *
 * A watcher is a row of peer_watch.c; it is called in the order of the rows.
 *
 * Thread: the shard. Owns: nothing. */
#ifndef PCED_SERVER_PEER_PEER_WATCH_H
#define PCED_SERVER_PEER_PEER_WATCH_H

#include "server/peer/peer.h"

/* NULL where it does not care. */
struct peer_watcher {
    void (*on_up)(struct peer *peer);
    /* Its address is free again: another one of the same PCC may begin. */
    void (*on_gone)(struct peer *peer);
    /* Its record is about to go. */
    void (*on_released)(struct peer *peer);
    /* What conn_inspect found of its connection. */
    void (*on_inspected)(struct peer *peer, enum pce_status status,
                         const struct conn_inspection *inspection);
};

/* NULL behind the last. */
extern const struct peer_watcher *const peer_watchers[];

#define FOR_PEER_WATCHERS(watcher, function)                                                       \
    for (const struct peer_watcher *const *at = peer_watchers, *watcher; (watcher = *at) != NULL;  \
         at++)                                                                                     \
        if (watcher->function != NULL)

#endif
