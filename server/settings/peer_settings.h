/* Peer settings: what holds for one peer, found by its address.
 *
 * The configuration names prefixes (peers) and groups; the longest prefix around an address
 * decides. What that entry does not name comes from its group, and what the group does not name
 * from the sections of the configuration. All of it is worked out once, when the table is made.
 *
 * A table is published with the configuration that it is made of (struct settings). A session keeps
 * the policy that it began with for what was negotiated; its send-hold time and its limits are
 * those of the policy that is found anew after a reload.
 *
 * Thread: made by the main thread, then immutable: any thread inside a snapshot section.
 * Owns: all that it hands out. Bound: CONFIG_PEERS_MAX entries; an answer looks at O(log n) entries
 * and at most one for each length of prefix. */
#ifndef PCED_SERVER_SETTINGS_PEER_SETTINGS_H
#define PCED_SERVER_SETTINGS_PEER_SETTINGS_H

#include "io/net/tcp_key.h"
#include "server/config/config_lists.h"
#include "server/settings/peer_policy.h"

/* One entry of `peers`. */
struct peer_entry {
    struct ip prefix;
    uint8_t bits;
    bool has_tcp_key;
    struct peer_policy *policy;
    struct tcp_key tcp_key; /* of this prefix; for the listeners and before a connect */
    struct config_connect connect;
};

struct peer_table;

/* The configuration must have passed config_read. NULL when memory ran out. */
struct peer_table *peer_table_create(const struct config *config, uint64_t generation);
void peer_table_destroy(struct peer_table *table);

/* Never NULL: the defaults where no prefix contains the address. */
struct peer_policy *peer_table_policy(const struct peer_table *table, const struct ip *address);
/* The entry whose prefix is the longest around the address; NULL when there is none. */
const struct peer_entry *peer_table_find(const struct peer_table *table, const struct ip *address);

/* All entries, by prefix; for the keys of listeners and the sessions that we open. */
uint32_t peer_table_count(const struct peer_table *table);
const struct peer_entry *peer_table_at(const struct peer_table *table, uint32_t index);
/* How many different policies there are. */
uint32_t peer_table_policy_count(const struct peer_table *table);

#endif
