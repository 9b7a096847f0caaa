/* The lists of a configuration, from the outline: prefixes here, groups and peers in
 * config_peers.c. */
#include "server/config/config_lists.h"

#include "server/config/config_impl.h"
#include "server/config/config_peers.h"
#include "server/config/config_rules.h"

#include <stdlib.h>
#include <string.h>

void config_lists_destroy(struct config_lists *lists)
{
    if (lists == NULL)
        return;
    free(lists->permit.items);
    free(lists->deny.items);
    if (lists->groups != NULL)
        explicit_bzero(lists->groups, lists->group_count * sizeof *lists->groups);
    if (lists->peers != NULL)
        explicit_bzero(lists->peers, lists->peer_count * sizeof *lists->peers);
    free(lists->groups);
    free(lists->peers);
    if (lists->bgp != NULL)
        explicit_bzero(lists->bgp, sizeof *lists->bgp);
    free(lists->bgp);
    free(lists->rules);
    free(lists);
}

static int lists_compare(const void *left, const void *right)
{
    const struct config_prefix *a = left;
    const struct config_prefix *b = right;
    int order = ip_compare(&a->ip, &b->ip);
    return order != 0 ? order : (int)a->bits - (int)b->bits;
}

/* No prefix twice, in whichever of the lists: sorted copies, so that neighbours tell. */
static enum pce_status refuse_doubles(struct config_prefix *items, uint32_t count, const char *key,
                                      struct config_fault *fault)
{
    qsort(items, count, sizeof *items, lists_compare);
    for (uint32_t i = 1; i < count; i++) {
        if (lists_compare(&items[i - 1], &items[i]) != 0)
            continue;
        uint32_t first = items[i - 1].line < items[i].line ? items[i - 1].line : items[i].line;
        fault->line = items[i - 1].line < items[i].line ? items[i].line : items[i - 1].line;
        (void)snprintf(fault->key, sizeof fault->key, "%s", key);
        (void)snprintf(fault->reason, sizeof fault->reason, "the prefix stands on line %u already",
                       first);
        return PCE_INVALID;
    }
    return PCE_OK;
}

static enum pce_status check_access(const struct config_lists *lists, struct config_fault *fault)
{
    uint32_t count = lists->permit.count + lists->deny.count;
    struct config_prefix *items = calloc(count + 1, sizeof *items);
    if (items == NULL)
        return PCE_NO_MEMORY;
    if (lists->permit.count > 0)
        memcpy(items, lists->permit.items, lists->permit.count * sizeof *items);
    if (lists->deny.count > 0)
        memcpy(items + lists->permit.count, lists->deny.items, lists->deny.count * sizeof *items);
    enum pce_status status = refuse_doubles(items, count, "access", fault);
    free(items);
    return status;
}

static enum pce_status lists_check_peers(const struct config_lists *lists,
                                         struct config_fault *fault)
{
    struct config_prefix *items = calloc(lists->peer_count + 1, sizeof *items);
    if (items == NULL)
        return PCE_NO_MEMORY;
    for (uint32_t i = 0; i < lists->peer_count; i++)
        items[i] = lists->peers[i].prefix;
    enum pce_status status = refuse_doubles(items, lists->peer_count, "peers", fault);
    free(items);
    return status;
}

static enum pce_status lists_read_prefix(const struct config_outline *outline,
                                         const struct config_outline_entry *entry,
                                         struct config_prefix *prefix, struct config_fault *fault)
{
    const char *reason;
    if (entry->kind != CONFIG_OUTLINE_SCALAR)
        return config_refuse(fault, outline, entry->path, "must be a prefix");
    prefix->line = entry->line;
    if (!config_parse_prefix(entry->value, prefix, &reason))
        return config_refuse(fault, outline, entry->path, "\"%.60s\": %s", entry->value, reason);
    return PCE_OK;
}

static enum pce_status lists_read_prefixes(const struct config_outline *outline, const char *key,
                                           struct config_prefixes *list, struct config_fault *fault)
{
    uint32_t count;
    enum pce_status status = config_list_size(outline, key, CONFIG_PREFIXES_MAX, &count, fault);
    if (status != PCE_OK || count == 0)
        return status;
    list->items = calloc(count, sizeof *list->items);
    if (list->items == NULL)
        return PCE_NO_MEMORY;
    for (uint32_t i = 0; status == PCE_OK && i < count; i++) {
        char path[CONFIG_OUTLINE_PATH_SIZE];
        (void)snprintf(path, sizeof path, "%s[%u]", key, i);
        status =
            lists_read_prefix(outline, config_outline_find(outline, path), &list->items[i], fault);
    }
    list->count = count;
    return status;
}

static enum pce_status lists_read_bgp(const struct config_outline *outline,
                                      struct config_lists *lists, struct config_fault *fault)
{
    if (config_outline_find(outline, "bgp-ls") == NULL)
        return PCE_OK;
    lists->bgp = calloc(1, sizeof *lists->bgp);
    return lists->bgp == NULL ? PCE_NO_MEMORY : config_bgp_read(outline, lists->bgp, fault);
}

static enum pce_status read_lists(const struct config_outline *outline, struct config *config,
                                  struct config_fault *fault)
{
    struct config_lists *lists = config->lists;
    enum pce_status status = lists_read_prefixes(outline, "access.permit", &lists->permit, fault);
    if (status == PCE_OK)
        status = lists_read_prefixes(outline, "access.deny", &lists->deny, fault);
    if (status == PCE_OK && lists->permit.count + lists->deny.count > CONFIG_PREFIXES_MAX)
        return config_refuse(fault, outline, "access", "more than %d prefixes",
                             CONFIG_PREFIXES_MAX);
    if (status == PCE_OK)
        status = check_access(lists, fault);
    if (status == PCE_OK)
        status = config_groups_read(outline, config, fault);
    if (status == PCE_OK)
        status = config_peers_read(outline, config, fault);
    if (status == PCE_OK)
        status = lists_check_peers(lists, fault);
    if (status == PCE_OK)
        status = lists_read_bgp(outline, lists, fault);
    return status == PCE_OK ? config_rules_read(outline, lists, fault) : status;
}

enum pce_status config_lists_read(const struct config_outline *outline, struct config *config,
                                  struct config_fault *fault)
{
    config->lists = NULL;
    if (config_outline_find(outline, "access") == NULL &&
        config_outline_find(outline, "peers") == NULL &&
        config_outline_find(outline, "bgp-ls") == NULL &&
        config_outline_find(outline, "peer-groups") == NULL &&
        config_outline_find(outline, "delegation-rules") == NULL)
        return PCE_OK;
    config->lists = calloc(1, sizeof *config->lists);
    enum pce_status status =
        config->lists == NULL ? PCE_NO_MEMORY : read_lists(outline, config, fault);
    if (status == PCE_NO_MEMORY)
        (void)snprintf(fault->reason, sizeof fault->reason, "no memory");
    if (status != PCE_OK) {
        config_lists_destroy(config->lists);
        config->lists = NULL;
    }
    return status;
}
