/* The half-open limiter at its limits: whatever the order of steps, never more than the total hold
 * a place, and of one prefix no more than its limit and one for each other thread; nobody is
 * refused for the sake of one that is refused too, or of a prefix that shares only some of its
 * rows; a place that is held is counted all the while, and comes back. */
#include "tests/orders/atomics.h"

/* The first octet of the address says which columns the prefix has: its low two bits that of the
 * first two rows, the next two that of the others. */
#define map_hash(key, size) columns_of(key)

static uint64_t columns_of(const uint8_t *key)
{
    uint64_t low = key[2] & 3, high = (key[2] >> 2) & 3;
    return low | low << 16 | high << 32 | high << 48;
}

#include "server/shard/half_open.c"

#undef map_hash

#define COLUMNS     2 /* that the model's prefixes have; all others stay 0 */
#define THREADS_MAX 3
#define PREFIX(first_rows, other_rows)                                                             \
    {                                                                                              \
        .family = IP_V4, .octets = {(other_rows) << 2 | (first_rows) }                             \
    }

static const struct ip one_prefix = PREFIX(0, 0);
/* Its last two rows are those of one_prefix. */
static const struct ip other_prefix = PREFIX(1, 0);

static struct half_open places;

struct taker {
    const struct ip *address;
    unsigned rounds;
    unsigned at_once; /* places that it takes before it gives them back */
    bool is_alone;    /* nobody else has its prefix, and there is room in all */
    bool waits;       /* until one is free */
};

static struct {
    struct half_open_limits limits;
    struct taker takers[THREADS_MAX];
    unsigned taker_count;
    uint8_t holding; /* surely: counted after a place was taken, and until before it goes back */
    uint8_t holding_one; /* of them those of one_prefix */
    bool is_free;        /* one place has come back */
} shared;

static bool take(const struct taker *taker)
{
    uint8_t bits;
    enum half_open_answer answer = half_open_take(&places, taker->address, &shared.limits, &bits);
    model_expect(answer == HALF_OPEN_TAKEN || !taker->is_alone,
                 "a prefix is refused for what others hold");
    if (answer != HALF_OPEN_TAKEN)
        return false;
    shared.holding++;
    if (taker->address == &one_prefix)
        shared.holding_one++;
    model_expect(shared.holding <= shared.limits.total_max, "more hold a place than the total");
    model_expect(shared.holding_one < shared.limits.prefix_max + shared.taker_count,
                 "more hold a place of a prefix than its limit and one for each other thread");
    return true;
}

static void release(const struct taker *taker)
{
    shared.holding--;
    if (taker->address == &one_prefix)
        shared.holding_one--;
    model_expect(half_open_release(&places, taker->address, shared.limits.v4_bits),
                 "who gives a place back held none");
}

static bool is_free(const void *context)
{
    (void)context;
    return shared.is_free;
}

static void run_taker(void *context)
{
    const struct taker *taker = context;
    if (taker->waits)
        model_wait_until("wait until one is free", is_free, NULL);
    for (unsigned i = 0; i < taker->rounds; i++) {
        unsigned held = 0;
        for (unsigned k = 0; k < taker->at_once; k++)
            held += take(taker);
        model_expect(held == 0 ||
                         half_open_count(&places, taker->address, shared.limits.v4_bits) >= held,
                     "what is held is not counted");
        for (; held > 0; held--)
            release(taker);
    }
}

/* Takes one and keeps it. */
static void run_keeper(void *context)
{
    const struct taker *taker = context;
    if (taker->waits)
        model_wait_until("wait until one is free", is_free, NULL);
    (void)take(taker);
}

static void run_returner(void *context)
{
    if (take(context))
        release(context);
    (void)take(context);
}

static void run_releaser(void *context)
{
    release(context);
    shared.is_free = true;
}

static void begin(uint32_t total_max, uint32_t prefix_max)
{
    memset(&shared, 0, sizeof shared);
    memset(&places, 0, sizeof places);
    model_region(&shared, sizeof shared);
    model_region(&places.total, sizeof places.total);
    for (unsigned row = 0; row < HALF_OPEN_ROWS; row++)
        model_region(places.counts[row], COLUMNS * sizeof places.counts[row][0]);
    shared.limits = (struct half_open_limits){total_max, prefix_max, 8, 8};
}

static struct taker *start(model_thread_fn *run, struct taker taker)
{
    static const char *const names[THREADS_MAX] = {"thread 0", "thread 1", "thread 2"};
    unsigned i = shared.taker_count++;
    shared.takers[i] = taker;
    model_thread(names[i], run, &shared.takers[i], false);
    return &shared.takers[i];
}

static void nothing_is_held(void)
{
    bool is_empty = half_open_total(&places) == 0;
    for (unsigned row = 0; row < HALF_OPEN_ROWS; row++) {
        for (unsigned column = 0; column < COLUMNS; column++)
            is_empty = is_empty && places.counts[row][column] == 0;
    }
    model_expect(is_empty, "a place has not come back");
}

static void two_for_one(void)
{
    begin(1, 9);
    (void)start(run_taker, (struct taker){.address = &one_prefix, .rounds = 2, .at_once = 1});
    (void)start(run_taker, (struct taker){.address = &one_prefix, .rounds = 2, .at_once = 1});
}

/* Each wants two: without a look at the prefix it would have four. */
static void two_of_a_prefix(void)
{
    begin(9, 1);
    (void)start(run_taker, (struct taker){.address = &one_prefix, .rounds = 1, .at_once = 2});
    (void)start(run_taker, (struct taker){.address = &one_prefix, .rounds = 1, .at_once = 2});
}

static void two_prefixes(void)
{
    begin(9, 1);
    (void)start(
        run_taker,
        (struct taker){.address = &one_prefix, .rounds = 2, .at_once = 1, .is_alone = true});
    (void)start(
        run_taker,
        (struct taker){.address = &other_prefix, .rounds = 2, .at_once = 1, .is_alone = true});
}

/* Full at first; one goes, and of those that ask one does so when it has gone. */
static void one_goes(uint32_t total_max, uint32_t prefix_max)
{
    begin(total_max, prefix_max);
    const struct taker keeper = {.address = &one_prefix};
    struct taker *holder = start(run_releaser, keeper);
    model_expect(take(holder), "an empty one is full");
    (void)start(run_keeper, keeper);
    (void)start(run_keeper, (struct taker){.address = &one_prefix, .waits = true});
}

static void one_of_all_goes(void)
{
    one_goes(1, 9);
}

static void one_of_a_prefix_goes(void)
{
    one_goes(9, 1);
}

/* One that gives its place back and wants it again: only the other one may have it then. */
static void one_comes_again(void)
{
    begin(1, 1);
    (void)start(run_returner, (struct taker){.address = &one_prefix});
    (void)start(run_keeper, (struct taker){.address = &one_prefix});
}

static void three_for_two(void)
{
    begin(2, 2);
    for (unsigned i = 0; i < 3; i++)
        (void)start(run_keeper, (struct taker){.address = &one_prefix});
}

static void all_have_it(void)
{
    model_expect(shared.holding == shared.limits.total_max, "a free place is refused");
    model_expect(half_open_total(&places) == shared.holding, "what is counted is not held");
}

static void one_has_it(void)
{
    model_expect(shared.holding >= 1, "a free place is refused");
    model_expect(half_open_total(&places) == shared.holding, "what is counted is not held");
}

int main(int count, char **arguments)
{
    static const struct model models[] = {
        {"2 for 1 place, 2 times", two_for_one, nothing_is_held, true},
        {"2 for 1 place of a prefix, 2 each", two_of_a_prefix, nothing_is_held, true},
        {"2 prefixes that share rows, 2 times", two_prefixes, nothing_is_held, true},
        {"2 for the place of one that goes", one_of_all_goes, all_have_it, true},
        {"2 for the place of a prefix that goes", one_of_a_prefix_goes, one_has_it, true},
        {"2 for 1 place, one comes again", one_comes_again, all_have_it, true},
        {"3 for 2 places", three_for_two, all_have_it, true},
    };
    (void)arguments;
    return model_main(models, sizeof models / sizeof models[0], count > 1);
}
