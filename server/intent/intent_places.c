#include "server/intent/intent_part_impl.h"

#include "server/shard/gauge.h"
#include "server/shard/shard.h"

void intents_hold_places(struct intents_part *part, uint64_t count)
{
    struct gauge *gauge = &part->shard->shared->intents;
    if (part->places < count)
        gauge_force(gauge, count - part->places);
    for (; part->places > count; part->places--)
        (void)gauge_release(gauge);
    part->places = count;
}

void intents_settle_places(struct intents_part *part)
{
    uint64_t count = part->intents.counters.intents;
    LIST_FOR(link, &part->changes)
    count += CONTAINER_OF(link, struct intent_change, link)->has_place;
    intents_hold_places(part, count);
}
