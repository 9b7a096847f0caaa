/* Server: the life of the whole: start, reload, shutdown.
 *
 * Thread: the main thread. Owns: what is shared (server/shard/shared.h): shards, listeners, the
 * published snapshots. Bound: LISTENER_SHARDS_MAX shards. */
#ifndef PCED_SERVER_SERVER_H
#define PCED_SERVER_SERVER_H

#include "io/os/failure.h"
#include "io/os/thread.h"
#include "server/deletion/deletion_seeds.h"
#include "server/intent/intent_seeds.h"
#include "server/shard/shared.h"

#include <stdbool.h>
#include <stdint.h>

struct control;
struct topology;

struct server {
    struct shared shared;
    char config_path[CONFIG_TEXT_SIZE];
    uint64_t settings_generation;
    struct snapshot_publisher *publisher; /* of the settings */
    struct snapshot_reader *reader;
    struct topology *topology;        /* its thread */
    struct intent_seeds intent_seeds; /* until the shards have them */
    struct deletion_seeds deletion_seeds;
    struct control *control; /* NULL: nothing is served to operators */
    unsigned ready_count;    /* shards that have said so */
    unsigned refused_count;
    bool has_failed;
    struct thread_owner owner;
};

/* The configuration's lists are the server's from now on, whatever comes back. Reads the topology,
 * opens the listeners and starts the shards; returns when all accept peers. On failure everything
 * that was started is stopped again, and the text says why. */
PCE_MUST_CHECK enum pce_status server_start(struct server *server, const struct config *config,
                                            const char *config_path, struct failure *failure);
/* Waits for mail of the shards or the deadline. False when a shard has failed. */
bool server_attend(struct server *server);
/* Reads configuration and topology again; what is wrong is logged and the old one stays. */
void server_reload(struct server *server);
/* Close to every peer, a bounded wait, and the end of all threads. */
void server_stop(struct server *server);

/* How many shards the configuration asks for on this machine. */
unsigned server_shard_count(const struct config *config);
/* "listening on 127.0.0.1:4189, 2 shards, topology …": one line for people. */
void server_describe(const struct server *server, char *text, size_t size);

#endif
