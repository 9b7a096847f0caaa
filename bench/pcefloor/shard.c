/* A shard: its ring and its turns. */
#include "bench/pcefloor/floor.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <time.h>

#define FEW_SHARDS     8 /* up to here large rings fit the limit of locked memory */
#define FILES_RESERVED 500
#define FILES_MAX      65536
#define OUTS_MAX       ((size_t)1 << 30) /* octets of all shards together */

static void *floor_map_octets(size_t size)
{
    void *octets = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return octets == MAP_FAILED ? NULL : octets;
}

static int init_ring(struct floor_shard *shard, bool is_small)
{
    struct io_uring_params params = {
        .flags = IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN | IORING_SETUP_CQSIZE |
                 IORING_SETUP_SUBMIT_ALL,
        .cq_entries = is_small ? 1024 : 16384,
    };
    int result = io_uring_queue_init_params(is_small ? 256 : 4096, &shard->ring, &params);
    if (result == 0)
        (void)io_uring_register_ring_fd(&shard->ring);
    return -result;
}

static int init_buffers(struct floor_shard *shard, bool is_small)
{
    shard->buffer_count = is_small ? 512 : 4096;
    shard->buffer_size = is_small ? 512 : 4096;
    shard->buffers = floor_map_octets(shard->buffer_count * sizeof(struct io_uring_buf));
    shard->buffer_octets = floor_map_octets((size_t)shard->buffer_count * shard->buffer_size);
    if (shard->buffers == NULL || shard->buffer_octets == NULL)
        return ENOMEM;
    struct io_uring_buf_reg registration = {.ring_addr = (uint64_t)(uintptr_t)shard->buffers,
                                            .ring_entries = shard->buffer_count,
                                            .bgid = FLOOR_GROUP};
    int result = io_uring_register_buf_ring(&shard->ring, &registration, 0);
    if (result != 0)
        return -result;
    io_uring_buf_ring_init(shard->buffers);
    for (unsigned i = 0; i < shard->buffer_count; i++)
        io_uring_buf_ring_add(shard->buffers, shard->buffer_octets + (size_t)i * shard->buffer_size,
                              shard->buffer_size, (unsigned short)i,
                              io_uring_buf_ring_mask(shard->buffer_count), (int)i);
    io_uring_buf_ring_advance(shard->buffers, (int)shard->buffer_count);
    return 0;
}

static int init_table(struct floor_shard *shard)
{
    struct rlimit limit = {0};
    (void)getrlimit(RLIMIT_NOFILE, &limit);
    rlim_t files = limit.rlim_cur > 2 * FILES_RESERVED ? limit.rlim_cur - FILES_RESERVED : 64;
    shard->file_count = files < FILES_MAX ? (unsigned)files : FILES_MAX;
    int result = io_uring_register_files_sparse(&shard->ring, shard->file_count);
    if (result != 0)
        return -result;
    shard->conns = floor_map_octets(shard->file_count * sizeof *shard->conns);
    shard->dirty = floor_map_octets(shard->file_count * sizeof *shard->dirty);
    return shard->conns == NULL || shard->dirty == NULL ? ENOMEM : 0;
}

int floor_shard_init(struct floor_shard *shard)
{
    bool is_small = shard->options->shard_count > FEW_SHARDS;
    shard->outs.octets_max = OUTS_MAX / shard->options->shard_count;
    int error = init_ring(shard, is_small);
    if (error == 0)
        error = init_buffers(shard, is_small);
    if (error == 0)
        error = init_table(shard);
    shard->wants_accept = true;
    return error;
}

static void accept_more(struct floor_shard *shard)
{
    shard->wants_accept = false;
    struct io_uring_sqe *sqe = floor_sqe(shard, 0, TAG_ACCEPT);
    io_uring_prep_multishot_accept_direct(sqe, shard->listener, NULL, NULL, 0);
    sqe->user_data = TAG_ACCEPT;
}

static void take_completion(struct floor_shard *shard, const struct io_uring_cqe *cqe)
{
    uint32_t slot = (uint32_t)(cqe->user_data >> 8);
    switch ((enum floor_tag)(cqe->user_data & 0xff)) {
    case TAG_ACCEPT:
        floor_on_accept(shard, cqe);
        break;
    case TAG_RECEIVE:
        floor_on_receive(shard, slot, cqe);
        break;
    case TAG_SEND:
        floor_on_send(shard, slot, cqe->res);
        break;
    case TAG_CLOSE:
        floor_on_close(shard, slot);
        break;
    case TAG_NONE:
        break;
    }
}

static uint64_t floor_now_ns(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000U + (uint64_t)now.tv_nsec;
}

static void floor_turn(struct floor_shard *shard, uint64_t wait_ns)
{
    struct io_uring_cqe *cqe = NULL;
    struct __kernel_timespec wait = {.tv_nsec = (long long)wait_ns};
    (void)io_uring_submit_and_wait_timeout(&shard->ring, &cqe, 1, &wait, NULL);
    unsigned head, count = 0;
    io_uring_for_each_cqe(&shard->ring, head, cqe)
    {
        take_completion(shard, cqe);
        count++;
    }
    io_uring_cq_advance(&shard->ring, count);
    floor_flush(shard);
}

void floor_shard_serve(struct floor_shard *shard, const _Atomic bool *stop)
{
    const uint64_t period = (uint64_t)FLOOR_TICK_MS * 1000000U;
    uint64_t now = floor_now_ns(), next = now;
    while (!*stop) {
        if (now >= next) {
            next = now + period;
            if (shard->wants_accept)
                accept_more(shard);
            floor_walk(shard);
        }
        floor_turn(shard, next - now);
        now = floor_now_ns();
    }
}
