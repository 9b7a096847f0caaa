/* docs/BGP-COVERAGE.md is made of the rows: this test makes it and compares. With PCED_REGENERATE=1
 * in the environment it writes the document. */
#include "core/bgp/layout.h"
#include "tests/unit/bgp/support.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DOCUMENT "docs/BGP-COVERAGE.md"

static const char introduction[] =
    "# What of BGP and BGP-LS is covered\n"
    "\n"
    "Made of the rows in `core/bgp/*.def` by the test `coverage` of `test_bgp`, which fails when\n"
    "this page is not theirs; `PCED_REGENERATE=1 test_bgp --filter 'coverage/*'` writes it.\n"
    "\n"
    "Each row is decoded, encoded to the same octets, printed and given as JSON. *Fields* says "
    "that\n"
    "the value is known field by field, *octets* that it is kept as it is. What has no row here "
    "is\n"
    "kept as octets, too, and shown: capabilities, attributes, NLRIs, TLVs. A TLV is taken "
    "wherever it\n"
    "stands, in any order; the tables say where its document puts it.\n"
    "\n"
    "A TLV whose value is not of its row's form is kept as octets and counts as absent: contents "
    "make\n"
    "neither an NLRI nor the attribute malformed (RFC 9552 8.2.2). *On error* says what a "
    "malformed\n"
    "path attribute asks for (RFC 7606, RFC 9552 8.2.2):\n"
    "\n"
    "- *session reset*: a NOTIFICATION, as for every length that hides where the next NLRI "
    "begins;\n"
    "- *treat-as-withdraw*: what the UPDATE announces counts as withdrawn;\n"
    "- *discard*: the attribute counts as absent. An NLRI whose node descriptor has a sub-TLV "
    "twice is\n"
    "  discarded alone.\n"
    "\n"
    "TLVs of an NLRI that do not ascend are against RFC 9552 5.1, and routers send them: such an "
    "NLRI\n"
    "is marked and used.\n";

static const char *depth_of(const struct wire_layout *layout)
{
    return strcmp(layout->name, "octets") == 0 ? "octets" : "fields";
}

static void put_messages(FILE *out)
{
    (void)fputs("\n## Messages\n\n| type | message | reference |\n|---|---|---|\n", out);
    for (unsigned type = 0; type < BGP_MESSAGE_TYPE_END; type++) {
        const struct bgp_message_row *row = bgp_message_find(type);
        if (row != NULL)
            (void)fprintf(out, "| %u | %s | %s |\n", type, row->name, row->reference);
    }
}

static void put_capabilities(FILE *out)
{
    (void)fputs(
        "\n## Capabilities\n\n| code | capability | decoded | reference |\n|---|---|---|---|\n",
        out);
    for (unsigned id = 0; id < BGP_CAPABILITY_COUNT; id++) {
        const struct bgp_capability_row *row = bgp_capability_get((enum bgp_capability_id)id);
        (void)fprintf(out, "| %u | %s | %s | %s |\n", row->code, row->name, depth_of(row->layout),
                      row->reference);
    }
}

static void put_attributes(FILE *out)
{
    (void)fputs("\n## Path attributes\n\n| type | attribute | decoded | on error | reference |\n"
                "|---|---|---|---|---|\n",
                out);
    for (unsigned id = 0; id < BGP_ATTRIBUTE_COUNT; id++) {
        const struct bgp_attribute_row *row = bgp_attribute_get((enum bgp_attribute_id)id);
        (void)fprintf(out, "| %u | %s | %s | %s | %s |\n", row->type, row->name,
                      depth_of(row->layout), bgp_action_text(row->on_error), row->reference);
    }
}

static void put_nlris(FILE *out)
{
    (void)fputs("\n## Link-State NLRIs\n\n| type | NLRI | reference |\n|---|---|---|\n", out);
    for (unsigned type = 0; type < BGP_NLRI_TYPE_END; type++) {
        const struct bgp_nlri_row *row = bgp_nlri_find(type);
        if (row != NULL)
            (void)fprintf(out, "| %u | %s | %s |\n", type, row->name, row->reference);
    }
}

static void put_tlvs(FILE *out, enum bgp_place place)
{
    static const char *const titles[BGP_PLACE_COUNT] = {
        [BGP_PLACE_DESCRIPTOR] = "Descriptors of NLRIs",
        [BGP_PLACE_NODE] = "Attributes of nodes",
        [BGP_PLACE_LINK] = "Attributes of links",
        [BGP_PLACE_PREFIX] = "Attributes of prefixes",
        [BGP_PLACE_SID] = "Attributes of SRv6 SIDs",
        [BGP_PLACE_POLICY] = "Attributes of SR policies",
        [BGP_PLACE_INNER] = "Inside other TLVs",
    };
    (void)fprintf(out,
                  "\n## %s\n\n| type | TLV | decoded | TLVs inside | reference |\n"
                  "|---|---|---|---|---|\n",
                  titles[place]);
    for (unsigned id = 0; id < BGP_TLV_COUNT; id++) {
        const struct bgp_tlv_row *row = bgp_tlv_get((enum bgp_tlv_id)id);
        if (row->place == place)
            (void)fprintf(out, "| %u | %s | %s | %s | %s |\n", row->type, row->name,
                          depth_of(row->layout), row->has_subs ? "yes" : "–", row->reference);
    }
}

static void put_errors(FILE *out)
{
    (void)fputs(
        "\n## Errors of a NOTIFICATION\n\n| code/subcode | error | reference |\n|---|---|---|\n",
        out);
#define BGP_ERROR_CODE(id, code, text)
#define BGP_ERROR(id, code, subcode, text, reference)                                              \
    (void)fprintf(out, "| %u/%u | %s%s%s | %s |\n", code, subcode, bgp_error_code_text(code),      \
                  *(text) == '\0' ? "" : ": ", text, reference);
#include "core/bgp/error.def"
#undef BGP_ERROR_CODE
#undef BGP_ERROR
}

Test(coverage, document_is_made_of_the_rows)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    cr_assert(out != NULL);
    (void)fputs(introduction, out);
    put_messages(out);
    put_capabilities(out);
    put_attributes(out);
    put_nlris(out);
    for (unsigned place = 0; place < BGP_PLACE_COUNT; place++)
        put_tlvs(out, (enum bgp_place)place);
    put_errors(out);
    cr_assert(fclose(out) == 0);
    if (getenv("PCED_REGENERATE") != NULL) {
        FILE *file = fopen(source_path(DOCUMENT), "wb");
        cr_assert(file != NULL);
        cr_assert(fwrite(text, 1, size, file) == size);
        cr_assert(fclose(file) == 0);
    }
    struct octets document = read_file(source_path(DOCUMENT));
    cr_expect(document.size == size && memcmp(document.at, text, size) == 0,
              "%s is not made of the rows: PCED_REGENERATE=1 writes it anew", DOCUMENT);
    octets_free(&document);
    free(text);
}
