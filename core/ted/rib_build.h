/* RIB build: merged nodes and links as a builder takes them.
 *
 * Thread: the RIB's. Owns: nothing. Bound: the limits of ted.h; lists that are longer are cut. */
#ifndef PCED_CORE_TED_RIB_BUILD_H
#define PCED_CORE_TED_RIB_BUILD_H

#include "core/ted/rib_merge.h"

#define RIB_IGP_METRIC_DEFAULT 10 /* of a link for which none is told, as in a file */

/* Nodes are built first. */
PCE_MUST_CHECK enum pce_status merge_build_link(struct merge *merge, struct ted_builder *builder,
                                                uint32_t link);

#endif
