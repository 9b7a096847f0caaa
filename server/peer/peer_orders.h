/* Orders to PCCs: the part of a shard that sends them and keeps what comes of them.
 *
 * Thread: the shard. Owns: the orders of its PCCs. Bound: limits.orders, limits.orders-per-pcc. */
#ifndef PCED_SERVER_PEER_PEER_ORDERS_H
#define PCED_SERVER_PEER_PEER_ORDERS_H

#include "server/peer/peer.h"

extern const struct shard_part orders_part;

/* What the configuration says of the LSPs of the peer whose session this is. */
struct handler_lsp_policy peer_lsp_policy(const struct session *session);

#endif
