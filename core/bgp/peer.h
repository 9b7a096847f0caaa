/* Peer: one BGP peer that tells us link state, as the finite state machine of RFC 4271 8.
 *
 * A peer knows the protocol and no socket: its owner feeds it octets, time and what becomes of TCP,
 * and gives it operations to connect, send and close. It has one connection that it opens, and
 * several that the peer has opened, until an OPEN says which of them counts (RFC 4271 8.2.1): a peer
 * that has lost one without a word opens the next. Each runs the machine (fsm.c) for itself, and of
 * two that live one is ended (RFC 4271 6.8). We originate nothing: of UPDATEs we send none, and a
 * route refresh is answered by an empty table.
 *
 * Thread: its owner's.
 * Owns: a gathering buffer for each connection while a message is split; nothing else.
 * Bound: BGP_CONNECTION_COUNT connections; one message being gathered on each. */
#ifndef PCED_CORE_BGP_PEER_H
#define PCED_CORE_BGP_PEER_H

#include "core/bgp/notice.h"
#include "core/bgp/open.h"
#include "core/bgp/restart.h"

/* RFC 4271 8.2.2, and CLOSING: Idle seen from the protocol, until the owner says that TCP is gone. */
enum bgp_state {
    BGP_IDLE,
    BGP_CONNECT,
    BGP_ACTIVE,
    BGP_OPEN_SENT,
    BGP_OPEN_CONFIRM,
    BGP_ESTABLISHED,
    BGP_CLOSING,
    BGP_STATE_COUNT,
};

/* The connections of a peer: ours, and those that it opens. The first of these is the one that a
 * passive peer is awaited on. */
enum bgp_connection_id {
    BGP_OUTGOING,
    BGP_INCOMING,
    BGP_INCOMING_2,
    BGP_INCOMING_3,
    BGP_CONNECTION_COUNT,
};

/* How a connection is to end. */
enum bgp_end {
    BGP_END_DRAIN, /* after what is queued has gone, bounded by the owner's grace */
    BGP_END_RESET, /* at once */
};

enum bgp_ender { BGP_BY_US, BGP_BY_PEER, BGP_BY_TIMER, BGP_BY_NETWORK, BGP_ENDER_COUNT };

struct bgp_peer_config {
    struct bgp_open_config open;
    struct bgp_restart_config restart;
    bool is_passive;          /* it connects to us */
    uint16_t connect_retry_s; /* RFC 4271 10 */
    uint16_t open_hold_s;     /* for an OPEN: 240 (RFC 4271 8.2.2: a large value) */
    uint32_t send_hold_s;     /* without progress in sending (RFC 9687); 0: no limit */
    uint16_t idle_hold_min_s; /* before the first new start after an end; not 0 */
    uint16_t idle_hold_max_s; /* to which it doubles */
};

/* RFC 9687 6: at least 8 minutes, and twice the hold time. */
uint32_t bgp_send_hold_default_s(uint16_t hold_time_s);

/* Why a connection ended, for logs and operators. */
struct bgp_verdict {
    uint8_t by;       /* enum bgp_ender */
    bool is_notified; /* there was a NOTIFICATION, from whoever ended it */
    uint8_t code;     /* of it */
    uint8_t subcode;
    const char *text; /* static; NULL: it has not ended */
};

struct bgp_counters {
    uint64_t messages_received[BGP_MESSAGE_TYPE_END];
    uint64_t messages_sent[BGP_MESSAGE_TYPE_END];
    uint64_t faults[BGP_ACTION_RESET + 1];     /* by what the mistake asked for */
    uint64_t unfeasible[BGP_UNFEASIBLE_COUNT]; /* UPDATEs whose routes were ignored, by why */
    uint64_t established;                      /* how often */
    uint64_t collisions;
    uint64_t superseded; /* connections that waited for an OPEN when the peer opened more */
};

struct bgp_connection {
    uint8_t state; /* enum bgp_state: written by one function */
    uint8_t id;    /* enum bgp_connection_id */
    bool is_receiving;
    bool is_sending;       /* what was sent waits for the peer: the send hold runs */
    struct mono deadline;  /* ConnectRetry, hold, idle hold: each state has one */
    struct mono keepalive; /* when we must have sent something */
    struct mono send_hold; /* when sending must have gone on */
    struct mono since;     /* when the state was entered */
    struct bgp_frame frame;
    struct bgp_negotiated negotiated; /* from OpenConfirm on */
    struct bgp_verdict verdict;       /* of its last end */
};

struct bgp_peer;

/* What a peer asks of its owner. None may destroy the peer, start it or give it a connection before
 * it has returned. */
struct bgp_peer_ops {
    /* Begins to connect; bgp_peer_on_transport_up or _end follows, not within the call. */
    void (*connect)(struct bgp_peer *peer);
    /* Queues one whole message. PCE_LIMIT or PCE_NO_MEMORY: it was not taken. */
    enum pce_status (*send)(struct bgp_peer *peer, enum bgp_connection_id id,
                            struct wire_span message);
    /* Ends TCP. bgp_peer_on_transport_end follows, now or later. */
    void (*end_transport)(struct bgp_peer *peer, enum bgp_connection_id id, enum bgp_end how);
    /* Whether octets from the peer wait unread: then the hold timer spares it. */
    bool (*has_unread)(struct bgp_peer *peer, enum bgp_connection_id id);
    void (*on_state)(struct bgp_peer *peer, enum bgp_connection_id id, enum bgp_state from,
                     enum bgp_state to);
    /* An UPDATE of the Established connection; fault as bgp_decode gave it. */
    void (*on_update)(struct bgp_peer *peer, const struct bgp_update *update,
                      const struct bgp_fault *fault);
    void (*on_table)(struct bgp_peer *peer, enum bgp_table_change change);
};

struct bgp_peer {
    const struct bgp_peer_ops *ops;
    const struct bgp_peer_config *config;
    struct bgp_connection connections[BGP_CONNECTION_COUNT];
    struct bgp_restart restart;
    struct bgp_counters counters;
    struct bgp_verdict verdict; /* of the last connection that ended, whichever it was */
    struct bgp_notice notice_sent;
    struct bgp_notice notice_received;
    struct mono told;     /* when the last End-of-RIB of this session came; MONO_NEVER: none has */
    uint16_t idle_hold_s; /* of the next pause; doubles */
    bool is_started;      /* by the operator; a stopped one takes no connection */
};

/* The configuration may be replaced by setting `config` while the peer is stopped. */
void bgp_peer_init(struct bgp_peer *peer, const struct bgp_peer_ops *ops,
                   const struct bgp_peer_config *config);
/* Its connections are Idle. */
void bgp_peer_fini(struct bgp_peer *peer);

/* The operator's: connects, or waits where the peer does. */
void bgp_peer_start(struct bgp_peer *peer, struct mono now);
/* Ends all that lives, with Cease and this subcode (BGP_ERROR_SHUTDOWN, _RESET, _DECONFIGURED …)
 * and a text for the other operator (RFC 9003; UTF-8, NULL: none; what is over 255 octets is not
 * sent). What it has told is kept as the restart says; bgp_peer_forget drops it. */
void bgp_peer_stop(struct bgp_peer *peer, enum bgp_error_code error, const char *text,
                   struct mono now);
void bgp_peer_forget(struct bgp_peer *peer);

/* Which place a connection gets that the peer opens now. False: none; the owner closes it. The peer is
 * stopped, or has opened several within the time that the end of one takes. */
bool bgp_peer_find_place(const struct bgp_peer *peer, enum bgp_connection_id *id);
/* The peer has connected to us; id: of bgp_peer_find_place. When it takes the last place, of those
 * that wait for an OPEN the oldest is ended, so that there is one again. */
void bgp_peer_accept(struct bgp_peer *peer, enum bgp_connection_id id, struct mono now);
/* What bgp_peer_ops.connect has begun is there. */
void bgp_peer_on_transport_up(struct bgp_peer *peer, struct mono now);
/* TCP is gone: ended by us, closed by the peer, or failed. */
void bgp_peer_on_transport_end(struct bgp_peer *peer, enum bgp_connection_id id,
                               enum pce_status status, struct mono now);
/* Octets from the peer, in any chunks. The arena is not reset. False: nothing more is to be read. */
bool bgp_peer_receive(struct bgp_peer *peer, enum bgp_connection_id id, struct wire_span octets,
                      struct arena *arena, struct mono now);
/* How far sending has come: the peer has taken a message since the last call, or nothing waits any
 * more (is_waiting false). The send hold runs from the first message that is not reported so. */
void bgp_peer_on_progress(struct bgp_peer *peer, enum bgp_connection_id id, bool is_waiting,
                          struct mono now);
/* Asks the peer to tell everything again (RFC 2918). False: it is not Established, or cannot. */
bool bgp_peer_refresh(struct bgp_peer *peer, struct mono now);

/* bgp_peer_deadline has come; harmless when it has not. */
void bgp_peer_on_time(struct bgp_peer *peer, struct mono now);
/* The earliest instant at which bgp_peer_on_time has something to do; MONO_NEVER: none. */
struct mono bgp_peer_deadline(const struct bgp_peer *peer);

/* The connection that is Established; NULL: none is. */
const struct bgp_connection *bgp_peer_established(const struct bgp_peer *peer);
/* That of the state that has come furthest, for operators. */
const struct bgp_connection *bgp_peer_foremost(const struct bgp_peer *peer);
const char *bgp_state_text(enum bgp_state state);
const char *bgp_ender_text(enum bgp_ender ender);

#endif
