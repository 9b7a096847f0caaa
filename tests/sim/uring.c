/* The functions of liburing that have no inline body. */
#include "tests/sim/kernel_impl.h"

#include "core/base/check.h"
#include "tests/sim/memory.h"

#include <errno.h>
#include <string.h>

int __real_io_uring_queue_init_params(unsigned entries, struct io_uring *uring,
                                      struct io_uring_params *params);
void __real_io_uring_queue_exit(struct io_uring *uring);
int __real_io_uring_submit(struct io_uring *uring);
int __real_io_uring_submit_and_wait(struct io_uring *uring, unsigned count);
int __real_io_uring_submit_and_wait_timeout(struct io_uring *uring, struct io_uring_cqe **cqe,
                                            unsigned count, struct __kernel_timespec *wait,
                                            sigset_t *mask);
int __real_io_uring_enter2(unsigned descriptor, unsigned submit, unsigned count, unsigned flags,
                           sigset_t *argument, size_t size);
int __real_io_uring_ring_dontfork(struct io_uring *uring);
int __real_io_uring_register_ring_fd(struct io_uring *uring);
int __real_io_uring_register_buf_ring(struct io_uring *uring, struct io_uring_buf_reg *buffers,
                                      unsigned flags);
int __real_io_uring_register_files_sparse(struct io_uring *uring, unsigned count);
int __real_io_uring_unregister_files(struct io_uring *uring);
int __real_io_uring_register_files_update(struct io_uring *uring, unsigned at, const int *files,
                                          unsigned count);

int __wrap_io_uring_queue_init_params(unsigned entries, struct io_uring *uring,
                                      struct io_uring_params *params);
void __wrap_io_uring_queue_exit(struct io_uring *uring);
int __wrap_io_uring_submit(struct io_uring *uring);
int __wrap_io_uring_submit_and_wait(struct io_uring *uring, unsigned count);
int __wrap_io_uring_submit_and_wait_timeout(struct io_uring *uring, struct io_uring_cqe **cqe,
                                            unsigned count, struct __kernel_timespec *wait,
                                            sigset_t *mask);
int __wrap_io_uring_enter2(unsigned descriptor, unsigned submit, unsigned count, unsigned flags,
                           sigset_t *argument, size_t size);
int __wrap_io_uring_ring_dontfork(struct io_uring *uring);
int __wrap_io_uring_register_ring_fd(struct io_uring *uring);
int __wrap_io_uring_register_buf_ring(struct io_uring *uring, struct io_uring_buf_reg *buffers,
                                      unsigned flags);
int __wrap_io_uring_register_files_sparse(struct io_uring *uring, unsigned count);
int __wrap_io_uring_unregister_files(struct io_uring *uring);
int __wrap_io_uring_register_files_update(struct io_uring *uring, unsigned at, const int *files,
                                          unsigned count);

static struct sim_ring *ring_of(const struct io_uring *uring)
{
    struct sim_file *file = sim_file_of(uring->ring_fd);
    CHECK(file != NULL && file->kind == SIM_RING);
    return file->ring;
}

static unsigned round_up(unsigned value)
{
    unsigned power = 1;
    while (power < value)
        power *= 2;
    return power;
}

int __wrap_io_uring_queue_init_params(unsigned entries, struct io_uring *uring,
                                      struct io_uring_params *params)
{
    if (!sim_is_active())
        return __real_io_uring_queue_init_params(entries, uring, params);
    struct sim_ring *ring = sim_allocate(sizeof *ring);
    struct sim_file *file = sim_file_make(SIM_RING);
    file->ring = ring;
    ring->uring = uring;
    ring->descriptor = sim_install(file);
    ring->sq_entries = round_up(entries);
    ring->cq_entries = round_up(params->cq_entries);
    ring->sqes = sim_allocate(ring->sq_entries * sizeof *ring->sqes);
    ring->cqes = sim_allocate(ring->cq_entries * sizeof *ring->cqes);
    list_init(&ring->waiting);
    list_init(&ring->done);
    memset(uring, 0, sizeof *uring);
    uring->ring_fd = ring->descriptor;
    uring->enter_ring_fd = ring->descriptor;
    uring->features = IORING_FEAT_EXT_ARG | IORING_FEAT_NODROP | URING_FEAT_MIN_TIMEOUT;
    uring->sq.khead = &ring->sq_head;
    uring->sq.ktail = &ring->sq_tail;
    uring->sq.kflags = &ring->sq_flags;
    uring->sq.sqes = ring->sqes;
    uring->sq.ring_entries = ring->sq_entries;
    uring->sq.ring_mask = ring->sq_entries - 1;
    uring->cq.khead = &ring->cq_head;
    uring->cq.ktail = &ring->cq_tail;
    uring->cq.cqes = ring->cqes;
    uring->cq.ring_entries = ring->cq_entries;
    uring->cq.ring_mask = ring->cq_entries - 1;
    return 0;
}

/* What is still in the ring's table is closed with it; operations are cancelled. */
void __wrap_io_uring_queue_exit(struct io_uring *uring)
{
    if (!sim_is_active()) {
        __real_io_uring_queue_exit(uring);
        return;
    }
    struct sim_ring *ring = ring_of(uring);
    LIST_FOR_SAFE(link, following, &ring->waiting)
    {
        sim_finish(CONTAINER_OF(link, struct sim_operation, link), -ECANCELED, 0);
    }
    for (struct list_link *link; (link = list_pop_front(&ring->done)) != NULL;)
        sim_release(CONTAINER_OF(link, struct sim_done, link));
    for (unsigned i = 0; i < ring->slot_count; i++)
        (void)sim_unplace(ring, i);
    sim_release((void *)ring->slots);
    sim_release(ring->sqes);
    sim_release(ring->cqes);
    (void)sim_close(ring->descriptor);
    sim_release(ring);
}

static bool is_refused(void)
{
    if (sim.knobs.refuse_submit == 0)
        return false;
    sim.knobs.refuse_submit--;
    return true;
}

/* One pass over all that can be done now. */
static void work(struct sim_ring *ring)
{
    sim.turns++;
    sim_submit(ring);
    sim_pump();
    sim_flush(ring);
}

int __wrap_io_uring_submit(struct io_uring *uring)
{
    if (!sim_is_active())
        return __real_io_uring_submit(uring);
    if (is_refused())
        return -EAGAIN;
    unsigned count = io_uring_sq_ready(uring);
    work(ring_of(uring));
    return (int)count;
}

int __wrap_io_uring_submit_and_wait(struct io_uring *uring, unsigned count)
{
    if (!sim_is_active())
        return __real_io_uring_submit_and_wait(uring, count);
    return __wrap_io_uring_submit(uring);
}

/* wait: NULL is without end. */
static int wait_for(struct sim_ring *ring, const struct __kernel_timespec *wait)
{
    struct mono until = MONO_NEVER;
    if (wait != NULL)
        until.ns = sim.now.ns + (uint64_t)wait->tv_sec * MONO_NS_PER_S + (uint64_t)wait->tv_nsec;
    bool has_some = ring->cq_tail != ring->cq_head;
    sim.wait = (struct sim_wait){
        .is_busy = has_some || !list_is_empty(&ring->done) || !mono_is_before(sim.now, until),
        .until = until,
    };
    if (has_some)
        return 0;
    if (sim.do_waits_last && !sim.wait.is_busy && !mono_is_never(until))
        sim_set_now(mono_min(until, sim_next_probe()));
    return -ETIME;
}

int __wrap_io_uring_submit_and_wait_timeout(struct io_uring *uring, struct io_uring_cqe **cqe,
                                            unsigned count, struct __kernel_timespec *wait,
                                            sigset_t *mask)
{
    if (!sim_is_active())
        return __real_io_uring_submit_and_wait_timeout(uring, cqe, count, wait, mask);
    if (is_refused()) {
        sim.wait = (struct sim_wait){.is_busy = true, .until = sim.now};
        return -EAGAIN;
    }
    struct sim_ring *ring = ring_of(uring);
    work(ring);
    return wait_for(ring, wait);
}

int __wrap_io_uring_enter2(unsigned descriptor, unsigned submit, unsigned count, unsigned flags,
                           sigset_t *argument, size_t size)
{
    if (!sim_is_active())
        return __real_io_uring_enter2(descriptor, submit, count, flags, argument, size);
    struct sim_file *file = sim_file_of((int)descriptor);
    const struct uring_wait *wait = (const struct uring_wait *)(const void *)argument;
    CHECK(file != NULL && file->kind == SIM_RING);
    work(file->ring);
    return wait_for(file->ring, (const struct __kernel_timespec *)(uintptr_t)wait->timeout);
}

int __wrap_io_uring_ring_dontfork(struct io_uring *uring)
{
    return sim_is_active() ? 0 : __real_io_uring_ring_dontfork(uring);
}

int __wrap_io_uring_register_ring_fd(struct io_uring *uring)
{
    return sim_is_active() ? -EINVAL : __real_io_uring_register_ring_fd(uring);
}

int __wrap_io_uring_register_buf_ring(struct io_uring *uring, struct io_uring_buf_reg *buffers,
                                      unsigned flags)
{
    if (!sim_is_active())
        return __real_io_uring_register_buf_ring(uring, buffers, flags);
    struct sim_ring *ring = ring_of(uring);
    ring->buffers = (struct io_uring_buf_ring *)(uintptr_t)buffers->ring_addr;
    ring->buffer_count = buffers->ring_entries;
    ring->buffer_head = 0;
    return 0;
}

int __wrap_io_uring_register_files_sparse(struct io_uring *uring, unsigned count)
{
    if (!sim_is_active())
        return __real_io_uring_register_files_sparse(uring, count);
    if (sim.knobs.no_direct)
        return -EINVAL;
    struct sim_ring *ring = ring_of(uring);
    ring->slots = sim_allocate(count * sizeof(struct sim_file *));
    ring->slot_count = count;
    return 0;
}

int __wrap_io_uring_unregister_files(struct io_uring *uring)
{
    if (!sim_is_active())
        return __real_io_uring_unregister_files(uring);
    struct sim_ring *ring = ring_of(uring);
    for (unsigned i = 0; i < ring->slot_count; i++)
        (void)sim_unplace(ring, i);
    sim_release((void *)ring->slots);
    ring->slots = NULL;
    ring->slot_count = 0;
    return 0;
}

int __wrap_io_uring_register_files_update(struct io_uring *uring, unsigned at, const int *files,
                                          unsigned count)
{
    if (!sim_is_active())
        return __real_io_uring_register_files_update(uring, at, files, count);
    struct sim_ring *ring = ring_of(uring);
    CHECK(count == 1 && at < ring->slot_count);
    if (ring->slots[at] != NULL)
        (void)sim_unplace(ring, at);
    struct sim_file *file = files[0] < 0 ? NULL : sim_file_of(files[0]);
    if (file == NULL)
        return files[0] < 0 ? 1 : -EBADF;
    CHECK(at == 0); /* the lowest slot is free */
    return sim_place(ring, file) < 0 ? -ENFILE : 1;
}
