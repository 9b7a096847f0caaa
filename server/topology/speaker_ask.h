/* Speaker's answers: what of its peers others see, and what operators have done with one.
 *
 * Internal to server/topology.
 *
 * Thread: the topology thread. Owns: nothing. Bound: CONFIG_BGP_PEERS_MAX rows. */
#ifndef PCED_SERVER_TOPOLOGY_SPEAKER_ASK_H
#define PCED_SERVER_TOPOLOGY_SPEAKER_ASK_H

#include "server/topology/ask.h"
#include "server/topology/speaker.h"

/* speaker NULL: nothing was ever configured. */
void speaker_answer(struct speaker *speaker, struct topology_ask *ask, struct mono now);

#endif
