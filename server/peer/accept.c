#include "server/peer/accept.h"

#include "server/peer/peer.h"
#include "server/peer/second_connection.h"

void peer_accept(struct shard *shard, struct conn *conn)
{
    if (shard->phase != SHARD_RUNNING) {
        conn_turn_away(conn);
        return;
    }
    struct peer *first = peer_find(shard, conn_address(conn));
    if (first != NULL)
        second_connection_begin(first, conn);
    else
        peer_begin(shard, conn);
}
