#include "io/net/conn_impl.h"

#include "core/base/check.h"

#include <stdlib.h>
#include <sys/mman.h>

#define COUNT_DEFAULT 16384

size_t conn_record_size(void)
{
    return sizeof(struct conn);
}

enum pce_status conn_pool_create(const struct conn_pool_options *options, struct conn_pool **out)
{
    thread_owner_check(&options->ring->owner);
    struct conn_pool *pool = calloc(1, sizeof *pool);
    if (pool == NULL)
        return PCE_NO_MEMORY;
    pool->ring = options->ring;
    pool->shard = options->shard;
    pool->pressure_octets = options->pressure_octets;
    pool->count_max = options->count_max;
    if (pool->count_max == 0)
        pool->count_max = options->ring->file_count > 0 ? options->ring->file_count : COUNT_DEFAULT;
    list_init(&pool->waiting);
    enum pce_status status =
        send_pool_create(options->send_octets_max, options->send_kept_max, &pool->send);
    if (status != PCE_OK) {
        free(pool);
        return status;
    }
    /* Pages are touched as records are first used. */
    pool->records_size = (size_t)pool->count_max * sizeof(struct conn);
    void *records = mmap(NULL, pool->records_size, PROT_READ | PROT_WRITE,
                         MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (records == MAP_FAILED) {
        send_pool_destroy(pool->send);
        free(pool);
        return PCE_NO_MEMORY;
    }
    (void)madvise(records, pool->records_size, MADV_NOHUGEPAGE);
    pool->records = records;
    conn_life_init(pool->ring);
    *out = pool;
    return PCE_OK;
}

void conn_pool_destroy(struct conn_pool *pool)
{
    if (pool == NULL)
        return;
    thread_owner_check(&pool->ring->owner);
    CHECK(pool->count == 0);
    send_pool_destroy(pool->send);
    (void)munmap(pool->records, pool->records_size);
    free(pool);
}

const struct conn_counters *conn_pool_counters(const struct conn_pool *pool)
{
    return &pool->counters;
}

void conn_pool_set_send_max(struct conn_pool *pool, size_t octets_max)
{
    thread_owner_check(&pool->ring->owner);
    send_pool_set_max(pool->send, octets_max);
}

struct send_pool_figures conn_pool_send_figures(const struct conn_pool *pool)
{
    return send_pool_figures_of(pool->send);
}

uint32_t conn_pool_unread(const struct conn_pool *pool)
{
    return pool->unread_count;
}

uint32_t conn_pool_count(const struct conn_pool *pool)
{
    return pool->count;
}

uint32_t conn_pool_used(const struct conn_pool *pool)
{
    return pool->used;
}

struct conn *conn_pool_at(struct conn_pool *pool, uint32_t index)
{
    if (index >= pool->used)
        return NULL;
    struct conn *conn = &pool->records[index];
    return conn_is_closing(conn) ? NULL : conn;
}

struct conn *conn_find(struct conn_pool *pool, struct conn_handle handle)
{
    if (handle.shard != pool->shard || handle.index >= pool->used)
        return NULL;
    struct conn *conn = &pool->records[handle.index];
    return !conn_is_closing(conn) && conn->generation == handle.generation ? conn : NULL;
}

struct conn_handle conn_handle_of(const struct conn *conn)
{
    return (struct conn_handle){conn->pool->shard, conn_index(conn), conn->generation};
}

struct conn_pool *conn_pool_of(const struct conn *conn)
{
    return conn->pool;
}

void conn_pool_for_each(struct conn_pool *pool, void (*visit)(struct conn *conn, void *context),
                        void *context)
{
    for (uint32_t i = 0; i < pool->used; i++) {
        struct conn *conn = &pool->records[i];
        if (!conn_is_closing(conn))
            visit(conn, context);
    }
}

void conn_pool_reset_all(struct conn_pool *pool)
{
    thread_owner_check(&pool->ring->owner);
    for (uint32_t i = 0; i < pool->used; i++)
        conn_reset(&pool->records[i]);
}
