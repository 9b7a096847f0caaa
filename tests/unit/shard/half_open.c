/* The limits of connections that are not UP, at each limit and one past it. */
#include "server/shard/half_open.h"

#include <criterion/criterion.h>

static struct half_open half_open; /* large */

static struct ip v4(unsigned a, unsigned b, unsigned c, unsigned d)
{
    return ip_from_u32((a << 24) | (b << 16) | (c << 8) | d);
}

static enum half_open_answer take(struct ip ip, const struct half_open_limits *limits)
{
    uint8_t bits;
    return half_open_take(&half_open, &ip, limits, &bits);
}

Test(half_open, a_prefix_has_its_limit_and_others_go_on)
{
    struct half_open_limits limits = {
        .total_max = 100, .prefix_max = 3, .v4_bits = 24, .v6_bits = 64};
    for (unsigned i = 0; i < 3; i++)
        cr_assert_eq(take(v4(192, 0, 2, i), &limits), HALF_OPEN_TAKEN);
    cr_assert_eq(take(v4(192, 0, 2, 200), &limits), HALF_OPEN_PREFIX_FULL);
    cr_assert_eq(take(v4(192, 0, 3, 1), &limits), HALF_OPEN_TAKEN);
    cr_assert_eq(half_open_total(&half_open), 4);
    struct ip first = v4(192, 0, 2, 77);
    half_open_release(&half_open, &first, 24);
    cr_assert_eq(take(v4(192, 0, 2, 200), &limits), HALF_OPEN_TAKEN);
    cr_assert_eq(take(v4(192, 0, 2, 201), &limits), HALF_OPEN_PREFIX_FULL);
}

Test(half_open, the_total_has_its_limit)
{
    struct half_open_limits limits = {
        .total_max = 5, .prefix_max = 100, .v4_bits = 24, .v6_bits = 64};
    for (unsigned i = 0; i < 5; i++)
        cr_assert_eq(take(v4(10, i, 0, 1), &limits), HALF_OPEN_TAKEN);
    cr_assert_eq(take(v4(10, 9, 0, 1), &limits), HALF_OPEN_TOTAL_FULL);
    cr_assert_eq(half_open_total(&half_open), 5);
}

Test(half_open, one_that_is_refused_was_never_counted)
{
    struct half_open_limits limits = {
        .total_max = 3, .prefix_max = 2, .v4_bits = 24, .v6_bits = 64};
    struct ip ip = v4(192, 0, 2, 1);
    for (unsigned i = 0; i < 2; i++)
        cr_assert_eq(take(ip, &limits), HALF_OPEN_TAKEN);
    for (unsigned i = 0; i < 100; i++)
        cr_assert_eq(take(ip, &limits), HALF_OPEN_PREFIX_FULL);
    cr_expect_eq(half_open_count(&half_open, &ip, 24), 2);
    cr_assert_eq(take(v4(10, 0, 0, 1), &limits), HALF_OPEN_TAKEN);
    cr_assert_eq(take(v4(10, 1, 0, 1), &limits), HALF_OPEN_TOTAL_FULL);
    ip = v4(10, 1, 0, 1);
    cr_expect_eq(half_open_count(&half_open, &ip, 24), 0);
}

Test(half_open, what_nobody_held_is_told_and_no_count_goes_below_zero)
{
    struct half_open_limits limits = {
        .total_max = 2, .prefix_max = 1, .v4_bits = 24, .v6_bits = 64};
    struct ip held = v4(192, 0, 2, 1);
    struct ip other = v4(10, 0, 0, 1);
    cr_expect(!half_open_release(&half_open, &other, 24), "there is none at all");
    cr_assert_eq(take(held, &limits), HALF_OPEN_TAKEN);
    cr_expect(!half_open_release(&half_open, &other, 24));
    cr_expect_eq(half_open_total(&half_open), 1, "the other one keeps its place");
    cr_expect(half_open_release(&half_open, &held, 24));
    cr_expect(!half_open_release(&half_open, &held, 24), "a second time");
    cr_expect_eq(half_open_total(&half_open), 0);
    cr_assert_eq(take(held, &limits), HALF_OPEN_TAKEN, "and counting goes on");
}

Test(half_open, a_gauge_that_is_empty_stays_so)
{
    struct gauge gauge = {.count = 0};
    cr_expect(!gauge_release(&gauge));
    cr_expect(gauge_take(&gauge, 1));
    cr_expect(!gauge_take(&gauge, 1));
    cr_expect(gauge_release(&gauge));
    cr_expect_eq(gauge_get(&gauge), 0);
}

Test(half_open, a_prefix_of_v6_is_counted_by_its_own_length)
{
    struct half_open_limits limits = {
        .total_max = 100, .prefix_max = 1, .v4_bits = 24, .v6_bits = 60};
    struct ip a;
    struct ip b;
    struct ip c;
    cr_assert(ip_parse("2001:db8:0:10::1", &a) && ip_parse("2001:db8:0:1f::1", &b) &&
              ip_parse("2001:db8:0:20::1", &c));
    cr_assert_eq(take(a, &limits), HALF_OPEN_TAKEN);
    cr_assert_eq(take(b, &limits), HALF_OPEN_PREFIX_FULL);
    cr_assert_eq(take(c, &limits), HALF_OPEN_TAKEN);
}

Test(half_open, is_given_back_under_the_length_that_it_was_taken_with)
{
    struct half_open_limits limits = {
        .total_max = 100, .prefix_max = 1, .v4_bits = 24, .v6_bits = 64};
    struct ip ip = v4(192, 0, 2, 1);
    uint8_t bits;
    cr_assert_eq(half_open_take(&half_open, &ip, &limits, &bits), HALF_OPEN_TAKEN);
    limits.v4_bits = 16; /* a reload */
    half_open_release(&half_open, &ip, bits);
    cr_assert_eq(half_open_total(&half_open), 0);
    limits.v4_bits = 24;
    cr_assert_eq(take(ip, &limits), HALF_OPEN_TAKEN);
}

Test(half_open, thousands_of_prefixes_do_not_stand_in_each_others_way)
{
    struct half_open_limits limits = {
        .total_max = 100000, .prefix_max = 8, .v4_bits = 24, .v6_bits = 64};
    unsigned refused = 0;
    for (unsigned i = 0; i < 4096; i++)
        refused += take(v4(10, i >> 8, i & 255, 1), &limits) != HALF_OPEN_TAKEN;
    cr_assert_eq(refused, 0);
    for (unsigned i = 0; i < 4096; i++) {
        struct ip ip = v4(10, i >> 8, i & 255, 9);
        half_open_release(&half_open, &ip, 24);
    }
    for (unsigned row = 0; row < HALF_OPEN_ROWS; row++) {
        for (unsigned column = 0; column < HALF_OPEN_COLUMNS; column++)
            cr_assert_eq(half_open.counts[row][column], 0);
    }
}

Test(half_open, a_prefix_is_counted)
{
    struct half_open_limits limits = {
        .total_max = 100, .prefix_max = 100, .v4_bits = 24, .v6_bits = 64};
    struct ip inside = v4(192, 0, 2, 9);
    struct ip outside = v4(192, 0, 3, 9);
    cr_assert_eq(half_open_count(&half_open, &inside, 24), 0);
    for (unsigned i = 0; i < 5; i++)
        cr_assert_eq(take(v4(192, 0, 2, i), &limits), HALF_OPEN_TAKEN);
    cr_assert_eq(half_open_count(&half_open, &inside, 24), 5);
    cr_assert_eq(half_open_count(&half_open, &outside, 24), 0);
    half_open_release(&half_open, &inside, 24);
    cr_assert_eq(half_open_count(&half_open, &inside, 24), 4);
}
