/* Steps: what the machine does; and what peer.c shares with it. Internal to core/bgp.
 *
 * Thread: the peer's owner. Owns: nothing. */
#ifndef PCED_CORE_BGP_STEPS_H
#define PCED_CORE_BGP_STEPS_H

#include "core/bgp/fsm.h"

#define BGP_UNREAD_S 10 /* what the hold timer gives a peer whose input waits unread */
#define BGP_STABLE_S 60 /* a session that lived so long ends the growth of pauses */

/* Sends one message; false: it found no room, and the connection cannot go on. */
bool bgp_send(struct bgp_peer *peer, struct bgp_connection *connection,
              const struct bgp_message *message, struct mono now);
struct bgp_connection *bgp_other(struct bgp_peer *peer, const struct bgp_connection *connection);
/* Whether TCP and an exchange of OPENs are on their way, or done. */
bool bgp_is_engaged(const struct bgp_connection *connection);
void bgp_tell_table(struct bgp_peer *peer, enum bgp_table_change change);

#endif
