/* The cache of replies by itself: what is found, what is not, and what goes when it is full. */
#include "core/requests/reply_cache.h"
#include "core/ted/recent.h"
#include "tests/lib/random.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#define KEYS 3000

static struct reply_cache *cache;

static void set_up(void)
{
    cache = reply_cache_create(0);
    cr_assert_not_null(cache);
}

static void tear_down(void)
{
    reply_cache_destroy(cache);
}

TestSuite(reply_cache, .init = set_up, .fini = tear_down);

static const struct reply_note note = {
    .source = 7, .destination = 9, .link_count = 3, .unmet = UNMET_BIT(UNMET_BANDWIDTH)};

/* Of the ground of this number, and of its first turn. */
static const struct ted_snapshot *snapshot_of(uint64_t ground)
{
    static struct ted_snapshot snapshot;
    snapshot.ground = ground;
    snapshot.turn = 0;
    return &snapshot;
}

static struct reply_key key_of(const uint8_t *octets, size_t size, uint32_t session)
{
    return (struct reply_key){{octets, size}, session, 0};
}

static void keep(const struct reply_key *key, uint64_t serial, uint8_t fill, size_t size)
{
    uint8_t response[REPLY_RESPONSE_MAX + 1];
    memset(response, fill, sizeof response);
    reply_cache_keep(cache, serial, key, &note, (struct wire_span){response, size});
}

/* The octet that the response is made of; -1 when the key is not known. */
static int find(const struct reply_key *key, uint64_t serial)
{
    const struct reply_entry *entry = reply_cache_find(cache, snapshot_of(serial), key);
    if (entry == NULL)
        return -1;
    struct wire_span response = reply_entry_response(entry);
    for (size_t i = 1; i < response.size; i++)
        cr_assert_eq(response.octets[i], response.octets[0]);
    cr_assert_eq(entry->note.source, note.source);
    cr_assert_eq(entry->note.destination, note.destination);
    cr_assert_eq(entry->note.link_count, note.link_count);
    cr_assert_eq(entry->note.unmet, note.unmet);
    return response.octets[0];
}

Test(reply_cache, what_was_kept_is_found_whatever_its_request_id)
{
    uint8_t octets[40] = {0};
    struct reply_key key = key_of(octets, sizeof octets, 5);
    cr_assert_eq(find(&key, 1), -1);
    keep(&key, 1, 42, 60);
    cr_assert_eq(find(&key, 1), 42);
    cr_assert_eq(reply_entry_response(reply_cache_find(cache, snapshot_of(1), &key)).size, 60);
    memset(octets + REPLY_ID_OFFSET, 0xab, REPLY_ID_SIZE);
    cr_assert_eq(find(&key, 1), 42);
}

Test(reply_cache, what_is_prefetched_is_what_is_found)
{
    uint8_t octets[40] = {0};
    struct reply_key key = key_of(octets, sizeof octets, 5);
    keep(&key, 1, 42, 60);
    cr_expect(reply_cache_prefetch_entry(cache, reply_cache_prefetch(cache, 1, &key)));
    struct reply_key other = key_of(octets, sizeof octets, 6);
    cr_expect_not(reply_cache_prefetch_entry(cache, reply_cache_prefetch(cache, 1, &other)));
    cr_expect_eq(reply_cache_prefetch(cache, 2, &key), 0, "of another topology");
    cr_expect_not(reply_cache_prefetch_entry(cache, 0));
    cr_expect_eq(find(&key, 1), 42, "nothing has changed");
}

Test(reply_cache, each_other_octet_makes_another_key)
{
    uint8_t octets[40] = {0};
    struct reply_key key = key_of(octets, sizeof octets, 5);
    keep(&key, 1, 42, 60);
    for (size_t i = 0; i < sizeof octets; i++) {
        bool is_id = i >= REPLY_ID_OFFSET && i < REPLY_ID_OFFSET + REPLY_ID_SIZE;
        octets[i] = 1;
        cr_expect_eq(find(&key, 1), is_id ? 42 : -1, "octet %zu", i);
        octets[i] = 0;
    }
    struct reply_key shorter = key_of(octets, sizeof octets - 1, 5);
    cr_expect_eq(find(&shorter, 1), -1);
    struct reply_key other = key_of(octets, sizeof octets, 6);
    cr_expect_eq(find(&other, 1), -1, "another kind of session");
}

Test(reply_cache, another_snapshot_finds_nothing_and_forgets_everything)
{
    uint8_t octets[40] = {0};
    struct reply_key key = key_of(octets, sizeof octets, 0);
    keep(&key, 1, 1, 60);
    cr_expect_eq(find(&key, 2), -1);
    octets[0] = 9;
    keep(&key, 2, 2, 60);
    cr_expect_eq(find(&key, 2), 2);
    octets[0] = 0;
    cr_expect_eq(find(&key, 2), -1);
    cr_expect_eq(find(&key, 1), -1, "what an older one left does not come back");
    keep(&key, 1, 3, 60);
    octets[0] = 9;
    cr_expect_eq(find(&key, 1), -1);
}

Test(reply_cache, sizes_at_the_bounds_are_kept_and_above_them_not)
{
    uint8_t octets[REPLY_KEY_MAX + 1] = {0};
    struct reply_key key = key_of(octets, REPLY_KEY_MAX, 0);
    keep(&key, 1, 1, REPLY_RESPONSE_MAX);
    cr_expect_eq(find(&key, 1), 1);
    key.objects.size++;
    keep(&key, 1, 2, 60);
    cr_expect_eq(find(&key, 1), -1);
    key = key_of(octets, REPLY_ID_OFFSET + REPLY_ID_SIZE, 0);
    keep(&key, 1, 3, REPLY_RESPONSE_MAX + 1);
    cr_expect_eq(find(&key, 1), -1);
    keep(&key, 1, 4, 1);
    cr_expect_eq(find(&key, 1), 4, "the smallest key");
}

Test(reply_cache, what_is_expected_is_found_as_ever)
{
    uint8_t octets[3][40] = {{0}, {0}, {0}};
    struct wire_span spans[3];
    for (int i = 0; i < 3; i++) {
        octets[i][20] = (uint8_t)i;
        spans[i] = (struct wire_span){octets[i], sizeof octets[i]};
        const struct reply_key key = {spans[i], 5, 0};
        keep(&key, 1, (uint8_t)i, 60);
    }
    reply_cache_prefetch_all(cache, 1, spans, 3, 5);
    for (int i = 0; i < 3; i++) {
        const struct reply_key key = {spans[i], 5, 0};
        cr_expect_eq(find(&key, 1), i);
    }
    reply_cache_prefetch_all(cache, 1, spans, 3, 5);
    for (int i = 3; i-- > 0;) { /* in another order */
        const struct reply_key key = {spans[i], 5, 0};
        cr_expect_eq(find(&key, 1), i);
    }
    reply_cache_prefetch_all(cache, 1, spans, 3, 5);
    octets[0][20] = 2; /* other octets in the same place */
    const struct reply_key changed = {spans[0], 5, 0};
    int found = find(&changed, 1);
    cr_expect(found == 2 || found == -1, "%d", found);
    reply_cache_prefetch_all(cache, 2, spans, 3, 5);
    cr_expect_eq(find(&changed, 2), -1);
}

static void number_key(uint8_t octets[40], uint32_t number)
{
    memset(octets, 0, 40);
    memcpy(octets + 20, &number, sizeof number);
}

Test(reply_cache, a_request_that_comes_often_outlasts_those_that_come_once)
{
    uint8_t octets[40];
    uint8_t often[40];
    number_key(often, UINT32_MAX);
    struct reply_key wanted = key_of(often, sizeof often, 0);
    struct reply_key key = key_of(octets, sizeof octets, 0);
    keep(&wanted, 1, 77, 100);
    number_key(octets, 0);
    keep(&key, 1, 1, 100);
    for (uint32_t i = 1; i < 20000; i++) {
        number_key(octets, i);
        keep(&key, 1, 1, 100);
        cr_assert_eq(find(&wanted, 1), 77, "after %u others", i);
    }
    number_key(octets, 0);
    cr_expect_eq(find(&key, 1), -1, "the others go");
}

Test(reply_cache, what_was_missed_is_remembered_until_much_else_was)
{
    uint8_t octets[40] = {0};
    struct reply_key key = key_of(octets, sizeof octets, 5), other = key;
    uint32_t known = 0;
    other.session = 6;
    number_key(octets, 0);
    cr_expect_not(reply_cache_was_missed(cache, &key));
    cr_expect(reply_cache_was_missed(cache, &key));
    cr_expect_not(reply_cache_was_missed(cache, &other), "another kind of session");
    octets[REPLY_ID_OFFSET] = 9;
    cr_expect(reply_cache_was_missed(cache, &key), "the request-ID is no part of it");
    for (uint32_t i = 1; i < 10000; i++) {
        number_key(octets, i);
        known += reply_cache_was_missed(cache, &key);
    }
    cr_expect_leq(known, 100, "%u of 10000 that were not asked", known);
    number_key(octets, 0);
    cr_expect_not(reply_cache_was_missed(cache, &key), "there is no room for all");
}

/* Rounds of the same requests, each kept again when it is not found: after the first round hardly
 * any is missing, at every size of the table on the way. */
Test(reply_cache, what_is_asked_in_rounds_stays_while_there_is_room)
{
    reply_cache_destroy(cache);
    cache = reply_cache_create(32u << 20);
    cr_assert_not_null(cache);
    for (uint32_t count = 1000; count <= 20000; count = count * 5 / 4) {
        uint32_t missing = 0;
        for (uint32_t i = 0; i < 2 * count; i++) {
            uint8_t octets[36] = {0};
            uint32_t number = i % count;
            memcpy(octets + 24, &number, sizeof number);
            struct reply_key key = key_of(octets, sizeof octets, 5);
            if (find(&key, count) == (int)(number & 0x7f))
                continue;
            missing += i >= count;
            keep(&key, count, (uint8_t)(number & 0x7f), 36);
        }
        cr_expect_leq(missing, count / 500, "%u of %u", missing, count);
    }
}

/* Against what was kept last: what is found is that, and most of what is recent is found. */
Test(reply_cache, what_is_found_is_what_was_kept_last)
{
    static uint8_t fills[KEYS];
    static uint64_t serials[KEYS];
    struct random random = test_random_init("reply cache", 11);
    uint64_t serial = 1;
    uint32_t found = 0;
    for (uint32_t step = 0; step < 200000; step++) {
        uint8_t octets[40];
        uint32_t number = (uint32_t)test_random_below(&random, KEYS);
        if (test_random_below(&random, 4) > 0)
            number %= 100;
        number_key(octets, number);
        struct reply_key key = key_of(octets, 30 + number % 10, number % 3);
        int fill = find(&key, serial);
        if (fill >= 0) {
            cr_assert_eq(fill, fills[number]);
            cr_assert_eq(serials[number], serial);
            found++;
            continue;
        }
        fills[number] = (uint8_t)random_u64(&random);
        serials[number] = serial;
        keep(&key, serial, fills[number], 1 + test_random_below(&random, 300));
        cr_assert_eq(find(&key, serial), fills[number]);
        if (test_random_below(&random, 20000) == 0)
            serial++;
    }
    cr_expect_gt(found, 100000, "%u of 200000", found);
}

Test(reply_cache, what_depends_on_what_lsps_hold_is_found_on_that_state_of_the_account_alone)
{
    uint8_t octets[40] = {0};
    struct reply_note of_account = note;
    of_account.is_of_account = true;
    const uint8_t response[13] = {42};
    struct reply_key key = key_of(octets, sizeof octets, 5), later = key;
    key.account = 7;
    later.account = 8;
    reply_cache_keep(cache, 1, &key, &of_account, (struct wire_span){response, sizeof response});
    cr_expect_not_null(reply_cache_find(cache, snapshot_of(1), &key));
    cr_expect_null(reply_cache_find(cache, snapshot_of(1), &later));
    cr_expect_null(reply_cache_find(cache, snapshot_of(1), &key), "a state does not come again");
    reply_cache_keep(cache, 1, &later, &of_account, (struct wire_span){response, sizeof response});
    const struct reply_entry *entry = reply_cache_find(cache, snapshot_of(1), &later);
    cr_assert_not_null(entry);
    cr_expect_eq(reply_entry_response(entry).size, sizeof response);
    cr_expect_eq(reply_entry_response(entry).octets[0], 42);
}

Test(reply_cache, what_does_not_is_found_on_any)
{
    uint8_t octets[40] = {0};
    struct reply_key key = key_of(octets, sizeof octets, 5);
    keep(&key, 1, 42, 60);
    key.account = 9;
    cr_expect_eq(find(&key, 1), 42);
}

Test(reply_cache, forgets_what_a_change_may_have_touched_and_keeps_the_rest)
{
    static struct ted_recent recent;
    const uint8_t octets[2][20] = {{0}, {1}};
    const uint8_t response[20] = {0};
    struct ted_snapshot later = {.ground = 1, .turn = 1, .recent = &recent};
    recent.count = 1;
    recent.changes[0] = (struct ted_recent_change){.turn = 1, .reads = TED_READS_ROOM};
    for (unsigned i = 0; i < 2; i++) {
        const struct reply_key key = key_of(octets[i], sizeof octets[i], 5);
        struct reply_note of_link = note;
        of_link.scope.cost = UINT32_MAX;
        of_link.scope.reads = i == 0 ? TED_READS_WAY : TED_READS_WAY | TED_READS_ROOM;
        reply_cache_keep(cache, 1, &key, &of_link, (struct wire_span){response, sizeof response});
        cr_expect_not_null(reply_cache_find(cache, snapshot_of(1), &key));
    }
    const struct reply_key blind = key_of(octets[0], sizeof octets[0], 5);
    const struct reply_key reader = key_of(octets[1], sizeof octets[1], 5);
    const struct reply_entry *entry = reply_cache_find(cache, &later, &blind);
    cr_assert_not_null(entry);
    cr_expect_eq(entry->note.scope.turn, 1);
    cr_expect_null(reply_cache_find(cache, &later, &reader));
    cr_expect_null(reply_cache_find(cache, snapshot_of(1), &reader), "it is gone");
    later.turn = 9; /* more has changed than is remembered */
    recent.since = 8;
    cr_expect_null(reply_cache_find(cache, &later, &blind));
}
