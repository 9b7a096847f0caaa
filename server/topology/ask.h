/* Ask: what somebody outside wants to see of the BGP-LS peers and of the sources of the API, or to have done with one.
 *
 * The asker fills in what and whom and posts it; the topology thread answers within its turn, into
 * the same struct, and posts it back as mail. Neither ever waits for the other. What is shown is of
 * one moment.
 *
 * Thread: the asker's until topology_ask has taken it, the topology thread's until it comes back. A
 * topology that is closed gives nothing back: what it had is the asker's again.
 * Owns: nothing; the struct is the asker's memory. Bound: one question of all askers at a time;
 * CONFIG_BGP_PEERS_MAX rows, or API_SOURCES_MAX. */
#ifndef PCED_SERVER_TOPOLOGY_ASK_H
#define PCED_SERVER_TOPOLOGY_ASK_H

#include "core/bgp/peer.h"
#include "core/ted/rib.h"
#include "server/config/config_bgp.h"
#include "server/topology/api_source.h"
#include "server/topology/feed.h"

#define TOPOLOGY_NO_TIME UINT64_MAX /* of ages and what is left: it was never, or does not run */

struct mailbox;
struct topology;

/* A NOTIFICATION, and when. */
struct topology_notice_view {
    struct bgp_notice notice;
    uint64_t age_ns; /* TOPOLOGY_NO_TIME: there was none */
};

struct topology_peer_view {
    struct ip address;
    struct ip local_address; /* configured; IP_NONE: the system chooses */
    uint32_t as;
    uint32_t local_as;
    uint32_t rank;
    uint16_t port;
    uint16_t hold_time_s;  /* that we offer */
    uint16_t ttl_security; /* 0: none */
    uint16_t ttl;          /* 0: the system's, or that of ttl_security */
    bool is_passive;
    const char *authentication; /* "none", "md5", "tcp-ao" */
    /* The connection that has come furthest. */
    enum bgp_state state;
    bool is_incoming;
    uint32_t connection_count; /* that are not Idle */
    uint64_t age_ns;           /* of the state */
    struct bgp_negotiated negotiated;
    bool has_negotiated;       /* the peer's OPEN was accepted */
    struct bgp_offer ours;     /* capabilities of our OPEN */
    uint64_t deadline_left_ns; /* ConnectRetry, hold or idle hold, by the state */
    uint64_t keepalive_left_ns;
    uint64_t send_hold_left_ns;
    struct bgp_verdict verdict; /* of the last end; text NULL: there is none */
    struct bgp_counters counters;
    struct topology_notice_view sent;
    struct topology_notice_view received;
    uint64_t end_of_rib_age_ns;
    enum bgp_restart_phase phase;
    uint64_t stale_age_ns;
    uint64_t stale_left_ns; /* until what is stale goes */
    struct rib_counts routes;
    struct feed_counters feed;
};

struct topology_source_view {
    struct api_source_spec spec;
    size_t octets;
    uint64_t changed_s;
    uint32_t node_count, link_count;
    bool is_kept;
    char why[FAILURE_TEXT_SIZE]; /* as of struct api_source */
};

/* Of orders about a source: its name, and what it is to be. */
struct topology_source_order {
    struct api_source_spec spec;
    char *
        text; /* malloc; the topology thread leaves it, or takes it and leaves NULL. Of SOURCES: the text that is shown,
                 * the asker's */
    size_t size;
};

enum topology_ask_what {
    TOPOLOGY_ASK_PEERS,
    TOPOLOGY_ASK_RESET,
    TOPOLOGY_ASK_REFRESH,
    TOPOLOGY_ASK_SOURCES, /* all, or the one whose name is given, with its text */
    TOPOLOGY_ASK_SOURCE_SET,
    TOPOLOGY_ASK_SOURCE_CHANGE,
    TOPOLOGY_ASK_SOURCE_DELETE,
};

struct topology_ask {
    enum topology_ask_what what;
    struct ip peer;                       /* whom; of PEERS IP_NONE: all */
    char text[BGP_COMMUNICATION_MAX + 1]; /* of RESET: for the other operator (RFC 9003) */
    struct topology_source_order order;
    struct mailbox *reply_to; /* its mail has the struct in pointers[0] */
    uint32_t reply_kind;
    /* The answer. PCE_NOT_FOUND: there is no such peer, or source. Of REFRESH: PCE_CLOSED: it is not
     * Established; PCE_UNSUPPORTED: it has not said that it can; PCE_LIMIT: it could not be sent. Of orders about
     * a source: PCE_INVALID: what it is told is wrong; PCE_LIMIT: no place; else it could not be kept. */
    enum pce_status status;
    struct failure failure; /* of an order about a source */
    bool is_new;            /* the source was not there before */
    uint32_t count;
    struct topology_peer_view peers[CONFIG_BGP_PEERS_MAX];
    struct topology_source_view sources[API_SOURCES_MAX];
};

/* Any thread, while nothing that was asked is out. PCE_LIMIT: it was not taken. */
PCE_MUST_CHECK enum pce_status topology_ask(struct topology *topology, struct topology_ask *ask);

#endif
