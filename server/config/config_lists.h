/* Lists of a configuration: prefixes of the access list, groups of peers, peers, rules of delegation. What has no fixed
 * number, and what one peer may have of its own.
 *
 * Thread: as struct config. Owns: its arrays.
 * Bound: CONFIG_PREFIXES_MAX, CONFIG_GROUPS_MAX, CONFIG_PEERS_MAX, CONFIG_RULES_MAX. */
#ifndef PCED_SERVER_CONFIG_CONFIG_LISTS_H
#define PCED_SERVER_CONFIG_CONFIG_LISTS_H

#include "core/lsp/delegation_policy.h"
#include "io/net/tcp_key.h"
#include "server/config/config.h"
#include "server/config/config_bgp.h"

#define CONFIG_PREFIXES_MAX 65536 /* in permit and deny together */
#define CONFIG_GROUPS_MAX   256
#define CONFIG_PEERS_MAX    16384
#define CONFIG_RULES_MAX    256 /* of delegation */
#define CONFIG_NAME_SIZE    64  /* of a group, with its NUL */
#define CONFIG_NO_GROUP     UINT32_MAX

#define CONFIG_PEER_KEY_COUNT_ONE(section, key) +1
#define CONFIG_PEER_KEY_COUNT                   (0 CONFIG_PEER_KEYS(CONFIG_PEER_KEY_COUNT_ONE))

struct config_prefix {
    struct ip ip; /* the octets behind its length are 0 */
    uint8_t bits;
    uint32_t line; /* of the file */
};

struct config_prefixes {
    uint32_t count;
    struct config_prefix *items;
};

/* Values that replace those of the sections, and the key of the TCP segments (size 0: none). */
struct config_overrides {
    uint32_t count;
    struct {
        uint32_t key; /* index into config_table */
        uint32_t value;
    } items[CONFIG_PEER_KEY_COUNT];
    struct tcp_key tcp_key;
};

struct config_group {
    char name[CONFIG_NAME_SIZE];
    struct config_overrides own;
};

/* A session that we open. */
struct config_connect {
    bool is_on;
    struct ip address;
    uint16_t port;
    struct ip local_address; /* IP_NONE: the system chooses */
    uint16_t local_port;     /* 0: an ephemeral one */
};

struct config_peer {
    struct config_prefix prefix;
    uint32_t group; /* index into groups, or CONFIG_NO_GROUP */
    struct config_overrides own;
    struct config_connect connect;
};

struct config_lists {
    struct config_prefixes permit;
    struct config_prefixes deny;
    uint32_t group_count;
    uint32_t peer_count;
    struct config_group *groups;
    struct config_peer *peers;
    uint32_t rule_count;
    struct lsp_delegation_rule *rules;
    struct config_bgp *bgp; /* NULL: the file has no bgp-ls */
};

struct config_outline;

/* Reads the lists of the outline into config->lists (NULL when the file names none); the values of
 * the sections stand in the configuration already, and those of each peer are checked with them. */
PCE_MUST_CHECK enum pce_status config_lists_read(const struct config_outline *outline,
                                                 struct config *config, struct config_fault *fault);
void config_lists_destroy(struct config_lists *lists);

/* The configuration with what this group or peer has of its own. */
void config_override(struct config *config, const struct config_overrides *overrides);

bool config_prefixes_are_equal(const struct config_prefixes *a, const struct config_prefixes *b);
bool config_groups_are_equal(const struct config_lists *a, const struct config_lists *b);
bool config_peers_are_equal(const struct config_lists *a, const struct config_lists *b);
bool config_rules_are_equal(const struct config_lists *a, const struct config_lists *b);

/* "192.0.2.0/24", or an address alone. False: *reason says why. */
bool config_parse_prefix(const char *text, struct config_prefix *prefix, const char **reason);

#endif
