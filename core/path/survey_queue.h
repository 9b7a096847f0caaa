/* Survey's queue: nodes by distances that never fall below the one that was taken last (a radix heap). A node lies
 * in the bucket of the highest bit in which its distance differs from that one, so that it is moved at
 * most once for each bit, and nearer nodes that come do not move farther ones. All of it is inline:
 * it is the inner loop of every sweep.
 *
 * Thread: the survey's. Owns: nothing. Bound: a node is in it once; 32 bits of distance. */
#ifndef PCED_CORE_PATH_SURVEY_QUEUE_H
#define PCED_CORE_PATH_SURVEY_QUEUE_H

#include "core/base/check.h"
#include "core/ted/ted.h"

#define SURVEY_BUCKETS     33
#define SURVEY_NOT_REACHED UINT32_MAX /* as a distance */

struct survey_node {
    uint32_t distance;
    uint32_t next, previous; /* in its bucket; TED_NONE */
    uint32_t bucket;         /* TED_NONE: it is in none */
};

struct survey_queue {
    struct survey_node *nodes;
    uint64_t filled; /* 1 << bucket that has a node */
    uint32_t heads[SURVEY_BUCKETS];
    uint32_t last; /* distance that was taken last */
};

static inline void survey_queue_init(struct survey_queue *queue, uint32_t node_count)
{
    queue->filled = 0;
    queue->last = 0;
    for (uint32_t bucket = 0; bucket < SURVEY_BUCKETS; bucket++)
        queue->heads[bucket] = TED_NONE;
    for (uint32_t node = 0; node < node_count; node++)
        queue->nodes[node] =
            (struct survey_node){.distance = SURVEY_NOT_REACHED, .bucket = TED_NONE};
}

static inline uint32_t survey_queue_bucket(const struct survey_queue *queue, uint32_t distance)
{
    return distance == queue->last ? 0 : 32 - (uint32_t)__builtin_clz(distance ^ queue->last);
}

static inline void survey_queue_link(struct survey_queue *queue, uint32_t index, uint32_t bucket)
{
    struct survey_node *node = &queue->nodes[index];
    uint32_t head = queue->heads[bucket];
    node->bucket = bucket;
    node->next = head;
    node->previous = TED_NONE;
    if (head != TED_NONE)
        queue->nodes[head].previous = index;
    queue->heads[bucket] = index;
    queue->filled |= UINT64_C(1) << bucket;
}

static inline void survey_queue_unlink(struct survey_queue *queue, const struct survey_node *node)
{
    CHECK(node->bucket < SURVEY_BUCKETS); /* it is in one */
    if (node->next != TED_NONE)
        queue->nodes[node->next].previous = node->previous;
    if (node->previous != TED_NONE)
        queue->nodes[node->previous].next = node->next;
    else
        queue->heads[node->bucket] = node->next;
    if (queue->heads[node->bucket] == TED_NONE)
        queue->filled &= ~(UINT64_C(1) << node->bucket);
}

/* A node comes, or comes nearer; not nearer than what was taken last. */
static inline void survey_queue_lower(struct survey_queue *queue, uint32_t index, uint32_t distance)
{
    struct survey_node *node = &queue->nodes[index];
    uint32_t bucket = survey_queue_bucket(queue, distance);
    node->distance = distance;
    if (node->bucket == bucket)
        return;
    if (node->bucket != TED_NONE)
        survey_queue_unlink(queue, node);
    survey_queue_link(queue, index, bucket);
}

/* The first bucket has the nearest nodes again, which are all in the lowest one that has any. */
static inline void survey_queue_refill(struct survey_queue *queue)
{
    uint32_t lowest = (uint32_t)__builtin_ctzll(queue->filled), nearest = SURVEY_NOT_REACHED;
    uint32_t first = queue->heads[lowest];
    for (uint32_t i = first; i != TED_NONE; i = queue->nodes[i].next)
        if (queue->nodes[i].distance < nearest)
            nearest = queue->nodes[i].distance;
    queue->last = nearest;
    queue->heads[lowest] = TED_NONE;
    queue->filled &= ~(UINT64_C(1) << lowest);
    for (uint32_t i = first, next; i != TED_NONE; i = next) {
        next = queue->nodes[i].next;
        survey_queue_link(queue, i, survey_queue_bucket(queue, queue->nodes[i].distance));
    }
}

/* The nearest node, taken out; there must be one. */
static inline uint32_t survey_queue_take(struct survey_queue *queue)
{
    CHECK(queue->filled != 0);
    if ((queue->filled & 1) == 0)
        survey_queue_refill(queue);
    uint32_t index = queue->heads[0];
    survey_queue_unlink(queue, &queue->nodes[index]);
    queue->nodes[index].bucket = TED_NONE;
    return index;
}

#endif
