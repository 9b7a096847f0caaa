#include "core/reopt/group_share.h"

#include "core/base/check.h"
#include "core/reopt/group.h"

#include <stdlib.h>
#include <string.h>

static bool sharer_grow(uint32_t **marks, uint32_t *count, uint32_t wanted)
{
    if (wanted <= *count)
        return true;
    uint32_t *grown = calloc(wanted, sizeof *grown);
    if (grown == NULL)
        return false;
    free(*marks);
    *marks = grown;
    *count = wanted;
    return true;
}

bool group_sharer_reserve(struct group_sharer *sharer, const struct ted_snapshot *snapshot)
{
    if (sharer->srlgs == NULL)
        sharer->srlgs = malloc(GROUP_SRLGS_MAX * sizeof *sharer->srlgs);
    return sharer->srlgs != NULL &&
           sharer_grow(&sharer->links, &sharer->link_count, snapshot->link_count) &&
           sharer_grow(&sharer->nodes, &sharer->node_count, snapshot->node_count);
}

void group_sharer_fini(struct group_sharer *sharer)
{
    free(sharer->links);
    free(sharer->nodes);
    free(sharer->srlgs);
}

/* A stamp that no mark has. */
static uint32_t sharer_stamp(struct group_sharer *sharer)
{
    if (sharer->stamp == UINT32_MAX) {
        memset(sharer->links, 0, sharer->link_count * sizeof *sharer->links);
        memset(sharer->nodes, 0, sharer->node_count * sizeof *sharer->nodes);
        sharer->stamp = 0;
    }
    return ++sharer->stamp;
}

/* Both directions have one mark. */
static uint32_t common_link(const struct ted_snapshot *snapshot, uint32_t link)
{
    uint32_t reverse = snapshot->links[link].reverse;
    return reverse < link ? reverse : link;
}

static int common_compare(const void *a, const void *b)
{
    uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;
    return left < right ? -1 : left > right;
}

static void common_mark_node(struct group_sharer *sharer, uint32_t node, uint32_t stamp)
{
    sharer->nodes[node] = stamp;
}

static void common_mark(struct group_sharer *sharer, const struct ted_snapshot *snapshot,
                        const struct group_way *way, uint32_t stamp)
{
    for (uint32_t i = 0; i < way->count; i++) {
        const struct ted_link *link = &snapshot->links[way->links[i]];
        sharer->links[common_link(snapshot, way->links[i])] = stamp;
        common_mark_node(sharer, link->from, stamp);
        common_mark_node(sharer, link->to, stamp);
    }
}

static bool common_is_end(const struct group_way *way, uint32_t node)
{
    return way->source == node || way->destination == node;
}

/* Counts a node once: its mark goes. */
static uint32_t common_take_node(struct group_sharer *sharer, const struct group_way *a,
                                 const struct group_way *b, uint32_t node, uint32_t stamp)
{
    if (sharer->nodes[node] != stamp || (common_is_end(a, node) && common_is_end(b, node)))
        return 0;
    sharer->nodes[node] = 0;
    return 1;
}

/* How many there are; UINT32_MAX: too many. */
static uint32_t common_list_srlgs(struct group_sharer *sharer, const struct ted_snapshot *snapshot,
                                  const struct group_way *way)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < way->count; i++) {
        const struct ted_range *range = &snapshot->links[way->links[i]].srlgs;
        if (range->count > GROUP_SRLGS_MAX - count)
            return UINT32_MAX;
        for (uint32_t k = 0; k < range->count; k++)
            sharer->srlgs[count++] = snapshot->srlgs[range->first + k];
    }
    qsort(sharer->srlgs, count, sizeof *sharer->srlgs, common_compare);
    return count;
}

static uint32_t common_count_srlgs(struct group_sharer *sharer, const struct ted_snapshot *snapshot,
                                   const struct group_way *a, const struct group_way *b)
{
    uint32_t count = common_list_srlgs(sharer, snapshot, a), shared = 0;
    if (count == UINT32_MAX)
        return 1;
    for (uint32_t i = 0; i < b->count && count > 0; i++) {
        const struct ted_range *range = &snapshot->links[b->links[i]].srlgs;
        for (uint32_t k = 0; k < range->count; k++)
            shared += bsearch(&snapshot->srlgs[range->first + k], sharer->srlgs, count,
                              sizeof *sharer->srlgs, common_compare) != NULL;
    }
    return shared;
}

struct group_shared group_share(struct group_sharer *sharer, const struct ted_snapshot *snapshot,
                                const struct group_way *a, const struct group_way *b)
{
    struct group_shared shared = {0};
    CHECK(sharer->link_count >= snapshot->link_count && sharer->node_count >= snapshot->node_count);
    uint32_t stamp = sharer_stamp(sharer);
    common_mark(sharer, snapshot, a, stamp);
    for (uint32_t i = 0; i < b->count; i++) {
        const struct ted_link *link = &snapshot->links[b->links[i]];
        uint32_t *mark = &sharer->links[common_link(snapshot, b->links[i])];
        shared.links += *mark == stamp;
        *mark = 0;
        shared.nodes += common_take_node(sharer, a, b, link->from, stamp);
        shared.nodes += common_take_node(sharer, a, b, link->to, stamp);
    }
    shared.srlgs = common_count_srlgs(sharer, snapshot, a, b);
    return shared;
}

uint8_t group_apart(const struct group_shared *shared)
{
    unsigned apart = (shared->links == 0 ? GROUP_LINK : 0) | (shared->nodes == 0 ? GROUP_NODE : 0) |
                     (shared->srlgs == 0 ? GROUP_SRLG : 0);
    return (uint8_t)apart;
}
