/* Two sessions that talk to each other, with random configurations and octets that come in random
 * portions: whatever they negotiate, both must come to the same end. */
#include "tests/lib/random.h"
#include "tests/unit/session/owner.h"

#include <criterion/criterion.h>

#define RUNS      3000
#define STEPS     200
#define OPENS_MAX 2 /* by RFC 5440, a second one that is still unacceptable is the last */

struct end {
    struct owner owner;
    size_t read; /* octets of it that the other end has had */
};

static struct random rng;
static struct end ends[2];
static unsigned came_up;
static unsigned negotiated;

static uint8_t some(unsigned max)
{
    return (uint8_t)test_random_below(&rng, max + 1U);
}

/* Ranges as a configuration may name them: minimum not above maximum, nothing else. Our own timers
 * are what we would accept, most of the time. */
static void choose_config(struct session_config *config)
{
    uint8_t a = some(40);
    uint8_t b = some(200);
    config->keepalive_min_s = a;
    config->keepalive_max_s = (uint8_t)(a + some(60));
    config->dead_timer_min_s = b;
    config->dead_timer_max_s = (uint8_t)(b + some((unsigned)UINT8_MAX - b));
    config->allow_keepalive_zero = some(1) == 0;
    config->fixed_timers = some(5) == 0;
    config->keepalive_s = some(100);
    config->dead_timer_s = config->keepalive_s == 0 ? 0 : some(255);
}

static unsigned count_messages(const struct owner *owner, uint8_t type)
{
    unsigned count = 0;
    for (size_t i = 0; i < owner->message_count; i++)
        count += owner->octets[owner->messages[i].offset + 1] == type;
    return count;
}

static bool is_finished(void)
{
    return ends[0].read == ends[0].owner.octet_count && ends[1].read == ends[1].owner.octet_count;
}

/* Some octets of one end reach the other. What is sent to an end that closes is lost. */
static void deliver(struct end *from, struct end *to)
{
    size_t waiting = from->owner.octet_count - from->read;
    if (waiting == 0)
        return;
    size_t size = 1 + test_random_below(&rng, waiting);
    size_t at = from->read;
    from->read += size;
    owner_feed(&to->owner, from->owner.octets + at, size);
}

static bool accepts(const struct session *session, const struct session *other)
{
    const struct session_config *config = session->config;
    uint8_t keepalive_s = other->keepalive_s;
    if (keepalive_s == 0)
        return config->allow_keepalive_zero;
    return keepalive_s >= config->keepalive_min_s && keepalive_s <= config->keepalive_max_s;
}

static void check_up(void)
{
    for (unsigned i = 0; i < 2; i++) {
        const struct session *session = &ends[i].owner.base.session;
        const struct session *other = &ends[1 - i].owner.base.session;
        cr_assert(accepts(session, other), "the other end's Keepalive is in our range");
        cr_assert_eq(session->peer.keepalive_s, other->keepalive_s);
        cr_assert_eq(session->dead_timer_s, other->keepalive_s == 0 ? 0 : other->own_dead_timer_s);
    }
}

static void run(void)
{
    for (unsigned i = 0; i < 2; i++) {
        owner_init(&ends[i].owner, i == 0 ? SESSION_INITIATED : SESSION_ACCEPTED);
        ends[i].read = 0;
        choose_config(&ends[i].owner.config);
    }
    for (unsigned i = 0; i < 2; i++)
        session_start(&ends[i].owner.base.session, (uint8_t)i, ends[i].owner.now);
    for (int step = 0; step < STEPS && !is_finished(); step++) {
        unsigned from = some(1);
        deliver(&ends[from], &ends[1 - from]);
    }
    for (unsigned i = 0; i < 4; i++) {
        while (ends[i % 2].read < ends[i % 2].owner.octet_count)
            deliver(&ends[i % 2], &ends[1 - i % 2]);
    }
    cr_assert(is_finished(), "the negotiation ends");
    const struct session *a = &ends[0].owner.base.session;
    const struct session *b = &ends[1].owner.base.session;
    if (a->state == SESSION_UP || b->state == SESSION_UP) {
        cr_assert_eq(a->state, b->state, "one end is UP, the other %s",
                     session_state_text(a->state == SESSION_UP ? b->state : a->state));
        came_up++;
        negotiated += a->open_retry + b->open_retry > 0;
        check_up();
    } else {
        cr_assert(a->state == SESSION_CLOSING || b->state == SESSION_CLOSING,
                  "nobody waits for nothing: %s, %s", session_state_text(a->state),
                  session_state_text(b->state));
    }
    for (unsigned i = 0; i < 2; i++) {
        cr_assert_leq(count_messages(&ends[i].owner, PCEP_MESSAGE_OPEN), OPENS_MAX);
        owner_fini(&ends[i].owner);
    }
}

Test(pair, two_ends_negotiate_to_the_same_end)
{
    rng = test_random_init("session pair", 5440);
    for (int i = 0; i < RUNS; i++)
        run();
    cr_assert_gt(came_up, RUNS / 20);
    cr_assert_gt(negotiated, RUNS / 50);
    cr_assert_lt(came_up, RUNS);
}
