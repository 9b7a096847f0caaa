#include "server/peer/peer_lsps.h"

#include "server/peer/peer_send.h"

static void on_up(struct peer *peer)
{
    if (!handlers_on_up(&peer->shard->handler, &peer->session))
        peer_send_mark_stalled(peer, PEER_STALL_ROOM);
}

static void on_gone(struct peer *peer)
{
    handlers_on_down(&peer->shard->handler, peer_address(peer), peer->shard->now);
}

const struct peer_watcher lsps_watcher = {.on_up = on_up, .on_gone = on_gone};
