/* Peer: one PCC that is connected: the session, the connection, and the one timer that serves both.
 *
 * The session decides, the connection carries. While the session lives the peer stands in its
 * shard's map by address, so that a second connection of the same PCC is refused (RFC 5440 4.2.1,
 * PCErr 9); as soon as the session has ended the address is free again, though the connection may
 * still be sending its Close. The record goes when the connection was released.
 *
 * Thread: the shard. Owns: itself, from peer_accept to the connection's release.
 * Bound: limits.sessions over all shards, limits.half-open of them before UP. */
#ifndef PCED_SERVER_PEER_H
#define PCED_SERVER_PEER_H

#include "core/session/session.h"
#include "server/shard.h"

/* How long a connection may take to send a Close or PCErr and to end; then it is reset. */
#define PEER_DRAIN_MS 2000

enum peer_phase {
    PEER_LIVE,     /* the session has the connection */
    PEER_STALLED,  /* the hard limit was passed: it is reset as soon as its session lets us */
    PEER_DRAINING, /* the session has ended; what is queued is sent, for a bounded time */
    PEER_RESET,    /* the connection is being thrown away */
};

struct peer {
    struct session session;
    struct wheel_timer timer; /* session_deadline while LIVE, the end of draining afterwards */
    struct map_node node;     /* in shard->peers, while `is_listed` */
    struct list_link link;    /* in shard->live, while `is_listed` */
    struct shard *shard;
    struct conn *conn;
    struct ip address;
    uint16_t port;
    uint8_t phase; /* enum peer_phase */
    bool is_listed;
    bool is_half_open; /* counted as such */
};

/* A million of them count, and the allocator has a class of this size. */
_Static_assert(sizeof(struct peer) <= 256, "peer grew");

/* A connection whose address belongs to this shard: begins a session, or refuses it. */
void peer_accept(struct shard *shard, struct conn *conn);
/* Ends the session because the server ends: Close where that is due. */
void peer_close(struct peer *peer);

map_equal_fn peer_is_equal; /* key: struct ip */
extern const struct handler_events peer_handler_events;

/* Borrowed until the record goes; the session's configuration is a part of it. */
static inline struct session_settings *peer_settings(const struct peer *peer)
{
    struct session_config *config = (struct session_config *)(uintptr_t)peer->session.config;
    return CONTAINER_OF(config, struct session_settings, session);
}

static inline struct peer *peer_of(struct session *session)
{
    return CONTAINER_OF(session, struct peer, session);
}

#endif
