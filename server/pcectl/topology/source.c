#include "server/pcectl/topology/source.h"

#include "core/ted/topology_file.h"
#include "core/ted/topology_text.h"
#include "io/os/failure.h"
#include "server/pcectl/api.h"
#include "server/pcectl/command.h"
#include "server/topology/load.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SOURCE_PATH       "/api/v1/topology"
#define SOURCE_PAGE       "500"
#define SOURCE_CURSOR_MAX 64

struct ted_snapshot *source_read_file(const char *path, int *code)
{
    struct ted_snapshot *snapshot = NULL;
    char text[FAILURE_TEXT_SIZE];
    enum pce_status status = topology_load(path, &snapshot, text, sizeof text);
    if (status != PCE_OK) {
        (void)fprintf(stderr, "%s\n", text);
        *code = status == PCE_NO_MEMORY ? COMMAND_FAILED : COMMAND_USAGE;
        return NULL;
    }
    *code = COMMAND_OK;
    return snapshot;
}

void source_explain(const char *path, const struct ted_fault *fault)
{
    (void)fprintf(stderr, "%s:", path);
    if (fault->line != 0)
        (void)fprintf(stderr, "%u:", fault->line);
    if (fault->column != 0)
        (void)fprintf(stderr, "%u:", fault->column);
    (void)fprintf(stderr, " %s%s%s\n", fault->element, fault->element[0] == '\0' ? "" : ": ",
                  fault->reason);
}

/* ---- the network of a pced: its pages become one text, which the reader of files takes ---- */

struct source_walk {
    struct pcectl_target *target;
    struct topo_text nodes, links;
    char name[TED_NAME_SIZE_MAX + 1];
    uint64_t bent;
    char cursor[SOURCE_CURSOR_MAX]; /* "": the first page */
};

static void source_take_rows(struct topo_text *text, const json_t *rows)
{
    for (size_t i = 0; i < json_array_size(rows); i++) {
        char *row = json_dumps(json_array_get(rows, i),
                               JSON_COMPACT | JSON_REAL_PRECISION(TOPO_DIGITS_MAX));
        topo_text_put(text, text->size == 0 ? "" : ",\n");
        if (row == NULL)
            text->has_failed = true;
        else
            topo_text_put(text, row);
        free(row);
    }
}

/* One page; an exit code. COMMAND_NO: there is another topology by now, or none. */
static int source_take_page(struct source_walk *walk)
{
    char path[256] = SOURCE_PATH;
    int code;
    bool fits = pcectl_add_argument(path, sizeof path, "limit", SOURCE_PAGE);
    if (fits && walk->cursor[0] != '\0')
        fits = pcectl_add_argument(path, sizeof path, "cursor", walk->cursor);
    if (!fits)
        return COMMAND_FAILED;
    const struct pcectl_request request = {.target = walk->target, .method = "GET", .path = path};
    json_t *page = pcectl_ask(&request, &code);
    if (page == NULL)
        return code;
    const char *name = json_string_value(json_object_get(page, "name"));
    const char *next = json_string_value(json_object_get(page, "next"));
    (void)snprintf(walk->name, sizeof walk->name, "%s", name == NULL ? "" : name);
    (void)snprintf(walk->cursor, sizeof walk->cursor, "%s", next == NULL ? "" : next);
    walk->bent += (uint64_t)json_integer_value(json_object_get(page, "bent"));
    source_take_rows(&walk->nodes, json_object_get(page, "nodes"));
    source_take_rows(&walk->links, json_object_get(page, "links"));
    json_decref(page);
    return walk->nodes.has_failed || walk->links.has_failed ? COMMAND_FAILED : COMMAND_OK;
}

/* All pages of one generation. */
static int source_take_all(struct source_walk *walk)
{
    int code = COMMAND_NO;
    for (unsigned tries = 0; tries < SOURCE_TRIES && code == COMMAND_NO; tries++) {
        walk->cursor[0] = '\0';
        walk->bent = 0;
        topo_text_clear(&walk->nodes);
        topo_text_clear(&walk->links);
        do {
            code = source_take_page(walk);
        } while (code == COMMAND_OK && walk->cursor[0] != '\0');
        /* The first page has no cursor that could be of another generation: there is no topology. */
        if (code == COMMAND_NO && walk->cursor[0] == '\0')
            return COMMAND_FAILED;
    }
    return code == COMMAND_NO ? COMMAND_FAILED : code;
}

static struct ted_snapshot *source_read_walk(const struct source_walk *walk, int *code)
{
    struct ted_snapshot *snapshot = NULL;
    struct ted_fault fault = {.line = 0};
    struct topo_text whole;
    topo_text_init(&whole, TOPOLOGY_JSON);
    topo_text_put(&whole, "{\"network\": {\"name\": ");
    topo_text_string(&whole, walk->name);
    topo_text_put(&whole, "},\n\"nodes\": [");
    topo_text_add(&whole, walk->nodes.octets, walk->nodes.size);
    topo_text_put(&whole, "],\n\"links\": [");
    topo_text_add(&whole, walk->links.octets, walk->links.size);
    topo_text_put(&whole, "]}\n");
    enum pce_status status = whole.has_failed
                                 ? PCE_NO_MEMORY
                                 : topology_file_read(whole.octets, whole.size, &snapshot, &fault);
    topo_text_fini(&whole);
    *code = status == PCE_OK ? COMMAND_OK : COMMAND_FAILED;
    if (status == PCE_OK)
        return snapshot;
    (void)fprintf(stderr, "pcectl: the answer is no topology: %s%s%s\n", fault.element,
                  fault.element[0] == '\0' ? "" : ": ",
                  fault.reason[0] == '\0' ? pce_status_text(status) : fault.reason);
    return NULL;
}

struct ted_snapshot *source_read_running(struct pcectl_target *target, int *code)
{
    struct source_walk walk = {.target = target};
    struct ted_snapshot *snapshot = NULL;
    topo_text_init(&walk.nodes, TOPOLOGY_JSON);
    topo_text_init(&walk.links, TOPOLOGY_JSON);
    *code = source_take_all(&walk);
    if (walk.nodes.has_failed || walk.links.has_failed)
        (void)fprintf(stderr, "pcectl: no memory\n");
    if (*code == COMMAND_OK)
        snapshot = source_read_walk(&walk, code);
    if (snapshot != NULL && walk.bent > 0)
        (void)fprintf(
            stderr,
            "note: %llu values that a topology file cannot have are the nearest ones that "
            "it can\n",
            (unsigned long long)walk.bent);
    topo_text_fini(&walk.nodes);
    topo_text_fini(&walk.links);
    return snapshot;
}

struct ted_snapshot *source_read(const char *path, struct pcectl_target *target, int *code)
{
    if (path == NULL || strcmp(path, "running") == 0)
        return source_read_running(target, code);
    return source_read_file(path, code);
}

/* ---- what sources contradict each other in ---- */

static void source_take_finding(struct findings *findings, const json_t *row)
{
    const char *id = json_string_value(json_object_get(row, "kind"));
    const json_t *texts = json_object_get(row, "found");
    json_int_t count = json_integer_value(json_object_get(row, "count"));
    for (unsigned kind = FINDING_OF_SOURCES; id != NULL && kind < FINDING_KIND_COUNT; kind++) {
        if (strcmp(finding_kind_row_of(kind).id, id) != 0)
            continue;
        for (size_t i = 0; i < json_array_size(texts); i++)
            findings_add(findings, kind, "%s", json_string_value(json_array_get(texts, i)));
        if (count > 0 && (uint64_t)count > findings->counts[kind])
            findings->counts[kind] = (uint64_t)count;
    }
}

int source_add_findings(struct pcectl_target *target, struct findings *findings)
{
    const struct pcectl_request request = {
        .target = target, .method = "GET", .path = SOURCE_PATH "/findings"};
    int code;
    json_t *answer = pcectl_ask(&request, &code);
    const json_t *rows = json_object_get(answer, "findings");
    for (size_t i = 0; i < json_array_size(rows); i++)
        source_take_finding(findings, json_array_get(rows, i));
    json_decref(answer);
    return code;
}
