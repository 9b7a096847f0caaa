#include "core/base/check.h"

#include <criterion/criterion.h>
#include <signal.h>

Test(check, true_condition_goes_on)
{
    int evaluated = 0;
    CHECK(++evaluated == 1);
    cr_assert_eq(evaluated, 1);
}

Test(check, false_condition_aborts, .signal = SIGABRT)
{
    int evaluated = 0;
    CHECK(++evaluated == 2);
}
