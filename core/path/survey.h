/* Survey: the making of landmarks (landmarks.h), sweep by sweep, so that it may go on beside all else.
 *
 * A survey has what it needs of its snapshot in common with it, and outlives it.
 *
 * Thread: whoever makes and destroys the snapshots. Owns: its landmarks, until they are taken.
 * Bound: a step is two sweeps over all links at most; SURVEY_STEPS_MAX steps; 24 octets a link and 24 a node
 * beside the landmarks. */
#ifndef PCED_CORE_PATH_SURVEY_H
#define PCED_CORE_PATH_SURVEY_H

#include "core/path/landmarks.h"

#define SURVEY_STEPS_MAX (LANDMARK_METRICS * (LANDMARKS + 1))

struct survey;

/* NULL: memory ran out. */
struct survey *survey_begin(const struct ted_snapshot *snapshot);
/* Does a part of it; whether all is done. */
bool survey_step(struct survey *survey);
/* Before the first step: whether landmarks of these nodes tell noticeably less than they could. One of their
 * columns is measured, in each turn another one. */
bool survey_finds_loose(struct survey *survey, const struct path_landmarks *landmarks,
                        uint32_t turn);
/* What was made, when all is done: the caller's. */
struct path_landmarks *survey_take(struct survey *survey);
/* NULL: nothing. */
void survey_end(struct survey *survey);

#endif
