/* Shard: one thread with its own ring, timer wheel, arena, path engine and sessions.
 *
 * A turn of its loop: the ring waits for octets, new connections, mail or the next timer; what came
 * is worked on, and the answers go into the send queues; timers that are due fire; its parts
 * (part.h) have their turn; the snapshot is let go. What was queued is sent at the start of the
 * next turn, one operation for each connection.
 *
 * Thread: everything here runs on the shard's own thread, but for shard_start, shard_post_stop and
 * shard_join (main thread) and the counters (any, relaxed).
 * Owns: its ring and connections; what its parts have is theirs.
 * Bound: the connections of its pool; turn-memory octets of arena. */
#ifndef PCED_SERVER_SHARD_SHARD_H
#define PCED_SERVER_SHARD_SHARD_H

#include "core/base/arena.h"
#include "core/base/wheel.h"
#include "core/handlers/handlers.h"
#include "core/reopt/reopt.h"
#include "core/requests/no_path_memory.h"
#include "io/net/conn.h"
#include "io/os/counter.h"
#include "io/os/thread.h"
#include "io/ring/ring.h"
#include "io/share/mailbox.h"
#include "io/share/snapshot.h"
#include "server/settings/settings.h"
#include "server/shard/coalesce.h"
#include "server/shard/part.h"
#include "server/shard/shard_counters.h"
#include "server/shard/shared.h"

#include <stdatomic.h>

struct deletions;
struct groups_part;
struct path_askings;
struct intents_part;
struct peers;

/* What the part that has operators' intents says of LSPs, and is told of them. */
struct shard_intended {
    /* Whether an intent has the LSP, which is moved as that says, or not at all. */
    bool (*has)(struct shard *shard, const struct ip *pcc, struct wire_span name);
    bool (*wants)(struct shard *shard, const struct lsp *lsp, struct reopt_wants *wants);
    void (*on_no_path)(struct shard *shard, const struct lsp *lsp, uint32_t unsatisfied);
    void (*on_cured)(struct shard *shard, const struct lsp *lsp);
    /* Of any LSP, before reoptimisation hears of it. */
    void (*on_order)(struct shard *shard, const struct lsp_order *order);
};

enum shard_phase {
    SHARD_RUNNING,
    SHARD_CLOSING,   /* peers are told to go; nobody new is accepted */
    SHARD_RESETTING, /* the grace is over */
    SHARD_ENDED,
};

struct shard {
    struct shared *shared;
    const struct shard_part *mail_parts[SHARD_MAIL_COUNT]; /* whose a kind of mail is, or NULL */
    unsigned part_count;     /* of shared->parts: begun and not ended */
    struct part_calls calls; /* of the same ones */
    unsigned index;
    enum shard_phase phase;
    bool is_holding; /* inside a snapshot section */
    bool has_failed;
    bool is_started;        /* the main thread's: there is a thread to join */
    _Atomic bool has_ended; /* its thread looks at nothing any more */
    struct mono now;        /* of this turn */
    struct mono stop_deadline;
    struct ring *ring;
    struct conn_pool *pool;
    struct mailbox *mailbox;
    struct snapshot_reader *reader;
    const struct settings *settings; /* of this turn */
    struct peers *peers;             /* server/peer/peers.h: made by that part, and its own */
    struct coalesce coalesce;
    struct arena arena;
    struct frame_spares spares; /* for messages that come in pieces */
    struct wheel wheel;
    struct request_context requests;
    struct request_account account; /* what its requests see of what LSPs hold */
    struct handler_context handler;
    struct no_path_memory no_paths;
    struct lsp_db lsps;
    struct reopt reopt;
    struct errands lsp_errands;     /* of reopt */
    struct wheel_timer reopt_timer; /* reopt.c: looks again though nothing has come */
    bool reopt_has_more;
    struct groups_part *groups;        /* groups.c: made by that part, and its own */
    struct path_askings *path_askings; /* server/northbound: likewise */
    /* Tells a peer of the shard what is wrong with what it has reported. NULL: there are none. */
    void (*send_fault)(struct shard *shard, const struct ip *pcc, const struct pcep_fault *fault);
    struct lsp_orders orders; /* to the PCCs of this shard */
    bool has_orders;          /* that could be sent: the next turn does not sleep */
    uint64_t lsps_published;  /* as they are in the server's sums */
    uint64_t lsp_octets_published;
    uint64_t lsps_gone_published;
    uint64_t lsp_octets_gone_published;
    struct mono lsps_told_until;           /* other shards, that there are too many */
    struct intents_part *intents;          /* server/intent: made by that part, and its own */
    struct deletions *deletions;           /* server/deletion: likewise */
    const struct shard_intended *intended; /* NULL: nobody wants anything of LSPs */
    bool has_requests;         /* that wait and could be answered: the next turn does not sleep */
    struct envelope *answered; /* what its poster's mailbox has no room for yet; by `next` */
    struct request_counters served;
    struct handler_counters handled;
    struct shard_counters counters;
    struct failure failure; /* why it could not start */
    struct thread thread;
    struct thread_owner owner;
};

static inline bool shard_is_intended(struct shard *shard, const struct ip *pcc,
                                     struct wire_span name)
{
    return shard->intended != NULL && shard->intended->has(shard, pcc, name);
}

/* The mailbox, which others may post to from now on: all shards are made before the first one
 * starts, and released when all have ended, because they post to each other. */
PCE_MUST_CHECK enum pce_status shard_init(struct shard *shard, struct shared *shared,
                                          unsigned index);
void shard_fini(struct shard *shard);
/* Starts the thread; SERVER_MAIL_READY or _REFUSED follows. */
PCE_MUST_CHECK enum pce_status shard_start(struct shard *shard, struct failure *failure);
/* Asks it to end within the grace; harmless when it has, or never began. */
void shard_post_stop(struct shard *shard, uint32_t grace_ms);
void shard_join(struct shard *shard);

/* What the shard's thread does, for those who drive a shard without one (tests/sim): all of it on
 * the calling thread. shard_open's failure is in shard->failure; shard_close is due after it, too.
 */
PCE_MUST_CHECK enum pce_status shard_open(struct shard *shard);
/* False: it has ended, or has_failed is set. */
bool shard_turn(struct shard *shard);
void shard_close(struct shard *shard);

/* Called first by whatever runs in a turn: CHECKs that this is the shard's thread, reads the clock
 * and takes hold of the snapshots, once a turn. They are let go before the ring waits again. */
void shard_hold(struct shard *shard);

#endif
