/* The order to change an intent: answered when the store has it, or has refused it. */
#include "server/intent/intent_part.h"
#include "server/northbound/northbound.h"

static void on_changed(struct shard *shard, struct intent_change *change)
{
    northbound_answer(shard, change->owner);
}

void order_intent_change(struct shard *shard, struct envelope *envelope)
{
    struct intent_change *change = envelope->argument;
    change->owner = envelope;
    change->on_done = on_changed;
    intents_change(shard, change);
}
