/* The history of the peers of a shard: its size, and its numbers as counters. */
#include "server/peer/peers.h"

/* Each shard has its share, one record at least. */
void peers_init_history(struct shard *shard)
{
    const struct config_limits *limits = &shard->shared->config.limits;
    const uint32_t share = limits->session_history / shard->shared->shard_count;
    history_init(&shard->peers->history, share == 0 && limits->session_history > 0 ? 1 : share,
                 limits->session_history_per_peer);
}

void peers_note_end(struct shard *shard, const struct history_record *record)
{
    struct history *history = &shard->peers->history;
    history_note(history, record);
    counter_set(&shard->counters.history_records, history->count);
    counter_set(&shard->counters.history_unkept, history->unkept);
}
