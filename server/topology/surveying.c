#include "server/topology/surveying.h"

#include "core/ted/patch.h"
#include "io/os/clock.h"

void surveying_init(struct surveying *surveying)
{
    const struct mono now = clock_now();
    *surveying = (struct surveying){.rest = now, .first = MONO_NEVER, .latest = now};
    ted_array_init(&surveying->changed, sizeof(uint32_t));
}

static void surveying_end(struct surveying *surveying)
{
    survey_end(surveying->survey);
    surveying->survey = NULL;
    ted_array_fini(&surveying->changed);
}

/* So many links have changed since a column was measured. */
static void surveying_count(struct surveying *surveying, uint32_t changes, struct mono now)
{
    bool is_enough = changes >= SURVEYING_LOOK_CHANGES;
    surveying->changes = changes;
    if (!is_enough)
        surveying->first = MONO_NEVER;
    else if (mono_is_never(surveying->first))
        surveying->first = now;
}

void surveying_stop(struct surveying *surveying)
{
    surveying_end(surveying);
    surveying_count(surveying, 0, surveying->latest);
}

/* Without memory there is none, and it is tried again. */
static void surveying_begin(struct surveying *surveying, const struct ted_snapshot *snapshot,
                            bool looks, struct mono now)
{
    surveying->survey = survey_begin(snapshot);
    surveying->serial = snapshot->serial;
    surveying->looks = looks;
    surveying->spent_ns = 0;
    surveying_count(surveying, surveying->survey == NULL ? SURVEYING_LOOK_CHANGES : 0, now);
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

void surveying_note(struct surveying *surveying, const struct ted_snapshot *published,
                    struct mono now)
{
    const struct ted_delta *delta = published->delta;
    uint32_t changes = 0;
    if (surveying->survey != NULL && !surveying_follow(surveying, published))
        surveying_end(surveying);
    if (delta != NULL)
        changes = surveying->changes + delta->count;
    else if (published->node_count > SURVEYING_AT_ONCE_NODES) /* what it has is another one's */
        changes = SURVEYING_LOOK_CHANGES;
    if (delta == NULL || delta->count > 0)
        surveying->latest = now;
    bool may_have = published->node_count > 0 && published->node_count <= LANDMARK_NODES_MAX;
    surveying_count(surveying, may_have ? changes : 0, now);
    if (surveying->survey == NULL && may_have && published->landmarks == NULL)
        surveying_begin(surveying, published, false, now);
}

struct mono surveying_deadline(const struct surveying *surveying, struct mono now)
{
    if (surveying->survey != NULL)
        return now;
    if (mono_is_never(surveying->first))
        return MONO_NEVER;
    struct mono calm = mono_min(mono_add_ms(surveying->latest, SURVEYING_CALM_MS),
                                mono_add_ms(surveying->first, SURVEYING_LONGEST_MS));
    return mono_is_before(calm, surveying->rest) ? surveying->rest : calm;
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
    const struct mono began = clock_now();
    if (mono_is_before(now, surveying_deadline(surveying, now)))
        return NULL;
    if (surveying->survey == NULL)
        surveying_begin(surveying, published, true, now);
    bool is_over = surveying->survey == NULL || surveying_go_on(surveying, published, &renewed);
    surveying->spent_ns += mono_since_ns(clock_now(), began);
    if (!is_over)
        return NULL;
    surveying->rest = mono_add_ms(now, SURVEYING_REST_PART * surveying->spent_ns / MONO_NS_PER_MS);
    surveying_end(surveying);
    if (published->landmarks == NULL) { /* what comes of it may not get published */
        surveying_count(surveying, SURVEYING_LOOK_CHANGES, now);
        surveying->rest = mono_add_ms(surveying->rest, SURVEYING_RETRY_MS);
    }
    return renewed;
}
