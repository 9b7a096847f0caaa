/* What of the API needs no server: names, endpoints, routing, refusals. */
#include "server/config/endpoint.h"
#include "server/control/session_json.h"

#include <criterion/criterion.h>
#include <string.h>

Test(endpoint, address_and_port_or_port_alone)
{
    struct ip ip;
    char text[IP_TEXT_SIZE];
    uint16_t port;
    cr_assert(endpoint_parse("192.0.2.1:80", &ip, &port));
    cr_expect_str_eq(ip_format(&ip, text), "192.0.2.1");
    cr_expect_eq(port, 80);
    cr_assert(endpoint_parse("[2001:db8::1]:65535", &ip, &port));
    cr_expect_str_eq(ip_format(&ip, text), "2001:db8::1");
    cr_expect_eq(port, 65535);
    cr_assert(endpoint_parse("8080", &ip, &port));
    cr_expect_str_eq(ip_format(&ip, text), "127.0.0.1");
    cr_expect_eq(port, 8080);
}

Test(endpoint, what_is_none_is_refused)
{
    static const char *const bad[] = {
        "",           ":",           ":80",
        "0",          "65536",       "80x",
        "192.0.2.1",  "1.2.3.4:",    "1.2.3.4:0",
        "x:80",       "::1:80",      "[::1]",
        "[::1]80",    "[::1:80",     "[1.2.3.4]:80",
        "::1]:80",    "1.2.3.4:080", "[]:80",
        "1.2.3.4:-1", "[::1]:",      "[",
        "]:80",       "[:80",        "1.2.3.4:99999",
        "[::1]:80:",  "1.2.3:80x",
    };
    struct ip ip;
    uint16_t port;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        cr_expect_not(endpoint_parse(bad[i], &ip, &port), "accepted: \"%s\"", bad[i]);
}

Test(session_id, every_id_is_read_back)
{
    static const struct conn_handle ids[] = {
        {0, 0, 1}, {1, 17, 3}, {255, UINT32_MAX, UINT32_MAX}, {9, 0, 0}};
    for (size_t i = 0; i < sizeof ids / sizeof ids[0]; i++) {
        char text[SESSION_ID_SIZE];
        struct conn_handle id;
        session_id_format(&ids[i], text);
        cr_assert(session_id_parse(text, &id), "%s", text);
        cr_expect(id.shard == ids[i].shard && id.index == ids[i].index &&
                  id.generation == ids[i].generation);
    }
}

Test(session_id, what_is_none_is_refused)
{
    static const char *const bad[] = {"",        "1",      "1-2",  "1-2-",           "-1-2-3",
                                      "1-2-3-4", "1-2-3x", "1--3", "1-2-4294967296", "1-02-3",
                                      "a-b-c",   "1.2.3"};
    struct conn_handle id;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        cr_expect_not(session_id_parse(bad[i], &id), "accepted: \"%s\"", bad[i]);
}

static struct session_view example(void)
{
    static const uint8_t address[4] = {192, 0, 2, 1};
    return (struct session_view){
        .id = {1, 2, 3},
        .address = ip_from_v4(address),
        .local_address = ip_from_v4(address),
        .state = SESSION_UP,
        .wait_ns = UINT64_MAX,
        .keepalive_ns = 1500 * MONO_NS_PER_MS,
        .dead_ns = UINT64_MAX,
        .pending_octets = UINT64_C(5000000000),
        .peer = {.psts = 0x2, .has_pst_list = true},
    };
}

Test(session_json, says_null_where_nothing_runs)
{
    struct session_view view = example();
    json_t *json = session_json_detail(&view);
    cr_assert_not_null(json);
    const json_t *timers = json_object_get(json, "timers");
    cr_expect(json_is_null(json_object_get(timers, "wait_s")));
    cr_expect(json_is_null(json_object_get(timers, "dead_timer_s")));
    cr_expect_float_eq(json_real_value(json_object_get(timers, "keepalive_s")), 1.5, 1e-9);
    cr_expect(json_is_null(json_object_get(json, "progress_age_s")));
    cr_expect(json_is_null(json_object_get(json, "last_error")));
    cr_expect(json_is_null(json_object_get(json_object_get(json, "negotiated"), "send_hold_s")));
    cr_expect_eq(json_integer_value(json_object_get(json, "pending_octets")), INT64_C(5000000000));
    json_decref(json);
}

Test(session_json, lists_the_path_setup_types_of_the_peer)
{
    struct session_view view = example();
    json_t *json = session_json_detail(&view);
    const json_t *types = json_object_get(json_object_get(json, "peer_open"), "path_setup_types");
    cr_assert_eq(json_array_size(types), 1);
    cr_expect_eq(json_integer_value(json_array_get(types, 0)), 1);
    json_decref(json);
    view.peer.has_pst_list = false;
    json = session_json_detail(&view);
    types = json_object_get(json_object_get(json, "peer_open"), "path_setup_types");
    cr_assert_eq(json_array_size(types), 1);
    cr_expect_eq(json_integer_value(json_array_get(types, 0)), 0);
    json_decref(json);
    view.state = SESSION_OPEN_WAIT;
    json = session_json_detail(&view);
    cr_expect(json_is_null(json_object_get(json, "peer_open")));
    json_decref(json);
}

Test(session_json, tells_the_last_error_and_whose_it_was)
{
    struct session_view view = example();
    view.error_type = 6;
    view.error_value = 3;
    view.is_error_ours = true;
    json_t *json = session_json_detail(&view);
    const json_t *error = json_object_get(json, "last_error");
    cr_expect_str_eq(json_string_value(json_object_get(error, "by")), "us");
    cr_expect_eq(json_integer_value(json_object_get(error, "error_value")), 3);
    json_decref(json);
}
