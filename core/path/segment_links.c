#include "core/path/segment_links.h"

#include "core/path/engine.h"
#include "core/path/segment_zero.h"

static bool segment_links_reserve(struct path_engine *engine, uint32_t node_count)
{
    struct segment_marks *marks = &engine->segment_marks;
    void *stamps = marks->stamps;
    bool is_enough = engine_reserve_heap(engine, node_count) &&
                     engine_grow(&stamps, &marks->capacity, node_count, sizeof *marks->stamps);
    marks->stamps = stamps;
    if (is_enough && engine_stamp_wraps(&marks->stamp)) {
        for (uint32_t i = 0; i < marks->capacity; i++)
            marks->stamps[i] = 0;
    }
    return is_enough;
}

/* Entries are looked at one after the other, much faster than edges are. */
#define ENTRIES_A_STEP 8

/* The place of the node's own entry; TED_NONE: the near tree does not reach so far. */
static uint32_t segment_links_place(struct path_engine *engine, const struct near_tree *tree,
                                    uint32_t node)
{
    uint32_t place = 0;
    while (place < tree->count &&
           (tree->entries[place].node != node || tree->entries[place].size == 0))
        place++;
    engine->work += place / ENTRIES_A_STEP + 1;
    return place < tree->count ? place : TED_NONE;
}

/* A near tree that has the node, and where. */
struct segment_place {
    const struct near_tree *tree;
    uint32_t entry;
};

static enum pce_status segment_links_find(struct path_engine *engine,
                                          const struct ted_snapshot *snapshot, uint32_t from,
                                          uint32_t to, struct segment_place *place)
{
    uint32_t nodes_min = NEAR_TREE_NODES_FIRST;
    while (!engine_is_exhausted(engine)) {
        enum path_outcome outcome =
            near_tree_of_node(engine, snapshot, from, nodes_min, &place->tree);
        if (outcome != PATH_FOUND)
            return outcome == PATH_NO_MEMORY ? PCE_NO_MEMORY : PCE_LIMIT;
        place->entry = segment_links_place(engine, place->tree, to);
        if (place->entry != TED_NONE)
            return PCE_OK;
        if (place->tree->radius == UINT64_MAX)
            return PCE_NOT_FOUND;
        nodes_min = place->tree->node_count * 2;
    }
    return PCE_LIMIT;
}

/* One last link of a shortest path to a node that is marked. */
static bool segment_links_add(struct segment_marks *marks, const struct ted_snapshot *snapshot,
                              uint32_t edge, struct segment_links *links)
{
    if (links->count == links->links_max)
        return false;
    links->links[links->count++] = snapshot->reverse_edges[edge].link;
    marks->stamps[snapshot->reverse_edges[edge].node] = marks->stamp;
    return true;
}

static void segment_links_reverse(struct segment_links *links)
{
    for (uint32_t first = 0, last = links->count; first + 1 < last; first++, last--) {
        uint32_t link = links->links[first];
        links->links[first] = links->links[last - 1];
        links->links[last - 1] = link;
    }
}

/* A node stands in the near tree after all nodes that lead to it, so that going back from the end
 * meets each node after all that it leads to. */
enum pce_status path_segment_links(struct path_engine *engine, const struct ted_snapshot *snapshot,
                                   uint32_t from, uint32_t to, struct segment_links *links)
{
    struct segment_place found;
    uint32_t nodes = 0;
    struct segment_marks *marks = &engine->segment_marks;
    links->count = 0;
    if (snapshot->igp_metric_min == 0)
        return segment_zero_links(engine, snapshot, from, to, links);
    if (!segment_links_reserve(engine, snapshot->node_count))
        return PCE_NO_MEMORY;
    engine->work = 0;
    engine->work_limit = links->work_max;
    enum pce_status status = segment_links_find(engine, snapshot, from, to, &found);
    links->work = engine->work;
    if (status != PCE_OK)
        return status;
    const struct near_tree *tree = found.tree;
    uint32_t place = found.entry;
    marks->stamps[to] = marks->stamp;
    while (place + 1 < tree->count && tree->entries[place + 1].size == 0)
        place++;
    for (; place > 0; place--) {
        const struct near_tree_entry *entry = &tree->entries[place];
        if (marks->stamps[entry->node] != marks->stamp)
            continue;
        if (!segment_links_add(marks, snapshot, near_tree_edge(snapshot, entry), links))
            return PCE_LIMIT;
        nodes += entry->size > 0;
    }
    links->branches = links->count > nodes;
    segment_links_reverse(links);
    return PCE_OK;
}
