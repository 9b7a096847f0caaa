/* OPENs whose parameters need more than 255 octets (RFC 9072). */
#include "tests/unit/bgp/support.h"

#include <criterion/criterion.h>
#include <stdio.h>

static const uint8_t zeros[400];

static size_t encode_open(const struct bgp_parameter *parameters, uint32_t count, uint8_t *room,
                          size_t size)
{
    struct wire_writer writer = wire_writer_init(room, size);
    const struct bgp_message message = {
        .type = BGP_MESSAGE_OPEN,
        .open = {.body = {.version = 4, .identifier = {IP_V4, {192, 0, 2, 9}}},
                 .parameters = (struct bgp_parameter *)(uintptr_t)parameters,
                 .parameter_count = count},
    };
    return bgp_encode(&message, &writer) == PCE_OK ? wire_written(&writer) : 0;
}

Test(bgp_open, parameters_of_255_octets_have_the_short_form_and_one_more_the_long_one)
{
    uint8_t room[700];
    const struct bgp_parameter fits = {.type = 1, .size = 253, .octets = zeros};
    const struct bgp_parameter does_not = {.type = 1, .size = 254, .octets = zeros};
    cr_assert_eq(encode_open(&fits, 1, room, sizeof room), 29 + 255);
    cr_expect(room[28] == 255 && room[29] == 1 && room[30] == 253);
    cr_assert_eq(encode_open(&does_not, 1, room, sizeof room), 29 + 3 + 3 + 254);
    static const uint8_t begins[] = {255, 255, 1, 1, 1, 0, 254};
    cr_expect_arr_eq(room + 28, begins, sizeof begins);
}

Test(bgp_open, many_parameters_need_the_long_form_and_come_back_from_it)
{
    uint8_t room[700];
    const struct bgp_parameter parameters[] = {{.type = 9, .size = 200, .octets = zeros},
                                               {.type = 8, .size = 400, .octets = zeros}};
    size_t size = encode_open(parameters, 2, room, sizeof room);
    cr_assert_eq(size, 29 + 3 + 203 + 403);
    struct bgp_decoded decoded;
    struct octets octets = {room, size};
    bgp_decoded_init(&decoded, &octets);
    cr_assert_eq(decoded.status, PCE_OK);
    const struct bgp_open_message *open = &decoded.message.open;
    cr_assert(open->is_extended && open->parameter_count == 2);
    cr_expect(open->parameters[0].size == 200 && open->parameters[1].size == 400);
    cr_expect(bgp_encodes_to(&decoded.message, &octets));
    bgp_decoded_fini(&decoded);
}

Test(bgp_open, an_open_without_room_for_its_parameters_is_not_written)
{
    uint8_t room[29 + 255];
    const struct bgp_parameter parameter = {.type = 1, .size = 253, .octets = zeros};
    cr_expect_eq(encode_open(&parameter, 1, room, sizeof room), 29 + 255);
    cr_expect_eq(encode_open(&parameter, 1, room, sizeof room - 1), 0);
}

Test(bgp_open, the_octet_in_place_of_the_length_says_nothing_and_is_kept)
{
    struct octets octets = bgp_octets(MARKER "0000 01 04 fde8 00b4 c0000209 2a ff 0003 010000");
    struct bgp_decoded decoded;
    bgp_decoded_init(&decoded, &octets);
    cr_assert_eq(decoded.status, PCE_OK);
    cr_expect(decoded.message.open.is_extended && decoded.message.open.parameter_count == 1);
    cr_expect(bgp_encodes_to(&decoded.message, &octets));
    bgp_decoded_fini(&decoded);
    octets_free(&octets);
}

static void expect_malformed(const char *parameters)
{
    char hex[200];
    struct bgp_decoded decoded;
    (void)snprintf(hex, sizeof hex, MARKER "0000 01 04 fde8 00b4 c0000209 %s", parameters);
    struct octets octets = bgp_octets(hex);
    bgp_decoded_init(&decoded, &octets);
    cr_expect(decoded.status == PCE_INVALID && decoded.fault.error == BGP_ERROR_OPEN_UNSPECIFIC,
              "%s", parameters);
    bgp_decoded_fini(&decoded);
    octets_free(&octets);
}

Test(bgp_open, lengths_of_the_long_form_that_do_not_fit_are_malformed)
{
    expect_malformed("ff ff");
    expect_malformed("ff ff 00");
    expect_malformed("ff ff 0004 010000");
    expect_malformed("ff ff 0003 010001");
    expect_malformed("00 ff 0000");
}
