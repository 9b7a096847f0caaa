/* Entities: which session has which SPEAKER-ENTITY-ID (RFC 8232 3.3.2): two sessions of one PCEP
 * speaker are one too many, from whatever addresses they come.
 *
 * The sessions of a shard *claim* the identifiers of their Opens when they are UP. A claim goes to
 * the shard that keeps the identifier, by its hash, and that one says when another session has it;
 * then the one that claims gets PCErr 20/7 and ends. A claim that cannot be made or kept for want of
 * memory claims nothing: it is counted, and the session goes on.
 *
 * Identifiers are compared by a seeded hash of 64 bits.
 *
 * Thread: the shard. Owns: its claims, and the identifiers that it keeps. Bound: one of each for a
 * session. */
#ifndef PCED_SERVER_PEER_ENTITIES_H
#define PCED_SERVER_PEER_ENTITIES_H

#include "server/peer/peer_watch.h"

struct pcep_object;

/* The peer's OPEN was accepted. */
void entities_note(struct peer *peer, const struct pcep_object *open);

extern const struct peer_watcher entities_watcher;
extern const struct shard_part entities_part;

#endif
