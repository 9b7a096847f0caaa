#include "server/config/config_peers.h"

#include "core/base/check.h"
#include "core/base/number.h"
#include "server/config/config_impl.h"

#include <stdlib.h>
#include <string.h>

#define DEFAULT_PORT   4189
#define DEFAULT_KEY_ID 1

/* One group or peer while its members are read. */
struct reading {
    const struct config_outline *outline;
    struct config_fault *fault;
    struct config *config;
    char path[CONFIG_OUTLINE_PATH_SIZE]; /* "peers[3]" */
    struct config_overrides *own;
    struct config_group *group; /* NULL when it is a peer */
    struct config_peer *peer;
    bool has_name; /* or prefix */
    bool has_key_ids;
};

struct member {
    const char *name;
    enum pce_status (*read)(struct reading *reading, const struct config_outline_entry *entry);
    bool is_mapping;
};

enum pce_status config_list_size(const struct config_outline *outline, const char *key,
                                 uint32_t count_max, uint32_t *count, struct config_fault *fault)
{
    char path[CONFIG_OUTLINE_PATH_SIZE];
    const struct config_outline_entry *entry = config_outline_find(outline, key);
    *count = 0;
    if (entry == NULL)
        return PCE_OK;
    if (entry->kind != CONFIG_OUTLINE_SEQUENCE)
        return config_refuse(fault, outline, key, "must be a list");
    do {
        (void)snprintf(path, sizeof path, "%s[%u]", key, *count);
    } while (config_outline_find(outline, path) != NULL && (*count)++ < count_max);
    if (*count > count_max)
        return config_refuse(fault, outline, key, "has more than %u entries", count_max);
    return PCE_OK;
}

/* ---- members ---- */

static enum pce_status peers_read_name(struct reading *reading,
                                       const struct config_outline_entry *entry)
{
    CHECK(reading->group != NULL);
    const struct config_lists *lists = reading->config->lists;
    size_t size = strlen(entry->value);
    if (size == 0 || size >= CONFIG_NAME_SIZE)
        return config_refuse(reading->fault, reading->outline, entry->path,
                             "must have 1 to %d octets", CONFIG_NAME_SIZE - 1);
    for (const struct config_group *group = lists->groups; group < reading->group; group++) {
        if (strcmp(group->name, entry->value) == 0)
            return config_refuse(reading->fault, reading->outline, entry->path,
                                 "there is a group of this name already");
    }
    memcpy(reading->group->name, entry->value, size + 1);
    reading->has_name = true;
    return PCE_OK;
}

static enum pce_status peers_read_prefix(struct reading *reading,
                                         const struct config_outline_entry *entry)
{
    CHECK(reading->peer != NULL);
    const char *reason;
    struct config_prefix *prefix = &reading->peer->prefix;
    if (!config_parse_prefix(entry->value, prefix, &reason))
        return config_refuse(reading->fault, reading->outline, entry->path, "\"%.60s\": %s",
                             entry->value, reason);
    prefix->line = entry->line;
    reading->has_name = true;
    return PCE_OK;
}

static enum pce_status read_group(struct reading *reading, const struct config_outline_entry *entry)
{
    const struct config_lists *lists = reading->config->lists;
    for (uint32_t i = 0; i < lists->group_count; i++) {
        if (strcmp(lists->groups[i].name, entry->value) != 0)
            continue;
        reading->peer->group = i;
        return PCE_OK;
    }
    return config_refuse(reading->fault, reading->outline, entry->path,
                         "there is no group \"%.60s\"", entry->value);
}

const char *config_tcp_key_text(enum tcp_key_kind kind)
{
    return kind == TCP_KEY_AO ? "TCP-AO (Linux 6.7 with CONFIG_TCP_AO)"
                              : "TCP-MD5 (CONFIG_TCP_MD5SIG)";
}

/* The secret itself is in no message. */
static enum pce_status read_secret(struct reading *reading,
                                   const struct config_outline_entry *entry, enum tcp_key_kind kind)
{
    struct tcp_key *key = &reading->own->tcp_key;
    size_t size = strlen(entry->value);
    if (key->size > 0)
        return config_refuse(reading->fault, reading->outline, entry->path,
                             "there is another key already: md5-key or tcp-ao-key, not both");
    if (size == 0 || size > TCP_KEY_SIZE_MAX)
        return config_refuse(reading->fault, reading->outline, entry->path,
                             "must have 1 to %d octets", TCP_KEY_SIZE_MAX);
    if (!tcp_key_is_supported(kind))
        return config_refuse(reading->fault, reading->outline, entry->path,
                             "the kernel of this machine has no %s", config_tcp_key_text(kind));
    key->kind = (uint8_t)kind;
    key->size = (uint8_t)size;
    memcpy(key->octets, entry->value, size);
    return PCE_OK;
}

static enum pce_status read_md5_key(struct reading *reading,
                                    const struct config_outline_entry *entry)
{
    return read_secret(reading, entry, TCP_KEY_MD5);
}

static enum pce_status read_ao_key(struct reading *reading,
                                   const struct config_outline_entry *entry)
{
    return read_secret(reading, entry, TCP_KEY_AO);
}

static enum pce_status peers_read_number(struct reading *reading,
                                         const struct config_outline_entry *entry, uint32_t min,
                                         uint32_t max, uint32_t *value)
{
    uint64_t number;
    if (!number_parse(entry->value, max, &number) || number < min)
        return config_refuse(reading->fault, reading->outline, entry->path,
                             "must be a whole number from %u to %u", min, max);
    *value = (uint32_t)number;
    return PCE_OK;
}

static enum pce_status read_send_id(struct reading *reading,
                                    const struct config_outline_entry *entry)
{
    uint32_t value = 0;
    enum pce_status status = peers_read_number(reading, entry, 0, UINT8_MAX, &value);
    reading->own->tcp_key.send_id = (uint8_t)value;
    reading->has_key_ids = true;
    return status;
}

static enum pce_status read_receive_id(struct reading *reading,
                                       const struct config_outline_entry *entry)
{
    uint32_t value = 0;
    enum pce_status status = peers_read_number(reading, entry, 0, UINT8_MAX, &value);
    reading->own->tcp_key.receive_id = (uint8_t)value;
    reading->has_key_ids = true;
    return status;
}

static enum pce_status read_connect(struct reading *reading,
                                    const struct config_outline_entry *entry)
{
    (void)entry;
    reading->peer->connect.is_on = true;
    return PCE_OK;
}

static enum pce_status peers_read_ip(struct reading *reading,
                                     const struct config_outline_entry *entry, struct ip *ip)
{
    if (!ip_parse(entry->value, ip) || ip_is_unspecified(ip))
        return config_refuse(reading->fault, reading->outline, entry->path,
                             "\"%.60s\" is no address of a machine", entry->value);
    return PCE_OK;
}

static enum pce_status read_to(struct reading *reading, const struct config_outline_entry *entry)
{
    return peers_read_ip(reading, entry, &reading->peer->connect.address);
}

static enum pce_status read_from(struct reading *reading, const struct config_outline_entry *entry)
{
    return peers_read_ip(reading, entry, &reading->peer->connect.local_address);
}

static enum pce_status read_to_port(struct reading *reading,
                                    const struct config_outline_entry *entry)
{
    uint32_t value = 0;
    enum pce_status status = peers_read_number(reading, entry, 1, UINT16_MAX, &value);
    reading->peer->connect.port = (uint16_t)value;
    return status;
}

static enum pce_status read_from_port(struct reading *reading,
                                      const struct config_outline_entry *entry)
{
    uint32_t value = 0;
    enum pce_status status = peers_read_number(reading, entry, 0, UINT16_MAX, &value);
    reading->peer->connect.local_port = (uint16_t)value;
    return status;
}

static const struct member group_members[] = {
    {"name", peers_read_name, false},
    {"md5-key", read_md5_key, false},
    {"tcp-ao-key", read_ao_key, false},
    {"tcp-ao-send-id", read_send_id, false},
    {"tcp-ao-receive-id", read_receive_id, false},
    {NULL, NULL, false},
};

static const struct member peer_members[] = {
    {"prefix", peers_read_prefix, false},
    {"group", read_group, false},
    {"md5-key", read_md5_key, false},
    {"tcp-ao-key", read_ao_key, false},
    {"tcp-ao-send-id", read_send_id, false},
    {"tcp-ao-receive-id", read_receive_id, false},
    {"connect", read_connect, true},
    {"connect.address", read_to, false},
    {"connect.port", read_to_port, false},
    {"connect.local-address", read_from, false},
    {"connect.local-port", read_from_port, false},
    {NULL, NULL, false},
};

static const struct config_key *peers_find_row(const char *name)
{
    for (size_t i = 0; i < config_peer_key_count; i++) {
        if (strcmp(config_peer_keys[i].key, name) == 0)
            return config_key_get(config_peer_keys[i].section, name);
    }
    return NULL;
}

static enum pce_status read_override(struct reading *reading, const struct config_key *key,
                                     const struct config_outline_entry *entry)
{
    struct config_overrides *own = reading->own;
    enum pce_status status = config_check_scalar(key, entry, reading->outline, reading->fault);
    if (status != PCE_OK)
        return status;
    CHECK(own->count < CONFIG_PEER_KEY_COUNT); /* no key stands twice */
    own->items[own->count].key = (uint32_t)(key - config_table);
    own->items[own->count].value = config_scalar_value(key, entry->value);
    own->count++;
    return PCE_OK;
}

static enum pce_status peers_read_member(struct reading *reading,
                                         const struct config_outline_entry *entry)
{
    const char *name = entry->path + strlen(reading->path) + 1;
    const struct member *member = reading->group != NULL ? group_members : peer_members;
    while (member->name != NULL && strcmp(member->name, name) != 0)
        member++;
    const struct config_key *row = peers_find_row(name);
    if (member->name == NULL && row == NULL)
        return config_refuse(reading->fault, reading->outline, entry->path, "there is no such key");
    bool is_mapping = member->name != NULL && member->is_mapping;
    if (entry->kind != (is_mapping ? CONFIG_OUTLINE_MAPPING : CONFIG_OUTLINE_SCALAR))
        return config_refuse(reading->fault, reading->outline, entry->path, "must be a %s",
                             is_mapping ? "mapping" : "single value");
    return row != NULL ? read_override(reading, row, entry) : member->read(reading, entry);
}

/* ---- a whole entry ---- */

void config_override(struct config *config, const struct config_overrides *overrides)
{
    for (uint32_t i = 0; i < overrides->count; i++) {
        const struct config_key *key = &config_table[overrides->items[i].key];
        char *member = (char *)config + key->offset;
        if (key->kind == CONFIG_KIND_BOOL)
            *(bool *)(void *)member = overrides->items[i].value != 0;
        else
            memcpy(member, &overrides->items[i].value, sizeof overrides->items[i].value);
    }
}

/* The values with those of the group and the sections, as they will hold for this peer. */
static enum pce_status check_values(struct reading *reading)
{
    static struct config whole; /* large; configurations are read by one thread */
    const struct config_lists *lists = reading->config->lists;
    char path[2 * CONFIG_OUTLINE_PATH_SIZE];
    whole = *reading->config;
    if (reading->peer != NULL && reading->peer->group != CONFIG_NO_GROUP)
        config_override(&whole, &lists->groups[reading->peer->group].own);
    config_override(&whole, reading->own);
    if (config_check(&whole, reading->fault) == PCE_OK)
        return PCE_OK;
    const char *dot = strchr(reading->fault->key, '.');
    (void)snprintf(path, sizeof path, "%s.%s", reading->path, dot == NULL ? "" : dot + 1);
    const struct config_outline_entry *entry = config_outline_find(reading->outline, path);
    if (entry == NULL)
        entry = config_outline_find(reading->outline, reading->path);
    (void)snprintf(reading->fault->key, sizeof reading->fault->key, "%.159s", path);
    reading->fault->line = entry == NULL ? 0 : entry->line;
    return PCE_INVALID;
}

static enum pce_status check_key(struct reading *reading)
{
    const struct tcp_key *key = &reading->own->tcp_key;
    if (reading->has_key_ids && (key->size == 0 || key->kind != TCP_KEY_AO))
        return config_refuse(reading->fault, reading->outline, reading->path,
                             "tcp-ao-send-id and tcp-ao-receive-id need a tcp-ao-key beside them");
    return PCE_OK;
}

static enum pce_status check_connect(struct reading *reading)
{
    const struct config_prefix *prefix = &reading->peer->prefix;
    struct config_connect *connect = &reading->peer->connect;
    if (!connect->is_on)
        return PCE_OK;
    if (connect->address.family == IP_NONE && prefix->bits == 8 * ip_size(&prefix->ip))
        connect->address = prefix->ip;
    if (connect->address.family == IP_NONE)
        return config_refuse(reading->fault, reading->outline, reading->path,
                             "connect.address must be named: the prefix is no single address");
    if (!ip_is_within(&connect->address, &prefix->ip, prefix->bits))
        return config_refuse(reading->fault, reading->outline, reading->path,
                             "connect.address is not within the prefix");
    if (connect->local_address.family != IP_NONE &&
        connect->local_address.family != connect->address.family)
        return config_refuse(reading->fault, reading->outline, reading->path,
                             "connect.local-address and the peer are of different families");
    return PCE_OK;
}

static enum pce_status peers_read_entry(struct reading *reading)
{
    const struct config_outline *outline = reading->outline;
    const struct config_outline_entry *entry = config_outline_find(outline, reading->path);
    size_t size = strlen(reading->path);
    if (entry->kind != CONFIG_OUTLINE_MAPPING)
        return config_refuse(reading->fault, outline, reading->path, "must be a mapping");
    reading->own->tcp_key.send_id = DEFAULT_KEY_ID;
    reading->own->tcp_key.receive_id = DEFAULT_KEY_ID;
    for (entry++; entry < outline->entries + outline->count &&
                  strncmp(entry->path, reading->path, size) == 0 && entry->path[size] == '.';
         entry++) {
        enum pce_status status = peers_read_member(reading, entry);
        if (status != PCE_OK)
            return status;
    }
    if (!reading->has_name)
        return config_refuse(reading->fault, outline, reading->path, "%s must be named",
                             reading->group != NULL ? "name" : "prefix");
    enum pce_status status = check_key(reading);
    return status == PCE_OK ? check_values(reading) : status;
}

enum pce_status config_groups_read(const struct config_outline *outline, struct config *config,
                                   struct config_fault *fault)
{
    struct config_lists *lists = config->lists;
    uint32_t count;
    enum pce_status status =
        config_list_size(outline, "peer-groups", CONFIG_GROUPS_MAX, &count, fault);
    if (status != PCE_OK || count == 0)
        return status;
    lists->groups = calloc(count, sizeof *lists->groups);
    if (lists->groups == NULL)
        return PCE_NO_MEMORY;
    lists->group_count = count;
    for (uint32_t i = 0; status == PCE_OK && i < count; i++) {
        struct config_group *group = &lists->groups[i];
        struct reading reading = {.outline = outline,
                                  .fault = fault,
                                  .config = config,
                                  .own = &group->own,
                                  .group = group};
        (void)snprintf(reading.path, sizeof reading.path, "peer-groups[%u]", i);
        status = peers_read_entry(&reading);
    }
    return status;
}

enum pce_status config_peers_read(const struct config_outline *outline, struct config *config,
                                  struct config_fault *fault)
{
    struct config_lists *lists = config->lists;
    uint32_t count;
    enum pce_status status = config_list_size(outline, "peers", CONFIG_PEERS_MAX, &count, fault);
    if (status != PCE_OK || count == 0)
        return status;
    lists->peers = calloc(count, sizeof *lists->peers);
    if (lists->peers == NULL)
        return PCE_NO_MEMORY;
    lists->peer_count = count;
    for (uint32_t i = 0; status == PCE_OK && i < count; i++) {
        struct config_peer *peer = &lists->peers[i];
        *peer = (struct config_peer){.group = CONFIG_NO_GROUP, .connect = {.port = DEFAULT_PORT}};
        struct reading reading = {
            .outline = outline, .fault = fault, .config = config, .own = &peer->own, .peer = peer};
        (void)snprintf(reading.path, sizeof reading.path, "peers[%u]", i);
        status = peers_read_entry(&reading);
        if (status == PCE_OK)
            status = check_connect(&reading);
    }
    return status;
}

/* ---- comparison ---- */

static bool are_overrides_equal(const struct config_overrides *a, const struct config_overrides *b)
{
    if (a->count != b->count || !tcp_key_is_equal(&a->tcp_key, &b->tcp_key))
        return false;
    for (uint32_t i = 0; i < a->count; i++) {
        if (a->items[i].key != b->items[i].key || a->items[i].value != b->items[i].value)
            return false;
    }
    return true;
}

bool config_groups_are_equal(const struct config_lists *a, const struct config_lists *b)
{
    if (a->group_count != b->group_count)
        return false;
    for (uint32_t i = 0; i < a->group_count; i++) {
        if (strcmp(a->groups[i].name, b->groups[i].name) != 0 ||
            !are_overrides_equal(&a->groups[i].own, &b->groups[i].own))
            return false;
    }
    return true;
}

static bool are_connects_equal(const struct config_connect *a, const struct config_connect *b)
{
    return a->is_on == b->is_on && a->port == b->port && a->local_port == b->local_port &&
           ip_is_equal(&a->address, &b->address) &&
           ip_is_equal(&a->local_address, &b->local_address);
}

bool config_peers_are_equal(const struct config_lists *a, const struct config_lists *b)
{
    if (a->peer_count != b->peer_count)
        return false;
    for (uint32_t i = 0; i < a->peer_count; i++) {
        const struct config_peer *left = &a->peers[i];
        const struct config_peer *right = &b->peers[i];
        if (left->group != right->group || left->prefix.bits != right->prefix.bits ||
            !ip_is_equal(&left->prefix.ip, &right->prefix.ip) ||
            !are_overrides_equal(&left->own, &right->own) ||
            !are_connects_equal(&left->connect, &right->connect))
            return false;
    }
    return true;
}
