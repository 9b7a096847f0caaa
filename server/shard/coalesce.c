#include "server/shard/coalesce.h"

#include "core/base/check.h"

/* Per window, whatever time has really gone. */
static uint64_t rate(uint64_t count, uint64_t elapsed_ns)
{
    CHECK(elapsed_ns > 0);
    return count * COALESCE_WINDOW_MS * MONO_NS_PER_MS / elapsed_ns;
}

bool coalesce_on_turn(struct coalesce *coalesce, uint64_t completions, struct mono now)
{
    uint64_t elapsed_ns = mono_since_ns(now, coalesce->window);
    coalesce->turns++;
    if (elapsed_ns >= COALESCE_WINDOW_MS * MONO_NS_PER_MS) {
        uint64_t gathered = completions - coalesce->completions;
        coalesce->is_on = coalesce->is_on ? rate(gathered, elapsed_ns) >= COALESCE_RESULTS
                                          : rate(coalesce->turns, elapsed_ns) >= COALESCE_TURNS;
        coalesce->window = now;
        coalesce->completions = completions;
        coalesce->turns = 0;
    }
    return coalesce->is_on &&
           mono_since_ns(now, coalesce->message_at) >= COALESCE_CALM_MS * MONO_NS_PER_MS;
}
