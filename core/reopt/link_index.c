#include "core/reopt/link_index.h"

#include "core/base/check.h"

#include <stdlib.h>
#include <string.h>

/* A place: the block, and where in it. */
#define PLACE_BITS 4
#define PLACE_MASK ((1U << PLACE_BITS) - 1)

_Static_assert(LINK_BLOCK_LSPS <= 1 << PLACE_BITS, "a place has room for its offset");
_Static_assert(LINK_INDEX_BLOCKS_MAX <= UINT32_MAX >> PLACE_BITS, "and for its block");

void link_index_init(struct link_index *index, uint32_t blocks_max,
                     uint32_t *(*entry_of)(void *context, uint32_t lsp, uint32_t place),
                     void *context)
{
    *index = (struct link_index){
        .blocks_max = blocks_max < LINK_INDEX_BLOCKS_MAX ? blocks_max : LINK_INDEX_BLOCKS_MAX,
        .free_block = LINK_INDEX_NONE,
        .entry_of = entry_of,
        .context = context};
}

void link_index_fini(struct link_index *index)
{
    for (uint32_t i = 0; i < index->slab_count; i++)
        free(index->slabs[i].blocks);
    free(index->slabs);
    free(index->chains);
}

static struct link_block *index_block(const struct link_index *index, uint32_t block)
{
    return &index->slabs[block / LINK_SLAB_BLOCKS].blocks[block % LINK_SLAB_BLOCKS];
}

static uint32_t *index_entry(const struct link_index *index, uint32_t place)
{
    return &index_block(index, place >> PLACE_BITS)->lsps[place & PLACE_MASK];
}

/* How many entries the last block of a chain has: 1 to LINK_BLOCK_LSPS. */
static uint32_t index_fill(const struct link_chain *chain)
{
    return chain->count == 0 ? 0 : (chain->count - 1) % LINK_BLOCK_LSPS + 1;
}

/* ---- room ---- */

static bool index_reserve_chain(struct link_index *index, uint32_t number)
{
    if (number < index->chain_count)
        return true;
    uint64_t count = 2 * (uint64_t)index->chain_count;
    if (count <= number)
        count = (uint64_t)number + 1;
    struct link_chain *grown = realloc(index->chains, count * sizeof *grown);
    if (grown == NULL)
        return false;
    memset(grown + index->chain_count, 0, (count - index->chain_count) * sizeof *grown);
    index->chains = grown;
    index->chain_count = (uint32_t)count;
    return true;
}

static bool index_add_slab(struct link_index *index)
{
    struct link_slab *slabs = realloc(index->slabs, (index->slab_count + 1) * sizeof *slabs);
    if (slabs == NULL)
        return false;
    index->slabs = slabs;
    slabs[index->slab_count].blocks = malloc(LINK_SLAB_BLOCKS * sizeof(struct link_block));
    if (slabs[index->slab_count].blocks == NULL)
        return false;
    index->slab_count++;
    return true;
}

static enum pce_status index_take_block(struct link_index *index, uint32_t *block)
{
    if (index->free_block != LINK_INDEX_NONE) {
        *block = index->free_block;
        index->free_block = index_block(index, *block)->before;
        return PCE_OK;
    }
    if (index->block_count == index->blocks_max)
        return PCE_LIMIT;
    if (index->block_count == index->slab_count * LINK_SLAB_BLOCKS && !index_add_slab(index))
        return PCE_NO_MEMORY;
    *block = index->block_count++;
    return PCE_OK;
}

/* The chain has room for one more. */
static enum pce_status index_extend(struct link_index *index, uint32_t number)
{
    if (!index_reserve_chain(index, number))
        return PCE_NO_MEMORY;
    struct link_chain *chain = &index->chains[number];
    uint32_t block, fill = index_fill(chain);
    if (fill > 0 && fill < LINK_BLOCK_LSPS)
        return PCE_OK;
    enum pce_status status = index_take_block(index, &block);
    if (status != PCE_OK)
        return status;
    *index_block(index, block) = (struct link_block){
        .number = number, .before = chain->count == 0 ? LINK_INDEX_NONE : chain->last};
    chain->last = block;
    return PCE_OK;
}

/* ---- entries ---- */

enum pce_status link_index_add(struct link_index *index, uint32_t number, uint32_t lsp,
                               uint32_t *place)
{
    enum pce_status status = index_extend(index, number);
    if (status != PCE_OK) {
        index->refused++;
        return status;
    }
    struct link_chain *chain = &index->chains[number];
    chain->count++;
    index->entry_count++;
    *place = chain->last << PLACE_BITS | (index_fill(chain) - 1);
    *index_entry(index, *place) = lsp;
    return PCE_OK;
}

void link_index_remove(struct link_index *index, uint32_t place)
{
    uint32_t number = link_index_number(index, place);
    struct link_chain *chain = &index->chains[number];
    CHECK(chain->count > 0);
    uint32_t last = chain->last << PLACE_BITS | (index_fill(chain) - 1);
    if (last != place) {
        uint32_t moved = *index_entry(index, last);
        uint32_t *entry = index->entry_of(index->context, moved, last);
        CHECK(entry != NULL);
        *entry = place;
        *index_entry(index, place) = moved;
    }
    index->entry_count--;
    chain->count--;
    if (chain->count % LINK_BLOCK_LSPS != 0)
        return;
    struct link_block *block = index_block(index, chain->last);
    uint32_t before = block->before;
    block->number = LINK_INDEX_NONE;
    block->before = index->free_block;
    index->free_block = chain->last;
    chain->last = before;
}

uint32_t link_index_number(const struct link_index *index, uint32_t place)
{
    return index_block(index, place >> PLACE_BITS)->number;
}

uint32_t link_index_count(const struct link_index *index, uint32_t number)
{
    return number < index->chain_count ? index->chains[number].count : 0;
}

/* Blocks go at the end of a chain alone: where the place was there is nothing any more, all that is left
 * stands before it. */
static bool index_is_past(const struct link_index *index, uint32_t number, uint32_t place)
{
    if (place == LINK_INDEX_NONE || link_index_number(index, place) != number)
        return true;
    const struct link_chain *chain = &index->chains[number];
    return place >> PLACE_BITS == chain->last && (place & PLACE_MASK) >= index_fill(chain);
}

bool link_index_next(const struct link_index *index, uint32_t number, uint32_t *place,
                     uint32_t *lsp)
{
    if (link_index_count(index, number) == 0)
        return false;
    if (index_is_past(index, number, *place)) {
        *place =
            index->chains[number].last << PLACE_BITS | (index_fill(&index->chains[number]) - 1);
    } else if ((*place & PLACE_MASK) > 0) {
        (*place)--;
    } else {
        uint32_t before = index_block(index, *place >> PLACE_BITS)->before;
        if (before == LINK_INDEX_NONE)
            return false;
        *place = before << PLACE_BITS | (LINK_BLOCK_LSPS - 1);
    }
    *lsp = *index_entry(index, *place);
    return true;
}
