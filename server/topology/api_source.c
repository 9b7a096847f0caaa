#include "server/topology/api_source_impl.h"

#include "core/base/check.h"
#include "core/ted/topology_file.h"
#include "io/os/clock.h"
#include "server/log/log.h"
#include "server/settings/network_figures.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define API_SOURCE_PREFIX "api:" /* of the RIB's name: no address, and not "file" */

bool api_source_name_is_valid(const char *name)
{
    size_t size = strlen(name);
    for (size_t i = 0; i < size; i++) {
        if (!isalnum((unsigned char)name[i]) && strchr("._-", name[i]) == NULL)
            return false;
    }
    return size > 0 && size <= API_SOURCE_NAME_MAX;
}

struct api_source *api_source_find(const struct api_sources *sources, const char *name)
{
    for (uint32_t i = 0; i < sources->count; i++) {
        if (strcmp(sources->sources[i]->spec.name, name) == 0)
            return sources->sources[i];
    }
    return NULL;
}

/* ---- time ---- */

uint32_t api_source_next_pause_ms(uint32_t pause_ms)
{
    return pause_ms < API_SOURCE_RETRY_MAX_MS / 2 ? 2 * pause_ms : API_SOURCE_RETRY_MAX_MS;
}

static void api_sources_wait(struct api_sources *api, uint32_t pause_ms)
{
    api->pause_ms = pause_ms;
    api->retry = mono_add_ms(clock_now(), pause_ms);
}

/* ---- texts ---- */

enum pce_status api_source_explain(const struct ted_fault *fault, struct failure *failure)
{
    char line[24] = "";
    if (fault->line != 0)
        (void)snprintf(line, sizeof line, "line %u: ", fault->line);
    return failure_set(failure, PCE_INVALID, "%s%s%s%s", line, fault->element,
                       fault->element[0] == '\0' ? "" : ": ", fault->reason);
}

enum pce_status api_source_read(const char *text, size_t size, struct ted_snapshot **snapshot,
                                struct ted_fault *fault, struct failure *failure)
{
    *snapshot = NULL;
    if (size > API_SOURCE_OCTETS_MAX)
        return failure_set(failure, PCE_INVALID, "the network has more than %zu octets",
                           API_SOURCE_OCTETS_MAX);
    enum pce_status status = topology_file_read(text, size, snapshot, fault);
    if (status == PCE_NO_MEMORY)
        return failure_set(failure, status, "no memory to read the network");
    if (status != PCE_OK)
        return api_source_explain(fault, failure);
    const char *what = (*snapshot)->node_count > API_SOURCE_NODES_MAX   ? "nodes"
                       : (*snapshot)->link_count > API_SOURCE_LINKS_MAX ? "directed links"
                                                                        : NULL;
    if (what == NULL)
        return PCE_OK;
    ted_snapshot_destroy(*snapshot);
    *snapshot = NULL;
    return failure_set(failure, PCE_INVALID, "the network has too many %s: %d of them at most",
                       what,
                       strcmp(what, "nodes") == 0 ? API_SOURCE_NODES_MAX : API_SOURCE_LINKS_MAX);
}

/* ---- the RIB ---- */

static void api_source_leave_rib(struct topology *topology, struct api_source *source)
{
    if (source->is_told)
        rib_remove_source(topology->rib, source->rib_source);
    source->is_told = false;
}

static enum pce_status api_source_put(struct topology *topology, struct api_source *source,
                                      const struct ted_snapshot *snapshot, struct failure *failure)
{
    char name[sizeof API_SOURCE_PREFIX + API_SOURCE_NAME_MAX];
    (void)snprintf(name, sizeof name, API_SOURCE_PREFIX "%s", source->spec.name);
    const struct rib_source_spec spec = {
        .name = name, .rank = source->spec.rank, .is_complement = source->spec.completes};
    enum pce_status status = topology_need_merging(topology, failure);
    if (status != PCE_OK)
        return status;
    if (source->is_told)
        rib_source_went(topology->rib, source->rib_source);
    else
        status = rib_add_source(topology->rib, &spec, &source->rib_source);
    source->is_told = status == PCE_OK;
    if (status == PCE_OK)
        status = rib_put_snapshot(topology->rib, source->rib_source, snapshot);
    if (status == PCE_OK)
        rib_source_is_complete(topology->rib, source->rib_source);
    else
        (void)!failure_set(failure, status, "no room in the network: %s", pce_status_text(status));
    return status;
}

/* What could not be let in is due. */
static void api_source_tell(struct topology *topology, struct api_source *source,
                            const struct ted_snapshot *snapshot)
{
    struct failure failure = {.text = ""};
    source->is_due = api_source_put(topology, source, snapshot, &failure) != PCE_OK;
    (void)snprintf(source->why, sizeof source->why, "%s", failure.text);
    source->node_count = snapshot->node_count;
    source->link_count = snapshot->link_count;
}

/* ---- the table ---- */

static void api_source_log(const struct api_source *source, const char *what)
{
    static struct log_site site = LOG_SITE(INFO, "topology: source of the API");
    struct log_line line;
    if (!log_begin(&line, &site))
        return;
    log_text(&line, "name", source->spec.name);
    log_text(&line, "what", what);
    log_number(&line, "nodes", source->node_count);
    log_number(&line, "links", source->link_count);
    if (source->why[0] != '\0')
        log_text(&line, "why", source->why);
    log_end(&line);
}

static void api_source_count(const struct topology *topology)
{
    struct network_figures *figures = topology->options.figures;
    uint64_t octets = 0, due = 0;
    for (uint32_t i = 0; i < topology->api.count; i++) {
        octets += topology->api.sources[i]->size;
        due += topology->api.sources[i]->why[0] != '\0';
    }
    counter_set(&figures->api_sources, topology->api.count);
    counter_set(&figures->api_source_octets, octets);
    counter_set(&figures->api_sources_out, due);
}

static struct api_source *api_source_add(struct api_sources *api, struct api_source **place)
{
    struct api_source *source = *place;
    CHECK(source != NULL && api->count < API_SOURCES_MAX);
    *place = NULL;
    *source = (struct api_source){.text = NULL};
    api->sources[api->count++] = source;
    return source;
}

void api_source_set(struct topology *topology, const struct api_source *said,
                    struct api_source **place, const struct ted_snapshot *snapshot)
{
    struct api_source *source = api_source_find(&topology->api, said->spec.name);
    bool is_new = source == NULL;
    if (is_new)
        source = api_source_add(&topology->api, place);
    if (source->is_told &&
        (source->spec.rank != said->spec.rank || source->spec.completes != said->spec.completes))
        api_source_leave_rib(topology, source);
    free(source->text);
    source->spec = said->spec;
    source->text = said->text;
    source->size = said->size;
    source->changed_s = said->changed_s;
    source->is_kept = said->is_kept;
    source->is_due = said->is_due;
    memcpy(source->why, said->why, sizeof source->why);
    if (snapshot != NULL)
        api_source_tell(topology, source, snapshot);
    if (source->is_due)
        api_sources_wait(&topology->api, API_SOURCE_RETRY_MS);
    api_source_log(source, is_new ? "new" : "changed");
    api_source_count(topology);
}

static void api_source_free(struct api_source *source)
{
    free(source->text);
    free(source);
}

void api_source_delete(struct topology *topology, struct api_source *source)
{
    struct api_sources *api = &topology->api;
    uint32_t place = 0;
    while (api->sources[place] != source)
        place++;
    api->sources[place] = api->sources[--api->count];
    api_source_leave_rib(topology, source);
    api_source_log(source, "deleted");
    api_source_free(source);
    api_source_count(topology);
    if (!mono_is_never(api->retry)) /* others may have room now */
        api_sources_wait(api, API_SOURCE_RETRY_MS);
}

/* ---- what is due ---- */

static void api_source_retry(struct topology *topology, struct api_source *source)
{
    struct failure failure = {.text = ""};
    struct ted_fault fault = {.line = 0};
    struct ted_snapshot *snapshot;
    (void)!api_source_read(source->text, source->size, &snapshot, &fault, &failure);
    if (snapshot == NULL)
        return;
    api_source_tell(topology, source, snapshot);
    ted_snapshot_destroy(snapshot);
}

void api_sources_turn(struct topology *topology, struct mono now)
{
    struct api_sources *api = &topology->api;
    bool is_due = false;
    if (mono_is_before(now, api->retry))
        return;
    api->retry = MONO_NEVER;
    for (uint32_t i = 0; i < api->count; i++) {
        if (api->sources[i]->is_due)
            api_source_retry(topology, api->sources[i]);
        is_due = is_due || api->sources[i]->is_due;
    }
    if (is_due)
        api_sources_wait(api, api_source_next_pause_ms(api->pause_ms));
    api_source_count(topology);
}

void api_sources_fini(struct api_sources *api)
{
    while (api->count > 0)
        api_source_free(api->sources[--api->count]);
    free(api->order.text);
    free(api->order.place);
    ted_snapshot_destroy(api->order.snapshot);
}
