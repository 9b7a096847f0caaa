/* Steps: what the machine does, and what its files share. Internal to core/bgp.
 *
 * Thread: the peer's owner. Owns: nothing. */
#ifndef PCED_CORE_BGP_STEPS_H
#define PCED_CORE_BGP_STEPS_H

#include "core/bgp/fsm.h"

#define BGP_UNREAD_S 10 /* what the hold timer gives a peer whose input waits unread */
#define BGP_STABLE_S 60 /* a session that lived so long ends the growth of pauses */

/* ---- what a peer is sent (steps_send.c) ---- */

/* Each sends one message; false: it found no room, and the connection cannot go on. */
bool bgp_send(struct bgp_peer *peer, struct bgp_connection *connection,
              const struct bgp_message *message, struct mono now);
bool bgp_send_open(struct bgp_peer *peer, struct bgp_connection *connection, struct mono now);
bool bgp_send_keepalive(struct bgp_peer *peer, struct bgp_connection *connection, struct mono now);
/* Without room the connection ends without a word. */
void bgp_send_notification(struct bgp_peer *peer, struct bgp_connection *connection,
                           enum bgp_error_code error, struct wire_span data, struct mono now);

/* ---- what comes with a state (steps_state.c) ---- */

/* Whether TCP and an exchange of OPENs are on their way, or done. */
bool bgp_is_engaged(const struct bgp_connection *connection);
void bgp_tell_table(struct bgp_peer *peer, enum bgp_table_change change);

/* ---- the end of a connection (steps_end.c) ---- */

/* What had to be sent found no room. TCP may be gone when this returns. */
void bgp_end_without_room(struct bgp_peer *peer, struct bgp_connection *connection,
                          const struct bgp_input *input);

#endif
