/* RIB build: merged nodes and links as a builder takes them.
 *
 * Thread: the RIB's. Owns: nothing. Bound: the limits of ted.h; lists that are longer are cut. */
#ifndef PCED_CORE_TED_RIB_BUILD_H
#define PCED_CORE_TED_RIB_BUILD_H

#include "core/ted/rib_merge.h"

#define RIB_IGP_METRIC_DEFAULT 10 /* of a link for which none is told, as in a file */

/* One link, with its scratch. */
struct merge_building {
    struct merge *merge;
    const struct merged_link *link;
    struct rib_link said;
    struct ted_adj_sid adj_sids[TED_LINK_SIDS_MAX];
    struct ted_srv6_sid srv6_sids[TED_LINK_SIDS_MAX];
    uint32_t groups[TED_GROUP_WORDS_MAX];
    struct ted_link_spec spec; /* points into the scratch, and into records */
};

/* One node, with its scratch. */
struct merge_node_building {
    struct ted_node_spec spec; /* points into the scratch, the merge, and records */
    char name[2 * MERGE_TEXT_SIZE];
    struct ted_srgb srgbs[TED_NODE_SRGBS_MAX];
    uint8_t algorithms[TED_NODE_ALGORITHMS_MAX];
};

/* What a builder is to take of a node, but that another one may have its name. PCE_NOT_FOUND: it has
 * no router id. */
PCE_MUST_CHECK enum pce_status merge_specify_node(struct merge *merge, uint32_t node,
                                                  struct merge_node_building *building);

/* What a builder is to take of a link; nodes are built first. PCE_NOT_FOUND: one of them was left
 * out, and the link with it. */
PCE_MUST_CHECK enum pce_status merge_specify_link(struct merge *merge, uint32_t link,
                                                  struct merge_building *building);

/* Nodes are built first. */
PCE_MUST_CHECK enum pce_status merge_build_link(struct merge *merge, struct ted_builder *builder,
                                                uint32_t link);

#endif
