/* The inside of the simulated kernel, for its files alone: kernel.c (time, descriptors), socket.c
 * (connections), operation.c (what a ring asks), uring.c and system.c (the wrapped calls).
 *
 * Thread: one caller. */
#ifndef PCED_TESTS_SIM_KERNEL_IMPL_H
#define PCED_TESTS_SIM_KERNEL_IMPL_H

#include "core/base/list.h"
#include "core/base/random.h"
#include "io/net/address.h"
#include "io/ring/uring_compat.h"
#include "tests/sim/kernel.h"

#include <sys/uio.h>

#define SIM_FILE_BASE  (1 << 20) /* descriptors of the simulation begin here */
#define SIM_VECTOR_MAX 32

enum sim_kind { SIM_FREE, SIM_SOCKET, SIM_LISTENER, SIM_EVENT, SIM_RING };

struct sim_operation;
struct sim_ring;

/* A descriptor's thing. */
struct sim_file {
    enum sim_kind kind;
    uint32_t references; /* descriptors, slots and operations */
    union {
        struct sim_socket *socket;
        struct sim_listener *listener;
        struct sim_ring *ring;
        uint64_t count; /* of an event */
    };
    struct sim_operation *poll; /* of an event */
};

struct sim_listener {
    struct list_link backlog; /* struct sim_socket */
    struct sim_operation *accept;
    struct list_link active;
    union address local;
};

enum sim_state {
    SIM_IDLE,    /* made by socket(), not connected */
    SIM_DIALING, /* connecting; the far end has not answered */
    SIM_OPEN,
    SIM_BROKEN, /* reset or refused: `error` */
};

/* Octets on their way, from `at` on. */
struct sim_stream {
    uint8_t *octets;
    size_t at;
    size_t size;
    size_t room;
};

struct sim_socket {
    struct list_link link;   /* backlog */
    struct list_link active; /* has something to do at the next turn */
    struct list_link probe;  /* keepalive is on */
    struct mono probe_at;
    unsigned probes_lost;
    enum sim_state state;
    int error;
    union address peer;
    union address local;
    bool is_held;   /* by the far end */
    bool is_served; /* by a descriptor or slot of the server */
    bool is_accepted;
    bool is_vanished;
    uint32_t unacked_at_end; /* what SIOCOUTQ goes on to say of a socket that is broken */
    bool is_resetting;       /* SO_LINGER 0 */
    bool fin_sent;           /* by the server */
    bool fin_told;
    bool reset_told;
    bool in_fin;
    struct sim_stream in;
    struct sim_stream out;
    size_t budget; /* octets that the far end takes */
    struct mono since_unacked;
    struct mono last_ack;
    struct sim_operation *receive;
    struct sim_operation *send;
    struct sim_operation *connect;
    const struct sim_ends *ends;
    void *context;
};

struct sim_operation {
    struct list_link link; /* ring->waiting */
    struct sim_ring *ring;
    struct sim_file *file;
    uint64_t user_data;
    uint64_t order;
    uint8_t opcode;
    bool is_multishot;
    bool is_polling;
    uint32_t accept_index; /* IORING_FILE_INDEX_ALLOC, or 0 for a plain descriptor */
    unsigned vector_count;
    struct iovec vector[SIM_VECTOR_MAX];
};

/* A completion that has not been put into the queue. */
struct sim_done {
    struct list_link link;
    uint64_t user_data;
    int result;
    uint32_t flags;
    uint64_t order;
    uint32_t hold;
};

struct sim_ring {
    struct io_uring *uring;
    int descriptor;
    unsigned sq_head, sq_tail, sq_flags;
    unsigned cq_head, cq_tail;
    struct io_uring_sqe *sqes;
    struct io_uring_cqe *cqes;
    unsigned sq_entries, cq_entries;
    struct io_uring_buf_ring *buffers;
    unsigned buffer_count;
    uint16_t buffer_head;
    struct sim_file **slots;
    unsigned slot_count;
    struct list_link waiting; /* operations */
    struct list_link done;
};

struct sim_kernel {
    bool is_active;
    bool do_waits_last;
    struct mono now;
    struct random random;
    uint64_t order;
    uint64_t turns;
    struct sim_wait wait;
    struct sim_knobs knobs;
    struct list_link active;    /* sockets */
    struct list_link listeners; /* with something to accept */
    struct list_link probing;
    struct sim_file **files; /* by descriptor */
    unsigned file_count;     /* in use once */
    unsigned open_count;
    unsigned connection_files; /* descriptors and slots of connections */
    sim_dial_fn *on_dial;
    void *dial_context;
};

extern struct sim_kernel sim;

uint64_t sim_random(void);

/* The lowest free descriptor, or -EMFILE. */
int sim_install(struct sim_file *file);
struct sim_file *sim_file_of(int descriptor); /* NULL: not one of ours */
struct sim_file *sim_file_make(enum sim_kind kind);
void sim_file_release(struct sim_file *file);
int sim_close(int descriptor);
/* A slot of the ring's table, or -ENFILE. */
int sim_place(struct sim_ring *ring, struct sim_file *file);
int sim_unplace(struct sim_ring *ring, unsigned slot);

void sim_stream_put(struct sim_stream *stream, const void *octets, size_t size);
/* Steps over the first ones; they stay valid until the next put. */
const uint8_t *sim_stream_take(struct sim_stream *stream, size_t size);

struct sim_socket *sim_socket_make(void);
/* The last descriptor of the server went. */
void sim_socket_closed(struct sim_socket *socket);
void sim_touch(struct sim_socket *socket);
void sim_touch_listener(struct sim_listener *listener);
/* Everything that sockets can do now is done. */
void sim_pump(void);
/* 0 or an errno value negated. */
int sim_socket_connect(struct sim_socket *socket, const union address *to);
int sim_socket_shutdown(struct sim_socket *socket);
int sim_socket_set_option(struct sim_socket *socket, int level, int name, const void *value);
int sim_socket_get_option(struct sim_socket *socket, int level, int name, void *value,
                          socklen_t *size);
void sim_socket_probe(struct sim_socket *socket);
void sim_drop_backlog(struct sim_listener *listener);

void sim_submit(struct sim_ring *ring);
void sim_pump_socket_operations(struct sim_socket *socket);
void sim_pump_listener(struct sim_listener *listener);
void sim_pump_event(struct sim_file *file);
void sim_complete(struct sim_operation *operation, int result, uint32_t flags);
/* The last completion of the operation, which is gone afterwards. */
void sim_finish(struct sim_operation *operation, int result, uint32_t flags);
/* Moves completions into the queue. */
void sim_flush(struct sim_ring *ring);

/* SIOCOUTQ: not acknowledged by the far end, or not when the socket broke. */
uint32_t sim_socket_unacked(const struct sim_socket *socket);

#endif
