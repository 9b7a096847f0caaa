/* Admission: the places of connections that are not UP, and who gives way when they are used up.
 *
 * Strangers and peers that are known have `limits.half-open` places each, so that a flood of one
 * kind of address leaves the routers of the network theirs. Known is a peer that had a session
 * within the last day (acquaintances.h), and one that `peers` names with a prefix at least as long
 * as limits.half-open-prefix-v4 or -v6. Strangers have a limit for each source prefix as well.
 *
 * A peer that comes up sends its Open at once (RFC 5440 6.2). So where no place is free, one that
 * has not sent it for ADMISSION_SILENCE_MS gives way: of those that have been silent longest the
 * one whose prefix has the most places, and no less than the newcomer's; of the newcomer's own
 * prefix where that is full. Each shard looks among its own.
 *
 * Thread: the shard. Owns: the places that its peers have taken. Bound: limits.half-open twice;
 * ADMISSION_LOOKS silent peers are compared. */
#ifndef PCED_SERVER_PEER_ADMISSION_H
#define PCED_SERVER_PEER_ADMISSION_H

#include "server/peer/peer.h"

#define ADMISSION_SILENCE_MS 1000
#define ADMISSION_LOOKS      64

/* A place for a peer that was accepted; NULL, or why there is none. */
const char *admission_enter(struct peer *peer, const struct ip *address);
/* The peer has its connection: from now on it may be asked to give way. */
void admission_watch(struct peer *peer);
/* It is UP, or has ended. Harmless when it had no place. */
void admission_leave(struct peer *peer);

#endif
