/* Speaker's log: lines about BGP-LS peers.
 *
 * Thread: the topology thread. Owns: nothing. */
#ifndef PCED_SERVER_TOPOLOGY_SPEAKER_LOG_H
#define PCED_SERVER_TOPOLOGY_SPEAKER_LOG_H

#include "server/topology/speaker.h"

void speaker_log_state(const struct speaker_peer *peer, enum bgp_connection_id id,
                       enum bgp_state from, enum bgp_state to);
void speaker_log_table(const struct speaker_peer *peer, enum bgp_table_change change);
/* Something in an UPDATE was wrong, and not for the whole session. */
void speaker_log_fault(const struct speaker_peer *peer, const struct bgp_fault *fault);
void speaker_log_failure(const struct speaker_peer *peer, const char *why);
/* What an operator has ordered. */
void speaker_log_order(const struct speaker_peer *peer, const char *what);
/* What an UPDATE announced was ignored, and will be all the same in this session. */
void speaker_log_unfeasible(const struct speaker_peer *peer, enum bgp_unfeasible why);
/* Somebody connected who is no peer, or has too many connections. */
void speaker_log_stranger(const struct ip *address);

#endif
