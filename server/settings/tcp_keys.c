#include "server/settings/tcp_keys.h"

/* The entry of exactly this prefix, when it has a key; tables are sorted by prefix. */
static const struct peer_entry *find_exact(const struct peer_table *table,
                                           const struct peer_entry *entry)
{
    uint32_t low = 0;
    uint32_t high = table == NULL ? 0 : peer_table_count(table);
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        const struct peer_entry *other = peer_table_at(table, middle);
        int order = ip_compare(&other->prefix, &entry->prefix);
        if (order == 0)
            order = (int)other->bits - (int)entry->bits;
        if (order == 0)
            return other->has_tcp_key ? other : NULL;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

static void remove_old(const struct listeners *listeners, const struct peer_table *before,
                       const struct peer_table *after)
{
    for (uint32_t i = 0; before != NULL && i < peer_table_count(before); i++) {
        const struct peer_entry *entry = peer_table_at(before, i);
        const struct peer_entry *now = entry->has_tcp_key ? find_exact(after, entry) : NULL;
        bool stays = now != NULL && now->tcp_key.kind == entry->tcp_key.kind;
        if (entry->has_tcp_key && !stays)
            listeners_remove_key(listeners, &entry->tcp_key);
    }
}

enum pce_status tcp_keys_apply(const struct listeners *listeners, const struct peer_table *before,
                               const struct peer_table *after, struct failure *failure)
{
    remove_old(listeners, before, after);
    for (uint32_t i = 0; i < peer_table_count(after); i++) {
        const struct peer_entry *entry = peer_table_at(after, i);
        if (!entry->has_tcp_key)
            continue;
        const struct peer_entry *old = find_exact(before, entry);
        if (old != NULL && tcp_key_is_equal(&old->tcp_key, &entry->tcp_key))
            continue;
        enum pce_status status = listeners_set_key(listeners, &entry->tcp_key, failure);
        if (status != PCE_OK)
            return status;
    }
    return PCE_OK;
}
