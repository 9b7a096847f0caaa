#include "server/settings/settings.h"

#include "core/base/check.h"

#include <stdlib.h>

static size_t put_entries(struct access_entry *entries, const struct config_prefixes *prefixes,
                          bool is_permitted)
{
    for (uint32_t i = 0; i < prefixes->count; i++)
        entries[i] = (struct access_entry){.prefix = prefixes->items[i].ip,
                                           .bits = prefixes->items[i].bits,
                                           .is_permitted = is_permitted};
    return prefixes->count;
}

/* False when memory ran out; the configuration has no more entries than a list takes, none of which
 * contradicts another one. */
static bool make_access(const struct config *config, struct access_list **list)
{
    const struct config_lists *lists = config->lists;
    bool is_permitted = config->access.policy == CONFIG_ACCESS_POLICY_PERMIT;
    size_t room = lists == NULL ? 0 : (size_t)lists->permit.count + lists->deny.count;
    struct access_entry *entries = calloc(room + 1, sizeof *entries);
    size_t count = 0;
    if (entries == NULL)
        return false;
    if (lists != NULL) {
        count = put_entries(entries, &lists->permit, true);
        count += put_entries(entries + count, &lists->deny, false);
    }
    _Static_assert(CONFIG_PREFIXES_MAX <= ACCESS_ENTRIES_MAX, "a list takes them all");
    enum pce_status status = access_list_create(entries, count, is_permitted, list);
    free(entries);
    return status == PCE_OK;
}

struct settings *settings_create(const struct config *config, uint64_t generation)
{
    struct settings *settings = calloc(1, sizeof *settings);
    if (settings == NULL)
        return NULL;
    settings->generation = generation;
    settings->pending_total = (uint64_t)config->limits.pending_total_mib << 20;
    settings->config = *config;
    settings->config.lists = NULL;
    settings->peers = peer_table_create(config);
    if (settings->peers != NULL && make_access(config, &settings->access))
        return settings;
    settings_destroy(settings);
    return NULL;
}

void settings_destroy(void *settings)
{
    struct settings *self = settings;
    access_list_destroy(self->access);
    peer_table_destroy(self->peers);
    free(self);
}

void settings_cache_fini(struct settings_cache *cache)
{
    for (uint32_t i = 0; i < cache->count; i++) {
        if (cache->items[i] != NULL)
            session_settings_release(cache->items[i]);
    }
    free(cache->items);
    *cache = (struct settings_cache){.generation = 0};
}

static bool renew(struct settings_cache *cache, const struct settings *settings)
{
    uint32_t count = peer_table_settings_count(settings->peers);
    settings_cache_fini(cache);
    /* Pointers: that is what is meant. NOLINTNEXTLINE(bugprone-sizeof-expression) */
    cache->items = calloc(count, sizeof *cache->items);
    if (cache->items == NULL)
        return false;
    cache->count = count;
    cache->generation = settings->generation;
    return true;
}

struct session_settings *settings_cache_borrow(struct settings_cache *cache,
                                               const struct settings *settings,
                                               const struct ip *address)
{
    const struct peer_settings *own = peer_settings_find(settings->peers, address);
    if (cache->generation != settings->generation && !renew(cache, settings))
        return NULL;
    struct session_settings **item = &cache->items[own->index];
    if (*item != NULL)
        return session_settings_borrow(*item);
    struct session_settings *made = malloc(sizeof *made);
    if (made == NULL)
        return NULL;
    *made = (struct session_settings){
        .generation = settings->generation,
        .index = own->index,
        .user_count = 1,
        .pending_soft = own->pending_soft,
        .pending_hard = own->pending_hard,
        .requests_in_flight_max = own->requests_in_flight_max,
        .send_hold_s = own->send_hold_s,
        .send_hold_sample_s = (uint16_t)settings->config.session.send_hold_sample_s,
        .send_hold_grace_s = (uint16_t)own->send_hold_grace_s,
        .session = own->session,
    };
    *item = made;
    return session_settings_borrow(made);
}

struct session_settings *session_settings_borrow(struct session_settings *settings)
{
    settings->user_count++;
    return settings;
}

void session_settings_release(struct session_settings *settings)
{
    CHECK(settings->user_count > 0);
    if (--settings->user_count == 0)
        free(settings);
}
