/* What a request to the API must be like, and which client has to go when places are few. */
#include "server/config/endpoint.h"
#include "server/control/http_check.h"
#include "server/control/http_clients.h"

#include <criterion/criterion.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define PLACES (HTTP_CLIENTS_MAX + HTTP_CLIENTS_SPARE)

Test(http_check, a_target_with_a_nul_or_a_broken_escape_is_refused)
{
    static const char *const good[] = {"/metrics", "/api/v1/sessions?peer=2001:db8::%2F32", "*",
                                       "/%01%7f%ff"};
    static const char *const bad[] = {"",     "/metrics%00", "/%",        "/%4",   "/%g0",
                                      "/a b", "/x?y=%00",    "/\x80\xff", "/\x01", "/%0"};
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
        cr_expect_eq(http_check_target(good[i]).status, 0, "refused: %s", good[i]);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        cr_expect_eq(http_check_target(bad[i]).status, 400, "taken: %s", bad[i]);
    cr_expect_eq(http_check_target(NULL).status, 400);
}

struct head_row {
    struct http_head head;
    unsigned status;
};

Test(http_check, the_name_of_a_header_is_a_token)
{
    static const char *const good[] = {"Host", "x", "Sec-Fetch-Site", "!#$%&'*+-.^_`|~9"};
    static const char *const bad[] = {
        "",     "Content-Length ", "Content-Length\t", " Host", "a b", "a\"", "a(", "\xc3\xbc",
        "a\x7f"};
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
        cr_expect(http_is_name(good[i]), "refused: %s", good[i]);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        cr_expect_not(http_is_name(bad[i]), "taken: %s", bad[i]);
}

Test(http_check, a_head_that_can_be_read_in_two_ways_is_refused)
{
    static const struct head_row rows[] = {
        {{"HTTP/1.1", false, 1, 0, 0, "x", NULL}, 0},
        {{"HTTP/1.1", false, 1, 1, 0, "x", NULL}, 0},
        {{"HTTP/1.1", false, 1, 0, 1, "x", "chunked"}, 0},
        {{"HTTP/1.1", false, 1, 0, 1, "x", "CHUNKED"}, 0},
        {{"HTTP/1.0", false, 0, 0, 0, NULL, NULL}, 0},
        {{"HTTP/1.1", false, 0, 0, 0, NULL, NULL}, 400},
        {{"HTTP/1.2", false, 0, 0, 0, NULL, NULL}, 400},
        {{"HTTP/1.1", false, 2, 0, 0, "x", NULL}, 400},
        {{"HTTP/1.0", false, 2, 0, 0, "x", NULL}, 400},
        {{"HTTP/1.1", false, 1, 2, 0, "x", NULL}, 400},
        {{"HTTP/1.1", false, 1, 1, 1, "x", "chunked"}, 400},
        {{"HTTP/1.1", false, 1, 0, 2, "x", "chunked"}, 400},
        {{"HTTP/1.0", false, 1, 0, 1, "x", "chunked"}, 400},
        {{"HTTP/1.1", false, 1, 0, 1, "x", "gzip"}, 501},
        {{"HTTP/1.1", true, 1, 0, 0, "x", NULL}, 400},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        cr_expect_eq(http_check_head(&rows[i].head).status, rows[i].status, "row %zu", i);
}

Test(http_check, only_addresses_localhost_and_listed_names_are_ours)
{
    static const char *const ours[] = {
        "127.0.0.1",      "192.0.2.1:80", "[::1]",           "[2001:db8::1]:1",    "localhost",
        "LocalHost:8080", "localhost.",   "pce.example.net", "PCE.example.net:80", "pce2"};
    static const char *const others[] = {
        "",         ":80",         "evil.example", "localhost.evil",
        "::1",      "[::1",        "[127.0.0.1]",  "[localhost]",
        "pce",      "example.net", "127.0.0.1x",   "1.2.3",
        "pce2:80x", "pce2:80:80",  "pce2 pce2",    "."};
    static const char names[] = " pce.example.net  pce2 ";
    for (size_t i = 0; i < sizeof ours / sizeof ours[0]; i++)
        cr_expect(http_host_is_known(ours[i], names), "refused: %s", ours[i]);
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        cr_expect_not(http_host_is_known(others[i], names), "taken: %s", others[i]);
    cr_expect_not(http_host_is_known("pce2", ""));
    cr_expect(host_names_are_good(names));
    cr_expect_not(host_names_are_good("pce, pce2"));
    cr_expect_not(host_names_are_good("pce:80"));
}

/* ---- clients ---- */

static struct http_counters counters;
static struct http_clients clients;
static int ends[PLACES + 1][2]; /* ours, the client's */
static unsigned opened;

static void setup(void)
{
    memset(&counters, 0, sizeof counters);
    opened = 0;
    http_clients_init(&clients, &counters);
}

static void teardown(void)
{
    for (unsigned i = 0; i < opened; i++) {
        (void)close(ends[i][0]);
        (void)close(ends[i][1]);
    }
}

TestSuite(http_clients, .init = setup, .fini = teardown);

static struct mono at(uint64_t s)
{
    return mono_add_s((struct mono){1}, s);
}

static struct ip host(uint32_t number)
{
    return ip_from_u32(0x0a000000u + number);
}

/* NULL: there was no place. */
static struct http_client *connect_client(struct ip address, uint64_t s)
{
    if (!http_clients_make_room(&clients, &address))
        return NULL;
    cr_assert_lt(opened, PLACES + 1);
    cr_assert_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, ends[opened]), 0);
    return http_clients_add(&clients, ends[opened++][0], &address, at(s));
}

/* What the client of that number was told before its end; false when it has not ended. */
static bool has_ended(unsigned number, char text[512])
{
    ssize_t size = recv(ends[number][1], text, 511, MSG_DONTWAIT);
    if (size < 0)
        return false;
    text[size] = '\0';
    return size == 0 || recv(ends[number][1], text + size, 1, MSG_DONTWAIT) == 0;
}

Test(http_clients, a_request_that_drips_ends_at_its_deadline)
{
    char text[512];
    struct http_client *client = connect_client(host(1), 0);
    http_clients_on_time(&clients, at(HTTP_REQUEST_S - 1));
    cr_expect_not(has_ended(0, text));
    http_clients_on_time(&clients, at(HTTP_REQUEST_S));
    cr_assert(has_ended(0, text));
    cr_expect_not_null(strstr(text, "HTTP/1.1 408"));
    cr_expect_not_null(strstr(text, "{\"error\":{\"status\":408"));
    cr_expect_eq(counters.http_slow_requests, 1);
    /* Steps that the library still tells of do not bring it back. */
    http_client_owes(client, at(HTTP_REQUEST_S));
    cr_expect_eq(client->phase, HTTP_CLIENT_ENDS);
    http_clients_remove(client);
    cr_expect_eq(client->phase, HTTP_CLIENT_NONE);
}

Test(http_clients, an_answer_that_is_not_taken_ends_at_its_deadline)
{
    char text[512];
    struct http_client *client = connect_client(host(1), 0);
    http_client_asks(client);
    http_clients_on_time(&clients, at(1000));
    cr_expect_not(has_ended(0, text), "whoever waits for us has a deadline elsewhere");
    http_client_takes(client, at(1000));
    http_clients_on_time(&clients, at(1000 + HTTP_ANSWER_S - 1));
    cr_expect_not(has_ended(0, text));
    http_clients_on_time(&clients, at(1000 + HTTP_ANSWER_S));
    cr_assert(has_ended(0, text));
    cr_expect_str_eq(text, "", "an answer is under way: no word may stand in it");
    cr_expect_eq(counters.http_slow_answers, 1);
}

Test(http_clients, between_two_requests_a_client_may_rest)
{
    char text[512];
    struct http_client *client = connect_client(host(1), 0);
    http_client_asks(client);
    http_client_takes(client, at(5));
    http_client_owes(client, at(5));
    http_clients_on_time(&clients, at(5 + HTTP_IDLE_S - 1));
    cr_expect_not(has_ended(0, text));
    http_clients_on_time(&clients, at(5 + HTTP_IDLE_S));
    cr_assert(has_ended(0, text));
    cr_expect_str_eq(text, "");
}

Test(http_clients, one_address_has_a_part_of_the_places)
{
    char text[512];
    for (unsigned i = 0; i < HTTP_CLIENTS_PER_ADDRESS; i++)
        cr_assert_not_null(connect_client(host(1), i));
    cr_expect_eq(counters.http_gave_way, 0, "at the limit nobody has to go");
    cr_assert_not_null(connect_client(host(1), 100));
    cr_expect_eq(counters.http_gave_way, 1);
    cr_expect(has_ended(0, text), "the one that has owed its request for the longest goes");
    cr_expect_not_null(strstr(text, "HTTP/1.1 503"));
    cr_expect_not(has_ended(1, text));
    cr_assert_not_null(connect_client(host(2), 100));
    cr_expect_eq(counters.http_gave_way, 1, "another address has places of its own");
}

Test(http_clients, an_address_whose_clients_are_all_served_has_no_more_places)
{
    for (unsigned i = 0; i < HTTP_CLIENTS_PER_ADDRESS; i++)
        http_client_asks(connect_client(host(1), i));
    cr_expect_null(connect_client(host(1), 100));
    cr_expect_eq(counters.http_refused, 1);
    cr_expect_not_null(connect_client(host(2), 100));
}

Test(http_clients, a_subnet_of_ipv6_is_one_address)
{
    uint8_t octets[16] = {0x20, 0x01, 0x0d, 0xb8};
    for (unsigned i = 0; i <= HTTP_CLIENTS_PER_ADDRESS; i++) {
        octets[15] = (uint8_t)i;
        cr_assert_not_null(connect_client(ip_from_v6(octets), i));
    }
    cr_expect_eq(counters.http_gave_way, 1);
    octets[7] = 1;
    cr_assert_not_null(connect_client(ip_from_v6(octets), 100));
    cr_expect_eq(counters.http_gave_way, 1);
}

Test(http_clients, when_all_places_are_taken_the_address_with_most_gives_way)
{
    char text[512];
    cr_assert_not_null(connect_client(host(9000), 0)); /* the oldest, alone */
    for (unsigned i = 1; i < HTTP_CLIENTS_MAX; i++)
        cr_assert_not_null(connect_client(host(i < 3 ? 1 : i), i));
    cr_expect_eq(counters.http_gave_way, 0);
    cr_assert_not_null(connect_client(host(9001), 1000));
    cr_expect_eq(counters.http_gave_way, 1);
    cr_expect_not(has_ended(0, text));
    cr_expect(has_ended(1, text));
    cr_assert_not_null(connect_client(host(9002), 1001));
    cr_expect(has_ended(0, text), "all have one: the oldest goes");
}

Test(http_clients, a_few_places_are_kept_when_all_are_served_and_then_none_is_left)
{
    for (unsigned i = 0; i < HTTP_CLIENTS_MAX; i++) {
        struct http_client *client = connect_client(host(i), i);
        cr_assert_not_null(client);
        cr_expect_not(client->is_spare);
        http_client_asks(client);
    }
    for (unsigned i = 0; i < HTTP_CLIENTS_SPARE; i++) {
        struct http_client *client = connect_client(host(1000 + i), 100);
        cr_assert_not_null(client);
        cr_expect(client->is_spare);
        http_client_asks(client);
    }
    cr_expect_eq(counters.http_gave_way, 0);
    cr_expect_null(connect_client(host(2000), 100));
    cr_expect_eq(counters.http_refused, 1);
}

Test(http_clients, one_more_than_the_library_should_take_is_refused)
{
    const struct ip local = {.family = IP_NONE};
    for (unsigned i = 0; i < PLACES; i++)
        cr_assert_not_null(http_clients_add(&clients, -1, &local, at(i)));
    cr_expect_null(http_clients_add(&clients, -1, &local, at(100)));
    cr_expect_eq(counters.http_refused, 1);
    http_clients_remove(&clients.places[3]);
    cr_expect_not_null(http_clients_add(&clients, -1, &local, at(100)));
}

Test(http_clients, clients_of_the_unix_socket_share_all_of_its_places)
{
    const struct ip local = {.family = IP_NONE};
    for (unsigned i = 0; i < HTTP_CLIENTS_MAX; i++)
        cr_assert_not_null(connect_client(local, i));
    cr_expect_eq(counters.http_gave_way, 0);
    cr_assert_not_null(connect_client(local, 100));
    cr_expect_eq(counters.http_gave_way, 1);
}
