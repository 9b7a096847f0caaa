/* Acquaintances: addresses whose peer had a session within the last day.
 *
 * A fixed table in sets of ACQUAINTANCES_WAYS slots, each with a part of the address's seeded hash
 * and the minute when there was a session last. A full set forgets the one that was longest ago. An
 * address that never had a session is taken for one with a chance of 2^-40, and nobody outside
 * knows which.
 *
 * Thread: the shard. Owns: its table. Bound: 8 octets for each slot; pages are touched as they are
 * used. */
#ifndef PCED_SERVER_PEER_ACQUAINTANCES_H
#define PCED_SERVER_PEER_ACQUAINTANCES_H

#include "core/base/ip.h"
#include "core/base/mono.h"
#include "core/base/status.h"

#include <stdbool.h>
#include <stdint.h>

#define ACQUAINTANCES_WAYS 8
#define ACQUAINTANCES_S    86400 /* how long one stays */

struct acquaintances {
    uint64_t *slots; /* fingerprint, and the minute plus 1; 0: free */
    uint64_t set_count;
};

/* Room for that many: one in thirty of them may meet in a set that is full. */
PCE_MUST_CHECK enum pce_status acquaintances_init(struct acquaintances *acquaintances,
                                                  uint32_t count);
void acquaintances_fini(struct acquaintances *acquaintances);
/* There is a session, or there was one until now. */
void acquaintances_note(struct acquaintances *acquaintances, const struct ip *address,
                        struct mono now);
bool acquaintances_has(const struct acquaintances *acquaintances, const struct ip *address,
                       struct mono now);

#endif
