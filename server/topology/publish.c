#include "server/topology/publish.h"

#include "core/path/path.h"
#include "core/ted/flex.h"
#include "core/ted/link_numbers.h"
#include "core/ted/patch.h"
#include "core/ted/reservations.h"
#include "io/os/clock.h"
#include "server/log/log.h"
#include "server/settings/network_figures.h"

#include <stdlib.h>

enum pce_status topology_publisher_init(struct topology_publisher *publisher,
                                        const struct topology_options *options)
{
    publisher->options = *options;
    surveying_init(&publisher->surveying);
    publisher->links = ted_link_registry_create(TED_LINK_NUMBERS_MAX);
    if (publisher->links == NULL)
        return PCE_NO_MEMORY;
    return snapshot_publisher_create(options->domain, &publisher->publisher);
}

void topology_publisher_fini(struct topology_publisher *publisher)
{
    if (publisher->publisher != NULL) {
        (void)!snapshot_publish(publisher->publisher, publisher->options.cell, NULL, NULL);
        if (publisher->options.findings != NULL)
            (void)!snapshot_publish(publisher->publisher, publisher->options.findings, NULL, NULL);
        snapshot_publisher_destroy(publisher->publisher);
    }
    surveying_stop(&publisher->surveying);
    ted_link_registry_destroy(publisher->links);
}

static void publish_destroy(void *snapshot)
{
    ted_snapshot_destroy(snapshot);
}

static bool publish_is_patched(const struct ted_snapshot *before,
                               const struct ted_snapshot *snapshot)
{
    return before != NULL && snapshot->delta != NULL && snapshot->delta->serial == before->serial;
}

/* Landmarks of a large network come later (surveying.h), where those before are none for it. */
static enum pce_status publish_prepare(const struct topology_publisher *publisher,
                                       struct ted_snapshot *snapshot)
{
    const struct ted_snapshot *before = snapshot_get(publisher->options.cell);
    if (publish_is_patched(before, snapshot)) {
        if (snapshot->landmarks == NULL)
            path_landmarks_follow(before, snapshot);
        return PCE_OK;
    }
    if (snapshot->node_count <= SURVEYING_AT_ONCE_NODES)
        return path_landmarks_build(snapshot) ? PCE_OK : PCE_NO_MEMORY;
    path_landmarks_carry(before, snapshot);
    return PCE_OK;
}

/* What LSPs hold of a link is kept from one topology to the next by the link's number. */
static enum pce_status publish_number_links(struct topology_publisher *publisher,
                                            struct ted_snapshot *snapshot)
{
    const struct topology_options *options = &publisher->options;
    const struct ted_snapshot *before = snapshot_get(options->cell);
    enum pce_status status = ted_link_registry_follow(publisher->links, before, snapshot);
    if (status == PCE_UNSUPPORTED)
        status = ted_link_registry_number(publisher->links, before, snapshot);
    return status != PCE_OK
               ? status
               : ted_reservations_make_room(options->reservations, snapshot->link_numbers->count);
}

static void publish_log(const struct ted_snapshot *snapshot, const char *file)
{
    static struct log_site site = LOG_SITE(INFO, "topology published");
    struct log_line line;
    if (!log_begin(&line, &site))
        return;
    log_text(&line, "file", file);
    log_text(&line, "name", snapshot->name);
    log_number(&line, "generation", snapshot->generation);
    log_number(&line, "nodes", snapshot->node_count);
    log_number(&line, "links", snapshot->edge_count);
    if (snapshot->delta != NULL)
        log_number(&line, "changed", snapshot->delta->count);
    if (snapshot->flex_views->count > 0)
        log_number(&line, "flex_algorithms", snapshot->flex_views->count);
    if (snapshot->flex_views->left_out > 0)
        log_number(&line, "flex_algorithms_without_paths", snapshot->flex_views->left_out);
    log_end(&line);
}

enum pce_status topology_publish(struct topology_publisher *publisher,
                                 struct ted_snapshot *snapshot, const char *file)
{
    const struct topology_options *options = &publisher->options;
    if (snapshot == NULL) {
        surveying_stop(&publisher->surveying);
        return snapshot_publish(publisher->publisher, options->cell, NULL, NULL);
    }
    snapshot->generation = counter_get(&options->figures->topology_published) + 1;
    enum pce_status status = publish_prepare(publisher, snapshot);
    if (status == PCE_OK)
        status = ted_flex_views_make(snapshot);
    if (status == PCE_OK)
        status = publish_number_links(publisher, snapshot);
    snapshot->published_s = clock_wall_s();
    if (status == PCE_OK)
        status = snapshot_publish(publisher->publisher, options->cell, snapshot, publish_destroy);
    if (status != PCE_OK) {
        ted_snapshot_destroy(snapshot);
        return status;
    }
    counter_add(&options->figures->topology_published, 1);
    surveying_note(&publisher->surveying, snapshot, clock_now());
    options->on_published(options->context); /* LSPs may have lost their path */
    publish_log(snapshot, file);
    return PCE_OK;
}

enum pce_status topology_publish_findings(struct topology_publisher *publisher,
                                          const struct rib_findings *findings)
{
    if (publisher->options.findings == NULL)
        return PCE_OK;
    struct rib_findings *copy = malloc(sizeof *copy);
    if (copy == NULL)
        return PCE_NO_MEMORY;
    *copy = *findings;
    enum pce_status status =
        snapshot_publish(publisher->publisher, publisher->options.findings, copy, free);
    if (status != PCE_OK)
        free(copy);
    return status;
}
