/* Which address pcectl request comes from when the PCE has a session with its own. */
#include "server/pcectl/request/request_source.h"

#include <criterion/criterion.h>
#include <string.h>

static const struct ip nobody = {.family = IP_NONE};
static const struct request_attempt second = {.status = PCE_DENIED, .error_type = 9};
static struct client_options server;
static struct request_sources sources;
static uint32_t pause_ms;

static struct ip ip_of(const char *text)
{
    struct ip ip;
    cr_assert(ip_parse(text, &ip));
    return ip;
}

static void begin(const char *to, const char *from, uint32_t pid)
{
    server = (struct client_options){.to = ip_of(to), .from = from == NULL ? nobody : ip_of(from)};
    request_sources_init(&sources, &server.from, pid);
}

/* As the caller does: the next attempt comes from there. */
static bool go_on(const struct request_attempt *attempt)
{
    struct ip from;
    bool is_next = request_sources_next(&sources, &server, attempt, &from, &pause_ms);
    server.from = from;
    return is_next;
}

static const char *explain(void)
{
    static char text[FAILURE_TEXT_SIZE];
    const struct request_plan plan = {.server = server, .timeout_ms = 2500};
    request_sources_explain(&sources, &plan, text, sizeof text);
    cr_expect_null(strchr(text, '\n'));
    return text;
}

Test(request_source, another_loopback_address_is_taken_at_once)
{
    const struct ip net = ip_of("127.64.0.0");
    begin("127.0.0.1", NULL, 4711);
    for (uint32_t i = 0; i < REQUEST_SOURCES_MAX; i++) {
        struct ip before = server.from;
        cr_assert(go_on(&second));
        cr_expect_eq(pause_ms, 0);
        cr_expect(ip_is_within(&server.from, &net, REQUEST_SOURCE_PREFIX));
        cr_expect_not(before.family == IP_V4 && ip_is_equal(&before, &server.from));
    }
    struct ip last = server.from;
    cr_assert(go_on(&second));
    cr_expect_gt(pause_ms, 0, "as many as are tried; then time is what helps");
    cr_expect(ip_is_equal(&last, &server.from));
}

Test(request_source, processes_of_one_machine_begin_at_different_addresses)
{
    enum { PIDS = 1 << 22 }; /* as many as Linux has */
    static uint8_t seen[PIDS / 8];
    for (uint32_t pid = 0; pid < PIDS; pid++) {
        begin("127.0.0.1", NULL, pid);
        (void)go_on(&second);
        uint32_t number = ((uint32_t)(server.from.octets[1] & 0x3f) << 16) |
                          ((uint32_t)server.from.octets[2] << 8) | server.from.octets[3];
        cr_assert_eq(seen[number / 8] >> number % 8 & 1, 0, "process %u", pid);
        seen[number / 8] = (uint8_t)(seen[number / 8] | 1U << number % 8);
    }
}

Test(request_source, where_there_is_no_other_address_the_same_is_tried_again_with_pauses)
{
    static const char *const ends[][3] = {
        {"127.0.0.1", "127.0.0.9", "127.0.0.9 already"},
        {"192.0.2.1", NULL, "another address of this host with --source"},
        {"::1", NULL, "ask it at 127.0.0.1"},
    };
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        uint32_t min_ms = 1;
        begin(ends[i][0], ends[i][1], 77);
        struct ip from = server.from;
        for (unsigned turn = 0; turn < 20; turn++) {
            cr_assert(go_on(&second));
            cr_expect_geq(pause_ms, min_ms);
            cr_expect_lt(pause_ms, 2 * REQUEST_PAUSE_MAX_MS);
            cr_expect_eq(from.family, server.from.family);
            cr_expect(from.family == IP_NONE || ip_is_equal(&from, &server.from));
            min_ms = 2 * min_ms > REQUEST_PAUSE_MAX_MS ? REQUEST_PAUSE_MAX_MS : 2 * min_ms;
        }
        cr_expect(sources.is_second);
        cr_expect_not_null(strstr(explain(), ends[i][2]), "%s", explain());
        cr_expect_not_null(strstr(explain(), "2.5 s (PCErr 9)"), "%s", explain());
    }
}

Test(request_source, an_address_that_is_not_admitted_is_given_up_for_the_own_one)
{
    const struct request_attempt reset = {.status = PCE_RESET};
    begin("127.0.0.1", NULL, 1);
    cr_assert(go_on(&second));
    cr_assert(go_on(&reset));
    cr_expect_eq(server.from.family, IP_NONE);
    cr_expect_gt(pause_ms, 0);
    cr_assert(go_on(&second));
    cr_expect_eq(server.from.family, IP_NONE, "no other one is tried any more");
    cr_expect_not_null(strstr(explain(), "access list admits: from 127."), "%s", explain());
    cr_expect_not(go_on(&reset), "the own one was rejected: that is another matter");
    cr_expect_not(sources.is_second);
}

Test(request_source, what_is_no_second_session_ends_it)
{
    static const struct request_attempt others[] = {{.status = PCE_DENIED, .error_type = 1},
                                                    {.status = PCE_RESET},
                                                    {.status = PCE_CLOSED, .has_open = true},
                                                    {.status = PCE_TIMEOUT}};
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        begin("127.0.0.1", NULL, 1);
        cr_expect_not(go_on(&others[i]));
        cr_expect_not(sources.is_second);
    }
}

Test(request_source, an_attempt_that_the_deadline_cuts_off_leaves_the_reason)
{
    const struct request_attempt late = {.status = PCE_TIMEOUT};
    begin("192.0.2.1", NULL, 1);
    cr_assert(go_on(&second));
    cr_expect_not(go_on(&late));
    cr_expect(sources.is_second);
}
