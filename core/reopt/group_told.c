#include "core/reopt/group_told.h"

#include "core/base/check.h"

#include <stdlib.h>
#include <string.h>

static bool told_is_equal(const struct map_node *node, const void *key)
{
    const struct group_told *told =
        CONTAINER_OF((struct map_node *)(uintptr_t)node, struct group_told, node);
    return told->lsp.slot == *(const uint32_t *)key;
}

static uint64_t told_hash(uint32_t slot)
{
    return map_hash(&slot, sizeof slot);
}

void group_side_init(struct group_side *side, const struct group_side_ops *ops, void *owner,
                     struct reopt *reopt)
{
    *side = (struct group_side){.ops = ops, .owner = owner, .reopt = reopt, .shard_count = 1};
    map_init(&side->told, told_is_equal, LSP_SLOTS_MAX);
    list_init(&side->verdicts);
}

static void told_free(struct map_node *node, void *context)
{
    struct group_told *told = CONTAINER_OF(node, struct group_told, node);
    (void)context;
    free(told->ordered);
    free(told);
}

/* The walk has read what follows a node before it is freed. */
void group_side_fini(struct group_side *side)
{
    map_for_each(&side->told, told_free, NULL);
    map_fini(&side->told);
    LIST_FOR_SAFE(link, following, &side->verdicts)
    {
        list_remove(link);
        free(CONTAINER_OF(link, struct group_verdict, head.link));
    }
}

struct group_told *told_find(struct group_side *side, uint32_t slot)
{
    struct map_node *node = map_find(&side->told, told_hash(slot), &slot);
    return node == NULL ? NULL : CONTAINER_OF(node, struct group_told, node);
}

struct group_told *told_make(struct group_side *side, const struct lsp *lsp)
{
    struct group_told *told = calloc(1, sizeof *told);
    if (told == NULL)
        return NULL;
    told->lsp = lsp_handle_of(lsp);
    if (map_insert(&side->told, &told->node, told_hash(lsp->slot), &lsp->slot) == PCE_OK)
        return told;
    free(told);
    return NULL;
}

void told_drop(struct group_side *side, struct group_told *told)
{
    CHECK(map_remove(&side->told, told_hash(told->lsp.slot), &told->lsp.slot) == &told->node);
    told_free(&told->node, NULL);
}

struct told_group *told_find_group(struct group_told *told, const struct group_key *key)
{
    for (uint32_t i = 0; i < told->count; i++)
        if (group_keys_are_equal(&told->groups[i].key, key))
            return &told->groups[i];
    return NULL;
}

void told_forget_order(struct group_told *told)
{
    free(told->ordered);
    told->ordered = NULL;
    told->ordered_count = 0;
}

const struct told_group *told_mover(const struct group_told *told)
{
    const struct told_group *mover = NULL;
    for (uint32_t i = 0; i < told->count; i++) {
        const struct told_group *at = &told->groups[i];
        if (at->is_refused || !group_ties(&at->want))
            continue;
        if (mover == NULL || at->want.kind < mover->want.kind ||
            (at->want.kind == mover->want.kind &&
             memcmp(&at->key, &mover->key, sizeof at->key) < 0))
            mover = at;
    }
    return mover;
}
