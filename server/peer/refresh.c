#include "server/peer/refresh.h"

#include "server/peer/outgoing.h"
#include "server/peer/peer_send.h"

#define SEND_MEMORY_MIN ((size_t)256 << 20)

static void refresh_peer(struct peer *peer)
{
    struct peer_policy *old = peer->policy;
    peer->policy =
        peer_policy_borrow(peer_table_policy(peer->shard->settings->peers, peer_address(peer)));
    peer_policy_release(old);
    peer_send_on_limits(peer);
}

/* By the connections' indices; sessions that began since have what is in force. */
static void refresh_some(struct shard *shard)
{
    struct peers *peers = shard->peers;
    uint32_t end = conn_pool_used(shard->pool);
    for (unsigned i = 0; i < REFRESH_BATCH && peers->refresh_index < end; i++) {
        const struct conn *conn = conn_pool_at(shard->pool, peers->refresh_index++);
        struct peer *peer = conn == NULL ? NULL : peer_of_conn(conn);
        if (peer != NULL && peer->policy->generation != peers->generation)
            refresh_peer(peer);
    }
    peers->is_refreshing = peers->refresh_index < end;
}

/* limits.pending-total counts octets, and rules first; this is what they may take in chunks that
 * are partly filled, and only keeps a bug or many tiny backlogs from taking all there is. */
static size_t send_memory_of(const struct settings *settings)
{
    return SEND_MEMORY_MIN + 2 * (size_t)settings->pending_total;
}

static void on_turn(struct shard *shard)
{
    struct peers *peers = shard->peers;
    if (shard->phase != SHARD_RUNNING)
        return;
    if (peers->generation != shard->settings->generation) {
        peers->generation = shard->settings->generation;
        peers->is_refreshing = true;
        peers->refresh_index = 0;
        conn_pool_set_send_max(shard->pool, send_memory_of(shard->settings));
        outgoing_apply(shard);
    }
    if (peers->is_refreshing)
        refresh_some(shard);
}

static bool refresh_is_busy(const struct shard *shard)
{
    return shard->peers->is_refreshing;
}

const struct shard_part refresh_part = {
    .name = "refresh", .on_turn = on_turn, .is_busy = refresh_is_busy};
