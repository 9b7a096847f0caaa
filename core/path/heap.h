/* Node heap: 4-ary, indexed, with decrease-key: a node is in it at most once, so its size is
 * bounded by the number of nodes. The place of a node is kept beside its key, in the record that a
 * relaxation reads anyway. All of it is inline: it is the inner loop of every search.
 *
 * Thread: the engine's. Owns: nothing; the entries are the engine's. Bound: one entry per node. */
#ifndef PCED_CORE_PATH_HEAP_H
#define PCED_CORE_PATH_HEAP_H

#include "core/base/check.h"

#include <stdbool.h>
#include <stdint.h>

/* What a search knows of a node; valid only where stamp is that of the running search, which spares
 * clearing all nodes for each request. */
struct spf_node {
    uint64_t key;
    uint32_t stamp;
    uint32_t place; /* in the heap, or HEAP_SETTLED */
};

#define HEAP_SETTLED UINT32_MAX

struct heap_entry {
    uint64_t key;
    uint32_t node;
};

struct heap {
    struct heap_entry *entries;
    uint32_t count;
};

static inline void heap_sift_up(struct heap *heap, struct spf_node *nodes, uint32_t place,
                                struct heap_entry entry)
{
    struct heap_entry *entries = heap->entries;
    while (place > 0) {
        uint32_t parent = (place - 1) / 4;
        if (entries[parent].key <= entry.key)
            break;
        entries[place] = entries[parent];
        nodes[entries[place].node].place = place;
        place = parent;
    }
    entries[place] = entry;
    nodes[entry.node].place = place;
}

static inline void heap_sift_down(struct heap *heap, struct spf_node *nodes,
                                  struct heap_entry entry)
{
    struct heap_entry *entries = heap->entries;
    uint32_t place = 0;
    for (;;) {
        uint32_t child = place * 4 + 1;
        if (child >= heap->count)
            break;
        uint32_t end = child + 4 < heap->count ? child + 4 : heap->count;
        uint32_t min = child;
        for (uint32_t i = child + 1; i < end; i++)
            min = entries[i].key < entries[min].key ? i : min;
        if (entries[min].key >= entry.key)
            break;
        entries[place] = entries[min];
        nodes[entries[place].node].place = place;
        place = min;
    }
    entries[place] = entry;
    nodes[entry.node].place = place;
}

/* Adds a node that is not in the heap, or lowers the key of one that is. */
static inline void heap_add(struct heap *heap, struct spf_node *nodes, uint32_t node, uint64_t key)
{
    heap_sift_up(heap, nodes, heap->count++, (struct heap_entry){key, node});
}

static inline void heap_lower(struct heap *heap, struct spf_node *nodes, uint32_t node,
                              uint64_t key)
{
    heap_sift_up(heap, nodes, nodes[node].place, (struct heap_entry){key, node});
}

/* Takes the entry of the minimum key; the heap must not be empty. */
static inline struct heap_entry heap_pop(struct heap *heap, struct spf_node *nodes)
{
    CHECK(heap->count > 0);
    struct heap_entry top = heap->entries[0];
    nodes[top.node].place = HEAP_SETTLED;
    struct heap_entry last = heap->entries[--heap->count];
    if (heap->count > 0)
        heap_sift_down(heap, nodes, last);
    return top;
}

#endif
