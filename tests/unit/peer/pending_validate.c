/* What pending_validate finds: each kind of damage, done by hand. */
#include "server/peer/pending.h"

#include <criterion/criterion.h>
#include <signal.h>

#ifdef PCED_VALIDATE

static struct pending pending;
static struct pending_entry entries[3];

static void setup(void)
{
    pending_init(&pending);
    for (int i = 0; i < 3; i++)
        pending_entry_init(&entries[i]);
    pending_set(&pending, &entries[0], 100); /* counted, in no list */
    pending_set(&pending, &entries[1], 5000);
    pending_set(&pending, &entries[2], 1000000);
    (void)pending_validate(&pending);
}

TestSuite(pending_validate, .init = setup);

Test(pending_validate, a_good_one_passes_and_costs_what_it_has)
{
    cr_assert_eq(pending_validate(&pending), PENDING_LISTS + 2);
    pending_set(&pending, &entries[2], UINT64_MAX);
    cr_assert_eq(pending_validate(&pending), PENDING_LISTS + 2);
}

Test(pending_validate, finds_a_sum_that_is_too_low, .signal = SIGABRT)
{
    pending.octets = 1000000;
    (void)pending_validate(&pending);
}

Test(pending_validate, finds_an_entry_in_a_wrong_list, .signal = SIGABRT)
{
    entries[2].octets = 10000;
    (void)pending_validate(&pending);
}

/* Its link was taken for something else while it had octets. */
Test(pending_validate, finds_an_entry_that_was_taken_out_of_its_list, .signal = SIGABRT)
{
    list_remove(&entries[1].link);
    (void)pending_validate(&pending);
}

Test(pending_validate, finds_a_bit_that_is_missing, .signal = SIGABRT)
{
    pending.occupied = 0;
    (void)pending_validate(&pending);
}

Test(pending_validate, finds_a_link_that_points_elsewhere, .signal = SIGABRT)
{
    entries[1].link.prev = &entries[2].link;
    (void)pending_validate(&pending);
}

Test(pending_validate, is_run_by_pending_itself, .signal = SIGABRT)
{
    pending.octets = 1000000;
    for (int i = 0; i < 100; i++)
        pending_set(&pending, &entries[0], 100);
}

#endif
