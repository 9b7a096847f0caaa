#include "server/settings/settings.h"

#include <stdlib.h>
#include <string.h>

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

static bool copy_rules(const struct config_lists *lists, struct settings *settings)
{
    if (lists == NULL || lists->rule_count == 0)
        return true;
    settings->rules = calloc(lists->rule_count, sizeof *settings->rules);
    if (settings->rules == NULL)
        return false;
    memcpy(settings->rules, lists->rules, lists->rule_count * sizeof *settings->rules);
    settings->rule_count = lists->rule_count;
    return true;
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
    settings->peers = peer_table_create(config, generation);
    if (settings->peers != NULL && make_access(config, &settings->access) &&
        copy_rules(config->lists, settings))
        return settings;
    settings_destroy(settings);
    return NULL;
}

void settings_destroy(void *settings)
{
    struct settings *self = settings;
    access_list_destroy(self->access);
    peer_table_destroy(self->peers);
    free(self->rules);
    free(self);
}
