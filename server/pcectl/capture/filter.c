#include "server/pcectl/capture/filter.h"

#include "core/base/number.h"
#include "core/bgp/registry.h"
#include "core/pcep/registry.h"

#include <stdlib.h>
#include <strings.h>

static bool parse_address(const char *text, size_t size, struct ip *out)
{
    char address[IP_TEXT_SIZE];
    if (size >= sizeof address)
        return false;
    memcpy(address, text, size);
    address[size] = '\0';
    return ip_parse(address, out);
}

static bool filter_parse_port(const char *text, uint16_t *port)
{
    uint64_t value;
    bool is_port = number_parse(text, UINT16_MAX, &value) && value != 0;
    *port = (uint16_t)value;
    return is_port;
}

static bool filter_parse_bits(const char *text, const struct ip *prefix, unsigned *bits)
{
    uint64_t value;
    bool is_length = number_parse(text, 8U * ip_size(prefix), &value);
    *bits = (unsigned)value;
    return is_length;
}

static bool parse_peer(const char *text, struct filter_peer *peer)
{
    const char *slash = strchr(text, '/');
    const char *bracket = strchr(text, ']');
    const char *colon = strrchr(text, ':');
    if (text[0] == '[')
        return bracket != NULL && bracket[1] == ':' &&
               parse_address(text + 1, (size_t)(bracket - text - 1), &peer->prefix) &&
               filter_parse_port(bracket + 2, &peer->port);
    if (slash != NULL)
        return parse_address(text, (size_t)(slash - text), &peer->prefix) &&
               filter_parse_bits(slash + 1, &peer->prefix, &peer->bits);
    if (parse_address(text, strlen(text), &peer->prefix))
        return true;
    return colon != NULL && parse_address(text, (size_t)(colon - text), &peer->prefix) &&
           peer->prefix.family == IP_V4 && filter_parse_port(colon + 1, &peer->port);
}

enum pce_status filter_add_peer(struct filter *filter, const char *text)
{
    static const unsigned whole = UINT16_MAX;
    struct filter_peer peer = {.bits = whole};
    if (!parse_peer(text, &peer))
        return PCE_INVALID;
    if (peer.bits == whole)
        peer.bits = 8U * (unsigned)ip_size(&peer.prefix);
    if (filter->peer_count == FILTER_PEERS_MAX)
        return PCE_LIMIT;
    filter->peers[filter->peer_count++] = peer;
    return PCE_OK;
}

static void filter_add_type(uint8_t types[32], unsigned type)
{
    types[type / 8] |= (uint8_t)(1U << type % 8);
}

static bool filter_is_word(const char *word, size_t size, const char *name)
{
    return strlen(name) == size && strncasecmp(name, word, size) == 0;
}

/* A number is of both protocols, as a name may be. */
static bool filter_add_word(struct filter *filter, const char *word, size_t size)
{
    const char *end = word;
    uint64_t number;
    bool is_number = number_take(&end, UINT8_MAX, &number) && end == word + size;
    bool is_known = is_number;
    if (is_number) {
        filter_add_type(filter->types, (unsigned)number);
        filter_add_type(filter->bgp_types, (unsigned)number);
    }
    for (unsigned type = 1; !is_number && type < PCEP_MESSAGE_TYPE_END; type++) {
        if (filter_is_word(word, size, pcep_message_name(type))) {
            filter_add_type(filter->types, type);
            is_known = true;
        }
    }
    for (unsigned type = 1; !is_number && type < BGP_MESSAGE_TYPE_END; type++) {
        if (filter_is_word(word, size, bgp_message_name((uint8_t)type))) {
            filter_add_type(filter->bgp_types, type);
            is_known = true;
        }
    }
    return is_known;
}

enum pce_status filter_add_types(struct filter *filter, const char *text, const char **unknown)
{
    for (;;) {
        size_t size = strcspn(text, ",");
        if (!filter_add_word(filter, text, size)) {
            *unknown = text;
            return PCE_INVALID;
        }
        filter->has_types = true;
        if (text[size] == '\0')
            return PCE_OK;
        text += size + 1;
    }
}

static bool filter_is_peer(const struct filter_peer *peer, const struct capture_endpoint *end)
{
    return end->address.family == peer->prefix.family &&
           ip_is_within(&end->address, &peer->prefix, peer->bits) &&
           (peer->port == 0 || end->port == 0 || peer->port == end->port);
}

bool filter_has_peer(const struct filter *filter, const struct capture_endpoint *one,
                     const struct capture_endpoint *other)
{
    for (uint32_t i = 0; i < filter->peer_count; i++) {
        if (filter_is_peer(&filter->peers[i], one) || filter_is_peer(&filter->peers[i], other))
            return true;
    }
    return filter->peer_count == 0;
}

bool filter_has_type(const struct filter *filter, bool is_bgp, uint8_t type)
{
    const uint8_t *types = is_bgp ? filter->bgp_types : filter->types;
    return !filter->has_types || ((unsigned)types[type / 8] >> (type % 8) & 1U) != 0;
}
