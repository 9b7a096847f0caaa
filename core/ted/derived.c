#include "core/ted/derived.h"

#include "core/base/check.h"

#include <stdlib.h>

bool ted_derived_prepare(struct ted_snapshot *snapshot, size_t octets_max)
{
    if (snapshot->derived != NULL)
        return true;
    struct ted_derived *derived =
        calloc(1, sizeof *derived + snapshot->node_count * sizeof derived->of_nodes[0]);
    if (derived == NULL)
        return false;
    derived->octets_max = octets_max;
    derived->users = 1;
    snapshot->derived = derived;
    return true;
}

void ted_derived_share(const struct ted_snapshot *from, struct ted_snapshot *snapshot)
{
    CHECK(snapshot->derived == NULL && from->node_count == snapshot->node_count);
    snapshot->derived = from->derived;
    if (snapshot->derived != NULL)
        snapshot->derived->users++;
}

void ted_derived_take(const struct ted_snapshot *from, struct ted_snapshot *snapshot,
                      bool (*holds)(const struct ted_block *block, void *context), void *context)
{
    struct ted_derived *derived = snapshot->derived;
    CHECK(derived != NULL && from->node_count == snapshot->node_count);
    if (from->derived == NULL)
        return;
    derived->taken = malloc((snapshot->node_count + (size_t)1) * sizeof(const struct ted_block *));
    for (uint32_t node = 0; derived->taken != NULL && node < snapshot->node_count; node++) {
        const struct ted_block *block = ted_derived_find(from, node);
        if (block == NULL || !holds(block, context))
            continue;
        /* Constant but for that, which those who find it never look at. */
        ((struct ted_block *)(uintptr_t)block)->users++;
        derived->taken[derived->taken_count++] = block;
        atomic_fetch_add_explicit(&derived->octets, block->octets, memory_order_relaxed);
        atomic_store_explicit(&derived->of_nodes[node], block, memory_order_relaxed);
    }
}

static void derived_leave(const struct ted_block *shared)
{
    struct ted_block *block = (struct ted_block *)(uintptr_t)shared;
    if (--block->users == 0)
        free(block);
}

void ted_derived_free(struct ted_derived *derived)
{
    if (derived == NULL || --derived->users > 0)
        return;
    const struct ted_block *block = atomic_load_explicit(&derived->all, memory_order_acquire);
    while (block != NULL) {
        const struct ted_block *next = block->next;
        derived_leave(block);
        block = next;
    }
    for (uint32_t i = 0; i < derived->taken_count; i++)
        derived_leave(derived->taken[i]);
    free(derived->taken);
    free(derived);
}

/* What is in the block is released twice: by of_nodes to those who find it, and by `all` to nobody,
 * as the destroyer walks that list when no reader is left. */
bool ted_derived_give(const struct ted_snapshot *snapshot, uint32_t node, struct ted_block *block)
{
    CHECK(node < snapshot->node_count && block->octets >= sizeof *block);
    struct ted_derived *derived = snapshot->derived;
    if (derived == NULL)
        return false;
    size_t before =
        atomic_fetch_add_explicit(&derived->octets, block->octets, memory_order_relaxed);
    if (before + block->octets > derived->octets_max) {
        atomic_fetch_sub_explicit(&derived->octets, block->octets, memory_order_relaxed);
        return false;
    }
    block->users = 1;
    block->next = atomic_load_explicit(&derived->all, memory_order_relaxed);
    while (!atomic_compare_exchange_weak_explicit(&derived->all, &block->next, block,
                                                  memory_order_release, memory_order_relaxed))
        continue;
    atomic_store_explicit(&derived->of_nodes[node], block, memory_order_release);
    return true;
}
