/* Sending: one operation for all that a session has to say in a turn. */
#include "bench/pceload/worker.h"

#include "core/base/check.h"
#include "io/os/clock.h"

#include <stdlib.h>
#include <string.h>

void client_dirty(struct client *client, struct session *session)
{
    if ((session->flags & FLAG_DIRTY) != 0)
        return;
    session->flags |= FLAG_DIRTY;
    client->dirty[client->dirty_count++] = client_slot_of(client, session);
}

static struct buffer *borrow(struct client *client)
{
    struct buffer *buffer = client->free_buffers;
    if (buffer != NULL) {
        client->free_buffers = buffer->next;
    } else if (client->buffer_count < BUFFERS_MAX) {
        buffer = malloc(sizeof *buffer + client->buffer_size);
        CHECK(buffer != NULL);
        client->buffer_count++;
    }
    if (buffer != NULL)
        buffer->size = 0;
    return buffer;
}

static void give_back(struct client *client, struct buffer *buffer)
{
    buffer->next = client->free_buffers;
    client->free_buffers = buffer;
}

static void put(struct buffer *buffer, const struct form *form)
{
    memcpy(buffer->octets + buffer->size, form->octets, form->size);
    buffer->size += form->size;
}

static void put_reports(struct client *client, struct session *session, struct buffer *buffer)
{
    const struct templates *templates = client->templates;
    while (session->left > 0 && client->buffer_size - buffer->size >= TEMPLATE_SIZE) {
        uint32_t number = client->options->reports + 2 - session->left;
        if (--session->left == 0) {
            put(buffer, &templates->end_of_sync);
            counter_add(&client->counters.reports_done, 1);
        } else {
            buffer->size +=
                (uint32_t)templates_put_report(templates, number, buffer->octets + buffer->size);
            counter_add(&client->counters.reports_sent, 1);
        }
    }
}

/* The Open first, and a Keepalive before requests: they are small and always fit. */
static void compose(struct client *client, struct session *session, struct buffer *buffer)
{
    if ((session->flags & FLAG_OPEN) != 0)
        put(buffer, &client->templates->open);
    if ((session->flags & FLAG_KEEPALIVE) != 0)
        put(buffer, &client->templates->keepalive);
    session->flags &= (uint8_t) ~(FLAG_OPEN | FLAG_KEEPALIVE);
    if (session->state != SESSION_UP)
        return;
    uint8_t *to = buffer->octets + buffer->size;
    size_t room = client->buffer_size - buffer->size;
    if ((session->flags & FLAG_CLOSE) != 0) {
        put(buffer, &client->templates->close);
        session->flags &= (uint8_t)~FLAG_CLOSE;
        session->state = SESSION_LEAVING;
    } else if (session->behaviour != BEHAVE_WELL) {
        buffer->size += (uint32_t)client_put_misbehaviour(client, session, to, room);
    } else if (session->left > 0) {
        put_reports(client, session, buffer);
    } else {
        buffer->size += (uint32_t)client_put_requests(client, session, to, room);
    }
}

static void submit(struct client *client, struct session *session, struct buffer *buffer)
{
    struct io_uring_sqe *sqe = client_sqe(client);
    io_uring_prep_send(sqe, (int)client_slot_of(client, session), buffer->octets, buffer->size,
                       MSG_WAITALL | MSG_NOSIGNAL);
    sqe->flags |= IOSQE_FIXED_FILE;
    client_mark(client, sqe, session, OP_SEND);
    session->sending = buffer;
    session->operations++;
    session->sent_ms = client_ms(client);
    client->results->sends++;
}

static bool is_speaking(const struct session *session)
{
    return client_is_connected(session) && session->sending == NULL;
}

bool client_flush(struct client *client)
{
    uint32_t done = 0;
    for (; done < client->dirty_count; done++) {
        struct session *session = &client->sessions[client->dirty[done]];
        if (is_speaking(session)) {
            struct buffer *buffer = borrow(client);
            if (buffer == NULL)
                break;
            client->now_ns = clock_now().ns;
            compose(client, session, buffer);
            if (buffer->size > 0)
                submit(client, session, buffer);
            else
                give_back(client, buffer);
        }
        session->flags &= (uint8_t)~FLAG_DIRTY;
    }
    client->dirty_count -= done;
    memmove(client->dirty, client->dirty + done, client->dirty_count * sizeof *client->dirty);
    return client->dirty_count == 0;
}

/* More may have come up while it was under way. */
void client_on_send(struct client *client, struct session *session, int result)
{
    struct buffer *buffer = session->sending;
    bool is_whole = result == (int)buffer->size;
    session->sending = NULL;
    give_back(client, buffer);
    if (client_is_connected(session)) {
        if (!is_whole)
            client_lose(client, session, TALLY_LOST_RESET);
        else if (session->flags != FLAG_RECEIVING || session->left > 0 ||
                 (session->free_slots != 0 && client->is_loaded))
            client_dirty(client, session);
    }
    client_release(client, session);
}
