/* A client's ring, tables and buffers. */
#include "bench/pceload/worker.h"

#include "core/base/check.h"
#include "io/os/clock.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define RECEIVE_GROUP 0
#define FEW_RINGS     8u /* as long as there are no more, memory for a ring is no matter */

static void *map(size_t size)
{
    void *octets = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return octets == MAP_FAILED ? NULL : octets;
}

static bool fail(struct client *client, int error, const char *what)
{
    const char *hint = error == ENOMEM   ? " (locked memory: ulimit -l; fewer or smaller rings)"
                       : error == EMFILE ? " (open files: ulimit -n; more rings)"
                       : error == EINVAL ? " (Linux 6.11 or newer is needed)"
                                         : "";
    enum pce_status status = failure_set_errno(&client->failure, error, "%s%s", what, hint);
    (void)status;
    return false;
}

/* Many rings have to share the locked memory with those of the server beside them. */
static uint32_t choose(uint32_t given, const struct client *client, uint32_t few, uint32_t many)
{
    if (given != 0)
        return given;
    return client->rings <= FEW_RINGS ? few : many;
}

static bool open_uring(struct client *client)
{
    const struct options *options = client->options;
    struct io_uring_params params = {
        .flags = IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN | IORING_SETUP_CQSIZE |
                 IORING_SETUP_SUBMIT_ALL,
        .cq_entries = choose(options->cq_entries, client, 4096, 512),
    };
    unsigned entries = choose(options->sq_entries, client, 1024, 128);
    int result = io_uring_queue_init_params(entries, &client->uring, &params);
    if (result < 0)
        return fail(client, -result, "io_uring_setup");
    (void)io_uring_register_ring_fd(&client->uring);
    result = io_uring_register_files_sparse(&client->uring, client->session_count);
    if (result < 0)
        return fail(client, -result, "a file table for the sessions of a ring");
    return true;
}

void client_return_buffer(struct client *client, uint32_t flags)
{
    unsigned id = flags >> IORING_CQE_BUFFER_SHIFT;
    io_uring_buf_ring_add(client->receive_ring,
                          client->receive_octets + (size_t)id * client->receive_size,
                          client->receive_size, (unsigned short)id, (int)client->receive_count - 1,
                          (int)client->receive_returned);
    client->receive_returned++;
}

void client_publish_buffers(struct client *client)
{
    if (client->receive_returned > 0)
        io_uring_buf_ring_advance(client->receive_ring, (int)client->receive_returned);
    client->receive_returned = 0;
}

/* A reply of 100 octets for each request of a session's window comes in one piece. */
static bool open_receive_buffers(struct client *client)
{
    uint32_t count = choose(client->options->buffers, client, 1024, 256);
    client->receive_count = 16;
    while (client->receive_count < count)
        client->receive_count *= 2;
    client->receive_size = client->window >= 8 ? 16384 : 2048;
    size_t ring_size = client->receive_count * sizeof(struct io_uring_buf);
    client->receive_ring = map(ring_size);
    client->receive_octets = map((size_t)client->receive_count * client->receive_size);
    if (client->receive_ring == NULL || client->receive_octets == NULL)
        return fail(client, ENOMEM, "receive buffers");
    struct io_uring_buf_reg registration = {
        .ring_addr = (uint64_t)(uintptr_t)client->receive_ring,
        .ring_entries = client->receive_count,
        .bgid = RECEIVE_GROUP,
    };
    int result = io_uring_register_buf_ring(&client->uring, &registration, 0);
    if (result < 0)
        return fail(client, -result, "registering receive buffers");
    io_uring_buf_ring_init(client->receive_ring);
    for (uint32_t i = 0; i < client->receive_count; i++)
        client_return_buffer(client, i << IORING_CQE_BUFFER_SHIFT);
    client_publish_buffers(client);
    return true;
}

static void lay_sessions(struct client *client)
{
    const struct options *options = client->options;
    for (uint32_t i = 0; i < client->session_count; i++) {
        struct session *session = &client->sessions[i];
        session->index = i * client->rings + client->number;
        session->behaviour = (uint8_t)options_behaviour(options, session->index);
        session->free_slots = client->depth >= 64 ? UINT64_MAX : (UINT64_C(1) << client->depth) - 1;
        client->well_count += session->behaviour == BEHAVE_WELL;
    }
}

bool client_open_tables(struct client *client)
{
    const struct options *options = client->options;
    bool has_load = options_has_load(options);
    client->depth = options->depth;
    client->window = 1;
    while (client->window < client->depth) {
        client->window *= 2;
        client->window_bits++;
    }
    client->buffer_size = client->depth * TEMPLATE_SIZE + BUFFER_SIZE_MIN;
    if (options->reports > 0 || options_misbehaving(options) > 0)
        client->buffer_size += BUFFER_SIZE_FLOOD;
    client->session_count =
        (options->sessions - client->number + client->rings - 1) / client->rings;
    client->sessions = calloc(client->session_count, sizeof *client->sessions);
    client->dirty = calloc(client->session_count, sizeof *client->dirty);
    client->results = map(sizeof *client->results);
    if (has_load)
        client->slots = map((size_t)client->session_count * client->window * sizeof(struct slot));
    if (client->sessions == NULL || client->dirty == NULL || client->results == NULL ||
        (has_load && client->slots == NULL))
        return fail(client, ENOMEM, "memory for the sessions");
    lay_sessions(client);
    client->judge = (struct judge){client->network, options->setup, options->msd};
    return true;
}

bool client_open(struct client *client)
{
    const struct options *options = client->options;
    if (!client_open_tables(client) || !open_uring(client) || !open_receive_buffers(client))
        return false;
    if (options_has_load(options))
        picker_init(&client->picker, client->network, options, client->number, client->rings);
    client->begin_ns = client->now_ns = clock_now().ns;
    client->next_tick_ns = client->begin_ns + TICK_NS;
    return true;
}

/* The results are main's to read and stay. */
void client_close(struct client *client)
{
    if (client->uring.ring_fd > 0)
        io_uring_queue_exit(&client->uring);
    for (struct buffer *buffer = client->free_buffers, *next; buffer != NULL; buffer = next) {
        next = buffer->next;
        free(buffer);
    }
    for (uint32_t i = 0; client->sessions != NULL && i < client->session_count; i++) {
        free(client->sessions[i].sending);
        free(client->sessions[i].gathered);
    }
    if (client->receive_ring != NULL)
        (void)munmap(client->receive_ring, client->receive_count * sizeof(struct io_uring_buf));
    if (client->receive_octets != NULL)
        (void)munmap(client->receive_octets, (size_t)client->receive_count * client->receive_size);
    if (client->slots != NULL)
        (void)munmap(client->slots,
                     (size_t)client->session_count * client->window * sizeof(struct slot));
    free(client->sessions);
    free(client->dirty);
}

/* ---- submissions ---- */

void client_reserve(struct client *client, unsigned count)
{
    while (io_uring_sq_space_left(&client->uring) < count) {
        int result = io_uring_submit(&client->uring);
        CHECK(result >= 0 || result == -EAGAIN || result == -EINTR || result == -EBUSY);
    }
}

struct io_uring_sqe *client_sqe(struct client *client)
{
    client_reserve(client, 1);
    struct io_uring_sqe *sqe = io_uring_get_sqe(&client->uring);
    CHECK(sqe != NULL);
    return sqe;
}

void client_mark(struct client *client, struct io_uring_sqe *sqe, const struct session *session,
                 enum operation operation)
{
    sqe->user_data = (uint64_t)client_slot_of(client, session) << 3 | operation;
}

uint32_t client_ms(const struct client *client)
{
    return (uint32_t)((client->now_ns - client->begin_ns) / MONO_NS_PER_MS);
}
