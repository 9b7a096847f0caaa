/* Golden pairs: <name>.hex is annotated octets, <name>.txt what is printed of them. Both
 * directions, and each row of the registry has a pair. With PCED_REGENERATE=1 in the environment the
 * texts are written anew. */
#include "core/bgp/json.h"
#include "tests/unit/bgp/support.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FOLDER "tests/golden/bgp"

static struct {
    bool messages[BGP_MESSAGE_TYPE_END];
    bool capabilities[BGP_CAPABILITY_COUNT];
    bool attributes[BGP_ATTRIBUTE_COUNT];
    bool nlris[BGP_NLRI_TYPE_END];
    bool tlvs[BGP_TLV_COUNT];
} seen;

static void note_tlvs(const struct bgp_tlv_list *list)
{
    struct bgp_tlv_walk walk;
    enum bgp_tlv_event event;
    const struct bgp_tlv *tlv;
    bgp_tlv_walk_init(&walk, list);
    while ((tlv = bgp_tlv_walk_next(&walk, &event)) != NULL) {
        if (tlv->row != NULL)
            seen.tlvs[tlv->row->id] = true;
    }
}

static void note_attribute(const struct bgp_attribute *attribute)
{
    if (attribute->row != NULL && attribute->body != NULL)
        seen.attributes[attribute->row->id] = true;
    note_tlvs(&attribute->tlvs);
    for (uint32_t i = 0; i < attribute->nlri_count; i++) {
        if (attribute->nlris[i].row != NULL)
            seen.nlris[attribute->nlris[i].type] = true;
        note_tlvs(&attribute->nlris[i].tlvs);
    }
}

static void note_rows(const struct bgp_message *message)
{
    seen.messages[message->type] = true;
    if (message->type == BGP_MESSAGE_UPDATE) {
        for (uint32_t i = 0; i < message->update.attribute_count; i++)
            note_attribute(&message->update.attributes[i]);
    }
    if (message->type != BGP_MESSAGE_OPEN)
        return;
    for (uint32_t i = 0; i < message->open.parameter_count; i++) {
        const struct bgp_parameter *parameter = &message->open.parameters[i];
        for (uint32_t k = 0; k < parameter->capability_count; k++) {
            if (parameter->capabilities[k].row != NULL)
                seen.capabilities[parameter->capabilities[k].row->id] = true;
        }
    }
}

static void write_text(const char *path, const char *text)
{
    FILE *file = fopen(path, "wb");
    cr_assert(file != NULL);
    cr_assert(fputs(text, file) >= 0);
    cr_assert(fclose(file) == 0);
}

static void check_text(const char *path, const struct bgp_decoded *decoded)
{
    char text_path[4096];
    (void)snprintf(text_path, sizeof text_path, "%.*s.txt", (int)(strlen(path) - strlen(".hex")),
                   path);
    char *text = bgp_print_text(&decoded->message, &decoded->fault);
    if (getenv("PCED_REGENERATE") != NULL)
        write_text(text_path, text);
    struct octets expected = read_file(text_path);
    bool is_same = strlen(text) == expected.size && memcmp(text, expected.at, expected.size) == 0;
    cr_expect(is_same, "%s differs from what is printed:\n%s", text_path, text);
    free(text);
    octets_free(&expected);
}

static void check_json(const char *path, const struct bgp_decoded *decoded)
{
    json_t *json = bgp_to_json(&decoded->message, &decoded->fault);
    cr_assert(json != NULL, "%s has no JSON", path);
    char *text = json_dumps(json, 0);
    cr_assert(text != NULL, "%s has JSON that is none", path);
    cr_expect_str_eq(json_string_value(json_object_get(json, "message")),
                     bgp_message_name(decoded->message.type));
    cr_expect((json_object_get(json, "fault") != NULL) == bgp_fault_is_set(&decoded->fault));
    free(text);
    json_decref(json);
}

static void check_golden(const char *path)
{
    struct octets octets = read_hex_file(path);
    struct bgp_decoded decoded;
    bgp_decoded_init(&decoded, &octets);
    cr_expect(decoded.status == PCE_OK, "%s: %s", path, decoded.fault.reason);
    bool is_malformed = strstr(path, "/malformed-") != NULL;
    cr_expect(bgp_fault_is_set(&decoded.fault) == is_malformed, "%s: %s", path,
              decoded.fault.reason == NULL ? "no fault" : decoded.fault.reason);
    cr_expect(bgp_encodes_to(&decoded.message, &octets), "%s: other octets", path);
    check_text(path, &decoded);
    check_json(path, &decoded);
    note_rows(&decoded.message);
    bgp_decoded_fini(&decoded);
    octets_free(&octets);
}

Test(golden, every_pair_agrees_in_both_directions)
{
    unsigned count = for_each_file(source_path(FOLDER), ".hex", check_golden);
    cr_expect(count >= 20, "only %u golden messages", count);
    printf("%u golden messages\n", count);
}

Test(golden, every_row_has_a_pair)
{
    (void)for_each_file(source_path(FOLDER), ".hex", check_golden);
    for (unsigned type = 0; type < BGP_MESSAGE_TYPE_END; type++)
        cr_expect(bgp_message_find(type) == NULL || seen.messages[type],
                  "no golden pair has message %s", bgp_message_name(type));
    for (unsigned id = 0; id < BGP_CAPABILITY_COUNT; id++)
        cr_expect(seen.capabilities[id], "no golden pair has capability %s",
                  bgp_capability_get((enum bgp_capability_id)id)->name);
    for (unsigned id = 0; id < BGP_ATTRIBUTE_COUNT; id++)
        cr_expect(seen.attributes[id], "no golden pair has attribute %s",
                  bgp_attribute_get((enum bgp_attribute_id)id)->name);
    for (unsigned type = 0; type < BGP_NLRI_TYPE_END; type++)
        cr_expect(bgp_nlri_find(type) == NULL || seen.nlris[type], "no golden pair has NLRI %u",
                  type);
    for (unsigned id = 0; id < BGP_TLV_COUNT; id++)
        cr_expect(seen.tlvs[id], "no golden pair has TLV %s",
                  bgp_tlv_get((enum bgp_tlv_id)id)->name);
    printf("rows: %d capabilities, %d attributes, %d TLVs\n", BGP_CAPABILITY_COUNT,
           BGP_ATTRIBUTE_COUNT, BGP_TLV_COUNT);
}

/* Each cut of each golden message: as it is (its length is then wrong), and with the length of the
 * header set to the cut, so that what is inside is cut. */
static void check_cuts(const char *path)
{
    struct octets whole = read_hex_file(path);
    for (size_t size = 0; size < whole.size; size++) {
        struct octets cut = {malloc(size + (size == 0)), size};
        cr_assert(cut.at != NULL);
        memcpy(cut.at, whole.at, size);
        struct bgp_decoded decoded;
        bgp_decoded_init(&decoded, &cut);
        cr_expect(decoded.status == PCE_INVALID && decoded.fault.action == BGP_ACTION_RESET,
                  "%s cut at %zu is taken", path, size);
        bgp_decoded_fini(&decoded);
        if (size >= BGP_HEADER_SIZE) {
            cut.at[BGP_MARKER_SIZE] = (uint8_t)(size >> 8);
            cut.at[BGP_MARKER_SIZE + 1] = (uint8_t)size;
            bgp_decoded_init(&decoded, &cut);
            cr_expect(decoded.status != PCE_OK || bgp_encodes_to(&decoded.message, &cut),
                      "%s cut at %zu is not encoded back", path, size);
            bgp_decoded_fini(&decoded);
        }
        octets_free(&cut);
    }
    octets_free(&whole);
}

Test(golden, every_cut_ends_in_a_fault_or_is_encoded_back)
{
    (void)for_each_file(source_path(FOLDER), ".hex", check_cuts);
}

/* Each octet of each golden message in turn set to hostile values. */
static void check_flips(const char *path)
{
    static const uint8_t values[] = {0, 1, 3, 0x7F, 0x80, 0xFF};
    struct octets octets = read_hex_file(path);
    for (size_t i = BGP_HEADER_SIZE; i < octets.size; i++) {
        uint8_t kept = octets.at[i];
        for (size_t k = 0; k < sizeof values; k++) {
            struct bgp_decoded decoded;
            octets.at[i] = values[k];
            bgp_decoded_init(&decoded, &octets);
            cr_expect(decoded.status != PCE_OK || bgp_encodes_to(&decoded.message, &octets),
                      "%s with octet %zu = %u is not encoded back", path, i, values[k]);
            bgp_decoded_fini(&decoded);
        }
        octets.at[i] = kept;
    }
    octets_free(&octets);
}

Test(golden, every_changed_octet_is_refused_or_encoded_back, .timeout = 120)
{
    (void)for_each_file(source_path(FOLDER), ".hex", check_flips);
}
