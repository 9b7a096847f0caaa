/* Near tree: all shortest paths of the IGP from one node to those that are near it, over all links
 * that it uses, whatever a request asks. From it follows quickly what node segments from that node
 * a request may use: a branch that meets a link that is ruled out is skipped as a whole.
 *
 * Near trees depend on nothing but the topology. They are kept with the snapshot (ted/derived.h) and
 * shared by all engines, as long as there is room; otherwise they are made each time.
 *
 * A near tree depends on no more of it than the links that lead from its nodes. So a snapshot that was patched
 * takes over those from whose nodes no link is different to the IGP (near_trees_follow).
 *
 * Thread: the engine's; a near tree is constant. Owns: of the engine, the last near tree that
 * nobody else has. Bound: NEAR_TREES_OCTETS_MAX for a snapshot; one near tree has an entry for each
 * last link of a shortest path. */
#ifndef PCED_CORE_PATH_NEAR_TREE_H
#define PCED_CORE_PATH_NEAR_TREE_H

#include "core/path/heap.h"
#include "core/path/path.h"
#include "core/ted/derived.h"

#define NEAR_TREES_OCTETS_MAX (UINT64_C(128) << 20)
#define NEAR_TREES_LOOK_MAX   (UINT64_C(4) << 20) /* entries that one change looks at: others go */
#define NEAR_TREE_NODES_FIRST 128
#define NEAR_TREE_ENTRIES_MAX (UINT32_MAX >> 1)

struct path_engine;

/* A node, by the edge that leads to it from the node before it. */
struct near_tree_entry {
    uint32_t edge; /* the how-manieth of the node's reverse edges */
    uint32_t node;
    /* Entries of the node and of those behind it, which follow; at least 1. 0: not a node but one
     * more last link of a shortest path to the node before. */
    uint32_t size : 31;
    uint32_t is_rim : 1; /* links from here may lead on to nodes that the near tree does not have */
};

struct near_tree {
    struct ted_block block;
    uint64_t radius;                  /* the near tree has all nodes that are nearer than this */
    uint32_t node_count;              /* the one in its middle included */
    uint32_t count;                   /* entries */
    struct near_tree_entry entries[]; /* first the node in the middle, where no edge leads to */
};

struct near_tree_node {
    uint32_t last_links; /* of all shortest paths to it */
    uint32_t waiting;    /* of them, those whose beginning has no entry yet */
};

struct near_tree_branch {
    uint32_t link;
    uint32_t node;   /* where it leads to */
    uint32_t parent; /* the place of the entry before */
};

/* What the making of near trees needs. */
struct near_tree_maker {
    struct spf_node *states; /* keys are IGP distances */
    struct near_tree_node *nodes;
    uint32_t *order;                   /* nodes as they were settled */
    struct near_tree_branch *branches; /* that wait for their entry */
    uint32_t *parents;                 /* of each entry the place of the one before it */
    struct near_tree *near_tree;       /* the one that was made last */
    uint32_t capacity, node_capacity, order_capacity, branch_capacity, parent_capacity;
    uint32_t entry_capacity; /* of the near tree */
    uint32_t stamp;
    uint32_t order_count, branch_count;
};

/* The near tree of a node with at least so many nodes, if as many can be reached. No link has IGP
 * metric 0. It is valid until the engine's next call of this, and for as long as the snapshot where
 * that has it. PATH_FOUND, PATH_NO_MEMORY, PATH_WORK_EXCEEDED. */
enum path_outcome near_tree_of_node(struct path_engine *engine, const struct ted_snapshot *snapshot,
                                    uint32_t node, uint32_t nodes_min,
                                    const struct near_tree **near_tree);

/* Its place in reverse_edges. */
static inline uint32_t near_tree_edge(const struct ted_snapshot *snapshot,
                                      const struct near_tree_entry *entry)
{
    return snapshot->reverse_first_edge[entry->node] + entry->edge;
}

/* Those of the snapshot that this one was patched out of, as far as they hold. */
void near_trees_follow(const struct ted_snapshot *before, struct ted_snapshot *snapshot);

/* Whether the near tree of a node is there already, or will be for others once it is made. */
bool near_tree_is_kept(const struct ted_snapshot *snapshot, uint32_t node);

void near_tree_fini(struct near_tree_maker *maker);
size_t near_tree_octets(const struct near_tree_maker *maker);

#endif
