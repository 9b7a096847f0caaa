#include "core/base/ip.h"

#include "tests/lib/random.h"

#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <string.h>

struct text_case {
    char text[64];
    char canonical[IP_TEXT_SIZE]; /* what ip_format writes; empty: not an address */
};

static const struct text_case cases[] = {
    {"0.0.0.0", "0.0.0.0"},
    {"192.0.2.1", "192.0.2.1"},
    {"255.255.255.255", "255.255.255.255"},
    {"10.100.9.20", "10.100.9.20"},
    {"::", "::"},
    {"::1", "::1"},
    {"1::", "1::"},
    {"2001:db8::1", "2001:db8::1"},
    /* RFC 5952 4.1, 4.3: no leading zeros, lower case */
    {"2001:0DB8:0000:0000:0000:0000:00AB:0001", "2001:db8::ab:1"},
    /* 4.2.1: as short as possible */
    {"2001:db8:0:0:0:0:2:1", "2001:db8::2:1"},
    /* 4.2.2: one group of zeros is not shortened */
    {"2001:db8::1:1:1:1:1", "2001:db8:0:1:1:1:1:1"},
    {"0:1:2:3:4:5:6:7", "0:1:2:3:4:5:6:7"},
    {"1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"},
    {"::2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8"},
    /* 4.2.3: the longest run, the first one of equals */
    {"2001:0:0:1:0:0:0:1", "2001:0:0:1::1"},
    {"2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"},
    {"0:0:0:1::", "0:0:0:1::"},
    {"0:0:1:1:1:1:0:0", "::1:1:1:1:0:0"},
    {"1:1:1:1:1:1:0:0", "1:1:1:1:1:1::"},
    {"ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"},
    {"fe80::1000:0100:0010", "fe80::1000:100:10"},
    /* 5: IPv4-mapped */
    {"::ffff:192.0.2.1", "::ffff:192.0.2.1"},
    {"::FFFF:c000:0201", "::ffff:192.0.2.1"},
    {"64:ff9b::192.0.2.33", "64:ff9b::c000:221"},
    {"1:2:3:4:5:6:1.2.3.4", "1:2:3:4:5:6:102:304"},
    {"::1.2.3.4", "::102:304"},

    {"", ""},
    {" ", ""},
    {"1", ""},
    {"1.2.3", ""},
    {"1.2.3.", ""},
    {".1.2.3", ""},
    {"1.2.3.4.", ""},
    {"1.2.3.4.5", ""},
    {"1..2.3", ""},
    {"1.2.3.256", ""},
    {"1.2.3.99999999999999999999", ""},
    {"01.2.3.4", ""},
    {"1.2.3.00", ""},
    {"1.2.3.4 ", ""},
    {" 1.2.3.4", ""},
    {"1.2.3.4/32", ""},
    {"-1.2.3.4", ""},
    {"a.b.c.d", ""},
    {"0x1.2.3.4", ""},
    {":", ""},
    {":::", ""},
    {"::::", ""},
    {":1", ""},
    {"1:", ""},
    {"1:2", ""},
    {"1:2:3:4:5:6:7", ""},
    {"1:2:3:4:5:6:7:", ""},
    {":1:2:3:4:5:6:7", ""},
    {"1:2:3:4:5:6:7:8:9", ""},
    {"1:2:3:4:5:6:7:8::", ""},
    {"::1:2:3:4:5:6:7:8", ""},
    {"1:2:3:4::5:6:7:8", ""},
    {"1::2::3", ""},
    {"1:::2", ""},
    {"::1:", ""},
    {"12345::", ""},
    {"::g", ""},
    {"::1%eth0", ""},
    {"[::1]", ""},
    {"::1 ", ""},
    {"::1.2.3", ""},
    {"::1.2.3.4.5", ""},
    {"::1.2.3.4:5", ""},
    {"::256.2.3.4", ""},
    {"1.2.3.4::", ""},
    {"1:2:3:4:5:6:7:1.2.3.4", ""},
    {"::1:2:3:4:5:6:1.2.3.4", ""},
    {"1:2:3:4:5:1.2.3.4", ""},
    {"-", ""},
};

Test(ip, texts_parse_and_format_by_table)
{
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct text_case *c = &cases[i];
        struct ip ip;
        char text[IP_TEXT_SIZE];
        bool is_address = ip_parse(c->text, &ip);
        cr_assert_eq(is_address, c->canonical[0] != '\0', "\"%s\"", c->text);
        if (is_address)
            cr_assert_str_eq(ip_format(&ip, text), c->canonical, "\"%s\"", c->text);
    }
}

/* The C library is an independent reader and, but for deprecated IPv4-compatible texts, writer. */
Test(ip, agrees_with_the_c_library)
{
    struct random random = test_random_init("ip", 1);
    for (unsigned i = 0; i < 200000; i++) {
        uint8_t octets[16];
        for (size_t j = 0; j < 16; j++)
            octets[j] = test_random_below(&random, 3) == 0 ? (uint8_t)random_u64(&random) : 0;
        char ours[IP_TEXT_SIZE];
        char theirs[INET6_ADDRSTRLEN];
        struct ip ip = ip_from_v6(octets);
        struct ip back;
        ip_format(&ip, ours);
        cr_assert(ip_parse(ours, &back) && ip_is_equal(&ip, &back), "%s", ours);
        inet_ntop(AF_INET6, octets, theirs, sizeof theirs);
        cr_assert(ip_parse(theirs, &back) && ip_is_equal(&ip, &back), "%s", theirs);
        if (strchr(theirs, '.') == NULL)
            cr_assert_str_eq(ours, theirs);
    }
}

/* Random texts over the alphabet of addresses: both readers say the same. */
Test(ip, agrees_with_the_c_library_on_what_is_an_address)
{
    struct random random = test_random_init("ip texts", 2);
    unsigned accepted = 0;
    for (unsigned i = 0; i < 500000; i++) {
        char text[24];
        size_t length = test_random_below(&random, sizeof text);
        for (size_t j = 0; j < length; j++)
            text[j] = "::::::..10f"[test_random_below(&random, 11)];
        text[length] = '\0';
        uint8_t octets[16];
        struct ip ip = {0};
        struct ip expected = {0};
        if (inet_pton(AF_INET, text, octets) == 1)
            expected = ip_from_v4(octets);
        else if (inet_pton(AF_INET6, text, octets) == 1)
            expected = ip_from_v6(octets);
        cr_assert_eq(ip_parse(text, &ip), expected.family != IP_NONE, "\"%s\"", text);
        cr_assert(ip_is_equal(&ip, &expected), "\"%s\"", text);
        accepted += expected.family != IP_NONE;
    }
    cr_assert_gt(accepted, 100);
}

Test(ip, no_address_is_a_dash)
{
    const struct ip none = {0};
    char text[IP_TEXT_SIZE];
    cr_assert_str_eq(ip_format(&none, text), "-");
    cr_assert_eq(ip_size(&none), 0);
    cr_assert_not(ip_is_unspecified(&none));
}

Test(ip, u32_is_in_host_order)
{
    const struct ip ip = ip_from_u32(UINT32_C(0xc0000201));
    char text[IP_TEXT_SIZE];
    cr_assert_str_eq(ip_format(&ip, text), "192.0.2.1");
    cr_assert_eq(ip_size(&ip), 4);
}

static struct ip parse(const char *text)
{
    struct ip ip;
    cr_assert(ip_parse(text, &ip), "%s", text);
    return ip;
}

Test(ip, order_is_by_family_then_octets)
{
    const struct ip ordered[5] = {
        {0}, parse("9.0.0.0"), parse("10.0.0.0"), parse("::"), parse("::1")};
    for (int i = 0; i < 5; i++) {
        for (int j = 0; j < 5; j++) {
            int order = ip_compare(&ordered[i], &ordered[j]);
            cr_assert_eq((order > 0) - (order < 0), (i > j) - (i < j));
            cr_assert_eq(ip_is_equal(&ordered[i], &ordered[j]), i == j);
        }
    }
}

Test(ip, unspecified_is_all_zero_of_a_family)
{
    const struct ip addresses[4] = {parse("0.0.0.0"), parse("::"), parse("0.0.0.1"), parse("1::")};
    for (int i = 0; i < 4; i++)
        cr_assert_eq(ip_is_unspecified(&addresses[i]), i < 2);
}

struct within_case {
    char address[IP_TEXT_SIZE];
    char prefix[IP_TEXT_SIZE];
    unsigned bits;
    bool is_within;
};

static const struct within_case within_cases[] = {
    {"10.1.2.3", "10.0.0.0", 8, true},
    {"11.1.2.3", "10.0.0.0", 8, false},
    {"10.1.2.3", "10.1.2.3", 32, true},
    {"10.1.2.3", "10.1.2.2", 32, false},
    {"10.1.2.3", "10.1.2.2", 31, true},
    {"10.1.2.3", "99.0.0.0", 0, true},
    {"10.1.2.3", "10.1.2.3", 33, false},
    {"10.127.0.0", "10.0.0.0", 9, true},
    {"10.128.0.0", "10.0.0.0", 9, false},
    {"10.1.2.3", "::", 0, false},
    {"::1", "0.0.0.0", 0, false},
    {"2001:db8::1", "2001:db8::", 32, true},
    {"2001:db9::1", "2001:db8::", 32, false},
    {"2001:db9::1", "2001:db8::", 31, true},
    {"2001:db8::1", "2001:db8::1", 128, true},
    {"2001:db8::1", "2001:db8::", 128, false},
    {"2001:db8::1", "2001:db8::", 127, true},
    {"2001:db8::1", "2001:db8::1", 129, false},
};

Test(ip, within_looks_at_the_first_bits_alone)
{
    for (size_t i = 0; i < sizeof within_cases / sizeof within_cases[0]; i++) {
        const struct within_case *c = &within_cases[i];
        const struct ip address = parse(c->address);
        const struct ip prefix = parse(c->prefix);
        cr_assert_eq(ip_is_within(&address, &prefix, c->bits), c->is_within, "%s in %s/%u",
                     c->address, c->prefix, c->bits);
    }
}

struct prefix_case {
    const char *text, *address;
    unsigned bits;
    bool is_read, has_rest;
};

static const struct prefix_case prefix_cases[] = {
    {"192.0.2.0/24", "192.0.2.0", 24, true, false},
    {"192.0.2.1/24", "192.0.2.1", 24, true, true},
    {"192.0.2.128/25", "192.0.2.128", 25, true, false},
    {"192.0.2.129/25", "192.0.2.129", 25, true, true},
    {"192.0.2.1", "192.0.2.1", 32, true, false},
    {"0.0.0.0/0", "0.0.0.0", 0, true, false},
    {"0.0.0.1/0", "0.0.0.1", 0, true, true},
    {"2001:db8::/32", "2001:db8::", 32, true, false},
    {"2001:db8::1/127", "2001:db8::1", 127, true, true},
    {"2001:db8::1/128", "2001:db8::1", 128, true, false},
    {.text = "192.0.2.0/33"},
    {.text = "192.0.2.0/"},
    {.text = "192.0.2.0/08"},
    {.text = "192.0.2.0/ 8"},
    {.text = "192.0.2.0/8 "},
    {.text = "192.0.2.0/-1"},
    {.text = "192.0.2.0/24/24"},
    {.text = "192.0.2/24"},
    {.text = "2001:db8::/129"},
    {.text = "2001:db8::/4294967297"},
    {.text = "/24"},
    {.text = ""},
    {.text = "ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.2555/1"},
};

Test(ip, a_prefix_is_an_address_and_a_length_within_it)
{
    for (size_t i = 0; i < sizeof prefix_cases / sizeof prefix_cases[0]; i++) {
        const struct prefix_case *c = &prefix_cases[i];
        const char *reason = NULL;
        char text[IP_TEXT_SIZE];
        struct ip ip;
        uint8_t bits;
        cr_assert_eq(ip_parse_prefix(c->text, &ip, &bits, &reason), c->is_read, "%s", c->text);
        if (!c->is_read) {
            cr_assert_not_null(reason);
            continue;
        }
        cr_assert_str_eq(ip_format(&ip, text), c->address);
        cr_assert_eq(bits, c->bits, "%s", c->text);
        cr_assert_eq(ip_has_bits_behind(&ip, bits), c->has_rest, "%s", c->text);
    }
}

Test(ip, no_address_is_within_nothing)
{
    const struct ip none = {0};
    cr_assert_not(ip_is_within(&none, &none, 0));
}
