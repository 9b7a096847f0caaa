/* Intents as JSON, both ways; and what is refused, with the member that is wrong. */
#include "core/intent/intent_record.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

TestSuite(json, .timeout = 20);

static const struct intent_limits limits = {4, 8};
static struct intent_fault fault;

static enum pce_status read_named(const char *name, const char *text, struct intent **intent)
{
    struct intent_key key = {.name = name};
    json_t *json = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
    cr_assert_not_null(json, "%s", text);
    cr_assert(ip_parse("192.0.2.1", &key.pcc));
    *intent = NULL;
    enum pce_status status = intent_read(json, &key, &limits, intent, &fault);
    json_decref(json);
    return status;
}

static struct intent *read_good(const char *text)
{
    struct intent *intent;
    enum pce_status status = read_named("gold", text, &intent);
    cr_assert_eq(status, PCE_OK, "%s: %s", fault.field, fault.reason);
    return intent;
}

static void expect_bad(const char *text, const char *field)
{
    struct intent *intent;
    cr_assert_eq(read_named("gold", text, &intent), PCE_INVALID, "%s", text);
    cr_assert_str_eq(fault.field, field);
    cr_assert_not_null(fault.reason);
}

#define ENDS    "\"endpoint\":\"192.0.2.9\","
#define DYNAMIC "\"paths\":[{\"dynamic\":{}}]"

static void expect_same_after_writing(const char *text)
{
    struct intent *first = read_good(text);
    json_t *json = intent_write(first);
    char *once = json_dumps(json, JSON_COMPACT);
    struct intent *second = read_good(once);
    json_t *again = intent_write(second);
    cr_assert(json_equal(json, again), "%s", once);
    json_decref(json);
    json_decref(again);
    free(once);
    intent_destroy(first);
    intent_destroy(second);
}

Test(json, what_is_written_is_read_as_the_same)
{
    expect_same_after_writing("{" ENDS DYNAMIC "}");
    expect_same_after_writing(
        "{" ENDS "\"source\":\"192.0.2.7\",\"color\":7,\"paths\":[{\"preference\":200,"
        "\"lsp\":\"own\",\"segments\":[{\"label\":16001},{\"node\":\"192.0.2.5\"},"
        "{\"label\":24000,\"local\":\"10.0.0.1\",\"remote\":\"10.0.0.2\"}]},"
        "{\"preference\":1,\"bandwidth\":1250000,\"setup_priority\":3,\"holding_priority\":2,"
        "\"dynamic\":{\"metric\":\"te\",\"bounds\":{\"igp\":40,\"delay\":2000},"
        "\"exclude_any\":1,\"include_any\":2,\"include_all\":4294967295,\"sid_depth\":5,"
        "\"protection\":\"protected-only\"}}]}");
    expect_same_after_writing("{" ENDS "\"disjoint\":{\"group\":65535,\"type\":\"node-srlg\","
                              "\"relaxed\":false}," DYNAMIC "}");
    expect_same_after_writing("{" ENDS "\"setup_type\":\"RSVP-TE\",\"paths\":[{\"hops\":["
                              "{\"address\":\"10.0.0.2\"},{\"address\":\"192.0.2.9\","
                              "\"loose\":true}]}]}");
}

Test(json, segments_of_srv6_are_sids_nodes_and_adjacencies)
{
    expect_same_after_writing(
        "{" ENDS "\"setup_type\":\"SRv6\",\"paths\":[{\"segments\":[{\"sid\":\"fc00:1:1::\"},"
        "{\"node\":\"2001:db8::5\"},{\"sid\":\"fc00:1:2::\",\"node\":\"192.0.2.5\"},"
        "{\"local\":\"2001:db8::1\",\"remote\":\"2001:db8::2\"}]}]}");
    expect_same_after_writing("{" ENDS "\"setup_type\":\"SRv6\"," DYNAMIC "}");
    expect_same_after_writing("{" ENDS "\"setup_type\":\"SRv6\",\"paths\":[{\"lists\":["
                              "{\"segments\":[{\"sid\":\"fc00:1:1::\"}]}]}]}");
    expect_bad("{" ENDS "\"setup_type\":\"SRv6\",\"paths\":[{\"segments\":[{\"label\":16}]}]}",
               "paths[0].segments[0].label");
    expect_bad("{" ENDS
               "\"setup_type\":\"SRv6\",\"paths\":[{\"segments\":[{\"sid\":\"10.0.0.1\"}]}]}",
               "paths[0].segments[0].sid");
    expect_bad("{" ENDS "\"setup_type\":\"SRv6\",\"paths\":[{\"segments\":[{}]}]}",
               "paths[0].segments[0]");
    expect_bad("{" ENDS "\"paths\":[{\"segments\":[{\"sid\":\"fc00:1:1::\"}]}]}",
               "paths[0].segments[0].sid");
    expect_bad("{" ENDS "\"setup_type\":\"SRv6\",\"paths\":[{\"hops\":[{\"address\":"
               "\"10.0.0.1\"}]}]}",
               "paths");
}

static void expect_srv6_segments(uint32_t count, enum pce_status status)
{
    const struct intent_limits most = {8, INTENT_HOPS_MAX};
    const struct intent_key key = {{0}, "gold"};
    json_t *list = json_array(), *json;
    struct intent *intent;
    for (uint32_t i = 0; i < count; i++)
        (void)json_array_append_new(list, json_pack("{s:s}", "sid", "fc00:1:1::"));
    json = json_pack("{s:s,s:s,s:s,s:[{s:o}]}", "endpoint", "192.0.2.9", "source", "192.0.2.1",
                     "setup_type", "SRv6", "paths", "segments", list);
    cr_expect_eq(intent_read(json, &key, &most, &intent, &fault), status);
    if (status == PCE_OK)
        intent_destroy(intent);
    json_decref(json);
}

Test(json, srv6_has_as_many_segments_as_a_routing_header_has_room_for)
{
    expect_srv6_segments(PATH_SRV6_SIDS_MAX, PCE_OK);
    expect_srv6_segments(PATH_SRV6_SIDS_MAX + 1, PCE_INVALID);
}

Test(json, a_bandwidth_that_follows_traffic_is_read_and_written_alike)
{
    expect_same_after_writing(
        "{" ENDS "\"paths\":[{\"dynamic\":{},\"bandwidth\":1000.0,"
        "\"auto_bandwidth\":{\"min\":10.0,\"max\":5000.0,\"sample_interval\":60,"
        "\"adjustment_interval\":600,\"down_adjustment_interval\":900,"
        "\"threshold\":{\"value\":100.0,\"percentage\":10,\"min_change\":50.0},"
        "\"down_threshold\":{\"percentage\":20},\"overflow\":{\"value\":7.0,"
        "\"count\":3},\"underflow\":{\"percentage\":30,\"count\":31}}}]}");
}

Test(json, segment_lists_are_read_and_written_alike)
{
    expect_same_after_writing(
        "{" ENDS "\"paths\":[{\"lists\":[{\"weight\":3,\"segments\":[{\"label\":16001},"
        "{\"label\":16002}]},{\"backup\":true,\"segments\":[{\"node\":\"192.0.2.5\"}]}]}]}");
}

Test(json, segment_lists_are_looked_at_one_by_one)
{
    expect_bad("{" ENDS "\"paths\":[{\"lists\":[]}]}", "paths[0].lists");
    expect_bad("{" ENDS "\"paths\":[{\"lists\":[{\"segments\":[]}]}]}", "paths[0].lists");
    expect_bad("{" ENDS "\"paths\":[{\"lists\":[{\"weight\":0,\"segments\":[{\"label\":16}]}]}]}",
               "paths[0].lists[0].weight");
    expect_bad("{" ENDS
               "\"paths\":[{\"lists\":[{\"backup\":true,\"segments\":[{\"label\":16}]}]}]}",
               "paths[0].lists");
    expect_bad("{" ENDS "\"paths\":[{\"lists\":[{\"segments\":[{\"label\":16}]}],"
               "\"segments\":[{\"label\":16}]}]}",
               "paths[0].segments");
    expect_bad("{" ENDS "\"setup_type\":\"RSVP-TE\",\"paths\":[{\"lists\":[{\"segments\":["
               "{\"label\":16}]}]}]}",
               "paths");
}

Test(json, a_path_alone_has_the_name_of_its_intent_and_several_have_their_preference_behind_it)
{
    struct intent *intent = read_good("{" ENDS DYNAMIC "}");
    cr_assert_str_eq(intent->paths[0].name, "gold");
    cr_assert_eq(intent->paths[0].preference, INTENT_PREFERENCE);
    cr_assert(ip_is_equal(&intent->source, &intent->pcc));
    intent_destroy(intent);
    intent = read_good("{" ENDS "\"paths\":[{\"preference\":10,\"dynamic\":{}},"
                       "{\"preference\":4294967295,\"dynamic\":{}},"
                       "{\"preference\":5,\"lsp\":\"own\",\"dynamic\":{}}]}");
    cr_assert_str_eq(intent->paths[0].name, "gold-10");
    cr_assert_str_eq(intent->paths[1].name, "gold-4294967295");
    cr_assert_str_eq(intent->paths[2].name, "own");
    intent_destroy(intent);
}

Test(json, the_member_that_is_wrong_is_named)
{
    expect_bad("[]", "");
    expect_bad("{" DYNAMIC "}", "endpoint");
    expect_bad("{" ENDS "\"colour\":1," DYNAMIC "}", "colour");
    expect_bad("{\"endpoint\":\"x\"," DYNAMIC "}", "endpoint");
    expect_bad("{" ENDS "\"setup_type\":\"PCECC\"," DYNAMIC "}", "setup_type");
    expect_bad("{" ENDS "\"color\":4294967296," DYNAMIC "}", "color");
    expect_bad("{" ENDS "\"disjoint\":1," DYNAMIC "}", "disjoint.");
    expect_bad("{" ENDS "\"disjoint\":{\"group\":0,\"type\":\"link\",\"relaxed\":true}," DYNAMIC
               "}",
               "disjoint.group");
    expect_bad("{" ENDS "\"disjoint\":{\"group\":65536,\"type\":\"link\",\"relaxed\":true}," DYNAMIC
               "}",
               "disjoint.group");
    expect_bad("{" ENDS "\"disjoint\":{\"group\":1,\"type\":\"x\",\"relaxed\":true}," DYNAMIC "}",
               "disjoint.type");
    expect_bad("{" ENDS "\"disjoint\":{\"group\":1,\"type\":\"link\"}," DYNAMIC "}",
               "disjoint.relaxed");
    expect_bad("{" ENDS "\"paths\":[]}", "paths");
    expect_bad("{\"endpoint\":\"2001:db8::1\"," DYNAMIC "}", "source");
    expect_bad("{\"endpoint\":\"192.0.2.1\"," DYNAMIC "}", "endpoint");
    expect_bad("{" ENDS "\"paths\":[{\"dynamic\":{},\"weight\":1}]}", "paths[0].weight");
    expect_bad("{" ENDS "\"paths\":[{\"dynamic\":{\"metrik\":1}}]}", "paths[0].dynamic.metrik");
    expect_bad("{" ENDS "\"paths\":[{\"dynamic\":{\"metric\":\"x\"}}]}", "paths[0].dynamic.metric");
    expect_bad("{" ENDS "\"paths\":[{\"dynamic\":{\"bounds\":{\"igp\":-1}}}]}",
               "paths[0].dynamic.bounds");
    expect_bad("{" ENDS "\"paths\":[{\"bandwidth\":-1,\"dynamic\":{}}]}", "paths[0].bandwidth");
    expect_bad("{" ENDS "\"paths\":[{\"setup_priority\":8,\"dynamic\":{}}]}",
               "paths[0].setup_priority");
    expect_bad("{" ENDS "\"paths\":[{\"lsp\":\"a b\",\"dynamic\":{}}]}", "paths[0].lsp");
}

Test(json, segments_and_hops_are_looked_at_one_by_one)
{
    expect_bad("{" ENDS "\"paths\":[{\"segments\":[]}]}", "paths[0].segments");
    expect_bad("{" ENDS "\"paths\":[{\"segments\":[{\"label\":15}]}]}",
               "paths[0].segments[0].label");
    expect_bad("{" ENDS "\"paths\":[{\"segments\":[{\"label\":16},{}]}]}", "paths[0].segments[1]");
    expect_bad("{" ENDS "\"paths\":[{\"segments\":[{\"local\":\"10.0.0.1\"}]}]}",
               "paths[0].segments[0]");
    expect_bad("{" ENDS "\"paths\":[{\"segments\":[{\"label\":16}],\"dynamic\":{}}]}", "paths");
    expect_bad("{" ENDS "\"paths\":[{}]}", "paths");
    expect_bad("{" ENDS "\"paths\":[{\"hops\":[{\"address\":\"10.0.0.1\"}]}]}", "paths");
    expect_bad("{" ENDS "\"setup_type\":\"RSVP-TE\",\"paths\":[{\"segments\":[{\"label\":16}]}]}",
               "paths");
    expect_bad("{" ENDS "\"setup_type\":\"RSVP-TE\",\"paths\":[{\"hops\":[{\"loose\":true}]}]}",
               "paths[0].hops[0].address");
}

Test(json, two_paths_differ_in_preference_and_name)
{
    expect_bad("{" ENDS "\"paths\":[{\"dynamic\":{}},{\"dynamic\":{}}]}", "paths");
    expect_bad("{" ENDS "\"paths\":[{\"preference\":1,\"lsp\":\"a\",\"dynamic\":{}},"
               "{\"preference\":2,\"lsp\":\"a\",\"dynamic\":{}}]}",
               "paths");
    expect_bad("{" ENDS "\"paths\":[{\"holding_priority\":4,\"setup_priority\":3,"
               "\"dynamic\":{}}]}",
               "paths");
}

/* A list of so many things. */
static char *list_of(const char *before, const char *thing, unsigned count, const char *after)
{
    char *text = malloc(4096);
    cr_assert_not_null(text);
    (void)snprintf(text, 4096, "%s", before);
    for (unsigned i = 0; i < count; i++)
        (void)snprintf(text + strlen(text), 4096 - strlen(text), "%s%s", i == 0 ? "" : ",", thing);
    (void)snprintf(text + strlen(text), 4096 - strlen(text), "%s", after);
    return text;
}

Test(json, limits_hold_at_their_value_and_not_past_it)
{
    static const char before[] = "{" ENDS "\"paths\":[{\"segments\":[";
    char *text = list_of(before, "{\"label\":16}", 8, "]}]}");
    intent_destroy(read_good(text));
    free(text);
    text = list_of(before, "{\"label\":16}", 9, "]}]}");
    expect_bad(text, "paths[0].segments");
    free(text);
    text = list_of("{" ENDS "\"paths\":[", "{\"dynamic\":{}}", 5, "]}");
    expect_bad(text, "paths");
    free(text);
    text = list_of("{" ENDS "\"paths\":[", "{\"dynamic\":{}}", 4, "]}");
    expect_bad(text, "paths"); /* for their preferences alone */
    cr_assert_str_eq(fault.reason, "two paths have one preference");
    free(text);
}

Test(json, a_name_has_two_hundred_characters_that_print_at_most)
{
    char name[INTENT_NAME_MAX + 2];
    struct intent *intent;
    memset(name, 'x', sizeof name);
    name[INTENT_NAME_MAX + 1] = '\0';
    cr_assert_eq(read_named(name, "{" ENDS DYNAMIC "}", &intent), PCE_INVALID);
    cr_assert_str_eq(fault.field, "name");
    name[INTENT_NAME_MAX] = '\0';
    cr_assert_eq(read_named(name, "{" ENDS DYNAMIC "}", &intent), PCE_OK);
    intent_destroy(intent);
    cr_assert_not(intent_name_is_valid("", INTENT_NAME_MAX));
    cr_assert_not(intent_name_is_valid("a/b", INTENT_NAME_MAX));
    cr_assert_not(intent_name_is_valid("a\\b", INTENT_NAME_MAX));
    cr_assert_not(intent_name_is_valid("\xc3\xa9", INTENT_NAME_MAX));
}

/* ---- records ---- */

static enum pce_status read_record(const char *text, struct intent_record *record)
{
    struct intent_key key = {.name = "gold"};
    cr_assert(ip_parse("192.0.2.1", &key.pcc));
    const struct wire_span octets = {(const uint8_t *)text, strlen(text)};
    return intent_record_read(octets, &key, record, &fault);
}

Test(json, a_record_keeps_the_intent_and_what_is_to_be_removed)
{
    struct intent_record record = {.intent = read_good("{" ENDS DYNAMIC "}")};
    struct intent_record again;
    cr_assert_eq(intent_record_remove(&record, "old"), PCE_OK);
    cr_assert_eq(intent_record_remove(&record, "old"), PCE_EXISTS);
    cr_assert_eq(intent_record_remove(&record, "older"), PCE_OK);
    char *text = intent_record_write(&record);
    cr_assert_eq(read_record(text, &again), PCE_OK);
    cr_assert_eq(again.removal_count, 2);
    cr_assert_str_eq(again.removals[1].name, "older");
    cr_assert_str_eq(again.intent->paths[0].name, "gold");
    intent_record_forget(&again, (struct wire_span){(const uint8_t *)"old", 3});
    cr_assert_eq(again.removal_count, 1);
    cr_assert_str_eq(again.removals[0].name, "older");
    free(text);
    intent_record_fini(&record);
    intent_record_fini(&again);
}

Test(json, a_record_of_a_later_release_or_none_at_all_is_refused)
{
    struct intent_record record;
    cr_assert_eq(read_record("{\"version\":2,\"remove\":[]}", &record), PCE_INVALID);
    cr_assert_str_eq(fault.field, "version");
    intent_record_fini(&record);
    cr_assert_eq(read_record("{\"version\":1", &record), PCE_INVALID);
    intent_record_fini(&record);
    cr_assert_eq(read_record("{\"version\":1,\"remove\":[\"a/b\"]}", &record), PCE_INVALID);
    intent_record_fini(&record);
    cr_assert_eq(read_record("{\"version\":1,\"remove\":[\"a\"]}", &record), PCE_OK);
    cr_assert_null(record.intent);
    intent_record_fini(&record);
}

Test(json, removals_have_a_limit)
{
    struct intent_record record = {.intent = NULL};
    char name[16];
    for (unsigned i = 0; i < INTENT_REMOVE_MAX; i++) {
        (void)snprintf(name, sizeof name, "n%u", i);
        cr_assert_eq(intent_record_remove(&record, name), PCE_OK);
    }
    cr_assert_eq(intent_record_remove(&record, "one more"), PCE_LIMIT);
    intent_record_fini(&record);
}

Test(json, keys_of_the_store_are_read_as_they_are_written)
{
    char text[INTENT_KEY_SIZE];
    char name[INTENT_NAME_MAX + 1];
    struct ip pcc, back;
    cr_assert(ip_parse("2001:db8::1", &pcc));
    intent_key_format(&pcc, "gold", text);
    cr_assert_str_eq(text, "2001:db8::1/gold");
    cr_assert(
        intent_key_parse((struct wire_span){(const uint8_t *)text, strlen(text)}, &back, name));
    cr_assert(ip_is_equal(&pcc, &back));
    cr_assert_str_eq(name, "gold");
    static const char *const bad[] = {"", "gold", "/gold", "192.0.2.1/", "x/gold", "192.0.2.1/a/b"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        cr_assert_not(intent_key_parse((struct wire_span){(const uint8_t *)bad[i], strlen(bad[i])},
                                       &back, name));
}

#define BOUND(value) "{" ENDS "\"paths\":[{\"binding\":" value ",\"dynamic\":{}}]}"

Test(json, a_binding_is_any_or_a_label)
{
    expect_same_after_writing(BOUND("\"any\""));
    expect_same_after_writing(BOUND("16"));
    expect_same_after_writing(BOUND("1048575"));
    expect_bad(BOUND("15"), "paths");
    expect_bad(BOUND("1048576"), "paths[0].binding");
    expect_bad(BOUND("\"some\""), "paths[0].binding");
    expect_bad(BOUND("\"2001:db8::1\""), "paths");
    expect_bad(BOUND("null"), "paths[0].binding");
}
