/* Speaker: the BGP-LS peers of this server, each with its connections and what it tells.
 *
 * The protocol is core/bgp's (peer.h); here are sockets, timers' turns, and the RIB that all peers
 * fill. We connect to a peer, or it connects to us (`passive`), or both.
 *
 * Thread: the topology thread. Owns: peers, connections, the listening socket.
 * Bound: CONFIG_BGP_PEERS_MAX peers, BGP_CONNECTION_COUNT connections of each and SPEAKER_CONNECTIONS_MAX
 * of all; SPEAKER_GRACE_MS for what a closing connection still has to send; SPEAKER_RETIRED_MAX
 * changes of where we listen within SPEAKER_GRACE_MS. */
#ifndef PCED_SERVER_TOPOLOGY_SPEAKER_H
#define PCED_SERVER_TOPOLOGY_SPEAKER_H

#include "core/bgp/peer.h"
#include "io/net/listener.h"
#include "server/config/config_bgp.h"
#include "server/topology/feed.h"

#define SPEAKER_GRACE_MS    2000
#define SPEAKER_PROGRESS_MS 1000 /* between two looks at what a peer has acknowledged */
/* Those of peers, and as many again that are on their way out or turned away. */
#define SPEAKER_CONNECTIONS_MAX (2 * BGP_CONNECTION_COUNT * CONFIG_BGP_PEERS_MAX)
#define SPEAKER_RETIRED_MAX     8
#define SPEAKER_ARENA_MAX       ((size_t)8 << 20) /* one message of 65,535 octets, decoded */

struct speaker;
struct speaker_peer;

/* One of the connections that a peer may have. */
struct speaker_link {
    struct speaker_peer *peer; /* NULL: the peer is gone, and this waits for its socket */
    struct conn *conn;         /* NULL: none */
    struct mono grace;         /* when it is reset; MONO_NEVER: it is not closing */
    struct mono looked;        /* when acknowledgements were last asked for */
    uint64_t acknowledged;     /* as of then */
    enum pce_status end;       /* why the peer's TCP ended */
    bool has_failed;           /* to begin: the peer is told in the next turn */
    uint8_t id;                /* enum bgp_connection_id */
};

struct speaker_peer {
    struct speaker *speaker;
    struct bgp_peer bgp;
    struct bgp_peer_config bgp_config;
    struct config_bgp_peer config;
    struct feed feed;
    uint32_t unfeasible_told; /* 1 << enum bgp_unfeasible: the log has them of this session */
    struct speaker_link links[BGP_CONNECTION_COUNT];
    bool is_shown;   /* a network has been made of what it tells */
    bool is_leaving; /* it is configured no more: it goes when its connections have */
};

/* Of all peers, those that have gone included; the first three are of now. */
struct speaker_totals {
    uint64_t peers;
    uint64_t peers_stale;
    uint64_t states[BGP_STATE_COUNT]; /* of these peers, by the connection that has come furthest */
    struct feed_counters feeds;
    uint64_t faults;
    uint64_t unfeasible;
    uint64_t superseded;
    uint64_t turned_away;
};

struct speaker {
    struct ring *ring;
    struct conn_pool *pool;
    struct listeners *listeners; /* NULL: nobody connects to us */
    struct ip listen;            /* where they listen, whatever is configured */
    uint16_t listen_port;
    struct speaker_retired { /* stopped: closed when the kernel has let go of it */
        struct listeners *listeners;
        struct mono until;
    } retired[SPEAKER_RETIRED_MAX]; /* the oldest first; NULL behind the last one */
    struct rib *rib;
    struct arena arena;       /* of the message at hand */
    struct arena objects;     /* of the object of it */
    struct config_bgp config; /* in force; its peers are in `peers` */
    struct speaker_peer *peers[CONFIG_BGP_PEERS_MAX];
    struct speaker_totals gone; /* of peers that are no more */
};

/* speaker: zeroed. */
PCE_MUST_CHECK enum pce_status speaker_init(struct speaker *speaker, struct ring *ring,
                                            struct rib *rib, struct failure *failure);
/* After speaker_stop; the ring has nothing of it any more. */
void speaker_fini(struct speaker *speaker);

/* What is configured from now on; NULL: nothing. Sessions whose peer is configured as before go on.
 * PCE_LIMIT, PCE_NO_MEMORY and what listeners_open gives: the text says which peer or address has
 * been left out. */
PCE_MUST_CHECK enum pce_status speaker_configure(struct speaker *speaker,
                                                 const struct config_bgp *config, struct mono now,
                                                 struct failure *failure);
/* Ends all sessions; the ring is to be turned until speaker_is_idle. */
void speaker_stop(struct speaker *speaker, struct mono now);
bool speaker_is_idle(const struct speaker *speaker);

struct speaker_totals speaker_count(const struct speaker *speaker);

/* Until when the first table of a peer is waited for, wait_s from its session's beginning; MONO_NEVER: none comes,
 * or there is another peer's already. */
struct mono speaker_first_table(const struct speaker *speaker, uint32_t wait_s, struct mono now);
/* A network has been made of all that peers have told so far. */
void speaker_note_shown(struct speaker *speaker);

/* What is due; before the ring waits until speaker_deadline. */
void speaker_turn(struct speaker *speaker, struct mono now);
struct mono speaker_deadline(const struct speaker *speaker);

#endif
