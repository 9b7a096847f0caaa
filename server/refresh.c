#include "server/refresh.h"

#include "server/outgoing.h"
#include "server/peer_send.h"

#define SEND_MEMORY_MIN ((size_t)256 << 20)

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

/* limits.pending-total counts octets, and rules first; this is what they may take in chunks that
 * are partly filled, and only keeps a bug or many tiny backlogs from taking all there is. */
static size_t send_memory_of(const struct settings *settings)
{
    return SEND_MEMORY_MIN + 2 * (size_t)settings->pending_total;
}

void refresh_turn(struct shard *shard)
{
    if (shard->phase != SHARD_RUNNING)
        return;
    if (shard->generation != shard->settings->generation) {
        shard->generation = shard->settings->generation;
        shard->is_refreshing = true;
        conn_pool_set_send_max(shard->pool, send_memory_of(shard->settings));
        outgoing_apply(shard);
    }
    if (shard->is_refreshing)
        refresh_some(shard);
}

bool refresh_is_busy(const struct shard *shard)
{
    return shard->is_refreshing;
}
