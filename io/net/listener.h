/* Listeners: for each address one listening socket per shard, and the steering between them.
 *
 * The sockets of one address form a SO_REUSEPORT group. A classic BPF program picks the socket by a
 * hash of the source address, so that all connections of one PCC meet in one shard without a lock.
 * The order within a group is the order of listen(), hence all are made by one thread at start.
 *
 * Thread: listeners_open and listeners_close by the main thread; listeners_start and _stop by each
 * shard for its own part. Owns: the listening sockets.
 * Bound: LISTENER_SHARDS_MAX shards, LISTENER_ADDRESSES_MAX addresses. */
#ifndef PCED_IO_NET_LISTENER_H
#define PCED_IO_NET_LISTENER_H

#include "core/base/ip.h"
#include "io/net/conn.h"
#include "io/net/hop_guard.h"
#include "io/net/tcp_key.h"
#include "io/os/failure.h"

#include <stdint.h>

#define LISTENER_SHARDS_MAX    256
#define LISTENER_ADDRESSES_MAX 16

struct listeners;

struct listener_options {
    struct ip
        addresses[LISTENER_ADDRESSES_MAX]; /* unspecified addresses listen on all of a family */
    unsigned address_count;
    uint16_t port;          /* 0: one ephemeral port per address (tests) */
    unsigned shard_count;   /* 1 … LISTENER_SHARDS_MAX */
    int backlog;            /* 0: net.core.somaxconn */
    int send_buffer;        /* SO_SNDBUF in octets, inherited; 0: the system's default */
    int not_sent_low_water; /* TCP_NOTSENT_LOWAT in octets, inherited; 0: 16,384; -1: unset */
};

/* The accepted connection, before anything was received. It calls conn_hand_over, conn_turn_away
 * or conn_detach before it returns. */
typedef void listener_accept_fn(void *context, struct conn *conn);

/* PCE_EXISTS when the port is taken, PCE_DENIED, PCE_NOT_FOUND when the address is not ours,
 * PCE_INVALID for options out of range; the text names the address. */
PCE_MUST_CHECK enum pce_status listeners_open(const struct listener_options *options,
                                              struct listeners **listeners,
                                              struct failure *failure);
/* Every shard must have stopped its part. */
void listeners_close(struct listeners *listeners);
/* The port of address number index. */
uint16_t listeners_port(const struct listeners *listeners, unsigned index);

/* Connections of the key's prefix must be signed with it from now on; those that are accepted
 * inherit it, those that exist keep what they have. Any thread. See tcp_key_set. */
PCE_MUST_CHECK enum pce_status listeners_set_key(const struct listeners *listeners,
                                                 const struct tcp_key *key,
                                                 struct failure *failure);
void listeners_remove_key(const struct listeners *listeners, const struct tcp_key *key);

/* What packets of peers must have on their way to these sockets and to those that are accepted, and the
 * TTL of what goes back (0: the system's). What was accepted before keeps what it had. Any thread. */
PCE_MUST_CHECK enum pce_status listeners_set_hops(const struct listeners *listeners,
                                                  const struct hop_rule *rules, unsigned count,
                                                  uint8_t ttl, struct failure *failure);

/* On the shard's thread: accepts for this shard into the pool. A full file table or pool ends the
 * accepting until a connection is released or LISTENER_RETRY_MS have passed. */
#define LISTENER_RETRY_MS 100
PCE_MUST_CHECK enum pce_status listeners_start(struct listeners *listeners, unsigned shard,
                                               struct conn_pool *pool,
                                               listener_accept_fn *on_accept, void *context);
/* No on_accept after this; connections that wait in the backlog stay there. The ring has to be
 * turned (ring_settle) before listeners_close. */
void listeners_stop(struct listeners *listeners, unsigned shard);

/* After every shard has stopped its part: the addresses may be listened to again, also before
 * listeners_close; who waits in the backlog is turned away. */
void listeners_shut(struct listeners *listeners);

/* The shard that the steering program gives to a source address: 0 … shard_count - 1. */
unsigned listener_shard_of(const struct ip *source, unsigned shard_count);

#endif
