#include "server/peer/peer_share.h"

void peer_release_place(struct shard *shard)
{
    if (!gauge_release(&shard->shared->sessions))
        counter_add(&shard->counters.places_unmatched, 1);
}
