/* Peer settings: what holds for one peer, found by its address.
 *
 * The configuration names prefixes (peers) and groups; the longest prefix around an address
 * decides. What that entry does not name comes from its group, and what the group does not name
 * from the sections of the configuration. All of it is worked out once, when the table is made.
 *
 * A table is published with the configuration that it is made of (struct settings). A session keeps
 * the struct session_config that it began with; its send-hold time and its limits are looked up
 * anew after a reload.
 *
 * Thread: made by the main thread, then immutable: any thread inside a snapshot section.
 * Owns: all that it hands out. Bound: CONFIG_PEERS_MAX entries; an answer looks at O(log n) entries
 * and at most one for each length of prefix. */
#ifndef PCED_SERVER_SETTINGS_PEER_SETTINGS_H
#define PCED_SERVER_SETTINGS_PEER_SETTINGS_H

#include "core/session/session.h"
#include "io/net/tcp_key.h"
#include "server/config/config_lists.h"

#define PEER_SEND_HOLD_OFF  CONFIG_HOLD_OFF
#define PEER_SEND_HOLD_AUTO CONFIG_HOLD_AUTO

struct peer_settings {
    uint32_t index;             /* in its table: peers with equal settings share one */
    uint32_t send_hold_s;       /* PEER_SEND_HOLD_OFF, PEER_SEND_HOLD_AUTO, or seconds */
    uint32_t send_hold_grace_s; /* how long a stalled peer may still drain */
    uint32_t pending_soft;      /* octets */
    uint32_t pending_hard;
    uint32_t requests_in_flight_max;
    struct session_config session;
};

/* One entry of `peers`. */
struct peer_entry {
    struct ip prefix;
    uint8_t bits;
    bool has_tcp_key;
    const struct peer_settings *settings;
    struct tcp_key tcp_key; /* of this prefix; for the listeners and before a connect */
    struct config_connect connect;
};

struct peer_table;

/* The configuration must have passed config_read. NULL when memory ran out. */
struct peer_table *peer_table_create(const struct config *config);
void peer_table_destroy(struct peer_table *table);

/* Never NULL: the defaults where no prefix contains the address. */
const struct peer_settings *peer_settings_find(const struct peer_table *table,
                                               const struct ip *address);
/* The entry whose prefix is the longest around the address; NULL when there is none. */
const struct peer_entry *peer_table_find(const struct peer_table *table, const struct ip *address);

/* All entries, by prefix; for the keys of listeners and the sessions that we open. */
uint32_t peer_table_count(const struct peer_table *table);
const struct peer_entry *peer_table_at(const struct peer_table *table, uint32_t index);
/* Different settings: the indices are below it. */
uint32_t peer_table_settings_count(const struct peer_table *table);

#endif
