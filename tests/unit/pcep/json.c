/* From JSON: what is refused, and that the refusal names the member. Golden messages and vectors go
 * through JSON in golden.c and vectors.c. */
#include "core/pcep/model.h"
#include "tests/unit/pcep/support.h"

#include <criterion/criterion.h>

static void expect_refusal(const char *text, const char *member)
{
    struct pcep_json_error error = json_refusal(text);
    /* The way to the member, then the member, then why. */
    const char *end = strchr(error.text, ':');
    cr_assert(end != NULL, "%s: %s", text, error.text);
    size_t size = strlen(member);
    bool is_named = (size_t)(end - error.text) >= size && strncmp(end - size, member, size) == 0 &&
                    (end - size == error.text || end[-1 - (ptrdiff_t)size] == '.');
    cr_expect(is_named, "%s: %s", text, error.text);
}

static void expect_octets(const char *text, const char *hex)
{
    struct arena arena;
    struct pcep_message message;
    struct pcep_json_error error;
    struct octets octets = parse_hex_text(hex);
    json_t *json = json_loads(text, 0, NULL);
    arena_init(&arena, 1U << 20);
    cr_assert(json != NULL, "%s", text);
    cr_expect(pcep_from_json(json, &arena, &message, &error) == PCE_OK, "%s", error.text);
    cr_expect(encodes_to(&message, &octets), "%s", text);
    arena_fini(&arena);
    json_decref(json);
    octets_free(&octets);
}

Test(json, absent_members_are_zero)
{
    expect_octets(OBJECT(2, 1, "\"body\":{\"request_id\":7}"),
                  "20030010 0212000c 00000000 00000007");
    expect_octets(OBJECT(4, 1, "\"body\":{}"), "20030010 0412000c 00000000 00000000");
}

Test(json, lists_and_names_are_written)
{
    expect_octets(OBJECT(11, 1, "\"body\":{\"flags\":1,\"request_ids\":[1,2]}"),
                  "20030014 0b120010 00000001 00000001 00000002");
    expect_octets(
        OBJECT(32, 1,
               "\"body\":{\"plsp_id\":1},\"tlvs\":[{\"type\":17,\"body\":{\"name\":\"ab\"}}]"),
        "20030014 20120010 00001000 00110002 61620000");
}

Test(json, lists_of_bodies_are_written)
{
    expect_octets(OBJECT(48, 1,
                         "\"body\":{\"peer\":\"192.0.2.9\",\"prefixes\":["
                         "{\"prefix\":\"203.0.113.0\",\"bits\":24},{}]}"),
                  "20030020 3012001c c0000209 02000000 cb007100 18000000 00000000 00000000");
    expect_octets(OBJECT(48, 1, "\"body\":{}"), "20030010 3012000c 00000000 00000000");
}

Test(json, lists_of_bodies_name_the_member_that_is_wrong)
{
    expect_refusal(OBJECT(48, 1, "\"body\":{\"prefixes\":{}}"), "prefixes");
    expect_refusal(OBJECT(48, 1, "\"body\":{\"prefixes\":[1]}"), "element");
    expect_refusal(OBJECT(48, 1, "\"body\":{\"prefixes\":[{\"bits\":256}]}"), "bits");
    expect_refusal(OBJECT(48, 1, "\"body\":{\"prefixes\":[{\"mask\":1}]}"), "mask");
}

/* 255 is what the octet in front of them can count. */
Test(json, lists_of_bodies_end_at_255)
{
    for (unsigned count = 255; count <= 256; count++) {
        json_t *message = json_loads(OBJECT(48, 1, "\"body\":{\"prefixes\":[]}"), 0, NULL);
        json_t *object = json_array_get(json_object_get(message, "objects"), 0);
        json_t *list = json_object_get(json_object_get(object, "body"), "prefixes");
        for (unsigned i = 0; i < count; i++)
            json_array_append_new(list, json_object());
        char *text = json_dumps(message, 0);
        if (count == 256)
            expect_refusal(text, "prefixes");
        json_decref(message);
        free(text);
    }
}

/* RFC 8664 4.3.1: TC, S and TTL count with the C flag alone. */
Test(json, label_stack_entries_are_told_in_words)
{
    static const struct {
        uint16_t flags;
        const char *text;
    } cases[] = {
        {PCEP_SR_M, "label 16011"},
        {PCEP_SR_M | PCEP_SR_C, "label 16011, TC 5, S 1, TTL 64"},
        {0, NULL},
        {PCEP_SR_M | PCEP_SR_S, NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct pcep_sub_sr sr = {.nt = 1, .flags = cases[i].flags, .sid = 0x03e8bb40};
        struct pcep_subobject subobject = {
            .row = pcep_subobject_get(PCEP_SUBOBJECT_SR), .type = 36, .body = &sr};
        struct pcep_object ero = {.row = pcep_object_get(PCEP_OBJECT_ERO),
                                  .class_ = 7,
                                  .type = 1,
                                  .subobjects = &subobject,
                                  .subobject_count = 1};
        struct pcep_message message = {.type = 10, .objects = &ero, .object_count = 1};
        json_t *json = pcep_to_json(&message, NULL);
        json_t *object = json_array_get(json_object_get(json, "objects"), 0);
        json_t *sub = json_array_get(json_object_get(object, "subobjects"), 0);
        const char *text =
            json_string_value(json_object_get(json_object_get(sub, "body"), "sid_text"));
        cr_expect((text == NULL) == (cases[i].text == NULL) &&
                      (text == NULL || strcmp(text, cases[i].text) == 0),
                  "%x: %s", cases[i].flags, text == NULL ? "nothing" : text);
        json_decref(json);
    }
}

Test(json, floats_that_are_not_finite_are_told_in_hex)
{
    expect_octets(OBJECT(5, 1, "\"body\":{\"bandwidth\":{\"hex\":\"7f800001\"}}"),
                  "2003000c 05120008 7f800001");
}

Test(json, numbers_out_of_range_are_refused)
{
    expect_refusal("{\"type\":256}", "type");
    expect_refusal("{\"type\":-1}", "type");
    expect_refusal("{\"type\":3,\"version\":8}", "version");
    expect_refusal("{\"type\":3,\"flags\":32}", "flags");
    expect_refusal(OBJECT(256, 1, "\"body\":{}"), "class");
    expect_refusal(OBJECT(1, 16, "\"body\":{}"), "type");
    expect_refusal(OBJECT(32, 1, "\"body\":{\"plsp_id\":1048576}"), "plsp_id");
    expect_refusal(OBJECT(32, 1, "\"body\":{\"flags\":4096}"), "flags");
    expect_refusal(OBJECT(1, 1, "\"body\":{\"version\":8}"), "version");
    expect_refusal(OBJECT(11, 1, "\"body\":{\"flags\":16777216}"), "flags");
    expect_refusal(OBJECT(11, 1, "\"body\":{\"request_ids\":[4294967296]}"), "request_ids");
    expect_refusal(OBJECT(5, 1, "\"body\":{\"bandwidth\":1e39}"), "bandwidth");
}

Test(json, members_of_the_wrong_kind_are_refused)
{
    expect_refusal("[]", "type");
    expect_refusal("{\"type\":\"Open\"}", "type");
    expect_refusal(OBJECT(2, 1, "\"body\":{\"request_id\":\"7\"}"), "request_id");
    expect_refusal(OBJECT(4, 1, "\"body\":{\"source\":\"2001:db8::1\"}"), "source");
    expect_refusal(OBJECT(4, 2, "\"body\":{\"source\":\"192.0.2.1\"}"), "source");
    expect_refusal(OBJECT(4, 1, "\"body\":{\"source\":1}"), "source");
    expect_refusal(OBJECT(5, 1, "\"body\":{\"bandwidth\":\"fast\"}"), "bandwidth");
    expect_refusal(OBJECT(5, 1, "\"body\":{\"bandwidth\":{\"hex\":\"00\"}}"), "bandwidth");
    expect_refusal(OBJECT(11, 1, "\"body\":{\"request_ids\":7}"), "request_ids");
    expect_refusal(OBJECT(34, 1, "\"body\":{\"octets\":\"0\"}"), "octets");
    expect_refusal(OBJECT(34, 1, "\"body\":{\"octets\":\"xy\"}"), "octets");
    expect_refusal(OBJECT(200, 1, "\"octets\":7"), "octets");
    expect_refusal("{\"type\":3,\"objects\":{}}", "objects");
    expect_refusal(OBJECT(2, 1, "\"body\":{},\"tlvs\":7"), "tlvs");
    expect_refusal(OBJECT(7, 1, "\"body\":{},\"subobjects\":\"x\""), "subobjects");
}

Test(json, refusals_tell_the_way_to_the_member)
{
    expect_refusal(OBJECT(2, 1, "\"body\":{\"request_id\":-1}"), "objects[0].body.request_id");
    expect_refusal(OBJECT(2, 1, "\"body\":{},\"tlvs\":[{\"type\":28,\"body\":{}},{\"type\":-1}]"),
                   "objects[0].tlvs[1].type");
    expect_refusal(OBJECT(1, 1,
                          "\"body\":{},\"tlvs\":[{\"type\":34,\"body\":{\"psts\":[1]},"
                          "\"tlvs\":[{\"type\":26,\"body\":{\"msd\":256}}]}]"),
                   "objects[0].tlvs[0].tlvs[0].body.msd");
    expect_refusal(
        OBJECT(7, 1, "\"body\":{},\"subobjects\":[{\"type\":1,\"body\":{\"bits\":999}}]"),
        "objects[0].subobjects[0].body.bits");
    expect_refusal("{\"type\":3,\"objects\":[7]}", "objects[0].class");
}

Test(json, members_that_no_field_has_are_refused)
{
    expect_refusal(OBJECT(2, 1, "\"body\":{\"request-id\":7}"), "objects[0].body.request-id");
    expect_refusal(OBJECT(2, 1, "\"body\":7"), "objects[0].body");
    expect_octets(OBJECT(2, 1, "\"body\":{\"request_id\":7,\"flags_text\":\"any\"}"),
                  "20030010 0212000c 00000000 00000007");
}

Test(json, fields_of_unknown_rows_are_refused)
{
    expect_refusal(OBJECT(200, 1, "\"body\":{}"), "body");
    expect_refusal(OBJECT(2, 1, "\"body\":{},\"tlvs\":[{\"type\":65000,\"body\":{}}]"), "body");
    expect_refusal(OBJECT(7, 1, "\"body\":{},\"subobjects\":[{\"type\":99,\"body\":{}}]"), "body");
    expect_refusal(OBJECT(2, 1, "\"body\":{},\"tlvs\":[{\"type\":28,\"body\":{},\"tlvs\":[{}]}]"),
                   "tlvs");
}

Test(json, full_arena_is_a_limit)
{
    struct arena arena;
    struct pcep_message message;
    struct pcep_json_error error;
    json_t *json = json_loads(OBJECT(2, 1, "\"body\":{}"), 0, NULL);
    arena_init(&arena, 1);
    cr_assert(json != NULL);
    cr_expect(pcep_from_json(json, &arena, &message, &error) == PCE_LIMIT);
    arena_fini(&arena);
    json_decref(json);
}
