#include "core/base/mono.h"

#include <criterion/criterion.h>

Test(mono, units_are_nanoseconds)
{
    const struct mono start = {5};
    cr_assert_eq(mono_add_ms(start, 3).ns, UINT64_C(3000005));
    cr_assert_eq(mono_add_s(start, 60).ns, UINT64_C(60000000005));
}

Test(mono, never_is_after_everything)
{
    const struct mono late = {UINT64_MAX - 1};
    cr_assert(mono_is_before(late, MONO_NEVER));
    cr_assert(mono_is_never(MONO_NEVER));
    cr_assert_not(mono_is_never(late));
    cr_assert_eq(mono_min(MONO_NEVER, late).ns, late.ns);
}

Test(mono, since_is_zero_when_time_went_back)
{
    const struct mono early = {10};
    const struct mono late = {25};
    cr_assert_eq(mono_since_ns(late, early), 15);
    cr_assert_eq(mono_since_ns(early, late), 0);
}
