/* From received octets to whole messages. */
#include "bench/pceload/worker.h"

#include "core/base/check.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define HEADER_SIZE 4u
#define ROOM_MIN    512u

void client_arm(struct client *client, struct session *session)
{
    struct io_uring_sqe *sqe = client_sqe(client);
    io_uring_prep_recv_multishot(sqe, (int)client_slot_of(client, session), NULL, 0, 0);
    sqe->flags |= IOSQE_FIXED_FILE | IOSQE_BUFFER_SELECT;
    sqe->buf_group = 0;
    client_mark(client, sqe, session, OP_RECEIVE);
    session->operations++;
    session->flags |= FLAG_RECEIVING;
}

static uint32_t message_size(const uint8_t *octets)
{
    return (uint32_t)octets[2] << 8 | octets[3];
}

/* RFC 5440 6.1: version 1, and the length counts the header. */
static bool is_header(const uint8_t *octets)
{
    return octets[0] >> 5 == 1 && message_size(octets) >= HEADER_SIZE;
}

bool client_is_connected(const struct session *session)
{
    return session->state >= SESSION_OPENING && session->state <= SESSION_LEAVING;
}

/* Takes whole messages off the front; returns how many octets they had. */
static uint32_t take_messages(struct client *client, struct session *session, const uint8_t *octets,
                              uint32_t size)
{
    uint32_t at = 0;
    while (size - at >= HEADER_SIZE && client_is_connected(session)) {
        const uint8_t *message = octets + at;
        uint32_t wanted = message_size(message);
        if (!is_header(message)) {
            client_lose(client, session, TALLY_MESSAGE_MALFORMED);
            return size;
        }
        if (size - at < wanted)
            break;
        at += wanted;
        client_on_message(client, session, message, wanted);
    }
    return client_is_connected(session) ? at : size;
}

/* Keeps the part of a message that has come. */
static void keep(struct session *session, const uint8_t *octets, uint32_t size)
{
    struct gathered *gathered = session->gathered;
    uint32_t held = gathered == NULL ? 0 : gathered->size;
    if (gathered == NULL || gathered->room < held + size) {
        uint32_t room = ROOM_MIN;
        while (room < held + size)
            room *= 2;
        gathered = realloc(gathered, sizeof *gathered + room);
        CHECK(gathered != NULL);
        gathered->room = room;
        gathered->size = held;
        session->gathered = gathered;
    }
    memcpy(gathered->octets + held, octets, size);
    gathered->size += size;
}

static void take_gathered(struct client *client, struct session *session)
{
    struct gathered *gathered = session->gathered;
    session->gathered = NULL; /* what is left of it may be kept anew */
    uint32_t used = take_messages(client, session, gathered->octets, gathered->size);
    if (used < gathered->size)
        keep(session, gathered->octets + used, gathered->size - used);
    free(gathered);
}

static void take(struct client *client, struct session *session, const uint8_t *octets,
                 uint32_t size)
{
    client->results->receives++;
    session->received_ms = client_ms(client);
    if (session->gathered != NULL) {
        keep(session, octets, size);
        take_gathered(client, session);
        return;
    }
    uint32_t used = take_messages(client, session, octets, size);
    if (used < size)
        keep(session, octets + used, size - used);
}

/* The receive has ended. */
static void on_receive_end(struct client *client, struct session *session, int result)
{
    session->flags &= (uint8_t)~FLAG_RECEIVING;
    if (result == -ENOBUFS)
        client->results->tally.kinds[TALLY_NO_BUFFERS]++;
    bool is_deaf = (session->flags & FLAG_DEAF) != 0;
    if (!client_is_connected(session) || (is_deaf && (result > 0 || result == -ECANCELED)))
        return;
    if (result > 0 || result == -ENOBUFS)
        client_arm(client, session);
    else
        client_lose(client, session, result == 0 ? TALLY_LOST_END : TALLY_LOST_RESET);
}

void client_on_receive(struct client *client, struct session *session, int result, uint32_t flags)
{
    if (result > 0) {
        uint32_t id = flags >> IORING_CQE_BUFFER_SHIFT;
        if (client_is_connected(session) && (session->flags & FLAG_DEAF) == 0)
            take(client, session, client->receive_octets + (size_t)id * client->receive_size,
                 (uint32_t)result);
        client_return_buffer(client, flags);
    }
    if ((flags & IORING_CQE_F_MORE) != 0)
        return;
    on_receive_end(client, session, result);
    client_release(client, session);
}
