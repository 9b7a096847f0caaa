/* The log of the network: a ring that any thread reads on from where it is. */
#include "server/settings/network_log.h"

#include <criterion/criterion.h>
#include <stdio.h>

static void add(struct network_log *log, unsigned number)
{
    struct network_change change = {.generation = number, .what = "changed", .kind = "link"};
    (void)snprintf(change.text, sizeof change.text, "number %u", number);
    network_log_add(log, &change);
}

Test(network_log, gives_each_change_a_number_and_finds_it_by_that)
{
    struct network_log *log = network_log_create();
    struct network_change change;
    cr_expect_eq(network_log_last(log), 0);
    cr_expect_not(network_log_read(log, 0, &change));
    cr_expect_not(network_log_read(log, 1, &change));
    add(log, 7);
    add(log, 8);
    cr_expect_eq(network_log_last(log), 2);
    cr_assert(network_log_read(log, 1, &change));
    cr_expect_eq(change.sequence, 1);
    cr_expect_str_eq(change.text, "number 7");
    cr_assert(network_log_read(log, 2, &change));
    cr_expect_eq(change.generation, 8);
    cr_expect_str_eq(change.what, "changed");
    cr_expect_not(network_log_read(log, 3, &change));
    network_log_destroy(log);
}

Test(network_log, overwrites_the_oldest_and_no_other)
{
    struct network_log *log = network_log_create();
    struct network_change change;
    for (unsigned i = 1; i <= NETWORK_LOG_RECORDS; i++)
        add(log, i);
    cr_expect(network_log_read(log, 1, &change));
    add(log, NETWORK_LOG_RECORDS + 1);
    cr_expect_not(network_log_read(log, 1, &change));
    for (unsigned i = 2; i <= NETWORK_LOG_RECORDS + 1; i++) {
        cr_assert(network_log_read(log, i, &change));
        cr_assert_eq(change.generation, i);
    }
    network_log_destroy(log);
}
