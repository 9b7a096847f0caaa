#include "core/base/wire.h"

#include <criterion/criterion.h>
#include <math.h>

static const uint8_t octets[16] = {0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08,
                                   0x3f, 0x80, 0x00, 0x00, 0x0d, 0x0e, 0x0f, 0x10};

Test(wire_reader, numbers_are_in_network_order)
{
    struct wire_reader r = wire_reader_init(octets, sizeof octets);
    cr_assert_eq(wire_u8(&r), 0x01);
    cr_assert_eq(wire_u16(&r), 0x0203);
    cr_assert_eq(wire_u8(&r), 0x04);
    cr_assert_eq(wire_u32(&r), UINT32_C(0x05060708));
    cr_assert_eq(wire_f32(&r), 1.0F);
    cr_assert_eq(wire_offset(&r), 12);
    cr_assert_eq(wire_left(&r), 4);
    cr_assert_not(r.failed);
    r = wire_reader_init(octets, 8);
    cr_assert_eq(wire_u64(&r), UINT64_C(0x0102030405060708));
    cr_assert_eq(wire_left(&r), 0);
    cr_assert_not(r.failed);
}

Test(wire_reader, u8_past_end_latches_failure)
{
    struct wire_reader r = wire_reader_init(octets, 0);
    cr_assert_eq(wire_u8(&r), 0);
    cr_assert(r.failed);
}

Test(wire_reader, u16_past_end_latches_failure)
{
    struct wire_reader r = wire_reader_init(octets, 1);
    cr_assert_eq(wire_u16(&r), 0);
    cr_assert(r.failed);
}

Test(wire_reader, u32_past_end_latches_failure)
{
    struct wire_reader r = wire_reader_init(octets, 3);
    cr_assert_eq(wire_u32(&r), 0);
    cr_assert(r.failed);
}

Test(wire_reader, u64_past_end_latches_failure)
{
    struct wire_reader r = wire_reader_init(octets, 7);
    (void)wire_u64(&r);
    cr_assert(r.failed);
    cr_assert_eq(wire_u64(&r), 0);
}

Test(wire_reader, failure_is_sticky_and_reads_zeros)
{
    struct wire_reader r = wire_reader_init(octets, 5);
    cr_assert_eq(wire_u32(&r), UINT32_C(0x01020304));
    cr_assert_eq(wire_u32(&r), 0);
    /* One octet was left, but what follows a failure means nothing. */
    cr_assert_eq(wire_u8(&r), 0);
    cr_assert_eq(wire_f32(&r), 0.0F);
    uint8_t copy[4] = {9, 9, 9, 9};
    wire_copy(&r, copy, sizeof copy);
    for (size_t i = 0; i < sizeof copy; i++)
        cr_assert_eq(copy[i], 0);
    cr_assert_eq(wire_rest(&r).size, 0);
    cr_assert_null(wire_take(&r, 0));
    cr_assert(r.failed);
}

Test(wire_reader, copy_skip_and_rest_step_over_octets)
{
    struct wire_reader r = wire_reader_init(octets, sizeof octets);
    uint8_t copy[3];
    wire_copy(&r, copy, sizeof copy);
    cr_assert_eq(copy[2], 0x03);
    wire_skip(&r, 9);
    struct wire_span rest = wire_rest(&r);
    cr_assert_eq(rest.size, 4);
    cr_assert_eq(rest.octets[0], 0x0d);
    cr_assert_eq(wire_left(&r), 0);
    cr_assert_not(r.failed);
    wire_skip(&r, 1);
    cr_assert(r.failed);
}

Test(wire_reader, child_cannot_see_past_its_size)
{
    struct wire_reader r = wire_reader_init(octets, sizeof octets);
    wire_skip(&r, 2);
    struct wire_reader child = wire_sub(&r, 4);
    cr_assert_eq(wire_left(&child), 4);
    cr_assert_eq(wire_u16(&child), 0x0304);
    /* Offsets count from the message, in the child too. */
    cr_assert_eq(wire_offset(&child), 4);
    cr_assert_eq(wire_u32(&child), 0);
    cr_assert(child.failed);
    /* The parent stands behind the child, whatever the child did. */
    cr_assert_not(r.failed);
    cr_assert_eq(wire_u8(&r), 0x07);
}

Test(wire_reader, child_that_does_not_fit_fails_with_its_parent)
{
    struct wire_reader r = wire_reader_init(octets, 4);
    struct wire_reader child = wire_sub(&r, 5);
    cr_assert(r.failed);
    cr_assert(child.failed);
    cr_assert_eq(wire_left(&child), 0);
    cr_assert_eq(wire_u8(&child), 0);
    struct wire_reader later = wire_sub(&r, 0);
    cr_assert(later.failed);
}

Test(wire_reader, size_that_wraps_does_not_fit)
{
    struct wire_reader r = wire_reader_init(octets, sizeof octets);
    struct wire_reader child = wire_sub(&r, SIZE_MAX);
    cr_assert(child.failed);
    cr_assert(r.failed);
}

Test(wire_reader, nothing_can_be_read_from_no_octets)
{
    struct wire_reader r = wire_reader_init(NULL, 0);
    struct wire_reader child = wire_sub(&r, 0);
    uint8_t none[1];
    wire_copy(&r, none, 0);
    cr_assert_not(r.failed);
    cr_assert_not(child.failed);
    (void)wire_u8(&r);
    cr_assert(r.failed);
}

Test(wire_writer, writes_what_the_reader_reads)
{
    uint8_t buffer[64];
    struct wire_writer w = wire_writer_init(buffer, sizeof buffer);
    wire_put_u8(&w, 0xfe);
    wire_put_u16(&w, 0xfedc);
    wire_put_u32(&w, UINT32_C(0xfedcba98));
    wire_put_u64(&w, UINT64_C(0xfedcba9876543210));
    wire_put_f32(&w, -2.5F);
    wire_put_octets(&w, octets, 3);
    wire_put_zeros(&w, 2);
    cr_assert_not(w.failed);
    cr_assert_eq(wire_written(&w), 24);

    struct wire_reader r = wire_reader_init(buffer, wire_written(&w));
    cr_assert_eq(wire_u8(&r), 0xfe);
    cr_assert_eq(wire_u16(&r), 0xfedc);
    cr_assert_eq(wire_u32(&r), UINT32_C(0xfedcba98));
    cr_assert_eq(wire_u64(&r), UINT64_C(0xfedcba9876543210));
    cr_assert_eq(wire_f32(&r), -2.5F);
    cr_assert_arr_eq(wire_take(&r, 3), octets, 3);
    cr_assert_eq(wire_u16(&r), 0);
    cr_assert_eq(wire_left(&r), 0);
    cr_assert_not(r.failed);
}

Test(wire_writer, float_bits_survive)
{
    uint8_t buffer[8];
    struct wire_writer w = wire_writer_init(buffer, sizeof buffer);
    wire_put_f32(&w, NAN);
    wire_put_f32(&w, INFINITY);
    struct wire_reader r = wire_reader_init(buffer, sizeof buffer);
    cr_assert(isnan(wire_f32(&r)));
    cr_assert(isinf(wire_f32(&r)));
}

Test(wire_writer, overflow_latches_failure_and_touches_nothing)
{
    uint8_t buffer[8];
    memset(buffer, 0x55, sizeof buffer);
    struct wire_writer w = wire_writer_init(buffer, 6);
    wire_put_u32(&w, 1);
    wire_put_u32(&w, 2);
    cr_assert(w.failed);
    cr_assert_eq(buffer[4], 0x55);
    /* Two octets would fit; after a failure nothing does. */
    wire_put_u16(&w, 3);
    wire_put_u8(&w, 3);
    wire_put_octets(&w, octets, 1);
    wire_put_zeros(&w, 1);
    cr_assert_null(wire_reserve(&w, 0));
    cr_assert_eq(wire_written(&w), 4);
    for (size_t i = 4; i < sizeof buffer; i++)
        cr_assert_eq(buffer[i], 0x55);
}

Test(wire_writer, exactly_full_is_no_failure)
{
    uint8_t buffer[4];
    struct wire_writer w = wire_writer_init(buffer, sizeof buffer);
    wire_put_u32(&w, 1);
    cr_assert_not(w.failed);
    wire_put_u8(&w, 1);
    cr_assert(w.failed);
}

Test(wire_writer, reservation_that_wraps_does_not_fit)
{
    uint8_t buffer[4];
    struct wire_writer w = wire_writer_init(buffer, sizeof buffer);
    cr_assert_null(wire_reserve(&w, SIZE_MAX));
    cr_assert(w.failed);
}

Test(wire_writer, patch_overwrites_a_reserved_length)
{
    uint8_t buffer[8];
    struct wire_writer w = wire_writer_init(buffer, sizeof buffer);
    wire_put_zeros(&w, 6);
    wire_patch_u16(&w, 4, 0xffff);
    wire_patch_u16(&w, 2, 0x0102);
    cr_assert_not(w.failed);
    const uint8_t expected[6] = {0, 0, 0x01, 0x02, 0xff, 0xff};
    cr_assert_arr_eq(buffer, expected, 6);
    cr_assert_eq(wire_written(&w), 6);
}

Test(wire_writer, patch_of_what_was_not_written_fails)
{
    const size_t offsets[4] = {5, 6, 7, SIZE_MAX};
    for (size_t i = 0; i < 4; i++) {
        uint8_t buffer[8] = {0};
        struct wire_writer w = wire_writer_init(buffer, sizeof buffer);
        wire_put_zeros(&w, 6);
        wire_patch_u16(&w, offsets[i], 0x0101);
        cr_assert(w.failed, "offset %zu", offsets[i]);
        for (size_t j = 0; j < sizeof buffer; j++)
            cr_assert_eq(buffer[j], 0);
    }
}

Test(wire_writer, patch_of_a_length_above_16_bits_fails)
{
    uint8_t buffer[8];
    struct wire_writer w = wire_writer_init(buffer, sizeof buffer);
    wire_put_zeros(&w, 4);
    wire_patch_u16(&w, 0, 0x10000);
    cr_assert(w.failed);
}
