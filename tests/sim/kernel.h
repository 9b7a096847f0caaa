/* Kernel of the simulation: it answers io_uring and the calls for sockets in place of Linux, in
 * time that only the test moves.
 *
 * All of core/, io/ and server/ is the real code. What it asks of the kernel (liburing's functions,
 * socket, setsockopt, close, clock_gettime …) is wrapped at link time and comes here while the
 * simulation runs; otherwise it goes to the system, so that one program may do both.
 *
 * A simulated socket is a TCP connection as its two ends see it. The server's end is used through
 * a ring or a descriptor; the far end by the functions below. What completes stands in its ring's
 * order, unless the test asks for another one: completions of one operation, and those of linked
 * ones, keep theirs, as they do in Linux.
 *
 * No wait ever lasts. A ring that has nothing to hand out notes how long it would have slept
 * (sim_wanted), says that the time is over, and the test moves the clock.
 *
 * Thread: one caller; there is one kernel. Owns: rings, sockets, descriptors.
 * Bound: SIM_FILES_MAX descriptors. */
#ifndef PCED_TESTS_SIM_KERNEL_H
#define PCED_TESTS_SIM_KERNEL_H

#include "core/base/ip.h"
#include "core/base/mono.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SIM_FILES_MAX 65536

struct sim_socket;

/* What the far end of a connection hears; each may be NULL. */
struct sim_ends {
    void (*on_octets)(void *context, const uint8_t *octets, size_t size);
    void (*on_fin)(void *context);
    void (*on_reset)(void *context);
};

/* What a script may change of the kernel; zero everywhere is one that does all at once, in order,
 * and refuses nothing. */
struct sim_knobs {
    uint32_t delay_max;     /* turns that a completion may be late */
    bool is_disordered;     /* completions come in any order that Linux allows */
    uint32_t send_max;      /* octets that one send takes; 0: what there is room for */
    uint32_t receive_max;   /* octets of one receive; 0: a whole buffer */
    uint32_t window;        /* octets that the kernel holds for a peer that does not read */
    uint32_t files_max;     /* slots and descriptors that may be open for connections; 0: all */
    uint32_t refuse_submit; /* submissions that take nothing (-EAGAIN), from now on */
    uint32_t refuse_next;   /* operations of `refuse_opcode` that fail with `refuse_error` */
    uint8_t refuse_opcode;
    int refuse_error;
    bool no_direct; /* a kernel without direct descriptors; before a ring is made */
};

/* From here to sim_kernel_end the wrapped calls are the simulation's. */
void sim_kernel_begin(uint64_t seed);
/* The server must have closed all that it had. */
void sim_kernel_end(void);
bool sim_is_active(void);
struct sim_knobs *sim_knobs(void);

struct mono sim_now(void);
/* Never backwards. Keepalive probes of sockets that are due happen on the way. */
void sim_set_now(struct mono now);
/* When the next probe of a socket is due. */
struct mono sim_next_probe(void);
/* A wait with nothing to hand out moves the clock itself: for code that turns a ring on its own. */
void sim_set_waits(bool do_last);
/* What the last wait of any ring came to: whether it handed out something or could have, and the
 * instant that it would have slept to. */
struct sim_wait {
    bool is_busy;
    struct mono until;
};
struct sim_wait sim_last_wait(void);

/* ---- the far end ---- */

struct sim_target {
    int listener; /* descriptor of a listening socket */
    struct ip from;
    uint16_t port;
    const struct sim_ends *ends;
    void *context;
};
/* A connection that waits to be accepted; NULL when nobody listens. */
struct sim_socket *sim_connect(const struct sim_target *target);

/* The server connects: on_dial may keep the socket and answer later. */
typedef void sim_dial_fn(void *context, struct sim_socket *socket);
void sim_set_dial(sim_dial_fn *on_dial, void *context);
void sim_dial_accept(struct sim_socket *socket, const struct sim_ends *ends, void *context);
void sim_dial_refuse(struct sim_socket *socket, int error);

/* Octets for the server; dropped when it has closed. */
void sim_send(struct sim_socket *socket, const void *octets, size_t size);
void sim_fin(struct sim_socket *socket);
/* The connection breaks with this errno value: ECONNRESET, ETIMEDOUT … */
void sim_reset(struct sim_socket *socket, int error);
/* How many more octets the far end takes; SIZE_MAX: all. */
void sim_set_reading(struct sim_socket *socket, size_t octets);
/* The far end's host is gone: it acknowledges nothing, and nothing says so. */
void sim_vanish(struct sim_socket *socket);
/* The far end does not use it any more; an open connection is reset. */
void sim_forget(struct sim_socket *socket);

bool sim_is_open(const struct sim_socket *socket); /* the server has it, and it works */
struct ip sim_peer(const struct sim_socket *socket);
size_t sim_unread(const struct sim_socket *socket); /* octets that the server has not read */

/* ---- figures ---- */

/* Descriptors, slots, rings, and sockets of the server that are open. */
unsigned sim_open_count(void);
uint64_t sim_turn_count(void);

#endif
