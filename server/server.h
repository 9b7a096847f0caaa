/* Server: what all shards share, and the life of the whole: start, reload, shutdown.
 *
 * Thread: the main thread, but for what the shards read: `listeners` and `shards` do not change
 * while they run, the cells are read inside a snapshot section, gauges and mailboxes are for any
 * thread. Owns: shards, listeners, the published snapshots. Bound: LISTENER_SHARDS_MAX shards. */
#ifndef PCED_SERVER_SERVER_H
#define PCED_SERVER_SERVER_H

#include "core/base/mono.h"
#include "io/net/listener.h"
#include "io/share/mailbox.h"
#include "io/share/snapshot.h"
#include "server/config/config.h"
#include "server/shard/gauge.h"
#include "server/shard/half_open.h"

#include <stdbool.h>
#include <stdint.h>

/* What shards tell the main thread. mail.from is the shard. */
enum server_mail {
    SERVER_MAIL_READY,   /* it accepts peers */
    SERVER_MAIL_REFUSED, /* it could not start: shard->failure says why */
    SERVER_MAIL_FAILED,  /* its ring broke: the process has to end */
};

/* What a reload takes anew; bits of reload_refused. */
enum reload_part { RELOAD_LOG, RELOAD_CONFIGURATION, RELOAD_TOPOLOGY, RELOAD_PART_COUNT };

struct compute;
struct control;
struct shard;

struct server {
    struct mono started;
    double start_time_s;  /* the same since 1970, as the clock stood then */
    struct config config; /* in force: what a reload has brought */
    char config_path[CONFIG_TEXT_SIZE];
    uint64_t settings_generation;
    uint64_t topology_generation;
    struct snapshot_domain *domain;
    struct snapshot_publisher *publisher;
    struct snapshot_cell settings; /* struct settings */
    struct snapshot_cell topology; /* struct ted_snapshot, or nothing */
    struct listeners *listeners;
    struct mailbox *mailbox; /* the main thread's */
    struct control *control; /* NULL: nothing is served to operators */
    struct compute *compute; /* its threads post to the shards */
    struct shard *shards;
    unsigned shard_count;
    unsigned ready_count;
    unsigned refused_count;
    bool has_failed;
    _Atomic uint64_t reload_count;
    _Atomic uint64_t reload_refused_count; /* of these: a part was refused */
    _Atomic uint32_t reload_refused;       /* parts that the last one refused */
    struct gauge sessions;                 /* connected peers */
    struct half_open half_open;            /* of these: accepted and not yet UP, not known */
    struct half_open half_open_known;      /* … known: admission.h */
    _Atomic uint64_t pending_octets;       /* of all shards, as they publish them: relief.h */
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
/* "log file", "configuration", "topology". */
const char *server_reload_part_text(enum reload_part part);
/* Close to every peer, a bounded wait, and the end of all threads. */
void server_stop(struct server *server);

/* How many shards the configuration asks for on this machine. */
unsigned server_shard_count(const struct config *config);
/* "listening on 127.0.0.1:4189, 2 shards, topology …": one line for people. */
void server_describe(const struct server *server, char *text, size_t size);

#endif
