#include "server/config/config_bgp.h"

#include "core/base/check.h"
#include "core/base/number.h"
#include "server/config/config_impl.h"
#include "server/config/config_peers.h"

#include <stddef.h>
#include <string.h>

#define BGP_PORT 179

/* One mapping while its members are read: `bgp-ls` itself, or a peer of it. */
struct bgp_reading {
    const struct config_outline *outline;
    struct config_fault *fault;
    void *target;
    char path[CONFIG_OUTLINE_PATH_SIZE]; /* "bgp-ls.peers[3]" */
};

struct bgp_member {
    const char *name;
    enum pce_status (*read)(const struct bgp_reading *reading, const struct bgp_member *member,
                            const struct config_outline_entry *entry);
    uint16_t offset; /* of the value in the target */
    uint16_t size;   /* of a number: 1, 2 or 4 octets */
    uint32_t min, max;
};

static void *bgp_value(const struct bgp_reading *reading, const struct bgp_member *member)
{
    return (char *)reading->target + member->offset;
}

static enum pce_status bgp_read_number(const struct bgp_reading *reading,
                                       const struct bgp_member *member,
                                       const struct config_outline_entry *entry)
{
    uint64_t number;
    if (!number_parse(entry->value, member->max, &number) || number < member->min)
        return config_refuse(reading->fault, reading->outline, entry->path,
                             "must be a whole number from %u to %u", member->min, member->max);
    uint32_t wide = (uint32_t)number;
    uint16_t narrow = (uint16_t)number;
    uint8_t octet = (uint8_t)number;
    memcpy(bgp_value(reading, member),
           member->size == sizeof wide     ? (void *)&wide
           : member->size == sizeof narrow ? (void *)&narrow
                                           : (void *)&octet,
           member->size);
    return PCE_OK;
}

/* RFC 4271 4.2: 0, or at least three seconds. */
static enum pce_status bgp_read_hold(const struct bgp_reading *reading,
                                     const struct bgp_member *member,
                                     const struct config_outline_entry *entry)
{
    enum pce_status status = bgp_read_number(reading, member, entry);
    const uint16_t *value = bgp_value(reading, member);
    if (status == PCE_OK && *value != 0 && *value < 3)
        return config_refuse(reading->fault, reading->outline, entry->path,
                             "must be 0 (no limit), or at least 3");
    return status;
}

static enum pce_status bgp_read_ip(const struct bgp_reading *reading,
                                   const struct bgp_member *member,
                                   const struct config_outline_entry *entry)
{
    struct ip *ip = bgp_value(reading, member);
    if (!ip_parse(entry->value, ip) || ip_is_unspecified(ip))
        return config_refuse(reading->fault, reading->outline, entry->path,
                             "\"%.60s\" is no address of a machine", entry->value);
    return PCE_OK;
}

static enum pce_status bgp_read_router_id(const struct bgp_reading *reading,
                                          const struct bgp_member *member,
                                          const struct config_outline_entry *entry)
{
    const struct ip *ip = bgp_value(reading, member);
    enum pce_status status = bgp_read_ip(reading, member, entry);
    if (status == PCE_OK && ip->family != IP_V4)
        return config_refuse(reading->fault, reading->outline, entry->path,
                             "must be an IPv4 address (RFC 4271 4.2)");
    return status;
}

static enum pce_status bgp_read_listen(const struct bgp_reading *reading,
                                       const struct bgp_member *member,
                                       const struct config_outline_entry *entry)
{
    struct ip *ip = bgp_value(reading, member);
    if (!ip_parse(entry->value, ip))
        return config_refuse(reading->fault, reading->outline, entry->path,
                             "\"%.60s\" is no IPv4 or IPv6 address", entry->value);
    return PCE_OK;
}

static enum pce_status bgp_read_bool(const struct bgp_reading *reading,
                                     const struct bgp_member *member,
                                     const struct config_outline_entry *entry)
{
    bool *value = bgp_value(reading, member);
    *value = strcmp(entry->value, "true") == 0;
    if (!*value && strcmp(entry->value, "false") != 0)
        return config_refuse(reading->fault, reading->outline, entry->path,
                             "must be true or false");
    return PCE_OK;
}

/* The secret itself is in no message. */
static enum pce_status bgp_read_key(const struct bgp_reading *reading,
                                    const struct bgp_member *member,
                                    const struct config_outline_entry *entry,
                                    enum tcp_key_kind kind)
{
    struct tcp_key *key = bgp_value(reading, member);
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

static enum pce_status bgp_read_md5_key(const struct bgp_reading *reading,
                                        const struct bgp_member *member,
                                        const struct config_outline_entry *entry)
{
    return bgp_read_key(reading, member, entry, TCP_KEY_MD5);
}

static enum pce_status bgp_read_ao_key(const struct bgp_reading *reading,
                                       const struct bgp_member *member,
                                       const struct config_outline_entry *entry)
{
    return bgp_read_key(reading, member, entry, TCP_KEY_AO);
}

#define BGP_MEMBER(type, name, read, member, min, max)                                             \
    {                                                                                              \
        name, read, offsetof(type, member), sizeof(((type *)0)->member), min, max                  \
    }
#define PEER_MEMBER(name, read, member, min, max)                                                  \
    BGP_MEMBER(struct config_bgp_peer, name, read, member, min, max)
#define OWN_MEMBER(name, read, member, min, max)                                                   \
    BGP_MEMBER(struct config_bgp, name, read, member, min, max)

static const struct bgp_member own_members[] = {
    OWN_MEMBER("as", bgp_read_number, as, 1, UINT32_MAX),
    OWN_MEMBER("router-id", bgp_read_router_id, router_id, 0, 0),
    OWN_MEMBER("listen", bgp_read_listen, listen, 0, 0),
    OWN_MEMBER("listen-port", bgp_read_number, listen_port, 1, UINT16_MAX),
    {NULL, NULL, 0, 0, 0, 0},
};

static const struct bgp_member peer_members[] = {
    PEER_MEMBER("address", bgp_read_ip, address, 0, 0),
    PEER_MEMBER("port", bgp_read_number, port, 1, UINT16_MAX),
    PEER_MEMBER("local-address", bgp_read_ip, local_address, 0, 0),
    PEER_MEMBER("as", bgp_read_number, as, 1, UINT32_MAX),
    PEER_MEMBER("rank", bgp_read_number, rank, 0, 65535),
    PEER_MEMBER("passive", bgp_read_bool, is_passive, 0, 0),
    PEER_MEMBER("hold-time", bgp_read_hold, hold_time_s, 0, UINT16_MAX),
    PEER_MEMBER("connect-retry", bgp_read_number, connect_retry_s, 1, UINT16_MAX),
    PEER_MEMBER("send-hold", bgp_read_number, send_hold_s, 0, 86400),
    PEER_MEMBER("keep", bgp_read_number, keep_s, 0, 604800),
    PEER_MEMBER("ttl-security", bgp_read_number, ttl_security, 1, 254),
    PEER_MEMBER("ttl", bgp_read_number, ttl, 1, 255),
    PEER_MEMBER("md5-key", bgp_read_md5_key, tcp_key, 0, 0),
    PEER_MEMBER("tcp-ao-key", bgp_read_ao_key, tcp_key, 0, 0),
    PEER_MEMBER("tcp-ao-send-id", bgp_read_number, tcp_key.send_id, 0, UINT8_MAX),
    PEER_MEMBER("tcp-ao-receive-id", bgp_read_number, tcp_key.receive_id, 0, UINT8_MAX),
    {NULL, NULL, 0, 0, 0, 0},
};

/* The members of a mapping that stand in the table; what is deeper (`peers`) is another's. */
static enum pce_status bgp_read_members(const struct bgp_reading *reading,
                                        const struct bgp_member *members)
{
    const struct config_outline *outline = reading->outline;
    const struct config_outline_entry *entry = config_outline_find(outline, reading->path);
    size_t size = strlen(reading->path);
    enum pce_status status = PCE_OK;
    for (entry++; status == PCE_OK && entry < outline->entries + outline->count &&
                  strncmp(entry->path, reading->path, size) == 0 && entry->path[size] == '.';
         entry++) {
        const char *name = entry->path + size + 1;
        const struct bgp_member *member = members;
        if (members == own_members && strncmp(name, "peers", 5) == 0 &&
            (name[5] == '\0' || name[5] == '['))
            continue;
        while (member->name != NULL && strcmp(member->name, name) != 0)
            member++;
        if (member->name == NULL)
            return config_refuse(reading->fault, outline, entry->path, "there is no such key");
        if (entry->kind != CONFIG_OUTLINE_SCALAR)
            return config_refuse(reading->fault, outline, entry->path, "must be a single value");
        status = member->read(reading, member, entry);
    }
    return status;
}

static bool bgp_has_member(const struct bgp_reading *reading, const char *name)
{
    char path[CONFIG_OUTLINE_PATH_SIZE + 32];
    (void)snprintf(path, sizeof path, "%s.%s", reading->path, name);
    return config_outline_find(reading->outline, path) != NULL;
}

/* What says something about something else that is not there. */
static enum pce_status bgp_check_protection(const struct bgp_reading *reading,
                                            const struct config_bgp_peer *peer)
{
    bool has_ids =
        bgp_has_member(reading, "tcp-ao-send-id") || bgp_has_member(reading, "tcp-ao-receive-id");
    if (has_ids && (peer->tcp_key.size == 0 || peer->tcp_key.kind != TCP_KEY_AO))
        return config_refuse(reading->fault, reading->outline, reading->path,
                             "tcp-ao-send-id and tcp-ao-receive-id need a tcp-ao-key beside them");
    if (peer->ttl_security > 0 && peer->ttl > 0)
        return config_refuse(reading->fault, reading->outline, reading->path,
                             "ttl-security sends with 255 (RFC 5082): no ttl beside it");
    return PCE_OK;
}

static enum pce_status bgp_check_peer(const struct bgp_reading *reading,
                                      const struct config_bgp *bgp,
                                      const struct config_bgp_peer *peer)
{
    if (peer->address.family == IP_NONE)
        return config_refuse(reading->fault, reading->outline, reading->path,
                             "address must be named");
    if (peer->is_passive && bgp->listen.family == IP_NONE)
        return config_refuse(reading->fault, reading->outline, reading->path,
                             "a passive peer needs bgp-ls.listen: it connects to us");
    if (peer->local_address.family != IP_NONE && peer->local_address.family != peer->address.family)
        return config_refuse(reading->fault, reading->outline, reading->path,
                             "local-address and the peer are of different families");
    for (const struct config_bgp_peer *other = bgp->peers; other < peer; other++)
        if (ip_is_equal(&other->address, &peer->address))
            return config_refuse(reading->fault, reading->outline, reading->path,
                                 "there is a peer of this address already");
    return PCE_OK;
}

static enum pce_status bgp_read_peer(const struct config_outline *outline, struct config_bgp *bgp,
                                     uint32_t index, struct config_fault *fault)
{
    struct config_bgp_peer *peer = &bgp->peers[index];
    struct bgp_reading reading = {.outline = outline, .fault = fault, .target = peer};
    (void)snprintf(reading.path, sizeof reading.path, "bgp-ls.peers[%u]", index);
    const struct config_outline_entry *entry = config_outline_find(outline, reading.path);
    CHECK(entry != NULL); /* config_list_size has seen it */
    if (entry->kind != CONFIG_OUTLINE_MAPPING)
        return config_refuse(fault, outline, reading.path, "must be a mapping");
    *peer = (struct config_bgp_peer){.port = BGP_PORT,
                                     .as = bgp->as,
                                     .rank = 100,
                                     .hold_time_s = 90,
                                     .connect_retry_s = 30,
                                     .keep_s = 600,
                                     .tcp_key = {.send_id = 1, .receive_id = 1}};
    enum pce_status status = bgp_read_members(&reading, peer_members);
    if (status == PCE_OK)
        status = bgp_check_protection(&reading, peer);
    if (status == PCE_OK)
        status = bgp_check_peer(&reading, bgp, peer);
    peer->tcp_key.prefix = peer->address;
    peer->tcp_key.bits = (uint8_t)(8 * ip_size(&peer->address));
    return status;
}

enum pce_status config_bgp_read(const struct config_outline *outline, struct config_bgp *bgp,
                                struct config_fault *fault)
{
    struct bgp_reading reading = {
        .outline = outline, .fault = fault, .target = bgp, .path = "bgp-ls"};
    const struct config_outline_entry *entry = config_outline_find(outline, "bgp-ls");
    uint32_t count = 0;
    *bgp = (struct config_bgp){.listen_port = BGP_PORT};
    if (entry == NULL || entry->kind != CONFIG_OUTLINE_MAPPING)
        return config_refuse(fault, outline, "bgp-ls", "must be a mapping");
    enum pce_status status = bgp_read_members(&reading, own_members);
    if (status == PCE_OK && bgp->as == 0)
        return config_refuse(fault, outline, "bgp-ls", "as must be named");
    if (status == PCE_OK && bgp->router_id.family == IP_NONE)
        return config_refuse(fault, outline, "bgp-ls", "router-id must be named");
    if (status == PCE_OK)
        status = config_list_size(outline, "bgp-ls.peers", CONFIG_BGP_PEERS_MAX, &count, fault);
    for (uint32_t i = 0; status == PCE_OK && i < count; i++)
        status = bgp_read_peer(outline, bgp, i, fault);
    bgp->peer_count = count;
    return status;
}

bool config_bgp_peer_is_equal(const struct config_bgp_peer *a, const struct config_bgp_peer *b)
{
    return ip_is_equal(&a->address, &b->address) &&
           ip_is_equal(&a->local_address, &b->local_address) && a->as == b->as &&
           a->rank == b->rank && a->port == b->port && a->hold_time_s == b->hold_time_s &&
           a->connect_retry_s == b->connect_retry_s && a->send_hold_s == b->send_hold_s &&
           a->keep_s == b->keep_s && a->is_passive == b->is_passive &&
           a->ttl_security == b->ttl_security && a->ttl == b->ttl &&
           tcp_key_is_equal(&a->tcp_key, &b->tcp_key);
}

bool config_bgp_is_equal(const struct config_bgp *a, const struct config_bgp *b)
{
    if (a == NULL || b == NULL)
        return a == b;
    if (a->as != b->as || !ip_is_equal(&a->router_id, &b->router_id) ||
        !ip_is_equal(&a->listen, &b->listen) || a->listen_port != b->listen_port ||
        a->peer_count != b->peer_count)
        return false;
    for (uint32_t i = 0; i < a->peer_count; i++)
        if (!config_bgp_peer_is_equal(&a->peers[i], &b->peers[i]))
            return false;
    return true;
}
