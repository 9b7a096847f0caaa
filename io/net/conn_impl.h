/* The inside of connections, for the other files of io/ alone.
 *
 * A connection that has something to do (send, receive again, go a step towards its end) puts
 * itself on the ring's attention list; conn_attend does all of it at the start of the next turn.
 * Handlers of completions only note what happened and call the owner. So callbacks never nest, and
 * whatever the owner does inside one of them takes effect in one place.
 *
 * Thread: the pool's shard. */
#ifndef PCED_IO_NET_CONN_IMPL_H
#define PCED_IO_NET_CONN_IMPL_H

#include "core/base/list.h"
#include "io/net/address.h"
#include "io/net/conn.h"
#include "io/ring/ring_impl.h"

enum conn_state {
    CONN_FREE,      /* on the free list, or never used */
    CONN_NAMING,    /* accepted; the peer's address is being asked for */
    CONN_NEW,       /* has an address; not started */
    CONN_DIALING,   /* conn_connect: the peer has not answered */
    CONN_OPEN,      /* the owner's */
    CONN_FINISHING, /* conn_finish: queue, FIN, the peer's FIN */
    CONN_DETACHING, /* conn_detach */
    CONN_CLOSING,   /* waits for the last completion of what is in flight */
    CONN_CLOSED,    /* the close itself is in flight */
};

enum conn_flag {
    CONN_DIRECT = 1 << 0,         /* the file is an index of the ring's table */
    CONN_RECEIVING = 1 << 1,      /* a multishot receive is armed */
    CONN_SENDING = 1 << 2,        /* a send is in flight */
    CONN_PAUSED = 1 << 3,         /* the owner does not want octets */
    CONN_ATTENDED = 1 << 4,       /* on the attention list */
    CONN_CANCEL_RECEIVE = 1 << 5, /* a cancel of the receive is in flight */
    CONN_CANCEL_SEND = 1 << 6,
    CONN_STALLED = 1 << 7,   /* conn_stall was called */
    CONN_STALL_DUE = 1 << 8, /* … and has not taken effect */
    CONN_PEER_FIN = 1 << 9,
    CONN_OWN_FIN = 1 << 10, /* shutdown was submitted */
    CONN_BROKEN = 1 << 12,  /* the socket failed: nothing can be sent or received */
    CONN_END_TOLD = 1 << 13,
    CONN_RESETTING = 1 << 14,   /* close with a RST */
    CONN_ASKING = 1 << 15,      /* SIOCOUTQ is in flight */
    CONN_PRESSED = 1 << 16,     /* on_pressure(true) was told */
    CONN_CALLING = 1 << 11,     /* the steps of conn_connect are in flight */
    CONN_INSPECTING = 1 << 17,  /* conn_inspect is in flight */
    CONN_HELD = 1 << 19,        /* conn_hold_sends */
    CONN_ASKING_NAME = 1 << 18, /* SO_PEERNAME is in flight: there is no queue yet */
};

#define CONN_LOCAL_ASK 255 /* not a listener's address: ask the socket */

/* 160 octets on a 64-bit machine; a million of them count. */
struct conn {
    struct list_link link; /* attention list; free list: next only */
    struct conn_pool *pool;
    union {
        const struct conn_ops *ops;
        conn_detached_fn *detached; /* CONN_DETACHING */
    };
    void *owner; /* CONN_NAMING: the listener; CONN_DETACHING: the context */
    union {
        struct send_queue queue;
        union address name; /* CONN_ASKING_NAME: where the kernel writes it */
    };
    uint64_t acknowledged;
    uint64_t received;
    uint32_t generation;
    uint32_t flags; /* enum conn_flag */
    int32_t file;
    int32_t detached_file;
    uint16_t operations; /* submitted, last completion not seen */
    uint16_t peer_port;
    struct ip peer;
    uint8_t state;      /* enum conn_state */
    uint8_t local;      /* index into pool->locals */
    uint8_t end_status; /* enum pce_status: what broke it, then for on_released */
} __attribute__((aligned(RING_ALIGN)));

/* Two cache lines; a million of them count. */
_Static_assert(sizeof(struct conn) == 128, "a connection's record grew");

struct conn_local {
    struct ip ip;
    uint16_t port;
};

struct conn_pool {
    struct ring *ring;
    struct conn *records;
    size_t records_size; /* octets mapped */
    struct conn *free;
    uint32_t count_max;
    uint32_t used;  /* records [0, used) were in use once */
    uint32_t count; /* in use */
    uint32_t shard;
    uint32_t pressure_octets;
    uint32_t local_count;
    struct send_pool *send;
    struct list_link waiting; /* struct ring_nap of listeners that wait for room */
    struct conn_local locals[CONN_LOCAL_ASK];
    struct conn_counters counters;
};

static inline bool conn_has(const struct conn *conn, enum conn_flag flag)
{
    return (conn->flags & (uint32_t)flag) != 0;
}

static inline void conn_set(struct conn *conn, enum conn_flag flag)
{
    conn->flags |= (uint32_t)flag;
}

static inline void conn_unset(struct conn *conn, enum conn_flag flag)
{
    conn->flags &= ~(uint32_t)flag;
}

static inline uint32_t conn_index(const struct conn *conn)
{
    return (uint32_t)(conn - conn->pool->records);
}

/* Takes the address over into the compact form that the record has. */
static inline void conn_set_peer(struct conn *conn, const union address *address)
{
    conn->peer = address_ip(address);
    conn->peer_port = address_port(address);
}

/* The owner is to be told things. */
static inline bool conn_is_owned(const struct conn *conn)
{
    return conn->state == CONN_OPEN;
}

/* A record for the file, or NULL; state CONN_NEW. */
struct conn *conn_borrow(struct conn_pool *pool, int file, bool is_direct);
/* Behind the last completion: the record is another's afterwards. */
void conn_release(struct conn *conn);
/* Has conn_attend called at the start of the next turn. */
void conn_want_attention(struct conn *conn);
/* An entry for the connection's file, counted. */
struct io_uring_sqe *conn_sqe(struct conn *conn);
void conn_submit(struct conn *conn, struct io_uring_sqe *sqe, enum ring_tag tag);
void conn_cancel(struct conn *conn, enum ring_tag tag, enum conn_flag flag);
/* The socket failed or the peer ended: tells the owner once, or goes on closing. */
void conn_tell_end(struct conn *conn, enum pce_status status);
/* Why a connection ended, by the result of an operation (a negative errno): PCE_TIMEOUT, PCE_RESET,
 * PCE_UNREACHABLE, or PCE_IO. PCE_CLOSED is the peer's FIN alone. */
enum pce_status conn_end_status(int result);
/* Goes to CONN_CLOSING. */
void conn_begin_close(struct conn *conn, enum pce_status status);

/* The parts of conn_attend. */
void conn_receive_step(struct conn *conn);
void conn_send_step(struct conn *conn);

void conn_foresee(struct ring_foreseen *foreseen, unsigned count);
void on_conn_receive(void *object, int result, uint32_t flags);
void on_conn_send(void *object, int result, uint32_t flags);
void on_conn_unacked(void *object, int result, uint32_t flags);
void on_conn_connect(void *object, int result, uint32_t flags);
/* RING_TAG_INSTALL or _PEER of a connection that conn_inspect asked about: the plain descriptor. */
void conn_inspected(struct conn *conn, int result);
void conn_life_init(struct ring *ring);

/* An address that connections can be said to have come in on, or to leave from; CONN_LOCAL_ASK when
 * there is no room. */
uint8_t conn_pool_add_local(struct conn_pool *pool, struct ip ip, uint16_t port);

#endif
