/* What the network is made of: the file, and the peers of BGP-LS. */
#include "io/os/clock.h"
#include "io/ring/ring.h"
#include "io/share/mailbox.h"
#include "server/topology/load.h"
#include "server/topology/topology_impl.h"

#include <stdio.h>
#include <string.h>

static void topology_close_ring(struct topology *topology)
{
    if (topology->ring == NULL)
        return;
    if (topology->speaker.pool != NULL)
        conn_pool_destroy(topology->speaker.pool);
    ring_destroy(topology->ring);
    topology->speaker.pool = NULL;
    topology->ring = NULL;
}

static enum pce_status topology_open_ring(struct topology *topology, struct failure *failure)
{
    const struct ring_options options = {.sq_entries = 128,
                                         .cq_entries = 512,
                                         .file_count = SPEAKER_CONNECTIONS_MAX,
                                         .buffer_count = 512,
                                         .buffer_size = 8192};
    enum pce_status status = ring_create(&options, &topology->ring, failure);
    if (status == PCE_OK)
        status = speaker_init(&topology->speaker, topology->ring, topology->rib, failure);
    if (status == PCE_OK && mailbox_attach(topology->mailbox, topology->ring) != PCE_OK)
        status =
            failure_set(failure, PCE_NO_MEMORY, "cannot attach the mailbox of the topology thread");
    if (status != PCE_OK)
        topology_close_ring(topology);
    return status;
}

static enum pce_status topology_need_rib(struct topology *topology, struct failure *failure)
{
    const struct rib_limits limits = {.objects_max = TOPOLOGY_OBJECTS_MAX,
                                      .octets_max = TOPOLOGY_OCTETS_MAX};
    if (topology->ring != NULL)
        return PCE_OK;
    if (topology->rib == NULL) /* else an attempt before this one has made it */
        topology->rib = rib_create(&limits);
    if (topology->rib == NULL)
        return failure_set(failure, PCE_NO_MEMORY, "no memory for the network of several sources");
    rib_watch(topology->rib, topology_log_change, topology);
    return topology_open_ring(topology, failure);
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

/* The file as a source beside others: what it says as before is no change. snapshot: NULL: there is none. */
static enum pce_status topology_put_file(struct topology *topology,
                                         const struct ted_snapshot *snapshot, uint32_t rank,
                                         bool completes)
{
    const struct rib_source_spec spec = {.name = "file", .rank = rank, .is_complement = completes};
    if (snapshot == NULL || rank != topology->file_rank || completes != topology->file_completes)
        topology_drop_file(topology);
    topology->file_rank = rank;
    topology->file_completes = completes;
    if (snapshot == NULL)
        return PCE_OK;
    enum pce_status status =
        topology->has_file ? PCE_OK : rib_add_source(topology->rib, &spec, &topology->file_source);
    if (status == PCE_OK && topology->has_file)
        rib_source_went(topology->rib, topology->file_source);
    topology->has_file = status == PCE_OK;
    if (status == PCE_OK)
        status = rib_put_snapshot(topology->rib, topology->file_source, snapshot);
    if (status == PCE_OK)
        rib_source_is_complete(topology->rib, topology->file_source);
    return status;
}

static bool topology_has_peers(const struct topology_sources *sources)
{
    return sources->bgp != NULL && sources->bgp->peer_count > 0;
}

/* The file, the peers and the API's sources together. */
static enum pce_status topology_use_all(struct topology *topology,
                                        const struct ted_snapshot *snapshot)
{
    const struct topology_question *question = &topology->question;
    const struct topology_sources *sources = question->sources;
    bool has_peers = topology_has_peers(sources);
    enum pce_status status = topology_need_rib(topology, question->failure);
    if (status != PCE_OK)
        return status;
    status = topology_put_file(topology, snapshot, sources->file_rank,
                               has_peers && sources->file_completes);
    if (status != PCE_OK)
        return failure_set(question->failure, status, "no room for the topology %s beside others",
                           sources->file);
    status = speaker_configure(&topology->speaker, has_peers ? sources->bgp : NULL, clock_now(),
                               question->failure);
    topology->is_merged = true;
    return status;
}

/* What is published is the file, and is no news when it becomes a source. */
enum pce_status topology_need_merging(struct topology *topology, struct failure *failure)
{
    if (topology->is_merged)
        return PCE_OK;
    enum pce_status status = topology_need_rib(topology, failure);
    if (status != PCE_OK)
        return status;
    rib_watch(topology->rib, NULL, NULL);
    status = topology_put_file(topology, snapshot_get(topology->options.cell), topology->file_rank,
                               false);
    if (status != PCE_OK)
        topology_drop_file(topology);
    rib_watch(topology->rib, topology_log_change, topology);
    topology->is_merged = status == PCE_OK;
    return status == PCE_OK ? PCE_OK
                            : failure_set(failure, status, "no room for the file beside others");
}

/* No other sources any more: what they told goes with them. */
static void topology_end_merging(struct topology *topology)
{
    struct failure failure = {.text = ""};
    if (!topology->is_merged)
        return;
    topology_drop_file(topology);
    (void)!speaker_configure(&topology->speaker, NULL, clock_now(), &failure);
    topology->is_merged = false;
    rib_forget_base(topology->rib); /* what is published is none of its networks any more */
    memset(&topology->findings, 0, sizeof topology->findings);
    (void)!topology_publish_findings(&topology->publisher, &topology->findings);
    gather_begin(&topology->gather, rib_generation(topology->rib));
}

/* Takes the snapshot over. Where it cannot be published, the sources before go on as they were. */
static enum pce_status topology_use_file(struct topology *topology, struct ted_snapshot *snapshot)
{
    const struct topology_question *question = &topology->question;
    topology_log_file(topology, question->sources->file, snapshot);
    enum pce_status status = topology_publish(&topology->publisher, snapshot, topology->file);
    if (status == PCE_OK) {
        topology_end_merging(topology);
        topology->file_rank = question->sources->file_rank;
        return PCE_OK;
    }
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
    if (!topology_has_peers(sources) && topology->api.count == 0)
        return topology_use_file(topology, snapshot);
    status = topology_use_all(topology, snapshot);
    ted_snapshot_destroy(snapshot);
    return status;
}
