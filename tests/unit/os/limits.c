#include "io/os/limits.h"

#include <criterion/criterion.h>
#include <sys/resource.h>

/* Each test is a process of its own: its limit is nobody else's. */
Test(limits, soft_limit_of_open_files_is_raised_to_the_hard_one)
{
    struct rlimit files;
    cr_assert_eq(getrlimit(RLIMIT_NOFILE, &files), 0);
    rlim_t hard = files.rlim_max;
    files.rlim_cur = 64;
    cr_assert_eq(setrlimit(RLIMIT_NOFILE, &files), 0);
    cr_assert_eq(limits_files(), 64u);
    cr_assert_eq(limits_files_hard(), hard);
    limits_raise_files();
    cr_assert_eq(limits_files(), hard);
    limits_raise_files();
    cr_assert_eq(limits_files(), hard);
}
