#include "server/refresh.h"

#include "server/outgoing.h"
#include "server/peer_send.h"

/* False when memory ran out: the session keeps what it has until the next reload. */
static bool refresh_peer(struct peer *peer)
{
    struct session_settings *fresh = shard_borrow_settings(peer->shard, &peer->address);
    if (fresh == NULL)
        return false;
    session_settings_release(peer->limits);
    peer->limits = fresh;
    peer_send_on_limits(peer);
    return true;
}

/* Sessions that began since stand at the back; each one that was looked at goes there. */
static void refresh_some(struct shard *shard)
{
    for (unsigned i = 0; i < REFRESH_BATCH && !list_is_empty(&shard->live); i++) {
        struct peer *peer = CONTAINER_OF(shard->live.next, struct peer, link);
        if (peer->limits->generation == shard->generation || !refresh_peer(peer)) {
            shard->is_refreshing = false;
            return;
        }
        list_remove(&peer->link);
        list_push_back(&shard->live, &peer->link);
    }
    shard->is_refreshing = !list_is_empty(&shard->live);
}

void refresh_turn(struct shard *shard)
{
    if (shard->phase != SHARD_RUNNING)
        return;
    if (shard->generation != shard->settings->generation) {
        shard->generation = shard->settings->generation;
        shard->is_refreshing = true;
        outgoing_apply(shard);
    }
    if (shard->is_refreshing)
        refresh_some(shard);
}

bool refresh_is_busy(const struct shard *shard)
{
    return shard->is_refreshing;
}
