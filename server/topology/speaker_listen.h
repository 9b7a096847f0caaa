/* Speaker's listener: where BGP-LS peers connect to us.
 *
 * Internal to server/topology.
 *
 * Thread: the topology thread. Owns: the listening socket, and those that it was before. Bound: SPEAKER_RETIRED_MAX. */
#ifndef PCED_SERVER_TOPOLOGY_SPEAKER_LISTEN_H
#define PCED_SERVER_TOPOLOGY_SPEAKER_LISTEN_H

#include "server/topology/speaker.h"

/* Listens as the configuration says, and no more where it did before. PCE_AGAIN: it has changed too often
 * within a moment; else as listeners_open. */
PCE_MUST_CHECK enum pce_status speaker_listen(struct speaker *speaker,
                                              const struct config_bgp *config, struct mono now,
                                              struct failure *failure);
/* Nobody connects any more. The kernel gives an accept back in one of the next turns: until then the
 * socket is kept, though its address is free. False: too many are kept. */
bool speaker_retire_listener(struct speaker *speaker, struct mono now);
/* Those whose time is over; MONO_NEVER: all. */
void speaker_close_retired(struct speaker *speaker, struct mono now);

/* The peer of this address that is configured; NULL: there is none. */
struct speaker_peer *speaker_find(const struct speaker *speaker, const struct ip *address);

#endif
