/* The inside of the topology thread, for the files of this folder.
 *
 * Thread: the topology thread. Owns: as topology.h says. */
#ifndef PCED_SERVER_TOPOLOGY_TOPOLOGY_IMPL_H
#define PCED_SERVER_TOPOLOGY_TOPOLOGY_IMPL_H

#include "io/os/thread.h"
#include "server/topology/gather.h"
#include "server/topology/publish.h"
#include "server/topology/speaker.h"
#include "server/topology/topology.h"

#include <semaphore.h>

struct mailbox;
struct topology_ask;

enum topology_mail {
    TOPOLOGY_MAIL_USE,
    TOPOLOGY_MAIL_ASK, /* pointers[0]: struct topology_ask */
    TOPOLOGY_MAIL_STOP,
};

/* The one question of the main thread; it waits in `answered`. */
struct topology_question {
    const struct topology_sources *sources;
    struct failure *failure;
    enum pce_status status;
};

struct topology {
    struct topology_options options;
    struct thread thread;
    struct mailbox *mailbox;
    struct topology_publisher publisher;
    struct topology_question question;
    sem_t answered;
    struct topology_ask *answered_ask; /* its asker's mailbox has no room yet; NULL: none */
    bool is_stopping;
    bool is_waiting; /* replaced snapshots wait for their readers */
    /* What there is as soon as BGP-LS is configured. */
    struct ring *ring; /* NULL: not yet */
    struct rib *rib;
    struct speaker speaker;
    struct rib_findings findings; /* of the last merge */
    bool has_peers;
    bool has_file; /* the file is the source `file_source` */
    bool has_ring_failed;
    uint32_t file_source;
    uint32_t file_rank; /* of that source */
    bool file_completes;
    uint32_t gather_ms, table_wait_s;
    struct gather gather;
    char file[CONFIG_TEXT_SIZE];
};

/* The main thread's question (topology_sources.c). */
PCE_MUST_CHECK enum pce_status topology_answer_use(struct topology *topology);
/* An operator's (topology_ask.c). */
void topology_answer_ask(struct topology *topology, struct topology_ask *ask);
void topology_give_back(struct topology *topology);
/* When that is due, and what is due: the RIB's network is published, once its changes have been
 * gathered (topology_network.c). */
struct mono topology_gather_deadline(const struct topology *topology, struct mono now);
void topology_gather(struct topology *topology, struct mono now);
/* Notes what a source has told; context: the topology (topology_log.c). */
void topology_log_change(void *context, const struct rib_change *told);
/* The same of a file that is the network; NULL: it is none any more. */
void topology_log_file(const struct topology *topology, const char *file,
                       const struct ted_snapshot *snapshot);
/* Brings the figures up to date. */
void topology_count(const struct topology *topology);

#endif
