/* What the tests of io/ share: a ring with a pool and listeners on loopback, an owner that notes
 * what it is told, and peers that are plain sockets of the same thread. */
#ifndef PCED_TESTS_LIB_IO_SUPPORT_H
#define PCED_TESTS_LIB_IO_SUPPORT_H

#include "io/net/client.h"
#include "io/net/conn.h"
#include "io/net/conn_connect.h"
#include "io/net/listener.h"
#include "io/os/clock.h"
#include "io/ring/ring.h"

#include <criterion/criterion.h>

#define SIDES_MAX 4096

/* The owner of one connection. */
struct side {
    struct conn *conn; /* NULL when released */
    struct rig *rig;
    struct conn_handle handle;
    uint8_t *got;
    size_t got_size;
    size_t got_room;
    unsigned ends;
    unsigned drains;
    unsigned accepts; /* on_accepted */
    unsigned highs;
    unsigned lows;
    unsigned stalls;
    unsigned answers; /* on_unacked */
    unsigned releases;
    unsigned connects;
    unsigned inspections;
    unsigned prefetched[CONN_PREFETCH_STEPS]; /* how often, by step */
    uint8_t prefetched_octet;                 /* the first one of those that were prefetched last */
    struct conn_inspection inspection;
    uint32_t unacked;
    enum pce_status end_status;
    enum pce_status release_status;
    struct send_dropped dropped;
    struct ip peer;
    uint16_t peer_port;
};

struct rig {
    struct ring *ring;
    struct conn_pool *pool;
    struct listeners *listeners;
    struct side *sides;
    unsigned side_count;
    unsigned released;
    uint64_t refused; /* at the end: connections that no record was free for */
    bool echoes;      /* send back what comes */
    bool finishes;    /* conn_finish when the peer ends */
    bool keeps;       /* remember octets */
    uint16_t port;
    struct ring_options ring_options;
    struct conn_pool_options pool_options;
    struct listener_options listener_options;
};

/* Zero, then whatever options the test sets, then rig_open. */
void rig_open(struct rig *rig);
/* Resets what is left, settles the ring, and checks that nothing is held. */
void rig_close(struct rig *rig);
void rig_turn(struct rig *rig);

/* Turns the ring until the condition holds, for at most 20 seconds. */
#define UNTIL(rig, condition)                                                                      \
    do {                                                                                           \
        struct mono until_deadline = mono_add_s(clock_now(), 20);                                  \
        bool until_holds = (condition);                                                            \
        while (!until_holds && mono_is_before(clock_now(), until_deadline)) {                      \
            rig_turn(rig);                                                                         \
            until_holds = (condition);                                                             \
        }                                                                                          \
        cr_assert(until_holds, "%s", #condition);                                                  \
    } while (0)

/* A peer on 127.0.0.1 (or from another source), connected; its calls do not wait. */
struct client peer_connect(struct rig *rig);
struct client peer_connect_from(struct rig *rig, const char *source, int receive_buffer);
/* An outgoing connection of ours; NULL with the status and text of the refusal. */
struct side *rig_connect(struct rig *rig, const struct conn_target *target, enum pce_status *status,
                         struct failure *failure);
/* Another owner for a connection of ours, as if it had come to it. */
struct side *rig_hand_over(struct rig *rig, struct side *side);
/* What can be read now is put behind *size; false at the end (FIN or reset: *end_error is errno or
 * 0). */
bool peer_read(struct client *peer, uint8_t *octets, size_t room, size_t *size, int *end_error);
/* Writes all, turning the ring while the socket is full. */
void peer_write(struct rig *rig, struct client *peer, const void *octets, size_t size);

/* A recognisable octet for each position. */
uint8_t pattern(size_t position);

#endif
