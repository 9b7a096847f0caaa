/* What holds of send queues and their pool, as CHECKs; without PCED_VALIDATE nothing. */
#include "io/net/send_queue_impl.h"

#ifdef PCED_VALIDATE

#include "core/base/check.h"

/* The records of messages that are gone may be very many: of these the last one alone is looked at,
 * which is where the first message that waits begins. Returns the records. */
static uint64_t records_validate(const struct send_chunk *chunk)
{
    CHECK(chunk->first_record <= chunk->record_count);
    uint32_t first = chunk->first_record;
    uint32_t end = first == 0 ? 0 : record_end(chunk, first - 1);
    CHECK(end <= chunk->begin);
    for (uint32_t i = first; i < chunk->record_count; i++) {
        CHECK(record_end(chunk, i) > end && record_end(chunk, i) > chunk->begin);
        CHECK(record_class(chunk, i) <= SEND_FINAL);
        end = record_end(chunk, i);
    }
    CHECK(end == chunk->used);
    return chunk->record_count - first;
}

static void chunk_validate(const struct send_chunk *chunk)
{
    CHECK(chunk->size_class < CLASS_COUNT);
    CHECK(sizeof *chunk + chunk->size == send_chunk_sizes[chunk->size_class]);
    CHECK(chunk->begin <= chunk->used && chunk->used <= chunk->size);
    CHECK(chunk->record_count <= (chunk->size - chunk->used) / sizeof(uint32_t));
}

/* A chunk without a message is the last one, and somebody writes to it. */
uint64_t send_queue_validate(const struct send_pool *pool, const struct send_queue *queue)
{
    CHECK(queue->accepted <= queue->end);
    CHECK((queue->first == NULL) == (queue->last == NULL));
    size_t held = 0;
    uint64_t octets = 0;
    uint64_t steps = 1;
    for (const struct send_chunk *chunk = queue->first; chunk != NULL; chunk = chunk->next) {
        chunk_validate(chunk);
        CHECK((chunk->next == NULL) == (chunk == queue->last));
        CHECK(chunk->record_count > 0 || (pool->open == queue && chunk == queue->last));
        held += send_chunk_sizes[chunk->size_class];
        CHECK(held <= pool->held);
        octets += chunk->used - chunk->begin;
        steps += 1 + records_validate(chunk);
    }
    CHECK(octets == queue->end - queue->accepted);
    return steps;
}

uint64_t send_pool_validate(const struct send_pool *pool)
{
    size_t kept = 0;
    uint64_t steps = CLASS_COUNT;
    for (unsigned i = 0; i < CLASS_COUNT; i++) {
        for (const struct send_chunk *chunk = pool->free[i]; chunk != NULL; chunk = chunk->next) {
            CHECK(chunk->size_class == i);
            kept += send_chunk_sizes[i];
            CHECK(kept <= pool->kept);
            steps++;
        }
    }
    CHECK(kept == pool->kept && kept <= pool->kept_max);
    return steps;
}

#endif
