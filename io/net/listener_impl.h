/* The inside of listeners, for listener.c and listener_open.c.
 *
 * Thread: a struct listener is its shard's once it was started. */
#ifndef PCED_IO_NET_LISTENER_IMPL_H
#define PCED_IO_NET_LISTENER_IMPL_H

#include "io/net/listener.h"
#include "io/ring/ring_impl.h"

struct listener {
    struct ring_nap nap; /* until it accepts again */
    struct conn_pool *pool;
    const struct listeners *set;
    listener_accept_fn *on_accept;
    void *context;
    int descriptor;
    enum ip_family family;
    uint8_t local;      /* see conn_pool_add_local */
    uint8_t polls_left; /* that may find nothing before it waits again */
    bool is_armed;
    bool is_polling;   /* … only for what is there: it ends by itself */
    bool is_multishot; /* … until it is cancelled */
    bool is_cancelling;
    bool is_stopped;
} __attribute__((aligned(RING_ALIGN)));

struct listeners {
    struct listener *sockets; /* address after address, each with one per shard */
    unsigned address_count;
    unsigned shard_count;
    unsigned backlog; /* of each socket */
    struct ip addresses[LISTENER_ADDRESSES_MAX];
    uint16_t ports[LISTENER_ADDRESSES_MAX];
};

static inline struct listener *listeners_get(const struct listeners *listeners, unsigned address,
                                             unsigned shard)
{
    return &listeners->sockets[address * listeners->shard_count + shard];
}

#endif
