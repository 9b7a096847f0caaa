/* A whole server under load from all sides at once: peers that come and go, ask and do not read, on
 * several shards, while the main thread reloads another configuration and topology again and again
 * and looks at the counters. What they ask is too long for a shard, so that the compute threads
 * have to do with it. Run under ThreadSanitizer. */
#include "server/server.h"
#include "core/base/check.h"
#include "core/pcep/codec.h"
#include "core/pcep/model.h"
#include "io/net/client.h"
#include "io/os/clock.h"
#include "io/os/thread.h"
#include "server/log/log.h"
#include "server/shard/compute.h"
#include "server/shard/shard.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define SHARDS       3
#define CLIENTS      4
#define ROUNDS       300
#define WAIT_S       60
#define REQUEST_SIZE 28 /* octets: header, RP, END-POINTS */

static struct server server;
static atomic_uint clients_left;
static atomic_uint sessions;

struct worker {
    struct thread thread;
    unsigned index;
};

static struct mono soon(void)
{
    return mono_add_s(clock_now(), WAIT_S);
}

/* The Open and Keepalive of a PCC, and then a request. */
static size_t write_hello(uint8_t *octets, size_t room)
{
    static const uint8_t ends[2][4] = {{192, 0, 2, 1}, {192, 0, 2, 2}};
    const struct pcep_open open = {.version = 1, .keepalive_s = 30, .dead_timer_s = 120};
    const struct pcep_rp rp = {.request_id = 1};
    const struct pcep_end_points points = {.source = ip_from_v4(ends[0]),
                                           .destination = ip_from_v4(ends[1])};
    struct wire_writer writer = wire_writer_init(octets, room);
    size_t message = pcep_message_open(&writer, PCEP_MESSAGE_OPEN);
    pcep_object_put(&writer, PCEP_OBJECT_OPEN, 0, &open);
    pcep_message_close(&writer, message);
    message = pcep_message_open(&writer, PCEP_MESSAGE_KEEPALIVE);
    pcep_message_close(&writer, message);
    for (int i = 0; i < 20; i++) {
        message = pcep_message_open(&writer, PCEP_MESSAGE_PCREQ);
        pcep_object_put(&writer, PCEP_OBJECT_RP, PCEP_OBJECT_FLAG_P, &rp);
        pcep_object_put(&writer, PCEP_OBJECT_END_POINTS_V4, PCEP_OBJECT_FLAG_P, &points);
        pcep_message_close(&writer, message);
    }
    CHECK(!writer.failed);
    return wire_written(&writer);
}

/* One connection: some ask and read, some ask and go, some ask without end and do not read. */
static void meet(unsigned index, unsigned round)
{
    static const uint8_t to[4] = {127, 0, 0, 1};
    uint8_t octets[4096];
    size_t got;
    const uint8_t from[4] = {127, 0, (uint8_t)(10 + index), (uint8_t)(1 + round % 7)};
    struct client client;
    struct client_options options = {.to = ip_from_v4(to),
                                     .to_port = listeners_port(server.shared.listeners, 0),
                                     .from = ip_from_v4(from),
                                     .receive_buffer = round % 3 == 2 ? 4096 : 0,
                                     .deadline = soon()};
    if (client_connect(&client, &options, NULL) != PCE_OK)
        return; /* turned away before it was looked at */
    size_t size = write_hello(octets, sizeof octets);
    enum pce_status status = client_send(&client, octets, size, soon());
    if (status == PCE_OK && round % 3 == 0)
        status = client_receive(&client, octets, sizeof octets, &got, soon());
    if (status == PCE_OK && round % 3 == 0)
        atomic_fetch_add(&sessions, 1);
    /* The second half is requests alone. */
    for (int i = 0; round % 3 == 2 && status == PCE_OK && i < 50; i++)
        (void)send(client.descriptor, octets + size - 10 * REQUEST_SIZE, 10 * REQUEST_SIZE,
                   MSG_DONTWAIT | MSG_NOSIGNAL);
    if (round % 2 == 0)
        client_reset(&client);
    else
        client_close(&client);
}

static void work(void *context)
{
    struct worker *worker = context;
    for (unsigned round = 0; round < ROUNDS; round++)
        meet(worker->index, round);
    atomic_fetch_sub(&clients_left, 1);
}

static void write_topology(const char *path, unsigned round)
{
    FILE *file = fopen(path, "we");
    CHECK(file != NULL);
    (void)fprintf(file,
                  "network: {name: line}\n"
                  "nodes:\n"
                  "  - {name: A, router-id: 192.0.2.1}\n"
                  "  - {name: B, router-id: 192.0.2.3}\n"
                  "  - {name: C, router-id: 192.0.2.2}\n"
                  "links:\n"
                  "  - {from: A, to: B, igp-metric: %u}\n"
                  "  - {from: B, to: C, igp-metric: 10}\n",
                  1 + round);
    CHECK(fclose(file) == 0);
}

/* Now and then without a topology, or without the compute threads. */
static void write_config(const char *path, const char *topology, unsigned round)
{
    FILE *file = fopen(path, "we");
    CHECK(file != NULL);
    (void)fprintf(file,
                  "session: {send-hold: %u, send-hold-sample: 1}\n"
                  "topology: {file: \"%s\"}\n"
                  "limits: {pending-soft: %u, half-open-prefix-v4: %u, path-work-inline: %u}\n"
                  "access: {policy: permit, deny: [127.0.%u.0/24]}\n"
                  "peers: [{prefix: 127.0.10.0/24, pending-soft: 8192}]\n"
                  "control: {socket: \"\"}\n"
                  "log: {level: error}\n",
                  1 + round % 3, round % 7 == 6 ? "" : topology, 8192 + round * 4096,
                  16 + round % 17, round % 5 != 4, 200 + round % 3);
    CHECK(fclose(file) == 0);
}

static uint64_t look_at_counters(void)
{
    uint64_t sum = gauge_get(&server.shared.sessions) + half_open_total(&server.shared.half_open);
    for (unsigned i = 0; i < SHARDS; i++)
        sum += counter_get(&server.shared.shards[i].counters.sessions_opened) +
               counter_get(&server.shared.shards[i].counters.pending_octets);
    return sum;
}

int main(void)
{
    static struct config config;
    static struct worker workers[CLIENTS];
    static const uint8_t loopback[4] = {127, 0, 0, 1};
    struct failure failure = {""};
    char path[] = "/tmp/pced-race-XXXXXX";
    char topology[sizeof path + 5];
    int file = mkstemp(path);
    CHECK(file >= 0);
    (void)close(file);
    (void)snprintf(topology, sizeof topology, "%s.yaml", path);
    config_set_defaults(&config);
    config.listen.addresses.count = 1;
    config.listen.addresses.items[0] = ip_from_v4(loopback);
    config.listen.port = 0;
    config.server.shards = SHARDS;
    config.control.socket[0] = '\0';
    config.log.level = CONFIG_LOG_LEVEL_ERROR;
    log_configure(&config.log);
    if (server_start(&server, &config, path, &failure) != PCE_OK) {
        printf("SKIP: %s\n", failure.text);
        (void)unlink(path);
        return 77;
    }
    clients_left = CLIENTS;
    for (unsigned i = 0; i < CLIENTS; i++) {
        workers[i].index = i;
        CHECK(thread_start(&workers[i].thread, "peers", THREAD_CPU_ANY, work, &workers[i],
                           &failure) == PCE_OK);
    }
    uint64_t seen = 0;
    for (unsigned round = 0; clients_left > 0; round++) {
        write_topology(topology, round % 50);
        write_config(path, topology, round % 50);
        server_reload(&server);
        CHECK(server_attend(&server));
        seen += look_at_counters() + compute_figures(server.shared.compute).busy_ns;
        (void)usleep(2000);
    }
    for (unsigned i = 0; i < CLIENTS; i++)
        thread_join(&workers[i].thread);
    CHECK(server.settings_generation > 2);
    uint64_t computations = 0;
    for (unsigned i = 0; i < SHARDS; i++)
        computations += counter_get(&server.shared.shards[i].counters.computations);
    server_stop(&server);
    (void)unlink(path);
    (void)unlink(topology);
    CHECK(gauge_get(&server.shared.sessions) == 0 &&
          half_open_total(&server.shared.half_open) == 0);
    CHECK(server.shared.pending_octets == 0);
    CHECK(sessions > 0 && seen > 0 && computations > 0);
    printf("%u sessions, %lu configurations, %llu computations\n", sessions,
           (unsigned long)server.settings_generation, (unsigned long long)computations);
    return 0;
}
