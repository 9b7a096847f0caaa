/* The network out of the RIB: merged, published, and what contradicts itself told. */
#include "io/os/clock.h"
#include "server/log/log.h"
#include "server/settings/network_figures.h"
#include "server/topology/topology_impl.h"

#include <string.h>

static void topology_log_findings(const struct topology *topology)
{
    static struct log_site site = LOG_SITE(WARNING, "topology: sources contradict");
    for (unsigned kind = 0; kind < RIB_FINDING_COUNT; kind++) {
        struct log_line line;
        if (topology->findings.counts[kind] == 0 || !log_begin(&line, &site))
            continue;
        log_text(&line, "what", rib_finding_id((enum rib_finding_kind)kind));
        log_text(&line, "why", rib_finding_text((enum rib_finding_kind)kind));
        log_number(&line, "count", topology->findings.counts[kind]);
        log_end(&line);
    }
}

static void topology_log_refusal(enum pce_status status)
{
    static struct log_site site = LOG_SITE(ERROR, "topology: cannot be made");
    struct log_line line;
    if (!log_begin(&line, &site))
        return;
    log_text(&line, "why", pce_status_text(status));
    log_end(&line);
}

/* A first network without a node is not published: nobody has told anything yet. One after another is. */
static enum pce_status topology_publish_whole(struct topology *topology)
{
    struct network_figures *figures = topology->options.figures;
    struct ted_snapshot *snapshot;
    uint64_t began_ns = clock_thread_ns();
    enum pce_status status = rib_merge(topology->rib, "", &snapshot, &topology->findings);
    if (status != PCE_OK)
        return status;
    if (snapshot->node_count == 0 && snapshot_get(topology->options.cell) == NULL) {
        ted_snapshot_destroy(snapshot);
        return PCE_OK;
    }
    status = topology_publish(&topology->publisher, snapshot, topology->file);
    counter_add(&figures->topology_whole, 1);
    counter_add(&figures->topology_seconds, clock_thread_ns() - began_ns);
    return status;
}

/* PCE_UNSUPPORTED: more has changed than can be followed. */
static enum pce_status topology_publish_changes(struct topology *topology)
{
    struct network_figures *figures = topology->options.figures;
    const struct ted_snapshot *before = snapshot_get(topology->options.cell);
    struct ted_snapshot *snapshot;
    uint64_t began_ns = clock_thread_ns();
    enum pce_status status =
        rib_merge_changes(topology->rib, before, &snapshot, &topology->findings);
    if (status == PCE_OK && snapshot != NULL)
        status = topology_publish(&topology->publisher, snapshot, topology->file);
    if (status == PCE_OK)
        counter_add(&figures->topology_followed, 1);
    counter_add(&figures->topology_seconds, clock_thread_ns() - began_ns);
    return status;
}

static enum pce_status topology_merge(struct topology *topology)
{
    uint32_t before[RIB_FINDING_COUNT];
    memcpy(before, topology->findings.counts, sizeof before);
    enum pce_status status = topology_publish_changes(topology);
    bool is_whole = status == PCE_UNSUPPORTED;
    if (is_whole)
        status = topology_publish_whole(topology);
    bool is_other = memcmp(before, topology->findings.counts, sizeof before) != 0;
    if (status == PCE_OK && is_other)
        topology_log_findings(topology);
    /* For operators alone: the ones before are shown until there is memory, or room. */
    if (status == PCE_OK && (is_whole || is_other))
        (void)!topology_publish_findings(&topology->publisher, &topology->findings);
    return status;
}

void topology_make(struct topology *topology, struct mono now)
{
    gather_look(&topology->gather, rib_generation(topology->rib), now);
    enum pce_status status = topology_merge(topology);
    gather_end(&topology->gather, now, clock_now());
    if (status == PCE_OK) {
        speaker_note_shown(&topology->speaker);
        return;
    }
    gather_fail(&topology->gather, clock_now());
    topology_log_refusal(status);
}

struct mono topology_gather_deadline(const struct topology *topology, struct mono now)
{
    return gather_deadline(&topology->gather, topology->gather_ms,
                           speaker_first_table(&topology->speaker, topology->table_wait_s, now));
}

void topology_gather(struct topology *topology, struct mono now)
{
    gather_look(&topology->gather, rib_generation(topology->rib), now);
    if (!mono_is_before(now, topology_gather_deadline(topology, now)))
        topology_make(topology, now);
}

static void topology_log_landmarks(const struct ted_snapshot *snapshot)
{
    static struct log_site site = LOG_SITE(INFO, "topology published again with landmarks");
    struct log_line line;
    if (!log_begin(&line, &site))
        return;
    log_number(&line, "generation", snapshot->generation);
    log_end(&line);
}

/* Without room or memory for it, the network is as it was. */
void topology_survey(struct topology *topology)
{
    const struct ted_snapshot *published = snapshot_get(topology->options.cell);
    if (published == NULL)
        return;
    uint64_t serial = published->serial;
    struct ted_snapshot *renewed =
        surveying_step(&topology->publisher.surveying, published, clock_now());
    if (renewed == NULL)
        return;
    uint64_t renewed_serial = renewed->serial;
    if (topology_publish(&topology->publisher, renewed, topology->file) != PCE_OK)
        return;
    topology_log_landmarks(renewed);
    counter_add(&topology->options.figures->topology_surveyed, 1);
    if (topology->rib != NULL)
        rib_note_renewed(topology->rib, serial, renewed_serial);
}

/* ---- figures ---- */

static void topology_count_objects(const struct topology *topology)
{
    struct network_figures *figures = topology->options.figures;
    const struct rib_counts *counts = rib_counts(topology->rib);
    uint64_t findings = 0;
    for (unsigned kind = 0; kind < RIB_FINDING_COUNT; kind++)
        findings += topology->findings.counts[kind];
    counter_set(&figures->topology_findings, findings);
    counter_set(&figures->bgp_nodes, counts->objects[RIB_KIND_NODE]);
    counter_set(&figures->bgp_links, counts->objects[RIB_KIND_LINK]);
    counter_set(&figures->bgp_prefixes, counts->objects[RIB_KIND_PREFIX]);
    counter_set(&figures->bgp_octets, counts->octets);
}

void topology_count(const struct topology *topology)
{
    struct network_figures *figures = topology->options.figures;
    const struct speaker_totals totals = speaker_count(&topology->speaker);
    topology_count_objects(topology);
    counter_set(&figures->bgp_peers, totals.peers);
    counter_set(&figures->bgp_peers_up, totals.states[BGP_ESTABLISHED]);
    counter_set(&figures->bgp_peers_idle, totals.states[BGP_IDLE] + totals.states[BGP_CLOSING]);
    counter_set(&figures->bgp_peers_connect, totals.states[BGP_CONNECT]);
    counter_set(&figures->bgp_peers_active, totals.states[BGP_ACTIVE]);
    counter_set(&figures->bgp_peers_open_sent, totals.states[BGP_OPEN_SENT]);
    counter_set(&figures->bgp_peers_open_confirm, totals.states[BGP_OPEN_CONFIRM]);
    counter_set(&figures->bgp_peers_stale, totals.peers_stale);
    counter_set(&figures->bgp_announced, totals.feeds.announced);
    counter_set(&figures->bgp_withdrawn, totals.feeds.withdrawn);
    counter_set(&figures->bgp_ignored, totals.feeds.ignored);
    counter_set(&figures->bgp_without_attribute, totals.feeds.without_attribute);
    counter_set(&figures->bgp_refused, totals.feeds.refused);
    counter_set(&figures->bgp_faults, totals.faults);
    counter_set(&figures->bgp_unfeasible, totals.unfeasible);
    counter_set(&figures->bgp_superseded, totals.superseded);
    counter_set(&figures->bgp_turned_away, totals.turned_away);
}
