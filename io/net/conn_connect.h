/* Outgoing connections: from an address and port of ours, a listener's included, to a peer.
 *
 * A socket that binds to a listener's address and port needs SO_REUSEPORT, as the listener has it;
 * then as many outgoing connections as there are peers share that address and port. The socket is
 * made and bound as a plain descriptor, moves into the ring's own table, and connects through the
 * ring, so that it does not count against the process's limit of open files.
 *
 * Thread: the pool's shard. Owns: the connection, as conn.h says. Bound: the pool's. */
#ifndef PCED_IO_NET_CONN_CONNECT_H
#define PCED_IO_NET_CONN_CONNECT_H

#include "io/net/conn.h"
#include "io/net/hop_guard.h"
#include "io/net/tcp_key.h"
#include "io/os/failure.h"

struct conn_target {
    struct ip to;
    uint16_t to_port;
    struct ip from;            /* IP_NONE: the system chooses */
    uint16_t from_port;        /* 0: an ephemeral one */
    int send_buffer;           /* as in struct listener_options */
    int not_sent_low_water;    /* as in struct listener_options */
    const struct tcp_key *key; /* TCP-MD5 or TCP-AO, or NULL; needed until conn_connect returns */
    struct hop_limits hops;
    const struct conn_ops *ops; /* must outlive the connection */
    void *owner;
};

/* on_connected follows, or on_end: PCE_CLOSED (refused), PCE_TIMEOUT, PCE_EXISTS (the same
 * addresses and ports are in use), PCE_IO. Until on_connected nothing can be sent. How long it may
 * take is the owner's to bound, by conn_reset.
 * A status other than PCE_OK: there is no connection and no callback comes; PCE_LIMIT (no record,
 * no descriptor), PCE_NOT_FOUND (`from` is not ours), PCE_EXISTS (from_port is taken by a socket
 * without SO_REUSEPORT), PCE_UNSUPPORTED (the key); the text says why. */
PCE_MUST_CHECK enum pce_status conn_connect(struct conn_pool *pool,
                                            const struct conn_target *target, struct conn **conn,
                                            struct failure *failure);

#endif
