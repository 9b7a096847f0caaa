#include "server/settings/peer_settings.h"

#include "core/base/check.h"

#include <stdlib.h>
#include <string.h>

#define NO_PARENT UINT32_MAX

/* Sorted by prefix, shorter ones first: the entry before or at an address is the longest match or
 * lies within it, and `parents` leads from each prefix to the one around it. */
struct peer_table {
    uint32_t count;
    uint32_t policy_count;
    struct peer_entry *entries;
    uint32_t *parents;
    struct peer_policy **policies; /* the defaults, one for each group, and those of single peers */
};

/* What a configuration is being made into. */
struct making {
    struct peer_table *table;
    const struct config *config;
    uint64_t generation;
};

static const struct config_overrides *group_of(const struct config_lists *lists,
                                               const struct config_peer *peer)
{
    return peer->group == CONFIG_NO_GROUP ? NULL : &lists->groups[peer->group].own;
}

/* The policy of the configuration with up to two sets of values in place of its own; the table's.
 */
static struct peer_policy *make_policy(const struct making *making,
                                       const struct config_overrides *group,
                                       const struct config_overrides *own)
{
    struct config *whole = malloc(sizeof *whole);
    if (whole == NULL)
        return NULL;
    *whole = *making->config;
    if (group != NULL)
        config_override(whole, group);
    if (own != NULL)
        config_override(whole, own);
    struct peer_policy *policy = peer_policy_create(whole, making->generation);
    if (policy != NULL)
        making->table->policies[making->table->policy_count++] = policy;
    free(whole);
    return policy;
}

/* One of its own only where the peer names a value of its own. */
static struct peer_policy *policy_of(const struct making *making, const struct config_peer *peer)
{
    const struct config_overrides *group = group_of(making->config->lists, peer);
    if (peer->own.count == 0)
        return making->table->policies[group == NULL ? 0 : 1 + peer->group];
    return make_policy(making, group, &peer->own);
}

static bool add_entry(const struct making *making, const struct config_peer *peer)
{
    const struct config_overrides *group = group_of(making->config->lists, peer);
    struct peer_policy *policy = policy_of(making, peer);
    struct peer_entry *entry = &making->table->entries[making->table->count++];
    if (policy == NULL)
        return false;
    *entry = (struct peer_entry){
        .prefix = peer->prefix.ip,
        .bits = peer->prefix.bits,
        .policy = policy,
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

static int peer_settings_compare(const void *left, const void *right)
{
    const struct peer_entry *a = left;
    const struct peer_entry *b = right;
    int order = ip_compare(&a->prefix, &b->prefix);
    return order != 0 ? order : (int)a->bits - (int)b->bits;
}

static bool peer_settings_is_around(const struct peer_entry *entry, const struct ip *address)
{
    return entry->prefix.family == address->family &&
           ip_is_within(address, &entry->prefix, entry->bits);
}

static void peer_settings_find_parents(struct peer_table *table)
{
    for (uint32_t i = 0; i < table->count; i++) {
        uint32_t parent = i == 0 ? NO_PARENT : i - 1;
        while (parent != NO_PARENT &&
               !peer_settings_is_around(&table->entries[parent], &table->entries[i].prefix))
            parent = table->parents[parent];
        CHECK(parent == NO_PARENT || parent < i); /* so that a walk up ends */
        table->parents[i] = parent;
    }
}

static bool peer_settings_fill(const struct making *making)
{
    struct peer_table *table = making->table;
    const struct config_lists *lists = making->config->lists;
    uint32_t peer_count = lists == NULL ? 0 : lists->peer_count;
    uint32_t group_count = lists == NULL ? 0 : lists->group_count;
    /* Pointers: that is what is meant. NOLINTNEXTLINE(bugprone-sizeof-expression) */
    table->policies = calloc(1 + (size_t)group_count + peer_count, sizeof *table->policies);
    table->entries = calloc((size_t)peer_count + 1, sizeof *table->entries);
    table->parents = calloc((size_t)peer_count + 1, sizeof *table->parents);
    if (table->policies == NULL || table->entries == NULL || table->parents == NULL ||
        make_policy(making, NULL, NULL) == NULL)
        return false;
    for (uint32_t i = 0; i < group_count; i++) {
        if (make_policy(making, &lists->groups[i].own, NULL) == NULL)
            return false;
    }
    for (uint32_t i = 0; i < peer_count; i++) {
        if (!add_entry(making, &lists->peers[i]))
            return false;
    }
    qsort(table->entries, table->count, sizeof *table->entries, peer_settings_compare);
    peer_settings_find_parents(table);
    return true;
}

struct peer_table *peer_table_create(const struct config *config, uint64_t generation)
{
    const struct making making = {calloc(1, sizeof *making.table), config, generation};
    if (making.table == NULL || peer_settings_fill(&making))
        return making.table;
    peer_table_destroy(making.table);
    return NULL;
}

void peer_table_destroy(struct peer_table *table)
{
    if (table == NULL)
        return;
    if (table->entries != NULL)
        explicit_bzero(table->entries, table->count * sizeof *table->entries);
    for (uint32_t i = 0; i < table->policy_count; i++)
        peer_policy_release(table->policies[i]);
    free(table->entries);
    free(table->parents);
    free((void *)table->policies);
    free(table);
}

/* The last entry that is not behind the address. */
static uint32_t peer_settings_find_before(const struct peer_table *table, const struct ip *address)
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
    uint32_t index = peer_settings_find_before(table, address);
    while (index != NO_PARENT && !peer_settings_is_around(&table->entries[index], address))
        index = table->parents[index];
    return index == NO_PARENT ? NULL : &table->entries[index];
}

struct peer_policy *peer_table_policy(const struct peer_table *table, const struct ip *address)
{
    const struct peer_entry *entry = peer_table_find(table, address);
    return entry == NULL ? table->policies[0] : entry->policy;
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

uint32_t peer_table_policy_count(const struct peer_table *table)
{
    return table->policy_count;
}
