#include "server/topology/surveying.h"

#include "core/ted/patch.h"
#include "io/os/clock.h"

void surveying_init(struct surveying *surveying)
{
    *surveying = (struct surveying){.rest = clock_now()};
    ted_array_init(&surveying->changed, sizeof(uint32_t));
}

static void surveying_end(struct surveying *surveying)
{
    survey_end(surveying->survey);
    surveying->survey = NULL;
    ted_array_fini(&surveying->changed);
}

void surveying_stop(struct surveying *surveying)
{
    surveying_end(surveying);
    surveying->changes = 0;
}

/* Without memory there is none, and the next publication is another occasion. */
static void surveying_begin(struct surveying *surveying, const struct ted_snapshot *snapshot,
                            bool looks)
{
    surveying->survey = survey_begin(snapshot);
    surveying->serial = snapshot->serial;
    surveying->looks = looks;
    surveying->changes = 0;
    surveying->spent_ns = 0;
}

/* Whether what is published is what the survey is of, but for links whose places are known. */
static bool surveying_follow(struct surveying *surveying, const struct ted_snapshot *published)
{
    const struct ted_delta *delta = published->delta;
    if (delta == NULL || delta->serial != surveying->serial ||
        surveying->changed.count + delta->count > SURVEYING_CHANGES_MAX ||
        ted_array_reserve(&surveying->changed, delta->count) != PCE_OK)
        return false;
    (void)ted_array_append(&surveying->changed, delta->links, delta->count);
    surveying->serial = published->serial;
    return true;
}

void surveying_note(struct surveying *surveying, const struct ted_snapshot *published)
{
    const struct ted_delta *delta = published->delta;
    if (surveying->survey != NULL && !surveying_follow(surveying, published))
        surveying_end(surveying);
    if (published->node_count == 0 || published->node_count > LANDMARK_NODES_MAX) {
        surveying->changes = 0;
        return;
    }
    if (delta != NULL)
        surveying->changes += delta->count;
    else /* landmarks were made for it, or carried over from another one */
        surveying->changes =
            published->node_count <= SURVEYING_AT_ONCE_NODES ? 0 : SURVEYING_LOOK_CHANGES;
    if (surveying->survey == NULL && published->landmarks == NULL)
        surveying_begin(surveying, published, false);
}

struct mono surveying_deadline(const struct surveying *surveying, struct mono now)
{
    if (surveying->survey != NULL)
        return now;
    return surveying->changes >= SURVEYING_LOOK_CHANGES ? surveying->rest : MONO_NEVER;
}

/* The published snapshot with landmarks of its own; NULL: memory ran out. */
static struct ted_snapshot *surveying_renew(struct surveying *surveying,
                                            const struct ted_snapshot *published)
{
    struct ted_snapshot *renewed;
    struct path_landmarks *landmarks = survey_take(surveying->survey);
    if (ted_snapshot_patch(published, NULL, 0, &renewed) != PCE_OK) {
        ted_part_leave(&landmarks->part);
        return NULL;
    }
    if (path_landmarks_renew(published, renewed, landmarks, surveying->changed.items,
                             surveying->changed.count))
        return renewed;
    ted_snapshot_destroy(renewed);
    return NULL;
}

/* Whether the survey is over; *renewed: what came of it. */
static bool surveying_go_on(struct surveying *surveying, const struct ted_snapshot *published,
                            struct ted_snapshot **renewed)
{
    if (surveying->looks && published->landmarks != NULL) {
        surveying->looks = false;
        return !survey_finds_loose(surveying->survey, published->landmarks, surveying->turn++);
    }
    if (!survey_step(surveying->survey))
        return false;
    *renewed = surveying_renew(surveying, published);
    return true;
}

struct ted_snapshot *surveying_step(struct surveying *surveying,
                                    const struct ted_snapshot *published, struct mono now)
{
    struct ted_snapshot *renewed = NULL;
    if (mono_is_before(now, surveying_deadline(surveying, now)))
        return NULL;
    if (surveying->survey == NULL)
        surveying_begin(surveying, published, true);
    bool is_over = surveying->survey == NULL || surveying_go_on(surveying, published, &renewed);
    struct mono then = clock_now();
    surveying->spent_ns += mono_since_ns(then, now);
    if (is_over) {
        surveying->rest =
            mono_add_ms(then, SURVEYING_REST_PART * surveying->spent_ns / MONO_NS_PER_MS);
        surveying_end(surveying);
    }
    return renewed;
}
