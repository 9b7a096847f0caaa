/* The inside of the topology thread, for the files of this folder.
 *
 * Thread: the topology thread. Owns: as topology.h says. */
#ifndef PCED_SERVER_TOPOLOGY_TOPOLOGY_IMPL_H
#define PCED_SERVER_TOPOLOGY_TOPOLOGY_IMPL_H

#include "io/os/thread.h"
#include "server/topology/api_source.h"
#include "server/topology/gather.h"
#include "server/topology/publish.h"
#include "server/topology/speaker.h"
#include "server/topology/topology.h"

#include <semaphore.h>

struct mailbox;
struct store_result;
struct topology_ask;

enum topology_mail {
    TOPOLOGY_MAIL_USE,
    TOPOLOGY_MAIL_STORE,
    TOPOLOGY_MAIL_ASK,    /* pointers[0]: struct topology_ask */
    TOPOLOGY_MAIL_STORED, /* words: status and code of struct store_result */
    TOPOLOGY_MAIL_STOP,
};

/* The one question of the main thread; it waits in `answered`. */
struct topology_question {
    const struct topology_sources *sources; /* of USE */
    struct stored *stored;                  /* of STORE */
    struct api_seeds *seeds;
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
    struct stored *stored; /* NULL: nothing is kept */
    struct api_sources api;
    struct topology_ask *answered_ask; /* its asker's mailbox has no room yet; NULL: none */
    bool is_stopping;
    bool is_waiting; /* replaced snapshots wait for their readers */
    /* What there is as soon as the network has other sources than the file. */
    struct ring *ring; /* NULL: not yet */
    struct rib *rib;
    struct speaker speaker;
    struct rib_findings findings; /* of the last merge */
    bool is_merged;               /* the network is made of the RIB; else the file is the network */
    bool has_file;                /* the file is the source `file_source` */
    bool has_ring_failed;
    uint32_t file_source;
    uint32_t file_rank; /* of that source, or what it would have */
    bool file_completes;
    uint32_t gather_ms, table_wait_s;
    struct gather gather;
    char file[CONFIG_TEXT_SIZE];
};

/* The main thread's question (topology_sources.c). */
PCE_MUST_CHECK enum pce_status topology_answer_use(struct topology *topology);
/* An operator's (topology_ask.c). */
void topology_answer_ask(struct topology *topology, struct topology_ask *ask);
/* Its answer is there: at once, or as soon as its asker's mailbox has room (topology_back.c). */
void topology_give_back(struct topology *topology);
void topology_hand_back(struct topology *topology, struct topology_ask *ask);
/* The network is made of the RIB from now on, of which the file is one source (topology_sources.c). */
PCE_MUST_CHECK enum pce_status topology_need_merging(struct topology *topology,
                                                     struct failure *failure);
/* Sources of the API: what the store has of them, orders, and what is due (api_…c). */
PCE_MUST_CHECK enum pce_status topology_answer_store(struct topology *topology);
void api_order_begin(struct topology *topology, struct topology_ask *ask);
void api_order_on_stored(struct topology *topology, const struct store_result *result);
void api_sources_show(const struct api_sources *sources, struct topology_ask *ask);
void api_sources_turn(struct topology *topology, struct mono now);
void api_sources_fini(struct api_sources *sources);
/* When that is due, and what is due: the RIB's network is published, once its changes have been
 * gathered (topology_network.c). */
struct mono topology_gather_deadline(const struct topology *topology, struct mono now);
void topology_gather(struct topology *topology, struct mono now);
/* Likewise, without waiting for more. */
void topology_make(struct topology *topology, struct mono now);
/* Takes a step of landmarks that are made beside; what is published is published again with them. */
void topology_survey(struct topology *topology);
/* Notes what a source has told; context: the topology (topology_log.c). */
void topology_log_change(void *context, const struct rib_change *told);
/* The same of a file that is the network; NULL: it is none any more. */
void topology_log_file(const struct topology *topology, const char *file,
                       const struct ted_snapshot *snapshot);
/* Brings the figures up to date. */
void topology_count(const struct topology *topology);

#endif
