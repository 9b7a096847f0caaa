/* What a ring is asked to do: operations that wait for their socket, and those that end at once. */
#include "tests/sim/kernel_impl.h"

#include "core/base/check.h"
#include "tests/sim/memory.h"

#include <errno.h>
#include <poll.h>
#include <string.h>

/* ---- completions ---- */

static void put_done(struct sim_ring *ring, const struct sim_done *what)
{
    struct sim_done *done = sim_allocate(sizeof *done);
    *done = *what;
    if (sim.knobs.delay_max > 0)
        done->hold = (uint32_t)(sim_random() % (sim.knobs.delay_max + 1));
    list_init(&done->link);
    list_push_back(&ring->done, &done->link);
}

void sim_complete(struct sim_operation *operation, int result, uint32_t flags)
{
    const struct sim_done done = {.user_data = operation->user_data,
                                  .result = result,
                                  .flags = flags,
                                  .order = operation->order};
    put_done(operation->ring, &done);
}

static void forget(struct sim_operation *operation)
{
    struct sim_file *file = operation->file;
    list_remove(&operation->link);
    if (file != NULL && file->kind == SIM_SOCKET) {
        struct sim_socket *socket = file->socket;
        if (socket->receive == operation)
            socket->receive = NULL;
        if (socket->send == operation)
            socket->send = NULL;
        if (socket->connect == operation)
            socket->connect = NULL;
    }
    if (file != NULL && file->kind == SIM_LISTENER && file->listener->accept == operation)
        file->listener->accept = NULL;
    if (file != NULL && file->poll == operation)
        file->poll = NULL;
    sim_release(operation);
}

void sim_finish(struct sim_operation *operation, int result, uint32_t flags)
{
    sim_complete(operation, result, flags);
    forget(operation);
}

static bool is_earlier_kept(const struct sim_ring *ring, const struct sim_done *done)
{
    LIST_FOR(link, &ring->done)
    {
        const struct sim_done *other = CONTAINER_OF(link, struct sim_done, link);
        if (other == done)
            return false;
        if (other->order == done->order)
            return true;
    }
    return false;
}

static bool put_cqe(struct sim_ring *ring, struct sim_done *done)
{
    if (ring->cq_tail - ring->cq_head == ring->cq_entries) {
        ring->sq_flags |= IORING_SQ_CQ_OVERFLOW;
        return false;
    }
    struct io_uring_cqe *cqe = &ring->cqes[ring->cq_tail & (ring->cq_entries - 1)];
    cqe->user_data = done->user_data;
    cqe->res = done->result;
    cqe->flags = done->flags;
    ring->cq_tail++;
    list_remove(&done->link);
    sim_release(done);
    return true;
}

void sim_flush(struct sim_ring *ring)
{
    bool is_plain = !sim.knobs.is_disordered && sim.knobs.delay_max == 0;
    ring->sq_flags &= ~(unsigned)IORING_SQ_CQ_OVERFLOW;
    for (int pass = 0; pass < 2; pass++) {
        LIST_FOR_SAFE(link, following, &ring->done)
        {
            struct sim_done *done = CONTAINER_OF(link, struct sim_done, link);
            if (!is_plain) {
                if (done->hold > 0) {
                    done->hold -= pass == 0;
                    continue;
                }
                if (pass == 0 && sim.knobs.is_disordered && sim_random() % 2 == 0)
                    continue;
                if (is_earlier_kept(ring, done))
                    continue;
            }
            if (!put_cqe(ring, done))
                return;
        }
    }
}

/* ---- operations of sockets ---- */

static bool take_buffer(struct sim_ring *ring, struct io_uring_buf *buffer)
{
    if (ring->buffers == NULL || ring->buffer_head == ring->buffers->tail)
        return false;
    *buffer = ring->buffers->bufs[ring->buffer_head & (ring->buffer_count - 1)];
    ring->buffer_head++;
    return true;
}

static void pump_receive(struct sim_socket *socket)
{
    struct sim_operation *operation = socket->receive;
    while (socket->in.size > 0) {
        struct io_uring_buf buffer;
        if (!take_buffer(operation->ring, &buffer)) {
            sim_finish(operation, -ENOBUFS, 0);
            return;
        }
        size_t size = socket->in.size < buffer.len ? socket->in.size : buffer.len;
        if (sim.knobs.receive_max > 0 && size > sim.knobs.receive_max)
            size = sim.knobs.receive_max;
        memcpy((void *)(uintptr_t)buffer.addr, sim_stream_take(&socket->in, size), size);
        uint32_t flags = ((uint32_t)buffer.bid << IORING_CQE_BUFFER_SHIFT) | IORING_CQE_F_BUFFER;
        sim_complete(operation, (int)size, flags | IORING_CQE_F_MORE);
    }
    if (socket->state == SIM_BROKEN)
        sim_finish(operation, socket->error == 0 ? 0 : -socket->error, 0);
    else if (socket->in_fin)
        sim_finish(operation, 0, 0);
}

static size_t take_octets(struct sim_socket *socket, const struct sim_operation *operation)
{
    size_t room = sim.knobs.window > socket->out.size ? sim.knobs.window - socket->out.size : 0;
    if (sim.knobs.send_max > 0 && room > sim.knobs.send_max)
        room = sim.knobs.send_max;
    size_t taken = 0;
    for (unsigned i = 0; i < operation->vector_count && taken < room; i++) {
        size_t size = operation->vector[i].iov_len;
        if (size > room - taken)
            size = room - taken;
        sim_stream_put(&socket->out, operation->vector[i].iov_base, size);
        taken += size;
    }
    return taken;
}

static void pump_send(struct sim_socket *socket)
{
    struct sim_operation *operation = socket->send;
    if (socket->state == SIM_BROKEN) {
        sim_finish(operation, socket->error == 0 ? -EPIPE : -socket->error, 0);
        return;
    }
    if (socket->fin_sent || socket->state != SIM_OPEN) {
        sim_finish(operation, -EPIPE, 0);
        return;
    }
    size_t taken = take_octets(socket, operation);
    if (taken > 0)
        sim_finish(operation, (int)taken, 0);
}

void sim_pump_socket_operations(struct sim_socket *socket)
{
    if (socket->connect != NULL && socket->state == SIM_OPEN)
        sim_finish(socket->connect, 0, 0);
    else if (socket->connect != NULL && socket->state == SIM_BROKEN)
        sim_finish(socket->connect, -socket->error, 0);
    if (socket->receive != NULL)
        pump_receive(socket);
    if (socket->send != NULL)
        pump_send(socket);
}

/* The next connection gets a slot or descriptor; without one it is lost, as in Linux. */
static int accept_one(struct sim_listener *listener, const struct sim_operation *operation)
{
    struct list_link *link = list_pop_front(&listener->backlog);
    struct sim_socket *socket = CONTAINER_OF(link, struct sim_socket, link);
    struct sim_file *file = sim_file_make(SIM_SOCKET);
    file->socket = socket;
    socket->is_accepted = true;
    int result =
        operation->accept_index != 0 ? sim_place(operation->ring, file) : sim_install(file);
    if (result < 0) {
        socket->is_resetting = true;
        sim_socket_closed(socket);
        sim_release(file);
    } else {
        sim_touch(socket);
    }
    return result;
}

void sim_pump_listener(struct sim_listener *listener)
{
    while (listener->accept != NULL && !list_is_empty(&listener->backlog)) {
        struct sim_operation *operation = listener->accept;
        int result = accept_one(listener, operation);
        if (!operation->is_multishot || result < 0)
            sim_finish(operation, result, 0);
        else
            sim_complete(operation, result, IORING_CQE_F_MORE);
    }
    if (listener->accept != NULL && listener->accept->is_polling)
        sim_finish(listener->accept, -EAGAIN, 0);
}

void sim_pump_event(struct sim_file *file)
{
    if (file->poll != NULL && file->count > 0)
        sim_finish(file->poll, POLLIN, 0);
}

/* ---- submission ---- */

static struct sim_file *file_of(struct sim_ring *ring, const struct io_uring_sqe *sqe)
{
    if ((sqe->flags & IOSQE_FIXED_FILE) == 0)
        return sim_file_of(sqe->fd);
    unsigned slot = (unsigned)sqe->fd;
    return slot < ring->slot_count ? ring->slots[slot] : NULL;
}

static struct sim_operation *find(struct sim_ring *ring, uint64_t user_data)
{
    LIST_FOR(link, &ring->waiting)
    {
        struct sim_operation *operation = CONTAINER_OF(link, struct sim_operation, link);
        if (operation->user_data == user_data)
            return operation;
    }
    return NULL;
}

static void set_vector(struct sim_operation *operation, const struct io_uring_sqe *sqe)
{
    if (sqe->opcode == IORING_OP_SEND) {
        operation->vector_count = 1;
        operation->vector[0] = (struct iovec){(void *)(uintptr_t)sqe->addr, sqe->len};
        return;
    }
    const struct msghdr *header = (const struct msghdr *)(uintptr_t)sqe->addr;
    CHECK(header->msg_iovlen <= SIM_VECTOR_MAX);
    operation->vector_count = (unsigned)header->msg_iovlen;
    memcpy(operation->vector, header->msg_iov, header->msg_iovlen * sizeof(struct iovec));
}

static int start_receive(struct sim_operation *operation, struct sim_file *file)
{
    struct sim_socket *socket = file->socket;
    if (file->kind != SIM_SOCKET)
        return -ENOTSOCK;
    CHECK(socket->receive == NULL && (operation->is_multishot));
    socket->receive = operation;
    sim_touch(socket);
    return 0;
}

static int start_send(struct sim_operation *operation, struct sim_file *file,
                      const struct io_uring_sqe *sqe)
{
    if (file->kind != SIM_SOCKET)
        return -ENOTSOCK;
    CHECK(file->socket->send == NULL);
    set_vector(operation, sqe);
    file->socket->send = operation;
    sim_touch(file->socket);
    return 0;
}

static int start_accept(struct sim_operation *operation, struct sim_file *file,
                        const struct io_uring_sqe *sqe)
{
    if (file->kind != SIM_LISTENER)
        return -EINVAL;
    CHECK(file->listener->accept == NULL);
    operation->is_multishot = (sqe->ioprio & IORING_ACCEPT_MULTISHOT) != 0;
    operation->is_polling = (sqe->ioprio & URING_ACCEPT_DONTWAIT) != 0;
    operation->accept_index = sqe->file_index;
    file->listener->accept = operation;
    sim_touch_listener(file->listener);
    return 0;
}

static int start_connect(struct sim_operation *operation, struct sim_file *file,
                         const struct io_uring_sqe *sqe)
{
    if (file->kind != SIM_SOCKET)
        return -ENOTSOCK;
    int result = 0;
    if (file->socket->state == SIM_IDLE)
        result = sim_socket_connect(file->socket,
                                    (const union address *)(const void *)(uintptr_t)sqe->addr);
    if (result < 0)
        return result;
    file->socket->connect = operation;
    sim_touch(file->socket);
    return 0;
}

/* Those that may have to wait. */
static void start_waiting(struct sim_ring *ring, const struct io_uring_sqe *sqe, uint64_t order)
{
    struct sim_operation *operation = sim_allocate(sizeof *operation);
    struct sim_file *file = file_of(ring, sqe);
    int result = -EBADF;
    operation->ring = ring;
    operation->file = file;
    operation->user_data = sqe->user_data;
    operation->order = order;
    operation->opcode = sqe->opcode;
    list_init(&operation->link);
    list_push_back(&ring->waiting, &operation->link);
    if (file != NULL && sqe->opcode == IORING_OP_RECV) {
        operation->is_multishot = (sqe->ioprio & IORING_RECV_MULTISHOT) != 0;
        result = start_receive(operation, file);
    } else if (file != NULL && sqe->opcode == IORING_OP_ACCEPT) {
        result = start_accept(operation, file, sqe);
    } else if (file != NULL && sqe->opcode == IORING_OP_CONNECT) {
        result = start_connect(operation, file, sqe);
    } else if (file != NULL && sqe->opcode == IORING_OP_POLL_ADD) {
        file->poll = operation;
        sim_pump_event(file);
        return;
    } else if (file != NULL) {
        result = start_send(operation, file, sqe);
    }
    if (result < 0)
        sim_finish(operation, result, 0);
}

static int run_command(struct sim_file *file, const struct io_uring_sqe *sqe)
{
    if (file == NULL || file->kind != SIM_SOCKET)
        return -EBADF;
    struct sim_socket *socket = file->socket;
    int level = (int)(uint32_t)sqe->addr;
    int name = (int)(sqe->addr >> 32);
    void *value = (void *)(uintptr_t)sqe->addr3;
    socklen_t size = sqe->file_index;
    switch ((enum uring_socket_command)sqe->cmd_op) {
    case URING_SOCKET_SIOCINQ:
        return (int)socket->in.size;
    case URING_SOCKET_SIOCOUTQ:
        return (int)sim_socket_unacked(socket);
    case URING_SOCKET_GETSOCKOPT: {
        int result = sim_socket_get_option(socket, level, name, value, &size);
        return result < 0 ? result : (int)size;
    }
    case URING_SOCKET_SETSOCKOPT:
        return sim_socket_set_option(socket, level, name, value);
    }
    return -EOPNOTSUPP;
}

static int run_cancel(struct sim_ring *ring, const struct io_uring_sqe *sqe)
{
    struct sim_operation *found = find(ring, sqe->addr);
    if (found == NULL)
        return -ENOENT;
    sim_finish(found, -ECANCELED, 0);
    return 0;
}

static int run_wake(const struct io_uring_sqe *sqe)
{
    const struct sim_file *file = sim_file_of(sqe->fd);
    if (file == NULL || file->kind != SIM_RING)
        return -EBADFD;
    const struct sim_done done = {
        .user_data = sqe->off, .result = (int)sqe->len, .order = ++sim.order};
    put_done(file->ring, &done);
    return 0;
}

/* Writes the slot's number to where the descriptor stood. */
static int run_files_update(struct sim_ring *ring, const struct io_uring_sqe *sqe)
{
    int *descriptor = (int *)(uintptr_t)sqe->addr;
    struct sim_file *file = sim_file_of(*descriptor);
    if (file == NULL || sqe->len != 1)
        return -EBADF;
    int slot = sim_place(ring, file);
    if (slot < 0)
        return slot;
    *descriptor = slot;
    return 1;
}

static int run_close(struct sim_ring *ring, const struct io_uring_sqe *sqe)
{
    if (sqe->file_index != 0)
        return sim_unplace(ring, sqe->file_index - 1);
    return sim_file_of(sqe->fd) == NULL ? -EBADF : sim_close(sqe->fd);
}

/* Those that end at once. */
static int run_now(struct sim_ring *ring, const struct io_uring_sqe *sqe)
{
    struct sim_file *file = file_of(ring, sqe);
    switch (sqe->opcode) {
    case IORING_OP_NOP:
        return 0;
    case IORING_OP_URING_CMD:
        return run_command(file, sqe);
    case IORING_OP_ASYNC_CANCEL:
        return run_cancel(ring, sqe);
    case IORING_OP_SHUTDOWN:
        return file == NULL ? -EBADF : sim_socket_shutdown(file->socket);
    case IORING_OP_CLOSE:
        return run_close(ring, sqe);
    case IORING_OP_FILES_UPDATE:
        return run_files_update(ring, sqe);
    case IORING_OP_MSG_RING:
        return run_wake(sqe);
    case URING_OP_FIXED_FD_INSTALL:
        return file == NULL ? -EBADF : sim_install(file);
    default:
        CHECK(false); /* an operation that the simulation does not know */
        return -EINVAL;
    }
}

static bool is_waiting_kind(uint8_t opcode)
{
    return opcode == IORING_OP_RECV || opcode == IORING_OP_SEND || opcode == IORING_OP_SENDMSG ||
           opcode == IORING_OP_ACCEPT || opcode == IORING_OP_CONNECT ||
           opcode == IORING_OP_POLL_ADD;
}

static bool is_refused(const struct io_uring_sqe *sqe)
{
    if (sim.knobs.refuse_next == 0 || sim.knobs.refuse_opcode != sqe->opcode)
        return false;
    sim.knobs.refuse_next--;
    return true;
}

static void run(struct sim_ring *ring, const struct io_uring_sqe *sqe, uint64_t order)
{
    int result;
    if (is_refused(sqe)) {
        result = -sim.knobs.refuse_error;
    } else if (is_waiting_kind(sqe->opcode)) {
        start_waiting(ring, sqe, order);
        return;
    } else {
        result = run_now(ring, sqe);
    }
    if (result >= 0 && (sqe->flags & IOSQE_CQE_SKIP_SUCCESS) != 0)
        return;
    const struct sim_done done = {.user_data = sqe->user_data, .result = result, .order = order};
    put_done(ring, &done);
}

void sim_submit(struct sim_ring *ring)
{
    bool is_linked = false;
    ring->sq_tail = ring->uring->sq.sqe_tail;
    while (ring->sq_head != ring->sq_tail) {
        struct io_uring_sqe sqe = ring->sqes[ring->sq_head & (ring->sq_entries - 1)];
        ring->sq_head++;
        if (!is_linked)
            sim.order++;
        run(ring, &sqe, sim.order);
        is_linked = (sqe.flags & (IOSQE_IO_LINK | IOSQE_IO_HARDLINK)) != 0;
    }
}
