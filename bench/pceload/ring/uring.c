/* A ring's setup, its buffers, and what comes out of it. */
#include "bench/pceload/ring/uring.h"

#include "core/base/check.h"
#include "core/base/mono.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define RECEIVE_GROUP     0
#define RECEIVE_COUNT_MIN 16u

static void *ring_map(size_t size)
{
    void *octets = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return octets == MAP_FAILED ? NULL : octets;
}

static bool ring_fail(struct failure *failure, int error, const char *what)
{
    const char *hint = error == ENOMEM   ? " (locked memory: ulimit -l; fewer or smaller rings)"
                       : error == EMFILE ? " (open files: ulimit -n; more rings)"
                       : error == EINVAL ? " (Linux 6.11 or newer is needed)"
                                         : "";
    enum pce_status status = failure_set_errno(failure, error, "%s%s", what, hint);
    (void)status;
    return false;
}

static bool open_io(struct uring *ring, const struct uring_sizes *sizes, struct failure *failure)
{
    struct io_uring_params params = {
        .flags = IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN | IORING_SETUP_CQSIZE |
                 IORING_SETUP_SUBMIT_ALL,
        .cq_entries = sizes->cq_entries,
    };
    int result = io_uring_queue_init_params(sizes->sq_entries, &ring->io, &params);
    if (result < 0)
        return ring_fail(failure, -result, "io_uring_setup");
    (void)io_uring_register_ring_fd(&ring->io);
    result = io_uring_register_files_sparse(&ring->io, sizes->slots);
    if (result < 0)
        return ring_fail(failure, -result, "a file table for the sessions of a ring");
    return true;
}

static void return_buffer(struct uring *ring, uint32_t id)
{
    CHECK(id < ring->receive_count && ring->receive_returned < ring->receive_count);
    io_uring_buf_ring_add(ring->receive_ring,
                          ring->receive_octets + (size_t)id * ring->receive_size,
                          ring->receive_size, (unsigned short)id, (int)ring->receive_count - 1,
                          (int)ring->receive_returned);
    ring->receive_returned++;
}

void uring_return(struct uring *ring, const struct uring_event *event)
{
    return_buffer(ring, event->buffer);
}

void uring_publish(struct uring *ring)
{
    if (ring->receive_returned > 0)
        io_uring_buf_ring_advance(ring->receive_ring, (int)ring->receive_returned);
    ring->receive_returned = 0;
}

static bool open_receive_buffers(struct uring *ring, const struct uring_sizes *sizes,
                                 struct failure *failure)
{
    ring->receive_count = RECEIVE_COUNT_MIN;
    while (ring->receive_count < sizes->receive_count)
        ring->receive_count *= 2;
    ring->receive_size = sizes->receive_size;
    ring->receive_ring = ring_map(ring->receive_count * sizeof(struct io_uring_buf));
    ring->receive_octets = ring_map((size_t)ring->receive_count * ring->receive_size);
    if (ring->receive_ring == NULL || ring->receive_octets == NULL)
        return ring_fail(failure, ENOMEM, "receive buffers");
    struct io_uring_buf_reg registration = {
        .ring_addr = (uint64_t)(uintptr_t)ring->receive_ring,
        .ring_entries = ring->receive_count,
        .bgid = RECEIVE_GROUP,
    };
    int result = io_uring_register_buf_ring(&ring->io, &registration, 0);
    if (result < 0)
        return ring_fail(failure, -result, "registering receive buffers");
    io_uring_buf_ring_init(ring->receive_ring);
    for (uint32_t i = 0; i < ring->receive_count; i++)
        return_buffer(ring, i);
    uring_publish(ring);
    return true;
}

bool uring_open(struct uring *ring, const struct uring_sizes *sizes, struct failure *failure)
{
    ring->send_size = sizes->send_size;
    return open_io(ring, sizes, failure) && open_receive_buffers(ring, sizes, failure);
}

void uring_close(struct uring *ring)
{
    if (ring->io.ring_fd > 0)
        io_uring_queue_exit(&ring->io);
    for (struct send_buffer *buffer = ring->free_buffers, *next; buffer != NULL; buffer = next) {
        next = buffer->next;
        free(buffer);
    }
    if (ring->receive_ring != NULL)
        (void)munmap(ring->receive_ring, ring->receive_count * sizeof(struct io_uring_buf));
    if (ring->receive_octets != NULL)
        (void)munmap(ring->receive_octets, (size_t)ring->receive_count * ring->receive_size);
}

/* ---- buffers to send ---- */

struct send_buffer *uring_borrow(struct uring *ring)
{
    struct send_buffer *buffer = ring->free_buffers;
    if (buffer != NULL) {
        ring->free_buffers = buffer->next;
    } else if (ring->send_count < SEND_BUFFERS_MAX) {
        buffer = malloc(sizeof *buffer + ring->send_size);
        CHECK(buffer != NULL);
        ring->send_count++;
    }
    if (buffer != NULL)
        buffer->size = 0;
    return buffer;
}

void uring_give_back(struct uring *ring, struct send_buffer *buffer)
{
    CHECK(ring->send_count > 0 && buffer->size <= ring->send_size);
    buffer->next = ring->free_buffers;
    ring->free_buffers = buffer;
}

/* ---- completions ---- */

void uring_wait(struct uring *ring, unsigned count, uint64_t wait_ns)
{
    struct __kernel_timespec wait = {.tv_sec = (long long)(wait_ns / MONO_NS_PER_S),
                                     .tv_nsec = (long long)(wait_ns % MONO_NS_PER_S)};
    struct io_uring_cqe *cqe;
    int result = io_uring_submit_and_wait_timeout(&ring->io, &cqe, count, &wait, NULL);
    CHECK(result >= 0 || result == -ETIME || result == -EINTR || result == -EAGAIN ||
          result == -EBUSY);
}

unsigned uring_ready(const struct uring *ring)
{
    return io_uring_cq_ready(&ring->io);
}

bool uring_next(struct uring *ring, struct uring_event *event)
{
    struct io_uring_cqe *cqe;
    if (io_uring_peek_cqe(&ring->io, &cqe) != 0)
        return false;
    *event = (struct uring_event){.slot = (uint32_t)(cqe->user_data >> 3),
                                  .operation = (enum uring_operation)(cqe->user_data & 7),
                                  .result = cqe->res,
                                  .buffer = cqe->flags >> IORING_CQE_BUFFER_SHIFT,
                                  .has_more = (cqe->flags & IORING_CQE_F_MORE) != 0};
    if (event->operation == OP_RECEIVE && event->result > 0)
        event->octets = ring->receive_octets + (size_t)event->buffer * ring->receive_size;
    io_uring_cqe_seen(&ring->io, cqe);
    return true;
}
