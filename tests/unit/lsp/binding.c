/* Labels and SIDs that stand for an LSP: what is reported, and what is asked for, octet by octet. */
#include "core/lsp/lsp.h"
#include "core/lsp/lsp_binding.h"

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

static struct lsp_binding reported(const uint8_t *tlv, size_t size)
{
    /* A place of 0 is none. */
    const size_t at = 4;
    struct lsp_instance *instance = calloc(1, sizeof *instance + at + size);
    instance->size = (uint16_t)(at + size);
    instance->summary.binding_at = (uint16_t)at;
    memcpy(instance->octets + at, tlv, size);
    const struct lsp_binding binding = lsp_binding_reported(instance);
    free(instance);
    return binding;
}

Test(binding, another_label_takes_the_former_one_back_first)
{
    static const uint8_t wanted[] = {0, 55, 0, 7, 0, 0x80, 0, 0, 0, 0x64, 0,    0,
                                     0, 55, 0, 7, 0, 0,    0, 0, 0, 0xc8, 0x10, 0};
    const struct lsp_binding binding = {
        .what = LSP_BINDING_THIS, .label = 3201, .replaces = true, .former.label = 1600};
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
