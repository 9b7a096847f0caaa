/* The gauge at its limit: whatever the order of steps, never more than the limit hold a place,
 * nobody is refused while one is free, and each place comes back. */
#include "tests/orders/atomics.h"

#include "server/shard/gauge.h"

static struct {
    struct gauge gauge;
    unsigned max, rounds;
    uint8_t holding; /* surely: counted after a place was taken, and until before it goes back */
    bool is_free;    /* one place has come back */
} shared;

static bool take(void)
{
    if (!gauge_take(&shared.gauge, shared.max))
        return false;
    shared.holding++;
    model_expect(shared.holding <= shared.max, "more hold a place than the limit allows");
    return true;
}

static void release(void)
{
    shared.holding--;
    gauge_release(&shared.gauge);
}

static void run_taker(void *context)
{
    (void)context;
    for (unsigned i = 0; i < shared.rounds; i++) {
        if (!take())
            continue;
        model_step("hold it");
        release();
    }
}

static void run_releaser(void *context)
{
    (void)context;
    release();
    shared.is_free = true;
}

static bool is_free(const void *context)
{
    (void)context;
    return shared.is_free;
}

static void run_early(void *context)
{
    (void)context;
    (void)take();
}

static void run_late(void *context)
{
    (void)context;
    model_wait_until("wait until one is free", is_free, NULL);
    (void)take();
}

static void begin(unsigned max, unsigned rounds)
{
    memset(&shared, 0, sizeof shared);
    model_region(&shared, sizeof shared);
    shared.max = max;
    shared.rounds = rounds;
}

static void start(unsigned takers, unsigned max, unsigned rounds)
{
    static const char *const names[] = {"taker 0", "taker 1", "taker 2"};
    begin(max, rounds);
    for (unsigned i = 0; i < takers; i++)
        model_thread(names[i], run_taker, NULL, false);
}

static void nothing_is_held(void)
{
    model_expect(gauge_get(&shared.gauge) == 0, "a place has not come back");
}

static void two_for_one(void)
{
    start(2, 1, 3);
}

static void three_for_two(void)
{
    start(3, 2, 2);
}

/* Full at first; one goes, and of those that ask one does so when it has gone. */
static void one_goes(void)
{
    begin(1, 0);
    model_expect(take(), "an empty one is full");
    model_thread("holder", run_releaser, NULL, false);
    model_thread("early", run_early, NULL, false);
    model_thread("late", run_late, NULL, false);
}

static void one_has_it(void)
{
    model_expect(shared.holding == 1, "a free place is refused");
}

int main(int count, char **arguments)
{
    static const struct model models[] = {
        {"2 for 1 place, 3 times", two_for_one, nothing_is_held, true},
        {"3 for 2 places, 2 times", three_for_two, nothing_is_held, true},
        {"2 for the place of one that goes", one_goes, one_has_it, true},
    };
    (void)arguments;
    return model_main(models, sizeof models / sizeof models[0], count > 1);
}
