/* Packets that have come too far are dropped: on a listening socket by who sends them, on a connecting
 * one all. On the loopback a packet arrives with the TTL that it was sent with. */
#include "tests/lib/io_support.h"

#include "io/net/address.h"
#include "io/net/hop_guard.h"

#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static struct hop_rule rule_of(const char *peer, uint8_t ttl_min)
{
    struct hop_rule rule = {.ttl_min = ttl_min};
    cr_assert(ip_parse(peer, &rule.peer));
    return rule;
}

/* A peer that sends with this TTL; true when it is through in a while. */
static bool is_let_in(struct rig *rig, const char *source, int ttl)
{
    union address address;
    struct ip ip;
    cr_assert(ip_parse(source, &ip));
    int descriptor = socket(address_family(&ip), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    bool is_v6 = ip.family == IP_V6;
    cr_assert_eq(setsockopt(descriptor, is_v6 ? IPPROTO_IPV6 : IPPROTO_IP,
                            is_v6 ? IPV6_UNICAST_HOPS : IP_TTL, &ttl, sizeof ttl),
                 0);
    socklen_t size = address_from_ip(&address, &ip, 0);
    cr_assert_eq(bind(descriptor, &address.any, size), 0);
    size = address_from_ip(&address, &rig->listener_options.addresses[0], rig->port);
    (void)connect(descriptor, &address.any, size);
    unsigned before = rig->side_count;
    struct mono deadline = mono_add_ms(clock_now(), 700);
    while (rig->side_count == before && mono_is_before(clock_now(), deadline))
        rig_turn(rig);
    (void)close(descriptor);
    return rig->side_count > before;
}

static void set_rules(struct rig *rig, const struct hop_rule *rules, unsigned count)
{
    struct failure failure = {""};
    cr_assert_eq(listeners_set_hops(rig->listeners, rules, count, 255, &failure), PCE_OK, "%s",
                 failure.text);
}

Test(hop_guard, a_listener_drops_what_has_come_further_than_its_peer_is, .timeout = 30)
{
    struct rig rig = {0};
    rig_open(&rig);
    const struct hop_rule rules[] = {rule_of("127.0.1.8", 255), rule_of("127.0.1.9", 250)};
    set_rules(&rig, rules, 2);
    cr_expect(is_let_in(&rig, "127.0.1.8", 255));
    cr_expect_not(is_let_in(&rig, "127.0.1.8", 254));
    cr_expect(is_let_in(&rig, "127.0.1.9", 250));
    cr_expect_not(is_let_in(&rig, "127.0.1.9", 249));
    cr_expect(is_let_in(&rig, "127.0.1.7", 1), "nobody has a rule about it");
    set_rules(&rig, rules, 0);
    cr_expect(is_let_in(&rig, "127.0.1.8", 64), "the rules are gone");
    rig_close(&rig);
}

Test(hop_guard, as_many_rules_as_there_may_be_all_count_and_one_more_is_refused, .timeout = 30)
{
    struct rig rig = {0};
    struct failure failure = {""};
    struct hop_rule rules[HOP_RULES_MAX + 1];
    char text[32];
    rig_open(&rig);
    for (unsigned i = 0; i <= HOP_RULES_MAX; i++) {
        (void)snprintf(text, sizeof text, "127.0.1.%u", i + 1);
        rules[i] = rule_of(text, 255);
    }
    set_rules(&rig, rules, HOP_RULES_MAX);
    cr_expect_not(is_let_in(&rig, "127.0.1.32", 64));
    cr_expect(is_let_in(&rig, "127.0.1.32", 255));
    cr_expect_eq(listeners_set_hops(rig.listeners, rules, HOP_RULES_MAX + 1, 255, &failure),
                 PCE_LIMIT);
    rig_close(&rig);
}

/* A socket that a peer connects to, with this TTL of what it sends. */
static int listen_with_ttl(int family, int ttl, struct ip *ip, uint16_t *port)
{
    union address address;
    bool is_v6 = family == AF_INET6;
    int descriptor = socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    cr_assert(ip_parse(is_v6 ? "::1" : "127.0.1.9", ip));
    socklen_t size = address_from_ip(&address, ip, 0);
    cr_assert_eq(bind(descriptor, &address.any, size), 0);
    cr_assert_eq(setsockopt(descriptor, is_v6 ? IPPROTO_IPV6 : IPPROTO_IP,
                            is_v6 ? IPV6_UNICAST_HOPS : IP_TTL, &ttl, sizeof ttl),
                 0);
    cr_assert_eq(listen(descriptor, 1), 0);
    cr_assert_eq(getsockname(descriptor, &address.any, &size), 0);
    *port = address_port(&address);
    return descriptor;
}

static bool reaches(int family, const struct hop_limits *limits, int their_ttl)
{
    struct ip ip;
    uint16_t port;
    union address address;
    int listener = listen_with_ttl(family, their_ttl, &ip, &port);
    int descriptor = socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const struct timeval patience = {.tv_usec = 500000};
    cr_assert(hop_guard_set(descriptor, family, limits));
    (void)setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    socklen_t size = address_from_ip(&address, &ip, port);
    bool is_there = connect(descriptor, &address.any, size) == 0;
    (void)close(descriptor);
    (void)close(listener);
    return is_there;
}

Test(hop_guard, a_connecting_socket_hears_its_peer_from_no_further_away, .timeout = 30)
{
    static const int families[] = {AF_INET, AF_INET6};
    for (unsigned i = 0; i < 2; i++) {
        const struct hop_limits near = hop_limits_of(2, 0);
        const struct hop_limits any = hop_limits_of(0, 0);
        cr_expect(near.ttl == 255 && near.ttl_min == 254);
        cr_expect(reaches(families[i], &near, 254));
        cr_expect_not(reaches(families[i], &near, 253));
        cr_expect(reaches(families[i], &any, 1));
    }
}
