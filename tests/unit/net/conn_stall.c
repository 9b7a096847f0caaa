/* The peer that does not read: what it costs, what is known, and Close ahead of the queue. */
#include "tests/lib/io_support.h"

#include <stdlib.h>
#include <string.h>

#define MESSAGE_SIZE 3000
#define FINAL        "CLOSE-CLOSE-"
#define FINAL_SIZE   12

/* A message that says its number and its size, so that a torn one is seen. */
static void send_numbered(struct conn *conn, uint32_t number, size_t size)
{
    struct wire_writer writer;
    cr_assert_eq(conn_open(conn, size, &writer), PCE_OK);
    wire_put_u32(&writer, number);
    wire_put_u32(&writer, (uint32_t)size);
    for (size_t i = 8; i < size; i++)
        wire_put_u8(&writer, pattern(number + i));
    cr_assert_eq(conn_commit(conn, &writer, SEND_DATA), PCE_OK);
}

/* Whole messages 0, 1, 2 … and then, exactly, the final one. Returns how many came before it. */
static uint32_t check_stream(const uint8_t *octets, size_t size)
{
    struct wire_reader reader = wire_reader_init(octets, size);
    uint32_t count = 0;
    while (wire_left(&reader) > FINAL_SIZE) {
        cr_assert_eq(wire_u32(&reader), count);
        size_t message_size = wire_u32(&reader);
        for (size_t i = 8; i < message_size; i++)
            cr_assert(wire_u8(&reader) == pattern(count + i));
        count++;
    }
    cr_assert(!reader.failed);
    cr_assert_eq(wire_left(&reader), FINAL_SIZE);
    cr_assert(memcmp(reader.at, FINAL, FINAL_SIZE) == 0);
    return count;
}

/* Queues until the kernel takes no more and `backlog` messages wait besides. */
static uint32_t fill(struct rig *rig, struct side *side, size_t size, uint32_t backlog)
{
    uint32_t number = 0;
    uint64_t before = UINT64_MAX;
    while (conn_accepted(side->conn) != before || conn_queued_octets(side->conn) == 0) {
        before = conn_accepted(side->conn);
        for (int i = 0; i < 20; i++)
            send_numbered(side->conn, number++, size);
        for (int i = 0; i < 20; i++)
            rig_turn(rig);
    }
    for (uint32_t i = 0; i < backlog; i++)
        send_numbered(side->conn, number++, size);
    return number;
}

static void stall_and_read_later(struct rig *rig, size_t message_size)
{
    rig_open(rig);
    struct client peer = peer_connect_from(rig, NULL, 8192);
    UNTIL(rig, rig->side_count == 1);
    struct side *side = &rig->sides[0];
    uint32_t queued = fill(rig, side, message_size, 100);
    uint64_t accepted = conn_accepted(side->conn);
    uint64_t boundary = conn_message_end(side->conn);
    cr_assert(boundary > accepted && boundary - accepted <= message_size);
    cr_assert_eq(boundary % message_size, 0);
    if (accepted % message_size == 0)
        boundary = accepted; /* no message is partly out: the next one has not begun */
    cr_assert(conn_pool_send_figures(rig->pool).octets > 100 * message_size);

    cr_assert_eq(conn_stall(side->conn, FINAL, FINAL_SIZE), PCE_OK);
    struct wire_writer writer;
    cr_assert_eq(conn_open(side->conn, 4, &writer), PCE_CLOSED);
    cr_assert_eq(conn_stall(side->conn, FINAL, FINAL_SIZE), PCE_CLOSED);
    UNTIL(rig, side->stalls == 1);
    cr_assert_eq(conn_accepted(side->conn), accepted);
    cr_assert_eq(conn_queued(side->conn), boundary + FINAL_SIZE);
    cr_assert_eq(side->dropped.messages, queued - boundary / message_size);
    cr_assert_eq(side->dropped.octets, side->dropped.messages * message_size);
    /* One chunk at most for the remainder, one for the final message. */
    cr_assert(conn_pool_send_figures(rig->pool).octets <= 69632 + 4096);

    uint8_t *got = malloc(boundary + FINAL_SIZE + 1);
    size_t size = 0;
    int error;
    UNTIL(rig, peer_read(&peer, got, boundary + FINAL_SIZE + 1, &size, &error) &&
                   size == boundary + FINAL_SIZE);
    cr_assert_eq(check_stream(got, size), boundary / message_size);
    UNTIL(rig, conn_queued_octets(side->conn) == 0);
    cr_assert_eq(conn_pool_send_figures(rig->pool).octets, 0);
    /* The grace: delivered is when SIOCOUTQ says 0. */
    side->unacked = 1;
    while (side->unacked > 0) {
        unsigned answers = side->answers;
        cr_assert_eq(conn_query_unacked(side->conn), PCE_OK);
        UNTIL(rig, side->answers == answers + 1);
    }
    cr_assert_eq(conn_acknowledged(side->conn), boundary + FINAL_SIZE);
    conn_finish(side->conn);
    UNTIL(rig, !peer_read(&peer, got, boundary + FINAL_SIZE + 1, &size, &error));
    cr_assert_eq(error, 0);
    cr_assert_eq(size, boundary + FINAL_SIZE);
    client_close(&peer);
    UNTIL(rig, side->releases == 1);
    cr_assert_eq(side->release_status, PCE_OK);
    free(got);
    rig_close(rig);
}

Test(conn_stall, close_overtakes_the_queue_and_nothing_is_torn)
{
    struct rig rig = {0};
    stall_and_read_later(&rig, MESSAGE_SIZE);
}

Test(conn_stall, a_large_message_that_is_partly_out_arrives_whole)
{
    struct rig rig = {.listener_options = {.send_buffer = 16384}};
    stall_and_read_later(&rig, SEND_MESSAGE_MAX);
}

Test(conn_stall, tiny_messages)
{
    struct rig rig = {0};
    stall_and_read_later(&rig, 64);
}

Test(conn_stall, on_plain_descriptors)
{
    struct rig rig = {.ring_options = {.plain_descriptors = true}};
    stall_and_read_later(&rig, MESSAGE_SIZE);
}

Test(conn_stall, an_idle_connection_just_gets_the_final_message)
{
    struct rig rig = {0};
    rig_open(&rig);
    struct client peer = peer_connect(&rig);
    UNTIL(&rig, rig.side_count == 1);
    cr_assert_eq(conn_stall(rig.sides[0].conn, FINAL, FINAL_SIZE), PCE_OK);
    uint8_t got[FINAL_SIZE + 1];
    size_t size = 0;
    int error;
    UNTIL(&rig, peer_read(&peer, got, sizeof got, &size, &error) && size == FINAL_SIZE);
    cr_assert(memcmp(got, FINAL, FINAL_SIZE) == 0);
    cr_assert_eq(rig.sides[0].stalls, 1);
    cr_assert_eq(rig.sides[0].dropped.messages, 0);
    client_close(&peer);
    rig_close(&rig);
}

Test(conn_stall, memory_is_back_before_the_kernel_gives_up)
{
    struct rig rig = {0};
    rig_open(&rig);
    struct client peer = peer_connect_from(&rig, NULL, 8192);
    UNTIL(&rig, rig.side_count == 1);
    struct side *side = &rig.sides[0];
    (void)fill(&rig, side, MESSAGE_SIZE, 1000);
    cr_assert_eq(conn_stall(side->conn, FINAL, FINAL_SIZE), PCE_OK);
    UNTIL(&rig, side->stalls == 1);
    cr_assert(conn_pool_send_figures(rig.pool).octets <= 2 * 4096);
    conn_reset(side->conn);
    UNTIL(&rig, side->releases == 1);
    cr_assert_eq(conn_pool_send_figures(rig.pool).octets, 0);
    client_close(&peer);
    rig_close(&rig);
}

Test(conn_stall, the_final_message_is_sent_even_at_the_memory_limit)
{
    struct rig rig = {.pool_options = {.send_octets_max = 400000}};
    rig_open(&rig);
    struct client peer = peer_connect_from(&rig, NULL, 8192);
    UNTIL(&rig, rig.side_count == 1);
    struct side *side = &rig.sides[0];
    uint8_t message[MESSAGE_SIZE] = {0};
    enum pce_status status = PCE_OK;
    for (int refused = 0; refused < 50; refused += status != PCE_OK) {
        status = conn_send(side->conn, message, sizeof message, SEND_DATA);
        cr_assert(status == PCE_OK || status == PCE_LIMIT);
        if (status != PCE_OK)
            rig_turn(&rig);
    }
    cr_assert(conn_pool_send_figures(rig.pool).refused >= 50);
    cr_assert_eq(conn_stall(side->conn, FINAL, FINAL_SIZE), PCE_OK);
    UNTIL(&rig, side->stalls == 1);
    uint64_t end = conn_queued(side->conn);
    uint8_t *got = malloc(end + 1);
    size_t size = 0;
    int error;
    UNTIL(&rig, peer_read(&peer, got, end + 1, &size, &error) && size == end);
    cr_assert_eq((end - FINAL_SIZE) % MESSAGE_SIZE, 0);
    cr_assert(memcmp(got + end - FINAL_SIZE, FINAL, FINAL_SIZE) == 0);
    free(got);
    client_close(&peer);
    rig_close(&rig);
}

Test(conn_stall, acknowledged_octets_follow_the_reader)
{
    struct rig rig = {0};
    rig_open(&rig);
    struct client peer = peer_connect_from(&rig, NULL, 8192);
    UNTIL(&rig, rig.side_count == 1);
    struct side *side = &rig.sides[0];
    (void)fill(&rig, side, MESSAGE_SIZE, 0);
    cr_assert_eq(conn_query_unacked(side->conn), PCE_OK);
    cr_assert_eq(conn_query_unacked(side->conn), PCE_AGAIN);
    UNTIL(&rig, side->answers == 1);
    uint64_t first = conn_acknowledged(side->conn);
    cr_assert(side->unacked > 0);
    cr_assert(first > 0 && first < conn_accepted(side->conn));
    /* No progress without a reader. */
    cr_assert_eq(conn_query_unacked(side->conn), PCE_OK);
    UNTIL(&rig, side->answers == 2);
    cr_assert_eq(conn_acknowledged(side->conn), first);
    uint64_t total = conn_queued(side->conn);
    uint8_t *got = malloc(total);
    size_t size = 0;
    int error;
    UNTIL(&rig, peer_read(&peer, got, total, &size, &error) && size == total);
    while (conn_acknowledged(side->conn) < total) {
        unsigned answers = side->answers;
        cr_assert_eq(conn_query_unacked(side->conn), PCE_OK);
        UNTIL(&rig, side->answers == answers + 1);
    }
    cr_assert_eq(conn_acknowledged(side->conn), conn_queued(side->conn));
    free(got);
    client_close(&peer);
    rig_close(&rig);
}
