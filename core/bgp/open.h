/* Open: our OPEN, and the judgement of the peer's (RFC 4271 4.2, 6.2; RFC 5492).
 *
 * Thread: any. Owns: nothing. Bound: OPEN_SIZE_MAX octets of ours. */
#ifndef PCED_CORE_BGP_OPEN_H
#define PCED_CORE_BGP_OPEN_H

#include "core/bgp/codec.h"

#define BGP_OPEN_SIZE_MAX 256
#define BGP_HOLD_TIME_MIN 3 /* RFC 4271 4.2: 0, or at least so many seconds */

/* What we are, and what the peer has to be. */
struct bgp_open_config {
    uint32_t local_as;
    uint32_t peer_as;
    struct ip identifier; /* ours: IPv4, not zero */
    struct ip local;      /* our address of the session; IP_NONE: it is not known */
    uint16_t hold_time_s; /* that we offer: 0, or at least BGP_HOLD_TIME_MIN */
};

/* Which capabilities an OPEN has had: a bit for each code. */
struct bgp_offer {
    uint8_t codes[32];
};

static inline bool bgp_offer_has(const struct bgp_offer *offer, uint8_t code)
{
    return (offer->codes[code / 8] >> code % 8 & 1) != 0;
}

/* What both ends have said. */
struct bgp_negotiated {
    struct ip identifier;    /* the peer's */
    uint16_t hold_time_s;    /* the smaller one; 0: none */
    uint16_t restart_time_s; /* RFC 4724: how long the peer may be away */
    bool has_as4;
    bool has_extended; /* messages of 65,535 octets (RFC 8654) */
    bool has_refresh;
    bool has_enhanced_refresh; /* RFC 7313 */
    bool has_restart;          /* the peer keeps link state over a restart (RFC 4724) */
    bool has_restart_notified; /* also over a NOTIFICATION (RFC 8538) */
    struct bgp_offer offer;    /* all that the peer has said that it can */
};

/* Ours. */
struct bgp_offer bgp_open_offer(void);

/* Appends our OPEN. PCE_LIMIT: it does not fit. */
PCE_MUST_CHECK enum pce_status bgp_open_write(const struct bgp_open_config *config,
                                              struct wire_writer *writer);

/* False: *fault says why it is not acceptable, with the data of its NOTIFICATION. */
bool bgp_open_judge(const struct bgp_open_config *config, const struct bgp_open_message *open,
                    struct bgp_negotiated *negotiated, struct bgp_fault *fault);

#endif
