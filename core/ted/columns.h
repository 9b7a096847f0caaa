/* Columns: what constraints ask of an edge, laid out beside the edges of a snapshot that is made.
 *
 * Thread: the builder's. Owns: nothing; the columns are a part of the snapshot's block. */
#ifndef PCED_CORE_TED_COLUMNS_H
#define PCED_CORE_TED_COLUMNS_H

#include "core/ted/ted.h"

/* The octets that the columns of these links take: 12 an edge, and 4 for each column of unreserved
 * bandwidths that differs from those of the priorities before. */
size_t columns_size(const struct ted_link *links, uint32_t count);

/* Fills columns_size octets at `to`, aligned for a float, in the order of the edges. */
struct ted_columns columns_fill(void *to, const struct ted_link *links,
                                const struct ted_edge *edges, uint32_t count);

#endif
