/* Which peers a shard has: the map by address. */
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
    return peer != NULL && peer_has_session(peer) ? peer : NULL;
}

bool peer_list(struct peer *peer)
{
    const struct ip *address = peer_address(peer);
    return map_insert(&peer->shard->peers->by_address, &peer->node, peer_address_hash(address),
                      address) == PCE_OK;
}

void peer_unlist(struct peer *peer)
{
    const struct ip *address = peer_address(peer);
    CHECK(map_remove(&peer->shard->peers->by_address, peer_address_hash(address), address) ==
          &peer->node);
    FOR_PEER_WATCHERS(watcher, on_gone)
    {
        watcher->on_gone(peer);
    }
}
