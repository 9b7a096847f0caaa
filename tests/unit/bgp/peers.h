/* What the tests of peers share: a configuration, what the other end says, and ways into each state.
 *
 * Thread: the test's. Owns: nothing. */
#ifndef PCED_TESTS_UNIT_BGP_PEERS_H
#define PCED_TESTS_UNIT_BGP_PEERS_H

#include "tests/lib/bgp_owner.h"
#include "tests/unit/bgp/support.h"

/* Lengths are filled in. We are 192.0.2.1 of AS 65000, the peer is 192.0.2.9 (or .0: lower). */
#define PEER_OPEN_OF(as, hold, identifier, capabilities)                                           \
    MARKER "0000 01 04 " as " " hold " " identifier " " capabilities
#define PEER_CAPABILITIES "1c 021a 0104 40040047 0200 4600 0600 4104 0000fde8 4006 8078 40044700"
#define PEER_OPEN         PEER_OPEN_OF("fde8", "005a", "c0000209", PEER_CAPABILITIES)
#define PEER_OPEN_LOWER   PEER_OPEN_OF("fde8", "005a", "c0000200", PEER_CAPABILITIES)
#define PEER_OPEN_BAD     PEER_OPEN_OF("fde9", "005a", "c0000209", "08 0206 0104 40040047")
#define PEER_KEEPALIVE    MARKER "0000 04"
#define PEER_END_OF_RIB   MARKER "0000 02 0000 0006 800f03 4004 47"
#define PEER_REFRESH      MARKER "0000 05 4004 00 47"
#define PEER_NOTIFICATION MARKER "0000 03 06 04"
#define PEER_HARD_RESET   MARKER "0000 03 06 09 0602"
/* An UPDATE whose lengths exceed it. */
#define PEER_MALFORMED MARKER "0000 02 0000 0001"

extern const struct bgp_peer_config peers_config;
extern const struct bgp_peer_config peers_passive;

/* The peer says this; false: nothing more is wanted of it. */
bool peers_feed(struct bgp_owner *owner, enum bgp_connection_id id, const char *hex);
/* Brings the outgoing connection of a fresh owner into a state. */
void peers_reach(struct bgp_owner *owner, enum bgp_state state);
enum bgp_state peers_state(const struct bgp_owner *owner, enum bgp_connection_id id);
/* Code and subcode of the last message, which is a NOTIFICATION; 0: it is none. */
unsigned peers_notified(const struct bgp_owner *owner);

#endif
