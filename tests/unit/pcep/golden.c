/* Golden pairs: <name>.hex is annotated octets, <name>.txt what is printed of them. Both
 * directions, JSON too, and each row of the registry has a pair. */
#include "core/pcep/grammar.h"
#include "core/pcep/json.h"
#include "tests/unit/pcep/support.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

static struct {
    bool messages[PCEP_MESSAGE_TYPE_END];
    bool objects[PCEP_OBJECT_COUNT];
    bool tlvs[PCEP_TLV_COUNT];
    bool subobjects[PCEP_SUBOBJECT_COUNT];
} seen;

static void note_tlv(const struct pcep_tlv *tlv)
{
    if (tlv->row != NULL)
        seen.tlvs[tlv->row->id] = true;
    for (uint32_t i = 0; i < tlv->sub_count; i++) {
        if (tlv->subs[i].row != NULL)
            seen.tlvs[tlv->subs[i].row->id] = true;
    }
}

static void note_rows(const struct pcep_message *message)
{
    if (message->row != NULL)
        seen.messages[message->row->type] = true;
    for (uint32_t i = 0; i < message->object_count; i++) {
        const struct pcep_object *object = &message->objects[i];
        if (object->row != NULL)
            seen.objects[object->row->id] = true;
        for (uint32_t k = 0; k < object->tlv_count; k++)
            note_tlv(&object->tlvs[k]);
        for (uint32_t k = 0; k < object->subobject_count; k++) {
            if (object->subobjects[k].row != NULL)
                seen.subobjects[object->subobjects[k].row->id] = true;
        }
    }
}

static void check_text(const char *path, const struct decoded *decoded)
{
    char text_path[4096];
    (void)snprintf(text_path, sizeof text_path, "%.*s.txt", (int)(strlen(path) - strlen(".hex")),
                   path);
    struct octets expected = read_file(text_path);
    char *text = print_text(&decoded->message, &decoded->fault);
    bool is_same = strlen(text) == expected.size && memcmp(text, expected.at, expected.size) == 0;
    cr_expect(is_same, "%s differs from what is printed:\n%s", text_path, text);
    free(text);
    octets_free(&expected);
}

/* Through the text of the JSON, as a file would hold it. */
static void check_json(const char *path, const struct decoded *decoded, const struct octets *octets)
{
    json_t *json = pcep_to_json(&decoded->message, &decoded->fault);
    char *text = json_dumps(json, 0);
    json_t *again = json_loads(text, 0, NULL);
    struct arena arena;
    struct pcep_message message;
    struct pcep_json_error error;
    arena_init(&arena, 1U << 24);
    cr_assert(again != NULL, "%s: JSON is not read back: %s", path, text);
    enum pce_status status = pcep_from_json(again, &arena, &message, &error);
    cr_expect(status == PCE_OK, "%s: %s", path, error.text);
    cr_expect(status != PCE_OK || encodes_to(&message, octets), "%s: JSON gives other octets: %s",
              path, text);
    arena_fini(&arena);
    json_decref(again);
    json_decref(json);
    free(text);
}

static void check_golden(const char *path)
{
    struct octets octets = read_hex_file(path);
    struct decoded decoded;
    decoded_init(&decoded, &octets);
    cr_expect(decoded.status == PCE_OK, "%s: %s", path, decoded.fault.reason);
    bool is_malformed = strstr(path, "/malformed-") != NULL;
    cr_expect(pcep_fault_is_set(&decoded.fault) == is_malformed, "%s: %s", path,
              decoded.fault.reason == NULL ? "no fault" : decoded.fault.reason);
    cr_expect(encodes_to(&decoded.message, &octets), "%s: other octets", path);
    struct pcep_fault fault;
    cr_assert(pcep_check_received(&decoded.message, &decoded.arena, &fault) == PCE_OK);
    cr_expect(pcep_fault_is_set(&fault) == is_malformed, "%s: %u/%u %s", path, fault.error_type,
              fault.error_value, fault.reason == NULL ? "no fault" : fault.reason);
    check_text(path, &decoded);
    check_json(path, &decoded, &octets);
    note_rows(&decoded.message);
    decoded_fini(&decoded);
    octets_free(&octets);
}

Test(golden, every_pair_agrees_in_both_directions)
{
    unsigned count = for_each_file(source_path("tests/golden"), ".hex", check_golden);
    cr_expect(count >= 20, "only %u golden messages", count);
    printf("%u golden messages\n", count);
}

Test(golden, every_row_has_a_pair)
{
    (void)for_each_file(source_path("tests/golden"), ".hex", check_golden);
    for (unsigned type = 0; type < PCEP_MESSAGE_TYPE_END; type++)
        cr_expect(pcep_message_find(type) == NULL || seen.messages[type],
                  "no golden pair has message %s", pcep_message_name(type));
    for (unsigned id = 0; id < PCEP_OBJECT_COUNT; id++)
        cr_expect(seen.objects[id], "no golden pair has object %s %u", pcep_object_get(id)->name,
                  pcep_object_get(id)->type);
    for (unsigned id = 0; id < PCEP_TLV_COUNT; id++)
        cr_expect(seen.tlvs[id], "no golden pair has TLV %s", pcep_tlv_get(id)->name);
    for (unsigned id = 0; id < PCEP_SUBOBJECT_COUNT; id++)
        cr_expect(seen.subobjects[id], "no golden pair has subobject %s",
                  pcep_subobject_get(id)->name);
    printf("rows: %d messages, %d objects, %d TLVs, %d subobjects\n", PCEP_MESSAGE_TYPE_END - 1,
           PCEP_OBJECT_COUNT, PCEP_TLV_COUNT, PCEP_SUBOBJECT_COUNT);
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
        struct decoded decoded;
        decoded_init(&decoded, &cut);
        cr_expect(decoded.status == PCE_INVALID && decoded.fault.scope == PCEP_FAULT_SESSION,
                  "%s cut at %zu is taken", path, size);
        decoded_fini(&decoded);
        if (size >= 4) {
            cut.at[2] = (uint8_t)(size >> 8);
            cut.at[3] = (uint8_t)size;
            decoded_init(&decoded, &cut);
            cr_expect(decoded.status != PCE_OK || encodes_to(&decoded.message, &cut),
                      "%s cut at %zu is not encoded back", path, size);
            decoded_fini(&decoded);
        }
        octets_free(&cut);
    }
    octets_free(&whole);
}

Test(golden, every_cut_ends_in_a_fault)
{
    (void)for_each_file(source_path("tests/golden"), ".hex", check_cuts);
}

/* Each octet of each golden message in turn set to hostile values. */
static void check_flips(const char *path)
{
    static const uint8_t values[] = {0, 1, 3, 0x7F, 0x80, 0xFF};
    struct octets octets = read_hex_file(path);
    for (size_t i = 4; i < octets.size; i++) {
        uint8_t kept = octets.at[i];
        for (size_t k = 0; k < sizeof values; k++) {
            struct decoded decoded;
            octets.at[i] = values[k];
            decoded_init(&decoded, &octets);
            cr_expect(decoded.status != PCE_OK || encodes_to(&decoded.message, &octets),
                      "%s with octet %zu = %u is not encoded back", path, i, values[k]);
            decoded_fini(&decoded);
        }
        octets.at[i] = kept;
    }
    octets_free(&octets);
}

Test(golden, every_changed_octet_is_refused_or_encoded_back)
{
    (void)for_each_file(source_path("tests/golden"), ".hex", check_flips);
}
