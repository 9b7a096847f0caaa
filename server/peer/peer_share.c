#include "server/peer/peer_share.h"

struct session_settings *peer_share_settings(struct shard *shard, const struct ip *address)
{
    shard_hold(shard);
    return settings_cache_borrow(&shard->session_settings, shard->settings, address);
}

void peer_release_place(struct shard *shard)
{
    if (!gauge_release(&shard->shared->sessions))
        counter_add(&shard->counters.places_unmatched, 1);
}
