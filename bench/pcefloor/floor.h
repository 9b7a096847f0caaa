/* pcefloor: what the kernel allows. It reads the octets that a PCE reads and writes answers of the
 * same size, and does no work of a PCE: no decoding, no checks, no sessions, no paths. The same
 * load against it and against pced gives a ratio that holds on any machine.
 *
 * Raw liburing on purpose: nothing of io/ is in it, so that a weakness of io/ shows. Its ways are
 * the fastest that are known: one ring for each thread with deferred task work, direct descriptors,
 * multishot accept and receive into provided buffers, and one send for each connection and turn.
 *
 * Thread: main makes the listening sockets and starts the shards; everything else is a shard's own.
 * Bound: FLOOR_SHARDS_MAX; the files of a ring; out.h bounds what waits to be sent. */
#ifndef PCED_BENCH_PCEFLOOR_FLOOR_H
#define PCED_BENCH_PCEFLOOR_FLOOR_H

#include "bench/pcefloor/out.h"
#include "bench/pcefloor/prepared.h"
#include "bench/pcefloor/request.h"

#include <liburing.h>
#include <pthread.h>
#include <stdalign.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

#define FLOOR_SHARDS_MAX 256
#define FLOOR_TICK_MS    100
#define FLOOR_GROUP      1 /* of the provided buffers */

struct floor_options {
    struct sockaddr_storage address;
    socklen_t address_size;
    unsigned shard_count;
    unsigned keepalive_s; /* 0: none are sent */
    uint16_t reply_octets;
};

enum floor_flags {
    FLOOR_OPEN = 1,
    FLOOR_SENDING = 2, /* the first of its outs is with the kernel */
    FLOOR_DIRTY = 4,   /* it stands in the shard's list of this turn */
    FLOOR_BROKEN = 8,  /* nothing is received any more; it closes when nothing is sent */
};

/* One connection; its place in the table is its direct descriptor. A million of them are held. */
struct floor_conn {
    struct out *first, *last; /* what is to be sent */
    struct request request;   /* the message that is being received */
    uint8_t flags;
};

_Static_assert(sizeof(struct floor_conn) <= 32, "a connection is at most 32 octets");

struct floor_shard {
    alignas(64) struct io_uring ring;
    struct io_uring_buf_ring *buffers;
    uint8_t *buffer_octets;
    unsigned buffer_count, buffer_size;
    struct floor_conn *conns;
    uint32_t *dirty;
    unsigned file_count, high, dirty_count; /* high: one behind the highest descriptor seen */
    unsigned tick; /* of the keepalive period: says which part of the table is walked */
    bool wants_accept;
    struct out_pool outs;
    const struct prepared *prepared;
    const struct floor_options *options;
    int listener;
    uint64_t connections, requests, dropped;
    pthread_t thread;
};

/* Opens the listening sockets of all shards, with steering by source address. descriptors: one for
 * each shard. Returns 0 or an errno value. */
int floor_listen(const struct floor_options *options, int *descriptors);

/* Makes the ring; called on the shard's own thread. Returns 0 or an errno value. */
int floor_shard_init(struct floor_shard *shard);
/* Serves until *stop. */
void floor_shard_serve(struct floor_shard *shard, const _Atomic bool *stop);

/* ---- conn.c: what becomes of a connection; tags are the low bits of user_data ---- */

enum floor_tag { TAG_NONE, TAG_ACCEPT, TAG_RECEIVE, TAG_SEND, TAG_CLOSE };

struct io_uring_sqe *floor_sqe(struct floor_shard *shard, uint32_t slot, enum floor_tag tag);
void floor_on_accept(struct floor_shard *shard, const struct io_uring_cqe *cqe);
void floor_on_receive(struct floor_shard *shard, uint32_t slot, const struct io_uring_cqe *cqe);
void floor_on_send(struct floor_shard *shard, uint32_t slot, int result);
void floor_on_close(struct floor_shard *shard, uint32_t slot);
/* One send for each connection that has something new. */
void floor_flush(struct floor_shard *shard);
/* Keepalives for a part of the table: all of it is walked once in each period. */
void floor_walk(struct floor_shard *shard);

#endif
