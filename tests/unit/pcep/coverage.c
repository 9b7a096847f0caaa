/* docs/RFC-COVERAGE.md is made of the rows: this test makes it and compares. With PCED_REGENERATE=1
 * in the environment it writes the document. */
#include "core/pcep/error.h"
#include "core/pcep/layout.h"
#include "core/pcep/registry.h"
#include "tests/unit/pcep/error_places.h"
#include "tests/unit/pcep/support.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DOCUMENT "docs/RFC-COVERAGE.md"

enum kind { KIND_MESSAGE, KIND_OBJECT, KIND_TLV, KIND_SUBOBJECT };

static const struct {
    enum kind kind;
    unsigned id;
    const char *since;
    const char *how;
} acted[] = {
#define PCEP_ACTED(kind, id, since, how) {KIND_##kind, PCEP_##kind##_##id, since, how},
#include "core/pcep/acted.def"
#undef PCEP_ACTED
};

static const char introduction[] =
    "# What of PCEP is covered\n"
    "\n"
    "Made of the rows in `core/pcep/*.def` by the test `coverage` of `test_pcep`, which fails "
    "when\n"
    "this page is not theirs; `PCED_REGENERATE=1 test_pcep --filter 'coverage/*'` writes it.\n"
    "\n"
    "Each row is decoded and encoded since 0.1.0, to the same octets: what is said here is "
    "whether\n"
    "its *fields* are known or its value is kept as *octets*. Unknown objects, TLVs and "
    "subobjects\n"
    "are kept as octets, too. *Acted on* says what pced does with it, and since when; all else is\n"
    "shown by `pcectl decode`, made by `pcectl encode`, and ignored by the server as the "
    "documents\n"
    "ask.\n";

static void put_acted(FILE *out, enum kind kind, unsigned id)
{
    for (size_t i = 0; i < sizeof acted / sizeof acted[0]; i++) {
        if (acted[i].kind == kind && acted[i].id == id) {
            (void)fprintf(out, "%s (%s)", acted[i].how, acted[i].since);
            return;
        }
    }
    (void)fputs("–", out);
}

static const char *depth_of(const struct wire_layout *layout)
{
    return strcmp(layout->name, "octets") == 0 ? "octets" : "fields";
}

static void put_row(FILE *out, enum kind kind, unsigned id, const char *decoded,
                    const char *reference)
{
    (void)fprintf(out, " | %s | ", decoded);
    put_acted(out, kind, id);
    (void)fprintf(out, " | %s |\n", reference);
}

static void put_messages(FILE *out)
{
    (void)fputs("\n## Messages\n\n| type | message | decoded, encoded | acted on | reference |\n"
                "|---|---|---|---|---|\n",
                out);
    for (unsigned type = 0; type < PCEP_MESSAGE_TYPE_END; type++) {
        const struct pcep_message_row *row = pcep_message_find(type);
        if (row == NULL)
            continue;
        (void)fprintf(out, "| %u | %s", type, row->name);
        put_row(out, KIND_MESSAGE, type, "grammar", row->reference);
    }
}

static void put_objects(FILE *out)
{
    (void)fputs(
        "\n## Objects\n\n| class/type | object | decoded, encoded | acted on | reference |\n"
        "|---|---|---|---|---|\n",
        out);
    for (unsigned id = 0; id < PCEP_OBJECT_COUNT; id++) {
        const struct pcep_object_row *row = pcep_object_get((enum pcep_object_id)id);
        (void)fprintf(out, "| %u/%u | %s", row->class_, row->type, row->name);
        put_row(out, KIND_OBJECT, id, depth_of(row->layout), row->reference);
    }
}

/* The name of the TLV, or TLVs, whose sub-TLVs a space has. */
static void put_carriers(FILE *out, enum pcep_tlv_space space)
{
    const char *separator = "";
    for (unsigned id = 0; id < PCEP_TLV_COUNT; id++) {
        const struct pcep_tlv_row *row = pcep_tlv_get((enum pcep_tlv_id)id);
        if (row->subs != space)
            continue;
        (void)fprintf(out, "%s%s", separator, row->name);
        separator = ", ";
    }
}

static void put_tlvs(FILE *out, enum pcep_tlv_space space)
{
    (void)fputs(space == PCEP_TLV_SPACE_OBJECT ? "\n## TLVs" : "\n## Sub-TLVs of ", out);
    if (space != PCEP_TLV_SPACE_OBJECT)
        put_carriers(out, space);
    (void)fputs("\n\n| type | TLV | decoded, encoded | acted on | reference |\n"
                "|---|---|---|---|---|\n",
                out);
    for (unsigned id = 0; id < PCEP_TLV_COUNT; id++) {
        const struct pcep_tlv_row *row = pcep_tlv_get((enum pcep_tlv_id)id);
        if (row->space != space)
            continue;
        (void)fprintf(out, "| %u | %s", row->type, row->name);
        put_row(out, KIND_TLV, id, depth_of(row->layout), row->reference);
    }
}

static void put_subobjects(FILE *out)
{
    static const char *const kinds[PCEP_TAIL_KINDS] = {[PCEP_TAIL_ERO] = "ERO",
                                                       [PCEP_TAIL_RRO] = "RRO",
                                                       [PCEP_TAIL_IRO] = "IRO",
                                                       [PCEP_TAIL_XRO] = "XRO",
                                                       [PCEP_TAIL_PATH_KEY] = "PATH-KEY"};
    (void)fputs("\n## Subobjects\n\n| type | subobject | in | decoded, encoded | acted on | "
                "reference |\n|---|---|---|---|---|---|\n",
                out);
    for (unsigned id = 0; id < PCEP_SUBOBJECT_COUNT; id++) {
        const struct pcep_subobject_row *row = pcep_subobject_get((enum pcep_subobject_id)id);
        (void)fprintf(out, "| %u | %s |", row->type, row->name);
        for (unsigned kind = 0; kind < PCEP_TAIL_KINDS; kind++) {
            if ((row->kinds >> kind & 1U) != 0)
                (void)fprintf(out, " %s", kinds[kind]);
        }
        put_row(out, KIND_SUBOBJECT, id, depth_of(row->layout), row->reference);
    }
}

static void put_error(FILE *out, unsigned type, unsigned value, const char *text,
                      const char *reference)
{
    const char *place = error_place(type, value);
    (void)fprintf(out, "| %u/%u | %s | %s | %s |\n", type, value, text,
                  place == NULL ? "yes" : place, reference);
}

static void put_errors(FILE *out)
{
    (void)fputs("\n## Errors\n\nWhether decoding and the grammar of a message raise the error, or "
                "why they cannot.\n\n| type/value | error | raised by a single message | reference "
                "|\n|---|---|---|---|\n",
                out);
#define PCEP_ERROR_TYPE(id, type, text)                                                            \
    if (*pcep_error_text(type, 1) == '\0' && *pcep_error_text(type, 2) == '\0')                    \
        put_error(out, type, 0, text, "RFC 5440");
#define PCEP_ERROR(id, type, value, text, reference) put_error(out, type, value, text, reference);
#include "core/pcep/error.def"
#undef PCEP_ERROR_TYPE
#undef PCEP_ERROR
}

static void put_unestablished(FILE *out)
{
    (void)fputs("\n## Not established\n\nNo text of these documents was at hand. Numbers and flags "
                "are IANA's; what is named here is to be compared\nwith the documents before "
                "anybody acts on it.\n\n| what | reference | what is open |\n|---|---|---|\n",
                out);
#define PCEP_UNESTABLISHED(name, reference, what)                                                  \
    (void)fprintf(out, "| %s | %s | %s |\n", name, reference, what);
#include "core/pcep/unestablished.def"
#undef PCEP_UNESTABLISHED
}

static char *make_document(size_t *size)
{
    char *text = NULL;
    FILE *out = open_memstream(&text, size);
    cr_assert(out != NULL);
    (void)fputs(introduction, out);
    put_messages(out);
    put_objects(out);
    for (unsigned space = 0; space < PCEP_TLV_SPACE_COUNT; space++)
        put_tlvs(out, (enum pcep_tlv_space)space);
    put_subobjects(out);
    put_errors(out);
    put_unestablished(out);
    cr_assert(fclose(out) == 0);
    return text;
}

static void regenerate(const char *text, size_t size)
{
    FILE *file = fopen(source_path(DOCUMENT), "wb");
    cr_assert(file != NULL);
    cr_assert(fwrite(text, 1, size, file) == size);
    cr_assert(fclose(file) == 0);
}

Test(coverage, document_is_made_of_the_rows)
{
    size_t size = 0;
    char *text = make_document(&size);
    if (getenv("PCED_REGENERATE") != NULL)
        regenerate(text, size);
    struct octets document = read_file(source_path(DOCUMENT));
    cr_expect(document.size == size && memcmp(document.at, text, size) == 0,
              "%s is not made of the rows: PCED_REGENERATE=1 writes it anew", DOCUMENT);
    octets_free(&document);
    free(text);
}
