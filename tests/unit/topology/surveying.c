/* Landmarks that are made beside. */
#include "server/topology/surveying.h"

#include "core/ted/builder.h"
#include "core/ted/patch.h"
#include "io/os/clock.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

#define LARGE (SURVEYING_AT_ONCE_NODES + 1)
#define STEPS (SURVEY_STEPS_MAX + 2)

TestSuite(surveying, .timeout = 60);

/* A ring of so many nodes, link i from node i to the next. */
static struct ted_snapshot *ring_of(uint32_t count)
{
    struct ted_builder *builder = ted_builder_create("");
    struct ted_snapshot *snapshot;
    struct ted_fault fault;
    uint32_t index;
    for (uint32_t i = 0; i < count; i++) {
        char name[16];
        (void)snprintf(name, sizeof name, "n%u", i);
        const struct ted_node_spec spec = {.name = name,
                                           .router_id_v4 = ip_from_u32(0x0a000001 + i)};
        cr_assert_eq(ted_builder_add_node(builder, &spec, &index, &fault), PCE_OK);
    }
    for (uint32_t i = 0; i < count; i++) {
        const struct ted_link_spec spec = {
            .from = i, .to = (i + 1) % count, .igp_metric = 10, .te_metric = 10};
        cr_assert_eq(ted_builder_add_link(builder, &spec, &index, &fault), PCE_OK);
    }
    cr_assert_eq(ted_builder_snapshot(builder, &snapshot, &fault), PCE_OK);
    ted_builder_destroy(builder);
    return snapshot;
}

/* Some of its links, from the first one on, get another metric. */
static struct ted_snapshot *ring_change(struct ted_snapshot *before, uint32_t count,
                                        uint32_t metric)
{
    struct ted_link_spec *specs = calloc(count, sizeof *specs);
    struct ted_patch_item *items = calloc(count, sizeof *items);
    struct ted_snapshot *after;
    for (uint32_t i = 0; i < count; i++) {
        specs[i] = (struct ted_link_spec){.from = before->links[i].from,
                                          .to = before->links[i].to,
                                          .igp_metric = metric,
                                          .te_metric = 10};
        items[i] = (struct ted_patch_item){i, &specs[i]};
    }
    cr_assert_eq(ted_snapshot_patch(before, items, count, &after), PCE_OK);
    path_landmarks_follow(before, after);
    ted_snapshot_destroy(before);
    free(specs);
    free(items);
    return after;
}

/* When the network has been calm for long enough. */
static struct mono later(void)
{
    return mono_add_ms(clock_now(), 2 * SURVEYING_CALM_MS);
}

/* Steps until a network comes of them; NULL: none does. */
static struct ted_snapshot *survey_all(struct surveying *surveying,
                                       const struct ted_snapshot *published)
{
    struct ted_snapshot *renewed = NULL;
    for (unsigned i = 0; i < STEPS && renewed == NULL; i++)
        renewed = surveying_step(surveying, published, later());
    return renewed;
}

static bool is_idle(const struct surveying *surveying)
{
    return mono_is_never(surveying_deadline(surveying, clock_now()));
}

Test(surveying, makes_the_landmarks_of_a_network_that_has_none)
{
    struct surveying surveying;
    struct ted_snapshot *published = ring_of(LARGE);
    surveying_init(&surveying);
    surveying_note(&surveying, published, clock_now());
    cr_expect(!is_idle(&surveying));
    struct ted_snapshot *renewed = survey_all(&surveying, published);
    cr_assert_not_null(renewed);
    cr_expect_not_null(renewed->landmarks);
    cr_expect_eq(renewed->links, published->links);
    cr_expect(!is_idle(&surveying)); /* where it cannot be published, it is tried again */
    ted_snapshot_destroy(published);
    ted_snapshot_destroy(renewed);
    surveying_stop(&surveying);
}

Test(surveying, takes_changes_over_that_come_meanwhile)
{
    struct surveying surveying;
    struct ted_snapshot *published = ring_of(LARGE);
    surveying_init(&surveying);
    surveying_note(&surveying, published, clock_now());
    cr_assert_null(surveying_step(&surveying, published, clock_now()));
    cr_assert_null(surveying_step(&surveying, published, clock_now()));
    published = ring_change(published, 100, 1);
    surveying_note(&surveying, published, clock_now());
    struct ted_snapshot *renewed = survey_all(&surveying, published);
    cr_assert_not_null(renewed);
    const struct landmark_row *rows = renewed->landmarks->rows[PATH_METRIC_IGP];
    for (uint32_t i = 0; i < renewed->link_count; i++)
        for (uint32_t c = 0; c < LANDMARK_COLUMNS; c++)
            cr_assert_leq(rows[renewed->links[i].to].columns[c],
                          rows[renewed->links[i].from].columns[c] +
                              (uint64_t)renewed->links[i].igp_metric);
    ted_snapshot_destroy(published);
    ted_snapshot_destroy(renewed);
    surveying_stop(&surveying);
}

Test(surveying, begins_anew_where_another_network_is_published)
{
    struct surveying surveying;
    struct ted_snapshot *published = ring_of(LARGE), *other = ring_of(LARGE + 5);
    surveying_init(&surveying);
    surveying_note(&surveying, published, clock_now());
    cr_assert_null(surveying_step(&surveying, published, clock_now()));
    surveying_note(&surveying, other, clock_now());
    ted_snapshot_destroy(published);
    struct ted_snapshot *renewed = survey_all(&surveying, other);
    cr_assert_not_null(renewed);
    cr_expect_eq(renewed->node_count, LARGE + 5);
    ted_snapshot_destroy(other);
    ted_snapshot_destroy(renewed);
    surveying_stop(&surveying);
}

/* Landmarks that hold are measured, a column after so many changes, and stay. */
Test(surveying, leaves_landmarks_that_are_not_loose)
{
    struct surveying surveying;
    struct ted_snapshot *published = ring_of(1000);
    cr_assert(path_landmarks_build(published));
    surveying_init(&surveying);
    surveying_note(&surveying, published, clock_now());
    cr_expect(is_idle(&surveying));
    published = ring_change(published, SURVEYING_LOOK_CHANGES - 1, 9);
    surveying_note(&surveying, published, clock_now());
    cr_expect(is_idle(&surveying));
    published = ring_change(published, 1, 10);
    surveying_note(&surveying, published, clock_now());
    cr_expect(!is_idle(&surveying));
    cr_expect_null(survey_all(&surveying, published));
    cr_expect(is_idle(&surveying));
    ted_snapshot_destroy(published);
    surveying_stop(&surveying);
}

Test(surveying, makes_landmarks_anew_that_have_become_loose)
{
    struct surveying surveying;
    struct ted_snapshot *published = ring_of(1000);
    cr_assert(path_landmarks_build(published));
    surveying_init(&surveying);
    published = ring_change(published, 1000, 30);
    surveying_note(&surveying, published, clock_now());
    struct ted_snapshot *renewed = survey_all(&surveying, published);
    cr_assert_not_null(renewed);
    cr_expect_neq(renewed->landmarks, published->landmarks);
    ted_snapshot_destroy(published);
    surveying_note(&surveying, renewed, clock_now());
    cr_expect(is_idle(&surveying));
    ted_snapshot_destroy(renewed);
    surveying_stop(&surveying);
}

Test(surveying, measures_when_the_network_rests_or_has_not_for_long)
{
    struct surveying surveying;
    struct ted_snapshot *published = ring_of(1000);
    cr_assert(path_landmarks_build(published));
    surveying_init(&surveying);
    const struct mono begin = clock_now();
    published = ring_change(published, 1000, 30);
    surveying_note(&surveying, published, begin);
    struct mono deadline = surveying_deadline(&surveying, begin);
    cr_expect_eq(mono_since_ns(deadline, begin) / MONO_NS_PER_MS, SURVEYING_CALM_MS);
    cr_expect_null(surveying_step(&surveying, published, mono_add_ms(begin, 1)));
    cr_expect_null(surveying.survey);
    surveying_note(&surveying, published, mono_add_ms(begin, SURVEYING_LONGEST_MS - 1));
    deadline = surveying_deadline(&surveying, begin);
    cr_expect_eq(mono_since_ns(deadline, begin) / MONO_NS_PER_MS, SURVEYING_LONGEST_MS);
    ted_snapshot_destroy(published);
    surveying_stop(&surveying);
}

Test(surveying, waits_before_it_tries_again_what_was_not_published)
{
    struct surveying surveying;
    struct ted_snapshot *published = ring_of(LARGE);
    surveying_init(&surveying);
    surveying_note(&surveying, published, clock_now());
    const struct mono now = mono_add_ms(clock_now(), 3600 * 1000);
    struct ted_snapshot *renewed = NULL;
    for (unsigned i = 0; i < STEPS && renewed == NULL; i++)
        renewed = surveying_step(&surveying, published, now);
    cr_assert_not_null(renewed);
    ted_snapshot_destroy(renewed);
    cr_expect(
        !mono_is_before(surveying_deadline(&surveying, now), mono_add_ms(now, SURVEYING_RETRY_MS)));
    ted_snapshot_destroy(published);
    surveying_stop(&surveying);
}

Test(surveying, has_nothing_to_do_where_nothing_is_published)
{
    struct surveying surveying;
    struct ted_snapshot *published = ring_of(LARGE);
    surveying_init(&surveying);
    cr_expect(is_idle(&surveying));
    surveying_note(&surveying, published, clock_now());
    surveying_stop(&surveying);
    cr_expect(is_idle(&surveying));
    ted_snapshot_destroy(published);
}
