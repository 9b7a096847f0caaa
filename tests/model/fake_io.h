/* Fake io/: connections, listeners, mailboxes, rings and the clock as io/net/conn.h and its
 * siblings promise them, without a kernel, so that all of server/ that a shard runs can be driven
 * through every order of events. It replaces the files of io/ at link time.
 *
 * It holds every user of a connection to the rules of io/net/conn.h: an owner that is freed while a
 * connection names it ends the program at that moment, and so does a call that its state forbids.
 * What the kernel may do late is done late: a close completes in a later turn, or when the model
 * says so.
 *
 * Thread: one. Owns: everything. Bound: FAKE_CONNS_MAX connections at a time. */
#ifndef PCED_TESTS_MODEL_FAKE_IO_H
#define PCED_TESTS_MODEL_FAKE_IO_H

#include "io/net/conn.h"
#include "io/net/listener.h"
#include "io/share/mailbox.h"

#define FAKE_CONNS_MAX 32

enum fake_state {
    FAKE_FREE,
    FAKE_NEW,
    FAKE_DIALING,
    FAKE_OPEN,
    FAKE_FINISHING,
    FAKE_DETACHING,
    FAKE_CLOSING,
};

struct conn {
    enum fake_state state;
    const struct conn_ops *ops;
    void *owner;
    conn_detached_fn *detached;
    struct ip peer;
    uint32_t generation;
    uint64_t order; /* of its making */
    uint64_t queued;
    uint64_t accepted;
    unsigned inputs; /* pieces that its peer has sent */
    unsigned close_in;
    enum pce_status end_status;
    bool is_paused;
    bool is_held;
    bool is_stalled;
    bool is_stall_due;
    unsigned stall_in; /* turns until the cut is told */
    bool is_inspecting;
    bool is_end_told;
    bool is_closed_by_peer; /* FIN */
    bool is_broken;
};

struct fake_io {
    struct mono now;
    struct conn conns[FAKE_CONNS_MAX];
    uint64_t order;
    unsigned close_delay; /* turns until a close, or the cut of a stall, completes */
    unsigned local_known; /* whether conn_local knows the address */
    listener_accept_fn *on_accept;
    void *accept_context;
    bool is_listening;
    mailbox_fn *on_mail;
    void *mail_context;
    /* One turn of the ring: the model lets things happen. */
    void (*on_turn)(void);
    struct mono deadline; /* until when the ring would have slept */
    /* Memory. */
    uint64_t allocations; /* asked for, as long as is_counting */
    bool is_counting;
    uint64_t fail_at; /* 1: the next one; 0: none */
    bool fail_all;
    int64_t balance; /* allocations less frees */
};

extern struct fake_io fake;

/* Begins anew, with everything free. */
void fake_reset(void);
/* What completes by itself at the start of a turn: sends, stalls, closes that are due. */
void fake_complete(void);
struct conn *fake_accept(const struct ip *peer);
void fake_input(struct conn *conn, const void *octets, size_t size);
void fake_fin(struct conn *conn);
void fake_break(struct conn *conn, enum pce_status status);
/* Answers conn_connect. */
void fake_connected(struct conn *conn);
/* Answers conn_inspect. */
void fake_inspected(struct conn *conn, enum pce_status status,
                    const struct conn_inspection *inspection);
void fake_unacked(struct conn *conn, uint32_t octets);
/* The kernel's last completion: the record is free afterwards. */
void fake_release(struct conn *conn);
unsigned fake_count(void);

_Noreturn void fake_fail(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
