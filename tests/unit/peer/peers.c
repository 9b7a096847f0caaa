/* Peers that do not read, come twice, come from where they must not, or are connected to: real
 * shards, real sockets on loopback. */
#include "core/pcep/codec.h"
#include "core/pcep/model.h"
#include "io/os/clock.h"
#include "server/shard/shard.h"
#include "tests/lib/server_rig.h"

#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <errno.h>
#include <linux/filter.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define STALLED_BUFFER 4096

static uint8_t requests[65536];
static uint8_t octets[65536];

static void setup(void)
{
    config_set_defaults(&config);
}

TestSuite(peers, .init = setup, .timeout = 120);

#define EVENTUALLY(condition)                                                                      \
    do {                                                                                           \
        struct mono deadline = soon();                                                             \
        while (!(condition)) {                                                                     \
            cr_assert(mono_is_before(clock_now(), deadline), "%s", #condition);                    \
            (void)usleep(1000);                                                                    \
        }                                                                                          \
    } while (0)

static uint64_t count_of(size_t offset)
{
    uint64_t sum = 0;
    for (unsigned i = 0; i < server.shared.shard_count; i++) {
        const char *counters = (const char *)&server.shared.shards[i].counters;
        sum += counter_get((const struct counter *)(const void *)(counters + offset));
    }
    return sum;
}
#define COUNT(member) count_of(offsetof(struct shard_counters, member))

/* A session whose peer asks until the server does not read any more, and takes no answer. */
static void open_stalled(struct client *client, uint8_t last)
{
    uint64_t paused = COUNT(paused_now);
    size_t size = fill_with_requests(requests, sizeof requests);
    connect_with_buffer(client, last, STALLED_BUFFER);
    send_hello(client);
    while (COUNT(paused_now) == paused)
        (void)send(client->descriptor, requests, size, MSG_NOSIGNAL | MSG_DONTWAIT);
}

/* Whole messages to the end of the stream; the type of the last one, which stays in octets. */
static unsigned read_to_the_end(struct client *client)
{
    unsigned last = 0;
    for (unsigned type; (type = receive_message(client, octets, sizeof octets)) != 0; last = type)
        cr_expect_neq(last, PCEP_MESSAGE_CLOSE);
    return last;
}

static unsigned close_reason(void)
{
    return octets[PCEP_HEADER_SIZE + 7];
}

static void hold(uint32_t hold_s, uint32_t grace_s)
{
    config.session.send_hold_s = hold_s;
    config.session.send_hold_sample_s = 1;
    config.session.send_hold_grace_s = grace_s;
    config.session.send_hold_reason = 77;
}

Test(peers, one_that_resumes_within_the_grace_gets_whole_messages_and_then_the_close)
{
    struct client client;
    hold(2, 10);
    if (!start(1))
        return;
    struct mono since = clock_now();
    open_stalled(&client, 5);
    cr_expect_gt(server.shared.shards[0].counters.pending_octets.value, 0);
    EVENTUALLY(COUNT(stalled) == 1);
    uint64_t waited_ms = mono_since_ns(clock_now(), since) / 1000000;
    cr_expect(waited_ms >= 2000 && waited_ms < 4500, "%lu ms", (unsigned long)waited_ms);
    cr_expect_eq(COUNT(send_hold_expired), 1);
    /* What had not begun is free before anything is read. */
    EVENTUALLY(COUNT(dropped_octets) > 0 && COUNT(pending_octets) == 0);
    cr_expect_eq(read_to_the_end(&client), PCEP_MESSAGE_CLOSE);
    cr_expect_eq(close_reason(), 77);
    client_close(&client);
    EVENTUALLY(gauge_get(&server.shared.sessions) == 0);
    server_stop(&server);
}

Test(peers, one_that_never_resumes_is_reset_at_the_end_of_the_grace_and_its_memory_is_back_before)
{
    struct client client;
    hold(2, 2);
    if (!start(1))
        return;
    struct mono since = clock_now(); /* a busy machine can only add to what is waited from here */
    open_stalled(&client, 5);
    EVENTUALLY(COUNT(stalled) == 1);
    EVENTUALLY(COUNT(pending_octets) == 0);
    cr_expect_eq(gauge_get(&server.shared.sessions), 1);
    int error = 0;
    EVENTUALLY(getsockopt(client.descriptor, SOL_SOCKET, SO_ERROR, &error,
                          &(socklen_t){sizeof error}) == 0 &&
               error != 0);
    cr_expect_eq(error, ECONNRESET);
    uint64_t waited_ms = mono_since_ns(clock_now(), since) / 1000000;
    cr_expect_geq(waited_ms, 3900U, "%lu ms", (unsigned long)waited_ms);
    client_close(&client);
    EVENTUALLY(gauge_get(&server.shared.sessions) == 0);
    server_stop(&server);
}

Test(peers, a_send_hold_that_is_off_never_expires_and_a_reload_of_it_is_heeded)
{
    struct client client;
    hold(CONFIG_HOLD_OFF, 1);
    if (!start(1))
        return;
    open_stalled(&client, 5);
    (void)usleep(3000000);
    cr_expect_eq(COUNT(stalled), 0);
    char path[] = "/tmp/pced-peers-XXXXXX";
    int file = mkstemp(path);
    static const char text[] = "session: {send-hold: 1, send-hold-sample: 1}\n";
    cr_assert_eq(write(file, text, sizeof text - 1), (ssize_t)sizeof text - 1);
    (void)close(file);
    (void)snprintf(server.config_path, sizeof server.config_path, "%s", path);
    server_reload(&server);
    EVENTUALLY(COUNT(stalled) == 1);
    (void)unlink(path);
    client_close(&client);
    server_stop(&server);
}

/* Each of them may hold far less than the hard limit; together they pass the total one. */
Test(peers, some_go_when_all_pending_octets_pass_their_limit_and_the_rest_stays)
{
    struct client clients[8];
    unsigned count = 0;
    config.limits.pending_total_mib = 1;
    config.limits.pending_soft = 200000;
    config.limits.pending_hard = 4000000;
    if (!start(3))
        return;
    while (COUNT(pending_total_closed) == 0) {
        cr_assert_lt(count, 8);
        open_stalled(&clients[count], (uint8_t)(1 + count));
        count++;
        (void)usleep(20000);
    }
    cr_expect_gt(count, 2);
    EVENTUALLY(server.shared.pending_octets <= 1048576);
    cr_expect_leq(COUNT(pending_total_closed), 2);
    cr_expect_eq(COUNT(stalled), COUNT(pending_total_closed));
    cr_expect_eq(COUNT(sessions_up), count - COUNT(stalled));
    for (unsigned i = 0; i < count; i++)
        client_close(&clients[i]);
    EVENTUALLY(gauge_get(&server.shared.sessions) == 0);
    EVENTUALLY(server.shared.pending_octets == 0);
    server_stop(&server);
}

/* ---- a second connection ---- */

/* The socket goes without a word, as when its host has lost power. False where we may not do that.
 */
static bool vanish(struct client *client)
{
    int on = 1;
    if (setsockopt(client->descriptor, IPPROTO_TCP, TCP_REPAIR, &on, sizeof on) != 0) {
        printf("SKIP: TCP_REPAIR: %s\n", strerror(errno));
        return false;
    }
    client_close(client);
    return true;
}

Test(peers, one_that_restarted_takes_the_place_of_its_dead_session_at_once)
{
    struct client client;
    if (!start(2))
        return;
    open_session(&client, 7);
    if (vanish(&client)) {
        struct mono since = clock_now();
        open_session(&client, 7);
        cr_expect_lt(mono_since_ns(clock_now(), since), 2 * MONO_NS_PER_S);
        cr_expect_eq(COUNT(refused_second), 0);
        client_close(&client);
    }
    server_stop(&server);
}

Test(peers, a_dead_connection_that_was_not_up_is_replaced_too)
{
    struct client client;
    if (!start(2))
        return;
    connect_from(&client, 7);
    cr_assert_eq(receive_message(&client, octets, sizeof octets), PCEP_MESSAGE_OPEN);
    if (vanish(&client)) {
        open_session(&client, 7);
        client_close(&client);
    }
    server_stop(&server);
}

/* The socket hears nothing any more and answers nothing, as when the way to its host is cut. */
static void go_deaf(const struct client *client)
{
    /* An acknowledgement that the kernel has delayed would still go out and show life. */
    (void)usleep(200000);
    struct sock_filter drop = {.code = BPF_RET | BPF_K, .k = 0};
    const struct sock_fprog program = {.len = 1, .filter = &drop};
    cr_assert_eq(
        setsockopt(client->descriptor, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program), 0);
}

Test(peers, a_session_that_answers_nothing_at_all_is_replaced_within_the_trial)
{
    struct client deaf, fresh;
    if (!start(2))
        return;
    open_session(&deaf, 7);
    go_deaf(&deaf);
    struct mono since = clock_now();
    open_session(&fresh, 7);
    cr_expect_lt(mono_since_ns(clock_now(), since), 5 * MONO_NS_PER_S);
    cr_expect_eq(COUNT(replaced_dead), 1);
    client_close(&deaf);
    client_close(&fresh);
    server_stop(&server);
}

Test(peers, a_connection_that_was_not_up_and_answers_nothing_is_replaced_within_the_trial)
{
    struct client deaf, fresh;
    if (!start(2))
        return;
    connect_from(&deaf, 7);
    cr_assert_eq(receive_message(&deaf, octets, sizeof octets), PCEP_MESSAGE_OPEN);
    go_deaf(&deaf);
    struct mono since = clock_now();
    open_session(&fresh, 7);
    cr_expect_lt(mono_since_ns(clock_now(), since), 5 * MONO_NS_PER_S);
    client_close(&deaf);
    client_close(&fresh);
    server_stop(&server);
}

/* Nothing but one Keepalive is outstanding, and the peer's own timers are off. */
Test(peers, one_keepalive_that_is_never_acknowledged_is_found_by_the_send_hold)
{
    struct client deaf;
    hold(3, 1);
    config.session.keepalive_s = 1;
    config.session.dead_timer_s = 4;
    if (!start(1))
        return;
    connect_from(&deaf, 7);
    send_hello_without_timers(&deaf);
    EVENTUALLY(COUNT(sessions_up) == 1);
    go_deaf(&deaf);
    struct mono since = clock_now();
    EVENTUALLY(COUNT(send_hold_expired) == 1);
    uint64_t waited_ms = mono_since_ns(clock_now(), since) / 1000000;
    cr_expect(waited_ms >= 2900 && waited_ms < 6500, "%lu ms", (unsigned long)waited_ms);
    EVENTUALLY(gauge_get(&server.shared.sessions) == 0);
    client_close(&deaf);
    server_stop(&server);
}

Test(peers, a_second_connection_is_refused_while_the_first_one_is_only_stalled)
{
    struct client first, second;
    if (!start(1))
        return;
    open_stalled(&first, 7);
    connect_from(&second, 7);
    cr_expect_eq(receive_message(&second, octets, sizeof octets), PCEP_MESSAGE_PCERR);
    cr_expect_eq(COUNT(replaced_dead), 0);
    client_close(&second);
    client_close(&first);
    server_stop(&server);
}

/* ---- who may come ---- */

Test(peers, one_source_prefix_has_its_own_limit_of_half_open_connections)
{
    static const uint8_t open_alone[] = {0x20, 1, 0, 12, 1, 0x10, 0, 8, 0x20, 30, 120, 1};
    static const uint8_t keepalive[] = {0x20, 2, 0, 4};
    struct client clients[3];
    config.limits.half_open_per_prefix_max = 2;
    config.limits.half_open_prefix_v4 = 30;
    if (!start(2))
        return;
    for (uint8_t i = 0; i < 2; i++) {
        connect_from(&clients[i], 4 + i); /* 127.0.1.4/30 */
        cr_assert_eq(receive_message(&clients[i], octets, sizeof octets), PCEP_MESSAGE_OPEN);
        /* Having sent its Open it does not give way, however long this takes. */
        cr_assert_eq(client_send(&clients[i], open_alone, sizeof open_alone, soon()), PCE_OK);
        cr_assert_eq(receive_message(&clients[i], octets, sizeof octets), PCEP_MESSAGE_KEEPALIVE);
    }
    connect_from(&clients[2], 6);
    cr_expect_eq(receive_message(&clients[2], octets, sizeof octets), 0);
    client_close(&clients[2]);
    open_session(&clients[2], 8); /* another prefix */
    cr_assert_eq(client_send(&clients[0], keepalive, sizeof keepalive, soon()), PCE_OK);
    struct mono deadline = soon();
    while (half_open_total(&server.shared.half_open) > 1 && mono_is_before(clock_now(), deadline))
        (void)sched_yield(); /* UP: no longer half-open */
    client_close(&clients[2]);
    connect_from(&clients[2], 6);
    cr_expect_eq(receive_message(&clients[2], octets, sizeof octets), PCEP_MESSAGE_OPEN);
    for (unsigned i = 0; i < 3; i++)
        client_close(&clients[i]);
    server_stop(&server);
    cr_expect_eq(half_open_total(&server.shared.half_open), 0);
}

Test(peers, nobody_comes_in_whom_the_access_list_denies)
{
    struct client client;
    config.access.policy = CONFIG_ACCESS_POLICY_DENY;
    if (!start(2))
        return;
    connect_from(&client, 7);
    cr_expect_eq(receive_message(&client, octets, sizeof octets), 0);
    cr_expect_eq(COUNT(refused_access), 1);
    cr_expect_eq(gauge_get(&server.shared.sessions), 0);
    client_close(&client);
    server_stop(&server);
}

/* ---- whom we connect to ---- */

/* A listening socket on 127.0.1.<last>, and the configuration that names it. */
static int listen_as_peer(unsigned last, const char *more)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_addr.s_addr = htonl(UINT32_C(0x7f000100) + last)};
    socklen_t size = sizeof address;
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    cr_assert_eq(bind(listener, (const struct sockaddr *)&address, size), 0);
    cr_assert_eq(listen(listener, 8), 0);
    cr_assert_eq(getsockname(listener, (struct sockaddr *)&address, &size), 0);
    char text[256];
    struct config_fault fault;
    int length = snprintf(text, sizeof text,
                          "peers: [{prefix: 127.0.1.%u, connect: {address: 127.0.1.%u, port: %u, "
                          "local-address: 127.0.0.1%s}}]\n",
                          last, last, ntohs(address.sin_port), more);
    cr_assert_eq(config_read(text, (size_t)length, "", &config, &fault), PCE_OK, "%s",
                 fault.reason);
    return listener;
}

static struct client accept_server(int listener)
{
    struct client client = {.descriptor = accept4(listener, NULL, NULL, SOCK_NONBLOCK)};
    cr_assert_geq(client.descriptor, 0);
    return client;
}

Test(peers, one_that_is_connected_to_has_a_session_and_gets_another_one_when_it_ends)
{
    int listener = listen_as_peer(9, "");
    if (!start(2))
        return;
    for (int i = 0; i < 2; i++) {
        struct client client = accept_server(listener);
        send_hello(&client);
        cr_expect_eq(receive_message(&client, octets, sizeof octets), PCEP_MESSAGE_OPEN);
        cr_expect_eq(receive_message(&client, octets, sizeof octets), PCEP_MESSAGE_KEEPALIVE);
        EVENTUALLY(COUNT(sessions_up) == 1);
        client_close(&client);
        EVENTUALLY(COUNT(sessions_up) == 0);
    }
    cr_expect_eq(COUNT(connects), 2);
    server_stop(&server);
    (void)close(listener);
}

Test(peers, of_two_connections_from_both_ends_that_of_the_higher_address_stays)
{
    struct client theirs;
    int listener = listen_as_peer(9, "");
    if (!start(2))
        return;
    struct client ours = accept_server(listener);
    cr_expect_eq(receive_message(&ours, octets, sizeof octets), PCEP_MESSAGE_OPEN);
    open_session(&theirs, 9); /* 127.0.1.9 is higher than 127.0.0.1 */
    cr_expect_eq(receive_message(&ours, octets, sizeof octets), 0);
    cr_expect_eq(COUNT(collisions), 1);
    cr_expect_eq(COUNT(sessions_up), 1);
    cr_expect_eq(COUNT(refused_second), 0);
    client_close(&ours);
    client_close(&theirs);
    server_stop(&server);
    (void)close(listener);
}

Test(peers, one_that_does_not_listen_is_tried_again_and_a_stop_ends_that)
{
    int listener = listen_as_peer(9, "");
    (void)close(listener);
    if (!start(1))
        return;
    EVENTUALLY(COUNT(connects_failed) == 2);
    cr_expect_eq(COUNT(connects), 2);
    cr_expect_eq(gauge_get(&server.shared.sessions), 0);
    server_stop(&server);
}

/* The send operations that shard 0 has made so far. */
static uint64_t sends_so_far(void)
{
    return counter_get(&conn_pool_counters(server.shared.shards[0].pool)->sends);
}

/* A peer that is slow to send its Open gets ours before; so a busy machine may need another try. */
Test(peers, open_and_keepalive_leave_together)
{
    if (!start(1))
        return;
    bool is_together = false;
    for (uint8_t last = 1; last < 100 && !is_together; last++) {
        struct client client;
        uint64_t up = COUNT(sessions_opened);
        uint64_t sends = sends_so_far();
        open_session(&client, last);
        EVENTUALLY(COUNT(sessions_opened) > up);
        EVENTUALLY(sends_so_far() > sends);
        is_together = sends_so_far() == sends + 1;
        client_close(&client);
    }
    cr_expect(is_together);
    server_stop(&server);
}

Test(peers, our_open_does_not_wait_for_a_peer_that_waits_for_it)
{
    struct client client;
    if (!start(1))
        return;
    connect_from(&client, 1);
    cr_expect_eq(receive_message(&client, octets, sizeof octets), PCEP_MESSAGE_OPEN);
    send_hello(&client);
    cr_expect_eq(receive_message(&client, octets, sizeof octets), PCEP_MESSAGE_KEEPALIVE);
    client_close(&client);
    server_stop(&server);
}
