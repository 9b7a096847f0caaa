#include "core/ted/rib_name.h"

#include "core/base/check.h"

#include <stdio.h>
#include <string.h>

#define ISIS_LAN_SIZE 7
#define OSPF_LAN_SIZE 8

_Static_assert(RIB_DOMAIN_SIZE + RIB_ROUTER_ID_MAX <= RIB_NAME_SIZE, "an IGP's name has room");
_Static_assert(1 + sizeof(struct ip) <= RIB_NAME_SIZE, "a file's name has room");

static void rib_name_put_u64(uint8_t *at, uint64_t value, unsigned octets)
{
    for (unsigned i = 0; i < octets; i++)
        at[i] = (uint8_t)(value >> (8 * (octets - 1 - i)));
}

struct rib_name rib_name_of_igp(const struct rib_igp_name *igp)
{
    struct rib_name name = {.size = 0};
    CHECK(igp->router_id_size > 0 && igp->router_id_size <= RIB_ROUTER_ID_MAX);
    name.octets[0] = (uint8_t)igp->speaker;
    rib_name_put_u64(name.octets + 1, igp->instance, 8);
    rib_name_put_u64(name.octets + 9, igp->asn, 4);
    memcpy(name.octets + RIB_DOMAIN_SIZE, igp->router_id, igp->router_id_size);
    name.size = (uint8_t)(RIB_DOMAIN_SIZE + igp->router_id_size);
    return name;
}

struct rib_name rib_name_of_address(const struct ip *router_id)
{
    struct rib_name name = {.size = (uint8_t)(2 + ip_size(router_id))};
    name.octets[0] = RIB_SPEAKER_FILE;
    name.octets[1] = router_id->family;
    memcpy(name.octets + 2, router_id->octets, ip_size(router_id));
    return name;
}

static size_t rib_name_router_id_size(const struct rib_name *name)
{
    return name->size > RIB_DOMAIN_SIZE ? (size_t)name->size - RIB_DOMAIN_SIZE : 0;
}

size_t rib_name_take_igp_id(const struct rib_name *name, uint8_t *id, size_t size_max)
{
    size_t size = name->octets[0] == RIB_SPEAKER_FILE ? 0 : rib_name_router_id_size(name);
    size = size < size_max ? size : size_max;
    memcpy(id, name->octets + RIB_DOMAIN_SIZE, size);
    return size;
}

bool rib_name_is_lan(const struct rib_name *name)
{
    size_t size = rib_name_router_id_size(name);
    switch (name->octets[0]) {
    case RIB_SPEAKER_ISIS:
        return size == ISIS_LAN_SIZE;
    case RIB_SPEAKER_OSPF:
    case RIB_SPEAKER_OSPFV3:
        return size == OSPF_LAN_SIZE;
    default:
        return false;
    }
}

bool rib_name_is_same_domain(const struct rib_name *a, const struct rib_name *b)
{
    size_t size = a->octets[0] == RIB_SPEAKER_FILE ? 1 : RIB_DOMAIN_SIZE;
    return a->size >= size && b->size >= size && memcmp(a->octets, b->octets, size) == 0;
}

int rib_name_compare(const struct rib_name *a, const struct rib_name *b)
{
    size_t size = a->size < b->size ? a->size : b->size;
    int order = memcmp(a->octets, b->octets, size);
    return order != 0 ? order : (int)a->size - (int)b->size;
}

bool rib_name_is_equal(const struct rib_name *a, const struct rib_name *b)
{
    return rib_name_compare(a, b) == 0;
}

static const char *rib_name_format_file(const struct rib_name *name, char *text)
{
    struct ip ip = {.family = name->octets[1]};
    memcpy(ip.octets, name->octets + 2, ip_size(&ip));
    char address[IP_TEXT_SIZE];
    (void)snprintf(text, RIB_NAME_TEXT_SIZE, "%s", ip_format(&ip, address));
    return text;
}

const char *rib_name_format(const struct rib_name *name, char text[RIB_NAME_TEXT_SIZE])
{
    const uint8_t *id = name->octets + RIB_DOMAIN_SIZE;
    size_t size = rib_name_router_id_size(name);
    if (name->octets[0] == RIB_SPEAKER_FILE)
        return rib_name_format_file(name, text);
    if (size == 6 || size == ISIS_LAN_SIZE)
        (void)snprintf(text, RIB_NAME_TEXT_SIZE, "%02x%02x.%02x%02x.%02x%02x%s%.2x", id[0], id[1],
                       id[2], id[3], id[4], id[5], size == 6 ? "\0" : ".", size == 6 ? 0U : id[6]);
    if (size == 6)
        text[sizeof "0000.0000.0000" - 1] = '\0';
    if (size == 4)
        (void)snprintf(text, RIB_NAME_TEXT_SIZE, "%u.%u.%u.%u", id[0], id[1], id[2], id[3]);
    if (size == OSPF_LAN_SIZE)
        (void)snprintf(text, RIB_NAME_TEXT_SIZE, "%u.%u.%u.%u/%u.%u.%u.%u", id[0], id[1], id[2],
                       id[3], id[4], id[5], id[6], id[7]);
    if (size != 4 && size != 6 && size != ISIS_LAN_SIZE && size != OSPF_LAN_SIZE)
        (void)snprintf(text, RIB_NAME_TEXT_SIZE, "router of %zu octets", size);
    return text;
}
