/* Landmarks of a snapshot that comes after another one: those of the snapshot before, where what has
 * changed leaves them right; else a copy, in which the distances are lowered that a link shortens. */
#include "core/path/landmarks_mend.h"
#include "core/path/near_tree.h"
#include "core/ted/derived.h"
#include "core/ted/node_key.h"
#include "core/ted/patch.h"
#include "core/ted/recent.h"

/* Of all nodes, links that may be new, too short, for landmarks to be worth carrying over. */
#define CARRY_PART 16

/* Distances that were lowered, or made anew, may be wrong for snapshots before: who asks for a bound
 * there has to find that nothing is known of them. */
static void follow_forget_recent(struct ted_snapshot *snapshot)
{
    snapshot->recent->since = snapshot->turn;
    snapshot->recent->count = 0;
}

/* A copy that holds; NULL: memory ran out. */
static struct path_landmarks *follow_mend(const struct ted_snapshot *snapshot,
                                          struct path_landmarks *landmarks,
                                          const struct mend_links *links)
{
    struct ted_part *part = ted_part_copy(&landmarks->part, 0);
    struct path_landmarks *mended = (struct path_landmarks *)(void *)part;
    for (uint32_t m = 0; mended != NULL && m < LANDMARK_METRICS; m++)
        if (landmarks->rows[m] != NULL)
            mended->rows[m] = landmarks_place(mended, snapshot->node_count, m);
    if (mended != NULL && landmarks_mend(snapshot, mended, links, UINT32_MAX))
        return mended;
    ted_part_leave(part);
    return NULL;
}

void path_landmarks_follow(const struct ted_snapshot *before, struct ted_snapshot *snapshot)
{
    struct path_landmarks *landmarks = before->landmarks;
    const struct mend_links links = {snapshot->delta->links, snapshot->delta->count};
    if (landmarks != NULL && landmarks_are_torn(snapshot, landmarks, &links)) {
        snapshot->landmarks = follow_mend(snapshot, landmarks, &links);
        follow_forget_recent(snapshot);
    } else if (landmarks != NULL) {
        snapshot->landmarks = (struct path_landmarks *)(void *)ted_part_share(&landmarks->part);
    }
    near_trees_follow(before, snapshot);
}

bool path_landmarks_renew(const struct ted_snapshot *before, struct ted_snapshot *snapshot,
                          struct path_landmarks *landmarks, const uint32_t *changed, uint32_t count)
{
    const struct mend_links links = {changed, count};
    ted_derived_share(before, snapshot);
    follow_forget_recent(snapshot);
    if (!landmarks_mend(snapshot, landmarks, &links, UINT32_MAX)) {
        ted_part_leave(&landmarks->part);
        return false;
    }
    snapshot->landmarks = landmarks;
    return true;
}

/* ---- networks that were made as a whole ---- */

/* As a node that no landmark reaches, nor it them. */
static struct landmark_row carry_nothing(void)
{
    struct landmark_row row;
    for (uint32_t c = 0; c < LANDMARK_COLUMNS; c++)
        row.columns[c] = c < LANDMARKS ? UINT32_MAX : 0;
    return row;
}

/* The rows of nodes that were there before; how many were not. */
static uint32_t carry_rows(const struct ted_snapshot *before, const struct ted_snapshot *snapshot,
                           struct path_landmarks *landmarks)
{
    const struct landmark_row nothing = carry_nothing();
    uint32_t new_count = 0;
    for (uint32_t i = 0; i < snapshot->node_count; i++) {
        uint32_t was = ted_find_node_by_address(before, ted_node_key(&snapshot->nodes[i]));
        new_count += was == TED_NONE;
        for (uint32_t m = 0; m < LANDMARK_METRICS; m++)
            if (landmarks->rows[m] != NULL)
                landmarks_place(landmarks, snapshot->node_count, m)[i] =
                    was == TED_NONE ? nothing : before->landmarks->rows[m][was];
    }
    return new_count;
}

void path_landmarks_carry(const struct ted_snapshot *before, struct ted_snapshot *snapshot)
{
    const struct mend_links links = {NULL, snapshot->link_count};
    bool has_any = before != NULL && before->landmarks != NULL;
    struct ted_part *part = has_any ? ted_part_create(landmarks_size(snapshot->node_count)) : NULL;
    struct path_landmarks *landmarks = (struct path_landmarks *)(void *)part;
    (void)!ted_derived_prepare(snapshot, NEAR_TREES_OCTETS_MAX);
    if (landmarks == NULL)
        return;
    for (uint32_t m = 0; m < LANDMARK_METRICS; m++)
        landmarks->rows[m] = before->landmarks->rows[m] == NULL
                                 ? NULL
                                 : landmarks_place(landmarks, snapshot->node_count, m);
    if (carry_rows(before, snapshot, landmarks) <= snapshot->node_count / CARRY_PART &&
        landmarks_mend(snapshot, landmarks, &links, snapshot->link_count / CARRY_PART))
        snapshot->landmarks = landmarks;
    else
        ted_part_leave(part);
}
