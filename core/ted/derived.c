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

void ted_derived_free(struct ted_derived *derived)
{
    if (derived == NULL || --derived->users > 0)
        return;
    const struct ted_block *block = atomic_load_explicit(&derived->all, memory_order_acquire);
    while (block != NULL) {
        const struct ted_block *next = block->next;
        /* Constant for those who find it; here nobody does any more. */
        free((void *)(uintptr_t)block);
        block = next;
    }
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
    block->next = atomic_load_explicit(&derived->all, memory_order_relaxed);
    while (!atomic_compare_exchange_weak_explicit(&derived->all, &block->next, block,
                                                  memory_order_release, memory_order_relaxed))
        continue;
    atomic_store_explicit(&derived->of_nodes[node], block, memory_order_release);
    return true;
}
