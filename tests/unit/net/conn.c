/* Connections: octets in, messages out, pausing, many of them. */
#include "tests/lib/io_support.h"

#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

static void echo(struct rig *rig, size_t size, size_t step)
{
    struct client peer = peer_connect(rig);
    uint8_t *sent = malloc(size);
    uint8_t *back = malloc(size + 1);
    for (size_t i = 0; i < size; i++)
        sent[i] = pattern(i);
    size_t got = 0;
    int error;
    for (size_t at = 0; at < size; at += step) {
        peer_write(rig, &peer, sent + at, step < size - at ? step : size - at);
        if (step == 1)
            rig_turn(rig);
        cr_assert(peer_read(&peer, back, size + 1, &got, &error));
    }
    UNTIL(rig, peer_read(&peer, back, size + 1, &got, &error) && got >= size);
    cr_assert_eq(got, size);
    cr_assert(memcmp(sent, back, size) == 0);
    client_close(&peer);
    UNTIL(rig, rig->released == rig->side_count);
    free(sent);
    free(back);
}

Test(conn, echoes_one_octet_at_a_time)
{
    struct rig rig = {.echoes = true, .finishes = true};
    rig_open(&rig);
    echo(&rig, 300, 1);
    cr_assert_eq(rig.sides[0].ends, 1);
    cr_assert_eq(rig.sides[0].end_status, PCE_CLOSED);
    cr_assert_eq(rig.sides[0].release_status, PCE_OK);
    rig_close(&rig);
}

/* The accept, the question for the address, the first receive and the send do not wait for each
 * other: only what comes later is waited for. */
Test(conn, a_patient_ring_waits_once_for_a_connection_and_its_answer)
{
    struct rig rig = {.echoes = true, .finishes = true};
    rig_open(&rig);
    rig_turn(&rig);
    struct client peer = peer_connect(&rig);
    peer_write(&rig, &peer, "x", 1);
    ring_set_coalesce(rig.ring, 1000000);
    struct mono start = clock_now();
    UNTIL(&rig, rig.side_count == 1 && rig.sides[0].drains == 1);
    cr_expect_lt(mono_since_ns(clock_now(), start), 2 * MONO_NS_PER_S);
    ring_set_coalesce(rig.ring, 0);
    client_close(&peer);
    rig_close(&rig);
}

Test(conn, echoes_megabytes)
{
    struct rig rig = {.echoes = true, .finishes = true};
    rig_open(&rig);
    echo(&rig, 3000000, 65535);
    rig_close(&rig);
}

Test(conn, echoes_on_plain_descriptors)
{
    struct rig rig = {
        .echoes = true, .finishes = true, .ring_options = {.plain_descriptors = true}};
    rig_open(&rig);
    cr_assert_eq(ring_file_count(rig.ring), 0);
    echo(&rig, 500000, 65535);
    rig_close(&rig);
}

Test(conn, prefetches_in_steps_what_several_have_received_at_a_time)
{
    enum { PEERS = 3, ROUNDS = 100 };
    struct rig rig = {0};
    struct client peers[PEERS];
    rig_open(&rig);
    for (unsigned i = 0; i < PEERS; i++) {
        peers[i] = peer_connect(&rig);
        UNTIL(&rig, rig.side_count == i + 1);
        const uint8_t alone = 99;
        peer_write(&rig, &peers[i], &alone, 1);
        UNTIL(&rig, rig.sides[i].got_size == 1);
        cr_assert_eq(rig.sides[i].prefetched[0], 0, "there is nothing to fetch it beside");
    }
    unsigned seen = 0;
    for (unsigned round = 1; round <= ROUNDS && seen < PEERS; round++) {
        for (unsigned i = 0; i < PEERS; i++) {
            const uint8_t octet = (uint8_t)(round + i);
            peer_write(&rig, &peers[i], &octet, 1);
        }
        for (unsigned i = 0; i < PEERS; i++)
            UNTIL(&rig, rig.sides[i].got_size == round + 1);
        seen = 0;
        for (unsigned i = 0; i < PEERS; i++)
            seen += rig.sides[i].prefetched_octet == (uint8_t)(round + i);
    }
    cr_assert_eq(seen, PEERS, "those that wait in one turn");
    for (unsigned i = 0; i < PEERS; i++) {
        for (unsigned step = 1; step < CONN_PREFETCH_STEPS; step++)
            cr_assert_eq(rig.sides[i].prefetched[step], rig.sides[i].prefetched[0]);
        client_close(&peers[i]);
    }
    rig_close(&rig);
}

Test(conn, names_its_peer_and_the_local_address)
{
    struct rig rig = {.finishes = true};
    rig_open(&rig);
    struct client peer = peer_connect_from(&rig, "127.9.8.7", 0);
    UNTIL(&rig, rig.side_count == 1);
    struct ip expected;
    cr_assert(ip_parse("127.9.8.7", &expected));
    cr_assert(ip_is_equal(&rig.sides[0].peer, &expected));
    struct sockaddr_in own = {0};
    socklen_t size = sizeof own;
    cr_assert(getsockname(peer.descriptor, (struct sockaddr *)&own, &size) == 0);
    cr_assert_eq(rig.sides[0].peer_port, ntohs(own.sin_port));
    cr_assert_eq(conn_local_port(rig.sides[0].conn), rig.port);
    struct ip local = conn_local(rig.sides[0].conn);
    cr_assert(ip_is_equal(&local, &rig.listener_options.addresses[0]));
    client_close(&peer);
    rig_close(&rig);
}

Test(conn, sends_the_largest_message_whole)
{
    struct rig rig = {0};
    rig_open(&rig);
    struct client peer = peer_connect(&rig);
    UNTIL(&rig, rig.side_count == 1);
    struct conn *conn = rig.sides[0].conn;
    enum { COUNT = 20 };
    for (size_t m = 0; m < COUNT; m++) {
        struct wire_writer writer;
        cr_assert_eq(conn_open(conn, SEND_MESSAGE_MAX, &writer), PCE_OK);
        for (size_t i = 0; i < SEND_MESSAGE_MAX; i++)
            wire_put_u8(&writer, pattern(m * SEND_MESSAGE_MAX + i));
        cr_assert_eq(conn_commit(conn, &writer, SEND_DATA), PCE_OK);
    }
    size_t total = (size_t)COUNT * SEND_MESSAGE_MAX;
    cr_assert_eq(conn_queued(conn), total);
    uint8_t *back = malloc(total);
    size_t got = 0;
    int error;
    UNTIL(&rig, peer_read(&peer, back, total, &got, &error) && got == total);
    for (size_t i = 0; i < total; i++)
        cr_assert(back[i] == pattern(i));
    UNTIL(&rig, conn_queued_octets(conn) == 0);
    cr_assert_eq(conn_accepted(conn), total);
    cr_assert_eq(counter_get(&conn_pool_counters(rig.pool)->messages_sent), COUNT);
    cr_assert(rig.sides[0].drains >= 1);
    free(back);
    client_close(&peer);
    rig_close(&rig);
}

Test(conn, sends_what_one_turn_queued_in_one_operation)
{
    struct rig rig = {0};
    rig_open(&rig);
    struct client peer = peer_connect(&rig);
    UNTIL(&rig, rig.side_count == 1);
    uint8_t message[100];
    memset(message, 7, sizeof message);
    for (int i = 0; i < 100; i++)
        cr_assert_eq(conn_send(rig.sides[0].conn, message, sizeof message, SEND_DATA), PCE_OK);
    UNTIL(&rig, conn_queued_octets(rig.sides[0].conn) == 0);
    const struct conn_counters *counters = conn_pool_counters(rig.pool);
    cr_assert_eq(counter_get(&counters->messages_sent), 100);
    cr_assert_eq(counter_get(&counters->sends), 1);
    client_close(&peer);
    rig_close(&rig);
}

Test(conn, refuses_an_empty_or_overflowing_message)
{
    struct rig rig = {0};
    rig_open(&rig);
    struct client peer = peer_connect(&rig);
    UNTIL(&rig, rig.side_count == 1);
    struct conn *conn = rig.sides[0].conn;
    struct wire_writer writer;
    cr_assert_eq(conn_open(conn, 3, &writer), PCE_OK);
    wire_put_u32(&writer, 1);
    cr_assert_eq(conn_commit(conn, &writer, SEND_DATA), PCE_INVALID);
    cr_assert_eq(conn_open(conn, 3, &writer), PCE_OK);
    cr_assert_eq(conn_commit(conn, &writer, SEND_DATA), PCE_INVALID);
    cr_assert_eq(conn_open(conn, 60000, &writer), PCE_OK);
    conn_abort(conn);
    cr_assert_eq(conn_queued(conn), 0);
    cr_assert_eq(conn_pool_send_figures(rig.pool).octets, 0);
    client_close(&peer);
    rig_close(&rig);
}

Test(conn, leaves_octets_in_tcp_while_paused)
{
    struct rig rig = {.keeps = true, .finishes = true};
    rig_open(&rig);
    struct client peer = peer_connect(&rig);
    UNTIL(&rig, rig.side_count == 1);
    struct side *side = &rig.sides[0];
    peer_write(&rig, &peer, "one", 3);
    UNTIL(&rig, side->got_size == 3);
    conn_pause(side->conn);
    cr_assert(conn_is_paused(side->conn));
    /* Two turns: the cancel goes out, its completion comes. */
    rig_turn(&rig);
    rig_turn(&rig);
    /* More than our buffers: the peer's writing must come to a halt. */
    uint8_t *flood = malloc(1 << 20);
    for (size_t i = 0; i < (1 << 20); i++)
        flood[i] = pattern(i);
    size_t written = 0;
    for (int refused = 0; refused < 3;) {
        ssize_t sent = send(peer.descriptor, flood, 1 << 20, MSG_DONTWAIT | MSG_NOSIGNAL);
        written += sent > 0 ? (size_t)sent : 0;
        refused += sent < 0;
        rig_turn(&rig);
    }
    cr_assert_eq(side->got_size, 3);
    cr_assert_eq(side->ends, 0);
    conn_resume(side->conn);
    UNTIL(&rig, side->got_size == 3 + written);
    cr_assert(memcmp(side->got, "one", 3) == 0);
    client_close(&peer);
    UNTIL(&rig, side->releases == 1);
    free(flood);
    rig_close(&rig);
}

/* Far more than one turn is given: the kernel says that there is more, and when there is not. */
#define FLOOD_WAITING 60000

Test(conn, counts_those_of_which_octets_wait_in_the_kernel)
{
    struct rig rig = {.keeps = true, .finishes = true, .ring_options = {.buffer_count = 4}};
    rig_open(&rig);
    struct client peer = peer_connect(&rig);
    UNTIL(&rig, rig.side_count == 1);
    struct side *side = &rig.sides[0];
    uint8_t *flood = calloc(1, FLOOD_WAITING);
    conn_pause(side->conn);
    rig_turn(&rig);
    rig_turn(&rig);
    cr_assert_eq(send(peer.descriptor, flood, FLOOD_WAITING, MSG_DONTWAIT), FLOOD_WAITING);
    cr_assert_eq(conn_pool_unread(rig.pool), 0, "nobody wants it");
    conn_resume(side->conn);
    unsigned seen = 0;
    while (side->got_size < FLOOD_WAITING) {
        rig_turn(&rig);
        seen += conn_pool_unread(rig.pool);
    }
    cr_assert_gt(seen, 0);
    UNTIL(&rig, conn_pool_unread(rig.pool) == 0);
    client_close(&peer);
    UNTIL(&rig, side->releases == 1);
    free(flood);
    rig_close(&rig);
}

Test(conn, pauses_and_resumes_in_one_turn_without_loss)
{
    struct rig rig = {.keeps = true};
    rig_open(&rig);
    struct client peer = peer_connect(&rig);
    UNTIL(&rig, rig.side_count == 1);
    struct side *side = &rig.sides[0];
    uint8_t octets[1000];
    for (size_t i = 0; i < sizeof octets; i++)
        octets[i] = pattern(i);
    for (size_t i = 0; i < sizeof octets; i++) {
        peer_write(&rig, &peer, octets + i, 1);
        conn_pause(side->conn);
        if (i % 3 == 0)
            rig_turn(&rig);
        conn_resume(side->conn);
        if (i % 2 == 0)
            rig_turn(&rig);
    }
    UNTIL(&rig, side->got_size == sizeof octets);
    cr_assert(memcmp(side->got, octets, sizeof octets) == 0);
    client_close(&peer);
    rig_close(&rig);
}

Test(conn, tells_when_the_queue_is_high_and_low_again)
{
    struct rig rig = {.pool_options = {.pressure_octets = 100000}};
    rig_open(&rig);
    struct client peer = peer_connect_from(&rig, NULL, 8192);
    UNTIL(&rig, rig.side_count == 1);
    struct side *side = &rig.sides[0];
    uint8_t message[5000] = {0};
    size_t total = 0;
    for (; side->highs == 0 || total == 0; total += sizeof message) {
        cr_assert(total < (16 << 20));
        cr_assert_eq(conn_send(side->conn, message, sizeof message, SEND_DATA), PCE_OK);
        rig_turn(&rig);
    }
    cr_assert_eq(side->lows, 0);
    cr_assert(conn_queued_octets(side->conn) > 100000 && total > 0);
    uint8_t *back = malloc(total);
    size_t got = 0;
    int error;
    UNTIL(&rig, peer_read(&peer, back, total, &got, &error) && got == total);
    UNTIL(&rig, side->lows == 1);
    cr_assert_eq(side->highs, 1);
    free(back);
    client_close(&peer);
    rig_close(&rig);
}

/* Many connections, more octets at once than there are buffers: every receive that ends for want of
 * a buffer is armed again and nothing is lost. */
static void storm(struct rig *rig, unsigned count)
{
    struct client *peers = calloc(count, sizeof *peers);
    uint8_t octets[3000];
    for (size_t i = 0; i < sizeof octets; i++)
        octets[i] = pattern(i);
    for (unsigned i = 0; i < count; i++) {
        peers[i] = peer_connect(rig);
        if (i % 64 == 0)
            rig_turn(rig);
    }
    UNTIL(rig, rig->side_count == count);
    for (unsigned i = 0; i < count; i++)
        cr_assert(send(peers[i].descriptor, octets, sizeof octets, MSG_NOSIGNAL) ==
                  (ssize_t)sizeof octets);
    uint8_t back[sizeof octets];
    for (unsigned i = 0; i < count; i++) {
        size_t got = 0;
        int error;
        UNTIL(rig, peer_read(&peers[i], back, sizeof back, &got, &error) && got == sizeof back);
        cr_assert(memcmp(back, octets, sizeof octets) == 0);
        client_close(&peers[i]);
    }
    UNTIL(rig, rig->released == count);
    free(peers);
}

Test(conn, three_thousand_on_one_ring)
{
    struct rig rig = {.echoes = true, .finishes = true};
    rig_open(&rig);
    storm(&rig, 3000);
    rig_close(&rig);
}

Test(conn, survives_a_storm_with_four_small_buffers)
{
    struct rig rig = {
        .echoes = true, .finishes = true, .ring_options = {.buffer_count = 4, .buffer_size = 256}};
    rig_open(&rig);
    storm(&rig, 300);
    cr_assert(counter_get(&ring_counters_of(rig.ring)->no_buffers) > 0);
    rig_close(&rig);
}

Test(conn, survives_queues_of_the_ring_that_are_too_small)
{
    struct rig rig = {
        .echoes = true, .finishes = true, .ring_options = {.sq_entries = 4, .cq_entries = 8}};
    rig_open(&rig);
    storm(&rig, 300);
    cr_assert(counter_get(&ring_counters_of(rig.ring)->queue_full) > 0);
    rig_close(&rig);
}

Test(conn, a_handle_finds_its_connection_and_never_the_next_one)
{
    struct rig rig = {.finishes = true};
    rig_open(&rig);
    struct client peer = peer_connect(&rig);
    UNTIL(&rig, rig.side_count == 1);
    struct conn *first = rig.sides[0].conn;
    struct conn_handle handle = rig.sides[0].handle;
    cr_assert(conn_find(rig.pool, handle) == first);
    cr_assert(conn_find(rig.pool, (struct conn_handle){0}) == NULL);
    cr_assert(conn_find(rig.pool, (struct conn_handle){0, 4000000, 1}) == NULL);
    client_close(&peer);
    UNTIL(&rig, rig.released == 1);
    cr_assert(conn_find(rig.pool, handle) == NULL);
    peer = peer_connect(&rig);
    UNTIL(&rig, rig.side_count == 2);
    cr_assert(rig.sides[1].conn == first, "the record is used again");
    cr_assert(conn_find(rig.pool, handle) == NULL);
    cr_assert(conn_find(rig.pool, rig.sides[1].handle) == first);
    client_close(&peer);
    rig_close(&rig);
}

Test(conn, another_owner_gets_what_comes_from_then_on)
{
    struct rig rig = {.keeps = false};
    rig_open(&rig);
    struct client peer = peer_connect(&rig);
    UNTIL(&rig, rig.side_count == 1);
    struct side *first = &rig.sides[0];
    conn_pause(first->conn); /* nothing is lost between the two */
    peer_write(&rig, &peer, "for the second", 14);
    struct side *second = rig_hand_over(&rig, first);
    cr_assert_not(conn_is_paused(second->conn));
    UNTIL(&rig, second->got_size == 14);
    cr_assert_eq(first->got_size, 0);
    client_close(&peer);
    UNTIL(&rig, second->ends == 1);
    cr_assert_eq(first->ends, 0);
    rig_close(&rig);
}

/* ---- how much one turn hands out ---- */

#define FLOOD_PEERS  8
#define FLOOD_OCTETS 20000
#define FLOOD_TURN   4096

static size_t got_in_all(const struct rig *rig)
{
    size_t got = 0;
    for (unsigned i = 0; i < rig->side_count; i++)
        got += rig->sides[i].got_size;
    return got;
}

/* All of it lies in the kernel when the turns begin; none of them sleeps while more is to come. */
Test(conn, one_turn_hands_out_no_more_than_its_octets)
{
    struct rig rig = {.keeps = true, .ring_options = {.turn_octets = FLOOD_TURN}};
    struct client peers[FLOOD_PEERS];
    uint8_t octets[FLOOD_OCTETS];
    rig_open(&rig);
    for (size_t i = 0; i < sizeof octets; i++)
        octets[i] = pattern(i);
    for (unsigned i = 0; i < FLOOD_PEERS; i++)
        peers[i] = peer_connect(&rig);
    UNTIL(&rig, rig.side_count == FLOOD_PEERS);
    rig_turn(&rig);
    for (unsigned i = 0; i < FLOOD_PEERS; i++)
        cr_assert_eq(send(peers[i].descriptor, octets, sizeof octets, MSG_DONTWAIT),
                     (ssize_t)sizeof octets);
    struct mono begun = clock_now();
    size_t before = got_in_all(&rig);
    while (before < sizeof octets * FLOOD_PEERS) {
        cr_assert_eq(ring_turn(rig.ring, mono_add_s(clock_now(), 20)), PCE_OK);
        size_t after = got_in_all(&rig);
        cr_assert_leq(after - before, (size_t)FLOOD_TURN + 2048, "and the rest of a buffer");
        before = after;
    }
    cr_assert_lt(mono_since_ns(clock_now(), begun), 20 * MONO_NS_PER_S);
    cr_assert_gt(counter_get(&ring_counters_of(rig.ring)->cut_turns), 10);
    for (unsigned i = 0; i < FLOOD_PEERS; i++)
        cr_assert_eq(memcmp(rig.sides[i].got, octets, sizeof octets), 0, "in order");
    for (unsigned i = 0; i < FLOOD_PEERS; i++)
        client_close(&peers[i]);
    rig_close(&rig);
}

Test(conn, holds_what_is_sent_until_it_is_released)
{
    struct rig rig = {.keeps = true};
    rig_open(&rig);
    struct client peer = peer_connect(&rig);
    UNTIL(&rig, rig.side_count == 1);
    struct conn *conn = rig.sides[0].conn;
    uint8_t back[16];
    size_t got = 0;
    int error;
    conn_hold_sends(conn);
    cr_assert_eq(conn_send(conn, "open", 4, SEND_CONTROL), PCE_OK);
    for (unsigned i = 0; i < 20; i++)
        rig_turn(&rig);
    cr_expect_eq(conn_accepted(conn), 0, "nothing has gone");
    cr_assert_eq(conn_send(conn, "keep", 4, SEND_CONTROL), PCE_OK);
    uint64_t sends = counter_get(&conn_pool_counters(rig.pool)->sends);
    conn_release_sends(conn);
    UNTIL(&rig, peer_read(&peer, back, 8, &got, &error) && got == 8);
    cr_expect(memcmp(back, "openkeep", 8) == 0);
    UNTIL(&rig, conn_accepted(conn) == 8);
    cr_expect_eq(counter_get(&conn_pool_counters(rig.pool)->sends) - sends, 1, "in one operation");
    client_close(&peer);
    rig_close(&rig);
}

Test(conn, what_is_held_goes_out_when_the_connection_is_finished)
{
    struct rig rig = {.keeps = true};
    rig_open(&rig);
    struct client peer = peer_connect(&rig);
    UNTIL(&rig, rig.side_count == 1);
    uint8_t back[16];
    size_t got = 0;
    int error;
    conn_hold_sends(rig.sides[0].conn);
    cr_assert_eq(conn_send(rig.sides[0].conn, "last", 4, SEND_CONTROL), PCE_OK);
    conn_finish(rig.sides[0].conn);
    UNTIL(&rig, peer_read(&peer, back, 4, &got, &error) && got == 4);
    client_close(&peer);
    UNTIL(&rig, rig.released == 1);
    rig_close(&rig);
}
