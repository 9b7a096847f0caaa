/* The history of the peers of a shard and the journal of their sessions: their sizes, what goes in,
 * and their numbers as counters. */
#include "server/peer/peers.h"

#include <string.h>

/* Each shard has its share, one record at least. */
void peers_init_history(struct shard *shard)
{
    const struct config_limits *limits = &shard->shared->config.limits;
    const uint32_t share = limits->session_history / shard->shared->shard_count;
    history_init(&shard->peers->history, share == 0 && limits->session_history > 0 ? 1 : share,
                 limits->session_history_per_peer);
    journal_init(&shard->peers->journal, limits->session_journal);
}

void peers_fini_history(struct shard *shard)
{
    history_fini(&shard->peers->history);
    journal_fini(&shard->peers->journal);
}

static void peers_journal(struct shard *shard, const struct journal_record *record, const char *why)
{
    const struct wire_span text = {.octets = (const uint8_t *)why, .size = (uint32_t)strlen(why)};
    counter_set(&shard->counters.session_changes,
                journal_append(&shard->peers->journal, record, text));
}

void peers_note_up(struct shard *shard, const struct ip *address)
{
    const struct journal_record record = {
        .when = shard->now, .change = LSP_PEER_UP, .by = LSP_BY_PCC, .pcc = *address};
    peers_journal(shard, &record, "");
}

/* Those that never came up are in the history alone: anybody who can connect makes them. */
static void peers_journal_end(struct shard *shard, const struct history_record *ended)
{
    static const uint8_t actors[SESSION_ENDER_COUNT] = {
        [SESSION_BY_US] = LSP_BY_US,
        [SESSION_BY_PEER] = LSP_BY_PCC,
        [SESSION_BY_TIMER] = LSP_BY_TIMER,
        [SESSION_BY_NETWORK] = LSP_BY_NETWORK,
    };
    const struct journal_record record = {
        .when = shard->now,
        .change = LSP_PEER_ENDED,
        .by = actors[ended->by],
        .error_type = ended->error_type,
        .error_value = ended->error_value,
        .pcc = ended->address,
    };
    if (ended->state == SESSION_UP)
        peers_journal(shard, &record, ended->why);
}

void peers_note_end(struct shard *shard, const struct history_record *record)
{
    struct history *history = &shard->peers->history;
    history_note(history, record);
    counter_set(&shard->counters.history_records, history->count);
    counter_set(&shard->counters.history_unkept, history->unkept);
    peers_journal_end(shard, record);
}
