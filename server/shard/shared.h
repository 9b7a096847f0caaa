/* Shared: what all shards share, and what others need of them all.
 *
 * The server makes it before the first shard starts and takes it apart when the last one has ended
 * (server/server.h); a room that joins sees this much of the server and no more.
 *
 * Thread: the main thread's, but for what others read: `parts`, `listeners`, `shards` and
 * `shard_count` do not change while shards run, the cells are read inside a snapshot section, and
 * gauges, mailboxes and atomics are for any thread. `config` is for the main thread, and for shards
 * while they open. Owns: nothing. Bound: LISTENER_SHARDS_MAX shards. */
#ifndef PCED_SERVER_SHARD_SHARED_H
#define PCED_SERVER_SHARD_SHARED_H

#include "core/base/mono.h"
#include "io/net/listener.h"
#include "io/share/mailbox.h"
#include "io/share/snapshot.h"
#include "server/config/config.h"
#include "server/settings/network_figures.h"
#include "server/shard/gauge.h"
#include "server/shard/half_open.h"

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
struct deletion_seeds;
struct intent_seeds;
struct network_log;
struct shard;
struct shard_part;
struct stored;
struct topology;

struct shared {
    struct mono started;
    double start_time_s;  /* the same since 1970, as the clock stood then */
    struct config config; /* in force: what a reload has brought */
    struct snapshot_domain *domain;
    struct snapshot_cell settings;         /* struct settings */
    struct snapshot_cell topology;         /* struct ted_snapshot, or nothing */
    struct snapshot_cell findings;         /* struct rib_findings of the topology, or nothing */
    struct network_figures network;        /* of the topology thread */
    struct network_log *network_log;       /* of what changes of it */
    struct ted_reservations *reservations; /* bandwidth that LSPs hold, beside the topology */
    const struct shard_part *const *parts; /* NULL behind the last: server/parts.c */
    struct listeners *listeners;
    struct mailbox *mailbox;                     /* the main thread's */
    struct topology *topology_thread;            /* for those who ask it */
    struct compute *compute;                     /* its threads post to the shards */
    struct stored *stored;                       /* NULL: no store is configured */
    const struct intent_seeds *intent_seeds;     /* while shards open: what the store has */
    const struct deletion_seeds *deletion_seeds; /* likewise */
    struct shard *shards;
    unsigned shard_count;
    _Atomic uint64_t reloads;
    _Atomic uint64_t reloads_refused; /* of these: a part was refused */
    _Atomic uint32_t reload_refused;  /* parts that the last one refused */
    struct gauge sessions;            /* places of limits.sessions that peers hold */
    struct half_open half_open;       /* of these: accepted and not yet UP, not known */
    struct half_open half_open_known; /* … known: server/peer/admission.h */
    _Atomic uint64_t pending_octets;  /* of all shards, as they publish them: shed.h */
    _Atomic uint64_t lsps;            /* likewise: lsps.h */
    _Atomic uint64_t lsp_octets;      /* likewise */
    _Atomic uint64_t lsps_gone;       /* of these: of PCCs without a session */
    _Atomic uint64_t lsp_octets_gone; /* likewise */
    struct gauge intents;             /* places of limits.intents that shards hold */
};

/* "log", "configuration", "topology": in the log, the API and the metrics. */
const char *reload_part_text(enum reload_part part);

#endif
