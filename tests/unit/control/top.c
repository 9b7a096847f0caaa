/* The first few of many: against all of them, sorted. */
#include "server/control/top.h"
#include "server/northbound/session_sort.h"

#include <criterion/criterion.h>
#include <stdlib.h>

#define MANY 2000
#define ROOM 64

struct thing {
    uint64_t rank;
    uint64_t place;
};

static struct thing things[MANY];
static struct thing kept[ROOM];
static struct top_entry entries[ROOM + 1];
static struct top top;

static int compare(const void *a, const void *b)
{
    const struct thing *one = a;
    const struct thing *other = b;
    if (one->rank != other->rank)
        return one->rank < other->rank ? -1 : 1;
    return one->place < other->place ? -1 : one->place > other->place;
}

static void offer(const struct thing *thing)
{
    uint32_t slot;
    if (top_offer(&top, thing->rank, thing->place, &slot)) {
        cr_assert_lt(slot, top.room);
        kept[slot] = *thing;
    }
}

/* Ranks below `spread`, each several times when that is small; places grow. */
static void offer_many(uint32_t room, uint64_t spread, unsigned seed)
{
    srand(seed);
    top_init(&top, entries, room);
    for (uint64_t i = 0; i < MANY; i++) {
        things[i] = (struct thing){.rank = (uint64_t)rand() % spread, .place = i};
        offer(&things[i]);
        cr_assert_eq(top.count, i < room ? i + 1 : room);
    }
    top_sort(&top);
    qsort(things, MANY, sizeof things[0], compare);
}

static void expect_the_first(uint32_t room)
{
    for (uint32_t i = 0; i < room; i++) {
        const struct thing *thing = &kept[top.entries[i].slot];
        cr_assert(thing->rank == things[i].rank && thing->place == things[i].place,
                  "%u of %u: rank %lu place %lu, not %lu %lu", i, room, (unsigned long)thing->rank,
                  (unsigned long)thing->place, (unsigned long)things[i].rank,
                  (unsigned long)things[i].place);
    }
}

Test(top, keeps_the_first_of_any_number_in_their_order)
{
    static const uint32_t rooms[] = {1, 2, 3, 7, 20, ROOM};
    static const uint64_t spreads[] = {1, 3, 50, 100000};
    for (size_t i = 0; i < sizeof rooms / sizeof rooms[0]; i++) {
        for (size_t k = 0; k < sizeof spreads / sizeof spreads[0]; k++) {
            offer_many(rooms[i], spreads[k], (unsigned)(i * 100 + k));
            expect_the_first(rooms[i]);
        }
    }
}

Test(top, writes_no_entry_past_its_room)
{
    entries[ROOM] = (struct top_entry){.rank = 4711, .place = 4712, .slot = 4713};
    offer_many(ROOM, 1000, 5);
    cr_expect(entries[ROOM].rank == 4711 && entries[ROOM].place == 4712 &&
              entries[ROOM].slot == 4713);
}

Test(top, has_an_end_as_soon_as_it_is_full_and_what_is_not_below_it_is_not_kept)
{
    uint32_t slot;
    top_init(&top, entries, 3);
    for (uint64_t rank = 30; rank > 0; rank -= 10) {
        cr_expect_eq(top_end(&top), UINT64_MAX);
        offer(&(struct thing){.rank = rank, .place = rank});
    }
    cr_expect_eq(top_end(&top), 30);
    cr_expect_not(top_offer(&top, 30, 31, &slot));
    cr_expect(top_offer(&top, 29, 31, &slot));
    cr_expect_eq(top_end(&top), 29);
}

Test(top, of_fewer_than_there_is_room_for_keeps_all)
{
    top_init(&top, entries, ROOM);
    for (uint64_t i = 0; i < 10; i++) {
        things[i] = (struct thing){.rank = 7 * i % 10, .place = i};
        offer(&things[i]);
    }
    top_sort(&top);
    qsort(things, 10, sizeof things[0], compare);
    cr_assert_eq(top.count, 10);
    expect_the_first(10);
}

/* ---- what sessions are ranked by ---- */

Test(session_sort, keys_have_the_names_of_members_and_minus_is_the_largest_first)
{
    struct session_sort order;
    cr_assert(session_sort_parse("pending_octets", &order));
    cr_expect(order.key == SESSION_KEY_PENDING_OCTETS && !order.is_descending);
    cr_assert(session_sort_parse("-pending_octets", &order));
    cr_expect(order.key == SESSION_KEY_PENDING_OCTETS && order.is_descending);
    cr_assert(session_sort_parse("-progress_age_s", &order));
    cr_expect(order.key == SESSION_KEY_PROGRESS_AGE && order.is_descending);
}

Test(session_sort, other_keys_are_refused_by_a_text_that_has_all)
{
    static const char *const bad[] = {"",
                                      "-",
                                      "--pending_octets",
                                      "+pending_octets",
                                      "pending_octets ",
                                      "pending_octet",
                                      "pending_octets,progress_age_s",
                                      "Pending_octets",
                                      "address"};
    struct session_sort order;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        cr_expect_not(session_sort_parse(bad[i], &order), "accepted: \"%s\"", bad[i]);
    cr_expect_str_eq(
        session_sort_explain(),
        "must be one of pending_octets, progress_age_s, with - before it for the largest first");
}

Test(session_sort, what_has_no_value_comes_last_either_way)
{
    static const uint64_t values[] = {0, 1, 5000000000, UINT64_MAX - 3};
    const uint32_t count = sizeof values / sizeof values[0];
    const struct session_sort up = {SESSION_KEY_PROGRESS_AGE, false};
    const struct session_sort down = {SESSION_KEY_PROGRESS_AGE, true};
    for (uint32_t i = 0; i + 1 < count; i++) {
        cr_expect_lt(session_sort_rank(&up, true, values[i]),
                     session_sort_rank(&up, true, values[i + 1]));
        cr_expect_gt(session_sort_rank(&down, true, values[i]),
                     session_sort_rank(&down, true, values[i + 1]));
    }
    cr_expect_lt(session_sort_rank(&up, true, UINT64_MAX), session_sort_rank(&up, false, 0));
    cr_expect_lt(session_sort_rank(&down, true, 0), session_sort_rank(&down, false, 0));
    cr_expect_lt(session_sort_rank(&up, false, 0), SESSION_RANK_END);
}
