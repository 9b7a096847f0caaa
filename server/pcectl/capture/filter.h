/* Filter: which sessions and which messages are looked at.
 *
 * Thread: any. Owns: nothing. Bound: FILTER_PEERS_MAX peers. */
#ifndef PCED_SERVER_PCECTL_CAPTURE_FILTER_H
#define PCED_SERVER_PCECTL_CAPTURE_FILTER_H

#include "server/pcectl/capture/event.h"

#define FILTER_PEERS_MAX 64U

struct filter_peer {
    struct ip prefix;
    unsigned bits;
    uint16_t port; /* 0: any */
};

struct filter {
    struct filter_peer peers[FILTER_PEERS_MAX];
    uint32_t peer_count; /* 0: every peer */
    bool has_types;      /* false: every type */
    uint8_t types[32];   /* a bit for each message type of PCEP */
    uint8_t bgp_types[32];
};

/* An address, an address and a port (IPv6 in brackets), or a prefix. PCE_INVALID: none of these;
 * PCE_LIMIT. */
PCE_MUST_CHECK enum pce_status filter_add_peer(struct filter *filter, const char *text);
/* Names or numbers of message types, of PCEP and BGP, with commas between; upper and lower case are the same.
 * PCE_INVALID: *unknown is the word that is none of them, its end a comma or NUL. */
PCE_MUST_CHECK enum pce_status filter_add_types(struct filter *filter, const char *text,
                                                const char **unknown);

/* Whether one of the ends is a peer that is wanted; a port of 0 fits any. */
bool filter_has_peer(const struct filter *filter, const struct capture_endpoint *one,
                     const struct capture_endpoint *other);
bool filter_has_type(const struct filter *filter, bool is_bgp, uint8_t type);

#endif
