#include "io/net/address.h"

#include <arpa/inet.h>
#include <criterion/criterion.h>

static struct ip ip_of(const char *text)
{
    struct ip ip;
    cr_assert(ip_parse(text, &ip));
    return ip;
}

static bool is_host(const char *of_socket, const char *host)
{
    union address address;
    struct ip ip = ip_of(of_socket), wanted = ip_of(host);
    cr_assert_gt(address_from_ip(&address, &ip, 80), 0u);
    struct ip found = address_host(&address.any);
    return ip_is_equal(&found, &wanted);
}

Test(address, address_and_port_come_back)
{
    static const char *const texts[] = {"192.0.2.1", "2001:db8::1"};
    for (unsigned i = 0; i < 2; i++) {
        union address address;
        struct ip ip = ip_of(texts[i]);
        socklen_t size = address_from_ip(&address, &ip, 4189);
        cr_assert_eq(size, i == 0 ? sizeof address.v4 : sizeof address.v6);
        struct ip back = address_ip(&address);
        cr_assert(ip_is_equal(&back, &ip));
        cr_assert_eq(address_port(&address), 4189u);
        cr_assert_eq(address.any.sa_family, address_family(&ip));
    }
}

Test(address, ipv4_host_at_an_ipv6_socket_is_an_ipv4_host)
{
    cr_assert(is_host("::ffff:192.0.2.1", "192.0.2.1"));
    cr_assert(is_host("192.0.2.1", "192.0.2.1"));
    cr_assert(is_host("2001:db8::1", "2001:db8::1"));
    cr_assert(is_host("::fffe:192.0.2.1", "::fffe:192.0.2.1"), "another prefix");
}

Test(address, address_of_another_family_is_no_host)
{
    const struct sockaddr address = {.sa_family = AF_UNIX};
    cr_assert_eq(address_host(&address).family, IP_NONE);
}
