/* The inside of connections, for the other files of io/ alone.
 *
 * A connection that has something to do (send, receive again, go a step towards its end) puts
 * itself on the ring's attention list; conn_attend does all of it at the start of the next turn.
 * Handlers of completions note what happened, hand its event to the table (conn_fsm.h), and call
 * the owner; what the owner asks is an event, too, that changes the state at once and the socket in
 * conn_attend. So callbacks never nest, and whatever the owner does inside one of them takes effect
 * in one place.
 *
 * Thread: the pool's shard. */
#ifndef PCED_IO_NET_CONN_IMPL_H
#define PCED_IO_NET_CONN_IMPL_H

#include "core/base/check.h"
#include "core/base/list.h"
#include "io/net/address.h"
#include "io/net/conn.h"
#include "io/ring/ring_impl.h"

/* In the order of a life, so that each question below is a range. docs/CONNECTION-FSM.md has the
 * table; conn_steps.c alone writes a connection's state. */
enum conn_state {
    CONN_FREE,            /* on the free list, or never used */
    CONN_NAMING,          /* accepted; the peer's address is being asked for */
    CONN_NEW,             /* has an address and no owner */
    CONN_PLACING,         /* conn_connect: the file moves into the ring's table */
    CONN_CONNECTING,      /* … and the peer has not answered */
    CONN_OPEN,            /* the owner's */
    CONN_CLOSE_WAIT,      /* the peer's FIN came; we can still send */
    CONN_CLOSE_WAIT_NEWS, /* … and the owner, a new one, has not been told */
    CONN_BROKEN,          /* the socket failed: nothing can be sent or received */
    CONN_BROKEN_NEWS,     /* … and the owner, a new one, has not been told */
    CONN_FINISHING,       /* conn_finish: sends the queue, then FIN */
    CONN_FIN_WAIT,        /* our FIN is sent, the peer's is awaited */
    CONN_LAST_SENDS,      /* conn_finish after the peer's FIN: sends the queue, then closes */
    CONN_DETACHING,       /* conn_detach: waits for the last completion */
    CONN_INSTALLING,      /* the plain descriptor is being made */
    CONN_DETACHED,        /* the close of the ring's slot is in flight */
    CONN_CLOSING,         /* waits for the last completion of what is in flight */
    CONN_RESETTING,       /* the same; the close will be a RST */
    CONN_CLOSED,          /* the close itself is in flight */
    CONN_STATE_COUNT,
};

/* What a state does not say, as it goes across the states: operations in flight, what the owner
 * wants, and the stall. */
enum conn_flag {
    CONN_DIRECT = 1 << 0,   /* the file is an index of the ring's table */
    CONN_ATTENDED = 1 << 1, /* on the attention list */
    /* In flight. */
    CONN_RECEIVING = 1 << 2, /* a multishot receive is armed */
    CONN_SENDING = 1 << 3,
    CONN_CANCEL_RECEIVE = 1 << 4,
    CONN_CANCEL_SEND = 1 << 5, /* or of the connect */
    CONN_MOVING = 1 << 6,      /* of the file into the ring's table */
    CONN_CALLING = 1 << 7,     /* the connect */
    CONN_ASKING_NAME = 1 << 8, /* SO_PEERNAME: there is no queue yet */
    CONN_ASKING = 1 << 9,      /* SIOCOUTQ */
    CONN_INSPECTING = 1 << 10,
    CONN_STALL_DUE = 1 << 11, /* conn_stall has not taken effect: it waits for the send in flight */
    /* What the owner wants or was told, until another takes over; the last one for good. */
    CONN_PAUSED = 1 << 12,  /* the owner does not want octets */
    CONN_HELD = 1 << 13,    /* conn_hold_sends */
    CONN_PRESSED = 1 << 14, /* on_pressure(true) was told */
    CONN_STALLED = 1 << 15, /* conn_stall was called: nothing can be queued any more */
    CONN_UNREAD = 1 << 16,  /* the kernel has octets that it would have given us */
};

/* The sum of 17 powers of two is this one only if they differ. */
_Static_assert(CONN_DIRECT + CONN_ATTENDED + CONN_RECEIVING + CONN_SENDING + CONN_CANCEL_RECEIVE +
                       CONN_CANCEL_SEND + CONN_MOVING + CONN_CALLING + CONN_ASKING_NAME +
                       CONN_ASKING + CONN_INSPECTING + CONN_STALL_DUE + CONN_PAUSED + CONN_HELD +
                       CONN_PRESSED + CONN_STALLED + CONN_UNREAD ==
                   (1 << 17) - 1,
               "each flag has a bit of its own");

#define CONN_LOCAL_ASK 255 /* not a listener's address: ask the socket */

struct conn {
    struct list_link link; /* attention list; free list: next only */
    struct conn_pool *pool;
    union {
        const struct conn_ops *ops;
        conn_detached_fn *detached; /* CONN_DETACHING and what follows it */
    };
    void *owner; /* CONN_NAMING: the listener; with detached: its context */
    union {
        struct send_queue queue;
        union address name; /* CONN_ASKING_NAME: where the kernel writes it */
    };
    uint64_t acknowledged;
    uint64_t received;
    uint32_t generation;
    uint32_t flags; /* enum conn_flag */
    int32_t file;
    int32_t next_file;   /* CONN_MOVING: where the kernel writes the slot; CONN_DETACHED: the plain
                            descriptor, or -1 */
    uint16_t operations; /* submitted, last completion not seen */
    uint16_t peer_port;
    struct ip peer;
    uint8_t state;      /* enum conn_state */
    uint8_t local;      /* index into pool->locals */
    uint8_t end_status; /* enum pce_status: for on_end of a new owner, then for on_released */
} __attribute__((aligned(RING_ALIGN)));

/* Two cache lines; a million of them count. */
_Static_assert(sizeof(struct conn) == 128, "a connection's record grew");
_Static_assert(sizeof(struct conn) <= RING_FETCHED, "what an operation needs is fetched ahead");
_Static_assert(_Alignof(struct conn) % RING_ALIGN == 0, "the tag lies in the low bits");
_Static_assert(CONN_STATE_COUNT <= UINT8_MAX && PCE_IO <= UINT8_MAX && CONN_LOCAL_ASK <= UINT8_MAX,
               "`state`, `end_status` and `local` are octets");

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
    uint32_t used;         /* records [0, used) were in use once */
    uint32_t count;        /* in use */
    uint32_t unread_count; /* that have CONN_UNREAD */
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

/* Whether octets wait for it in the kernel: counted where that changes. */
static inline void conn_set_unread(struct conn *conn, bool is_unread)
{
    if (conn_has(conn, CONN_UNREAD) == is_unread)
        return;
    if (is_unread) {
        conn_set(conn, CONN_UNREAD);
        conn->pool->unread_count++;
    } else {
        conn_unset(conn, CONN_UNREAD);
        CHECK(conn->pool->unread_count > 0);
        conn->pool->unread_count--;
    }
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

static inline bool conn_is_within(const struct conn *conn, enum conn_state first,
                                  enum conn_state last)
{
    return conn->state >= first && conn->state <= last;
}

/* For the entries that are called once or twice in the life of a connection. */
static inline void conn_check_thread(const struct conn *conn)
{
    thread_owner_check(&conn->pool->ring->owner);
}

/* The owner is to be told things. */
static inline bool conn_is_owned(const struct conn *conn)
{
    return conn_is_within(conn, CONN_OPEN, CONN_BROKEN_NEWS);
}

static inline bool conn_is_broken(const struct conn *conn)
{
    return conn_is_within(conn, CONN_BROKEN, CONN_BROKEN_NEWS);
}

static inline bool conn_is_finishing(const struct conn *conn)
{
    return conn_is_within(conn, CONN_FINISHING, CONN_LAST_SENDS);
}

/* There is sending and receiving to be done. */
static inline bool conn_is_carrying(const struct conn *conn)
{
    return conn_is_within(conn, CONN_OPEN, CONN_LAST_SENDS);
}

static inline bool conn_is_detaching(const struct conn *conn)
{
    return conn_is_within(conn, CONN_DETACHING, CONN_DETACHED);
}

/* What is in flight is to be cancelled. */
static inline bool conn_is_letting_go(const struct conn *conn)
{
    return conn_is_within(conn, CONN_CLOSING, CONN_RESETTING);
}

/* A record for the file, or NULL; its state is CONN_FREE until an event makes it another. */
struct conn *conn_borrow(struct conn_pool *pool, int file, bool is_direct);
/* Of a record that is CONN_FREE again: it is another's afterwards. */
void conn_release(struct conn *conn);
/* Has conn_attend called at the start of the next turn. */
void conn_want_attention(struct conn *conn);
/* An entry for the connection's file, counted. */
struct io_uring_sqe *conn_sqe(struct conn *conn);
void conn_submit(struct conn *conn, struct io_uring_sqe *sqe, enum ring_tag tag);
void conn_cancel(struct conn *conn, enum ring_tag tag, enum conn_flag flag);
/* The operations that steps begin. */
void conn_submit_close(struct conn *conn);
/* Has the close that follows be a RST instead of a FIN. */
void conn_submit_linger(struct conn *conn);
void conn_submit_shutdown(struct conn *conn);
/* The plain descriptor for what is in the ring's table. */
void conn_submit_install(struct conn *conn);
/* The question for the peer's address, which has `size` octets. */
void conn_submit_name_question(struct conn *conn, uint32_t size);
/* Moves the file into the ring's table: the kernel chooses the slot, and writes its number to where
 * the descriptor stood. */
void conn_submit_move(struct conn *conn);
void conn_submit_connect(struct conn *conn);
/* Why a connection ended, by the result of an operation (a negative errno): PCE_TIMEOUT, PCE_RESET,
 * PCE_UNREACHABLE, or PCE_IO. PCE_CLOSED is the peer's FIN alone. */
enum pce_status conn_end_status(int result);

/* The parts of conn_attend. */
void conn_receive_step(struct conn *conn);
void conn_send_step(struct conn *conn);

void conn_prefetch(struct ring_prefetch *prefetched, unsigned count);
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
