/* Peer: one PCC that is connected: the session, the connection, and the one timer that serves both.
 *
 * The session decides, the connection carries. While the session lives the peer stands in its
 * shard's map by address, so that a second connection of the same PCC is refused (RFC 5440 4.2.1,
 * PCErr 9); as soon as the session has ended the address is free again, though the connection may
 * still be sending its Close. The record goes when the connection was released.
 *
 * Thread: the shard. Owns: itself, from peer_accept to the connection's release.
 * Bound: limits.sessions over all shards, limits.half-open of them before UP. */
#ifndef PCED_SERVER_PEER_PEER_H
#define PCED_SERVER_PEER_PEER_H

#include "core/session/send_hold.h"
#include "core/session/session.h"
#include "io/net/conn_connect.h"
#include "server/peer/peers.h"

/* How long a connection may take to send a Close or PCErr and to end; then it is reset. */
#define PEER_DRAIN_MS 2000
/* How long our Open waits for the peer's, so that it goes out together with the Keepalive that
 * answers that one. A peer has mostly sent it by the time that its connection is taken in. */
#define PEER_GREETING_MS 10

struct second_connection;
struct throttle;

/* In the order of a life, which peer_is_served and its neighbours rely on; docs/PEER-FSM.md. */
enum peer_phase {
    PEER_NEW,        /* a record that has its places */
    PEER_CONNECTING, /* we connect to it */
    PEER_GREETING,   /* the session has the connection, and our Open is held back */
    PEER_LIVE,       /* the session has the connection */
    PEER_STALLING,   /* it does not take what is sent; its session ends with this turn */
    PEER_CLOSING,    /* … is ending, and writes its Close */
    PEER_ENDED,      /* the session has ended, and is about to say how the connection is to */
    PEER_LOST,       /* … and what it says will be a reset */
    PEER_CUTTING,    /* … what waits is being dropped, the Close put in front */
    PEER_DRAINING,   /* … what is left is sent, for a bounded time */
    PEER_RESET,      /* the connection is being thrown away */
    PEER_PHASE_COUNT,
};

/* Why a peer is taken as stalled. */
enum peer_stall {
    PEER_STALL_HOLD,    /* no message was taken for the send-hold time */
    PEER_STALL_PENDING, /* limits.pending-hard */
    PEER_STALL_TOTAL,   /* limits.pending-total, and it was the worst */
    PEER_STALL_ROOM,    /* no memory for a message to it */
    PEER_STALL_COUNT,
};

struct peer {
    struct session session;
    struct wheel_timer timer; /* the earliest of what is awaited; the end of draining afterwards */
    struct map_node node;     /* in shard->peers->by_address, while it is listed */
    struct shard *shard;
    struct conn *conn;
    struct second_connection
        *second;                /* another connection waits for the end of this one, or NULL */
    struct throttle *throttle;  /* its requests wait, and it is not read: throttle.h; or NULL */
    struct peer_policy *policy; /* of the limits in force: a reload replaces it */
    struct send_hold hold;      /* runs in state UP */
    struct pending_entry pending;
    union {
        struct mono
            look_at; /* while it is served; MONO_NEVER: no sample is wanted but what `hold` wants */
        struct {     /* from STALLING on; for the log */
            uint32_t stalled_octets;
            uint32_t stalled_s; /* without progress when it was taken as stalled */
        };
    };
    uint32_t unacked; /* octets that the kernel had taken and the peer not, at the last sample */
    uint16_t look_ms; /* between two looks at a paused connection from which nothing comes */
    uint8_t phase;    /* enum peer_phase */
    uint8_t stall;    /* enum peer_stall */
    uint8_t half_open_bits; /* as half_open_take gave them */
    uint8_t error_type;     /* of the last PCErr in state UP; 0: there was none */
    uint8_t error_value;
    bool is_error_ours : 1;
    /* What is held or in flight across phases. */
    bool is_half_open : 1;  /* holds a place until UP or its end: admission.h */
    bool is_known : 1;      /* … of those for peers that are known */
    bool is_paused : 1;     /* holds a pause of reading, by the soft limit */
    bool is_asked : 1;      /* a conn_inspect is in flight that the dead timer waits for */
    bool is_silent : 1;     /* … has found no input: during that call of the session */
    bool is_colliding : 1;  /* a conn_inspect for our own address is in flight */
    uint16_t refused_count; /* second connections that got PCErr 9; UINT16_MAX: or more */
};

/* A million of them count, and the allocator has a class of this size. */
_Static_assert(sizeof(struct peer) <= 320, "peer grew");
_Static_assert(PEER_PHASE_COUNT <= UINT8_MAX && PEER_STALL_COUNT <= UINT8_MAX,
               "`phase` and `stall` are octets");

/* Its session has not ended: it counts in peers->live_count. */
static inline bool peer_has_session(const struct peer *peer)
{
    return peer->phase >= PEER_CONNECTING && peer->phase <= PEER_CLOSING;
}

/* It stands in the map: what comes from its address now is a second connection. */
static inline bool peer_is_listed(const struct peer *peer)
{
    return peer->phase >= PEER_GREETING && peer->phase <= PEER_CLOSING;
}

/* Its session has the connection, which takes what is sent. */
static inline bool peer_is_served(const struct peer *peer)
{
    return peer->phase >= PEER_CONNECTING && peer->phase <= PEER_LIVE;
}

/* A session with a peer of this shard that has none. Takes the connection over from whoever has it,
 * or turns it away. */
void peer_begin(struct shard *shard, struct conn *conn);
/* Connects to a peer of this shard; ops and owner of the target are set here. NULL: the text says
 * why. */
struct peer *peer_connect(struct shard *shard, const struct conn_target *target,
                          struct failure *failure);
/* The live peer whose connection this is; NULL: it is another's, or on its way out. */
struct peer *peer_of_conn(const struct conn *conn);
/* The peer of this address whose session lives; NULL. */
struct peer *peer_find(struct shard *shard, const struct ip *address);
/* Ends the session because the server ends, or the operator said so: Close where that is due. */
void peer_close(struct peer *peer);
/* Files the timer for the earliest of what is awaited. */
void peer_arm(struct peer *peer);
/* The session gives the connection up: it drains until the deadline, or is reset. */
void peer_end_connection(struct peer *peer, enum session_end how);

/* Throws the connection away now; the session must have ended. Harmless when it was done. */
void peer_reset(struct peer *peer);

map_equal_fn peer_is_equal; /* key: struct ip */

/* The policy that the session was negotiated with; borrowed until the record goes. */
static inline struct peer_policy *peer_negotiated(const struct peer *peer)
{
    struct session_config *config = (struct session_config *)(uintptr_t)peer->session.config;
    return CONTAINER_OF(config, struct peer_policy, session);
}

/* Valid as long as the record is. */
static inline const struct ip *peer_address(const struct peer *peer)
{
    return conn_address(peer->conn);
}

static inline struct peer *peer_of(struct session *session)
{
    return CONTAINER_OF(session, struct peer, session);
}

#endif
