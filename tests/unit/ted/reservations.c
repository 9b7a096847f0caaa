/* Bandwidth of links that LSPs hold, one thread at a time. */
#include "core/ted/reservations.h"

#include "tests/lib/random.h"
#include "tests/unit/ted/helpers.h"

#include <criterion/criterion.h>
#include <math.h>

#define LINKS 6

static struct ted_reservations *reservations;
static struct ted_link_registry *registry;
static struct ted_snapshot *snapshot;

static void add_link(struct ted_builder *builder, uint32_t from, uint32_t to, float unreserved)
{
    struct ted_fault fault;
    uint32_t index;
    struct ted_link_spec spec = {.from = from, .to = to, .igp_metric = 1, .te_metric = 1};
    for (unsigned p = 0; p < TED_PRIORITIES; p++)
        spec.unreserved[p] = unreserved;
    cr_assert_eq(ted_builder_add_link(builder, &spec, &index, &fault), PCE_OK);
}

/* Links of these bandwidths. */
static void begin(float unreserved)
{
    struct ted_builder *builder = ted_builder_create("held");
    uint32_t a = add_plain_node(builder, "a", 1), b = add_plain_node(builder, "b", 2);
    for (uint32_t i = 0; i < LINKS; i++)
        add_link(builder, a, b, unreserved);
    snapshot = finish(builder);
    registry = ted_link_registry_create(LINKS);
    reservations = ted_reservations_create(LINKS);
    cr_assert_eq(ted_link_registry_number(registry, NULL, snapshot), PCE_OK);
    cr_assert_eq(ted_reservations_make_room(reservations, snapshot->link_numbers->count), PCE_OK);
}

static void end(void)
{
    ted_snapshot_destroy(snapshot);
    ted_link_registry_destroy(registry);
    ted_reservations_destroy(reservations);
}

static enum pce_status take(uint32_t first, uint32_t count, struct ted_claim claim)
{
    uint32_t numbers[LINKS];
    for (uint32_t i = 0; i < count; i++)
        numbers[i] = first + i;
    enum pce_status status = ted_reservations_take(reservations, snapshot, numbers, count, &claim);
    return status;
}

static void release(uint32_t number, struct ted_claim claim)
{
    ted_reservations_release(reservations, &number, 1, &claim);
}

static uint64_t held(uint32_t number, unsigned priority)
{
    return ted_reservations_held(reservations, number, priority);
}

Test(reservations, a_bandwidth_is_rounded_up_to_whole_octets)
{
    cr_expect_eq(ted_octets_of_bandwidth(0), 0);
    cr_expect_eq(ted_octets_of_bandwidth(-1), 0);
    cr_expect_eq(ted_octets_of_bandwidth(NAN), 0);
    cr_expect_eq(ted_octets_of_bandwidth(0.25F), 1);
    cr_expect_eq(ted_octets_of_bandwidth(1000), 1000);
    cr_expect_eq(ted_octets_of_bandwidth(INFINITY), TED_RESERVED_MAX);
}

Test(reservations, a_link_gives_what_it_has_and_no_octet_more)
{
    begin(1000);
    cr_expect_eq(take(0, 1, (struct ted_claim){600, 3, 3}), PCE_OK);
    cr_expect_eq(take(0, 1, (struct ted_claim){401, 3, 3}), PCE_LIMIT);
    cr_expect_eq(ted_reservations_refused(reservations), 1);
    cr_expect_eq(take(0, 1, (struct ted_claim){400, 3, 3}), PCE_OK);
    cr_expect_eq(held(0, 3), 1000);
    cr_expect_eq(held(0, 2), 0);
    cr_expect_eq(held(0, 7), 1000);
    end();
}

Test(reservations, a_path_is_taken_as_a_whole_or_not_at_all)
{
    begin(1000);
    cr_assert_eq(take(2, 1, (struct ted_claim){500, 0, 0}), PCE_OK);
    cr_expect_eq(take(0, 4, (struct ted_claim){501, 0, 0}), PCE_LIMIT);
    for (uint32_t i = 0; i < LINKS; i++)
        cr_expect_eq(held(i, 7), i == 2 ? 500 : 0);
    cr_expect_eq(take(0, 4, (struct ted_claim){500, 0, 0}), PCE_OK);
    end();
}

Test(reservations, a_link_that_is_in_no_snapshot_gives_nothing)
{
    begin(1000);
    cr_expect_eq(take(LINKS, 1, (struct ted_claim){1, 0, 0}), PCE_NOT_FOUND);
    end();
}

Test(reservations, a_higher_priority_does_not_see_what_lower_ones_hold)
{
    unsigned priority;
    begin(1000);
    cr_assert_eq(take(0, 1, (struct ted_claim){1000, 5, 5}), PCE_OK);
    uint64_t pressed = ted_reservations_pressed(reservations);
    cr_expect_eq(take(0, 1, (struct ted_claim){1, 5, 5}), PCE_LIMIT);
    cr_expect_eq(take(0, 1, (struct ted_claim){1, 6, 6}), PCE_LIMIT);
    cr_expect_eq(ted_reservations_pressed(reservations), pressed);
    cr_expect_not(ted_reservations_is_over(reservations, snapshot, 0, &priority));
    cr_expect_eq(take(0, 1, (struct ted_claim){300, 4, 4}), PCE_OK);
    cr_expect_neq(ted_reservations_pressed(reservations), pressed);
    cr_expect(ted_reservations_is_over(reservations, snapshot, 0, &priority));
    cr_expect_eq(priority, 7);
    end();
}

Test(reservations, who_asks_low_and_keeps_high_needs_room_at_both)
{
    begin(1000);
    cr_assert_eq(take(0, 1, (struct ted_claim){600, 7, 0}), PCE_OK);
    cr_expect_eq(take(0, 1, (struct ted_claim){600, 0, 0}), PCE_LIMIT);
    cr_expect_eq(take(0, 1, (struct ted_claim){400, 0, 0}), PCE_OK);
    end();
}

Test(reservations, lsps_give_way_until_the_link_is_no_longer_over_and_then_no_more)
{
    const struct ted_claim low = {400, 7, 7}, high = {500, 0, 0};
    begin(1000);
    cr_assert_eq(take(0, 1, low), PCE_OK);
    cr_assert_eq(take(0, 1, low), PCE_OK);
    cr_expect_not(ted_reservations_give_way(reservations, snapshot, 0, &low));
    cr_assert_eq(take(0, 1, high), PCE_OK);
    cr_expect(ted_reservations_give_way(reservations, snapshot, 0, &low));
    cr_expect_not(ted_reservations_give_way(reservations, snapshot, 0, &low));
    cr_expect_eq(held(0, 7), 900);
    end();
}

Test(reservations, what_is_forced_counts_though_there_is_no_room)
{
    const struct ted_claim claim = {1500, 7, 7};
    const uint32_t number = 1;
    begin(1000);
    ted_reservations_force(reservations, &number, 1, &claim);
    cr_expect_eq(held(1, 7), 1500);
    cr_expect_eq(take(1, 1, (struct ted_claim){1, 7, 7}), PCE_LIMIT);
    release(1, claim);
    cr_expect_eq(held(1, 7), 0);
    end();
}

Test(reservations, there_are_rows_for_as_many_links_as_were_made_room_for)
{
    struct ted_reservations *few = ted_reservations_create(1025);
    cr_expect_eq(ted_reservations_make_room(few, 1025), PCE_OK);
    cr_expect_eq(ted_reservations_make_room(few, 2049), PCE_LIMIT);
    ted_reservations_destroy(few);
}

/* ---- against sums that are worked out anew each time ---- */

#define LSPS   40
#define ROUNDS 20000

struct lsp {
    bool holds;
    uint32_t first, count;
    struct ted_claim claim;
};

static struct lsp lsps[LSPS];

static uint64_t sum(uint32_t number, unsigned priority)
{
    uint64_t octets = 0;
    for (unsigned i = 0; i < LSPS; i++)
        if (lsps[i].holds && lsps[i].claim.holding <= priority && number >= lsps[i].first &&
            number < lsps[i].first + lsps[i].count)
            octets += lsps[i].claim.octets_per_s;
    return octets;
}

static bool has_room(const struct lsp *lsp)
{
    for (uint32_t n = lsp->first; n < lsp->first + lsp->count; n++)
        for (unsigned p = lsp->claim.holding; p <= lsp->claim.setup; p++)
            if (sum(n, p) + lsp->claim.octets_per_s > 1000)
                return false;
    return true;
}

static void draw(struct random *rng, struct lsp *lsp)
{
    lsp->first = random_below(rng, LINKS);
    lsp->count = 1 + random_below(rng, LINKS - lsp->first);
    lsp->claim.octets_per_s = random_below(rng, 400);
    lsp->claim.setup = (uint8_t)random_below(rng, 8);
    lsp->claim.holding = (uint8_t)random_below(rng, lsp->claim.setup + 1U);
}

Test(reservations, many_lsps_that_come_and_go_hold_what_a_naive_sum_says, .timeout = 60)
{
    struct random rng = test_random_init("reservations", 20260812);
    begin(1000);
    for (unsigned round = 0; round < ROUNDS; round++) {
        struct lsp *lsp = &lsps[random_below(&rng, LSPS)];
        if (lsp->holds) {
            for (uint32_t n = lsp->first; n < lsp->first + lsp->count; n++)
                release(n, lsp->claim);
            lsp->holds = false;
        } else {
            draw(&rng, lsp);
            bool fits = has_room(lsp);
            cr_assert_eq(take(lsp->first, lsp->count, lsp->claim) == PCE_OK, fits);
            lsp->holds = fits;
        }
        uint32_t number = random_below(&rng, LINKS);
        for (unsigned p = 0; p < TED_PRIORITIES; p++)
            cr_assert_eq(held(number, p), sum(number, p));
    }
    end();
}

Test(reservations, all_that_changes_what_is_held_is_counted)
{
    const struct ted_claim low = {400, 7, 7}, high = {700, 0, 0}, none = {0, 0, 0};
    const uint32_t number = 0;
    begin(1000);
    uint64_t last = ted_reservations_changes(reservations);
    cr_expect_eq(last, 0);
#define EXPECT_CHANGED(changes)                                                                    \
    do {                                                                                           \
        uint64_t next = ted_reservations_changes(reservations);                                    \
        cr_expect_eq(next != last, changes);                                                       \
        last = next;                                                                               \
    } while (0)
    ted_reservations_force(reservations, &number, 1, &low);
    EXPECT_CHANGED(true);
    cr_assert_eq(take(0, 1, high), PCE_OK);
    EXPECT_CHANGED(true);
    cr_assert_eq(take(0, 1, (struct ted_claim){400, 0, 0}), PCE_LIMIT);
    EXPECT_CHANGED(true); /* others may have seen it for a moment */
    cr_assert(ted_reservations_give_way(reservations, snapshot, 0, &low));
    EXPECT_CHANGED(true);
    cr_assert_not(ted_reservations_give_way(reservations, snapshot, 0, &low));
    EXPECT_CHANGED(false);
    release(0, high);
    EXPECT_CHANGED(true);
    ted_reservations_force(reservations, &number, 1, &none);
    EXPECT_CHANGED(false);
    end();
}
