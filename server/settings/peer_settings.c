#include "server/settings/peer_settings.h"

#include "core/base/check.h"
#include "server/settings/session_config.h"

#include <stdlib.h>
#include <string.h>

#define NO_PARENT UINT32_MAX

/* Sorted by prefix, shorter ones first: the entry before or at an address is the longest match or
 * lies within it, and `parents` leads from each prefix to the one around it. */
struct peer_table {
    uint32_t count;
    uint32_t settings_count;
    struct peer_entry *entries;
    uint32_t *parents;
    struct peer_settings
        *settings; /* the defaults, one for each group, and those of single peers */
};

static struct peer_settings settings_of(const struct config *config, uint32_t index)
{
    return (struct peer_settings){
        .index = index,
        .send_hold_s = config->session.send_hold_s,
        .send_hold_grace_s = config->session.send_hold_grace_s,
        .pending_soft = config->limits.pending_soft,
        .pending_hard = config->limits.pending_hard,
        .requests_in_flight_max = config->limits.requests_in_flight_max,
        .session = session_config_of(config),
    };
}

static const struct config_overrides *group_of(const struct config_lists *lists,
                                               const struct config_peer *peer)
{
    return peer->group == CONFIG_NO_GROUP ? NULL : &lists->groups[peer->group].own;
}

/* Settings of its own only where the peer names a value of its own. */
static const struct peer_settings *settle(struct peer_table *table, const struct config *config,
                                          const struct config_peer *peer)
{
    const struct config_overrides *group = group_of(config->lists, peer);
    if (peer->own.count == 0)
        return &table->settings[group == NULL ? 0 : 1 + peer->group];
    struct config *whole = malloc(sizeof *whole);
    if (whole == NULL)
        return NULL;
    *whole = *config;
    if (group != NULL)
        config_override(whole, group);
    config_override(whole, &peer->own);
    struct peer_settings *settings = &table->settings[table->settings_count];
    *settings = settings_of(whole, table->settings_count++);
    free(whole);
    return settings;
}

static bool settle_groups(struct peer_table *table, const struct config *config)
{
    struct config *whole = malloc(sizeof *whole);
    if (whole == NULL)
        return false;
    for (uint32_t i = 0; i < config->lists->group_count; i++) {
        *whole = *config;
        config_override(whole, &config->lists->groups[i].own);
        table->settings[1 + i] = settings_of(whole, 1 + i);
    }
    table->settings_count = 1 + config->lists->group_count;
    free(whole);
    return true;
}

static bool add_entry(struct peer_table *table, const struct config *config,
                      const struct config_peer *peer)
{
    const struct config_overrides *group = group_of(config->lists, peer);
    const struct peer_settings *settings = settle(table, config, peer);
    struct peer_entry *entry = &table->entries[table->count++];
    if (settings == NULL)
        return false;
    *entry = (struct peer_entry){
        .prefix = peer->prefix.ip,
        .bits = peer->prefix.bits,
        .settings = settings,
        .tcp_key = peer->own.tcp_key,
        .connect = peer->connect,
    };
    if (entry->tcp_key.size == 0 && group != NULL)
        entry->tcp_key = group->tcp_key;
    entry->has_tcp_key = entry->tcp_key.size > 0;
    entry->tcp_key.prefix = entry->prefix;
    entry->tcp_key.bits = entry->bits;
    return true;
}

static int compare(const void *left, const void *right)
{
    const struct peer_entry *a = left;
    const struct peer_entry *b = right;
    int order = ip_compare(&a->prefix, &b->prefix);
    return order != 0 ? order : (int)a->bits - (int)b->bits;
}

static bool is_around(const struct peer_entry *entry, const struct ip *address)
{
    return entry->prefix.family == address->family &&
           ip_is_within(address, &entry->prefix, entry->bits);
}

static void find_parents(struct peer_table *table)
{
    for (uint32_t i = 0; i < table->count; i++) {
        uint32_t parent = i == 0 ? NO_PARENT : i - 1;
        while (parent != NO_PARENT &&
               !is_around(&table->entries[parent], &table->entries[i].prefix))
            parent = table->parents[parent];
        table->parents[i] = parent;
    }
}

static bool fill(struct peer_table *table, const struct config *config)
{
    const struct config_lists *lists = config->lists;
    uint32_t peer_count = lists == NULL ? 0 : lists->peer_count;
    uint32_t group_count = lists == NULL ? 0 : lists->group_count;
    table->settings = calloc(1 + (size_t)group_count + peer_count, sizeof *table->settings);
    table->entries = calloc((size_t)peer_count + 1, sizeof *table->entries);
    table->parents = calloc((size_t)peer_count + 1, sizeof *table->parents);
    if (table->settings == NULL || table->entries == NULL || table->parents == NULL)
        return false;
    table->settings[0] = settings_of(config, 0);
    table->settings_count = 1;
    if (lists != NULL && !settle_groups(table, config))
        return false;
    for (uint32_t i = 0; i < peer_count; i++) {
        if (!add_entry(table, config, &lists->peers[i]))
            return false;
    }
    qsort(table->entries, table->count, sizeof *table->entries, compare);
    find_parents(table);
    return true;
}

struct peer_table *peer_table_create(const struct config *config)
{
    struct peer_table *table = calloc(1, sizeof *table);
    if (table == NULL || fill(table, config))
        return table;
    peer_table_destroy(table);
    return NULL;
}

void peer_table_destroy(struct peer_table *table)
{
    if (table == NULL)
        return;
    if (table->entries != NULL)
        explicit_bzero(table->entries, table->count * sizeof *table->entries);
    free(table->entries);
    free(table->parents);
    free(table->settings);
    free(table);
}

/* The last entry that is not behind the address. */
static uint32_t find_before(const struct peer_table *table, const struct ip *address)
{
    uint32_t low = 0;
    uint32_t high = table->count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (ip_compare(&table->entries[middle].prefix, address) <= 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low == 0 ? NO_PARENT : low - 1;
}

const struct peer_entry *peer_table_find(const struct peer_table *table, const struct ip *address)
{
    uint32_t index = find_before(table, address);
    while (index != NO_PARENT && !is_around(&table->entries[index], address))
        index = table->parents[index];
    return index == NO_PARENT ? NULL : &table->entries[index];
}

const struct peer_settings *peer_settings_find(const struct peer_table *table,
                                               const struct ip *address)
{
    const struct peer_entry *entry = peer_table_find(table, address);
    return entry == NULL ? &table->settings[0] : entry->settings;
}

uint32_t peer_table_count(const struct peer_table *table)
{
    return table->count;
}

const struct peer_entry *peer_table_at(const struct peer_table *table, uint32_t index)
{
    CHECK(index < table->count);
    return &table->entries[index];
}

uint32_t peer_table_settings_count(const struct peer_table *table)
{
    return table->settings_count;
}
