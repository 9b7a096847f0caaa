#include "server/peer/peer_no_paths.h"

static void forget(struct peer *peer)
{
    no_path_memory_forget(&peer->shard->no_paths, &peer->session);
}

/* One that was never listed has no end but its release. */
const struct peer_watcher no_paths_watcher = {.on_gone = forget, .on_released = forget};
