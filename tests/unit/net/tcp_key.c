/* Signed segments, both directions: TCP-MD5; and what is said where the kernel has no TCP-AO. */
#include "tests/lib/io_support.h"

#include "io/net/address.h"

#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static struct tcp_key key_of(const char *prefix, unsigned bits, const char *text)
{
    struct tcp_key key = {.bits = (uint8_t)bits, .size = (uint8_t)strlen(text)};
    cr_assert(ip_parse(prefix, &key.prefix));
    memcpy(key.octets, text, key.size);
    return key;
}

static void skip_without(enum tcp_key_kind kind, const char *name)
{
    if (tcp_key_is_supported(kind))
        return;
    printf("SKIP: this kernel has no %s\n", name);
    cr_skip_test("no %s", name);
}

/* A peer at `source` that connects with a key, or without; true when it is through in a second. */
static bool can_connect(struct rig *rig, const char *source, const struct tcp_key *key)
{
    union address address;
    struct ip ip;
    int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    cr_assert(ip_parse(source, &ip));
    socklen_t size = address_from_ip(&address, &ip, 0);
    cr_assert_eq(bind(descriptor, &address.any, size), 0);
    struct failure failure = {""};
    if (key != NULL)
        cr_assert_eq(tcp_key_set(descriptor, key, &failure), PCE_OK, "%s", failure.text);
    size = address_from_ip(&address, &rig->listener_options.addresses[0], rig->port);
    (void)connect(descriptor, &address.any, size);
    unsigned before = rig->side_count;
    struct mono deadline = mono_add_ms(clock_now(), 700);
    while (rig->side_count == before && mono_is_before(clock_now(), deadline))
        rig_turn(rig);
    (void)close(descriptor);
    return rig->side_count > before;
}

Test(tcp_key, a_listener_drops_what_is_not_signed_with_the_key_of_its_prefix)
{
    skip_without(TCP_KEY_MD5, "TCP-MD5");
    struct rig rig = {0};
    struct failure failure = {""};
    rig_open(&rig);
    struct tcp_key ours = key_of("127.0.1.0", 24, "a secret of the prefix");
    struct tcp_key theirs = key_of("127.0.0.1", 32, "a secret of the prefix");
    struct tcp_key wrong = key_of("127.0.0.1", 32, "another secret");
    cr_assert_eq(listeners_set_key(rig.listeners, &ours, &failure), PCE_OK, "%s", failure.text);
    cr_assert(can_connect(&rig, "127.0.1.9", &theirs));
    cr_assert(!can_connect(&rig, "127.0.1.9", &wrong));
    cr_assert(!can_connect(&rig, "127.0.1.9", NULL));
    /* Another prefix needs no key. */
    cr_assert(can_connect(&rig, "127.0.2.9", NULL));
    /* A key that is taken off, or replaced. */
    listeners_remove_key(rig.listeners, &ours);
    cr_assert(can_connect(&rig, "127.0.1.9", NULL));
    struct tcp_key other = key_of("127.0.1.0", 24, "another secret");
    cr_assert_eq(listeners_set_key(rig.listeners, &ours, &failure), PCE_OK);
    cr_assert_eq(listeners_set_key(rig.listeners, &other, &failure), PCE_OK);
    cr_assert(can_connect(&rig, "127.0.1.9", &wrong));
    rig_close(&rig);
}

Test(tcp_key, an_outgoing_connection_signs_and_octets_flow)
{
    skip_without(TCP_KEY_MD5, "TCP-MD5");
    struct rig rig = {0};
    struct failure failure = {""};
    enum pce_status status;
    rig_open(&rig);
    union address address;
    struct tcp_key ours = key_of("127.0.0.5", 32, "both ways");
    struct tcp_key theirs = key_of("127.0.0.1", 32, "both ways");
    int far = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    socklen_t size = address_from_ip(&address, &ours.prefix, 0);
    cr_assert_eq(bind(far, &address.any, size), 0);
    cr_assert_eq(listen(far, 4), 0);
    cr_assert_eq(tcp_key_set(far, &theirs, &failure), PCE_OK, "%s", failure.text);
    size = sizeof address;
    cr_assert_eq(getsockname(far, &address.any, &size), 0);
    struct conn_target target = {.to = ours.prefix,
                                 .to_port = address_port(&address),
                                 .from = rig.listener_options.addresses[0],
                                 .from_port = rig.port,
                                 .key = &ours};
    struct side *side = rig_connect(&rig, &target, &status, &failure);
    cr_assert_eq(status, PCE_OK, "%s", failure.text);
    UNTIL(&rig, side->connects == 1);
    int accepted = accept4(far, NULL, NULL, SOCK_CLOEXEC);
    cr_assert(accepted >= 0);
    cr_assert_eq(send(accepted, "signed", 6, 0), 6);
    UNTIL(&rig, side->got_size == 6);
    (void)close(accepted);
    (void)close(far);
    rig_close(&rig);
}

Test(tcp_key, a_kernel_without_tcp_ao_says_so)
{
    struct failure failure = {""};
    struct tcp_key key = key_of("192.0.2.1", 32, "secret");
    key.kind = TCP_KEY_AO;
    key.send_id = 1;
    key.receive_id = 1;
    int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    enum pce_status status = tcp_key_set(descriptor, &key, &failure);
    cr_assert_eq(status == PCE_OK, tcp_key_is_supported(TCP_KEY_AO));
    if (status != PCE_OK) {
        cr_assert_eq(status, PCE_UNSUPPORTED);
        cr_assert_not_null(strstr(failure.text, "TCP-AO"), "%s", failure.text);
        cr_assert_null(strstr(failure.text, "secret"));
    }
    (void)close(descriptor);
}

Test(tcp_key, a_key_out_of_range_is_invalid)
{
    struct failure failure = {""};
    struct tcp_key key = key_of("192.0.2.1", 33, "secret");
    cr_assert_eq(tcp_key_set(-1, &key, &failure), PCE_INVALID);
    key.bits = 32;
    key.size = 0;
    cr_assert_eq(tcp_key_set(-1, &key, &failure), PCE_INVALID);
    key.size = TCP_KEY_SIZE_MAX + 1;
    cr_assert_eq(tcp_key_set(-1, &key, &failure), PCE_INVALID);
}
