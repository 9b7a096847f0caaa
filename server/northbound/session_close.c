#include "server/northbound/session_close.h"

#include "server/northbound/orders.h"
#include "server/peer/peer.h"
#include "server/shard/shard.h"

void order_session_close(struct shard *shard, void *argument)
{
    struct session_closing *closing = argument;
    struct peer *peer = session_find(shard, &closing->name);
    closing->is_closed = peer != NULL;
    if (peer == NULL)
        return;
    closing->id = conn_handle_of(peer->conn);
    session_close(&peer->session, closing->reason, "closed by the operator", shard->now);
    peer_close(peer);
}
