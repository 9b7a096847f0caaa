#include "tests/sim/client.h"

#include "core/base/arena.h"
#include "core/base/check.h"
#include "core/pcep/codec.h"
#include "core/pcep/frame.h"
#include "core/pcep/model.h"
#include "tests/sim/memory.h"
#include "tests/sim/messages.h"

#include <string.h>

#define ARENA_MAX ((size_t)1 << 24)

static void check_message(const struct client *client, struct wire_span octets)
{
    static struct arena arena;
    static bool has_arena;
    struct pcep_message message;
    struct pcep_fault fault = {0};
    if (!has_arena)
        arena_init(&arena, ARENA_MAX);
    has_arena = true;
    CHECK(!client->has_closed);
    CHECK(pcep_decode(octets, &arena, &message, &fault) == PCE_OK);
    /* A PCErr may carry what was wrong with the message that it answers. */
    CHECK(!pcep_fault_is_set(&fault) || message.type == PCEP_MESSAGE_PCERR);
    CHECK(message.type == PCEP_MESSAGE_OPEN || message.type == PCEP_MESSAGE_KEEPALIVE ||
          message.type == PCEP_MESSAGE_PCREP || message.type == PCEP_MESSAGE_PCERR ||
          message.type == PCEP_MESSAGE_PCNTF || message.type == PCEP_MESSAGE_CLOSE);
    arena_fini(&arena);
    has_arena = false;
}

static void on_message(struct client *client, struct wire_span octets)
{
    check_message(client, octets);
    switch (octets.octets[1]) {
    case PCEP_MESSAGE_OPEN:
        client->has_opened = true;
        break;
    case PCEP_MESSAGE_KEEPALIVE:
        if (client->is_up && client->is_lively)
            client_send(client, message_seed(MESSAGE_KEEPALIVE).octets, PCEP_HEADER_SIZE);
        client->is_up = client->has_opened;
        break;
    case PCEP_MESSAGE_CLOSE:
        client->has_closed = true;
        break;
    default:
        client->answers++;
        break;
    }
}

static void keep(struct client *client, const uint8_t *octets, size_t size)
{
    if (client->partial_size + size > client->partial_room) {
        client->partial_room = 2 * (client->partial_size + size);
        client->partial = sim_resize(client->partial, client->partial_room);
    }
    memcpy(client->partial + client->partial_size, octets, size);
    client->partial_size += size;
}

static void on_octets(void *context, const uint8_t *octets, size_t size)
{
    struct client *client = context;
    size_t at = 0;
    keep(client, octets, size);
    while (client->partial_size - at >= PCEP_HEADER_SIZE) {
        const uint8_t *message = client->partial + at;
        size_t length = (size_t)message[2] << 8 | message[3];
        CHECK(message[0] == 0x20 && length >= PCEP_HEADER_SIZE && length % 4 == 0);
        if (length > client->partial_size - at)
            break;
        on_message(client, (struct wire_span){message, length});
        at += length;
    }
    memmove(client->partial, client->partial + at, client->partial_size - at);
    client->partial_size -= at;
}

/* An orderly end tears no message. */
static void on_fin(void *context)
{
    struct client *client = context;
    CHECK(client->partial_size == 0);
    client->is_over = true;
}

static void on_reset(void *context)
{
    struct client *client = context;
    client->is_over = true;
}

static const struct sim_ends ends = {
    .on_octets = on_octets, .on_fin = on_fin, .on_reset = on_reset};

void client_open(struct client *client, int listener, const struct ip *from, uint16_t port)
{
    const struct sim_target target = {
        .listener = listener, .from = *from, .port = port, .ends = &ends, .context = client};
    CHECK(client->socket == NULL);
    *client = (struct client){.socket = sim_connect(&target)};
}

void client_take(struct client *client, struct sim_socket *socket)
{
    CHECK(client->socket == NULL);
    *client = (struct client){.socket = socket};
    sim_dial_accept(socket, &ends, client);
}

void client_drop(struct client *client)
{
    if (client->socket != NULL)
        sim_forget(client->socket);
    sim_release(client->partial);
    *client = (struct client){.socket = NULL};
}

void client_send(struct client *client, const void *octets, size_t size)
{
    if (client->socket != NULL)
        sim_send(client->socket, octets, size);
}

void client_greet(struct client *client, uint16_t open_key)
{
    struct wire_span open = message_seed(open_key);
    struct wire_span keepalive = message_seed(MESSAGE_KEEPALIVE);
    client_send(client, open.octets, open.size);
    client_send(client, keepalive.octets, keepalive.size);
}
