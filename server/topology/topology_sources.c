/* What the network is made of: the file, and the peers of BGP-LS. */
#include "io/os/clock.h"
#include "io/ring/ring.h"
#include "io/share/mailbox.h"
#include "server/topology/load.h"
#include "server/topology/topology_impl.h"

#include <stdio.h>
#include <string.h>

static enum pce_status topology_need_rib(struct topology *topology, struct failure *failure)
{
    const struct ring_options options = {.sq_entries = 128,
                                         .cq_entries = 512,
                                         .file_count = SPEAKER_CONNECTIONS_MAX,
                                         .buffer_count = 512,
                                         .buffer_size = 8192};
    const struct rib_limits limits = {.objects_max = TOPOLOGY_OBJECTS_MAX,
                                      .octets_max = TOPOLOGY_OCTETS_MAX};
    if (topology->ring != NULL)
        return PCE_OK;
    topology->rib = rib_create(&limits);
    if (topology->rib == NULL)
        return failure_set(failure, PCE_NO_MEMORY, "no memory for the network of BGP-LS");
    rib_watch(topology->rib, topology_log_change, topology);
    enum pce_status status = ring_create(&options, &topology->ring, failure);
    if (status == PCE_OK)
        status = speaker_init(&topology->speaker, topology->ring, topology->rib, failure);
    if (status == PCE_OK && mailbox_attach(topology->mailbox, topology->ring) != PCE_OK)
        status =
            failure_set(failure, PCE_NO_MEMORY, "cannot attach the mailbox of the topology thread");
    return status;
}

static enum pce_status topology_read_file(const struct topology_question *question,
                                          struct ted_snapshot **snapshot)
{
    char text[FAILURE_TEXT_SIZE];
    *snapshot = NULL;
    if (question->sources->file[0] == '\0')
        return PCE_OK;
    enum pce_status status = topology_load(question->sources->file, snapshot, text, sizeof text);
    bool is_machines = status == PCE_NO_MEMORY || status == PCE_LIMIT;
    if (status != PCE_OK) /* not there, not readable, wrong: all the same to the operator */
        return failure_set(question->failure, is_machines ? status : PCE_INVALID, "%s", text);
    return PCE_OK;
}

static void topology_drop_file(struct topology *topology)
{
    if (topology->has_file)
        rib_remove_source(topology->rib, topology->file_source);
    topology->has_file = false;
}

/* The file as a source beside the peers: what it says as before is no change; the snapshot is gone afterwards. */
static enum pce_status topology_put_file(struct topology *topology, struct ted_snapshot *snapshot)
{
    const struct topology_sources *sources = topology->question.sources;
    const struct rib_source_spec spec = {
        .name = "file", .rank = sources->file_rank, .is_complement = sources->file_completes};
    if (snapshot == NULL || sources->file_rank != topology->file_rank ||
        sources->file_completes != topology->file_completes)
        topology_drop_file(topology);
    if (snapshot == NULL)
        return PCE_OK;
    enum pce_status status =
        topology->has_file ? PCE_OK : rib_add_source(topology->rib, &spec, &topology->file_source);
    if (status == PCE_OK && topology->has_file)
        rib_source_went(topology->rib, topology->file_source);
    topology->has_file = status == PCE_OK;
    topology->file_rank = sources->file_rank;
    topology->file_completes = sources->file_completes;
    if (status == PCE_OK)
        status = rib_put_snapshot(topology->rib, topology->file_source, snapshot);
    if (status == PCE_OK)
        rib_source_is_complete(topology->rib, topology->file_source);
    ted_snapshot_destroy(snapshot);
    return status;
}

static enum pce_status topology_use_peers(struct topology *topology, struct ted_snapshot *snapshot)
{
    const struct topology_question *question = &topology->question;
    enum pce_status status = topology_need_rib(topology, question->failure);
    if (status != PCE_OK) {
        ted_snapshot_destroy(snapshot);
        return status;
    }
    status = topology_put_file(topology, snapshot);
    if (status != PCE_OK)
        return failure_set(question->failure, status, "no room for the topology %s beside BGP-LS",
                           question->sources->file);
    status = speaker_configure(&topology->speaker, question->sources->bgp, clock_now(),
                               question->failure);
    topology->has_peers = true;
    return status;
}

/* No peers any more: what they told goes with them. */
static void topology_drop_peers(struct topology *topology)
{
    struct failure failure = {.text = ""};
    if (!topology->has_peers)
        return;
    (void)!topology_put_file(topology, NULL);
    (void)!speaker_configure(&topology->speaker, NULL, clock_now(), &failure);
    topology->has_peers = false;
    memset(&topology->findings, 0, sizeof topology->findings);
    (void)!topology_publish_findings(&topology->publisher, &topology->findings);
    gather_begin(&topology->gather, rib_generation(topology->rib));
}

static enum pce_status topology_use_file(struct topology *topology, struct ted_snapshot *snapshot)
{
    const struct topology_question *question = &topology->question;
    topology_drop_peers(topology);
    topology_log_file(topology, question->sources->file, snapshot);
    enum pce_status status = topology_publish(&topology->publisher, snapshot, topology->file);
    if (status == PCE_OK)
        return PCE_OK;
    return failure_set(question->failure, status, "cannot %s the topology %s: %s",
                       snapshot == NULL ? "withdraw" : "publish", question->sources->file,
                       pce_status_text(status));
}

enum pce_status topology_answer_use(struct topology *topology)
{
    const struct topology_question *question = &topology->question;
    const struct topology_sources *sources = question->sources;
    struct ted_snapshot *snapshot;
    enum pce_status status = topology_read_file(question, &snapshot);
    if (status != PCE_OK)
        return status;
    (void)snprintf(topology->file, sizeof topology->file, "%s", sources->file);
    topology->gather_ms = sources->gather_ms;
    topology->table_wait_s = sources->table_wait_s;
    bool has_peers = sources->bgp != NULL && sources->bgp->peer_count > 0;
    return has_peers ? topology_use_peers(topology, snapshot)
                     : topology_use_file(topology, snapshot);
}
