/* The send queue alone, against a naive model of it. */
#include "io/net/send_queue.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#define MESSAGES_MAX 4096

/* The model: every message as it was queued. */
struct model {
    size_t sizes[MESSAGES_MAX];
    uint8_t fills[MESSAGES_MAX];
    enum send_class classes[MESSAGES_MAX];
    size_t first; /* message that is next or partly out */
    size_t out;   /* octets of it that are out */
    size_t count;
};

static uint64_t seed = 20261121;

static uint32_t draw(uint32_t below)
{
    seed = seed * 6364136223846793005U + 1442695040888963407U;
    return (uint32_t)(seed >> 33) % below;
}

static uint64_t model_octets(const struct model *model)
{
    uint64_t octets = 0;
    for (size_t i = model->first; i < model->count; i++)
        octets += model->sizes[i];
    return octets - model->out;
}

static void put(struct send_pool *pool, struct send_queue *queue, struct model *model, size_t size,
                size_t size_max)
{
    struct wire_writer writer;
    cr_assert_eq(send_queue_open(pool, queue, size_max, &writer), PCE_OK);
    uint8_t fill = (uint8_t)draw(256);
    for (size_t i = 0; i < size; i++)
        wire_put_u8(&writer, (uint8_t)(fill + i));
    enum send_class class = draw(2) == 0 ? SEND_CONTROL : SEND_DATA;
    cr_assert_eq(send_queue_commit(pool, queue, &writer, class), PCE_OK);
    model->sizes[model->count] = size;
    model->fills[model->count] = fill;
    model->classes[model->count] = class;
    model->count++;
}

/* The kernel takes size octets: they must be the model's. */
static void take(struct send_pool *pool, struct send_queue *queue, struct model *model, size_t size)
{
    struct iovec vector[8];
    unsigned count = send_queue_peek(queue, vector, 8, size);
    size_t taken = 0;
    uint64_t ended = 0;
    for (unsigned v = 0; v < count; v++) {
        const uint8_t *octets = vector[v].iov_base;
        for (size_t i = 0; i < vector[v].iov_len; i++) {
            size_t at = model->first;
            cr_assert_eq(octets[i], (uint8_t)(model->fills[at] + model->out));
            model->out++;
            if (model->out == model->sizes[at]) {
                model->first++;
                model->out = 0;
                ended++;
            }
        }
        taken += vector[v].iov_len;
    }
    cr_assert(taken <= size);
    cr_assert_eq(send_queue_accept(pool, queue, taken), ended);
}

static void check(const struct send_queue *queue, const struct model *model)
{
    cr_assert_eq(send_queue_octets(queue), model_octets(model));
    cr_assert_eq(send_queue_messages(queue), model->count - model->first);
    if (model->first < model->count)
        cr_assert_eq(send_queue_message_end(queue, queue->accepted),
                     queue->accepted + model->sizes[model->first] - model->out);
    cr_assert_eq(send_queue_message_end(queue, queue->end), queue->end);
}

static void drop(struct send_pool *pool, struct send_queue *queue, struct model *model)
{
    struct send_dropped dropped;
    send_queue_drop(pool, queue, &dropped);
    size_t kept = model->first;
    uint64_t messages = 0;
    uint64_t octets = 0;
    for (size_t i = model->first; i < model->count; i++) {
        bool has_begun = i == model->first && model->out > 0;
        if (!has_begun && model->classes[i] != SEND_FINAL) {
            messages++;
            octets += model->sizes[i];
            continue;
        }
        model->sizes[kept] = model->sizes[i];
        model->fills[kept] = model->fills[i];
        model->classes[kept] = model->classes[i];
        kept++;
    }
    model->count = kept;
    cr_assert_eq(dropped.messages, messages);
    cr_assert_eq(dropped.octets, octets);
}

Test(send_queue, agrees_with_a_naive_model)
{
    struct send_pool *pool;
    cr_assert_eq(send_pool_create(0, 0, &pool), PCE_OK);
    struct model *model = malloc(sizeof *model);
    for (int round = 0; round < 60; round++) {
        struct send_queue queue = {0};
        memset(model, 0, sizeof *model);
        uint32_t size_limit = round % 3 == 0 ? 100 : round % 3 == 1 ? 5000 : SEND_MESSAGE_MAX;
        while (model->count < 150) {
            size_t size = 1 + draw(size_limit);
            size_t size_max = draw(2) == 0 ? size : SEND_MESSAGE_MAX;
            put(pool, &queue, model, size, size_max);
            if (draw(3) == 0)
                take(pool, &queue, model, draw(2 * size_limit));
            check(&queue, model);
        }
        uint8_t final[20];
        uint8_t fill = (uint8_t)round;
        for (size_t i = 0; i < sizeof final; i++)
            final[i] = (uint8_t)(fill + i);
        if (round % 2 == 0) {
            cr_assert_eq(send_queue_put_final(pool, &queue, final, sizeof final), PCE_OK);
            model->sizes[model->count] = sizeof final;
            model->fills[model->count] = fill;
            model->classes[model->count++] = SEND_FINAL;
        }
        drop(pool, &queue, model);
        check(&queue, model);
        cr_assert(send_queue_messages(&queue) <= 2);
        while (send_queue_octets(&queue) > 0) {
            take(pool, &queue, model, 1 + draw(1000));
            check(&queue, model);
        }
        cr_assert_eq(send_pool_figures_of(pool).octets, 0);
    }
    free(model);
    send_pool_destroy(pool);
}

Test(send_queue, an_empty_queue_holds_no_memory)
{
    struct send_pool *pool;
    cr_assert_eq(send_pool_create(0, 0, &pool), PCE_OK);
    struct send_queue queue = {0};
    struct model *model = calloc(1, sizeof *model);
    put(pool, &queue, model, 4, 65535);
    cr_assert_eq(send_pool_figures_of(pool).octets, 512, "a generous size costs nothing");
    take(pool, &queue, model, 4);
    cr_assert(queue.first == NULL && queue.last == NULL);
    cr_assert_eq(send_pool_figures_of(pool).octets, 0);
    struct wire_writer writer;
    cr_assert_eq(send_queue_open(pool, &queue, 100, &writer), PCE_OK);
    send_queue_abort(pool, &queue);
    cr_assert(queue.first == NULL);
    put(pool, &queue, model, 100, 100);
    cr_assert_eq(send_queue_open(pool, &queue, 4000, &writer), PCE_OK);
    send_queue_abort(pool, &queue);
    cr_assert_eq(send_pool_figures_of(pool).octets, 512);
    send_queue_clear(pool, &queue);
    cr_assert_eq(send_pool_figures_of(pool).octets, 0);
    cr_assert_eq(send_queue_octets(&queue), 0);
    free(model);
    send_pool_destroy(pool);
}

Test(send_queue, the_limit_refuses_and_changes_nothing)
{
    struct send_pool *pool;
    cr_assert_eq(send_pool_create((size_t)2 * 4096, 4096 + 512, &pool), PCE_OK);
    struct send_queue one = {0};
    struct send_queue two = {0};
    struct model *model = calloc(1, sizeof *model);
    put(pool, &one, model, 3000, 3000);
    put(pool, &one, model, 3000, 3000);
    struct wire_writer writer;
    cr_assert_eq(send_queue_open(pool, &one, 2000, &writer), PCE_LIMIT);
    cr_assert_eq(send_queue_open(pool, &two, 1, &writer), PCE_LIMIT);
    cr_assert_eq(send_queue_open(pool, &one, 65535, &writer), PCE_OK, "decided by what is written");
    wire_put_zeros(&writer, 3500);
    cr_assert_eq(send_queue_commit(pool, &one, &writer, SEND_DATA), PCE_LIMIT);
    check(&one, model);
    cr_assert_eq(send_pool_figures_of(pool).refused, 3);
    send_pool_set_max(pool, (size_t)3 * 4096);
    cr_assert_eq(send_queue_open(pool, &two, 1, &writer), PCE_OK, "the limit was raised");
    send_queue_abort(pool, &two);
    send_queue_clear(pool, &one);
    cr_assert_eq(send_pool_figures_of(pool).kept, 4096 + 512,
                 "what comes back is kept up to a limit");
    free(model);
    send_pool_destroy(pool);
}
