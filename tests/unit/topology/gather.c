/* When changes become a new network. */
#include "server/topology/gather.h"

#include <criterion/criterion.h>

#define GATHER_MS 20

TestSuite(gather, .timeout = 10);

static struct mono at(uint64_t ms)
{
    return mono_add_ms((struct mono){MONO_NS_PER_S}, ms);
}

static uint64_t deadline_ms(const struct gather *gather)
{
    return mono_since_ns(gather_deadline(gather, GATHER_MS, MONO_NEVER), at(0)) / MONO_NS_PER_MS;
}

/* The last network was made at 0, and took so long. */
static struct gather gather_after(uint64_t spent_ms)
{
    struct gather gather;
    gather_begin(&gather, 1);
    gather_look(&gather, 2, at(0));
    gather_end(&gather, at(0), at(spent_ms));
    return gather;
}

/* Changes until then, one each millisecond. */
static void gather_change(struct gather *gather, uint64_t from_ms, uint64_t until_ms)
{
    for (uint64_t ms = from_ms; ms <= until_ms; ms++)
        gather_look(gather, gather->generation + 1, at(ms));
}

Test(gather, waits_for_nothing_without_a_change)
{
    struct gather gather;
    gather_begin(&gather, 7);
    gather_look(&gather, 7, at(0));
    cr_assert(mono_is_never(gather_deadline(&gather, GATHER_MS, MONO_NEVER)));
}

Test(gather, lets_one_change_wait_for_its_time_however_long_the_last_network_took)
{
    struct gather gather = gather_after(500);
    gather_change(&gather, 1000, 1000);
    cr_assert_eq(deadline_ms(&gather), 1000 + GATHER_MS);
}

Test(gather, takes_what_comes_within_its_time_where_networks_are_made_fast)
{
    struct gather gather = gather_after(1);
    gather_change(&gather, 100, 115);
    cr_assert_eq(deadline_ms(&gather), 100 + GATHER_MS);
}

Test(gather, waits_four_times_what_the_last_network_took_while_changes_go_on)
{
    struct gather gather = gather_after(50);
    gather_change(&gather, 100, 290);
    cr_assert_eq(deadline_ms(&gather), 300);
}

Test(gather, ends_with_a_pause_of_its_time)
{
    struct gather gather = gather_after(50);
    gather_change(&gather, 100, 150);
    gather_look(&gather, gather.generation, at(165));
    cr_assert_eq(deadline_ms(&gather), 150 + GATHER_MS);
}

Test(gather, lets_no_change_wait_longer_than_its_limit)
{
    struct gather gather = gather_after(GATHER_MAX_MS / 4);
    gather_change(&gather, 0, GATHER_MAX_MS);
    cr_assert_eq(deadline_ms(&gather), GATHER_MAX_MS);
    gather = gather_after(GATHER_MAX_MS / 4 + 1);
    gather_change(&gather, 0, GATHER_MAX_MS);
    cr_assert_eq(deadline_ms(&gather), GATHER_MAX_MS);
}

Test(gather, begins_anew_with_each_network)
{
    struct gather gather = gather_after(1);
    gather_change(&gather, 100, 110);
    gather_end(&gather, at(120), at(121));
    cr_assert(mono_is_never(gather_deadline(&gather, GATHER_MS, MONO_NEVER)));
    gather_change(&gather, 130, 130);
    cr_assert_eq(deadline_ms(&gather), 130 + GATHER_MS);
}

Test(gather, tries_again_what_could_not_be_published)
{
    struct gather gather = gather_after(1);
    gather_change(&gather, 100, 110);
    gather_end(&gather, at(120), at(121));
    gather_fail(&gather, at(121));
    gather_look(&gather, gather.generation, at(200));
    cr_assert_eq(deadline_ms(&gather), 121 + GATHER_RETRY_MS + GATHER_MS);
}

static uint64_t table_deadline_ms(const struct gather *gather, uint64_t until_ms)
{
    return mono_since_ns(gather_deadline(gather, GATHER_MS, at(until_ms)), at(0)) / MONO_NS_PER_MS;
}

Test(gather, lets_a_first_table_come_until_a_pause)
{
    struct gather gather = gather_after(1);
    gather_change(&gather, 100, 4000);
    cr_assert_eq(table_deadline_ms(&gather, 10000), 4000 + GATHER_PAUSE_MS);
}

Test(gather, waits_for_a_first_table_no_longer_than_it_may)
{
    struct gather gather = gather_after(1);
    gather_change(&gather, 9000, 9900);
    cr_assert_eq(table_deadline_ms(&gather, 10000), 10000);
    cr_assert_eq(deadline_ms(&gather), 9000 + GATHER_MS);
}

Test(gather, waits_for_no_table_where_nothing_is_new)
{
    struct gather gather;
    gather_begin(&gather, 7);
    cr_assert(mono_is_never(gather_deadline(&gather, GATHER_MS, at(1000))));
}
