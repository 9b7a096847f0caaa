/* The work queue with its lanes at their smallest: whatever the order of steps, each thing is taken
 * once and in the order of its lane, a lane takes as many things as it has room for, nobody sleeps
 * while there is work, and the end wakes all. */
#include "tests/orders/atomics.h"

#include "io/share/work_queue.c"

#define THINGS 6

/* What takers have done is told in steps of the model. */
static struct {
    struct work_queue *queue;
    unsigned lanes, takers;
    unsigned room, count; /* of each lane; things that each putter has */
    bool presses;         /* putters do not wait for what comes back, but try until it fits */
    uint8_t put[2];
    uint8_t done[2];                    /* given back to the putter */
    uint8_t taken[2][THINGS];           /* times */
    uint8_t last[MODEL_THREADS_MAX][2]; /* by taker and lane: number of the thing taken last */
} shared;

static uint8_t things[2][THINGS];

static bool has_free_one(const void *context)
{
    unsigned lane = *(const unsigned *)context;
    return shared.put[lane] - shared.done[lane] < (int)shared.room;
}

static bool is_all_done(const void *context)
{
    (void)context;
    for (unsigned i = 0; i < shared.lanes; i++) {
        if (shared.done[i] < shared.count)
            return false;
    }
    return true;
}

static void run_putter(void *context)
{
    unsigned lane = *(unsigned *)context;
    for (unsigned i = 0; i < shared.count; i++) {
        if (!shared.presses)
            model_wait_until("wait for one to come back", has_free_one, context);
        shared.put[lane]++;
        while (work_queue_put(shared.queue, lane, &things[lane][i]) != PCE_OK) {
            model_expect(shared.presses, "a lane refuses while less is out than it has room for");
            (void)sched_yield();
        }
    }
    if (lane != 0)
        return;
    model_wait_until("wait for all to come back", is_all_done, NULL);
    work_queue_close(shared.queue, shared.takers);
}

static void run_taker(void *context)
{
    uint8_t *last = shared.last[*(unsigned *)context];
    unsigned next = 0;
    const uint8_t *thing;
    while ((thing = work_queue_take(shared.queue, &next)) != NULL) {
        unsigned lane = thing >= things[1] ? 1 : 0;
        unsigned number = (unsigned)(thing - things[lane]);
        model_expect(number < shared.count, "what is taken was never put");
        model_expect(++shared.taken[lane][number] == 1, "a thing is taken twice");
        model_expect(number + 1 > last[lane], "a lane does not keep its order");
        last[lane] = (uint8_t)(number + 1);
        model_step("give it back");
        shared.done[lane]++;
    }
}

static void start(unsigned lanes, unsigned takers, unsigned room, unsigned count)
{
    static unsigned numbers[MODEL_THREADS_MAX] = {0, 1, 2, 3, 4};
    static const char *const names[] = {"taker 0", "taker 1", "taker 2"};
    memset(&shared, 0, sizeof shared);
    model_region(&shared, sizeof shared);
    shared.lanes = lanes;
    shared.takers = takers;
    shared.room = room;
    shared.count = count;
    if (work_queue_create(lanes, room, &shared.queue) != PCE_OK)
        exit(2);
    for (unsigned i = 0; i < lanes; i++)
        model_thread(i == 0 ? "putter 0" : "putter 1", run_putter, &numbers[i], false);
    for (unsigned i = 0; i < takers; i++)
        model_thread(names[i], run_taker, &numbers[i], false);
}

static void press_1_2_1(void)
{
    start(1, 2, 1, 3);
    shared.presses = true;
}

static void all_is_done(void)
{
    model_expect(is_all_done(NULL), "something was never taken");
}

static void set_up_1_1_1(void)
{
    start(1, 1, 1, 3);
}

static void set_up_1_2_1(void)
{
    start(1, 2, 1, 3);
}

static void set_up_1_2_2(void)
{
    start(1, 2, 2, 5);
}

static void set_up_1_3_1(void)
{
    start(1, 3, 1, 2);
}

static void set_up_1_3_2(void)
{
    start(1, 3, 2, 4);
}

static void set_up_2_1_1(void)
{
    start(2, 1, 1, 2);
}

static void set_up_2_2_1(void)
{
    start(2, 2, 1, 2);
}

int main(int count, char **arguments)
{
    static const struct model models[] = {
        {"1 lane of 1, 1 taker, 3 things", set_up_1_1_1, all_is_done, true},
        {"1 lane of 1, 2 takers, 3 things", set_up_1_2_1, all_is_done, true},
        {"1 lane of 2, 2 takers, 5 things", set_up_1_2_2, all_is_done, false},
        {"1 lane of 1, 3 takers, 2 things", set_up_1_3_1, all_is_done, false},
        {"1 lane of 2, 3 takers, 4 things", set_up_1_3_2, all_is_done, false},
        {"1 lane of 1, 2 takers, 3 things that press", press_1_2_1, all_is_done, false},
        {"2 lanes of 1, 1 taker, 2 things each", set_up_2_1_1, all_is_done, true},
        {"2 lanes of 1, 2 takers, 2 things each", set_up_2_2_1, all_is_done, false},
    };
    (void)arguments;
    return model_main(models, sizeof models / sizeof models[0], count > 1);
}
