#include "server/settings/peer_settings.h"

#include "core/base/check.h"
#include "server/config/config_table.h"
#include "server/settings/settings.h"
#include "tests/lib/random.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

static struct config config;
static struct config_fault fault;
static struct peer_table *table;

static void make(const char *text)
{
    cr_assert_eq(config_read(text, strlen(text), "", &config, &fault), PCE_OK, "%u %s: %s",
                 fault.line, fault.key, fault.reason);
    table = peer_table_create(&config, 1);
    cr_assert_not_null(table);
}

static void destroy(void)
{
    peer_table_destroy(table);
    config_fini(&config);
    table = NULL;
}

static struct ip ip_of(const char *text)
{
    struct ip ip;
    CHECK(ip_parse(text, &ip));
    return ip;
}

static const struct peer_policy *find(const char *address)
{
    struct ip ip = ip_of(address);
    return peer_table_policy(table, &ip);
}

Test(peer_settings, rules_of_delegation_are_published_with_the_settings)
{
    make("delegation-rules: [{name: \"a*\", delegation: refuse}, {delegation: accept}]\n");
    struct settings *settings = settings_create(&config, 1);
    destroy(); /* the configuration goes, what was published stays */
    cr_assert_not_null(settings);
    cr_assert_eq(settings->rule_count, 2);
    cr_expect_str_eq(settings->rules[0].pattern, "a*");
    cr_expect(settings->rules[1].accepts);
    settings_destroy(settings);
}

Test(peer_settings, a_peer_has_a_profile_and_a_policy_of_delegation)
{
    make("lsp: {profile: nokia}\n"
         "peer-groups: [{name: g, delegation: refuse}]\n"
         "peers: [{prefix: 192.0.2.0/24, group: g}, {prefix: 192.0.2.7, profile: frr}]\n");
    cr_expect_eq(find("198.51.100.1")->profile, CONFIG_PROFILE_NOKIA);
    cr_expect_eq(find("198.51.100.1")->delegation, CONFIG_DELEGATION_ACCEPT);
    cr_expect_eq(find("192.0.2.1")->delegation, CONFIG_DELEGATION_REFUSE);
    cr_expect_eq(find("192.0.2.7")->profile, CONFIG_PROFILE_FRR);
    cr_expect_eq(find("192.0.2.7")->delegation, CONFIG_DELEGATION_ACCEPT);
    destroy();
}

Test(peer_settings, every_key_of_a_peer_has_its_row)
{
    for (size_t i = 0; i < config_peer_key_count; i++) {
        bool is_there = false;
        for (size_t k = 0; k < config_table_count; k++)
            is_there |= strcmp(config_table[k].section, config_peer_keys[i].section) == 0 &&
                        strcmp(config_table[k].key, config_peer_keys[i].key) == 0;
        cr_expect(is_there, "%s.%s", config_peer_keys[i].section, config_peer_keys[i].key);
    }
}

Test(peer_settings, without_peers_everybody_has_the_defaults)
{
    make("session: {send-hold: 77, send-hold-reason: 9}\n");
    cr_expect_eq(find("192.0.2.1")->send_hold_s, 77);
    cr_expect_eq(find("192.0.2.1")->session.send_hold_reason, 9);
    cr_expect_eq(find("2001:db8::1"), find("192.0.2.1"));
    cr_expect_eq(peer_table_policy_count(table), 1);
    destroy();
    make("");
    cr_expect_eq(find("192.0.2.1")->send_hold_s, PEER_SEND_HOLD_AUTO);
    cr_expect_eq(find("192.0.2.1")->send_hold_grace_s, 10);
    cr_expect_eq(find("192.0.2.1")->session.send_hold_reason, 6);
    destroy();
}

Test(peer_settings, the_longest_prefix_then_its_group_then_the_sections)
{
    make("session: {keepalive: 20, dead-timer: 80}\n"
         "peer-groups:\n"
         "  - {name: slow, send-hold: 900, pending-hard: 2097152, md5-key: groupkey}\n"
         "peers:\n"
         "  - {prefix: 192.0.2.0/24, group: slow}\n"
         "  - {prefix: 192.0.2.7, group: slow, send-hold: off, keepalive: 5, md5-key: own}\n"
         "  - {prefix: 192.0.2.0/25, requests-in-flight: 3}\n"
         "  - {prefix: \"2001:db8::/32\", allow-keepalive-zero: false}\n");
    cr_expect_eq(find("192.0.3.1")->send_hold_s, PEER_SEND_HOLD_AUTO);
    cr_expect_eq(find("192.0.2.200")->send_hold_s, 900);
    cr_expect_eq(find("192.0.2.200")->pending_hard, 2097152);
    cr_expect_eq(find("192.0.2.200")->session.keepalive_s, 20);
    cr_expect_eq(find("192.0.2.7")->send_hold_s, PEER_SEND_HOLD_OFF);
    cr_expect_eq(find("192.0.2.7")->pending_hard, 2097152, "from its group");
    cr_expect_eq(find("192.0.2.7")->session.keepalive_s, 5);
    cr_expect_eq(find("192.0.2.7")->session.dead_timer_s, 80);
    cr_expect_eq(find("192.0.2.8")->requests_in_flight_max, 3);
    cr_expect_eq(find("192.0.2.8")->send_hold_s, PEER_SEND_HOLD_AUTO, "it names no group");
    cr_expect_not(find("2001:db8::5")->session.allow_keepalive_zero);
    cr_expect(find("2001:db9::5")->session.allow_keepalive_zero);
    struct ip ip = ip_of("192.0.2.200");
    const struct peer_entry *entry = peer_table_find(table, &ip);
    cr_assert_not_null(entry);
    cr_expect(entry->has_tcp_key);
    cr_expect_eq(entry->tcp_key.size, strlen("groupkey"));
    cr_expect_eq(entry->tcp_key.bits, 24);
    ip = ip_of("192.0.2.7");
    entry = peer_table_find(table, &ip);
    cr_expect_arr_eq(entry->tcp_key.octets, "own", 3);
    cr_expect_not(entry->connect.is_on);
    destroy();
}

Test(peer_settings, a_session_that_we_open_has_its_ends)
{
    make("peers:\n"
         "  - {prefix: 192.0.2.7, connect: {}}\n"
         "  - {prefix: 192.0.3.0/24, connect: {address: 192.0.3.9, port: 5000, local-address: "
         "192.0.9.1, local-port: 4189}}\n");
    cr_assert_eq(peer_table_count(table), 2);
    const struct config_connect *first = &peer_table_at(table, 0)->connect;
    struct ip ip = ip_of("192.0.2.7");
    cr_expect(first->is_on);
    cr_expect(ip_is_equal(&first->address, &ip));
    cr_expect_eq(first->port, 4189);
    cr_expect_eq(first->local_address.family, IP_NONE);
    cr_expect_eq(first->local_port, 0);
    const struct config_connect *second = &peer_table_at(table, 1)->connect;
    ip = ip_of("192.0.3.9");
    cr_expect(ip_is_equal(&second->address, &ip));
    cr_expect_eq(second->port, 5000);
    cr_expect_eq(second->local_port, 4189);
    destroy();
}

/* ---- against a naive scan ---- */

#define MODEL_PEERS 120

struct model {
    struct ip prefix;
    unsigned bits;
};

/* The longest of those that contain it; NULL when none does. */
static const struct model *scan(const struct model *models, unsigned count, const struct ip *ip)
{
    const struct model *best = NULL;
    for (unsigned i = 0; i < count; i++) {
        if (models[i].prefix.family == ip->family &&
            ip_is_within(ip, &models[i].prefix, models[i].bits) &&
            (best == NULL || models[i].bits > best->bits))
            best = &models[i];
    }
    return best;
}

/* Few different octets, so that prefixes lie within each other. */
static struct ip random_ip(struct random *random)
{
    struct ip ip = {.family = (unsigned)test_random_below(random, 3) == 0 ? IP_V6 : IP_V4};
    for (size_t i = 0; i < ip_size(&ip); i++)
        ip.octets[i] = (uint8_t)((unsigned)test_random_below(random, 2) * 0x80 +
                                 (unsigned)test_random_below(random, 2));
    return ip;
}

static bool is_new(const struct model *models, unsigned count, const struct model *model)
{
    for (unsigned i = 0; i < count; i++) {
        if (models[i].bits == model->bits && ip_is_equal(&models[i].prefix, &model->prefix))
            return false;
    }
    return true;
}

static struct model random_model(struct random *random)
{
    struct model model = {.prefix = random_ip(random)};
    unsigned bits_max = 8 * (unsigned)ip_size(&model.prefix);
    model.bits = (unsigned)test_random_below(random, bits_max + 1);
    for (unsigned bit = model.bits; bit < bits_max; bit++)
        model.prefix.octets[bit / 8] &= (uint8_t) ~(0x80U >> bit % 8);
    return model;
}

static unsigned fill(struct random *random, struct model *models, char *text, size_t size)
{
    unsigned count = 0;
    size_t used = (size_t)snprintf(text, size, "peers:\n");
    while (count < MODEL_PEERS) {
        char ip[IP_TEXT_SIZE];
        struct model model = random_model(random);
        if (!is_new(models, count, &model))
            continue;
        models[count] = model;
        used +=
            (size_t)snprintf(text + used, size - used, "  - {prefix: \"%s/%u\", send-hold: %u}\n",
                             ip_format(&model.prefix, ip), model.bits, ++count);
    }
    return count;
}

Test(peer_settings, the_table_agrees_with_a_naive_scan)
{
    static struct model models[MODEL_PEERS];
    static char text[MODEL_PEERS * 96];
    struct random random = test_random_init("peer_settings", 3);
    for (unsigned round = 0; round < 20; round++) {
        unsigned count = fill(&random, models, text, sizeof text);
        make(text);
        for (unsigned i = 0; i < 2000; i++) {
            struct ip ip = random_ip(&random);
            const struct model *model = scan(models, count, &ip);
            uint32_t expected =
                model == NULL ? PEER_SEND_HOLD_AUTO : (uint32_t)(model - models) + 1;
            cr_assert_eq(peer_table_policy(table, &ip)->send_hold_s, expected);
        }
        destroy();
    }
}

/* ---- what sessions keep ---- */

static struct peer_policy *borrow(const struct settings *settings, const char *address)
{
    const struct ip ip = ip_of(address);
    return peer_policy_borrow(peer_table_policy(settings->peers, &ip));
}

Test(peer_settings, sessions_with_equal_settings_share_one_until_a_reload)
{
    make("peers: [{prefix: 192.0.2.0/24, keepalive: 7}]\n");
    struct settings *first = settings_create(&config, 1);
    struct settings *second = settings_create(&config, 2);
    cr_assert(first != NULL && second != NULL);
    struct peer_policy *a = borrow(first, "192.0.2.1");
    struct peer_policy *b = borrow(first, "192.0.2.2");
    struct peer_policy *c = borrow(first, "192.0.3.1");
    cr_expect_eq(a, b);
    cr_expect_neq(a, c);
    cr_expect_eq(a->session.keepalive_s, 7);
    cr_expect_eq(c->session.keepalive_s, 30);
    struct peer_policy *d = borrow(second, "192.0.2.1");
    cr_expect_neq(a, d, "a session keeps what it began with");
    settings_destroy(first);
    cr_expect_eq(a->session.keepalive_s, 7, "also when the configuration is gone");
    cr_expect_eq(a->users, 2);
    peer_policy_release(a);
    peer_policy_release(b);
    peer_policy_release(c);
    peer_policy_release(d);
    settings_destroy(second);
    destroy();
}

Test(peer_settings, the_access_list_of_the_configuration_is_published)
{
    make("access: {policy: deny, permit: [192.0.2.0/24], deny: [192.0.2.8/29]}\n");
    struct settings *settings = settings_create(&config, 1);
    cr_assert_not_null(settings);
    const struct ip in = ip_of("192.0.2.1");
    const struct ip hole = ip_of("192.0.2.9");
    const struct ip out = ip_of("192.0.3.1");
    cr_expect(access_list_permits(settings->access, &in));
    cr_expect_not(access_list_permits(settings->access, &hole));
    cr_expect_not(access_list_permits(settings->access, &out));
    settings_destroy(settings);
    destroy();
}
