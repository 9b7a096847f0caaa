#include "server/northbound/session_name.h"

#include "server/peer/outgoing.h"
#include "server/peer/peer.h"
#include "server/shard/shard.h"

static struct peer *find_address(struct shard *shard, const struct ip *address)
{
    struct peer *peer = peer_find(shard, address);
    if (peer != NULL)
        return peer;
    struct peer *attempt = outgoing_find(shard, address);
    bool is_pending = attempt != NULL && attempt->phase == PEER_CONNECTING;
    return is_pending ? attempt : NULL;
}

struct peer *session_find(struct shard *shard, const struct session_name *name)
{
    if (name->address.family != IP_NONE)
        return find_address(shard, &name->address);
    const struct conn *conn = conn_find(shard->pool, name->id);
    return conn == NULL ? NULL : peer_of_conn(conn);
}
