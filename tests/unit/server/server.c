/* The server as a whole, in one process: real shards, real sockets on loopback, a client that
 * waits. */
#include "core/pcep/codec.h"
#include "core/pcep/model.h"
#include "io/net/client.h"
#include "io/os/clock.h"
#include "server/log/log.h"
#include "server/shard/shard.h"
#include "server/topology/topology.h"
#include "tests/lib/server_rig.h"

#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

static void setup(void)
{
    config_set_defaults(&config);
}

TestSuite(server, .init = setup, .timeout = 120);

Test(server, starts_and_stops_with_any_number_of_shards)
{
    static const unsigned counts[] = {1, 3, 17};
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        if (!start(counts[i]))
            return;
        cr_expect_eq(server.ready_count, counts[i]);
        server_stop(&server);
    }
}

Test(server, every_peer_gets_a_close_at_shutdown)
{
    struct client clients[20];
    uint8_t octets[4096];
    if (!start(3))
        return;
    for (uint8_t i = 0; i < 20; i++)
        open_session(&clients[i], (uint8_t)(i + 1));
    cr_expect_eq(gauge_get(&server.shared.sessions), 20);
    cr_expect_eq(half_open_total(&server.shared.half_open), 0);
    for (unsigned i = 0; i < server.shared.shard_count; i++)
        shard_post_stop(&server.shared.shards[i], 2000);
    for (unsigned i = 0; i < 20; i++) {
        cr_expect_eq(receive_message(&clients[i], octets, sizeof octets), PCEP_MESSAGE_CLOSE);
        cr_expect_eq(receive_message(&clients[i], octets, sizeof octets), 0);
        client_close(&clients[i]);
    }
    server_stop(&server);
    cr_expect_eq(gauge_get(&server.shared.sessions), 0);
}

Test(server, shutdown_is_bounded_when_peers_do_not_end)
{
    struct client clients[5];
    if (!start(2))
        return;
    for (uint8_t i = 0; i < 5; i++)
        open_session(&clients[i], (uint8_t)(i + 1));
    struct mono before = clock_now();
    server_stop(&server);
    cr_expect_lt(mono_since_ns(clock_now(), before), 5 * MONO_NS_PER_S);
    cr_expect_eq(gauge_get(&server.shared.sessions), 0);
    for (unsigned i = 0; i < 5; i++)
        client_close(&clients[i]);
}

Test(server, a_second_session_of_a_peer_is_refused_with_error_9_and_the_first_lives)
{
    struct client first, second, third;
    uint8_t octets[4096];
    if (!start(2))
        return;
    open_session(&first, 7);
    connect_from(&second, 7);
    cr_assert_eq(receive_message(&second, octets, sizeof octets), PCEP_MESSAGE_PCERR);
    cr_expect_eq(octets[8 + 2], 9, "error type");
    cr_expect_eq(receive_message(&second, octets, sizeof octets), 0);
    client_close(&second);
    /* An unknown message type is answered: the first session is still served. */
    static const uint8_t unknown[4] = {0x20, 200, 0, 4};
    cr_assert_eq(client_send(&first, unknown, sizeof unknown, soon()), PCE_OK);
    /* … after the Keepalive that asked whether it is alive. */
    cr_expect_eq(receive_message(&first, octets, sizeof octets), PCEP_MESSAGE_KEEPALIVE);
    cr_expect_eq(receive_message(&first, octets, sizeof octets), PCEP_MESSAGE_PCERR);
    cr_expect_eq(octets[8 + 2], 2, "capability not supported");
    open_session(&third, 8);
    client_close(&first);
    client_close(&third);
    server_stop(&server);
}

/* The address is free as soon as the session is over: a router that restarts gets in again. */
Test(server, a_peer_that_closed_comes_back_at_once)
{
    static const uint8_t close[12] = {0x20, 7, 0, 12, 15, 0x10, 0, 8, 0, 0, 0, 1};
    struct client client;
    if (!start(2))
        return;
    for (unsigned i = 0; i < 20; i++) {
        uint8_t octets[64];
        open_session(&client, 9);
        cr_assert_eq(client_send(&client, close, sizeof close, soon()), PCE_OK);
        /* Our end comes when the server has taken the Close. */
        cr_assert_eq(receive_message(&client, octets, sizeof octets), 0);
        client_close(&client);
    }
    server_stop(&server);
}

Test(server, one_session_past_the_limit_is_turned_away)
{
    struct client clients[4];
    uint8_t octets[4096];
    config.limits.sessions_max = 3;
    if (!start(2))
        return;
    for (uint8_t i = 0; i < 3; i++)
        open_session(&clients[i], (uint8_t)(i + 1));
    connect_from(&clients[3], 4);
    cr_expect_eq(receive_message(&clients[3], octets, sizeof octets), 0);
    client_close(&clients[3]);
    uint64_t refused = 0;
    for (unsigned i = 0; i < 2; i++)
        refused += counter_get(&server.shared.shards[i].counters.refused_limit);
    cr_expect_eq(refused, 1);
    for (unsigned i = 0; i < 3; i++)
        client_close(&clients[i]);
    server_stop(&server);
}

Test(server, one_half_open_connection_past_the_limit_is_turned_away)
{
    struct client clients[3];
    uint8_t octets[4096];
    config.limits.half_open_max = 2;
    if (!start(1))
        return;
    for (uint8_t i = 0; i < 2; i++) {
        connect_from(&clients[i], (uint8_t)(i + 1));
        cr_assert_eq(receive_message(&clients[i], octets, sizeof octets), PCEP_MESSAGE_OPEN);
    }
    connect_from(&clients[2], 3);
    cr_expect_eq(receive_message(&clients[2], octets, sizeof octets), 0);
    client_close(&clients[2]);
    /* One of them comes UP: there is room again. */
    send_hello(&clients[0]);
    cr_assert_eq(receive_message(&clients[0], octets, sizeof octets), PCEP_MESSAGE_KEEPALIVE);
    open_session(&clients[2], 3);
    for (unsigned i = 0; i < 3; i++)
        client_close(&clients[i]);
    server_stop(&server);
}

static void write_file(const char *path, const char *text)
{
    FILE *file = fopen(path, "wb");
    cr_assert_not_null(file);
    cr_assert_eq(fputs(text, file) >= 0, 1);
    cr_assert_eq(fclose(file), 0);
}

#define TOPOLOGY                                                                                   \
    "network: {name: two}\n"                                                                       \
    "nodes:\n"                                                                                     \
    "  - {name: a, router-id: 192.0.2.1}\n"                                                        \
    "  - {name: b, router-id: 192.0.2.2}\n"

Test(server, a_reload_publishes_the_new_topology_and_a_bad_one_leaves_the_old)
{
    char folder[] = "/tmp/pced-server-XXXXXX";
    char config_path[64], topology_path[64], text[256];
    struct client client;
    cr_assert_not_null(mkdtemp(folder));
    (void)snprintf(config_path, sizeof config_path, "%s/pced.yaml", folder);
    (void)snprintf(topology_path, sizeof topology_path, "%s/t.yaml", folder);
    write_file(config_path, "topology: {file: t.yaml}\nsession: {keepalive: 10, dead-timer: 40}\n"
                            "log: {level: error}\n");
    write_file(topology_path, TOPOLOGY);
    if (start(2)) {
        (void)snprintf(server.config_path, sizeof server.config_path, "%s", config_path);
        open_session(&client, 1);
        server_describe(&server, text, sizeof text);
        cr_expect_not_null(strstr(text, "no topology"), "%s", text);
        server_reload(&server);
        server_describe(&server, text, sizeof text);
        cr_expect_not_null(strstr(text, "two: 2 nodes"), "%s", text);
        cr_expect_eq(topology_generation(server.topology), 1);
        const struct ted_snapshot *topology = snapshot_get(&server.shared.topology);
        cr_expect_not_null(topology->landmarks);
        cr_expect_eq(server.shared.config.session.keepalive_s, 10);
        write_file(topology_path, "nodes: [\n");
        write_file(config_path, "session: {keepalive: 300}\n");
        server_reload(&server);
        cr_expect_eq(topology_generation(server.topology), 1);
        cr_expect_eq(server.shared.config.session.keepalive_s, 10);
        /* The session has seen nothing of it, and a new one gets the new timers. */
        uint8_t octets[4096];
        struct client other;
        static const uint8_t unknown[4] = {0x20, 200, 0, 4};
        cr_assert_eq(client_send(&client, unknown, sizeof unknown, soon()), PCE_OK);
        cr_expect_eq(receive_message(&client, octets, sizeof octets), PCEP_MESSAGE_PCERR);
        connect_from(&other, 2);
        cr_assert_eq(receive_message(&other, octets, sizeof octets), PCEP_MESSAGE_OPEN);
        cr_expect_eq(octets[4 + 4 + 1], 10, "keepalive of our Open");
        cr_expect_eq(octets[4 + 4 + 2], 40, "dead timer of our Open");
        client_close(&other);
        client_close(&client);
        server_stop(&server);
    }
    (void)unlink(config_path);
    (void)unlink(topology_path);
    (void)rmdir(folder);
}

Test(server, a_bad_topology_at_the_start_is_refused_with_file_and_line)
{
    char path[] = "/tmp/pced-topology-XXXXXX";
    int descriptor = mkstemp(path);
    cr_assert_geq(descriptor, 0);
    (void)close(descriptor);
    write_file(path, "nodes:\n  - {nam: a}\n");
    (void)snprintf(config.topology.file, sizeof config.topology.file, "%s", path);
    config.server.shards = 1;
    cr_expect_eq(server_start(&server, &config, "", &failure), PCE_INVALID);
    cr_expect_not_null(strstr(failure.text, path), "%s", failure.text);
    cr_expect_not_null(strstr(failure.text, ":2:"), "%s", failure.text);
    (void)unlink(path);
}

Test(server, a_port_that_is_taken_is_named)
{
    static struct server second;
    static struct config other;
    if (!start(1))
        return;
    other = config;
    other.listen.port = listeners_port(server.shared.listeners, 0);
    cr_expect_neq(server_start(&second, &other, "", &failure), PCE_OK);
    cr_expect_not_null(strstr(failure.text, "127.0.0.1"), "%s", failure.text);
    server_stop(&server);
}

/* A connection that landed on the wrong shard comes by mail: it gets a session like any other. */
Test(server, a_stray_connection_is_taken_over_by_its_shard)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    socklen_t size = sizeof address;
    uint8_t octets[4096];
    struct client client;
    if (!start(2))
        return;
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    cr_assert_geq(listener, 0);
    cr_assert_eq(bind(listener, (const struct sockaddr *)&address, size), 0);
    cr_assert_eq(listen(listener, 1), 0);
    cr_assert_eq(getsockname(listener, (struct sockaddr *)&address, &size), 0);
    struct client_options options = {
        .to = ip_from_u32(INADDR_LOOPBACK), .to_port = ntohs(address.sin_port), .deadline = soon()};
    cr_assert_eq(client_connect(&client, &options, &failure), PCE_OK, "%s", failure.text);
    int descriptor = accept(listener, NULL, NULL);
    cr_assert_geq(descriptor, 0);
    struct mail mail = {.kind = SHARD_MAIL_CONN, .words = {(uint64_t)descriptor}};
    cr_assert_eq(mailbox_post(server.shared.shards[1].mailbox, &mail, NULL), PCE_OK);
    send_hello(&client);
    cr_expect_eq(receive_message(&client, octets, sizeof octets), PCEP_MESSAGE_OPEN);
    cr_expect_eq(receive_message(&client, octets, sizeof octets), PCEP_MESSAGE_KEEPALIVE);
    shard_post_stop(&server.shared.shards[1], 2000);
    cr_expect_eq(receive_message(&client, octets, sizeof octets), PCEP_MESSAGE_CLOSE);
    client_close(&client);
    (void)close(listener);
    server_stop(&server);
}

/* The soft limit is out of the way, which a file could not say: requests are answered without end,
 * and nobody reads the answers until the server has had enough. */
Test(server, a_peer_past_the_hard_limit_gets_whole_messages_and_then_a_close)
{
    static uint8_t requests[65536];
    static uint8_t octets[65536];
    struct client client;
    config.limits.pending_soft = UINT32_MAX;
    config.limits.pending_hard = 8192;
    if (!start(1))
        return;
    const struct shard_counters *counters = &server.shared.shards[0].counters;
    size_t size = fill_with_requests(requests, sizeof requests);
    connect_with_buffer(&client, 5, 4096);
    send_hello(&client);
    struct mono deadline = soon();
    while (counter_get(&counters->stalled) == 0) {
        cr_assert(mono_is_before(clock_now(), deadline));
        enum pce_status status = client_send(&client, requests, size, deadline);
        cr_assert(status == PCE_OK || counter_get(&counters->stalled) > 0);
    }
    unsigned last = 0;
    for (unsigned type; (type = receive_message(&client, octets, sizeof octets)) != 0; last = type)
        cr_expect_neq(last, PCEP_MESSAGE_CLOSE);
    cr_expect_eq(last, PCEP_MESSAGE_CLOSE);
    cr_expect_eq(octets[PCEP_HEADER_SIZE + 7], 6); /* the reason of the CLOSE object */
    cr_expect_eq(counter_get(&counters->pending_hard_closed), 1);
    client_close(&client);
    server_stop(&server);
    cr_expect_eq(gauge_get(&server.shared.sessions), 0);
    cr_expect_eq(server.shared.pending_octets, 0);
}

/* Peers are spread by a hash: no ring may be planned so full that it has no room for its share. */
Test(server, many_sessions_ask_for_shards_with_room_to_spare)
{
    struct rlimit files;
    cr_assert_eq(getrlimit(RLIMIT_NOFILE, &files), 0);
    if (files.rlim_max < 2000 || files.rlim_max > 1000000)
        return;
    uint64_t room = files.rlim_max - 500;
    config.server.shards = 0;
    config.limits.sessions_max = (uint32_t)(50 * room);
    unsigned count = server_shard_count(&config);
    cr_expect_geq(count, 50 * 16 / 15, "%u shards", count);
    cr_expect_leq(count, 50 * 17 / 15);
}
