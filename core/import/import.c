#include "core/import/import.h"

#include "core/import/graph.h"

#include <string.h>

static graph_read_fn *const import_readers[IMPORT_FORMAT_COUNT] = {
    [IMPORT_GRAPHML] = graph_read_graphml,   [IMPORT_NODE_LINK] = graph_read_node_link,
    [IMPORT_SNDLIB] = graph_read_sndlib,     [IMPORT_SNDLIB_XML] = graph_read_sndlib_xml,
    [IMPORT_REPETITA] = graph_read_repetita, [IMPORT_FRR] = graph_read_frr,
};

#define FORMAT_TEXT(name, text) [name] = (text),
static const char *const import_format_texts[] = {IMPORT_FORMATS(FORMAT_TEXT)};
static const char *const import_note_texts[] = {IMPORT_NOTES(FORMAT_TEXT)};
#undef FORMAT_TEXT

const char *import_format_text(enum import_format format)
{
    return import_format_texts[format];
}

const char *import_note_text(enum import_note note)
{
    return import_note_texts[note];
}

bool import_format_parse(const char *text, enum import_format *format)
{
    for (unsigned i = 0; i < IMPORT_FORMAT_COUNT; i++) {
        *format = (enum import_format)i;
        if (strcmp(import_format_texts[i], text) == 0)
            return true;
    }
    return false;
}

/* ---- which format ---- */

#define RECOGNISE_SIZE ((size_t)64 << 10) /* how far is looked for a word */

static bool recognise_has(const char *text, size_t size, const char *word)
{
    size_t length = strlen(word), end = size < RECOGNISE_SIZE ? size : RECOGNISE_SIZE;
    for (size_t i = 0; i + length <= end; i++) {
        if (memcmp(text + i, word, length) == 0)
            return true;
    }
    return false;
}

enum import_format import_recognise(const char *text, size_t size)
{
    /* The first member of each row comes at the beginning, the second one somewhere behind. */
    static const struct {
        const char *first, *word;
        enum import_format format;
    } rows[] = {
        {"<", "<graphml", IMPORT_GRAPHML},
        {"<", "sndlib", IMPORT_SNDLIB_XML},
        {"<", "<networkStructure", IMPORT_SNDLIB_XML},
        {"{", "\"ted\"", IMPORT_FRR},
        {"{", "\"nodes\"", IMPORT_NODE_LINK},
        {"?SNDlib", "", IMPORT_SNDLIB},
        {"NODES", "label", IMPORT_REPETITA},
        {"", "NODES (", IMPORT_SNDLIB},
    };
    size_t start = 0;
    if (size >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0)
        start = 3;
    while (start < size && strchr(" \t\r\n", text[start]) != NULL && text[start] != '\0')
        start++;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        size_t length = strlen(rows[i].first);
        if (size - start >= length && memcmp(text + start, rows[i].first, length) == 0 &&
            recognise_has(text + start, size - start, rows[i].word))
            return rows[i].format;
    }
    return IMPORT_FORMAT_COUNT;
}

/* ---- the whole ---- */

static bool import_read_demands(struct graph *graph, const struct import_options *options)
{
    if (options->demands == NULL)
        return true;
    return graph_read_repetita_demands(graph, options->demands, options->demands_size);
}

static bool import_run(struct graph *graph, const char *text, size_t size,
                       const struct import_options *options, struct import *import)
{
    import->format = options->is_forced ? options->format : import_recognise(text, size);
    if (size > IMPORT_SIZE_MAX)
        return graph_fail(graph, PCE_LIMIT, 0, "", "the file has more than %zu octets",
                          IMPORT_SIZE_MAX);
    if (import->format == IMPORT_FORMAT_COUNT)
        return graph_fail(graph, PCE_INVALID, 1, "", "looks like none of the known formats");
    if (!import_readers[import->format](graph, text, size) || !graph_resolve(graph) ||
        !import_read_demands(graph, options))
        return false;
    return graph_fold(graph, options) && graph_derive(graph, options) && graph_build(graph, import);
}

enum pce_status import_read(const char *text, size_t size, const struct import_options *options,
                            struct import *import, struct ted_fault *fault)
{
    struct graph graph;
    memset(import, 0, sizeof *import);
    ted_array_init(&import->demands, sizeof(struct import_demand));
    enum pce_status status = graph_init(&graph, import->notes, fault);
    if (status == PCE_OK && !import_run(&graph, text, size, options, import))
        status = graph.status;
    graph_fini(&graph);
    if (status != PCE_OK)
        import_fini(import);
    return status;
}

void import_fini(struct import *import)
{
    ted_snapshot_destroy(import->snapshot);
    ted_array_fini(&import->demands);
    import->snapshot = NULL;
}
