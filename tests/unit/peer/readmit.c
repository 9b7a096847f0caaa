/* PCCs that have to wait before they may come back. */
#include "server/peer/readmit.h"

#include <criterion/criterion.h>

#define WAIT_S 30

static struct readmit readmit;
static const struct mono start = {1000 * MONO_NS_PER_S};

static void set_up(void)
{
    readmit = (struct readmit){.count = 0};
}

TestSuite(readmit, .init = set_up, .timeout = 30);

static struct ip address_of(uint32_t number)
{
    return ip_from_u32(0x0a000000U + number);
}

static uint32_t bar(uint32_t number, struct mono now)
{
    const struct ip address = address_of(number);
    return readmit_bar(&readmit, &address, WAIT_S, 0, now);
}

static bool is_barred(uint32_t number, struct mono now)
{
    const struct ip address = address_of(number);
    return readmit_is_barred(&readmit, &address, now);
}

Test(readmit, waits_for_its_time_and_others_do_not)
{
    cr_assert_eq(bar(1, start), WAIT_S);
    cr_assert(is_barred(1, mono_add_ms(start, 1000 * WAIT_S - 1)));
    cr_assert_not(is_barred(1, mono_add_s(start, WAIT_S)));
    cr_assert_not(is_barred(2, start));
    cr_assert_eq(readmit_waiting(&readmit, start), 1);
}

Test(readmit, the_time_doubles_within_the_hour_up_to_its_factor)
{
    struct mono now = start;
    for (uint32_t factor = 1; factor <= READMIT_FACTOR_MAX; factor *= 2)
        cr_assert_eq(bar(1, now), WAIT_S * factor);
    cr_assert_eq(bar(1, now), WAIT_S * READMIT_FACTOR_MAX);
    now = mono_add_ms(now, 1000 * (uint64_t)READMIT_MEMORY_S - 1);
    cr_assert_eq(bar(1, now), WAIT_S * READMIT_FACTOR_MAX);
    cr_assert_eq(bar(1, mono_add_s(now, READMIT_MEMORY_S)), WAIT_S, "that is forgotten");
    cr_assert_eq(readmit.count, 1);
}

Test(readmit, a_part_of_the_time_is_random)
{
    const struct ip address = address_of(1);
    cr_assert_eq(readmit_bar(&readmit, &address, 8, 3, start), 9, "8, and 3 of 0 to 1");
    cr_assert_eq(readmit_bar(&readmit, &address, 8, 2, start), 18, "16, and 2 of 0 to 2");
}

Test(readmit, no_time_is_no_wait)
{
    const struct ip address = address_of(1);
    cr_assert_eq(readmit_bar(&readmit, &address, 0, 0, start), 0);
    cr_assert_not(is_barred(1, start));
    cr_assert_eq(readmit.count, 0);
}

Test(readmit, as_many_as_are_remembered_wait_and_one_more_ousts_the_first)
{
    for (uint32_t i = 0; i < READMIT_MAX; i++)
        (void)bar(i, mono_add_ms(start, i));
    cr_assert_eq(readmit_waiting(&readmit, start), READMIT_MAX);
    cr_assert_eq(readmit.ousted, 0);
    const struct mono now = mono_add_ms(start, READMIT_MAX);
    (void)bar(READMIT_MAX, now);
    cr_assert_eq(readmit.ousted, 1);
    cr_assert_not(is_barred(0, now));
    cr_assert(is_barred(1, now));
    cr_assert(is_barred(READMIT_MAX, now));
}

Test(readmit, a_row_that_is_over_is_taken_first)
{
    for (uint32_t i = 0; i < READMIT_MAX; i++)
        (void)bar(i, start);
    (void)bar(READMIT_MAX, mono_add_s(start, READMIT_MEMORY_S));
    cr_assert_eq(readmit.ousted, 0);
    cr_assert_eq(readmit.count, READMIT_MAX);
}
