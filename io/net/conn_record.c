/* The records of a pool: taken for a socket, and given back behind its last completion. */
#include "core/base/check.h"
#include "io/net/conn_impl.h"

uint8_t conn_pool_add_local(struct conn_pool *pool, struct ip ip, uint16_t port)
{
    for (uint32_t i = 0; i < pool->local_count; i++) {
        if (pool->locals[i].port == port && ip_is_equal(&pool->locals[i].ip, &ip))
            return (uint8_t)i;
    }
    if (pool->local_count >= CONN_LOCAL_ASK)
        return CONN_LOCAL_ASK;
    pool->locals[pool->local_count] = (struct conn_local){ip, port};
    return (uint8_t)pool->local_count++;
}

struct conn *conn_borrow(struct conn_pool *pool, int file, bool is_direct)
{
    struct conn *conn = pool->free;
    if (conn != NULL) {
        pool->free = (struct conn *)(void *)conn->link.next;
    } else if (pool->used < pool->count_max) {
        conn = &pool->records[pool->used];
        pool->used++;
    } else {
        counter_add(&pool->counters.refused, 1);
        return NULL;
    }
    uint32_t generation = conn->generation + 1;
    *conn = (struct conn){
        .pool = pool,
        .generation = generation != 0 ? generation : 1,
        .file = file,
        .flags = is_direct ? CONN_DIRECT : 0,
        .next_file = -1,
        .state = CONN_FREE,
        .local = CONN_LOCAL_ASK,
    };
    pool->count++;
    counter_set(&pool->counters.open, pool->count);
    return conn;
}

void conn_release(struct conn *conn)
{
    struct conn_pool *pool = conn->pool;
    CHECK(conn->state == CONN_FREE && conn->operations == 0 && conn->queue.first == NULL);
    conn_set_unread(conn, false);
    conn->link.next = (struct list_link *)(void *)pool->free;
    pool->free = conn;
    pool->count--;
    counter_set(&pool->counters.open, pool->count);
    counter_add(&pool->counters.released, 1);
    if (!list_is_empty(&pool->waiting)) {
        struct ring_nap *nap = CONTAINER_OF(pool->waiting.next, struct ring_nap, room);
        list_remove(&nap->room);
        nap->at = (struct mono){0};
    }
}
