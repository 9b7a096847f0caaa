/* How many compute threads there are. */
#include "server/shard/compute.h"

#include <criterion/criterion.h>

/* A machine may have more cores than there are threads. */
Test(compute, there_are_no_more_compute_threads_than_the_pool_takes)
{
    cr_expect_eq(compute_threads_of(0, 1), 1);
    cr_expect_eq(compute_threads_of(0, COMPUTE_THREADS_MAX), COMPUTE_THREADS_MAX);
    cr_expect_eq(compute_threads_of(0, 384), COMPUTE_THREADS_MAX);
    cr_expect_eq(compute_threads_of(3, 384), 3);
    cr_expect_eq(compute_threads_of(COMPUTE_THREADS_MAX + 1, 1), COMPUTE_THREADS_MAX);
}
