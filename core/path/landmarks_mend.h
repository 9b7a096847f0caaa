/* Landmarks mended: where a link has become shorter, or has come, the distances are lowered that it shortens.
 *
 * Internal to core/path. Thread, Owns: as landmarks.h says. Bound: as of a search for each column, at most. */
#ifndef PCED_CORE_PATH_LANDMARKS_MEND_H
#define PCED_CORE_PATH_LANDMARKS_MEND_H

#include "core/path/landmarks.h"

/* Links that may be too short. */
struct mend_links {
    const uint32_t *at; /* their places; NULL: all of the snapshot */
    uint32_t count;
};

/* Octets of all rows of a network. */
size_t landmarks_size(uint32_t node_count);
/* Where the rows of a metric stand. */
struct landmark_row *landmarks_place(struct path_landmarks *landmarks, uint32_t node_count,
                                     uint32_t metric);

/* Whether over one of them a node is farther from a landmark than the link is long. */
bool landmarks_are_torn(const struct ted_snapshot *snapshot, const struct path_landmarks *landmarks,
                        const struct mend_links *links);
/* Landmarks of one's own. false: memory ran out, or more than short_max links are too short in a metric. */
bool landmarks_mend(const struct ted_snapshot *snapshot, struct path_landmarks *landmarks,
                    const struct mend_links *links, uint32_t short_max);

#endif
