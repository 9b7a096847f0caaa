#include "io/net/send_queue_impl.h"

#include "core/base/check.h"
#include "core/base/validate.h"

#include <stdlib.h>

#define OCTETS_MAX         ((size_t)256 << 20)
#define KEPT_MAX           ((size_t)4 << 20)
#define CLASS_IN_PLACE_MAX 1 /* a message for a larger one is written elsewhere first */

/* The smallest are for what every session sends, Open and Keepalive: very many of them may do so at
 * once. */
const size_t send_chunk_sizes[CLASS_COUNT] = {512, 4096, 16384, SEND_CHUNK_MAX};

_Static_assert(sizeof(struct send_chunk) + SEND_MESSAGE_MAX + sizeof(uint32_t) <= SEND_CHUNK_MAX,
               "the largest chunk holds any message and its record");
_Static_assert(SEND_CHUNK_MAX <= RECORD_OFFSET, "the end of a message fits into its record");
_Static_assert(RECORD_OFFSET == (UINT32_C(1) << RECORD_CLASS) - 1,
               "offset and class do not overlap");
_Static_assert(SEND_FINAL <= UINT32_MAX >> RECORD_CLASS, "the class of a message fits in as well");
_Static_assert(sizeof(struct send_chunk) % sizeof(uint32_t) == 0, "records are aligned");

enum pce_status send_pool_create(size_t octets_max, size_t kept_max, struct send_pool **out)
{
    struct send_pool *pool = calloc(1, sizeof *pool);
    if (pool == NULL)
        return PCE_NO_MEMORY;
    pool->held_max = octets_max != 0 ? octets_max : OCTETS_MAX;
    pool->kept_max = kept_max != 0 ? kept_max : KEPT_MAX;
    *out = pool;
    return PCE_OK;
}

void send_pool_destroy(struct send_pool *pool)
{
    CHECK(pool->held == 0);
    CHECK(pool->open == NULL);
    VALIDATE(VALIDATE_STEPS, send_pool_validate(pool));
    for (unsigned i = 0; i < CLASS_COUNT; i++) {
        while (pool->free[i] != NULL) {
            struct send_chunk *chunk = pool->free[i];
            pool->free[i] = chunk->next;
            free(chunk);
        }
    }
    free(pool);
}

void send_pool_set_max(struct send_pool *pool, size_t octets_max)
{
    pool->held_max = octets_max != 0 ? octets_max : OCTETS_MAX;
}

struct send_pool_figures send_pool_figures_of(const struct send_pool *pool)
{
    return (struct send_pool_figures){pool->held, pool->held_max, pool->kept, pool->refused};
}

static uint32_t *chunk_record(struct send_chunk *chunk, uint32_t index)
{
    return (uint32_t *)(void *)(chunk->octets + chunk->size) - 1 - index;
}

/* Octets that another message may have, its record being paid. */
static size_t chunk_room(const struct send_chunk *chunk)
{
    size_t taken = chunk->used + ((size_t)chunk->record_count + 1) * sizeof(uint32_t);
    return taken < chunk->size ? chunk->size - taken : 0;
}

static size_t payload_of(unsigned size_class)
{
    return send_chunk_sizes[size_class] - sizeof(struct send_chunk) - sizeof(uint32_t);
}

/* The smallest class that holds a message of this size. */
static unsigned class_for(size_t size)
{
    unsigned size_class = 0;
    while (size_class + 1 < CLASS_COUNT && payload_of(size_class) < size)
        size_class++;
    return size_class;
}

static struct send_chunk *chunk_borrow(struct send_pool *pool, unsigned size_class, bool is_exempt,
                                       enum pce_status *status)
{
    size_t size = send_chunk_sizes[size_class];
    if (!is_exempt && pool->held + size > pool->held_max) {
        pool->refused++;
        *status = PCE_LIMIT;
        return NULL;
    }
    struct send_chunk *chunk = pool->free[size_class];
    if (chunk != NULL) {
        pool->free[size_class] = chunk->next;
        pool->kept -= size;
    } else {
        chunk = malloc(size);
    }
    if (chunk == NULL) {
        pool->refused++;
        *status = PCE_NO_MEMORY;
        return NULL;
    }
    *chunk = (struct send_chunk){
        .size = (uint32_t)(size - sizeof *chunk),
        .size_class = size_class,
    };
    pool->held += size;
    return chunk;
}

static void chunk_release(struct send_pool *pool, struct send_chunk *chunk)
{
    unsigned size_class = chunk->size_class;
    size_t size = send_chunk_sizes[size_class];
    CHECK(pool->held >= size);
    pool->held -= size;
    if (pool->kept + size > pool->kept_max) {
        free(chunk);
        return;
    }
    chunk->next = pool->free[size_class];
    pool->free[size_class] = chunk;
    pool->kept += size;
    VALIDATE(VALIDATE_STEPS, send_pool_validate(pool));
}

static void queue_append(struct send_queue *queue, struct send_chunk *chunk)
{
    if (queue->last == NULL)
        queue->first = chunk;
    else
        queue->last->next = chunk;
    queue->last = chunk;
}

static void queue_pop(struct send_pool *pool, struct send_queue *queue)
{
    struct send_chunk *chunk = queue->first;
    queue->first = chunk->next;
    if (queue->first == NULL)
        queue->last = NULL;
    chunk_release(pool, chunk);
}

/* A message that fits behind the last one is written there; any other into the pool's scratch, from
 * where commit moves what was really written into a chunk of its size. */
enum pce_status send_queue_open(struct send_pool *pool, struct send_queue *queue, size_t size_max,
                                struct wire_writer *writer)
{
    CHECK(size_max > 0 && size_max <= SEND_MESSAGE_MAX);
    CHECK(pool->open == NULL);
    struct send_chunk *last = queue->last;
    unsigned size_class = class_for(size_max);
    if ((last == NULL || chunk_room(last) < size_max) && size_class <= CLASS_IN_PLACE_MAX) {
        enum pce_status status = PCE_OK;
        last = chunk_borrow(pool, size_class, false, &status);
        if (last == NULL)
            return status;
        queue_append(queue, last);
    }
    pool->open = queue;
    pool->open_in_scratch = last == NULL || chunk_room(last) < size_max;
    *writer = wire_writer_init(pool->open_in_scratch ? pool->scratch : last->octets + last->used,
                               size_max);
    return PCE_OK;
}

/* Takes back a chunk that open appended and nothing was written to. */
static void queue_trim(struct send_pool *pool, struct send_queue *queue)
{
    struct send_chunk *last = queue->last;
    if (last == NULL || last->record_count > 0)
        return;
    struct send_chunk *before = NULL;
    for (struct send_chunk *chunk = queue->first; chunk != last; chunk = chunk->next)
        before = chunk;
    if (before == NULL)
        queue->first = NULL;
    else
        before->next = NULL;
    queue->last = before;
    chunk_release(pool, last);
}

void send_queue_abort(struct send_pool *pool, struct send_queue *queue)
{
    CHECK(pool->open == queue);
    pool->open = NULL;
    queue_trim(pool, queue);
    VALIDATE(VALIDATE_STEPS, send_queue_validate(pool, queue));
}

static void chunk_add_record(struct send_chunk *chunk, size_t size, enum send_class class)
{
    chunk->used += (uint32_t)size;
    *chunk_record(chunk, chunk->record_count) = chunk->used | ((uint32_t) class << RECORD_CLASS);
    chunk->record_count++;
}

/* Copies a whole message behind the last one, or into a new chunk. */
static enum pce_status queue_copy(struct send_pool *pool, struct send_queue *queue,
                                  const uint8_t *octets, size_t size, enum send_class class)
{
    if (queue->last == NULL || chunk_room(queue->last) < size) {
        enum pce_status status = PCE_OK;
        struct send_chunk *chunk =
            chunk_borrow(pool, class_for(size), class == SEND_FINAL, &status);
        if (chunk == NULL)
            return status;
        queue_append(queue, chunk);
    }
    memcpy(queue->last->octets + queue->last->used, octets, size);
    chunk_add_record(queue->last, size, class);
    return PCE_OK;
}

enum pce_status send_queue_commit(struct send_pool *pool, struct send_queue *queue,
                                  const struct wire_writer *writer, enum send_class class)
{
    CHECK(pool->open == queue);
    size_t size = wire_written(writer);
    enum pce_status status = PCE_OK;
    if (writer->failed || size == 0)
        status = PCE_INVALID;
    else if (pool->open_in_scratch)
        status = queue_copy(pool, queue, pool->scratch, size, class);
    else
        chunk_add_record(queue->last, size, class);
    pool->open = NULL;
    if (status == PCE_OK)
        queue->end += size;
    else
        queue_trim(pool, queue);
    VALIDATE(VALIDATE_STEPS, send_queue_validate(pool, queue));
    return status;
}

enum pce_status send_queue_put_final(struct send_pool *pool, struct send_queue *queue,
                                     const void *octets, size_t size)
{
    CHECK(size > 0 && size <= SEND_MESSAGE_MAX);
    CHECK(pool->open == NULL);
    enum pce_status status = queue_copy(pool, queue, octets, size, SEND_FINAL);
    if (status == PCE_OK)
        queue->end += size;
    VALIDATE(VALIDATE_STEPS, send_queue_validate(pool, queue));
    return status;
}

unsigned send_queue_peek(const struct send_queue *queue, struct iovec *vector, unsigned vector_max,
                         size_t octets_max)
{
    unsigned count = 0;
    struct send_chunk *chunk = queue->first;
    for (; chunk != NULL && count < vector_max && octets_max > 0; chunk = chunk->next) {
        size_t size = chunk->used - chunk->begin;
        if (size == 0)
            continue;
        size = size < octets_max ? size : octets_max;
        vector[count].iov_base = chunk->octets + chunk->begin;
        vector[count].iov_len = size;
        octets_max -= size;
        count++;
    }
    return count;
}

uint64_t send_queue_accept(struct send_pool *pool, struct send_queue *queue, size_t size)
{
    CHECK(size <= send_queue_octets(queue));
    uint64_t messages = 0;
    queue->accepted += size;
    while (queue->first != NULL) {
        struct send_chunk *chunk = queue->first;
        size_t part = chunk->used - chunk->begin;
        part = part < size ? part : size;
        chunk->begin += (uint32_t)part;
        size -= part;
        while (chunk->first_record < chunk->record_count &&
               record_end(chunk, chunk->first_record) <= chunk->begin) {
            chunk->first_record++;
            messages++;
        }
        bool is_open = pool->open == queue && chunk == queue->last && !pool->open_in_scratch;
        if (chunk->begin < chunk->used || is_open)
            break;
        queue_pop(pool, queue);
    }
    VALIDATE(VALIDATE_STEPS, send_queue_validate(pool, queue));
    return messages;
}

uint64_t send_queue_message_end(const struct send_queue *queue, uint64_t position)
{
    uint64_t start = queue->accepted; /* of what waits in the chunk */
    for (const struct send_chunk *chunk = queue->first; chunk != NULL; chunk = chunk->next) {
        uint64_t size = chunk->used - chunk->begin;
        if (position >= start + size) {
            start += size;
            continue;
        }
        uint32_t offset = (uint32_t)(position - start) + chunk->begin;
        for (uint32_t i = chunk->first_record; i < chunk->record_count; i++) {
            if (record_end(chunk, i) > offset)
                return start + (record_end(chunk, i) - chunk->begin);
        }
    }
    return queue->end;
}

uint64_t send_queue_messages(const struct send_queue *queue)
{
    uint64_t count = 0;
    for (const struct send_chunk *chunk = queue->first; chunk != NULL; chunk = chunk->next)
        count += chunk->record_count - chunk->first_record;
    return count;
}

/* Where the first message that waits in the chunk begins. */
static uint32_t first_message_start(const struct send_chunk *chunk)
{
    return chunk->first_record == 0 ? 0 : record_end(chunk, chunk->first_record - 1);
}

/* What send_queue_drop keeps of one chunk, moved to its front; returns the octets that are left. */
static uint32_t chunk_keep(struct send_chunk *chunk, struct send_dropped *dropped)
{
    uint32_t start = first_message_start(chunk);
    uint32_t used = chunk->begin;
    uint32_t kept = chunk->first_record;
    for (uint32_t i = chunk->first_record; i < chunk->record_count; i++) {
        uint32_t end = record_end(chunk, i);
        uint32_t class = record_class(chunk, i);
        bool has_begun = i == chunk->first_record && start < chunk->begin;
        uint32_t from = has_begun ? chunk->begin : start;
        start = end;
        if (!has_begun && class != SEND_FINAL) {
            dropped->messages++;
            dropped->octets += end - from;
            continue;
        }
        memmove(chunk->octets + used, chunk->octets + from, end - from);
        used += end - from;
        *chunk_record(chunk, kept) = used | (class << RECORD_CLASS);
        kept++;
    }
    chunk->used = used;
    chunk->record_count = kept;
    return used - chunk->begin;
}

/* A final message does not hold a large chunk: it moves behind the remainder, or into a small one.
 * False when there is no memory for that. */
static bool move_final(struct send_pool *pool, struct send_queue *queue,
                       const struct send_chunk *chunk)
{
    return queue_copy(pool, queue, chunk->octets, record_end(chunk, 0), SEND_FINAL) == PCE_OK;
}

void send_queue_drop(struct send_pool *pool, struct send_queue *queue, struct send_dropped *dropped)
{
    CHECK(pool->open != queue);
    *dropped = (struct send_dropped){0};
    struct send_chunk *chunk = queue->first;
    queue->first = NULL;
    queue->last = NULL;
    queue->end = queue->accepted;
    while (chunk != NULL) {
        struct send_chunk *next = chunk->next;
        uint32_t left = chunk_keep(chunk, dropped);
        queue->end += left;
        chunk->next = NULL;
        bool is_movable = chunk->begin == 0 && chunk->record_count == 1 && chunk->size_class > 0;
        if (left == 0 || (is_movable && move_final(pool, queue, chunk)))
            chunk_release(pool, chunk);
        else
            queue_append(queue, chunk);
        chunk = next;
    }
    VALIDATE(VALIDATE_STEPS, send_queue_validate(pool, queue));
}

void send_queue_clear(struct send_pool *pool, struct send_queue *queue)
{
    if (pool->open == queue)
        pool->open = NULL;
    while (queue->first != NULL)
        queue_pop(pool, queue);
    queue->end = queue->accepted;
    VALIDATE(VALIDATE_STEPS, send_queue_validate(pool, queue));
}
