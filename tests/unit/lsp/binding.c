/* Labels and SIDs that stand for an LSP: what is reported, and what is asked for, octet by octet. */
#include "core/lsp/lsp.h"
#include "core/lsp/lsp_binding.h"
#include "core/wire/field.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

TestSuite(binding, .timeout = 20);

static uint8_t octets[128];

static size_t put(const struct lsp_binding *binding)
{
    struct wire_writer writer = wire_writer_init(octets, sizeof octets);
    lsp_binding_put(binding, &writer);
    cr_assert_not(writer.failed);
    cr_assert_eq(wire_written(&writer), lsp_binding_size(binding), "as long as it says");
    return wire_written(&writer);
}

/* An LSP object with these TLVs. */
static struct lsp_instance *instance_with(const uint8_t *tlvs, size_t size)
{
    const size_t at = 8;
    struct lsp_instance *instance = calloc(1, sizeof *instance + at + size);
    instance->size = (uint16_t)(at + size);
    instance->summary.binding_at = (uint16_t)at;
    field_store_u16(instance->octets + 2, (uint32_t)(at + size));
    memcpy(instance->octets + at, tlvs, size);
    return instance;
}

static struct lsp_binding reported(const uint8_t *tlvs, size_t size)
{
    struct lsp_instance *instance = instance_with(tlvs, size);
    const struct lsp_binding binding = lsp_binding_reported(instance);
    free(instance);
    return binding;
}

/* What is reported is removed by the same TLV, with R. */
static void check_removal(const uint8_t *tlv, size_t size)
{
    uint8_t wanted[sizeof octets];
    struct lsp_binding binding = reported(tlv, size);
    cr_assert_eq(binding.what, LSP_BINDING_THIS);
    binding.what = LSP_BINDING_REMOVE;
    memcpy(wanted, tlv, size);
    wanted[5] = 0x80;
    cr_assert_eq(put(&binding), size);
    cr_assert_arr_eq(octets, wanted, size);
}

#define SID      0xfc, 0xbb, 0, 0xbb, 0, 1, 0, 0xb1, 0, 0, 0, 0, 0, 0, 0, 0
#define BEHAVIOR 0, 0, 0, 15, 32, 16, 16, 0

static const uint8_t as_label[] = {0, 55, 0, 7, 0, 0, 0, 0, 0, 0x3e, 0x80, 0};
static const uint8_t as_entry[] = {0, 55, 0, 8, 1, 0, 0, 0, 0, 0x3e, 0x8f, 0xff};
static const uint8_t as_sid[] = {0, 55, 0, 20, 2, 0, 0, 0, SID};
static const uint8_t as_structure[] = {0, 55, 0, 28, 3, 0, 0, 0, SID, BEHAVIOR};

Test(binding, a_label_is_removed_as_it_was_reported)
{
    check_removal(as_label, sizeof as_label);
}

Test(binding, a_stack_entry_is_removed_with_its_traffic_class_and_ttl)
{
    check_removal(as_entry, sizeof as_entry);
}

Test(binding, a_sid_is_removed_as_it_was_reported)
{
    check_removal(as_sid, sizeof as_sid);
}

Test(binding, a_sid_with_its_structure_is_removed_with_it)
{
    check_removal(as_structure, sizeof as_structure);
}

Test(binding, of_several_the_one_of_the_value_is_found)
{
    uint8_t both[sizeof as_label + sizeof as_structure];
    struct lsp_binding wanted = {.what = LSP_BINDING_REMOVE, .is_srv6 = true};
    memcpy(both, as_label, sizeof as_label);
    memcpy(both + sizeof as_label, as_structure, sizeof as_structure);
    struct lsp_instance *instance = instance_with(both, sizeof both);
    cr_assert(ip_parse("fcbb:bb:1:b1::", &wanted.sid));
    struct lsp_binding found = lsp_binding_find(instance, &wanted);
    cr_assert_eq(found.what, LSP_BINDING_THIS);
    cr_assert_eq(found.former.type, 3);
    cr_assert_eq(found.former.size, 24);
    cr_assert(ip_parse("fcbb:bb:1:b2::", &wanted.sid));
    cr_assert_eq(lsp_binding_find(instance, &wanted).what, LSP_BINDING_NONE);
    free(instance);
}

Test(binding, what_follows_one_that_is_withdrawn_is_reported)
{
    static const uint8_t tlvs[] = {0, 55, 0, 7, 0, 0x80, 0, 0, 0, 0x64, 0,    0,
                                   0, 55, 0, 7, 0, 0,    0, 0, 0, 0xc8, 0x10, 0};
    const struct lsp_binding found = reported(tlvs, sizeof tlvs);
    cr_assert_eq(found.what, LSP_BINDING_THIS);
    cr_assert_eq(found.label, 3201);
}

Test(binding, a_value_that_nobody_has_reported_is_removed_by_itself)
{
    static const uint8_t wanted[] = {0, 55, 0, 7, 0, 0x80, 0, 0, 0, 0x3e, 0x80, 0};
    const struct lsp_binding binding = {.what = LSP_BINDING_REMOVE, .label = 1000};
    cr_assert_eq(put(&binding), sizeof wanted);
    cr_assert_arr_eq(octets, wanted, sizeof wanted);
}

Test(binding, another_label_takes_the_former_one_back_first)
{
    static const uint8_t wanted[] = {0, 55, 0, 7, 0, 0x80, 0, 0, 0, 0x64, 0,    0,
                                     0, 55, 0, 7, 0, 0,    0, 0, 0, 0xc8, 0x10, 0};
    const struct lsp_binding binding = {
        .what = LSP_BINDING_THIS, .label = 3201, .former = {.size = 3, .octets = {0, 0x64}}};
    cr_assert_eq(put(&binding), sizeof wanted);
    cr_assert_arr_eq(octets, wanted, sizeof wanted);
}

Test(binding, what_is_asked_is_read_as_it_is_reported)
{
    struct lsp_binding binding = {.what = LSP_BINDING_THIS, .label = LSP_BINDING_LABEL_MAX};
    struct lsp_binding found = reported(octets, put(&binding));
    cr_assert_eq(found.what, LSP_BINDING_THIS);
    cr_assert(lsp_binding_is_same(&found, &binding));
    binding.is_srv6 = true;
    cr_assert(ip_parse("2001:db8::5", &binding.sid));
    found = reported(octets, put(&binding));
    cr_assert(lsp_binding_is_same(&found, &binding));
    cr_assert(ip_parse("2001:db8::6", &found.sid));
    cr_assert_not(lsp_binding_is_same(&found, &binding));
}

Test(binding, a_whole_stack_entry_is_its_label)
{
    static const uint8_t tlv[] = {0, 55, 0, 8, 1, 0, 0, 0, 0, 0x3e, 0x8f, 0xff};
    const struct lsp_binding found = reported(tlv, sizeof tlv);
    cr_assert_eq(found.what, LSP_BINDING_THIS);
    cr_assert_eq(found.label, 1000);
}

Test(binding, what_is_withdrawn_cut_or_asked_for_is_none)
{
    static const uint8_t withdrawn[] = {0, 55, 0, 7, 0, 0x80, 0, 0, 0, 0x64, 0, 0};
    static const uint8_t empty[] = {0, 55, 0, 4, 0, 0, 0, 0};
    static const uint8_t old[] = {0xff, 0xe1, 0, 8, 0, 0, 0, 0, 0, 0x64, 0, 0};
    static const uint8_t cut[] = {0, 55, 0, 7, 0, 0, 0, 0, 0, 0x64};
    cr_assert_eq(reported(withdrawn, sizeof withdrawn).what, LSP_BINDING_NONE);
    cr_assert_eq(reported(empty, sizeof empty).what, LSP_BINDING_NONE);
    cr_assert_eq(reported(old, sizeof old).what, LSP_BINDING_NONE);
    cr_assert_eq(reported(cut, sizeof cut).what, LSP_BINDING_NONE);
}

Test(binding, nothing_is_no_tlv)
{
    const struct lsp_binding binding = {.what = LSP_BINDING_NONE};
    const struct lsp_instance instance = {.size = 0};
    cr_assert_eq(put(&binding), 0);
    cr_assert_eq(lsp_binding_reported(&instance).what, LSP_BINDING_NONE);
}
