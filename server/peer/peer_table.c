/* Which peers a shard has: the map by address, and how many of them live. */
#include "core/base/check.h"
#include "server/peer/peer_impl.h"
#include "server/peer/peer_watch.h"

uint64_t peer_address_hash(const struct ip *address)
{
    return map_hash(address->octets, ip_size(address));
}

bool peer_is_equal(const struct map_node *node, const void *key)
{
    const struct peer *peer = CONTAINER_OF((struct map_node *)(uintptr_t)node, struct peer, node);
    return ip_is_equal(peer_address(peer), key);
}

struct peer *peer_find(struct shard *shard, const struct ip *address)
{
    struct map_node *node =
        map_find(&shard->peers->by_address, peer_address_hash(address), address);
    return node == NULL ? NULL : CONTAINER_OF(node, struct peer, node);
}

struct peer *peer_of_conn(const struct conn *conn)
{
    struct peer *peer = conn_ops_of(conn) == &peer_conn_ops ? conn_owner(conn) : NULL;
    return peer != NULL && peer->is_live ? peer : NULL;
}

void peer_count_live(struct peer *peer)
{
    if (!peer->is_live)
        peer->shard->peers->live_count++;
    peer->is_live = true;
}

bool peer_list(struct peer *peer)
{
    struct shard *shard = peer->shard;
    const struct ip *address = peer_address(peer);
    if (map_insert(&shard->peers->by_address, &peer->node, peer_address_hash(address), address) !=
        PCE_OK)
        return false;
    peer->is_listed = true;
    peer_count_live(peer);
    return true;
}

void peer_unlist(struct peer *peer)
{
    const struct ip *address = peer_address(peer);
    if (peer->is_live)
        peer->shard->peers->live_count--;
    peer->is_live = false;
    if (!peer->is_listed)
        return;
    peer->is_listed = false;
    CHECK(map_remove(&peer->shard->peers->by_address, peer_address_hash(address), address) ==
          &peer->node);
    FOR_PEER_WATCHERS(watcher, on_gone)
    {
        watcher->on_gone(peer);
    }
}
