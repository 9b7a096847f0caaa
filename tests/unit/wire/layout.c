/* A protocol of this test's own: what core/wire makes of a list of fields without any of PCEP. */
#include "core/wire/layout_code.h"
#include "core/wire/members.h"
#include "core/wire/show.h"

#include <criterion/criterion.h>

static const struct wire_name state_rows[] = {{0, "down"}, {1, "up"}};
static const struct wire_name flag_rows[] = {{0x01, "loose"}, {0x0E, "level"}};
static const struct wire_names plain = {.style = WIRE_STYLE_PLAIN};
static const struct wire_names states = {
    .style = WIRE_STYLE_VALUES, .count = 2, .rows = state_rows, .above = {16, "private"}};
static const struct wire_names flags = {.style = WIRE_STYLE_FLAGS, .count = 2, .rows = flag_rows};

/* A kind of the protocol's own. */
struct part;
#define WIRE_MEMBER_PARTS(member)                                                                  \
    struct part *member;                                                                           \
    uint32_t count;
#define WIRE_FIELD_PARTS WIRE_FIELD_OWN

#define LINK_FIELDS(X)                                                                             \
    X(HI3, state, states)                                                                          \
    X(LO5, flags, flags)                                                                           \
    X(U24, reserved, plain)                                                                        \
    X(U32, metric, plain)                                                                          \
    X(F32, load, plain)                                                                            \
    X(IPV4, router, plain)                                                                         \
    X(U16S, ids, plain)
#define SET_FIELDS(X) X(U8, size, plain) X(PARTS, parts, plain)

struct link_body {
    LINK_FIELDS(WIRE_MEMBER)
};
struct set_body {
    SET_FIELDS(WIRE_MEMBER)
};

#define ROW(kind, member, names) WIRE_FIELD_ROW(kind, member, &(names))
WIRE_LAYOUT_CODE(link, struct link_body, LINK_FIELDS)
WIRE_LAYOUT_FIELDS(link, struct link_body, LINK_FIELDS, ROW)
WIRE_LAYOUT_FIELDS(set, struct set_body, SET_FIELDS, ROW)

static const uint8_t octets[20] = {0x2B, 0xAB, 0xCD, 0xEF, 0, 0, 0, 20, 0x3F, 0x80,
                                   0,    0,    192,  0,    2, 1, 0, 7,  0x01, 0x00};
static struct arena arena;
static struct wire_decoding decoding;
static struct link_body body;

static bool decode(size_t size)
{
    struct wire_reader reader = wire_reader_init(octets, size);
    decoding = (struct wire_decoding){.arena = &arena};
    return decode_link(&reader, &body, &decoding);
}

static void setup(void)
{
    arena_init(&arena, 1U << 16);
}

static void teardown(void)
{
    arena_fini(&arena);
}

static const char *shown(const char *name)
{
    static char text[256];
    struct wire_field_table table = fields_link();
    struct wire_writer out = wire_writer_init(text, sizeof text - 1);
    for (uint32_t i = 0; i < table.count; i++) {
        const struct wire_field *field = &table.fields[i];
        struct wire_value value = wire_field_load(field, &body);
        if (strcmp(field->name, name) == 0)
            show_value(&out, field, field->names, &value);
    }
    text[wire_written(&out)] = '\0';
    return text;
}

TestSuite(layout, .init = setup, .fini = teardown, .timeout = 10);

Test(layout, list_of_fields_reads_a_body)
{
    cr_assert(decode(sizeof octets));
    cr_expect_eq(body.state, 1);
    cr_expect_eq(body.flags, 0x0B);
    cr_expect_eq(body.reserved, 0xABCDEF);
    cr_expect_eq(body.metric, 20);
    cr_expect_eq(body.load, 1.0F);
    cr_expect_eq(body.router.family, IP_V4);
    cr_expect_arr_eq(body.router.octets, octets + 12, 4);
    cr_assert_eq(body.count, 2);
    cr_expect_eq(body.ids[0], 7);
    cr_expect_eq(body.ids[1], 256);
}

Test(layout, body_is_written_as_it_was_read_reserved_bits_too)
{
    uint8_t written[sizeof octets];
    struct wire_writer writer = wire_writer_init(written, sizeof written);
    cr_assert(decode(sizeof octets));
    encode_link(&writer, &body);
    cr_assert_eq(wire_written(&writer), sizeof octets);
    cr_expect_arr_eq(written, octets, sizeof octets);
}

Test(layout, fixed_part_is_enough_and_an_octet_less_is_not)
{
    cr_expect(decode(16));
    cr_expect_eq(body.count, 0);
    cr_expect_not(decode(15));
    cr_expect_not(decoding.is_full);
    cr_expect_eq(decoding.error, 0, "too short is no error of the protocol's");
}

Test(layout, array_without_room_says_that_the_arena_is_full)
{
    struct arena small;
    arena_init(&small, 1);
    struct wire_reader reader = wire_reader_init(octets, sizeof octets);
    decoding = (struct wire_decoding){.arena = &small};
    cr_expect_not(decode_link(&reader, &body, &decoding));
    cr_expect(decoding.is_full);
    arena_fini(&small);
}

Test(layout, decoder_that_refuses_leaves_the_error_and_the_reason)
{
    cr_expect_not(wire_decoding_refuse(&decoding, 0x0A0B, "no such link"));
    cr_expect_eq(decoding.error, 0x0A0B);
    cr_expect_str_eq(decoding.reason, "no such link");
}

Test(layout, table_loads_what_the_decoder_has_read_and_stores_it_again)
{
    struct link_body copy = {0};
    struct wire_field_table table = fields_link();
    cr_assert(decode(sizeof octets));
    for (uint32_t i = 0; i < table.count; i++) {
        struct wire_value value = wire_field_load(&table.fields[i], &body);
        wire_field_store(&table.fields[i], &copy, &value);
    }
    uint8_t written[sizeof octets];
    struct wire_writer writer = wire_writer_init(written, sizeof written);
    encode_link(&writer, &copy);
    cr_assert_eq(wire_written(&writer), sizeof octets);
    cr_expect_arr_eq(written, octets, sizeof octets);
}

Test(layout, numbers_have_the_bits_of_their_kind)
{
    struct wire_field_table table = fields_link();
    static const uint64_t max[] = {7, 31, 0xFFFFFF, UINT32_MAX};
    for (uint32_t i = 0; i < sizeof max / sizeof max[0]; i++)
        cr_expect_eq(wire_field_number_max(&table.fields[i]), max[i], "%s", table.fields[i].name);
}

Test(layout, kind_of_the_protocols_own_is_an_array_that_it_alone_knows)
{
    uint8_t parts[3] = {0};
    struct set_body set = {.size = 1, .parts = (struct part *)parts, .count = 3};
    const struct wire_field *field = &fields_set().fields[1];
    cr_expect_eq(wire_field_value_kind(field), WIRE_VALUE_OWN);
    struct wire_value value = wire_field_load(field, &set);
    cr_expect_eq(value.array, (const void *)parts);
    cr_expect_eq(value.count, 3);
}

Test(layout, values_are_shown_by_their_names)
{
    cr_assert(decode(sizeof octets));
    cr_expect_str_eq(shown("state"), "1 [up]");
    cr_expect_str_eq(shown("flags"), "0x0b [loose, level 5]");
    cr_expect_str_eq(shown("reserved"), "11259375");
    cr_expect_str_eq(shown("load"), "1");
    cr_expect_str_eq(shown("router"), "192.0.2.1");
    cr_expect_str_eq(shown("ids"), "(7, 256)");
    body.state = 2;
    cr_expect_str_eq(shown("state"), "2", "a value without a name");
    body.flags = 0x10;
    cr_expect_str_eq(shown("flags"), "0x10", "a bit without a name");
}

Test(layout, values_from_a_bound_on_have_one_name)
{
    cr_expect_null(wire_names_find(&states, 15));
    cr_expect_str_eq(wire_names_find(&states, 16), "private");
}

Test(layout, text_of_a_peer_is_shown_without_what_a_terminal_would_obey)
{
    static const uint8_t said[] = {'a', '"', 0x1B, 0xC3, 'z'};
    char text[64];
    struct wire_writer out = wire_writer_init(text, sizeof text);
    const struct wire_field field = {.kind = WIRE_FIELD_TEXT, .names = &plain};
    const struct wire_value value = {.kind = WIRE_VALUE_TEXT, .octets = {said, sizeof said}};
    show_value(&out, &field, &plain, &value);
    text[wire_written(&out)] = '\0';
    cr_expect_str_eq(text, "\"a\\x22\\x1b\\xc3z\"");
}
