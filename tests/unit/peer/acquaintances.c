/* Who had a session within the last day. */
#include "server/peer/acquaintances.h"

#include <criterion/criterion.h>

#define START_S 1000
#define COUNT   1000

static struct mono at(uint64_t seconds)
{
    return (struct mono){(START_S + seconds) * MONO_NS_PER_S};
}

static struct ip address_of(uint32_t number)
{
    return ip_from_u32(0x0a000000U + number);
}

Test(acquaintances, are_known_for_a_day_and_no_longer)
{
    struct acquaintances known;
    cr_assert_eq(acquaintances_init(&known, COUNT), PCE_OK);
    struct ip ip = address_of(1);
    struct ip other = address_of(2);
    cr_assert_not(acquaintances_has(&known, &ip, at(0)));
    acquaintances_note(&known, &ip, at(0));
    cr_assert(acquaintances_has(&known, &ip, at(0)));
    cr_assert(acquaintances_has(&known, &ip, at(ACQUAINTANCES_S - 60)));
    cr_assert_not(acquaintances_has(&known, &ip, at(ACQUAINTANCES_S + 120)));
    cr_assert_not(acquaintances_has(&known, &other, at(0)));
    acquaintances_note(&known, &ip, at(ACQUAINTANCES_S));
    cr_assert(acquaintances_has(&known, &ip, at(2 * ACQUAINTANCES_S - 60)));
    acquaintances_fini(&known);
}

Test(acquaintances, of_two_families_are_different)
{
    struct acquaintances known;
    cr_assert_eq(acquaintances_init(&known, COUNT), PCE_OK);
    struct ip v6;
    cr_assert(ip_parse("2001:db8::1", &v6));
    acquaintances_note(&known, &v6, at(0));
    cr_assert(acquaintances_has(&known, &v6, at(0)));
    cr_assert(ip_parse("2001:db8::2", &v6));
    cr_assert_not(acquaintances_has(&known, &v6, at(0)));
    acquaintances_fini(&known);
}

Test(acquaintances, as_many_as_there_is_room_for_are_remembered)
{
    struct acquaintances known;
    cr_assert_eq(acquaintances_init(&known, COUNT), PCE_OK);
    for (uint32_t i = 0; i < COUNT; i++) {
        struct ip ip = address_of(i);
        acquaintances_note(&known, &ip, at(0));
    }
    unsigned found = 0;
    unsigned wrong = 0;
    for (uint32_t i = 0; i < 2 * COUNT; i++) {
        struct ip ip = address_of(i);
        bool has = acquaintances_has(&known, &ip, at(60));
        found += has && i < COUNT;
        wrong += has && i >= COUNT;
    }
    cr_assert_geq(found, COUNT * 95 / 100);
    cr_assert_eq(wrong, 0);
    acquaintances_fini(&known);
}

Test(acquaintances, past_that_those_of_longest_ago_are_forgotten)
{
    struct acquaintances known;
    cr_assert_eq(acquaintances_init(&known, ACQUAINTANCES_WAYS / 2), PCE_OK);
    cr_assert_eq(known.set_count, 1);
    for (uint32_t i = 0; i < ACQUAINTANCES_WAYS + 1; i++) {
        struct ip ip = address_of(i);
        acquaintances_note(&known, &ip, at(60 * (uint64_t)i));
    }
    struct ip first = address_of(0);
    cr_assert_not(acquaintances_has(&known, &first, at(600)));
    for (uint32_t i = 1; i < ACQUAINTANCES_WAYS + 1; i++) {
        struct ip ip = address_of(i);
        cr_assert(acquaintances_has(&known, &ip, at(600)));
    }
    acquaintances_fini(&known);
}
