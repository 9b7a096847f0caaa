/* How connections end, seen from both sides. */
#include "tests/lib/io_support.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static struct client open_one(struct rig *rig, int receive_buffer)
{
    unsigned before = rig->side_count;
    struct client peer = peer_connect_from(rig, NULL, receive_buffer);
    UNTIL(rig, rig->side_count == before + 1);
    return peer;
}

/* Reads to the end; returns the errno value of it (0: FIN). */
static int read_to_end(struct rig *rig, struct client *peer, uint8_t *octets, size_t room,
                       size_t *size)
{
    int error = 0;
    *size = 0;
    UNTIL(rig, !peer_read(peer, octets, room, size, &error));
    return error;
}

static void send_many(struct conn *conn, size_t count, size_t size)
{
    uint8_t *message = malloc(size);
    for (size_t m = 0; m < count; m++) {
        for (size_t i = 0; i < size; i++)
            message[i] = pattern(m * size + i);
        cr_assert_eq(conn_send(conn, message, size, SEND_DATA), PCE_OK);
    }
    free(message);
}

Test(conn_end, finish_sends_the_queue_then_fin_and_waits_for_the_peer)
{
    struct rig rig = {0};
    rig_open(&rig);
    struct client peer = open_one(&rig, 0);
    struct side *side = &rig.sides[0];
    enum { SIZE = 40000, COUNT = 10 };
    send_many(side->conn, COUNT, SIZE);
    conn_finish(side->conn);
    struct wire_writer writer;
    cr_assert_eq(conn_open(side->conn, 4, &writer), PCE_CLOSED);
    cr_assert(conn_find(rig.pool, side->handle) == NULL);
    uint8_t *got = malloc(COUNT * SIZE + 1);
    size_t size;
    cr_assert_eq(read_to_end(&rig, &peer, got, COUNT * SIZE + 1, &size), 0);
    cr_assert_eq(size, COUNT * SIZE);
    for (size_t i = 0; i < size; i++)
        cr_assert(got[i] == pattern(i));
    /* What the peer sends meanwhile is read and dropped, so that no reset comes of it. */
    peer_write(&rig, &peer, got, 30000);
    rig_turn(&rig);
    cr_assert_eq(side->releases, 0);
    client_shutdown(&peer);
    UNTIL(&rig, side->releases == 1);
    cr_assert_eq(side->release_status, PCE_OK);
    cr_assert_eq(side->ends, 0);
    size = 0;
    int error;
    cr_assert(!peer_read(&peer, got, 1, &size, &error));
    cr_assert_eq(error, 0);
    free(got);
    client_close(&peer);
    rig_close(&rig);
}

Test(conn_end, finish_after_the_peers_fin_still_sends_the_queue)
{
    struct rig rig = {0};
    rig_open(&rig);
    struct client peer = open_one(&rig, 0);
    client_shutdown(&peer);
    UNTIL(&rig, rig.sides[0].ends == 1);
    cr_assert_eq(rig.sides[0].end_status, PCE_CLOSED);
    send_many(rig.sides[0].conn, 3, 50000);
    conn_finish(rig.sides[0].conn);
    uint8_t *got = malloc(150001);
    size_t size;
    cr_assert_eq(read_to_end(&rig, &peer, got, 150001, &size), 0);
    cr_assert_eq(size, 150000);
    UNTIL(&rig, rig.sides[0].releases == 1);
    free(got);
    client_close(&peer);
    rig_close(&rig);
}

Test(conn_end, reset_is_a_rst_at_once)
{
    struct rig rig = {0};
    rig_open(&rig);
    for (unsigned round = 0; round < 2; round++) {
        struct client peer = open_one(&rig, 0);
        send_many(rig.sides[round].conn, 1, 10);
        conn_reset(rig.sides[round].conn);
        conn_reset(rig.sides[round].conn);
        UNTIL(&rig, rig.sides[round].releases == 1);
        cr_assert_eq(rig.sides[round].release_status, PCE_CANCELLED);
        uint8_t octet;
        size_t size;
        cr_assert_eq(read_to_end(&rig, &peer, &octet, 1, &size), ECONNRESET);
        client_close(&peer);
    }
    rig_close(&rig);
}

Test(conn_end, reset_on_a_plain_descriptor_is_a_rst_too)
{
    struct rig rig = {.ring_options = {.plain_descriptors = true}};
    rig_open(&rig);
    struct client peer = open_one(&rig, 0);
    conn_reset(rig.sides[0].conn);
    UNTIL(&rig, rig.sides[0].releases == 1);
    uint8_t octet;
    size_t size;
    cr_assert_eq(read_to_end(&rig, &peer, &octet, 1, &size), ECONNRESET);
    client_close(&peer);
    rig_close(&rig);
}

Test(conn_end, reset_with_a_send_in_flight_frees_its_memory)
{
    struct rig rig = {0};
    rig_open(&rig);
    struct client peer = open_one(&rig, 8192);
    send_many(rig.sides[0].conn, 100, 60000);
    for (int i = 0; i < 50; i++)
        rig_turn(&rig);
    cr_assert(conn_queued_octets(rig.sides[0].conn) > 0);
    conn_reset(rig.sides[0].conn);
    UNTIL(&rig, rig.sides[0].releases == 1);
    cr_assert_eq(conn_pool_send_figures(rig.pool).octets, 0);
    client_close(&peer);
    rig_close(&rig);
}

Test(conn_end, a_peer_that_resets_while_we_send_is_told_once)
{
    struct rig rig = {0};
    rig_open(&rig);
    struct client peer = open_one(&rig, 8192);
    struct side *side = &rig.sides[0];
    send_many(side->conn, 100, 60000);
    for (int i = 0; i < 20; i++)
        rig_turn(&rig);
    client_reset(&peer);
    UNTIL(&rig, side->ends == 1);
    cr_assert_eq(side->end_status, PCE_RESET);
    struct wire_writer writer;
    cr_assert_eq(conn_open(side->conn, 4, &writer), PCE_CLOSED);
    for (int i = 0; i < 20; i++)
        rig_turn(&rig);
    cr_assert_eq(side->ends, 1);
    conn_finish(side->conn);
    UNTIL(&rig, side->releases == 1);
    cr_assert_eq(side->release_status, PCE_RESET);
    rig_close(&rig);
}

Test(conn_end, finishing_towards_a_peer_that_never_reads_ends_by_reset)
{
    struct rig rig = {0};
    rig_open(&rig);
    struct client peer = open_one(&rig, 8192);
    send_many(rig.sides[0].conn, 100, 60000);
    conn_finish(rig.sides[0].conn);
    for (int i = 0; i < 50; i++)
        rig_turn(&rig);
    cr_assert_eq(rig.sides[0].releases, 0);
    conn_reset(rig.sides[0].conn);
    UNTIL(&rig, rig.sides[0].releases == 1);
    client_close(&peer);
    rig_close(&rig);
}

/* An owner that ends the connection inside the callback whose number it is given. */
static unsigned end_in;
static unsigned closer_releases;

static void closer_octets(struct conn *conn, const uint8_t *octets, size_t size)
{
    (void)octets;
    (void)size;
    if (end_in == 0)
        conn_reset(conn);
    if (end_in == 1)
        conn_finish(conn);
    if (end_in > 1)
        cr_assert_eq(conn_send(conn, "answer", 6, SEND_CONTROL), PCE_OK);
}

static void closer_end(struct conn *conn, enum pce_status status)
{
    (void)status;
    conn_reset(conn);
}

static void closer_accepted(struct conn *conn)
{
    if (end_in == 2)
        conn_reset(conn);
}

static void closer_drained(struct conn *conn)
{
    if (end_in == 3)
        conn_reset(conn);
    if (end_in == 4)
        conn_finish(conn);
    if (end_in == 5)
        cr_assert_eq(conn_stall(conn, NULL, 0), PCE_OK);
}

static void closer_stalled(struct conn *conn, const struct send_dropped *dropped)
{
    cr_assert_eq(dropped->messages, 0);
    conn_reset(conn);
}

static void closer_released(struct conn *conn, void *owner, enum pce_status status)
{
    (void)conn;
    (void)owner;
    (void)status;
    closer_releases++;
}

Test(conn_end, the_owner_may_end_it_in_any_callback)
{
    static const struct conn_ops ops = {
        .on_octets = closer_octets,
        .on_end = closer_end,
        .on_accepted = closer_accepted,
        .on_drained = closer_drained,
        .on_stalled = closer_stalled,
        .on_released = closer_released,
    };
    struct rig rig = {0};
    rig_open(&rig);
    for (end_in = 0; end_in <= 5; end_in++) {
        int pair[2];
        cr_assert_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
        struct conn *conn;
        cr_assert_eq(conn_adopt(rig.pool, pair[0], &ops, NULL, &conn), PCE_OK);
        cr_assert_eq(write(pair[1], "question", 8), 8);
        UNTIL(&rig, end_in == 1 || end_in == 4 || closer_releases == end_in + 1);
        (void)close(pair[1]);
        UNTIL(&rig, closer_releases == end_in + 1);
    }
    rig_close(&rig);
}

struct detached {
    int descriptor;
    enum pce_status status;
    unsigned calls;
    bool wanted;
};

static void on_detached(void *context, int descriptor, enum pce_status status)
{
    struct detached *detached = context;
    detached->descriptor = descriptor;
    detached->status = status;
    detached->calls++;
}

static void detach_on_accept(void *context, struct conn *conn)
{
    conn_detach(conn, on_detached, context);
}

static void check_detach(bool plain_descriptors)
{
    struct failure failure;
    struct ring_options ring_options = {.file_count = 64, .plain_descriptors = plain_descriptors};
    struct ring *ring;
    cr_assert_eq(ring_create(&ring_options, &ring, &failure), PCE_OK);
    struct conn_pool *pool;
    cr_assert_eq(conn_pool_create(&(struct conn_pool_options){.ring = ring}, &pool), PCE_OK);
    struct listener_options options = {.address_count = 1, .shard_count = 1};
    cr_assert(ip_parse("::1", &options.addresses[0]));
    struct listeners *listeners;
    cr_assert_eq(listeners_open(&options, &listeners, &failure), PCE_OK, "%s", failure.text);
    struct detached detached = {.descriptor = -1};
    cr_assert_eq(listeners_start(listeners, 0, pool, detach_on_accept, &detached), PCE_OK);
    struct client peer;
    struct client_options to = {
        .to = options.addresses[0],
        .to_port = listeners_port(listeners, 0),
        .deadline = mono_add_s(clock_now(), 10),
    };
    cr_assert_eq(client_connect(&peer, &to, &failure), PCE_OK, "%s", failure.text);
    struct mono deadline = mono_add_s(clock_now(), 10);
    while (detached.calls == 0 && mono_is_before(clock_now(), deadline))
        cr_assert_neq(ring_turn(ring, mono_add_ms(clock_now(), 10)), PCE_IO);
    cr_assert_eq(detached.calls, 1);
    cr_assert_eq(detached.status, PCE_OK);
    cr_assert_eq(conn_pool_count(pool), 0);
    cr_assert_eq(write(detached.descriptor, "hello", 5), 5);
    char got[5];
    cr_assert_eq(client_receive_all(&peer, got, 5, deadline), PCE_OK);
    (void)close(detached.descriptor);
    size_t size;
    cr_assert_eq(client_receive(&peer, got, 5, &size, deadline), PCE_CLOSED,
                 "the ring holds the socket no more");
    client_close(&peer);
    listeners_stop(listeners, 0);
    cr_assert_eq(ring_settle(ring, deadline), PCE_OK);
    conn_pool_destroy(pool);
    listeners_close(listeners);
    ring_destroy(ring);
}

Test(conn_end, detach_gives_the_socket_away_whole)
{
    check_detach(false);
    check_detach(true);
}
