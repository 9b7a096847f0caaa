/* Snapshot's inside: what its making and its patching have in common.
 *
 * Internal to core/ted. Thread: of who makes the snapshot. Owns: nothing. */
#ifndef PCED_CORE_TED_SNAPSHOT_IMPL_H
#define PCED_CORE_TED_SNAPSHOT_IMPL_H

#include "core/ted/ted.h"

#define TED_EDGE_LINK_MASK (UINT32_MAX >> 2) /* of `link` of struct ted_edge */

uint64_t ted_next_serial(void);
struct ted_edge ted_edge_of_link(const struct ted_link *link, uint32_t index, bool is_reverse);
/* Of the links that are there, out of the edges and columns. */
void ted_note_extremes(struct ted_snapshot *snapshot);

#endif
