#include "core/path/near_tree.h"

#include "core/base/check.h"
#include "core/path/engine.h"

#include <stdlib.h>
#include <string.h>

static bool reserve_nodes(struct near_tree_maker *maker, uint32_t count)
{
    void *states = maker->states, *nodes = maker->nodes, *order = maker->order;
    bool is_enough = engine_grow(&states, &maker->capacity, count, sizeof *maker->states) &&
                     engine_grow(&nodes, &maker->node_capacity, count, sizeof *maker->nodes) &&
                     engine_grow(&order, &maker->order_capacity, count, sizeof *maker->order);
    maker->states = states;
    maker->nodes = nodes;
    maker->order = order;
    if (is_enough && engine_stamp_wraps(&maker->stamp)) {
        for (uint32_t i = 0; i < maker->capacity; i++)
            maker->states[i].stamp = 0;
    }
    return is_enough;
}

static bool reserve_entries(struct near_tree_maker *maker, uint32_t count)
{
    void *branches = maker->branches, *parents = maker->parents;
    bool is_enough =
        engine_grow(&branches, &maker->branch_capacity, count, sizeof *maker->branches) &&
        engine_grow(&parents, &maker->parent_capacity, count, sizeof *maker->parents);
    maker->branches = branches;
    maker->parents = parents;
    if (!is_enough || count <= maker->entry_capacity)
        return is_enough;
    struct near_tree *near_tree =
        realloc(maker->near_tree, sizeof *near_tree + count * sizeof near_tree->entries[0]);
    if (near_tree == NULL)
        return false;
    maker->near_tree = near_tree;
    maker->entry_capacity = count;
    return true;
}

static bool near_tree_is_settled(const struct near_tree_maker *maker, uint32_t node)
{
    return maker->states[node].stamp == maker->stamp && maker->states[node].place == HEAP_SETTLED;
}

static void near_tree_relax(struct near_tree_maker *maker, struct heap *heap, uint32_t tail,
                            const struct ted_edge *edge)
{
    struct spf_node *state = &maker->states[edge->node];
    bool is_known = state->stamp == maker->stamp;
    if (!ted_igp_uses(edge, tail, maker->order[0]))
        return;
    uint64_t distance = maker->states[tail].key + edge->igp_metric;
    if (is_known && state->key <= distance)
        return;
    state->key = distance;
    state->stamp = maker->stamp;
    if (is_known)
        heap_lower(heap, maker->states, edge->node, distance);
    else
        heap_add(heap, maker->states, edge->node, distance);
}

/* Settles the nodes of the near tree. */
static enum path_outcome near_tree_settle(struct path_engine *engine,
                                          const struct ted_snapshot *snapshot, uint32_t from,
                                          uint32_t nodes_min)
{
    struct near_tree_maker *maker = &engine->near_trees;
    struct heap *heap = &engine->heap;
    maker->order_count = 0;
    maker->states[from].key = 0;
    maker->states[from].stamp = maker->stamp;
    heap->count = 0;
    heap_add(heap, maker->states, from, 0);
    while (heap->count > 0 && maker->order_count < nodes_min) {
        struct heap_entry top = heap_pop(heap, maker->states);
        maker->order[maker->order_count++] = top.node;
        uint32_t first = snapshot->first_edge[top.node], end = snapshot->first_edge[top.node + 1];
        engine->work += end - first;
        if (engine_is_exhausted(engine))
            return PATH_WORK_EXCEEDED;
        for (uint32_t i = first; i < end; i++)
            near_tree_relax(maker, heap, top.node, &snapshot->edges[i]);
    }
    return PATH_FOUND;
}

/* Whether a link between two nodes of the near tree is the last one of a shortest path. */
static bool near_tree_is_last_link(const struct near_tree_maker *maker, uint32_t from, uint32_t to,
                                   const struct ted_edge *edge)
{
    return ted_igp_uses(edge, from, maker->order[0]) && near_tree_is_settled(maker, from) &&
           near_tree_is_settled(maker, to) &&
           maker->states[from].key + edge->igp_metric == maker->states[to].key;
}

/* Counts the last links of the shortest paths to each node, which are the entries of the near tree.
 */
static uint32_t count_last_links(struct near_tree_maker *maker, const struct ted_snapshot *snapshot)
{
    uint32_t count = 1;
    for (uint32_t i = 0; i < maker->order_count; i++) {
        uint32_t node = maker->order[i], last_links = 0;
        for (uint32_t e = snapshot->reverse_first_edge[node];
             e < snapshot->reverse_first_edge[node + 1]; e++) {
            const struct ted_edge *edge = &snapshot->reverse_edges[e];
            last_links += near_tree_is_last_link(maker, edge->node, node, edge);
        }
        maker->nodes[node] = (struct near_tree_node){last_links, last_links};
        count += last_links;
    }
    return count;
}

static void near_tree_append(struct near_tree_maker *maker, struct near_tree_entry entry,
                             uint32_t parent)
{
    CHECK(maker->near_tree->count < maker->entry_capacity);
    maker->parents[maker->near_tree->count] = parent;
    maker->near_tree->entries[maker->near_tree->count++] = entry;
}

/* Appends a node, by the last link that the branch has, and after it all others. */
static void append_links(struct near_tree_maker *maker, const struct ted_snapshot *snapshot,
                         struct near_tree_branch branch)
{
    uint32_t place = maker->near_tree->count, node = branch.node;
    uint32_t first = snapshot->reverse_first_edge[node];
    near_tree_append(maker, (struct near_tree_entry){.edge = TED_NONE, .node = node, .size = 1},
                     branch.parent);
    for (uint32_t i = first; i < snapshot->reverse_first_edge[node + 1]; i++) {
        const struct ted_edge *edge = &snapshot->reverse_edges[i];
        if (edge->link == branch.link)
            maker->near_tree->entries[place].edge = i - first;
        else if (maker->nodes[node].last_links > 1 &&
                 near_tree_is_last_link(maker, edge->node, node, edge))
            near_tree_append(maker, (struct near_tree_entry){.edge = i - first, .node = node},
                             place);
    }
}

/* Appends a node, and lets the nodes after it wait that have no other node before them now. */
static void append_node(struct near_tree_maker *maker, const struct ted_snapshot *snapshot,
                        struct near_tree_branch branch)
{
    uint32_t place = maker->near_tree->count, node = branch.node;
    append_links(maker, snapshot, branch);
    for (uint32_t i = snapshot->first_edge[node]; i < snapshot->first_edge[node + 1]; i++) {
        const struct ted_edge *edge = &snapshot->edges[i];
        if (!near_tree_is_settled(maker, edge->node))
            maker->near_tree->entries[place].is_rim |= ted_igp_uses(edge, node, maker->order[0]);
        else if (near_tree_is_last_link(maker, node, edge->node, edge) &&
                 --maker->nodes[edge->node].waiting == 0)
            maker->branches[maker->branch_count++] =
                (struct near_tree_branch){edge->link, edge->node, place};
    }
}

/* A node comes after all that lead to it, and right after one of them and what else is reached
 * through that one: the branch that waits since last is taken first. */
static void write_entries(struct near_tree_maker *maker, const struct ted_snapshot *snapshot,
                          uint32_t from)
{
    CHECK(maker->entry_capacity > 0);
    struct near_tree *near_tree = maker->near_tree;
    near_tree->count = 0;
    maker->branch_count = 0;
    append_node(maker, snapshot, (struct near_tree_branch){TED_NONE, from, 0});
    while (maker->branch_count > 0)
        append_node(maker, snapshot, maker->branches[--maker->branch_count]);
    for (uint32_t place = near_tree->count - 1; place > 0; place--) {
        uint32_t size = near_tree->entries[place].size;
        struct near_tree_entry *parent = &near_tree->entries[maker->parents[place]];
        parent->size = (parent->size + (size == 0 ? 1 : size)) & NEAR_TREE_ENTRIES_MAX;
    }
}

static enum path_outcome make(struct path_engine *engine, const struct ted_snapshot *snapshot,
                              uint32_t node, uint32_t nodes_min)
{
    struct near_tree_maker *maker = &engine->near_trees;
    if (!reserve_nodes(maker, snapshot->node_count))
        return PATH_NO_MEMORY;
    enum path_outcome outcome = near_tree_settle(engine, snapshot, node, nodes_min);
    if (outcome != PATH_FOUND)
        return outcome;
    uint32_t count = count_last_links(maker, snapshot);
    if (!reserve_entries(maker, count))
        return PATH_NO_MEMORY;
    maker->near_tree->radius = engine->heap.count == 0 ? UINT64_MAX : engine->heap.entries[0].key;
    maker->near_tree->node_count = maker->order_count;
    engine->work += count;
    write_entries(maker, snapshot, node);
    CHECK(maker->near_tree->count == count); /* an entry for each last link */
    return PATH_FOUND;
}

/* Leaves a copy to all. Where there is no room or no memory for it, the near tree is made again. */
static void share(const struct near_tree *near_tree, const struct ted_snapshot *snapshot,
                  uint32_t node)
{
    if (snapshot->derived == NULL)
        return;
    size_t octets = sizeof *near_tree + near_tree->count * sizeof near_tree->entries[0];
    struct near_tree *copy = malloc(octets);
    if (copy == NULL)
        return;
    memcpy(copy, near_tree, octets);
    copy->block = (struct ted_block){.octets = octets};
    if (!ted_derived_give(snapshot, node, &copy->block))
        free(copy);
}

enum path_outcome near_tree_of_node(struct path_engine *engine, const struct ted_snapshot *snapshot,
                                    uint32_t node, uint32_t nodes_min,
                                    const struct near_tree **near_tree)
{
    const struct ted_block *block = ted_derived_find(snapshot, node);
    *near_tree = (const struct near_tree *)(const void *)block;
    if (block != NULL &&
        ((*near_tree)->node_count >= nodes_min || (*near_tree)->radius == UINT64_MAX))
        return PATH_FOUND;
    enum path_outcome outcome = make(engine, snapshot, node, nodes_min);
    if (outcome != PATH_FOUND)
        return outcome;
    share(engine->near_trees.near_tree, snapshot, node);
    *near_tree = engine->near_trees.near_tree;
    return PATH_FOUND;
}

bool near_tree_is_kept(const struct ted_snapshot *snapshot, uint32_t node)
{
    return snapshot->igp_metric_min > 0 &&
           (ted_derived_find(snapshot, node) != NULL || ted_derived_has_room(snapshot));
}

void near_tree_fini(struct near_tree_maker *maker)
{
    free(maker->states);
    free(maker->nodes);
    free(maker->order);
    free(maker->branches);
    free(maker->parents);
    free(maker->near_tree);
}

size_t near_tree_octets(const struct near_tree_maker *maker)
{
    return maker->capacity * sizeof *maker->states + maker->node_capacity * sizeof *maker->nodes +
           maker->order_capacity * sizeof *maker->order +
           maker->branch_capacity * sizeof *maker->branches +
           maker->parent_capacity * sizeof *maker->parents +
           maker->entry_capacity * sizeof maker->near_tree->entries[0];
}
