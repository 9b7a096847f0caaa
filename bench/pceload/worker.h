/* Client: one thread with one ring, and the sessions that it has.
 *
 * A session is a record of 64 octets and a slot of the ring's own file table; it has no buffer
 * while it is idle. Received octets come in provided buffers that all sessions of the ring share
 * and are read where they lie; only a message that is split is gathered. All that a session has to
 * send in a turn goes out in one send, whose buffer is borrowed for as long as the send lasts.
 * Timers are stamps that a slice of the table is asked for each 100 ms.
 *
 * Session number `index` of all is `index / rings` of client `index % rings`: neighbours in the
 * schedule of an open loop are on different rings.
 *
 * Thread: the client's own, but for the counters, which any thread may read. Owns: its ring,
 * sessions, buffers. Bound: session_count, BUFFERS_MAX sends under way, GATHER_MAX octets of a
 * split message (the protocol's own limit). */
#ifndef PCED_BENCH_PCELOAD_WORKER_H
#define PCED_BENCH_PCELOAD_WORKER_H

#include "bench/pceload/load/judge.h"
#include "bench/pceload/load/picker.h"
#include "bench/pceload/load/stage.h"
#include "bench/pceload/protocol/templates.h"
#include "bench/pceload/results/histogram.h"
#include "io/os/counter.h"
#include "io/os/thread.h"

#include <liburing.h>

#define BUFFERS_MAX       4096u
#define BUFFER_SIZE_MIN   512u
#define BUFFER_SIZE_FLOOD 16384u /* more, where reports or unread requests are sent */
#define GATHER_MAX        65535u
#define TICK_NS           UINT64_C(100000000)

enum operation { OP_SETUP, OP_CONNECT, OP_RECEIVE, OP_SEND, OP_POLL, OP_CLOSE, OP_IGNORED };

enum session_state {
    SESSION_NEW,     /* not yet begun, or to be begun again at due_ms */
    SESSION_DIALING, /* connecting */
    SESSION_OPENING, /* the server's Open is waited for */
    SESSION_KEEPING, /* … and its Keepalive */
    SESSION_UP,
    SESSION_LEAVING, /* a Close was sent: the server is to end the connection */
    SESSION_ENDING,  /* operations are under way that have to end */
    SESSION_GONE
};

enum session_flag {
    FLAG_DIRTY = 1,     /* on the client's list of those that may have something to send */
    FLAG_OPEN = 2,      /* an Open is to be sent */
    FLAG_KEEPALIVE = 4, /* a Keepalive is to be sent */
    FLAG_RECEIVING = 8, /* a receive is armed */
    FLAG_AGAIN = 16,    /* connects again when it has ended */
    FLAG_DEAF = 32,     /* reads nothing, or only now and then */
    FLAG_RAMPING = 64,  /* counts among those that are on their way to UP */
    FLAG_CLOSE = 128,   /* a Close is to be sent */
};

struct buffer {
    struct buffer *next; /* in the list of free ones */
    uint32_t size;
    uint8_t octets[];
};

/* A message that came in parts. */
struct gathered {
    uint32_t size, room;
    uint8_t octets[];
};

struct session {
    uint64_t free_slots; /* bit i: request slot i is free */
    struct buffer *sending;
    struct gathered *gathered;
    uint32_t index;       /* among the sessions of all clients */
    uint32_t sent_ms;     /* since the client began */
    uint32_t received_ms; /* the same */
    uint32_t due_ms;      /* of its next act */
    uint32_t serial;      /* of the last request */
    uint32_t round;       /* open loop: of the next request */
    uint32_t left;        /* reports, or what a session that misbehaves is yet to send */
    uint8_t state;
    uint8_t behaviour;
    uint8_t flags;
    uint8_t operations; /* that the kernel has not finished */
    uint8_t peer_dead_s;
    uint8_t attempts;
};

_Static_assert(sizeof(struct session) <= 64, "a million of them are meant to be small");

/* A request that is out. */
struct slot {
    uint64_t asked_ns; /* open loop: when it should have been sent */
    uint32_t id;
    struct pair pair;
    bool is_measured;
};

/* What other threads read while it runs. */
struct client_counters {
    struct counter up;            /* well-behaved sessions that are UP */
    struct counter lost;          /* … that were UP and ended */
    struct counter failed;        /* … that were given up before they were UP */
    struct counter outstanding;   /* requests */
    struct counter sent;          /* measured requests */
    struct counter replied;       /* … answered with a path or with NO-PATH */
    struct counter refused;       /* … answered with PCErr or cancelled */
    struct counter all_replied;   /* measured or not */
    struct counter in_time;       /* replies that came while it was measured */
    struct counter last_reply_ns; /* when the last measured request was answered */
    struct counter keepalives_sent, keepalives_received;
    struct counter reports_sent, reports_done; /* reports; sessions whose reports are all out */
    struct counter leaving;                    /* sessions that wait for the server's end */
};

/* Written by the client alone, read when it has ended. */
struct client_results {
    struct tally tally;
    uint64_t paths, no_paths;
    uint64_t request_octets, requests_built;
    uint64_t reply_octets, replies_read;
    uint64_t sends, receives, turns;
    uint64_t behaved[BEHAVE_KINDS][4]; /* enum behaved */
    double cpu_seconds;
    struct histogram latency;
};

/* What became of sessions that misbehave. */
enum behaved { BEHAVED_CONNECTED, BEHAVED_UP, BEHAVED_ACTS, BEHAVED_ENDED_BY_SERVER };

struct client {
    const struct options *options;
    const struct network *network;
    const struct templates *templates;
    struct stage *stage;
    uint32_t number, rings;
    struct client_counters counters;
    struct client_results *results;
    struct failure failure; /* of its start */
    struct thread thread;
    _Atomic int started; /* 0: not yet; 1: its ring is there; -1: see failure */

    struct io_uring uring;
    struct io_uring_buf_ring *receive_ring;
    uint8_t *receive_octets;
    uint32_t receive_count, receive_size, receive_returned;

    struct session *sessions;
    uint32_t session_count, well_count; /* the first ones behave well */
    struct slot *slots;
    uint32_t window; /* request slots of a session: a power of two */
    uint32_t window_bits;
    uint32_t depth;
    uint32_t *dirty;
    uint32_t dirty_count;
    struct buffer *free_buffers;
    uint32_t buffer_count, buffer_size;

    uint64_t begin_ns;
    uint64_t now_ns; /* of this turn */
    uint64_t next_tick_ns;
    uint32_t walk_at; /* next session of the walk */

    uint32_t ramp_next;  /* next session to begin */
    uint32_t connecting; /* on their way to UP */
    double ramp_credit_ns;

    bool is_leaving;                                 /* all sessions are told to close */
    bool is_loaded;                                  /* requests are being sent */
    uint64_t load_from, measure_from, measure_until; /* the stage's, of this turn */
    uint32_t schedule_round, schedule_next;          /* open loop: the next session that is due */
    uint64_t drawn; /* requests with constraints, for what differs */
    struct picker picker;
    struct judge judge;
};

/* client_ring.c: on the client's thread. */
bool client_open(struct client *client);
/* The part of it that needs no kernel: sessions, requests, results. */
bool client_open_tables(struct client *client);
void client_close(struct client *client);
struct io_uring_sqe *client_sqe(struct client *client);
/* So many submissions without one in between that the kernel sees. */
void client_reserve(struct client *client, unsigned count);
void client_mark(struct client *client, struct io_uring_sqe *sqe, const struct session *session,
                 enum operation operation);
void client_return_buffer(struct client *client, uint32_t flags);
void client_publish_buffers(struct client *client);
uint32_t client_ms(const struct client *client);
static inline uint32_t client_slot_of(const struct client *client, const struct session *session)
{
    return (uint32_t)(session - client->sessions);
}

/* client_connect.c */
/* Begins sessions as the rate allows; returns when the next one may begin. */
uint64_t client_ramp(struct client *client);
/* Connects a session that has ended. */
void client_again(struct client *client, struct session *session);
void client_on_connect(struct client *client, struct session *session, int result);
/* It is UP, or has ended: another one may begin. */
void client_ramped(struct client *client, struct session *session);
/* Ends the connection; it is begun again when FLAG_AGAIN is set. */
void client_end(struct client *client, struct session *session);
/* The same because of something that counts as `why`. */
void client_lose(struct client *client, struct session *session, enum tally_kind why);
/* An operation has ended. */
void client_release(struct client *client, struct session *session);

/* client_receive.c */
void client_arm(struct client *client, struct session *session);
bool client_is_connected(const struct session *session);
void client_on_receive(struct client *client, struct session *session, int result, uint32_t flags);

/* client_message.c: one whole message. */
void client_on_message(struct client *client, struct session *session, const uint8_t *octets,
                       uint32_t size);

/* client_reply.c: a PCRep; what has named a request that was refused. */
void client_on_reply(struct client *client, struct session *session, const uint8_t *octets,
                     uint32_t size);
void client_refuse(struct client *client, struct session *session, uint32_t id);

/* client_request.c */
/* Reads the stage; begins and ends the load. */
void client_read_stage(struct client *client);
/* Open loop: marks the sessions that are due; returns when the next one is. */
uint64_t client_schedule(struct client *client);
/* The session has come UP. */
void client_on_up(struct client *client, struct session *session);
/* Writes the requests that the session may send now. */
size_t client_put_requests(struct client *client, struct session *session, uint8_t *to,
                           size_t room);
void client_forget_requests(struct client *client, struct session *session);

/* client_misbehave.c: sessions that do not behave well. */
void client_misbehave_up(struct client *client, struct session *session);
/* What is due now, many times a second. */
void client_misbehave(struct client *client, struct session *session);
size_t client_put_misbehaviour(struct client *client, struct session *session, uint8_t *to,
                               size_t room);

/* client_send.c */
void client_dirty(struct client *client, struct session *session);
/* Sends all that dirty sessions have; false when some must wait for a buffer. */
bool client_flush(struct client *client);
void client_on_send(struct client *client, struct session *session, int result);

/* client_tick.c */
void client_tick(struct client *client);
/* Sends a Close on every session. */
void client_leave(struct client *client);

/* client.c: the thread. */
void client_run(void *context);

#endif
