/* Peers: the part of a shard that has PCEP peers: who gets in, and how all of them end; and what the
 * peers of a shard have together, for the files of this room.
 *
 * Other parts of this room (outgoing.h, throttle.h, refresh.h, shed.h) have their members here and
 * no memory of their own, so that a message costs no further pointer.
 *
 * Thread: the shard. Owns: all that it names, from init to fini of the part.
 * Bound: limits.sessions over all shards; each count and list names its own. */
#ifndef PCED_SERVER_PEER_PEERS_H
#define PCED_SERVER_PEER_PEERS_H

#include "core/base/list.h"
#include "core/base/map.h"
#include "core/base/random.h"
#include "server/peer/acquaintances.h"
#include "server/peer/history.h"
#include "server/peer/pending.h"
#include "server/peer/readmit.h"
#include "server/shard/part.h"
#include "server/shard/shard.h"

/* Who has which SPEAKER-ENTITY-ID: entities.h. */
struct entities {
    struct map claims;         /* struct entity_claim, by the peer's address */
    struct list_link all;      /* the same ones */
    struct map kept;           /* struct entity, by its hash */
    struct list_link all_kept; /* the same ones */
    struct list_link unposted; /* claims to make or to give up */
    uint32_t last_serial;
};

struct peers {
    struct pending pending;
    uint64_t pending_published; /* as it is in the server's sum: shed.h */
    struct mono shed_told_until;
    bool is_short;          /* memory for a message was refused in this turn */
    uint8_t next_sid;       /* Session-ID of the next OPEN (RFC 5440 7.3) */
    struct map by_address;  /* struct peer: those that have a session */
    uint32_t live_count;    /* struct peer whose session has not ended */
    uint32_t refusal_count; /* up to REFUSALS_MAX */
    uint32_t second_count;  /* up to SECOND_CONNECTIONS_MAX */
    uint32_t stop_index;    /* connection to look at next in a shutdown */
    uint32_t refresh_index; /* … and after a reload */
    bool is_refreshing;
    uint64_t generation;        /* of the settings that were taken over: refresh.h */
    struct list_link silent;    /* struct peer, by pending.link: no Open has come; admission.h */
    struct list_link stalling;  /* struct peer, by pending.link: to be ended in this turn */
    struct list_link throttled; /* struct throttle */
    struct map outgoing;        /* struct outgoing, by address: peers that we connect to */
    struct list_link outgoing_list; /* the same ones */
    struct entities entities;
    struct random random; /* for jitter */
    struct acquaintances acquaintances;
    struct readmit readmit;
    uint64_t cut_turns;      /* of the ring, that intake.h has seen */
    struct history history;  /* sessions that have ended */
    struct journal journal;  /* sessions that came up and have ended */
    uint8_t last_words[256]; /* the Close of a stalled peer, from session to connection */
    size_t last_words_size;
};

extern const struct shard_part peers_part;

/* As large as the configuration says. */
void peers_init_history(struct shard *shard);
void peers_fini_history(struct shard *shard);
/* Into the journal. */
void peers_note_up(struct shard *shard, const struct ip *address);
/* Into the history, whose numbers are counters of the shard, and of what was up into the journal. */
void peers_note_end(struct shard *shard, const struct history_record *record);

#endif
