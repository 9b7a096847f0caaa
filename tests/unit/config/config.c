#include "server/config/config.h"
#include "server/config/config_lists.h"
#include "server/config/config_outline.h"
#include "server/config/config_table.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

static struct config config; /* read_text gives up the one before */
static struct config_fault fault;

static enum pce_status read_text(const char *text)
{
    config_fini(&config);
    return config_read(text, strlen(text), "", &config, &fault);
}

struct bad {
    const char *text;
    uint32_t line;
    const char *key;
    const char *reason; /* a part of it */
};

#define BGP_LS "bgp-ls:\n  as: 65000\n  router-id: 192.0.2.250\n"

static const struct bad bad_files[] = {
    {"listen:\n  port: 4189\n  prt: 1\n", 3, "listen.prt", "no such key"},
    {"nonsense:\n  a: 1\n", 1, "nonsense", "no such key"},
    {"\n\nsession:\n  keepalive: 300\n", 4, "session.keepalive", "is 300, must be 0 to 255 s"},
    {"session:\n  keepalive: -1\n", 2, "session.keepalive", "whole number"},
    {"session:\n  keepalive: 30s\n", 2, "session.keepalive", "whole number, not \"30s\""},
    {"session:\n  keepalive: 010\n", 2, "session.keepalive", "whole number"},
    {"session:\n  keepalive: 0x1f\n", 2, "session.keepalive", "whole number"},
    {"session:\n  keepalive:\n", 2, "session.keepalive", "whole number"},
    {"session:\n  keepalive: 99999999999999999999999\n", 2, "session.keepalive", "whole number"},
    {"session:\n  keepalive: [30]\n", 2, "session.keepalive", "Expecting UINT"},
    {"session:\n  keepalive: 30\n  dead-timer: 20\n", 3, "session.dead-timer",
     "must be greater than session.keepalive"},
    {"session:\n  keepalive: 0\n  dead-timer: 20\n", 3, "session.dead-timer", "must be 0"},
    {"session:\n  keepalive-max: 5\n  keepalive-min: 6\n", 3, "session.keepalive-min",
     "greater than session.keepalive-max"},
    {"session:\n  dead-timer-min: 9\n  dead-timer-max: 6\n", 2, "session.dead-timer-min",
     "greater than session.dead-timer-max"},
    {"session:\n  allow-keepalive-zero: maybe\n", 2, "session.allow-keepalive-zero",
     "must be true or false, not \"maybe\""},
    {"listen:\n  addresses: 127.0.0.1\n", 2, "listen.addresses", "list of addresses"},
    {"listen:\n  addresses: []\n", 2, "listen.addresses", "names no address"},
    {"listen:\n  addresses:\n    - 127.0.0.1\n    - 300.1.2.3\n", 4, "listen.addresses[1]",
     "no IPv4 or IPv6 address"},
    {"listen:\n  addresses: [\"::1\",\n   \"::1\"]\n", 3, "listen.addresses[1]", "already"},
    {"listen:\n  port: 0\n", 2, "listen.port", "is 0, must be 1 to 65535"},
    {"server:\n  shards: 257\n", 2, "server.shards", "must be 0 to 256"},
    {"capabilities:\n  stateful: false\n  stateful-update: true\n", 3,
     "capabilities.stateful-update", "needs capabilities.stateful"},
    {"capabilities:\n  sr-mpls: false\n  rsvp-te: false\n", 3, "capabilities.rsvp-te",
     "must be true"},
    {"limits:\n  pending-soft: 65536\n  pending-hard: 65536\n", 3, "limits.pending-hard",
     "must be greater than limits.pending-soft"},
    {"log:\n  level: loud\n", 2, "log.level", "must be one of debug, info, warning, error"},
    {"log:\n  destination: file\n", 0, "log.file", "must be named"},
    {"log:\n  level: info\n  file: /tmp/x.log\n", 3, "log.file", "needs log.destination: file"},
    {"control:\n  hosts: \"a, b\"\n", 2, "control.hosts", "names, separated by spaces"},
    {"session:\n  send-hold: never\n", 2, "session.send-hold", "must be auto, off or 1 to 86400 s"},
    {"session:\n  send-hold: 0\n", 2, "session.send-hold", "must be auto, off or 1 to"},
    {"session:\n  send-hold: [1]\n", 2, "session.send-hold", ""},
    {"session:\n  send-hold-reason: 256\n", 2, "session.send-hold-reason", "1 to 255"},
    {"session:\n  starttls: yes\n", 2, "session.starttls",
     "must be one of refuse-clear-ok, refuse"},
    {"access:\n  policy: maybe\n", 2, "access.policy", "must be one of permit, deny"},
    {"access:\n  permit: 192.0.2.0/24\n", 2, "access.permit", "list of prefixes"},
    {"access:\n  permit: {a: 1}\n", 2, "access.permit", "must be a list"},
    {"access:\n  permit: [[1]]\n", 2, "access.permit[0]", "must be a prefix"},
    {"access:\n  permit:\n    - 192.0.2.0/24\n    - 192.0.2.0/33\n", 4, "access.permit[1]",
     "length"},
    {"access:\n  permit: [192.0.2.1/24]\n", 2, "access.permit[0]", "bits behind"},
    {"access:\n  permit: [192.0.2.0/]\n", 2, "access.permit[0]", "length"},
    {"access:\n  permit: [192.0.2.0/024]\n", 2, "access.permit[0]", "length"},
    {"access:\n  permit: [pcc1]\n", 2, "access.permit[0]", "no IPv4 or IPv6 prefix"},
    {"access:\n  permit:\n    - 192.0.2.0/24\n  deny:\n    - 192.0.2.0/24\n", 5, "access",
     "stands on line 3 already"},
    {"access:\n  permit: []\n  block: []\n", 3, "access.block", "no such key"},
    {"peers: 5\n", 1, "peers", "must be a list"},
    {"peers:\n  - 192.0.2.1\n", 2, "peers[0]", "must be a mapping"},
    {"peers:\n  - keepalive: 5\n", 2, "peers[0]", "prefix must be named"},
    {"peers:\n  - prefix: [192.0.2.1]\n", 2, "peers[0].prefix", "single value"},
    {"peers:\n  - prefix: 192.0.2.1\n    hold: 5\n", 3, "peers[0].hold", "no such key"},
    {"peers:\n  - prefix: 192.0.2.1\n    open-wait: 5\n", 3, "peers[0].open-wait", "no such key"},
    {"peers:\n  - prefix: 192.0.2.1\n    send-hold: x\n", 3, "peers[0].send-hold", "must be auto"},
    {"peers:\n  - prefix: 192.0.2.1\n    pending-hard: 8192\n", 3, "peers[0].pending-hard",
     "must be greater than limits.pending-soft"},
    {"peers:\n  - prefix: 192.0.2.1\n    keepalive: 120\n", 2, "peers[0].dead-timer",
     "must be greater than session.keepalive"},
    {"peers:\n  - prefix: 192.0.2.1\n    group: core\n", 3, "peers[0].group", "no group"},
    {"peers:\n  - prefix: 192.0.2.1\n  - prefix: 192.0.2.1/32\n", 3, "peers",
     "stands on line 2 already"},
    {"peers:\n  - prefix: 192.0.2.0/24\n    connect: {}\n", 2, "peers[0]",
     "connect.address must be named"},
    {"peers:\n  - prefix: 192.0.2.0/24\n    connect: {address: 192.0.3.1}\n", 2, "peers[0]",
     "not within the prefix"},
    {"peers:\n  - prefix: 192.0.2.1\n    connect:\n      address: x\n", 4,
     "peers[0].connect.address", "no address"},
    {"peers:\n  - prefix: 192.0.2.1\n    connect:\n      port: 0\n", 4, "peers[0].connect.port",
     "1 to 65535"},
    {"peers:\n  - prefix: 192.0.2.1\n    connect:\n      local-port: 65536\n", 4,
     "peers[0].connect.local-port", "0 to 65535"},
    {"peers:\n  - prefix: 192.0.2.1\n    connect: {local-address: \"::1\"}\n", 2, "peers[0]",
     "different families"},
    {"peers:\n  - prefix: 192.0.2.1\n    connect: 5\n", 3, "peers[0].connect", "mapping"},
    {"peers:\n  - prefix: 192.0.2.1\n    md5-key: \"\"\n", 3, "peers[0].md5-key", "1 to 80 octets"},
    {"peers:\n  - prefix: 192.0.2.1\n    tcp-ao-send-id: 5\n", 2, "peers[0]", "need a tcp-ao-key"},
    {"bgp-ls: 5\n", 1, "bgp-ls", "must be a mapping"},
    {"bgp-ls: {router-id: 192.0.2.1}\n", 1, "bgp-ls", "as must be named"},
    {"bgp-ls: {as: 65000}\n", 1, "bgp-ls", "router-id must be named"},
    {"bgp-ls: {as: 0}\n", 1, "bgp-ls.as", "from 1 to 4294967295"},
    {"bgp-ls: {as: 1, router-id: \"::1\"}\n", 1, "bgp-ls.router-id", "IPv4"},
    {"bgp-ls: {as: 1, router-id: 0.0.0.0}\n", 1, "bgp-ls.router-id", "no address"},
    {"bgp-ls: {as: 1, router-id: 192.0.2.1, lsiten: 1}\n", 1, "bgp-ls.lsiten", "no such key"},
    {BGP_LS "  peers: 5\n", 4, "bgp-ls.peers", "must be a list"},
    {BGP_LS "  peers: [1]\n", 4, "bgp-ls.peers[0]", "must be a mapping"},
    {BGP_LS "  peers: [{port: 1}]\n", 4, "bgp-ls.peers[0]", "address must be named"},
    {BGP_LS "  peers: [{address: a}]\n", 4, "bgp-ls.peers[0].address", "no address"},
    {BGP_LS "  peers: [{address: [a]}]\n", 4, "bgp-ls.peers[0].address", "single value"},
    {BGP_LS "  peers: [{address: 192.0.2.1, hold-time: 2}]\n", 4, "bgp-ls.peers[0].hold-time",
     "at least 3"},
    {BGP_LS "  peers: [{address: 192.0.2.1, passive: 1}]\n", 4, "bgp-ls.peers[0].passive",
     "true or false"},
    {BGP_LS "  peers: [{address: 192.0.2.1, passive: true}]\n", 4, "bgp-ls.peers[0]",
     "needs bgp-ls.listen"},
    {BGP_LS "  peers: [{address: 192.0.2.1, local-address: \"::1\"}]\n", 4, "bgp-ls.peers[0]",
     "different families"},
    {BGP_LS "  peers: [{address: 192.0.2.1, md5-key: \"\"}]\n", 4, "bgp-ls.peers[0].md5-key",
     "1 to 80 octets"},
    {BGP_LS "  peers: [{address: 192.0.2.1}, {address: 192.0.2.1}]\n", 4, "bgp-ls.peers[1]",
     "already"},
    {"delegation-rules: 5\n", 1, "delegation-rules", "must be a list"},
    {"delegation-rules:\n  - a\n", 2, "delegation-rules[0]", "must be a mapping"},
    {"delegation-rules:\n  - name: a\n", 2, "delegation-rules[0]", "delegation must be named"},
    {"delegation-rules:\n  - delegation: maybe\n", 2, "delegation-rules[0].delegation",
     "accept or refuse"},
    {"delegation-rules:\n  - {name: \"\", delegation: accept}\n", 2, "delegation-rules[0].name",
     "1 to 63 octets"},
    {"delegation-rules:\n  - {setup-type: mpls, delegation: accept}\n", 2,
     "delegation-rules[0].setup-type", "rsvp-te, sr-mpls or srv6"},
    {"delegation-rules:\n  - {color: 1, delegation: accept}\n", 2, "delegation-rules[0].color",
     "no such key"},
    {"delegation-rules:\n  - {name: [a], delegation: accept}\n", 2, "delegation-rules[0].name",
     "single value"},
    {"peer-groups:\n  - keepalive: 5\n", 2, "peer-groups[0]", "name must be named"},
    {"peer-groups:\n  - name: a\n  - name: a\n", 3, "peer-groups[1].name", "already"},
    {"peer-groups:\n  - name: a\n    connect: {}\n", 3, "peer-groups[0].connect", "no such key"},
    {"peer-groups:\n  - name: a\n    dead-timer: 5\n", 3, "peer-groups[0].dead-timer",
     "must be greater than session.keepalive"},
    {"control:\n  listen: 127.0.0.1\n", 2, "control.listen", "no ADDRESS:PORT"},
    {"control:\n  listen: 127.0.0.1:70000\n", 2, "control.listen", "no ADDRESS:PORT"},
    {"lsp:\n  originator-address: here\n", 2, "lsp.originator-address", "no address that we"},
    {"lsp:\n  originator-address: 0.0.0.0\n", 2, "lsp.originator-address", "no address that we"},
    {"control:\n  socket-mode: 0777\n", 2, "control.socket-mode",
     "must be one of 0600, 0660, 0666"},
    {"session:\n", 1, "session", "Expecting MAPPING"},
    {"session: 5\n", 1, "session", "Expecting MAPPING"},
    {"- 1\n", 1, "", "must be a mapping"},
    {"listen:\n\tport: 1\n", 2, "", "not valid YAML"},
    {"listen: {port: 1\n", 2, "", "not valid YAML"},
    {"a: b: c\n", 1, "", "not valid YAML"},
    {"listen:\n  port: 1\n  port: 2\n", 3, "listen.port", "stands on line 2 already"},
    {"listen:\n  port: &a 1\n", 2, "listen.port", "anchors"},
    {"listen:\n  port: *a\n", 2, "listen.port", "aliases"},
    {"? [a]\n: 1\n", 1, "", "plain text"},
    {"\"\": 1\n", 1, "", "plain text"},
    {"listen: {port: 1}\n---\nlisten: {port: 2}\n", 2, "", "second document"},
    {"a: {a: {a: {a: {a: {a: {a: {a: {a: 1}}}}}}}}\n", 1, "a.a.a.a.a.a.a.a", "levels"},
};

#define BAD_COUNT (sizeof bad_files / sizeof bad_files[0])

Test(config, each_bad_file_gives_line_key_and_reason)
{
    for (size_t i = 0; i < BAD_COUNT; i++) {
        const struct bad *bad = &bad_files[i];
        enum pce_status status = read_text(bad->text);
        cr_expect(status == PCE_INVALID || status == PCE_LIMIT, "accepted: %s", bad->text);
        cr_expect_eq(fault.line, bad->line, "line %u, not %u: %s", fault.line, bad->line,
                     bad->text);
        cr_expect_str_eq(fault.key, bad->key, "key %s: %s", fault.key, bad->text);
        cr_expect_not_null(strstr(fault.reason, bad->reason), "reason \"%s\": %s", fault.reason,
                           bad->text);
    }
}

struct changes {
    unsigned count;
    char last[96];
    enum config_apply apply;
};

static void on_change(void *context, const char *key, enum config_apply apply)
{
    struct changes *changes = context;
    changes->count++;
    changes->apply = apply;
    (void)snprintf(changes->last, sizeof changes->last, "%s", key);
}

Test(config, an_empty_file_gives_the_defaults)
{
    static struct config defaults;
    struct changes changes = {.count = 0};
    config_set_defaults(&defaults);
    cr_assert_eq(read_text(""), PCE_OK);
    config_compare(&defaults, &config, on_change, &changes);
    cr_assert_eq(read_text("# nothing\n"), PCE_OK);
    config_compare(&defaults, &config, on_change, &changes);
    cr_expect_eq(changes.count, 0, "%s", changes.last);
    cr_expect_eq(config.listen.port, 4189);
    cr_expect_eq(config.listen.addresses.count, 2);
    cr_expect_eq(config.session.keepalive_s, 30);
    cr_expect(config.capabilities.stateful);
}

Test(config, values_of_the_file_replace_the_defaults)
{
    cr_assert_eq(read_text("listen:\n  addresses: [192.0.2.1, \"2001:db8::1\"]\n  port: 4190\n"
                           "session: {keepalive: 0, dead-timer: 0}\n"
                           "capabilities: {stateful: false}\n"
                           "log: {level: debug, format: json}\n"),
                 PCE_OK, "%u %s: %s", fault.line, fault.key, fault.reason);
    cr_expect_eq(config.listen.addresses.count, 2);
    cr_expect_eq(config.listen.addresses.items[1].family, IP_V6);
    cr_expect_eq(config.listen.port, 4190);
    cr_expect_eq(config.session.keepalive_s, 0);
    cr_expect_not(config.capabilities.stateful_update, "follows stateful when it is not named");
    cr_expect_eq(config.log.level, CONFIG_LOG_LEVEL_DEBUG);
    cr_expect_eq(config.log.format, CONFIG_LOG_FORMAT_JSON);
}

/* Each number at its ends and one past them, from the rows themselves. */
Test(config, every_number_is_held_to_its_range)
{
    unsigned refused = 0;
    for (size_t i = 0; i < config_table_count; i++) {
        const struct config_key *key = &config_table[i];
        char text[160];
        if (key->kind != CONFIG_KIND_UINT)
            continue;
        const uint64_t outside[] = {(uint64_t)key->max + 1, (uint64_t)key->min - 1};
        for (size_t k = 0; k < (key->min > 0 ? 2U : 1U); k++) {
            (void)snprintf(text, sizeof text, "%s:\n  %s: %llu\n", key->section, key->key,
                           (unsigned long long)outside[k]);
            cr_expect_eq(read_text(text), PCE_INVALID, "%s", text);
            cr_expect_eq(fault.line, 2);
            cr_expect_not_null(strstr(fault.reason, "must be"), "%s: %s", text, fault.reason);
            refused++;
        }
        cr_expect(key->value >= key->min && key->value <= key->max, "default of %s", key->key);
    }
    cr_expect_gt(refused, 20);
}

Test(config, every_default_as_it_is_printed_is_accepted)
{
    for (size_t i = 0; i < config_table_count; i++) {
        const struct config_key *key = &config_table[i];
        char text[160];
        if (key->kind == CONFIG_KIND_HOLD)
            (void)snprintf(text, sizeof text, "%s: {%s: auto}\n", key->section, key->key);
        else if (key->kind == CONFIG_KIND_UINT)
            (void)snprintf(text, sizeof text, "%s: {%s: %u}\n", key->section, key->key, key->value);
        else if (key->kind == CONFIG_KIND_BOOL)
            (void)snprintf(text, sizeof text, "%s: {%s: %s}\n", key->section, key->key,
                           key->value != 0 ? "true" : "false");
        else if (key->kind == CONFIG_KIND_ENUM)
            (void)snprintf(text, sizeof text, "%s: {%s: %s}\n", key->section, key->key,
                           key->words[key->value]);
        else
            continue;
        cr_expect_eq(read_text(text), PCE_OK, "%s: %s", text, fault.reason);
    }
}

Test(config, a_relative_path_begins_at_the_folder_of_the_file)
{
    const char *text = "topology: {file: a/b.yaml}\n";
    cr_assert_eq(config_read(text, strlen(text), "/etc/pced", &config, &fault), PCE_OK);
    cr_expect_str_eq(config.topology.file, "/etc/pced/a/b.yaml");
    cr_assert_eq(config_read(text, strlen(text), "", &config, &fault), PCE_OK);
    cr_expect_str_eq(config.topology.file, "a/b.yaml");
    text = "topology: {file: /x/b.yaml}\n";
    cr_assert_eq(config_read(text, strlen(text), "/etc/pced", &config, &fault), PCE_OK);
    cr_expect_str_eq(config.topology.file, "/x/b.yaml");
}

Test(config, a_socket_of_the_kernel_has_a_short_path)
{
    char text[256];
    for (int extra = 0; extra < 2; extra++) {
        (void)snprintf(text, sizeof text, "control: {socket: /%0*d}\n",
                       CONFIG_SOCKET_SIZE - 2 + extra, 0);
        cr_expect_eq(read_text(text), extra == 0 ? PCE_OK : PCE_INVALID, "%s", fault.reason);
    }
    cr_expect_str_eq(fault.key, "control.socket");
}

Test(config, a_secret_is_in_no_message)
{
    char text[256];
    memset(text, 'q', sizeof text);
    (void)snprintf(
        text, sizeof text, "peers:\n  - prefix: 192.0.2.1\n    md5-key: %s\n",
        "SeCrEtSeCrEtSeCrEtSeCrEtSeCrEtSeCrEtSeCrEtSeCrEtSeCrEtSeCrEtSeCrEtSeCrEtSeCrEtSeCr");
    cr_assert_eq(read_text(text), PCE_INVALID);
    cr_expect_str_eq(fault.key, "peers[0].md5-key");
    cr_expect_null(strstr(fault.reason, "SeCrEt"), "%s", fault.reason);
    cr_assert_eq(read_text("peers: [{prefix: 192.0.2.1, md5-key: SeCrEt, tcp-ao-key: SeCrEt}]\n"),
                 PCE_INVALID);
    cr_expect_null(strstr(fault.reason, "SeCrEt"), "%s", fault.reason);
}

Test(config, tcp_ao_is_refused_where_the_kernel_has_none)
{
    enum pce_status status = read_text("peers:\n  - prefix: 192.0.2.1\n    tcp-ao-key: abc\n");
    if (tcp_key_is_supported(TCP_KEY_AO)) {
        cr_expect_eq(status, PCE_OK);
        config_fini(&config);
        return;
    }
    cr_expect_eq(status, PCE_INVALID);
    cr_expect_eq(fault.line, 3);
    cr_expect_str_eq(fault.key, "peers[0].tcp-ao-key");
    cr_expect_not_null(strstr(fault.reason, "no TCP-AO"), "%s", fault.reason);
}

Test(config, a_path_that_is_too_long_is_refused)
{
    char text[CONFIG_TEXT_SIZE + 64];
    int size = snprintf(text, sizeof text, "topology:\n  file: \"");
    memset(text + size, 'a', CONFIG_TEXT_SIZE - 2);
    (void)snprintf(text + size + CONFIG_TEXT_SIZE - 2, 8, "\"\n");
    cr_expect_eq(config_read(text, strlen(text), "", &config, &fault), PCE_OK);
    cr_expect_eq(config_read(text, strlen(text), "/x", &config, &fault), PCE_INVALID);
    cr_expect_eq(fault.line, 2);
    memset(text + size, 'a', CONFIG_TEXT_SIZE - 1);
    (void)snprintf(text + size + CONFIG_TEXT_SIZE - 1, 8, "\"\n");
    cr_expect_eq(config_read(text, strlen(text), "", &config, &fault), PCE_INVALID);
    cr_expect_str_eq(fault.key, "topology.file");
}

Test(config, more_addresses_than_the_limit_are_refused)
{
    char text[1024];
    for (unsigned extra = 0; extra < 2; extra++) {
        size_t used = (size_t)snprintf(text, sizeof text, "listen:\n  addresses:\n");
        for (unsigned i = 0; i < CONFIG_ADDRESSES_MAX + extra; i++)
            used += (size_t)snprintf(text + used, sizeof text - used, "    - 192.0.2.%u\n", i);
        enum pce_status status = read_text(text);
        cr_expect_eq(status, extra == 0 ? PCE_OK : PCE_INVALID, "%s", fault.reason);
    }
    cr_expect_str_eq(fault.key, "listen.addresses");
}

/* `count` entries under a key, each made by the format from its number. */
static char *make_list(const char *head, const char *format, unsigned count)
{
    size_t room = strlen(head) + (size_t)count * 64 + 1;
    char *text = malloc(room);
    cr_assert_not_null(text);
    size_t used = (size_t)snprintf(text, room, "%s", head);
    for (unsigned i = 0; i < count; i++) {
        char address[32];
        (void)snprintf(address, sizeof address, "10.%u.%u.%u", i >> 16, i >> 8 & 255, i & 255);
        used += (size_t)snprintf(text + used, room - used, format, address);
    }
    return text;
}

static void expect_limit(const char *head, const char *format, unsigned count, const char *key)
{
    for (unsigned extra = 0; extra < 2; extra++) {
        char *text = make_list(head, format, count + extra);
        enum pce_status status = read_text(text);
        cr_expect_eq(status, extra == 0 ? PCE_OK : PCE_INVALID, "%s + %u: %s", key, extra,
                     fault.reason);
        free(text);
    }
    cr_expect_str_eq(fault.key, key);
    config_fini(&config);
}

Test(config, lists_are_held_to_their_limits)
{
    expect_limit("peers:\n", "  - {prefix: %s}\n", CONFIG_PEERS_MAX, "peers");
    expect_limit("peer-groups:\n", "  - {name: %s}\n", CONFIG_GROUPS_MAX, "peer-groups");
    expect_limit("access:\n  permit:\n", "    - %s\n", CONFIG_PREFIXES_MAX, "access.permit");
    expect_limit("access:\n  permit: [192.0.2.1]\n  deny:\n", "    - %s\n", CONFIG_PREFIXES_MAX - 1,
                 "access");
    expect_limit("delegation-rules:\n", "  - {name: %s, delegation: accept}\n", CONFIG_RULES_MAX,
                 "delegation-rules");
}

Test(config, a_key_of_tcp_segments_and_a_name_have_their_lengths)
{
    char text[512];
    for (int extra = 0; extra < 2; extra++) {
        (void)snprintf(text, sizeof text, "peers: [{prefix: 192.0.2.1, md5-key: \"%0*d\"}]\n",
                       TCP_KEY_SIZE_MAX + extra, 0);
        cr_expect_eq(read_text(text), extra == 0 ? PCE_OK : PCE_INVALID, "%s", fault.reason);
        (void)snprintf(text, sizeof text, "peer-groups: [{name: \"%0*d\"}]\n",
                       CONFIG_NAME_SIZE - 1 + extra, 0);
        cr_expect_eq(read_text(text), extra == 0 ? PCE_OK : PCE_INVALID, "%s", fault.reason);
        (void)snprintf(text, sizeof text,
                       "delegation-rules: [{name: \"%0*d\", delegation: refuse}]\n",
                       LSP_DELEGATION_PATTERN_SIZE - 1 + extra, 0);
        cr_expect_eq(read_text(text), extra == 0 ? PCE_OK : PCE_INVALID, "%s", fault.reason);
    }
    config_fini(&config);
}

Test(config, more_values_than_the_outline_holds_are_refused)
{
    static char text[CONFIG_OUTLINE_ENTRIES_MAX * 12];
    struct config_outline outline;
    for (unsigned extra = 0; extra < 2; extra++) {
        size_t used = 0;
        for (unsigned i = 0; i < CONFIG_OUTLINE_ENTRIES_MAX - 1 + extra; i++)
            used += (size_t)snprintf(text + used, sizeof text - used, "k%u: 1\n", i);
        enum pce_status status = config_outline_create(text, used, &outline, &fault);
        cr_expect_eq(status, extra == 0 ? PCE_OK : PCE_LIMIT);
        config_outline_destroy(&outline);
    }
}

Test(config, rules_of_delegation_are_read_in_their_order)
{
    cr_assert_eq(read_text("delegation-rules:\n  - {name: \"a*\", delegation: refuse}\n"
                           "  - {setup-type: srv6, delegation: accept}\n"),
                 PCE_OK);
    cr_assert_eq(config.lists->rule_count, 2);
    const struct lsp_delegation_rule *rules = config.lists->rules;
    cr_assert_not_null(rules);
    cr_expect_str_eq(rules[0].pattern, "a*");
    cr_expect_eq(rules[0].setup_type, LSP_DELEGATION_ANY_SETUP);
    cr_expect_not(rules[0].accepts);
    cr_expect_str_eq(rules[1].pattern, "*");
    cr_expect_eq(rules[1].setup_type, 3);
    cr_expect(rules[1].accepts);
    config_fini(&config);
}

Test(config, compare_names_each_key_that_changed)
{
    static struct config before;
    struct changes changes = {.count = 0};
    cr_assert_eq(read_text(""), PCE_OK);
    before = config;
    config_compare(&before, &config, on_change, &changes);
    cr_expect_eq(changes.count, 0);
    cr_assert_eq(read_text("listen: {addresses: [127.0.0.1]}\n"), PCE_OK);
    config_compare(&before, &config, on_change, &changes);
    cr_expect_eq(changes.count, 1);
    cr_expect_str_eq(changes.last, "listen.addresses");
    cr_expect_eq(changes.apply, CONFIG_APPLY_RESTART);
    cr_assert_eq(read_text("session: {keepalive: 29}\nlog: {level: error}\n"), PCE_OK);
    config_compare(&before, &config, on_change, &changes);
    cr_expect_eq(changes.count, 3);
    cr_assert_eq(read_text("access: {deny: [192.0.2.0/24]}\npeers: [{prefix: 192.0.2.1}]\n"
                           "peer-groups: [{name: a}]\n"),
                 PCE_OK);
    config_compare(&before, &config, on_change, &changes);
    cr_expect_eq(changes.count, 6);
    cr_expect_str_eq(changes.last, "peers");
    before = config;
    config.lists = NULL;
    cr_assert_eq(read_text("access: {deny: [192.0.2.0/24]}\npeers: [{prefix: 192.0.2.2}]\n"
                           "peer-groups: [{name: a}]\n"),
                 PCE_OK);
    config_compare(&before, &config, on_change, &changes);
    cr_expect_eq(changes.count, 7);
    config_fini(&before);
    config_fini(&config);
}

Test(config, compare_names_rules_of_delegation_that_changed)
{
    static struct config before;
    struct changes changes = {.count = 0};
    cr_assert_eq(read_text("delegation-rules: [{delegation: refuse}]\n"), PCE_OK);
    before = config;
    config.lists = NULL;
    cr_assert_eq(read_text("delegation-rules: [{delegation: refuse}]\n"), PCE_OK);
    config_compare(&before, &config, on_change, &changes);
    cr_expect_eq(changes.count, 0);
    config_fini(&config);
    cr_assert_eq(read_text("delegation-rules: [{delegation: accept}]\n"), PCE_OK);
    config_compare(&before, &config, on_change, &changes);
    cr_expect_eq(changes.count, 1);
    cr_expect_str_eq(changes.last, "delegation-rules");
    config_fini(&before);
    config_fini(&config);
}

Test(config, a_fault_is_formatted_as_file_line_key_reason)
{
    char text[256];
    struct config_fault it = {.line = 7, .key = "a.b", .reason = "is wrong"};
    config_format_fault(&it, "x.yaml", text, sizeof text);
    cr_expect_str_eq(text, "x.yaml:7: a.b: is wrong");
    it.key[0] = '\0';
    config_format_fault(&it, "x.yaml", text, sizeof text);
    cr_expect_str_eq(text, "x.yaml:7: is wrong");
    it.line = 0;
    config_format_fault(&it, "x.yaml", text, sizeof text);
    cr_expect_str_eq(text, "x.yaml: is wrong");
}

Test(config, a_file_that_is_not_there_is_named)
{
    char text[512];
    cr_expect_eq(config_read_file("/nowhere/pced.yaml", &config, text, sizeof text), PCE_NOT_FOUND);
    cr_expect_not_null(strstr(text, "/nowhere/pced.yaml"));
}

Test(config, the_sample_of_the_repository_is_good)
{
    char text[512];
    cr_expect_eq(config_read_file(PCED_SOURCE_DIR "/deploy/pced.yaml", &config, text, sizeof text),
                 PCE_OK, "%s", text);
    cr_expect_str_eq(config.topology.file, PCED_SOURCE_DIR "/deploy/topologies/national.yaml");
}

/* docs/CONFIGURATION.md holds the printed table, word for word. */
Test(config, the_documentation_holds_the_table_of_keys)
{
    char *printed = NULL;
    size_t printed_size = 0;
    FILE *stream = open_memstream(&printed, &printed_size);
    cr_assert_not_null(stream);
    config_print_keys(stream);
    cr_assert_eq(fclose(stream), 0);
    FILE *file = fopen(PCED_SOURCE_DIR "/docs/CONFIGURATION.md", "rb");
    cr_assert_not_null(file, "docs/CONFIGURATION.md is missing");
    static char document[1 << 18];
    size_t size = fread(document, 1, sizeof document - 1, file);
    (void)fclose(file);
    document[size] = '\0';
    cr_expect_not_null(strstr(document, printed),
                       "run pced --print-config-keys and put its output into the document");
    free(printed);
}

Test(config, a_byte_order_mark_is_no_part_of_the_text)
{
    static const char text[] = "\xef\xbb\xbflog:\n  level: debug\n";
    static const char utf16[] = "\xff\xfel\0o\0g\0:\0\n\0 \0l\0e\0v\0e\0l\0:\0 \0d\0e\0b\0u\0g\0\n";
    const struct {
        const char *text;
        size_t size;
    } marked[] = {{text, sizeof text - 1}, {utf16, sizeof utf16}};
    for (unsigned i = 0; i < 2; i++) {
        config_fini(&config);
        enum pce_status status = config_read(marked[i].text, marked[i].size, "", &config, &fault);
        cr_assert_eq(status, PCE_OK, "%u", i);
        cr_expect_eq(config.log.level, CONFIG_LOG_LEVEL_DEBUG);
    }
}
