/* BGP-LS in a configuration: who we are, and the peers that tell us their network.
 *
 * Internal to server/config but for the structs.
 *
 * Thread: as struct config. Owns: nothing. Bound: CONFIG_BGP_PEERS_MAX. */
#ifndef PCED_SERVER_CONFIG_CONFIG_BGP_H
#define PCED_SERVER_CONFIG_CONFIG_BGP_H

#include "io/net/tcp_key.h"
#include "server/config/config.h"

#define CONFIG_BGP_PEERS_MAX 32

struct config_bgp_peer {
    struct ip address;
    struct ip local_address; /* IP_NONE: the system chooses */
    uint32_t as;
    uint32_t rank; /* the lower one is believed */
    uint16_t port;
    uint16_t hold_time_s;
    uint16_t connect_retry_s;
    uint32_t send_hold_s;  /* 0: as RFC 9687 has it */
    uint32_t keep_s;       /* after the end of a session */
    uint16_t ttl_security; /* hops that the peer is away, at most (RFC 5082); 0: not asked for */
    uint16_t ttl;          /* of what we send; 0: the system's, or 255 with ttl_security */
    bool is_passive;
    struct tcp_key tcp_key; /* size 0: none */
};

struct config_bgp {
    uint32_t as;         /* 0: no BGP-LS is configured */
    struct ip router_id; /* IPv4 */
    struct ip listen;    /* IP_NONE: nobody connects to us */
    uint16_t listen_port;
    uint32_t peer_count;
    struct config_bgp_peer peers[CONFIG_BGP_PEERS_MAX];
};

struct config_outline;

/* Reads `bgp-ls`, which the file has. */
PCE_MUST_CHECK enum pce_status config_bgp_read(const struct config_outline *outline,
                                               struct config_bgp *bgp, struct config_fault *fault);
/* Each may be NULL: no BGP-LS. */
bool config_bgp_is_equal(const struct config_bgp *a, const struct config_bgp *b);
bool config_bgp_peer_is_equal(const struct config_bgp_peer *a, const struct config_bgp_peer *b);

#endif
