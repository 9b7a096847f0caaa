/* The layouts written by hand, and lists of addresses: what is refused, what is kept, and that
 * nothing is lost. The good cases stand in tests/golden. */
#include "core/pcep/model.h"
#include "tests/unit/pcep/support.h"

#include <criterion/criterion.h>

/* Decodes a message of one object; expects it malformed or not, and the same octets back. */
static void check(const char *text, bool is_good, void (*look)(const struct pcep_object *object))
{
    struct octets octets = parse_hex_text(text);
    struct decoded d;
    decoded_init(&d, &octets);
    cr_assert(d.status == PCE_OK && d.message.object_count == 1, "%s: %s", text, d.fault.reason);
    cr_expect(pcep_fault_is_set(&d.fault) == !is_good, "%s: %s", text,
              d.fault.reason == NULL ? "no fault" : d.fault.reason);
    cr_expect(is_good || (d.fault.error_type == 10 && d.fault.error_value == 11), "%s", text);
    cr_expect(encodes_to(&d.message, &octets), "%s: other octets", text);
    if (look != NULL)
        look(&d.message.objects[0]);
    decoded_fini(&d);
    octets_free(&octets);
}

/* ---- RFC 5521 2.2: EXRS ---- */

Test(layouts, exrs_without_subobjects_is_malformed)
{
    check("2003000c 0a100008 21040000", false, NULL);
}

static void look_at_exrs(const struct pcep_object *object)
{
    cr_assert(object->subobject_count == 1 && object->subobjects[0].row != NULL);
    const struct pcep_sub_exrs *exrs = object->subobjects[0].body;
    cr_assert_eq(exrs->count, 2);
    cr_expect(exrs->subobjects[0].row->id == PCEP_SUBOBJECT_SRLG && exrs->subobjects[0].is_loose);
    cr_expect_eq(exrs->subobjects[0].offset, 12);
    cr_expect(exrs->subobjects[1].row == NULL && exrs->subobjects[1].type == 99);
}

Test(layouts, exrs_holds_subobjects_of_an_xro_and_keeps_unknown_ones)
{
    check("20030020 0a10001c 21180000 a208 00000001 0002 630c 0102030405060708090a", true,
          look_at_exrs);
}

static void expect_kept(const struct pcep_object *object)
{
    cr_assert_eq(object->subobject_count, 1);
    cr_expect(object->subobjects[0].row == NULL);
}

Test(layouts, exrs_whose_subobjects_cannot_be_read_is_kept_as_octets)
{
    /* longer than the EXRS; shorter than its header; too short for its fields; longer than them */
    check("20030010 0a10000c 21080000 22080000", false, expect_kept);
    check("20030010 0a10000c 21080000 01010000", false, expect_kept);
    check("20030010 0a10000c 21080000 01040000", false, expect_kept);
    check("20030018 0a100014 21100000 010c c0000201 2000 00000000", false, expect_kept);
}

Test(layouts, exrs_inside_an_exrs_is_unknown)
{
    check("20030018 0a100014 21100000 210c0000 0108 c00002012000", true, NULL);
}

/* ---- RFC 8306: lists of addresses ---- */

static void look_at_leaves(const struct pcep_object *object)
{
    const struct pcep_end_points_p2mp *end_points = object->body;
    cr_expect(end_points->count == 0 && end_points->leaf_type == 1);
}

Test(layouts, tree_without_leaves_is_read)
{
    check("20030010 0430000c 00000001 c0000201", true, look_at_leaves);
}

Test(layouts, part_of_an_address_is_malformed)
{
    check("2003001c 1c200018 20010db8000000000000000000000001 00000000", false, NULL);
    check("2003000c 04300008 00000001", false, NULL);
}

/* ---- RFC 8779: bandwidths ---- */

Test(layouts, bandwidth_longer_than_its_object_is_malformed)
{
    check("20030010 0530000c 00040000 06000000", false, NULL);
    check("20030014 05400010 00040004 06000000 00000001", false, NULL);
    check("20030010 0e20000c 00000004 02030000", false, NULL);
}

/* ---- RFC 9357: at least one word ---- */

Test(layouts, extended_flags_without_a_word_are_malformed)
{
    check("20030010 2010000c 00001000 00400000", false, NULL);
}

/* ---- sub-TLVs ---- */

static void look_at_sub_tlvs(const struct pcep_object *object)
{
    const struct pcep_tlv *tlv = pcep_find_tlv_entry(object, PCEP_TLV_AUTO_BANDWIDTH_ATTRIBUTES);
    cr_assert(tlv != NULL && tlv->sub_count == 2);
    cr_expect(tlv->subs[0].row == NULL && tlv->subs[0].type == 17);
    const struct pcep_interval *interval = pcep_find_sub_tlv(tlv, PCEP_TLV_SAMPLE_INTERVAL);
    cr_expect(interval != NULL && interval->interval_s == 300);
}

Test(layouts, number_of_a_sub_tlv_is_not_that_of_a_tlv)
{
    check("2003002c 09100028 00000000 00000000 00000000 07070000"
          "00250010 00110004 61626364 00010004 0000012c",
          true, look_at_sub_tlvs);
}

/* ---- RFC 9168: lists of comparisons ---- */

static const struct pcep_flow_terms *terms_of(const struct pcep_object *object)
{
    return object->tlvs[0].subs[0].body;
}

static void look_at_terms(const struct pcep_object *object)
{
    cr_assert_eq(terms_of(object)->count, 2);
    cr_expect(terms_of(object)->terms[1] == UINT64_C(0xA100012345));
}

static void expect_octets(const struct pcep_object *object)
{
    cr_expect(terms_of(object)->count == 0 && terms_of(object)->octets.size > 0);
}

Test(layouts, comparisons_are_terms_or_octets)
{
    const char *const head = "2003 0020 2b10001c 00000001 00010000 0034000c";
    static const struct {
        const char *value;
        void (*look)(const struct pcep_object *object);
    } cases[] = {
        {"00040007 0106 a100012345 00", look_at_terms},
        {"00040007 0106 2100012345 00", expect_octets}, /* no end */
        {"00040008 81068107 81088109", expect_octets},  /* more behind the end */
        {"00040008 b1000000 00000001", expect_octets},  /* value does not fit */
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char text[256];
        (void)snprintf(text, sizeof text, "%s %s", head, cases[i].value);
        check(text, true, cases[i].look);
    }
}

/* ---- RFC 8231 7.3.4 ---- */

static void look_at_short_error(const struct pcep_object *object)
{
    const struct pcep_rsvp_error_spec *spec = object->tlvs[0].body;
    cr_expect(spec->length == 0 && spec->octets.size == 3 && spec->node.family == IP_NONE);
}

Test(layouts, rsvp_error_that_is_no_object_is_kept)
{
    check("20030014 20100010 00001000 00150003 00030100", true, look_at_short_error);
}

/* ---- memory ---- */

/* The same message with ever more room, until it is enough: before, it is a limit and no fault. */
static void check_room(const char *path)
{
    struct octets octets = read_hex_file(path);
    struct arena arena;
    arena_init(&arena, 1U << 24);
    cr_assert(arena_alloc(&arena, 16) != NULL);
    arena.size_max = arena.size; /* the block that there is, and no other */
    uint8_t *begin = arena.at;
    enum pce_status status = PCE_LIMIT;
    for (size_t room = 0; status == PCE_LIMIT && room < (size_t)(arena.end - begin); room += 16) {
        struct pcep_message message;
        struct pcep_fault fault;
        arena.at = arena.end - room;
        status = pcep_decode((struct wire_span){octets.at, octets.size}, &arena, &message, &fault);
    }
    cr_expect(status == PCE_OK, "%s: status %d", path, status);
    arena_fini(&arena);
    octets_free(&octets);
}

Test(layouts, every_golden_message_needs_memory_and_says_so)
{
    (void)for_each_file(source_path("tests/golden"), ".hex", check_room);
}

/* ---- JSON ---- */

static void expect_refusal(const char *text, const char *way)
{
    struct pcep_json_error error = json_refusal(text);
    cr_expect(strncmp(error.text, way, strlen(way)) == 0 && error.text[strlen(way)] == ':',
              "%s: %s", text, error.text);
}

Test(layouts, json_lists_of_addresses_are_checked)
{
    expect_refusal(OBJECT(28, 1, "\"body\":{\"destinations\":[\"192.0.2.1\",\"::1\"]}"),
                   "objects[0].body.destinations");
    expect_refusal(OBJECT(28, 1, "\"body\":{\"destinations\":\"192.0.2.1\"}"),
                   "objects[0].body.destinations");
    expect_refusal(OBJECT(28, 2, "\"body\":{\"destinations\":[7]}"),
                   "objects[0].body.destinations");
}

Test(layouts, json_of_an_exrs_has_its_subobjects_beside_the_body)
{
    expect_refusal(
        OBJECT(10, 1, "\"body\":{},\"subobjects\":[{\"type\":33,\"body\":{\"subobjects\":[]}}]"),
        "objects[0].subobjects[0].body.subobjects");
    expect_refusal(
        OBJECT(10, 1, "\"body\":{},\"subobjects\":[{\"type\":33,\"body\":{},\"subobjects\":1}]"),
        "objects[0].subobjects[0].subobjects");
    expect_refusal(OBJECT(10, 1,
                          "\"body\":{},\"subobjects\":[{\"type\":33,\"body\":{},\"subobjects\":[{"
                          "\"type\":33,\"body\":{}}]}]"),
                   "objects[0].subobjects[0].subobjects[0].body");
}

/* An OPEN with a range of association IDs, and what JSON says of it beside the number. */
Test(layouts, json_tells_what_numbers_mean)
{
    struct octets octets = parse_hex_text("20010018 01100014 201e7801 001d0008 00000002 10000010");
    struct decoded d;
    decoded_init(&d, &octets);
    json_t *json = pcep_to_json(&d.message, NULL);
    json_t *object = json_array_get(json_object_get(json, "objects"), 0);
    json_t *tlv = json_array_get(json_object_get(object, "tlvs"), 0);
    json_t *texts = json_object_get(json_object_get(tlv, "body"), "ranges_text");
    cr_assert(json_is_array(texts) && json_array_size(texts) == 1);
    cr_expect_str_eq(json_string_value(json_array_get(texts, 0)), "type 2, first 4096, count 16");
    json_decref(json);
    decoded_fini(&d);
    octets_free(&octets);
}
