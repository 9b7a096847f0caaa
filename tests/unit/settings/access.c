/* The access list against a naive scan; what a list cannot be made of. */
#include "server/settings/access.h"
#include "tests/lib/random.h"

#include <criterion/criterion.h>
#include <stdio.h>

#define ENTRIES 60

static struct access_entry entry_of(const char *prefix, unsigned bits, bool is_permitted)
{
    struct access_entry entry = {.bits = (uint8_t)bits, .is_permitted = is_permitted};
    cr_assert(ip_parse(prefix, &entry.prefix));
    return entry;
}

static bool permits(const struct access_list *list, const char *text)
{
    struct ip ip;
    cr_assert(ip_parse(text, &ip));
    return access_list_permits(list, &ip);
}

Test(access, the_longest_prefix_decides)
{
    struct access_entry entries[] = {
        entry_of("10.0.0.0", 8, true),       entry_of("10.1.0.0", 16, false),
        entry_of("10.1.2.3", 32, true),      entry_of("2001:db8::", 32, true),
        entry_of("2001:db8:1::", 48, false),
    };
    struct access_list *list;
    cr_assert_eq(access_list_create(entries, 5, false, &list), PCE_OK);
    cr_assert(permits(list, "10.200.0.1"));
    cr_assert(permits(list, "10.0.255.255"));
    cr_assert(!permits(list, "10.1.0.0"));
    cr_assert(!permits(list, "10.1.2.2"));
    cr_assert(permits(list, "10.1.2.3"));
    cr_assert(!permits(list, "10.1.2.4"));
    cr_assert(permits(list, "10.2.0.0"));
    cr_assert(!permits(list, "11.0.0.0"));
    cr_assert(!permits(list, "9.255.255.255"));
    cr_assert(permits(list, "2001:db8:2::1"));
    cr_assert(!permits(list, "2001:db8:1:5::1"));
    cr_assert(!permits(list, "2001:db9::"));
    access_list_destroy(list);
}

Test(access, no_entry_leaves_the_policy)
{
    struct access_list *list;
    cr_assert_eq(access_list_create(NULL, 0, false, &list), PCE_OK);
    cr_assert(!permits(list, "192.0.2.1"));
    access_list_destroy(list);
    cr_assert_eq(access_list_create(NULL, 0, true, &list), PCE_OK);
    cr_assert(permits(list, "192.0.2.1"));
    access_list_destroy(list);
    cr_assert(permits(NULL, "192.0.2.1"));
}

Test(access, a_length_of_0_is_all_of_a_family)
{
    struct access_entry entry = entry_of("10.9.8.7", 0, false);
    struct access_list *list;
    cr_assert_eq(access_list_create(&entry, 1, true, &list), PCE_OK);
    cr_assert(!permits(list, "0.0.0.0"));
    cr_assert(!permits(list, "255.255.255.255"));
    cr_assert(permits(list, "::"));
    access_list_destroy(list);
}

Test(access, what_contradicts_itself_or_is_no_prefix_is_refused)
{
    struct access_list *list;
    struct access_entry both[] = {entry_of("10.1.1.1", 8, true), entry_of("10.2.2.2", 8, false)};
    cr_assert_eq(access_list_create(both, 2, true, &list), PCE_EXISTS);
    both[1].is_permitted = true;
    cr_assert_eq(access_list_create(both, 2, true, &list), PCE_OK);
    access_list_destroy(list);
    both[1].bits = 33;
    cr_assert_eq(access_list_create(both, 2, true, &list), PCE_INVALID);
    both[1] = (struct access_entry){.bits = 0};
    cr_assert_eq(access_list_create(both, 2, true, &list), PCE_INVALID);
    cr_assert_eq(access_list_create(both, ACCESS_ENTRIES_MAX + 1, true, &list), PCE_LIMIT);
}

/* Few distinct octets, so that prefixes lie within each other and addresses hit them. */
static struct ip random_ip(struct random *random)
{
    static const uint8_t octets[] = {0, 1, 2, 127, 128, 255};
    struct ip ip = {.family = test_random_below(random, 3) == 0 ? IP_V6 : IP_V4};
    for (size_t i = 0; i < ip_size(&ip); i++)
        ip.octets[i] = octets[test_random_below(random, sizeof octets)];
    return ip;
}

static bool naive(const struct access_entry *entries, size_t count, bool policy,
                  const struct ip *address)
{
    int longest = -1;
    for (size_t i = 0; i < count; i++) {
        if (ip_is_within(address, &entries[i].prefix, entries[i].bits) &&
            (int)entries[i].bits > longest) {
            longest = entries[i].bits;
            policy = entries[i].is_permitted;
        }
    }
    return policy;
}

Test(access, agrees_with_a_naive_scan)
{
    struct random random = test_random_init("access", 20261121);
    int lists = 0;
    for (int round = 0; round < 200; round++) {
        struct access_entry entries[ENTRIES];
        size_t count = test_random_below(&random, ENTRIES);
        for (size_t i = 0; i < count; i++) {
            struct ip ip = random_ip(&random);
            entries[i] = (struct access_entry){
                .prefix = ip,
                .bits = (uint8_t)test_random_below(&random, 8 * ip_size(&ip) + 1),
                .is_permitted = test_random_below(&random, 2) == 0,
            };
        }
        bool policy = test_random_below(&random, 2) == 0;
        struct access_list *list;
        enum pce_status status = access_list_create(entries, count, policy, &list);
        if (status == PCE_EXISTS) /* by chance */
            continue;
        cr_assert_eq(status, PCE_OK);
        lists++;
        for (int i = 0; i < 300; i++) {
            struct ip ip = random_ip(&random);
            cr_assert_eq(access_list_permits(list, &ip), naive(entries, count, policy, &ip));
        }
        access_list_destroy(list);
    }
    cr_assert(lists > 20, "%d", lists);
}
