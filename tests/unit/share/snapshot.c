#include "io/share/snapshot.h"
#include "io/os/clock.h"

#include <criterion/criterion.h>

static unsigned destroyed;

static void count_destroyed(void *thing)
{
    destroyed += *(unsigned *)thing;
}

struct trio {
    struct snapshot_domain *domain;
    struct snapshot_publisher *publisher;
    struct snapshot_reader *reader;
};

static struct trio trio_open(void)
{
    struct trio trio;
    cr_assert_eq(snapshot_domain_create(&trio.domain), PCE_OK);
    cr_assert_eq(snapshot_publisher_create(trio.domain, &trio.publisher), PCE_OK);
    cr_assert_eq(snapshot_reader_create(trio.domain, &trio.reader), PCE_OK);
    return trio;
}

static void trio_close(struct trio *trio)
{
    snapshot_reader_destroy(trio->reader);
    snapshot_publisher_destroy(trio->publisher);
    snapshot_domain_destroy(trio->domain);
}

Test(snapshot, a_reader_keeps_what_it_got_until_it_leaves)
{
    struct trio trio = trio_open();
    struct snapshot_cell cell = {0};
    unsigned things[] = {1, 10, 100};
    cr_assert(snapshot_get(&cell) == NULL);
    cr_assert_eq(snapshot_publish(trio.publisher, &cell, &things[0], count_destroyed), PCE_OK);
    snapshot_enter(trio.reader);
    cr_assert(snapshot_get(&cell) == &things[0]);
    cr_assert_eq(snapshot_publish(trio.publisher, &cell, &things[1], count_destroyed), PCE_OK);
    cr_assert(snapshot_get(&cell) == &things[1]);
    for (int i = 0; i < 10; i++)
        cr_assert_eq(snapshot_poll(trio.publisher), 1);
    cr_assert_eq(destroyed, 0);
    cr_assert_eq(snapshot_drain(trio.publisher, clock_now()), PCE_TIMEOUT);
    snapshot_leave(trio.reader);
    cr_assert_eq(snapshot_drain(trio.publisher, mono_add_s(clock_now(), 5)), PCE_OK);
    cr_assert_eq(destroyed, 1);
    cr_assert_eq(snapshot_publish(trio.publisher, &cell, &things[2], count_destroyed), PCE_OK);
    cr_assert_eq(snapshot_publish(trio.publisher, &cell, NULL, NULL), PCE_OK);
    trio_close(&trio);
    cr_assert_eq(destroyed, 111);
}

Test(snapshot, a_reader_that_comes_back_all_the_time_does_not_hold_the_old_ones)
{
    struct trio trio = trio_open();
    struct snapshot_cell cell = {0};
    unsigned thing = 1;
    for (unsigned i = 0; i < 1000; i++) {
        snapshot_enter(trio.reader);
        cr_assert_eq(snapshot_publish(trio.publisher, &cell, &thing, count_destroyed), PCE_OK);
        snapshot_leave(trio.reader);
        cr_assert(snapshot_poll(trio.publisher) <= 4);
    }
    cr_assert(destroyed >= 990);
    cr_assert_eq(snapshot_publish(trio.publisher, &cell, NULL, NULL), PCE_OK);
    trio_close(&trio);
    cr_assert_eq(destroyed, 1000);
}

Test(snapshot, what_waits_for_a_reader_is_bounded)
{
    struct trio trio = trio_open();
    struct snapshot_cell cell = {0};
    unsigned thing = 1;
    snapshot_enter(trio.reader);
    for (unsigned i = 0; i <= SNAPSHOT_RETIRED_MAX; i++)
        cr_assert_eq(snapshot_publish(trio.publisher, &cell, &thing, count_destroyed), PCE_OK);
    unsigned refused = 1;
    cr_assert_eq(snapshot_publish(trio.publisher, &cell, &refused, count_destroyed), PCE_LIMIT);
    cr_assert(snapshot_get(&cell) == &thing);
    snapshot_leave(trio.reader);
    cr_assert_eq(snapshot_publish(trio.publisher, &cell, NULL, NULL), PCE_OK);
    trio_close(&trio);
    cr_assert_eq(destroyed, SNAPSHOT_RETIRED_MAX + 1);
}

Test(snapshot, a_seat_is_used_again)
{
    struct snapshot_domain *domain;
    cr_assert_eq(snapshot_domain_create(&domain), PCE_OK);
    for (int i = 0; i < 100; i++) {
        struct snapshot_reader *reader;
        cr_assert_eq(snapshot_reader_create(domain, &reader), PCE_OK);
        snapshot_enter(reader);
        snapshot_leave(reader);
        snapshot_reader_destroy(reader);
    }
    snapshot_domain_destroy(domain);
}
