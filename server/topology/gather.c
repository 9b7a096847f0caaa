#include "server/topology/gather.h"

#define GATHER_PART 4 /* of the time that the last network took */

void gather_begin(struct gather *gather, uint64_t generation)
{
    *gather = (struct gather){.generation = generation, .first = MONO_NEVER};
}

void gather_look(struct gather *gather, uint64_t generation, struct mono now)
{
    if (generation == gather->generation)
        return;
    gather->generation = generation;
    gather->latest = now;
    if (mono_is_never(gather->first))
        gather->first = now;
}

static uint64_t gather_longest_ms(const struct gather *gather, uint32_t gather_ms)
{
    uint64_t longest_ms = GATHER_PART * gather->spent_ms;
    if (longest_ms > GATHER_MAX_MS)
        longest_ms = GATHER_MAX_MS;
    return longest_ms > gather_ms ? longest_ms : gather_ms;
}

struct mono gather_deadline(const struct gather *gather, uint32_t gather_ms, struct mono table)
{
    if (mono_is_never(gather->first))
        return MONO_NEVER;
    if (!mono_is_never(table))
        return mono_min(mono_add_ms(gather->latest, GATHER_PAUSE_MS), table);
    return mono_min(mono_add_ms(gather->latest, gather_ms),
                    mono_add_ms(gather->first, gather_longest_ms(gather, gather_ms)));
}

void gather_end(struct gather *gather, struct mono began, struct mono now)
{
    gather->spent_ms = mono_since_ns(now, began) / MONO_NS_PER_MS;
    gather->first = MONO_NEVER;
}

void gather_fail(struct gather *gather, struct mono now)
{
    gather->first = gather->latest = mono_add_ms(now, GATHER_RETRY_MS);
}
