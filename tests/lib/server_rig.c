#include "tests/lib/server_rig.h"

#include "core/pcep/codec.h"
#include "core/pcep/frame.h"
#include "core/pcep/model.h"
#include "io/os/clock.h"
#include "server/log/log.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#define WAIT_MS 10000

struct server server;
struct config config;
struct failure failure;

bool start(unsigned shards)
{
    static const uint8_t loopback[4] = {127, 0, 0, 1};
    config.listen.addresses.count = 1;
    config.listen.addresses.items[0] = ip_from_v4(loopback);
    config.listen.port = 0; /* a free one: the file cannot say it, a test can */
    config.server.shards = shards;
    config.server.shutdown_grace_s = 2;
    config.log.level = CONFIG_LOG_LEVEL_ERROR;
    log_configure(&config.log);
    enum pce_status status = server_start(&server, &config, "", &failure);
    if (status == PCE_OK)
        return true;
    cr_assert_not_null(strstr(failure.text, "io_uring"), "%s", failure.text);
    fprintf(stderr, "SKIP: %s\n", failure.text);
    return false;
}

struct mono soon(void)
{
    return mono_add_ms(clock_now(), WAIT_MS);
}

void connect_with_buffer(struct client *client, uint8_t last, int receive_buffer)
{
    const uint8_t to[4] = {127, 0, 0, 1};
    const uint8_t from[4] = {127, 0, 1, last};
    struct client_options options = {.to = ip_from_v4(to),
                                     .to_port = listeners_port(server.shared.listeners, 0),
                                     .from = ip_from_v4(from),
                                     .receive_buffer = receive_buffer,
                                     .deadline = soon()};
    enum pce_status status = client_connect(client, &options, &failure);
    /* One that is turned away may have been reset before the connect was looked at. */
    cr_assert(status == PCE_OK || status == PCE_RESET, "%s", failure.text);
}

void connect_from(struct client *client, uint8_t last)
{
    connect_with_buffer(client, last, 0);
}

unsigned receive_message(struct client *client, uint8_t *octets, size_t room)
{
    enum pce_status status = client_receive_all(client, octets, PCEP_HEADER_SIZE, soon());
    /* One whose connect was reset already has no socket any more: PCE_IO. */
    if (status == PCE_CLOSED || status == PCE_RESET || status == PCE_IO)
        return 0;
    cr_assert_eq(status, PCE_OK, "%s", pce_status_text(status));
    size_t size = (size_t)octets[2] << 8 | octets[3];
    cr_assert(size >= PCEP_HEADER_SIZE && size <= room);
    if (size > PCEP_HEADER_SIZE)
        cr_assert_eq(
            client_receive_all(client, octets + PCEP_HEADER_SIZE, size - PCEP_HEADER_SIZE, soon()),
            PCE_OK);
    return octets[1];
}

static void send_open(struct client *client, const struct pcep_open *open)
{
    uint8_t octets[128];
    struct wire_writer writer = wire_writer_init(octets, sizeof octets);
    size_t message = pcep_message_open(&writer, PCEP_MESSAGE_OPEN);
    pcep_object_put(&writer, PCEP_OBJECT_OPEN, 0, open);
    pcep_message_close(&writer, message);
    message = pcep_message_open(&writer, PCEP_MESSAGE_KEEPALIVE);
    pcep_message_close(&writer, message);
    cr_assert_not(writer.failed);
    cr_assert_eq(client_send(client, octets, wire_written(&writer), soon()), PCE_OK);
}

void send_hello(struct client *client)
{
    send_open(client,
              &(const struct pcep_open){.version = 1, .keepalive_s = 30, .dead_timer_s = 120});
}

void send_hello_without_timers(struct client *client)
{
    send_open(client, &(const struct pcep_open){.version = 1});
}

void open_session(struct client *client, uint8_t last)
{
    uint8_t octets[4096];
    connect_from(client, last);
    send_hello(client);
    cr_assert_eq(receive_message(client, octets, sizeof octets), PCEP_MESSAGE_OPEN);
    cr_assert_eq(receive_message(client, octets, sizeof octets), PCEP_MESSAGE_KEEPALIVE);
}

size_t fill_with_requests(uint8_t *octets, size_t room)
{
    static const uint8_t ends[2][4] = {{192, 0, 2, 1}, {192, 0, 2, 2}};
    const struct pcep_rp rp = {.request_id = 1};
    const struct pcep_end_points points = {.source = ip_from_v4(ends[0]),
                                           .destination = ip_from_v4(ends[1])};
    size_t size = 0;
    for (;;) {
        struct wire_writer writer = wire_writer_init(octets + size, room - size);
        size_t message = pcep_message_open(&writer, PCEP_MESSAGE_PCREQ);
        pcep_object_put(&writer, PCEP_OBJECT_RP, PCEP_OBJECT_FLAG_P, &rp);
        pcep_object_put(&writer, PCEP_OBJECT_END_POINTS_V4, PCEP_OBJECT_FLAG_P, &points);
        pcep_message_close(&writer, message);
        if (writer.failed)
            return size;
        size += wire_written(&writer);
    }
}
