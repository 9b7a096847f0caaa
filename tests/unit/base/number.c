#include "core/base/number.h"

#include <criterion/criterion.h>

static bool is_number(const char *text, uint64_t max)
{
    uint64_t value = 1;
    bool is = number_parse(text, max, &value);
    cr_assert(is || value == 0, "%s: a value is left", text);
    return is;
}

Test(number, whole_text_is_the_number)
{
    uint64_t value;
    cr_assert(number_parse("0", 0, &value));
    cr_assert_eq(value, 0u);
    cr_assert(number_parse("4189", UINT16_MAX, &value));
    cr_assert_eq(value, 4189u);
    cr_assert(number_parse("18446744073709551615", UINT64_MAX, &value));
    cr_assert_eq(value, UINT64_MAX);
}

Test(number, text_with_anything_else_is_refused)
{
    static const char *const texts[] = {"",   " 1",  "1 ", "-1", "+1",  "0x10", "1e3",
                                        "1.", "one", "01", "00", "007", "1\n",  "1,000"};
    for (unsigned i = 0; i < sizeof texts / sizeof texts[0]; i++)
        cr_assert_not(is_number(texts[i], UINT64_MAX), "\"%s\"", texts[i]);
}

Test(number, greatest_is_taken_and_one_more_is_not)
{
    cr_assert(is_number("255", 255));
    cr_assert_not(is_number("256", 255));
    cr_assert_not(is_number("1", 0));
    cr_assert_not(is_number("18446744073709551616", UINT64_MAX));
    cr_assert_not(is_number("18446744073709551620", UINT64_MAX));
    cr_assert_not(is_number("99999999999999999999999", UINT64_MAX));
}

Test(number, taking_moves_behind_the_digits_or_not_at_all)
{
    const char *text = "12.300", *at = text;
    uint64_t value;
    cr_assert(number_take(&at, 255, &value));
    cr_assert_eq(value, 12u);
    cr_assert_eq(at, text + 2);
    cr_assert_not(number_take(&at, 255, &value));
    cr_assert_eq(at, text + 2);
    at++;
    cr_assert_not(number_take(&at, 255, &value));
    cr_assert_eq(at, text + 3);
    cr_assert_eq(value, 0u);
}
