/* What is remembered of sessions that have ended, held against a naive list. */
#include "server/peer/history.h"

#include "tests/lib/random.h"

#include <criterion/criterion.h>
#include <string.h>

#define ROOM     16
#define PER_PEER 4
#define COST_MAX 256 /* octets of a record, its address's part included */

static struct history history;

static void setup(void)
{
    history_init(&history, ROOM, PER_PEER);
}

static void teardown(void)
{
    history_fini(&history);
}

TestSuite(history, .init = setup, .fini = teardown);

static const char *const reasons[] = {"connection reset by the peer", "DeadTimer expired",
                                      "the peer sent Close"};

static struct history_record record_of(uint32_t host, uint8_t state, unsigned reason)
{
    return (struct history_record){
        .address = ip_from_u32(0x0a000000u + host), .state = state, .why = reasons[reason]};
}

static void note(uint32_t host, uint8_t state, unsigned reason)
{
    const struct history_record record = record_of(host, state, reason);
    history_note(&history, &record);
}

static uint32_t count_all(uint32_t looks_at_a_time)
{
    struct history_cursor cursor = {0};
    uint32_t count = 0;
    uint64_t before = UINT64_MAX;
    bool is_over = false;
    while (!is_over) {
        uint32_t looks = looks_at_a_time;
        const struct history_record *record = history_next(&history, &cursor, &looks, &is_over);
        if (record == NULL)
            continue;
        cr_assert_lt(record->serial, before, "the newest first");
        before = record->serial;
        count++;
    }
    return count;
}

static uint32_t count_of(uint32_t host)
{
    const struct ip address = ip_from_u32(0x0a000000u + host);
    struct history_cursor cursor = {0};
    uint32_t count = 0;
    while (history_next_of(&history, &address, &cursor) != NULL)
        count++;
    return count;
}

static const struct history_record *newest_of(uint32_t host)
{
    const struct ip address = ip_from_u32(0x0a000000u + host);
    struct history_cursor cursor = {0};
    return history_next_of(&history, &address, &cursor);
}

Test(history, an_address_keeps_its_newest_records_and_no_more)
{
    for (unsigned i = 0; i < PER_PEER; i++)
        note(1, SESSION_UP, i % 3);
    cr_expect_eq(count_of(1), PER_PEER);
    note(1, SESSION_UP, 2);
    cr_expect_eq(count_of(1), PER_PEER);
    cr_expect_str_eq(newest_of(1)->why, reasons[2]);
    cr_expect_eq(newest_of(1)->serial, PER_PEER + 1);
    cr_expect_eq(count_of(2), 0);
}

Test(history, one_that_comes_and_goes_does_not_push_out_the_others)
{
    note(2, SESSION_UP, 0);
    for (unsigned i = 0; i < 1000; i++)
        note(1, SESSION_UP, i % 3);
    cr_expect_eq(count_of(2), 1);
    cr_expect_eq(history.count, PER_PEER + 1);
}

Test(history, when_all_is_full_the_oldest_goes)
{
    for (uint32_t host = 0; host < ROOM; host++)
        note(host, SESSION_UP, 0);
    cr_expect_eq(count_of(0), 1, "at the limit all are there");
    note(100, SESSION_UP, 0);
    cr_expect_eq(count_of(0), 0);
    cr_expect_eq(count_of(1), 1);
    cr_expect_eq(history.count, ROOM);
}

Test(history, who_never_came_up_erases_nothing_of_those_who_did)
{
    for (uint32_t host = 0; host < ROOM / 2; host++)
        note(host, SESSION_UP, 0);
    for (uint32_t host = 1000; host < 3000; host++)
        note(host, SESSION_OPEN_WAIT, 1);
    for (uint32_t host = 0; host < ROOM / 2; host++)
        cr_expect_eq(count_of(host), 1);
    cr_expect_eq(history.count, ROOM);
}

Test(history, the_same_failure_again_is_one_record_that_counts)
{
    for (unsigned i = 0; i < 5; i++)
        note(1, SESSION_OPEN_WAIT, 1);
    cr_expect_eq(count_of(1), 1);
    cr_expect_eq(newest_of(1)->times, 5);
    cr_expect_eq(newest_of(1)->serial, 5);
    note(1, SESSION_OPEN_WAIT, 2);
    note(1, SESSION_OPEN_WAIT, 1);
    cr_expect_eq(count_of(1), 3);
    cr_expect_eq(newest_of(1)->times, 1);
    note(2, SESSION_UP, 0);
    note(2, SESSION_UP, 0);
    cr_expect_eq(count_of(2), 2, "sessions that were up are told one by one");
}

static void refuse(uint32_t host, unsigned reason)
{
    struct history_record record = record_of(host, SESSION_IDLE, reason);
    record.is_refused = true;
    history_note(&history, &record);
}

Test(history, refused_connections_of_an_address_are_one_record_with_the_last_reason)
{
    const struct ip address = ip_from_u32(0x0a000001u);
    cr_expect_null(history_find_refused(&history, &address));
    note(1, SESSION_UP, 0);
    for (unsigned i = 0; i < 3 * PER_PEER; i++) {
        refuse(1, i % 3);
        note(1, SESSION_OPEN_WAIT, 1);
    }
    cr_expect_eq(count_of(1), 3, "they push out nothing, and part no failures that repeat");
    cr_expect_eq(newest_of(1)->times, 3 * PER_PEER);
    const struct history_record *refused = history_find_refused(&history, &address);
    cr_assert_not_null(refused);
    cr_expect_eq(refused->times, 3 * PER_PEER);
    cr_expect_str_eq(refused->why, reasons[(3 * PER_PEER - 1) % 3]);
}

Test(history, the_record_of_refused_connections_goes_as_others_do)
{
    const struct ip address = ip_from_u32(0x0a000001u);
    refuse(1, 0);
    for (unsigned i = 0; i < PER_PEER; i++)
        note(1, SESSION_UP, 0);
    cr_expect_null(history_find_refused(&history, &address));
    refuse(1, 0);
    cr_assert_not_null(history_find_refused(&history, &address));
    cr_expect_eq(history_find_refused(&history, &address)->times, 1);
    for (uint32_t host = 2; host < 2 + ROOM; host++)
        note(host, SESSION_OPEN_WAIT, 0);
    cr_expect_null(history_find_refused(&history, &address));
}

Test(history, without_room_nothing_is_kept)
{
    history_fini(&history);
    history_init(&history, 0, PER_PEER);
    note(1, SESSION_UP, 0);
    cr_expect_eq(count_all(1), 0);
    cr_expect_eq(count_of(1), 0);
    cr_expect_null(history.entries, "and no memory is taken");
}

Test(history, a_session_that_lives_costs_nothing)
{
    cr_expect_null(history.entries);
    cr_expect_null(history.peers);
    cr_expect_leq(history_record_cost(), COST_MAX, "a record takes %zu", history_record_cost());
}

Test(history, a_walk_goes_on_when_its_record_has_gone)
{
    struct history_cursor cursor = {0};
    uint32_t looks = ROOM;
    bool is_over;
    for (uint32_t host = 0; host < ROOM; host++)
        note(host, SESSION_UP, 0);
    for (unsigned i = 0; i < 3; i++)
        cr_assert_not_null(history_next(&history, &cursor, &looks, &is_over));
    /* The record that it stands on makes place for others of its address. */
    for (unsigned i = 0; i < PER_PEER; i++)
        note(ROOM - 3, SESSION_UP, 0);
    cr_expect_eq(count_of(ROOM - 3), PER_PEER);
    unsigned steps = 0;
    const struct history_record *record = NULL;
    for (; record == NULL && steps < 10; steps++) {
        looks = 2;
        record = history_next(&history, &cursor, &looks, &is_over);
    }
    cr_assert_not_null(record);
    cr_expect_eq(record->serial, ROOM - 3, "the one behind it");
    cr_expect_gt(steps, 1, "each question has a bounded number of looks");
    cursor = (struct history_cursor){.before = 3, .serial = 3, .index = UINT32_MAX};
    looks = ROOM;
    (void)history_next(&history, &cursor, &looks, &is_over); /* what a client made up */
}

/* ---- against a naive list ---- */

#define MODEL_MAX 4096

static struct history_record model[MODEL_MAX];
static unsigned model_count;

static void model_remove(unsigned index)
{
    memmove(&model[index], &model[index + 1], (model_count - index - 1) * sizeof model[0]);
    model_count--;
}

static void model_note(struct history_record record, uint64_t serial)
{
    unsigned of_peer = 0, never_up = 0, oldest = MODEL_MAX, first_never_up = MODEL_MAX;
    unsigned newest = MODEL_MAX;
    for (unsigned i = 0; i < model_count; i++) {
        if (model[i].state != SESSION_UP && first_never_up == MODEL_MAX)
            first_never_up = i;
        never_up += model[i].state != SESSION_UP;
        if (!ip_is_equal(&model[i].address, &record.address))
            continue;
        oldest = oldest == MODEL_MAX ? i : oldest;
        newest = model[i].is_refused == record.is_refused ? i : newest;
        of_peer++;
    }
    record.times = 1;
    record.serial = serial;
    bool is_same = newest != MODEL_MAX && record.state != SESSION_UP &&
                   model[newest].state == record.state &&
                   strcmp(model[newest].why, record.why) == 0;
    if (is_same || (newest != MODEL_MAX && record.is_refused)) {
        record.times = model[newest].times + 1;
        model_remove(newest);
    } else if (of_peer == PER_PEER) {
        model_remove(oldest);
    } else if (model_count == ROOM) {
        model_remove(never_up > ROOM / 4 ? first_never_up : 0);
    }
    model[model_count++] = record;
}

static void compare(void)
{
    struct history_cursor cursor = {0};
    uint32_t looks = ROOM;
    bool is_over;
    for (unsigned i = model_count; i-- > 0;) {
        const struct history_record *record = history_next(&history, &cursor, &looks, &is_over);
        cr_assert_not_null(record);
        cr_assert_eq(record->serial, model[i].serial);
        cr_assert_eq(record->times, model[i].times);
        cr_assert(ip_is_equal(&record->address, &model[i].address));
    }
    cr_assert_null(history_next(&history, &cursor, &looks, &is_over));
    cr_assert(is_over);
    cr_assert_eq(history.count, model_count);
}

Test(history, does_what_a_naive_list_does)
{
    struct random random = test_random_init("history", 11);
    for (uint64_t serial = 1; serial < 20000; serial++) {
        struct history_record record =
            record_of((uint32_t)test_random_below(&random, 12),
                      test_random_below(&random, 3) == 0 ? SESSION_OPEN_WAIT : SESSION_UP,
                      (unsigned)test_random_below(&random, 3));
        if (test_random_below(&random, 5) == 0) {
            record.state = SESSION_IDLE;
            record.is_refused = true;
        }
        history_note(&history, &record);
        model_note(record, serial);
        compare();
    }
    cr_expect_eq(count_all(1), model_count);
    cr_expect_eq(count_all(3), model_count);
}
