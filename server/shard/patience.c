#include "server/shard/patience.h"

/* Per window, whatever time has really gone. */
static uint64_t rate(uint64_t count, uint64_t elapsed_ns)
{
    return count * PATIENCE_WINDOW_MS * MONO_NS_PER_MS / elapsed_ns;
}

bool patience_on_turn(struct patience *patience, uint64_t completions, struct mono now)
{
    uint64_t elapsed_ns = mono_since_ns(now, patience->window);
    patience->turns++;
    if (elapsed_ns >= PATIENCE_WINDOW_MS * MONO_NS_PER_MS) {
        uint64_t gathered = completions - patience->completions;
        patience->is_on = patience->is_on ? rate(gathered, elapsed_ns) >= PATIENCE_RESULTS
                                          : rate(patience->turns, elapsed_ns) >= PATIENCE_TURNS;
        patience->window = now;
        patience->completions = completions;
        patience->turns = 0;
    }
    return patience->is_on &&
           mono_since_ns(now, patience->message_at) >= PATIENCE_CALM_MS * MONO_NS_PER_MS;
}
