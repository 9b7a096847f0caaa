#include "server/pcectl/capture/filter.h"
#include "server/pcectl/capture/stats.h"
#include "server/pcectl/decode/decode_text.h"

#include <criterion/criterion.h>
#include <stdio.h>

static struct capture_endpoint end_of(const char *address, uint16_t port)
{
    struct capture_endpoint end = {.port = port};
    cr_assert(ip_parse(address, &end.address));
    return end;
}

static bool has(const char *peer, const char *address, uint16_t port)
{
    struct filter filter = {.peer_count = 0};
    cr_assert_eq(filter_add_peer(&filter, peer), PCE_OK, "%s", peer);
    struct capture_endpoint one = end_of(address, port);
    struct capture_endpoint other = end_of("203.0.113.77", 65000);
    bool found = filter_has_peer(&filter, &one, &other);
    cr_expect_eq(filter_has_peer(&filter, &other, &one), found, "either end counts");
    return found;
}

Test(capture_filter, peer_is_an_address_a_port_of_it_or_a_prefix)
{
    cr_expect(has("192.0.2.1", "192.0.2.1", 5));
    cr_expect_not(has("192.0.2.1", "192.0.2.2", 5));
    cr_expect(has("192.0.2.1:5", "192.0.2.1", 5));
    cr_expect_not(has("192.0.2.1:5", "192.0.2.1", 6));
    cr_expect(has("192.0.2.0/25", "192.0.2.127", 6));
    cr_expect_not(has("192.0.2.0/25", "192.0.2.128", 6));
    cr_expect(has("192.0.2.1/32", "192.0.2.1", 6));
    cr_expect(has("0.0.0.0/0", "192.0.2.1", 6));
    cr_expect(has("2001:db8::1", "2001:db8::1", 6));
    cr_expect(has("[2001:db8::1]:6", "2001:db8::1", 6));
    cr_expect_not(has("[2001:db8::1]:6", "2001:db8::1", 7));
    cr_expect(has("2001:db8::/33", "2001:db8:7fff::1", 7));
    cr_expect_not(has("2001:db8::/33", "2001:db8:8000::1", 7));
    cr_expect(has("2001:db8::1:6", "2001:db8::1:6", 1));
    cr_expect_not(has("::/0", "192.0.2.1", 6));
    cr_expect(has("192.0.2.1:5", "192.0.2.1", 0), "a fragment has no port");
}

Test(capture_filter, text_that_is_no_peer_is_refused)
{
    static const char texts[][28] = {
        "",
        "x",
        "192.0.2",
        "192.0.2.1:",
        "192.0.2.1:0",
        "192.0.2.1:x",
        "192.0.2.1:65536",
        "192.0.2.1/33",
        "192.0.2.1/",
        "192.0.2.1/-1",
        "192.0.2.1/8x",
        "[2001:db8::1]",
        "[2001:db8::1]6",
        "[2001:db8::1]:",
        "[::1",
        "2001:db8::/129",
        "/8",
        ":4189",
        "[]:4189",
    };
    struct filter filter = {.peer_count = 0};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        cr_expect_eq(filter_add_peer(&filter, texts[i]), PCE_INVALID, "%s", texts[i]);
    cr_expect_eq(filter.peer_count, 0);
}

Test(capture_filter, peers_have_a_limit)
{
    struct filter filter = {.peer_count = 0};
    for (unsigned i = 0; i < FILTER_PEERS_MAX; i++)
        cr_expect_eq(filter_add_peer(&filter, "192.0.2.1"), PCE_OK);
    cr_expect_eq(filter_add_peer(&filter, "192.0.2.1"), PCE_LIMIT);
}

Test(capture_filter, types_are_names_or_numbers)
{
    struct filter filter = {.peer_count = 0};
    const char *unknown = NULL;
    cr_expect(filter_has_type(&filter, false, 3) && filter_has_type(&filter, true, 200));
    cr_expect_eq(filter_add_types(&filter, "pcreq,PCRep", &unknown), PCE_OK);
    cr_expect_eq(filter_add_types(&filter, "200", &unknown), PCE_OK);
    for (unsigned type = 0; type < 256; type++)
        cr_expect_eq(filter_has_type(&filter, false, (uint8_t)type),
                     type == 3 || type == 4 || type == 200);
}

Test(capture_filter, a_name_is_of_the_protocols_that_have_it_and_a_number_of_both)
{
    struct filter filter = {.peer_count = 0};
    const char *unknown = NULL;
    cr_expect_eq(filter_add_types(&filter, "update,open,PCReq,5", &unknown), PCE_OK);
    for (unsigned type = 0; type < 256; type++) {
        cr_expect_eq(filter_has_type(&filter, true, (uint8_t)type),
                     type == 1 || type == 2 || type == 5, "BGP %u", type);
        cr_expect_eq(filter_has_type(&filter, false, (uint8_t)type),
                     type == 1 || type == 3 || type == 5, "PCEP %u", type);
    }
}

Test(capture_filter, unknown_type_is_named)
{
    static const char texts[][16] = {"", "Open,", "Open,X,Close", "256", "-1", "PCReqs", "PC"};
    static const char unknown_words[][16] = {"", "", "X,Close", "256", "-1", "PCReqs", "PC"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct filter filter = {.peer_count = 0};
        const char *unknown = "none";
        cr_expect_eq(filter_add_types(&filter, texts[i], &unknown), PCE_INVALID);
        cr_expect_str_eq(unknown, unknown_words[i]);
    }
}

/* ---- texts ---- */

Test(capture_text, times)
{
    static const struct {
        struct capture_time time;
        char text[48];
    } rows[] = {
        {{0, 0, true}, "1970-01-01T00:00:00.000000000Z"},
        {{1700000000, 123456789, true}, "2023-11-14T22:13:20.123456789Z"},
        {{-1, 5, true}, "1969-12-31T23:59:59.000000005Z"},
        {{253402300799, 0, true}, "9999-12-31T23:59:59.000000000Z"},
        {{253402300800, 0, true}, "@253402300800.000000000"},
        {{INT64_MIN, 0, true}, "@-9223372036854775808.000000000"},
        {{5, 5, false}, "-"},
    };
    char text[DECODE_TIME_SIZE];
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        cr_expect_str_eq(decode_time(&rows[i].time, text), rows[i].text);
}

Test(capture_text, ends_and_the_line_before_a_message)
{
    struct capture_event event = {.kind = CAPTURE_MESSAGE,
                                  .direction = CAPTURE_TO_SERVER,
                                  .stamp = {.time = {.s = 0, .is_known = true}, .packet = 7},
                                  .session = 2,
                                  .from = end_of("192.0.2.1", 40000),
                                  .to = end_of("2001:db8::1", 4189)};
    char line[DECODE_LINE_SIZE];
    decode_head_text(&event, line);
    cr_expect_str_eq(line, "1970-01-01T00:00:00.000000000Z 192.0.2.1:40000 > [2001:db8::1]:4189 "
                           "to-server session 2 packet 7");
    event.session = 0;
    event.from.port = event.to.port = 0;
    decode_head_text(&event, line);
    cr_expect_str_eq(line, "1970-01-01T00:00:00.000000000Z 192.0.2.1 > 2001:db8::1 packet 7");
}

/* ---- counters ---- */

Test(capture_stats, sessions_past_the_limit_are_in_the_total)
{
    struct stats stats;
    struct capture_endpoint ends[2] = {end_of("192.0.2.1", 4189), end_of("192.0.2.2", 5)};
    stats_init(&stats);
    for (uint32_t i = 0; i < STATS_SESSIONS_MAX; i++)
        cr_assert_not_null(stats_begin(&stats, i, ends));
    cr_expect_null(stats_begin(&stats, STATS_SESSIONS_MAX, ends));
    struct capture_event gap = {.kind = CAPTURE_GAP, .size = 5, .from = ends[0], .to = ends[1]};
    cr_expect_not(stats_has_faults(&stats));
    stats_count(&stats, &gap, false);
    cr_expect(stats_has_faults(&stats));
    cr_expect_eq(stats.total.missing, 5);
    cr_expect_eq(stats.session_count, STATS_SESSIONS_MAX + 1);
    stats_fini(&stats);
}

Test(capture_stats, what_is_no_fault_does_not_count_as_one)
{
    struct stats stats;
    stats_init(&stats);
    for (unsigned kind = 0; kind < CAPTURE_KINDS; kind++) {
        uint8_t message[4] = {0x20, 2, 0, 4};
        struct capture_event event = {.kind = (enum capture_event_kind)kind,
                                      .octets = {message, sizeof message}};
        bool was = stats_has_faults(&stats);
        if (capture_event_is_fault(event.kind))
            continue;
        stats_count(&stats, &event, false);
        cr_expect_eq(stats_has_faults(&stats), was);
    }
    cr_expect_eq(stats_messages(&stats.total), 1);
    cr_expect_not(stats_has_faults(&stats));
    stats_fini(&stats);
}
