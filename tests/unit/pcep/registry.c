#include "core/pcep/registry.h"

#include "core/pcep/error.h"
#include "tests/unit/pcep/support.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

Test(registry, every_row_is_found_by_its_code)
{
    for (unsigned id = 0; id < PCEP_OBJECT_COUNT; id++) {
        const struct pcep_object_row *row = pcep_object_get(id);
        cr_expect(row->id == id && pcep_object_find(row->class_, row->type) == row);
    }
    for (unsigned id = 0; id < PCEP_TLV_COUNT; id++) {
        const struct pcep_tlv_row *row = pcep_tlv_get(id);
        cr_expect(row->id == id && pcep_tlv_find(row->space, row->type) == row);
    }
    for (unsigned id = 0; id < PCEP_SUBOBJECT_COUNT; id++) {
        const struct pcep_subobject_row *row = pcep_subobject_get(id);
        for (unsigned kind = 0; kind < PCEP_TAIL_KINDS; kind++)
            cr_expect((row->kinds >> kind & 1) == 0 || pcep_subobject_find(kind, row->type) == row);
    }
}

Test(registry, codes_without_a_row_are_not_found)
{
    cr_expect(pcep_message_find(0) == NULL && pcep_message_find(14) == NULL);
    cr_expect(pcep_message_find(255) == NULL);
    cr_expect(pcep_object_find(0, 1) == NULL && pcep_object_find(255, 1) == NULL);
    cr_expect(pcep_object_find(1, 2) == NULL && pcep_object_find(1, 16) == NULL);
    cr_expect(pcep_tlv_find(PCEP_TLV_SPACE_OBJECT, 0) == NULL);
    cr_expect(pcep_tlv_find(PCEP_TLV_SPACE_OBJECT, 27) == NULL);
    cr_expect(pcep_tlv_find(PCEP_TLV_SPACE_PST_CAPABILITY, 28) == NULL);
    cr_expect(pcep_tlv_find(PCEP_TLV_SPACE_OBJECT, 65535) == NULL);
    cr_expect(pcep_subobject_find(PCEP_TAIL_IRO, 36) == NULL);
}

Test(registry, one_code_means_different_things_in_different_places)
{
    cr_expect(pcep_tlv_find(PCEP_TLV_SPACE_OBJECT, 1)->id == PCEP_TLV_NO_PATH_VECTOR);
    cr_expect(pcep_tlv_find(PCEP_TLV_SPACE_PST_CAPABILITY, 1)->id == PCEP_TLV_PCECC_CAPABILITY);
    cr_expect(pcep_subobject_find(PCEP_TAIL_XRO, 34)->id == PCEP_SUBOBJECT_SRLG);
    cr_expect(pcep_subobject_find(PCEP_TAIL_RRO, 34)->id == PCEP_SUBOBJECT_SRLG_RECORDED);
}

Test(registry, object_class_is_known_apart_from_its_types)
{
    cr_expect(pcep_object_class_is_known(4) && !pcep_object_class_is_known(18));
    cr_expect(!pcep_object_class_is_known(200));
}

Test(registry, texts_are_never_null)
{
    for (unsigned type = 0; type < 256; type++) {
        cr_expect(pcep_message_name(type) != NULL && pcep_error_type_text(type) != NULL);
        cr_expect(pcep_close_reason_text(type) != NULL);
        for (unsigned value = 0; value < 256; value++) {
            cr_expect(pcep_error_text(type, value) != NULL);
            cr_expect(pcep_notification_text(type, value) != NULL);
            cr_expect(pcep_object_name(type, value) != NULL);
        }
    }
    cr_expect(strcmp(pcep_error_text(6, 3), "END-POINTS missing") == 0);
    cr_expect(strcmp(pcep_notification_text(1, 2), "the PCE cancels pending requests") == 0);
}

/* Each assigned PCEP-ERROR of the registry has a text. */
Test(registry, errors_are_those_of_the_registry)
{
    const char *path = shared_path("standards/registry.tsv");
    if (path == NULL)
        return;
    FILE *file = fopen(path, "r");
    char line[1024];
    unsigned count = 0;
    cr_assert(file != NULL);
    while (fgets(line, sizeof line, file) != NULL) {
        static const char prefix[] = "PCEP-ERROR Object Error Types and Values\t";
        if (strncmp(line, prefix, strlen(prefix)) != 0)
            continue;
        /* Ranges ("9-255") are of values that are not assigned. */
        char *end;
        unsigned type = (unsigned)strtoul(line + strlen(prefix), &end, 10);
        unsigned value = *end == '/' ? (unsigned)strtoul(end + 1, &end, 10) : 0;
        if (*end != '\t' || strstr(end, "Unassigned") != NULL)
            continue;
        cr_expect(type == 0 || type >= 252 || *pcep_error_text(type, value) != '\0', "%u/%u", type,
                  value);
        count++;
    }
    (void)fclose(file);
    printf("%u registered errors\n", count);
    cr_expect(count > 150);
}

Test(registry, every_error_has_a_meaning)
{
    cr_expect_str_eq(pcep_error_meaning(6, 1), pcep_error_text(6, 1));
    cr_expect_str_eq(pcep_error_meaning(8, 0), "unknown request reference");
    cr_expect_str_eq(pcep_error_meaning(6, 200), "mandatory object missing");
    for (unsigned type = 0; type <= UINT8_MAX; type++) {
        for (unsigned value = 0; value <= UINT8_MAX; value++)
            cr_assert_neq(pcep_error_meaning(type, value)[0], '\0', "%u/%u", type, value);
    }
}
