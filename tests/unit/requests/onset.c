/* The onset of a flood: many peers begin to ask without end, all at once. A turn reads no more than
 * a ring hands out, and none of a peer that has enough waiting (request_queue_mark); so the time
 * that another one's request takes is counted in turns, whatever the flood. */
#include "tests/unit/requests/crowd.h"

#include <criterion/criterion.h>

#define HEALTHY     0
#define TURN_READS  1000 /* requests that one turn reads */
#define TURN_SERVES 200  /* … and serves */
#define BUFFER      50   /* requests in one buffer */
#define TURNS       200
#define IN_FLIGHT   4096

static struct crowd *crowd;
static uint32_t next_id[CROWD_MEMBERS];
static uint32_t next_flooder = 1;

static void set_up(void)
{
    crowd = crowd_create();
}

static void tear_down(void)
{
    crowd_destroy(crowd);
}

TestSuite(onset, .init = set_up, .fini = tear_down);

static bool is_read(uint32_t member, uint32_t mark)
{
    struct session *session = &crowd->members[member].owner.session;
    return mark == 0 || requests_waiting(crowd->context, session) < mark;
}

/* What lies in the windows of those that are read, until the turn has enough. */
static void read_flood(bool is_marked)
{
    uint32_t looked = 0;
    for (uint32_t taken = 0; taken < TURN_READS && looked < CROWD_MEMBERS - 1; looked++) {
        uint32_t member = 1 + next_flooder++ % (CROWD_MEMBERS - 1);
        if (!is_read(member, is_marked ? request_queue_mark(crowd->queue, IN_FLIGHT) : 0))
            continue;
        crowd_ask(crowd, member, 1 + next_id[member], BUFFER, 7);
        next_id[member] += BUFFER;
        taken += BUFFER;
        looked = 0;
    }
}

static void turn(bool is_marked)
{
    read_flood(is_marked);
    (void)crowd_serve(crowd, TURN_SERVES);
    crowd_wait_ms(crowd, 4);
    crowd->note_count = 0;
}

Test(onset, a_healthy_peer_is_answered_within_two_turns)
{
    uint32_t asked = 0;
    uint32_t worst = 0;
    for (uint32_t i = 0, since = 0; i < TURNS; i++) {
        if (crowd->members[HEALTHY].replies == asked) {
            crowd_ask(crowd, HEALTHY, ++asked, 1, 0);
            since = i;
        }
        turn(true);
        uint32_t turns = i - since + 1;
        worst = turns > worst ? turns : worst;
    }
    cr_expect_leq(worst, 2, "%u turns", worst);
    cr_expect_geq(asked, TURNS / 2);
}

Test(onset, what_waits_in_the_shard_stays_bounded)
{
    uint32_t most = 0;
    for (uint32_t i = 0; i < TURNS; i++) {
        turn(true);
        most = crowd->queue->count > most ? crowd->queue->count : most;
    }
    /* All of them have the same share of about REQUEST_CROWD * (marks of all) entries. */
    cr_expect_lt(most, 20000, "%u", most);
    cr_expect_gt(most, REQUEST_CROWD, "%u", most);
}

Test(onset, without_a_mark_it_would_not)
{
    for (uint32_t i = 0; i < 50; i++)
        turn(false);
    cr_expect_gt(crowd->queue->count, 30000, "%u", crowd->queue->count);
}

Test(onset, the_mark_falls_as_more_wait)
{
    struct request_queue *queue = crowd->queue;
    const struct {
        uint32_t waiting, in_flight_max, mark;
    } rows[] = {{0, 4096, 1024},
                {REQUEST_CROWD, 4096, 1024},
                {2 * REQUEST_CROWD, 4096, 512},
                {1000000, 4096, 8},
                {0, 0, 1024},
                {1000000, 0, 8},
                {0, 20, 5},
                {1000000, 20, 5},
                {0, 3, 1},
                {8 * REQUEST_CROWD, 3, 1}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        queue->count = rows[i].waiting;
        cr_expect_eq(request_queue_mark(queue, rows[i].in_flight_max), rows[i].mark, "row %zu", i);
    }
    queue->count = 0;
}
