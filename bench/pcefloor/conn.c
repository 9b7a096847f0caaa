/* What becomes of a connection: accept, receive, answer, keepalive, close. */
#include "bench/pcefloor/floor.h"

#include <errno.h>
#include <string.h>

#define REQUEST_MIN 28 /* common header, RP and END-POINTS */

struct io_uring_sqe *floor_sqe(struct floor_shard *shard, uint32_t slot, enum floor_tag tag)
{
    struct io_uring_sqe *sqe;
    while ((sqe = io_uring_get_sqe(&shard->ring)) == NULL)
        (void)io_uring_submit(&shard->ring);
    sqe->user_data = (uint64_t)slot << 8 | (uint64_t)tag;
    return sqe;
}

/* liburing's functions that prepare an entry clear its user_data, in this version. */
static void finish_sqe(struct io_uring_sqe *sqe, uint32_t slot, enum floor_tag tag)
{
    sqe->flags |= IOSQE_FIXED_FILE;
    sqe->user_data = (uint64_t)slot << 8 | (uint64_t)tag;
}

static void floor_receive(struct floor_shard *shard, uint32_t slot)
{
    struct io_uring_sqe *sqe = floor_sqe(shard, slot, TAG_RECEIVE);
    io_uring_prep_recv_multishot(sqe, (int)slot, NULL, 0, 0);
    finish_sqe(sqe, slot, TAG_RECEIVE);
    sqe->flags |= IOSQE_BUFFER_SELECT;
    sqe->buf_group = FLOOR_GROUP;
}

/* Sends what nobody waits for the end of: there is no completion when it went well. */
static void send_prepared(struct floor_shard *shard, uint32_t slot, const uint8_t *octets,
                          size_t size)
{
    struct io_uring_sqe *sqe = floor_sqe(shard, slot, TAG_NONE);
    io_uring_prep_send(sqe, (int)slot, octets, size, MSG_DONTWAIT);
    finish_sqe(sqe, slot, TAG_NONE);
    sqe->flags |= IOSQE_CQE_SKIP_SUCCESS;
}

static void send_first(struct floor_shard *shard, uint32_t slot)
{
    struct floor_conn *conn = &shard->conns[slot];
    struct out *out = conn->first;
    struct io_uring_sqe *sqe = floor_sqe(shard, slot, TAG_SEND);
    io_uring_prep_send(sqe, (int)slot, out->octets + out->sent, out->size - out->sent, 0);
    finish_sqe(sqe, slot, TAG_SEND);
    conn->flags |= FLOOR_SENDING;
}

/* ---- its end ---- */

static void release_outs(struct floor_shard *shard, struct floor_conn *conn)
{
    while (conn->first != NULL) {
        struct out *out = conn->first;
        conn->first = out->next;
        out_release(&shard->outs, out);
    }
    conn->last = NULL;
}

/* The descriptor is free for the next connection when the close has come back. */
static void close_conn(struct floor_shard *shard, uint32_t slot)
{
    struct floor_conn *conn = &shard->conns[slot];
    release_outs(shard, conn);
    struct io_uring_sqe *sqe = floor_sqe(shard, slot, TAG_CLOSE);
    io_uring_prep_close_direct(sqe, slot);
    sqe->user_data = (uint64_t)slot << 8 | TAG_CLOSE;
}

/* The multishot receive has ended. */
static void on_broken(struct floor_shard *shard, uint32_t slot)
{
    struct floor_conn *conn = &shard->conns[slot];
    conn->flags |= FLOOR_BROKEN;
    if (!(conn->flags & FLOOR_SENDING))
        close_conn(shard, slot);
}

/* Ends the multishot receive; what it reports then ends the connection. */
static void floor_drop(struct floor_shard *shard, uint32_t slot)
{
    shard->dropped++;
    shard->conns[slot].flags |= FLOOR_BROKEN;
    struct io_uring_sqe *sqe = floor_sqe(shard, slot, TAG_NONE);
    io_uring_prep_shutdown(sqe, (int)slot, SHUT_RDWR);
    finish_sqe(sqe, slot, TAG_NONE);
}

void floor_on_close(struct floor_shard *shard, uint32_t slot)
{
    memset(&shard->conns[slot], 0, sizeof shard->conns[slot]);
}

/* ---- accept ---- */

void floor_on_accept(struct floor_shard *shard, const struct io_uring_cqe *cqe)
{
    if (!(cqe->flags & IORING_CQE_F_MORE))
        shard->wants_accept = true; /* again at the next tick: the table may be full */
    if (cqe->res < 0)
        return;
    uint32_t slot = (uint32_t)cqe->res;
    struct floor_conn *conn = &shard->conns[slot];
    memset(conn, 0, sizeof *conn);
    conn->flags = FLOOR_OPEN;
    if (slot >= shard->high)
        shard->high = slot + 1;
    shard->connections++;
    send_prepared(shard, slot, shard->prepared->open, sizeof shard->prepared->open);
    floor_receive(shard, slot);
}

/* ---- requests ---- */

/* Room for one reply at the end of what waits; expected: the octets of all that will follow. */
static uint8_t *floor_reserve(struct floor_shard *shard, struct floor_conn *conn, size_t expected)
{
    size_t size = shard->prepared->reply_size;
    struct out *last = conn->last;
    bool is_away = last == conn->first && (conn->flags & FLOOR_SENDING);
    if (last == NULL || is_away || last->capacity - last->size < size) {
        struct out *out = out_borrow(&shard->outs, expected < size ? size : expected);
        if (out == NULL)
            return NULL;
        if (last == NULL)
            conn->first = out;
        else
            last->next = out;
        conn->last = last = out;
    }
    uint8_t *at = last->octets + last->size;
    last->size += (uint32_t)size;
    return at;
}

static void mark_dirty(struct floor_shard *shard, uint32_t slot)
{
    struct floor_conn *conn = &shard->conns[slot];
    if (conn->flags & FLOOR_DIRTY)
        return;
    conn->flags |= FLOOR_DIRTY;
    shard->dirty[shard->dirty_count++] = slot;
}

static bool floor_answer(struct floor_shard *shard, uint32_t slot, const uint8_t *request_id,
                         size_t octets_left)
{
    struct floor_conn *conn = &shard->conns[slot];
    size_t size = shard->prepared->reply_size;
    uint8_t *at = floor_reserve(shard, conn, (octets_left / REQUEST_MIN + 1) * size);
    if (at == NULL)
        return false;
    memcpy(at, shard->prepared->reply, size);
    memcpy(at + PREPARED_REQUEST_ID, request_id, 4);
    shard->requests++;
    mark_dirty(shard, slot);
    return true;
}

static bool floor_take_octets(struct floor_shard *shard, uint32_t slot, const uint8_t *octets,
                              size_t size)
{
    struct request *request = &shard->conns[slot].request;
    bool is_request;
    while (size > 0) {
        size_t used = PREPARED_HEADER_SIZE;
        if (request->position == 0 && size >= PREPARED_HEADER_SIZE)
            used = (size_t)(octets[2] << 8 | octets[3]);
        const uint8_t *request_id = octets + PREPARED_REQUEST_ID;
        if (request->position == 0 && size >= used && used >= PREPARED_HEADER_SIZE) {
            is_request = octets[1] == PREPARED_TYPE_PCREQ && used >= PREPARED_REQUEST_ID + 4;
        } else {
            used = request_gather(request, octets, size, &is_request);
            request_id = request->kept;
        }
        if (used == REQUEST_BAD || (is_request && !floor_answer(shard, slot, request_id, size)))
            return false;
        octets += used;
        size -= used;
    }
    return true;
}

void floor_on_receive(struct floor_shard *shard, uint32_t slot, const struct io_uring_cqe *cqe)
{
    struct floor_conn *conn = &shard->conns[slot];
    if (cqe->flags & IORING_CQE_F_BUFFER) {
        unsigned id = cqe->flags >> IORING_CQE_BUFFER_SHIFT;
        uint8_t *octets = shard->buffer_octets + (size_t)id * shard->buffer_size;
        if (cqe->res > 0 && !(conn->flags & FLOOR_BROKEN) &&
            !floor_take_octets(shard, slot, octets, (size_t)cqe->res))
            floor_drop(shard, slot);
        io_uring_buf_ring_add(shard->buffers, octets, shard->buffer_size, (unsigned short)id,
                              io_uring_buf_ring_mask(shard->buffer_count), 0);
        io_uring_buf_ring_advance(shard->buffers, 1);
    }
    if (cqe->flags & IORING_CQE_F_MORE)
        return;
    if (cqe->res > 0 || cqe->res == -ENOBUFS)
        floor_receive(shard, slot);
    else
        on_broken(shard, slot);
}

/* ---- sending ---- */

void floor_on_send(struct floor_shard *shard, uint32_t slot, int result)
{
    struct floor_conn *conn = &shard->conns[slot];
    struct out *out = conn->first;
    conn->flags &= (uint8_t)~FLOOR_SENDING;
    if (result < 0) {
        release_outs(shard, conn);
        if (conn->flags & FLOOR_BROKEN)
            close_conn(shard, slot);
        return;
    }
    out->sent += (uint32_t)result;
    if (out->sent == out->size) {
        conn->first = out->next;
        if (conn->first == NULL)
            conn->last = NULL;
        out_release(&shard->outs, out);
    }
    if (conn->flags & FLOOR_BROKEN)
        close_conn(shard, slot);
    else if (conn->first != NULL)
        mark_dirty(shard, slot);
}

void floor_flush(struct floor_shard *shard)
{
    for (unsigned i = 0; i < shard->dirty_count; i++) {
        uint32_t slot = shard->dirty[i];
        struct floor_conn *conn = &shard->conns[slot];
        conn->flags &= (uint8_t)~FLOOR_DIRTY;
        if (conn->first != NULL && !(conn->flags & (FLOOR_SENDING | FLOOR_BROKEN)))
            send_first(shard, slot);
    }
    shard->dirty_count = 0;
}

void floor_walk(struct floor_shard *shard)
{
    if (shard->options->keepalive_s == 0 || shard->high == 0)
        return;
    uint64_t ticks = (uint64_t)shard->options->keepalive_s * 1000 / FLOOR_TICK_MS;
    uint32_t slot = (uint32_t)(shard->high * (uint64_t)shard->tick / ticks);
    uint32_t end = (uint32_t)(shard->high * (uint64_t)(shard->tick + 1) / ticks);
    shard->tick = (unsigned)((shard->tick + 1) % ticks);
    for (; slot < end; slot++) {
        const struct floor_conn *conn = &shard->conns[slot];
        if (conn->flags == FLOOR_OPEN)
            send_prepared(shard, slot, shard->prepared->keepalive, PREPARED_KEEPALIVE);
    }
}
