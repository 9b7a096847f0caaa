/* Outgoing connections: the listener's own address and port, ends, and what conn_inspect sees. */
#include "tests/lib/io_support.h"

#include "io/net/address.h"

#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define PEERS 4

/* A plain listening socket of the test, on 127.0.0.<last>, any port. */
struct far_end {
    int listener;
    int accepted;
    struct ip address;
    uint16_t port;
};

static void far_open(struct far_end *far, unsigned last, int backlog)
{
    union address address;
    far->address = ip_from_u32(UINT32_C(0x7f000000) + last);
    far->accepted = -1;
    far->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    socklen_t size = address_from_ip(&address, &far->address, 0);
    cr_assert_eq(bind(far->listener, &address.any, size), 0);
    cr_assert_eq(listen(far->listener, backlog), 0);
    size = sizeof address;
    cr_assert_eq(getsockname(far->listener, &address.any, &size), 0);
    far->port = address_port(&address);
}

/* True once a connection is there; where it comes from. */
static bool far_accept(struct far_end *far, struct ip *from, uint16_t *from_port)
{
    union address address;
    socklen_t size = sizeof address;
    far->accepted = accept4(far->listener, &address.any, &size, SOCK_CLOEXEC);
    if (far->accepted < 0)
        return false;
    *from = address_ip(&address);
    *from_port = address_port(&address);
    return true;
}

static void far_close(struct far_end *far)
{
    if (far->accepted >= 0)
        (void)close(far->accepted);
    (void)close(far->listener);
}

static struct side *dial(struct rig *rig, const struct far_end *far, uint16_t from_port)
{
    struct failure failure = {""};
    enum pce_status status;
    struct conn_target target = {
        .to = far->address,
        .to_port = far->port,
        .from = rig->listener_options.addresses[0],
        .from_port = from_port,
    };
    struct side *side = rig_connect(rig, &target, &status, &failure);
    cr_assert_eq(status, PCE_OK, "%s", failure.text);
    return side;
}

/* Both ways over one outgoing connection. */
static void check_exchange(struct rig *rig, struct side *side, struct far_end *far)
{
    char text[8] = "";
    cr_assert_eq(conn_send(side->conn, "to peer", 8, SEND_DATA), PCE_OK);
    cr_assert_eq(send(far->accepted, "to us..", 8, MSG_NOSIGNAL), 8);
    UNTIL(rig, side->got_size == 8);
    UNTIL(rig, recv(far->accepted, text, sizeof text, MSG_DONTWAIT) == 8);
    cr_assert_str_eq(text, "to peer");
}

static void many_from_one_port(bool plain_descriptors, bool is_ephemeral)
{
    struct rig rig = {.ring_options.plain_descriptors = plain_descriptors};
    struct far_end far[PEERS];
    struct side *sides[PEERS];
    rig_open(&rig);
    uint16_t from_port = is_ephemeral ? 0 : rig.port;
    for (unsigned i = 0; i < PEERS; i++) {
        far_open(&far[i], 2 + i, 4);
        sides[i] = dial(&rig, &far[i], from_port);
    }
    for (unsigned i = 0; i < PEERS; i++) {
        struct ip from;
        uint16_t port;
        UNTIL(&rig, far_accept(&far[i], &from, &port));
        cr_assert(ip_is_equal(&from, &rig.listener_options.addresses[0]));
        cr_assert(is_ephemeral ? port != rig.port : port == rig.port);
        UNTIL(&rig, sides[i]->connects == 1);
        struct ip local = conn_local(sides[i]->conn);
        cr_assert(ip_is_equal(&local, &from));
        cr_assert(ip_is_equal(&sides[i]->peer, &far[i].address));
        check_exchange(&rig, sides[i], &far[i]);
    }
    /* The listener goes on listening. */
    struct client peer = peer_connect(&rig);
    UNTIL(&rig, rig.side_count == PEERS + 1);
    client_close(&peer);
    for (unsigned i = 0; i < PEERS; i++)
        far_close(&far[i]);
    UNTIL(&rig, sides[0]->ends == 1 && sides[PEERS - 1]->ends == 1);
    cr_assert_eq(sides[0]->end_status, PCE_CLOSED);
    rig_close(&rig);
}

Test(connect, a_listener_and_several_outgoing_connections_share_one_address_and_port)
{
    many_from_one_port(false, false);
}

Test(connect, the_same_holds_with_plain_descriptors)
{
    many_from_one_port(true, false);
}

Test(connect, an_ephemeral_port_of_the_listeners_address_does_as_well)
{
    many_from_one_port(false, true);
}

static int open_files(void)
{
    int count = 0;
    for (int i = 0; i < 1024; i++)
        count += dup2(i, i) == i;
    return count;
}

Test(connect, an_outgoing_connection_takes_no_descriptor_of_the_process)
{
    struct rig rig = {0};
    struct far_end far;
    rig_open(&rig);
    far_open(&far, 2, 4);
    int before = open_files();
    struct side *side = dial(&rig, &far, 0);
    UNTIL(&rig, side->connects == 1);
    cr_assert_eq(open_files(), before);
    far_close(&far);
    rig_close(&rig);
}

Test(connect, a_second_connection_between_the_same_ends_says_exists)
{
    struct rig rig = {0};
    struct far_end far;
    rig_open(&rig);
    far_open(&far, 2, 4);
    struct side *first = dial(&rig, &far, rig.port);
    UNTIL(&rig, first->connects == 1);
    struct side *second = dial(&rig, &far, rig.port);
    UNTIL(&rig, second->ends == 1);
    cr_assert_eq(second->end_status, PCE_EXISTS);
    cr_assert_eq(second->connects, 0);
    far_close(&far);
    rig_close(&rig);
}

Test(connect, a_peer_that_does_not_listen_says_closed)
{
    struct rig rig = {0};
    struct far_end far;
    rig_open(&rig);
    far_open(&far, 2, 4);
    far_close(&far);
    struct side *side = dial(&rig, &far, 0);
    struct wire_writer writer;
    cr_assert_eq(conn_open(side->conn, 4, &writer), PCE_CLOSED);
    UNTIL(&rig, side->ends == 1);
    cr_assert_eq(side->end_status, PCE_CLOSED);
    conn_reset(side->conn);
    UNTIL(&rig, side->releases == 1);
    cr_assert_eq(side->release_status, PCE_CANCELLED);
    rig_close(&rig);
}

Test(connect, an_address_that_is_not_ours_is_refused_at_once)
{
    struct rig rig = {0};
    struct failure failure = {""};
    enum pce_status status;
    rig_open(&rig);
    struct conn_target target = {.to_port = 4189};
    cr_assert(ip_parse("127.0.0.1", &target.to));
    cr_assert(ip_parse("192.0.2.77", &target.from));
    cr_assert_null(rig_connect(&rig, &target, &status, &failure));
    cr_assert_eq(status, PCE_NOT_FOUND);
    cr_assert_not_null(strstr(failure.text, "192.0.2.77"), "%s", failure.text);
    rig_close(&rig);
}

/* A backlog that is full drops the SYN, so that the connect stays open. */
static void reset_while_dialing(unsigned turns)
{
    struct rig rig = {0};
    struct far_end far;
    rig_open(&rig);
    far_open(&far, 2, 0);
    struct side *side[3];
    for (int i = 0; i < 3; i++)
        side[i] = dial(&rig, &far, 0);
    for (unsigned i = 0; i < turns; i++)
        rig_turn(&rig);
    for (int i = 0; i < 3; i++)
        conn_reset(side[i]->conn);
    UNTIL(&rig, rig.released == 3);
    if (turns > 0)
        cr_assert_eq(side[2]->connects, 0);
    far_close(&far);
    rig_close(&rig);
}

Test(connect, a_reset_ends_a_connection_that_was_not_submitted)
{
    reset_while_dialing(0);
}

Test(connect, a_reset_ends_a_connection_in_its_first_step)
{
    reset_while_dialing(1);
}

Test(connect, a_reset_ends_a_connection_that_nobody_answers)
{
    reset_while_dialing(20);
}

Test(inspect, tells_the_real_local_address_and_what_waits_unread)
{
    struct rig rig = {0};
    rig.listener_options.address_count = 1;
    cr_assert(ip_parse("0.0.0.0", &rig.listener_options.addresses[0]));
    rig_open(&rig);
    struct client peer;
    struct client_options options = {.to_port = rig.port, .deadline = mono_add_s(clock_now(), 10)};
    struct failure failure = {""};
    cr_assert(ip_parse("127.0.0.7", &options.to));
    cr_assert_eq(client_connect(&peer, &options, &failure), PCE_OK, "%s", failure.text);
    UNTIL(&rig, rig.side_count == 1);
    struct side *side = &rig.sides[0];
    conn_pause(side->conn);
    for (int i = 0; i < 5; i++)
        rig_turn(&rig);
    cr_assert(conn_may_have_input(side->conn));
    peer_write(&rig, &peer, "unread", 6);
    cr_assert_eq(conn_inspect(side->conn), PCE_OK);
    cr_assert_eq(conn_inspect(side->conn), PCE_AGAIN);
    UNTIL(&rig, side->inspections == 1);
    cr_assert(ip_is_equal(&side->inspection.local, &options.to));
    cr_assert_eq(side->inspection.local_port, rig.port);
    cr_assert_eq(side->inspection.unread, 6);
    cr_assert(side->inspection.is_established);
    cr_assert_eq(side->inspection.in_flight, 0);
    conn_resume(side->conn);
    UNTIL(&rig, side->got_size == 6);
    cr_assert(!conn_may_have_input(side->conn));
    client_close(&peer);
    rig_close(&rig);
}

Test(inspect, probing_a_living_peer_moves_its_last_acknowledgement)
{
    struct rig rig = {0};
    rig_open(&rig);
    struct client peer = peer_connect(&rig);
    UNTIL(&rig, rig.side_count == 1);
    struct side *side = &rig.sides[0];
    conn_set_probing(side->conn, true);
    struct mono since = clock_now();
    /* The peer says nothing by itself: only the answer to a probe can be younger than our wait. */
    bool is_younger = false;
    while (!is_younger && mono_since_ns(clock_now(), since) < 10 * MONO_NS_PER_S) {
        unsigned before = side->inspections;
        cr_assert_eq(conn_inspect(side->conn), PCE_OK);
        UNTIL(&rig, side->inspections == before + 1);
        uint64_t waited_ms = mono_since_ns(clock_now(), since) / 1000000;
        is_younger = waited_ms > 900 && side->inspection.last_ack_ms < 500;
    }
    cr_assert(is_younger);
    conn_set_probing(side->conn, false);
    client_close(&peer);
    rig_close(&rig);
}
