/* /api/v1/topology: the network that is in force, page by page, and what its sources contradict each
 * other in. A page is written within one snapshot section, and no section outlives a request. */
#include "server/control/api.h"

#include "core/base/number.h"
#include "core/ted/rib_findings.h"
#include "core/ted/topology_write.h"
#include "server/control/api_answer.h"
#include "server/control/api_arguments.h"

#include <stdio.h>
#include <string.h>

#define TOPOLOGY_TYPE "application/json"
#define LINKS_LOOKED_AT                                                                            \
    (4 * API_PAGE_MAX) /* for one page: half of them, or more, are second ones */

/* Where a page begins: nodes have the first places, links the ones behind. */
struct network_place {
    uint64_t generation; /* 0: whichever is in force */
    uint64_t at;
};

struct network_page {
    const struct ted_snapshot *snapshot;
    struct topo_writer writer;
    uint64_t at;    /* the next place */
    uint32_t limit; /* rows */
    uint32_t rows;
};

/* ---- arguments ---- */

/* "7-120": the generation, and the place in it. */
static bool network_parse_cursor(const char *text, struct network_place *place)
{
    if (!number_take(&text, UINT64_MAX, &place->generation) || place->generation == 0 ||
        *text++ != '-')
        return false;
    return number_take(&text, (uint64_t)TED_NODES_MAX + TED_LINKS_MAX, &place->at) && *text == '\0';
}

/* False: it was refused. */
static bool network_read_arguments(struct http_request *request, struct network_place *place,
                                   struct api_page *page)
{
    static const char *const names[] = {"limit", "cursor", NULL};
    const char *cursor = api_argument(request, "cursor");
    if (!api_check_arguments(request, names))
        return false;
    const char *bad = api_read_page(request, page);
    if (bad == NULL && cursor != NULL && !network_parse_cursor(cursor, place))
        bad = "cursor";
    if (bad != NULL)
        api_refuse(request, 400, bad, api_explain_page(bad));
    return bad == NULL;
}

/* ---- a page ---- */

static uint64_t network_end(const struct ted_snapshot *snapshot)
{
    return (uint64_t)snapshot->node_count + snapshot->link_count;
}

static void network_begin_row(struct network_page *page)
{
    topo_text_put(&page->writer.text, page->rows == 0 ? "" : ",\n");
    page->rows++;
}

static void network_write_nodes(struct network_page *page)
{
    uint32_t first = page->rows;
    topo_text_put(&page->writer.text, ",\n\"nodes\":[");
    for (; page->at < page->snapshot->node_count && page->rows < page->limit; page->at++) {
        network_begin_row(page);
        topo_write_node(&page->writer, (uint32_t)page->at);
    }
    topo_text_put(&page->writer.text, "]");
    page->limit -= page->rows - first;
    page->rows = 0;
}

static void network_write_links(struct network_page *page)
{
    const struct ted_snapshot *snapshot = page->snapshot;
    topo_text_put(&page->writer.text, ",\n\"links\":[");
    for (uint32_t looked = 0;
         page->at >= snapshot->node_count && page->at < network_end(snapshot) &&
         page->rows < page->limit && looked < LINKS_LOOKED_AT;
         page->at++, looked++) {
        uint32_t link = (uint32_t)(page->at - snapshot->node_count);
        if (topo_is_second(snapshot, link))
            continue;
        network_begin_row(page);
        topo_write_link(&page->writer, link);
    }
    topo_text_put(&page->writer.text, "]");
}

static void network_write_page(struct network_page *page)
{
    struct topo_text *text = &page->writer.text;
    const struct ted_snapshot *snapshot = page->snapshot;
    topo_text_put(text, "{\"name\":");
    topo_text_string(text, snapshot->name);
    topo_text_print(text, ",\"generation\":%llu", (unsigned long long)snapshot->generation);
    network_write_nodes(page);
    network_write_links(page);
    topo_text_print(text, ",\n\"bent\":%llu", (unsigned long long)page->writer.bent);
    if (page->at < network_end(snapshot))
        topo_text_print(text, ",\"next\":\"%llu-%llu\"}", (unsigned long long)snapshot->generation,
                        (unsigned long long)page->at);
    else
        topo_text_put(text, ",\"next\":null}");
}

/* The body of the answer (malloc), or NULL: memory ran out. */
static char *network_make_page(struct network_page *page)
{
    char *body = NULL;
    if (topo_writer_init(&page->writer, page->snapshot, TOPOLOGY_JSON) == PCE_OK) {
        network_write_page(page);
        if (!page->writer.text.has_failed) {
            body = page->writer.text.octets;
            page->writer.text.octets = NULL;
        }
    }
    topo_writer_fini(&page->writer);
    return body;
}

void api_show_topology(struct api *api, struct http_request *request, const char *rest)
{
    struct network_place place = {0, 0};
    struct api_page arguments;
    char *body = NULL;
    (void)rest;
    if (!network_read_arguments(request, &place, &arguments))
        return;
    if (api->reader != NULL)
        snapshot_enter(api->reader);
    const struct ted_snapshot *snapshot =
        api->reader == NULL ? NULL : snapshot_get(&api->shared->topology);
    bool is_same =
        snapshot != NULL && (place.generation == 0 || place.generation == snapshot->generation);
    if (is_same) {
        struct network_page page = {.snapshot = snapshot, .at = place.at, .limit = arguments.limit};
        body = network_make_page(&page);
    }
    if (api->reader != NULL)
        snapshot_leave(api->reader);
    if (snapshot == NULL)
        api_refuse(request, 404, NULL, "there is no topology");
    else if (!is_same)
        api_refuse(request, 409, "cursor", "the topology is another one by now: begin anew");
    else
        http_answer(request, 200, TOPOLOGY_TYPE, body);
}

/* ---- what sources contradict each other in ---- */

static json_t *network_finding_texts(const struct rib_findings *findings,
                                     enum rib_finding_kind kind)
{
    json_t *texts = json_array();
    for (uint32_t i = 0; i < findings->count; i++) {
        if (findings->items[i].kind != kind)
            continue;
        if (json_array_append_new(texts, json_string(findings->items[i].text)) != 0) {
            json_decref(texts);
            return NULL;
        }
    }
    return texts;
}

/* A new reference; NULL: memory ran out. */
static json_t *network_findings_json(const struct rib_findings *findings)
{
    json_t *rows = json_array();
    for (unsigned i = 0; i < RIB_FINDING_COUNT && findings != NULL; i++) {
        enum rib_finding_kind kind = (enum rib_finding_kind)i;
        if (findings->counts[kind] == 0)
            continue;
        json_t *row = json_pack("{s:s,s:s,s:I,s:o}", "kind", rib_finding_id(kind), "meaning",
                                rib_finding_text(kind), "count", (json_int_t)findings->counts[kind],
                                "found", network_finding_texts(findings, kind));
        if (json_array_append_new(rows, row) != 0) {
            json_decref(rows);
            return NULL;
        }
    }
    return rows;
}

void api_show_findings(struct api *api, struct http_request *request, const char *rest)
{
    static const char *const names[] = {NULL};
    (void)rest;
    if (!api_check_arguments(request, names))
        return;
    json_t *rows = NULL;
    if (api->reader == NULL) {
        rows = network_findings_json(NULL);
    } else {
        snapshot_enter(api->reader);
        rows = network_findings_json(snapshot_get(&api->shared->findings));
        snapshot_leave(api->reader);
    }
    api_answer_json(request, 200, json_pack("{s:o}", "findings", rows));
}
