/* Random traffic of many sessions against a shard with little work, memory and coalescing. Whatever
 * happens, each request has exactly one end, requests of a session and priority keep their order
 * unless they are computed elsewhere, and nothing is left over. */
#include "core/requests/computation.h"
#include "tests/lib/random.h"
#include "tests/unit/requests/crowd.h"

#include <criterion/criterion.h>

#define STEPS 6000

static struct random rng;
static struct crowd *crowd;
static uint32_t next_id[CROWD_MEMBERS];
static uint32_t last_reply[CROWD_MEMBERS][REQUEST_PRIORITIES];
static uint64_t asked;

static uint32_t below(uint64_t bound)
{
    return (uint32_t)test_random_below(&rng, bound);
}

/* Between nodes at random: some are answered at once, some computed elsewhere. */
static void ask_some(uint32_t member)
{
    static const char *nodes[] = {"10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.4", "10.0.0.5"};
    crowd_ask_between(crowd, member, next_id[member]++, nodes[below(5)], nodes[below(5)]);
    asked++;
}

static void ask(uint32_t member)
{
    if (crowd->context->computations != NULL && below(3) != 0) {
        ask_some(member);
        return;
    }
    uint32_t count = 1 + below(below(4) == 0 ? 200 : 4);
    crowd_ask(crowd, member, next_id[member], count, (uint8_t)below(REQUEST_PRIORITIES));
    next_id[member] += count;
    asked += count;
}

/* Some request, of which nobody knows whether it waits still. */
static void cancel(uint32_t member)
{
    uint8_t octets[] = {0x20, 5, 0, 24, 2,    0x10, 0, 12, 0, 0, 0, 0,
                        0,    0, 0, 0,  0x0c, 0x10, 0, 8,  0, 0, 1, 1};
    uint32_t id = next_id[member] - below(next_id[member]);
    for (unsigned i = 0; i < 4; i++)
        octets[12 + i] = (uint8_t)(id >> (24 - 8 * i));
    (void)session_receive(&crowd->members[member].owner.session,
                          (struct wire_span){octets, sizeof octets}, crowd->context->arena,
                          crowd->context->now);
    arena_reset(crowd->context->arena);
}

/* The session ends, and another one of the peer begins. */
static void come_anew(uint32_t member)
{
    struct session *session = &crowd->members[member].owner.session;
    session_on_transport_end(session, PCE_CLOSED, crowd->context->now);
    session_start(session, 1, crowd->context->now);
    crowd_receive_hex(crowd, member,
                      "2001 0028 0110 0024 201e 7800 0010 0004 0000 0005 0022 0010"
                      "0000 0002 0001 0000 001a 0004 0000 000a");
    crowd_receive_hex(crowd, member, "2002 0004");
    cr_assert_eq(session->state, SESSION_UP);
    crowd->members[member].takes_nothing = false;
}

static void toggle(uint32_t member)
{
    struct member *m = &crowd->members[member];
    m->takes_nothing = !m->takes_nothing;
    if (!m->takes_nothing)
        requests_resume_session(crowd->context, &m->owner.session);
}

static void check_order(void)
{
    bool has_order = crowd->context->computations == NULL;
    for (uint32_t i = 0; i < crowd->note_count && has_order; i++) {
        const struct note *note = &crowd->notes[i];
        uint32_t *last = &last_reply[note->member][note->priority];
        cr_assert_gt(note->request_id, *last, "member %u priority %u", note->member,
                     note->priority);
        *last = note->request_id;
    }
    crowd->note_count = 0;
}

static void step(void)
{
    uint32_t member = below(below(3) == 0 ? CROWD_MEMBERS : 4);
    crowd->context->work_left = below(3) == 0 ? below(40) * crowd->work_of_one : 0;
    switch (below(18)) {
    case 16:
        crowd_compute(crowd, below(4));
        break;
    case 17:
        crowd->scene.snapshot->serial += below(4) == 0;
        break;
    case 0:
        cancel(member);
        break;
    case 1:
        come_anew(member);
        break;
    case 2:
        toggle(member);
        break;
    case 3:
        crowd_wait_ms(crowd, below(1200));
        break;
    case 4:
    case 5:
    case 6:
    case 7:
        (void)crowd_serve(crowd, below(60));
        break;
    default:
        ask(member);
        break;
    }
    check_order();
    crowd_check(crowd);
    cr_assert_leq(crowd->queue->octets, crowd->context->limits.octets_max);
    for (uint32_t i = 0; i < CROWD_MEMBERS; i++)
        cr_assert_leq(requests_waiting(crowd->context, &crowd->members[i].owner.session),
                      crowd->context->limits.in_flight_max);
}

static void run(uint32_t computations)
{
    rng = test_random_init("queue_model", 1971);
    crowd = crowd_create();
    crowd->context->limits = (struct request_limits){.octets_max = 60000, .in_flight_max = 150};
    if (computations > 0)
        crowd_offload(crowd, computations);
    for (uint32_t i = 0; i < CROWD_MEMBERS; i++)
        next_id[i] = 1;
    for (unsigned i = 0; i < STEPS; i++)
        step();
    for (uint32_t i = 0; i < CROWD_MEMBERS; i++) {
        crowd->members[i].takes_nothing = false;
        requests_resume_session(crowd->context, &crowd->members[i].owner.session);
    }
    while (crowd->queue->count > 0) {
        crowd_compute(crowd, UINT32_MAX);
        cr_assert(crowd_serve(crowd, 50) || crowd->queue->count == 0 || crowd->offloaded_count > 0);
    }
    crowd_compute(crowd, UINT32_MAX);
    check_order();
    const struct request_counters *c = &crowd->scene.counters;
    cr_assert_eq(c->requests, asked);
    cr_assert(c->requests_cancelled > 0 && c->requests_over_limit > 0 && c->requests_unserved > 0);
    cr_assert(c->requests_gone > 0 && c->congestions > 0 && c->overloads_told > 0);
    crowd_wait_ms(crowd, 100000);
    (void)crowd_serve(crowd, 1);
    cr_assert_eq(crowd->queue->octets, 0);
    cr_assert_eq(crowd->queue->peers.count, 0);
    uint64_t told = 0;
    for (uint32_t i = 0; i < CROWD_MEMBERS; i++)
        told += crowd->members[i].cancelled;
    cr_assert_eq(told, c->requests_over_limit + c->requests_unserved, "each is named to its peer");
    if (computations > 0) {
        cr_assert(c->computations > 100 && c->requests_coalesced > 100);
        cr_assert_eq(crowd->context->computations->busy_count, 0);
    }
    crowd_destroy(crowd);
}

Test(queue_model, each_request_has_one_end_and_nothing_is_left)
{
    run(0);
}

Test(queue_model, the_same_holds_for_what_is_computed_elsewhere)
{
    run(5);
}
