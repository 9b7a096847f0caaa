/* The sizes that docs/PATHS.md tells (Memory): where one changes, so does that page. */
#include "core/path/engine.h"
#include "core/path/landmarks.h"
#include "core/path/near_tree.h"
#include "core/path/set_impl.h"

#include <criterion/criterion.h>

Test(sizes, an_engine_takes_so_much_for_each_node)
{
    size_t tree = sizeof(struct spf_node);
    size_t segments = sizeof(struct spf_node) + sizeof(struct segment_node) + sizeof(uint32_t);
    size_t near_trees = sizeof(struct spf_node) + sizeof(struct near_tree_node) + sizeof(uint32_t);
    cr_expect_eq(sizeof(struct heap_entry) + tree, 32, "for paths");
    cr_expect_eq(segments + near_trees, 112, "for SID lists");
    cr_expect_eq(sizeof(struct near_tree_branch) + sizeof(uint32_t) +
                     sizeof(struct near_tree_entry),
                 28, "for each node of a near tree");
    cr_expect_eq(sizeof(struct spf_node) + sizeof(struct segment_node), 80,
                 "for lists that are searched for");
    cr_expect_eq(tree, 16, "for a bounded metric");
    cr_expect_eq(sizeof(struct partial_head), 8, "for a search under bounds");
    cr_expect_eq(sizeof(struct partial) + sizeof(struct partial_entry), 112,
                 "for each partial path");
}

Test(sizes, a_set_of_paths_takes_so_much)
{
    size_t pair = 3 * sizeof(struct spf_node) + 2 * sizeof(struct path_pair_step) +
                  sizeof(struct path_pair_place) + sizeof(struct path_pair_rest);
    cr_expect_eq(pair + 3 * sizeof(uint32_t), 104, "for each node");
    cr_expect_eq(2 * (1 + sizeof(uint32_t)) + 3 * sizeof(uint32_t), 22, "for each link");
    cr_expect_eq(2 * sizeof(struct residual_entry), 16, "for a link whose bandwidth is reserved");
    cr_expect_eq(sizeof(struct heap_entry), 16, "in the engine");
    cr_expect_eq(sizeof(struct set_step) + sizeof(uint32_t), 108, "for each step");
    cr_expect_leq(sizeof(struct path_set), 803000);
}

Test(sizes, a_snapshot_takes_so_much)
{
    cr_expect_eq(sizeof(struct ted_link), 208);
    cr_expect_eq(2 * sizeof(struct ted_edge), 32);
    cr_expect_eq(sizeof(struct ted_hop), 24);
    cr_expect_eq(LANDMARK_METRICS * sizeof(struct landmark_row), 256);
    cr_expect_eq(sizeof(struct near_tree_entry), 12);
}

Test(sizes, an_answer_takes_so_much)
{
    cr_expect_eq(PATH_HOPS_MAX, 1024);
    cr_expect_eq(PATH_SIDS_MAX, 255);
    cr_expect_eq(sizeof(struct path_sid), 48);
}
