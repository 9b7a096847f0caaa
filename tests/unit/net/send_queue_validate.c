/* What send_queue_validate and send_pool_validate find: each kind of damage, done by hand. */
#include "io/net/send_queue_impl.h"

#include <criterion/criterion.h>
#include <signal.h>

#ifdef PCED_VALIDATE

static struct send_pool *pool;
static struct send_queue queue;

static void put(size_t size, enum send_class class)
{
    struct wire_writer writer;
    cr_assert_eq(send_queue_open(pool, &queue, size, &writer), PCE_OK);
    for (size_t i = 0; i < size; i++)
        wire_put_u8(&writer, (uint8_t)i);
    cr_assert_eq(send_queue_commit(pool, &queue, &writer, class), PCE_OK);
}

/* Three small messages in a chunk, of which the first is gone and the second partly out; then a
 * large one in a chunk of its own. */
static void setup(void)
{
    queue = (struct send_queue){0};
    cr_assert_eq(send_pool_create(0, 0, &pool), PCE_OK);
    put(100, SEND_CONTROL);
    put(50, SEND_DATA);
    put(60, SEND_DATA);
    put(20000, SEND_DATA);
    cr_assert_eq(send_queue_accept(pool, &queue, 110), 1);
    cr_assert_neq(queue.first, queue.last);
    (void)send_queue_validate(pool, &queue);
    (void)send_pool_validate(pool);
}

static void teardown(void)
{
    send_queue_clear(pool, &queue);
    send_pool_destroy(pool);
}

TestSuite(send_queue_validate, .init = setup, .fini = teardown);

Test(send_queue_validate, a_good_queue_passes_and_costs_what_it_has)
{
    cr_assert_eq(send_queue_validate(pool, &queue), 1 + 2 + 3);
    struct wire_writer writer;
    cr_assert_eq(send_queue_open(pool, &queue, 4000, &writer), PCE_OK);
    (void)send_queue_validate(pool, &queue); /* the last chunk is empty, and open */
    send_queue_abort(pool, &queue);
    send_queue_clear(pool, &queue);
    cr_assert_eq(send_queue_validate(pool, &queue), 1);
    cr_assert_gt(send_pool_validate(pool), CLASS_COUNT);
}

Test(send_queue_validate, finds_octets_that_nobody_queued, .signal = SIGABRT)
{
    queue.end++;
    (void)send_queue_validate(pool, &queue);
}

Test(send_queue_validate, finds_a_message_that_ends_before_it_begins, .signal = SIGABRT)
{
    uint32_t *records = (uint32_t *)(void *)(queue.first->octets + queue.first->size);
    records[-2] = 90;
    (void)send_queue_validate(pool, &queue);
}

Test(send_queue_validate, finds_a_class_that_there_is_not, .signal = SIGABRT)
{
    uint32_t *records = (uint32_t *)(void *)(queue.first->octets + queue.first->size);
    records[-3] |= UINT32_C(7) << RECORD_CLASS;
    (void)send_queue_validate(pool, &queue);
}

Test(send_queue_validate, finds_octets_behind_the_last_message, .signal = SIGABRT)
{
    queue.last->used++;
    queue.end++;
    (void)send_queue_validate(pool, &queue);
}

Test(send_queue_validate, finds_a_chunk_without_a_message, .signal = SIGABRT)
{
    queue.last->record_count = 0;
    queue.last->used = 0;
    queue.end -= 20000;
    (void)send_queue_validate(pool, &queue);
}

Test(send_queue_validate, finds_a_chain_that_ends_early, .signal = SIGABRT)
{
    queue.last = queue.first;
    (void)send_queue_validate(pool, &queue);
}

Test(send_queue_validate, finds_a_chunk_of_a_wrong_size, .signal = SIGABRT)
{
    queue.first->size_class = 1;
    (void)send_queue_validate(pool, &queue);
}

Test(send_queue_validate, finds_kept_chunks_that_are_miscounted, .signal = SIGABRT)
{
    send_queue_clear(pool, &queue);
    pool->kept++;
    (void)send_pool_validate(pool);
}

Test(send_queue_validate, finds_a_kept_chunk_among_those_of_another_size, .signal = SIGABRT)
{
    send_queue_clear(pool, &queue);
    pool->free[0]->size_class = 1;
    (void)send_pool_validate(pool);
}

Test(send_queue_validate, is_run_by_the_queue_itself, .signal = SIGABRT)
{
    queue.end++;
    for (int i = 0; i < 100; i++)
        put(10, SEND_DATA);
}

#endif
