/* The making of a ring: sizes, what the kernel can do, and why it refuses. */
#include "io/ring/ring_impl.h"

#include "core/base/number.h"
#include "io/os/limits.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#define FILES_RESERVED 500   /* of RLIMIT_NOFILE, for what is not a session */
#define FILES_MAX      65536 /* of one ring, unless the caller asks for more */

static int io_uring_disabled(void)
{
    FILE *file = fopen("/proc/sys/kernel/io_uring_disabled", "re");
    if (file == NULL)
        return 0;
    char line[16] = "";
    const char *at = line;
    uint64_t value = 0;
    if (fgets(line, sizeof line, file) != NULL)
        (void)number_take(&at, INT32_MAX, &value);
    (void)fclose(file);
    return (int)value;
}

static enum pce_status explain_setup(int error, struct failure *failure)
{
    int disabled = io_uring_disabled();
    switch (error) {
    case ENOSYS:
        return failure_set(failure, PCE_UNSUPPORTED,
                           "io_uring_setup is not there (ENOSYS): the kernel is older than 5.1 or "
                           "built without io_uring, or the container's seccomp profile hides it; "
                           "allow io_uring_setup, io_uring_enter and io_uring_register there");
    case EPERM:
    case EACCES:
        if (disabled != 0)
            return failure_set(failure, PCE_DENIED,
                               "io_uring is switched off: sysctl kernel.io_uring_disabled is %d "
                               "(2: for all, 1: for all but CAP_SYS_ADMIN and io_uring_group); "
                               "set it to 0",
                               disabled);
        return failure_set(failure, PCE_DENIED,
                           "io_uring_setup is not permitted (EPERM): the seccomp profile of the "
                           "container or service forbids it; allow io_uring_setup, io_uring_enter "
                           "and io_uring_register there");
    case ENOMEM:
        return failure_set(
            failure, PCE_NO_MEMORY,
            "no locked memory for another io_uring (ENOMEM): the limit is %llu KiB "
            "for all rings of this user; use fewer shards or smaller rings, or raise "
            "it (ulimit -l, LimitMEMLOCK=, memory.max of the control group)",
            (unsigned long long)limits_locked_memory() / 1024);
    case EMFILE:
    case ENFILE:
        return failure_set(failure, PCE_LIMIT,
                           "no file descriptor for another io_uring: the limit of open files is "
                           "%llu; raise it (ulimit -n, LimitNOFILE=) or use fewer shards",
                           (unsigned long long)limits_files());
    case EINVAL:
        return failure_set(failure, PCE_UNSUPPORTED,
                           "the kernel does not know these io_uring features or sizes (EINVAL); "
                           "Linux 6.1 or newer is needed");
    default:
        return failure_set_errno(failure, error, "io_uring_setup");
    }
}

/* DEFER_TASKRUN (6.1) runs the kernel's part of a completion only when this thread asks for it,
 * which gives batches; COOP_TASKRUN (5.19) comes near it. */
static int setup_uring(struct ring *ring, const struct ring_options *options, const char **mode)
{
    static const struct {
        unsigned flags;
        const char *name;
    } modes[] = {
        {IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN, "deferred task work"},
        {IORING_SETUP_COOP_TASKRUN | IORING_SETUP_TASKRUN_FLAG, "cooperative task work"},
    };
    int result = -EINVAL;
    for (size_t i = 0; i < sizeof modes / sizeof modes[0] && result == -EINVAL; i++) {
        struct io_uring_params params = {
            .flags = modes[i].flags | IORING_SETUP_CQSIZE | IORING_SETUP_SUBMIT_ALL,
            .cq_entries = options->cq_entries != 0 ? options->cq_entries : 4096,
        };
        unsigned entries = options->sq_entries != 0 ? options->sq_entries : 512;
        result = io_uring_queue_init_params(entries, &ring->uring, &params);
        *mode = modes[i].name;
    }
    return -result;
}

static unsigned round_up_power(unsigned value)
{
    unsigned power = 1;
    while (power < value)
        power *= 2;
    return power;
}

static void *ring_map_octets(size_t size)
{
    void *octets = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (octets == MAP_FAILED)
        return NULL;
    /* A huge page costs milliseconds when it is first touched: never at run time. */
    (void)madvise(octets, size, MADV_NOHUGEPAGE);
    return octets;
}

static size_t buffers_size(const struct ring *ring)
{
    return (size_t)ring->buffer_count * sizeof(struct io_uring_buf);
}

static enum pce_status setup_buffers(struct ring *ring, const struct ring_options *options,
                                     struct failure *failure)
{
    unsigned count = options->buffer_count != 0 ? options->buffer_count : 1024;
    ring->buffer_size = options->buffer_size != 0 ? options->buffer_size : 2048;
    if (count > 32768 || ring->buffer_size > (1U << 20))
        return failure_set(failure, PCE_INVALID, "receive buffers: at most 32768 of 1 MiB");
    ring->buffer_count = round_up_power(count);
    ring->buffers = ring_map_octets(buffers_size(ring));
    ring->buffer_octets = ring_map_octets((size_t)ring->buffer_count * ring->buffer_size);
    if (ring->buffers == NULL || ring->buffer_octets == NULL)
        return failure_set(failure, PCE_NO_MEMORY, "no memory for %u receive buffers", count);
    struct io_uring_buf_reg registration = {
        .ring_addr = (uint64_t)(uintptr_t)ring->buffers,
        .ring_entries = ring->buffer_count,
        .bgid = RING_BUFFER_GROUP,
    };
    int result = io_uring_register_buf_ring(&ring->uring, &registration, 0);
    if (result == -EINVAL)
        return failure_set(failure, PCE_UNSUPPORTED,
                           "the kernel has no provided-buffer rings; Linux 6.1 or newer is needed");
    if (result == -ENOMEM)
        return explain_setup(ENOMEM, failure);
    if (result != 0)
        return failure_set_errno(failure, -result, "io_uring: registering receive buffers");
    io_uring_buf_ring_init(ring->buffers);
    for (unsigned i = 0; i < ring->buffer_count; i++)
        ring_buffer_return(ring, i << IORING_CQE_BUFFER_SHIFT);
    ring_buffers_publish(ring);
    return PCE_OK;
}

/* The number of direct descriptors, or 0 where plain ones must do. */
static unsigned setup_files(struct ring *ring, const struct ring_options *options)
{
    if (options->plain_descriptors)
        return 0;
    unsigned count = options->file_count;
    if (count == 0) {
        uint64_t limit = limits_files();
        uint64_t usable = limit > 2 * FILES_RESERVED ? limit - FILES_RESERVED : limit / 2;
        count = usable < FILES_MAX ? (unsigned)usable : FILES_MAX;
    }
    if (count == 0 || io_uring_register_files_sparse(&ring->uring, count) != 0)
        return 0;
    if (ring_probe_direct(ring) == 0)
        return count;
    (void)io_uring_unregister_files(&ring->uring);
    return 0;
}

/* Runs one operation to its end, before anything else uses the ring. */
static int probe_run(struct ring *ring, struct io_uring_sqe *sqe)
{
    sqe->user_data = 0;
    struct io_uring_cqe *cqe;
    int result = io_uring_submit_and_wait(&ring->uring, 1);
    if (result >= 0)
        result = io_uring_peek_cqe(&ring->uring, &cqe);
    if (result < 0)
        return result;
    result = cqe->res;
    io_uring_cqe_seen(&ring->uring, cqe);
    return result;
}

/* Runs one socket command on the first direct descriptor. */
static int probe_command(struct ring *ring, enum uring_socket_command command,
                         const struct uring_option *option)
{
    struct io_uring_sqe *sqe = io_uring_get_sqe(&ring->uring);
    if (sqe == NULL)
        return -EBUSY;
    if (option != NULL)
        uring_prep_socket_option(sqe, command, 0, *option);
    else
        uring_prep_socket_command(sqe, command, 0);
    sqe->flags |= IOSQE_FIXED_FILE;
    return probe_run(ring, sqe);
}

/* Everything that a connection asks of a direct descriptor, tried on an idle socket. */
int ring_probe_direct(struct ring *ring)
{
    int file = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (file < 0)
        return errno;
    int result = io_uring_register_files_update(&ring->uring, 0, &file, 1);
    (void)close(file);
    if (result < 0)
        return -result;
    struct linger linger = {.l_onoff = 0};
    int size = 0;
    struct uring_option set = {SOL_SOCKET, SO_LINGER, sizeof linger, (uint64_t)(uintptr_t)&linger};
    struct uring_option get = {SOL_SOCKET, SO_SNDBUF, sizeof size, (uint64_t)(uintptr_t)&size};
    result = probe_command(ring, URING_SOCKET_SETSOCKOPT, &set);
    if (result >= 0)
        result = probe_command(ring, URING_SOCKET_GETSOCKOPT, &get);
    if (result >= 0)
        result = probe_command(ring, URING_SOCKET_SIOCOUTQ, NULL);
    int none = -1;
    (void)io_uring_register_files_update(&ring->uring, 0, &none, 1);
    return result < 0 ? -result : 0;
}

enum pce_status ring_create(const struct ring_options *options, struct ring **out,
                            struct failure *failure)
{
    *out = NULL;
    struct ring *ring = calloc(1, sizeof *ring);
    if (ring == NULL)
        return failure_set(failure, PCE_NO_MEMORY, "no memory for a ring");
    list_init(&ring->attention);
    list_init(&ring->naps);
    list_init(&ring->inboxes);
    thread_owner_claim(&ring->owner);
    enum pce_status status = PCE_NO_MEMORY;
    ring->scratch = ring_map_octets(RING_SCRATCH_SIZE);
    if (ring->scratch == NULL) {
        status = failure_set(failure, PCE_NO_MEMORY, "no memory for a ring");
        goto fail;
    }
    ring->turn_octets = options->turn_octets != 0 ? options->turn_octets : 131072;
    const char *mode = "";
    int error = setup_uring(ring, options, &mode);
    if (error != 0) {
        status = explain_setup(error, failure);
        goto fail;
    }
    ring->has_uring = true;
    (void)io_uring_ring_dontfork(&ring->uring);
    ring->is_registered = io_uring_register_ring_fd(&ring->uring) == 1;
    status = setup_buffers(ring, options, failure);
    if (status != PCE_OK)
        goto fail;
    ring->file_count = setup_files(ring, options);
    ring_watch_init(ring);
    (void)snprintf(
        ring->path, sizeof ring->path, "io_uring SQ %u CQ %u, %s, %u buffers of %u octets, %s (%u)",
        ring->uring.sq.ring_entries, ring->uring.cq.ring_entries, mode, ring->buffer_count,
        ring->buffer_size, ring->file_count > 0 ? "direct descriptors" : "plain descriptors",
        ring->file_count);
    *out = ring;
    return PCE_OK;
fail:
    ring_destroy(ring);
    return status;
}

void ring_destroy(struct ring *ring)
{
    if (ring == NULL)
        return;
    thread_owner_check(&ring->owner);
    if (ring->has_uring)
        io_uring_queue_exit(&ring->uring);
    if (ring->buffers != NULL)
        (void)munmap(ring->buffers, buffers_size(ring));
    if (ring->buffer_octets != NULL)
        (void)munmap(ring->buffer_octets, (size_t)ring->buffer_count * ring->buffer_size);
    if (ring->scratch != NULL)
        (void)munmap(ring->scratch, RING_SCRATCH_SIZE);
    free(ring);
}
