/* Connection: one TCP connection of a shard, without any protocol.
 *
 * Octets come by a multishot receive into the ring's provided buffers and are handed to on_octets;
 * whole messages go into the send queue, and all that is queued in a turn goes out in one
 * operation, of which one is in flight at a time. A send is asked for without MSG_WAITALL: the
 * kernel then reports each part as it takes it, so that `accepted` is exact at every moment and
 * memory goes back as the peer reads.
 *
 * Life: the pool or a listener makes it -> conn_hand_over -> callbacks … on_end (at most once, when
 * the peer ended it) -> the owner calls conn_finish or conn_reset, at any time and from any
 * callback
 * -> the only callback that still comes is on_released, once; behind it the record is another's.
 * Nothing that the kernel still holds is reused before its last completion. docs/CONNECTION-FSM.md
 * says what each call does in each state.
 *
 * Owner: a connection has one owner, or nobody. It changes hands by conn_hand_over alone, and loses
 * its owner by conn_turn_away, by conn_detach, or by on_released. An owner lives until one of
 * these, and says conn_check_left before it frees itself. conn_reset and conn_finish change no
 * owner.
 *
 * Thread: the pool's shard. Owns: the socket, its queue. Bound: the pool's count_max, the ring's
 * file table; queued octets are bounded by the send pool, and their policy is the owner's. */
#ifndef PCED_IO_NET_CONN_H
#define PCED_IO_NET_CONN_H

#include "core/base/ip.h"
#include "core/base/status.h"
#include "core/base/wire.h"
#include "io/net/send_queue.h"
#include "io/os/counter.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct ring;
struct conn;
struct conn_pool;

/* A name for a connection that may be kept and sent to other threads: it finds nothing once the
 * connection was released. generation is never 0, so that the zero value names nothing. */
struct conn_handle {
    uint32_t shard;
    uint32_t index;
    uint32_t generation;
};

/* What conn_inspect finds out about a connection's socket. */
struct conn_inspection {
    struct ip local; /* real, where the listener takes every address */
    uint16_t local_port;
    bool is_established;  /* or the peer has sent its FIN: we can still send */
    uint32_t unread;      /* octets that the peer sent and nobody has read (SIOCINQ) */
    uint32_t unacked;     /* SIOCOUTQ */
    uint32_t in_flight;   /* segments that are sent and not acknowledged */
    uint32_t retransmits; /* of the oldest of them, in a row */
    uint32_t last_ack_ms; /* since a segment of the peer came that acknowledges anything */
    uint32_t send_window; /* that the peer offers; UINT32_MAX: the kernel does not say */
};

#define CONN_PREFETCH_STEPS 3

/* Callbacks; each may be NULL but on_octets, on_end and on_released. */
struct conn_ops {
    /* conn_connect has reached the peer. */
    void (*on_connected)(struct conn *conn);
    /* The answer to conn_inspect; inspection is NULL where status is not PCE_OK. */
    void (*on_inspected)(struct conn *conn, enum pce_status status,
                         const struct conn_inspection *inspection);
    /* These octets will come to on_octets within this turn, behind what other connections have: the
     * time to have memory fetched that they will need, all at once and not each in its turn. It is
     * asked CONN_PREFETCH_STEPS times, of all such connections step by step, so that what one step
     * has fetched is there in the next. note: the owner's own from step to step, 0 at first. It
     * must not change the connection, nor rely on being asked. */
    void (*on_prefetch)(struct conn *conn, struct wire_span octets, unsigned step, uint64_t *note);
    /* Octets as they came, at least one; valid until it returns. */
    void (*on_octets)(struct conn *conn, const uint8_t *octets, size_t size);
    /* The peer ended it: PCE_CLOSED (its FIN: what is queued can still be sent by conn_finish),
     * PCE_TIMEOUT, PCE_RESET, PCE_UNREACHABLE, PCE_IO for another reason. Each owner is told once:
     * one that takes over a connection that has ended hears of it in the next turn. */
    void (*on_end)(struct conn *conn, enum pce_status status);
    /* The kernel accepted some octets: conn_accepted has moved. */
    void (*on_accepted)(struct conn *conn);
    /* The queue became empty: the kernel has accepted everything (which is not: the peer has it).
     */
    void (*on_drained)(struct conn *conn);
    /* The queued octets passed the pressure mark (true), or fell below half of it (false). */
    void (*on_pressure)(struct conn *conn, bool is_high);
    /* conn_stall has taken effect: this much was dropped, the final message is on its way. */
    void (*on_stalled)(struct conn *conn, const struct send_dropped *dropped);
    /* The answer to conn_query_unacked: octets that the kernel accepted and the peer has not
     * acknowledged (SIOCOUTQ). conn_acknowledged has been set from it. */
    void (*on_unacked)(struct conn *conn, enum pce_status status, uint32_t octets);
    /* The socket is closed; conn has no owner any more and is invalid when this returns. status:
     * PCE_OK after an orderly end, PCE_CANCELLED after conn_reset, else why. */
    void (*on_released)(struct conn *conn, void *owner, enum pce_status status);
};

struct conn_pool_options {
    struct ring *ring;
    uint32_t shard;         /* for handles */
    uint32_t count_max;     /* connections at a time; 0: as many as the ring has files, or 16,384 */
    size_t send_octets_max; /* over all queues; 0: see send_pool_create */
    size_t send_kept_max;
    uint32_t pressure_octets; /* the mark for on_pressure; 0: none */
};

/* Written by the shard, read by any thread. */
struct conn_counters {
    struct counter open;     /* records in use now */
    struct counter accepted; /* connections that came through listeners */
    struct counter adopted;
    struct counter released;
    struct counter refused;  /* no record was free */
    struct counter receives; /* completions with octets */
    struct counter received_octets;
    struct counter sends; /* send operations that completed */
    struct counter sent_octets;
    struct counter messages_queued;
    struct counter messages_sent;    /* wholly accepted by the kernel */
    struct counter messages_dropped; /* by conn_stall */
    struct counter stalls;
    struct counter failures; /* connections that ended by an error of the socket */
};

PCE_MUST_CHECK enum pce_status conn_pool_create(const struct conn_pool_options *options,
                                                struct conn_pool **pool);
/* Every connection must have been released (conn_pool_reset_all, then turn the ring). */
void conn_pool_destroy(struct conn_pool *pool);
const struct conn_counters *conn_pool_counters(const struct conn_pool *pool);
/* As conn_pool_options.send_octets_max, from now on. */
void conn_pool_set_send_max(struct conn_pool *pool, size_t octets_max);
struct send_pool_figures conn_pool_send_figures(const struct conn_pool *pool);
/* Records in use, those that are being closed included. */
uint32_t conn_pool_count(const struct conn_pool *pool);
/* Connections of which octets wait in the kernel that the last turn had no room for; what is not
 * wanted (conn_pause) does not wait. */
uint32_t conn_pool_unread(const struct conn_pool *pool);
/* conn_reset for every connection. */
void conn_pool_reset_all(struct conn_pool *pool);
/* Calls visit for every connection that is not being closed; visit may close the one it is given.
 */
void conn_pool_for_each(struct conn_pool *pool, void (*visit)(struct conn *conn, void *context),
                        void *context);
/* User memory of one record. */
size_t conn_record_size(void);

/* Takes over a connected socket (a plain descriptor, never closed by the caller afterwards unless a
 * status other than PCE_OK is returned). With ops NULL it is as a listener hands it over: nobody's,
 * until the caller hands it over or turns it away. PCE_LIMIT when no record is free. */
PCE_MUST_CHECK enum pce_status conn_adopt(struct conn_pool *pool, int descriptor,
                                          const struct conn_ops *ops, void *owner,
                                          struct conn **conn);
/* Gives the connection to this owner: a new one, which begins to receive by that, and one that had
 * another owner, in whatever state it is. Nothing is paused or held afterwards. When it is closing
 * already the new owner is told on_released alone. Questions of the former owner that are open
 * (conn_inspect, conn_query_unacked) are answered to the new one. ops must outlive the connection.
 */
void conn_hand_over(struct conn *conn, const struct conn_ops *ops, void *owner);
/* conn_reset for a connection that nobody wants: it has no owner from now on, and no callback
 * comes.
 */
void conn_turn_away(struct conn *conn);
/* Called by one that was the connection's owner, before it frees itself: the connection, or
 * whatever has its record by now, does not name it. */
void conn_check_left(const struct conn *conn, const void *owner);

/* The connection with this index of its handle, for a walk that stops and goes on later: indices
 * are below conn_pool_used. NULL when there is none now, or it is being closed. */
struct conn *conn_pool_at(struct conn_pool *pool, uint32_t index);
uint32_t conn_pool_used(const struct conn_pool *pool);
/* The connection that the handle names; NULL when it was released or is being closed. */
struct conn *conn_find(struct conn_pool *pool, struct conn_handle handle);
struct conn_handle conn_handle_of(const struct conn *conn);
struct conn_pool *conn_pool_of(const struct conn *conn);
void *conn_owner(const struct conn *conn);
/* Which callbacks it has, and so which kind of owner; NULL: it is nobody's. */
const struct conn_ops *conn_ops_of(const struct conn *conn);
/* The peer's address and port; the pointer is valid until on_released has returned. */
const struct ip *conn_address(const struct conn *conn);
struct ip conn_peer(const struct conn *conn);
uint16_t conn_peer_port(const struct conn *conn);
/* The address and port that the listener is bound to (unspecified when it takes every address); for
 * an adopted connection what getsockname says. */
struct ip conn_local(const struct conn *conn);
uint16_t conn_local_port(const struct conn *conn);

/* Sending: as send_queue_open, _commit, _abort. PCE_CLOSED once the connection is stalled, finished
 * or broken. What is committed goes out at the start of the next ring_turn. */
PCE_MUST_CHECK enum pce_status conn_open(struct conn *conn, size_t size_max,
                                         struct wire_writer *writer);
PCE_MUST_CHECK enum pce_status conn_commit(struct conn *conn, const struct wire_writer *writer,
                                           enum send_class class);
void conn_abort(struct conn *conn);
/* A message that exists already. */
PCE_MUST_CHECK enum pce_status conn_send(struct conn *conn, const void *octets, size_t size,
                                         enum send_class class);

/* What is committed waits until conn_release_sends, which the owner calls soon: what comes
 * meanwhile goes out with it, in one operation. Without effect on conn_stall and conn_finish. */
void conn_hold_sends(struct conn *conn);
void conn_release_sends(struct conn *conn);

/* Positions in the stream that we send, in octets since its start. queued: behind the last message;
 * accepted: taken by the kernel; acknowledged: known to have reached the peer's TCP, as of the last
 * conn_query_unacked. queued - acknowledged are the pending octets. */
uint64_t conn_queued(const struct conn *conn);
uint64_t conn_accepted(const struct conn *conn);
uint64_t conn_acknowledged(const struct conn *conn);
/* Octets that wait in the queue: queued - accepted. */
uint64_t conn_queued_octets(const struct conn *conn);
/* Where the message ends that is partly out or next (send_queue_message_end at accepted). */
uint64_t conn_message_end(const struct conn *conn);
uint64_t conn_received_octets(const struct conn *conn);

/* Asks for SIOCOUTQ through the ring; on_unacked answers in a later turn. PCE_AGAIN when one
 * question is open already, PCE_CLOSED. */
PCE_MUST_CHECK enum pce_status conn_query_unacked(struct conn *conn);

/* Looks at the socket from outside the ring, for what the ring does not tell: for rare questions,
 * as it takes a plain descriptor for a moment. on_inspected answers in a later turn. PCE_AGAIN when
 * one question is open already, PCE_CLOSED. */
PCE_MUST_CHECK enum pce_status conn_inspect(struct conn *conn);
/* Has the kernel ask a silent peer whether it is there, after a second and again after another: a
 * peer that is not ends the connection (PCE_TIMEOUT, or PCE_IO when it says that it knows of no
 * such connection). It asks only while nothing is outstanding. */
void conn_set_probing(struct conn *conn, bool is_on);

/* Stops to receive: octets that the ring has taken already may still come, then the peer's octets
 * wait in its and our TCP. Harmless when paused; on_end is not seen while paused. */
void conn_pause(struct conn *conn);
void conn_resume(struct conn *conn);
bool conn_is_paused(const struct conn *conn);
/* Octets of the peer may wait unread in the kernel: we are paused, or had no buffer for them. */
bool conn_may_have_input(const struct conn *conn);

/* The peer does not read: cancels the send in flight and learns exactly how much of it went out,
 * frees every message that has not begun, and sends [the remainder of the message that is partly
 * out | final] as one operation, ahead of everything that was queued. size 0: no final message.
 * on_stalled tells what was dropped; afterwards conn_open says PCE_CLOSED. PCE_CLOSED when there is
 * nothing to send to; PCE_LIMIT or PCE_NO_MEMORY when there is no room for the final message: then
 * it is dropped, the rest is done all the same. Receiving goes on. */
PCE_MUST_CHECK enum pce_status conn_stall(struct conn *conn, const void *final, size_t size);

/* Orderly end: sends what is queued, then FIN, reads and drops what the peer still sends until its
 * FIN, and closes. It waits for the peer without limit: the owner bounds it by calling conn_reset
 * later. */
void conn_finish(struct conn *conn);
/* Ends it now: what is queued is freed, the peer gets a RST. Harmless when called again. */
void conn_reset(struct conn *conn);
bool conn_is_closing(const struct conn *conn);

/* Gives the socket away as a plain descriptor, to be adopted by another shard: while it is
 * nobody's, from on_accept for one. done gets the descriptor, or -1 and a status; the record is
 * released by then and on_released does not come. */
typedef void conn_detached_fn(void *context, int descriptor, enum pce_status status);
void conn_detach(struct conn *conn, conn_detached_fn *done, void *context);

#endif
