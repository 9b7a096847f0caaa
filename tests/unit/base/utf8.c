#include "core/base/utf8.h"

#include <criterion/criterion.h>
#include <stdbool.h>

static size_t size_of(uint32_t word, size_t size)
{
    const uint8_t octets[4] = {(uint8_t)(word >> 24), (uint8_t)(word >> 16), (uint8_t)(word >> 8),
                               (uint8_t)word};
    return utf8_character_size(octets, size);
}

/* What the code points say, worked out the other way round. */
static size_t expected(uint32_t point, uint8_t octets[4])
{
    if (point < 0x80) {
        octets[0] = (uint8_t)point;
        return 1;
    }
    size_t size = point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
    for (size_t i = size; i-- > 1; point >>= 6)
        octets[i] = (uint8_t)(0x80 | (point & 0x3f));
    octets[0] = (uint8_t)((0xf00 >> size & 0xff) | point);
    return size;
}

Test(utf8, every_code_point_but_surrogates_is_a_character)
{
    for (uint32_t point = 0; point < 0x120000; point++) {
        uint8_t octets[4] = {0};
        size_t size = expected(point, octets);
        bool is_surrogate = point >= 0xd800 && point < 0xe000;
        bool is_character = !is_surrogate && point <= 0x10ffff;
        cr_assert_eq(utf8_character_size(octets, size), is_character ? size : 0, "U+%x", point);
        cr_assert_eq(utf8_character_size(octets, size - 1), 0, "U+%x cut", point);
    }
}

Test(utf8, overlong_forms_and_stray_octets_are_none)
{
    cr_expect_eq(size_of(0xc0800000, 4), 0);
    cr_expect_eq(size_of(0xc1bf0000, 4), 0);
    cr_expect_eq(size_of(0xe0808000, 4), 0);
    cr_expect_eq(size_of(0xf0808080, 4), 0);
    cr_expect_eq(size_of(0x80000000, 4), 0);
    cr_expect_eq(size_of(0xbf000000, 4), 0);
    cr_expect_eq(size_of(0xff000000, 4), 0);
    cr_expect_eq(size_of(0xf5808080, 4), 0);
    cr_expect_eq(size_of(0xc3280000, 4), 0);
    cr_expect_eq(size_of(0, 0), 0);
}

Test(utf8, a_text_that_was_cut_ends_with_a_whole_character)
{
    cr_expect_eq(utf8_whole_size("Z\xc3\xbc", 3), 3);
    cr_expect_eq(utf8_whole_size("Z\xc3\xbc", 2), 1);
    cr_expect_eq(utf8_whole_size("\xf0\x9f\x98\x80", 4), 4);
    for (size_t size = 1; size < 4; size++)
        cr_expect_eq(utf8_whole_size("\xf0\x9f\x98\x80", size), 0);
    cr_expect_eq(utf8_whole_size("core", 4), 4);
    cr_expect_eq(utf8_whole_size("", 0), 0);
    cr_expect_eq(utf8_whole_size("\x80\x80\x80\x80", 4), 4, "none of which can be made whole");
}
