/* The send-hold policy against a naive exact one, which sees every acknowledgement when it comes
 * and keeps every message's end. Random traffic goes to peers that read, drip, stop and resume. The
 * policy must never find a peer stalled that is not, and must find one that is within a sampling
 * period. */
#include "core/session/send_hold.h"
#include "tests/lib/random.h"

#include <criterion/criterion.h>

#define MESSAGES_MAX    4096 /* in one run */
#define OUTSTANDING_MAX 500
#define STEP_MS         100
#define RUNS            400

enum habit { READS, DRIPS, STOPS, NIBBLES, HABITS };

static struct random rng;
static struct send_hold hold;
static struct mono now;

/* The exact policy. */
static uint64_t ends[MESSAGES_MAX];
static unsigned count; /* messages queued */
static unsigned taken; /* of them wholly acknowledged */
static uint64_t acknowledged;
static struct mono since; /* the last progress, or when something became outstanding */

static enum habit habit;
static unsigned expiries;
static unsigned samples;
static unsigned unanswered; /* since the last progress */

static bool is_outstanding(void)
{
    return taken < count;
}

static uint64_t last_end(void)
{
    return count == 0 ? 0 : ends[count - 1];
}

static void queue_message(uint64_t size)
{
    /* Beyond a thousand, with those of one period, the policy merges and is not exact. */
    if (count == MESSAGES_MAX || count - taken == OUTSTANDING_MAX)
        return;
    if (!is_outstanding())
        since = now;
    uint64_t end = last_end() + size;
    ends[count++] = end;
    send_hold_on_message(&hold, end, now);
}

static void acknowledge(uint64_t octets)
{
    acknowledged += octets;
    if (acknowledged > last_end())
        acknowledged = last_end();
    for (; taken < count && ends[taken] <= acknowledged; taken++) {
        since = now;
        unanswered = 0;
    }
}

static void peer_acts(void)
{
    if (test_random_below(&rng, 200) == 0)
        habit = (enum habit)test_random_below(&rng, HABITS);
    switch (habit) {
    case READS:
        acknowledge(UINT32_MAX);
        break;
    case DRIPS:
        acknowledge(test_random_below(&rng, 3));
        break;
    case NIBBLES: /* a whole message now and then */
        if (test_random_below(&rng, 60) == 0 && is_outstanding())
            acknowledge(ends[taken] - acknowledged);
        break;
    default:
        break;
    }
}

static void session_sends(unsigned rate)
{
    if (test_random_below(&rng, rate) != 0)
        return;
    uint64_t burst = 1 + test_random_below(&rng, 3);
    for (uint64_t i = 0; i < burst; i++)
        queue_message(test_random_below(&rng, 2) == 0 ? 4 : 1 + test_random_below(&rng, 5000));
}

/* Returns whether the policy found the peer stalled. */
static bool policy_acts(uint64_t hold_ns, uint64_t sample_ns)
{
    uint64_t stalled_ns = is_outstanding() ? mono_since_ns(now, since) : 0;
    if (send_hold_take_sample(&hold, now)) {
        samples++;
        bool is_answered = test_random_below(&rng, 20) != 0;
        unanswered += !is_answered;
        if (is_answered && send_hold_on_sample(&hold, acknowledged, now) == SEND_HOLD_EXPIRED) {
            cr_assert_geq(stalled_ns, hold_ns, "a peer that makes progress was found stalled");
            expiries++;
            return true;
        }
    }
    uint64_t late_ns = (1 + unanswered) * sample_ns + STEP_MS * MONO_NS_PER_MS;
    cr_assert_lt(stalled_ns, hold_ns + late_ns, "a stalled peer was not found");
    return false;
}

static void run(void)
{
    uint16_t sample_s = (uint16_t)(1 + test_random_below(&rng, 6));
    uint32_t hold_s = (uint32_t)(5 + test_random_below(&rng, 60));
    unsigned rate = (unsigned)(1 + test_random_below(&rng, 300));
    count = taken = 0;
    acknowledged = 0;
    habit = READS;
    hold = (struct send_hold){0};
    send_hold_start(&hold, hold_s, sample_s, 0, now);
    for (int step = 0; step < 5000; step++) {
        now = mono_add_ms(now, STEP_MS);
        session_sends(rate);
        peer_acts();
        if (policy_acts(hold_s * MONO_NS_PER_S, sample_s * MONO_NS_PER_S))
            break;
        cr_assert_leq(send_hold_octets(&hold), SEND_MARKS_MAX * 4 + 32);
    }
    send_hold_stop(&hold);
}

Test(send_hold_model, agrees_with_the_exact_policy_within_a_period)
{
    rng = test_random_init("send_hold_model", 20241121);
    now = (struct mono){MONO_NS_PER_S};
    for (int i = 0; i < RUNS; i++)
        run();
    cr_assert_gt(expiries, RUNS / 10);
    cr_assert_lt(expiries, RUNS);
    cr_assert_gt(samples, RUNS);
}
