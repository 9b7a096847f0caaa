/* RIB names: what a node is called by its source.
 *
 * The first octets are the routing domain (what speaks, which instance of it, which AS); the rest
 * is the router's id there. Level and area are no part of it: a router of two of them is one node.
 *
 * Thread: any. Owns: nothing. Source: RFC 9552 5.2.1. */
#ifndef PCED_CORE_TED_RIB_NAME_H
#define PCED_CORE_TED_RIB_NAME_H

#include "core/ted/rib_object.h"

#define RIB_ROUTER_ID_MAX 8  /* octets: that of an OSPF pseudonode */
#define RIB_DOMAIN_SIZE   13 /* octets: who speaks, instance, AS */

enum rib_speaker {
    RIB_SPEAKER_FILE,
    RIB_SPEAKER_ISIS,
    RIB_SPEAKER_OSPF,
    RIB_SPEAKER_OSPFV3,
    RIB_SPEAKER_BGP, /* a router outside, of EPE (RFC 9086) */
    RIB_SPEAKER_OTHER,
};

struct rib_igp_name {
    enum rib_speaker speaker;
    uint64_t instance; /* Identifier of the NLRI */
    uint32_t asn;      /* 0: not known */
    const uint8_t *router_id;
    size_t router_id_size; /* 1 to RIB_ROUTER_ID_MAX */
};

/* router_id_size is a decoder's to have checked (CHECKed). */
struct rib_name rib_name_of_igp(const struct rib_igp_name *igp);
/* A node of a file, by its router id. */
struct rib_name rib_name_of_address(const struct ip *router_id);

/* Whether it is a LAN (IS-IS: 7 octets; OSPF: 8; RFC 9552 5.2.1.4). */
bool rib_name_is_lan(const struct rib_name *name);
/* Whether both are of one routing domain, where two names are two nodes. */
bool rib_name_is_same_domain(const struct rib_name *a, const struct rib_name *b);
bool rib_name_is_equal(const struct rib_name *a, const struct rib_name *b);
int rib_name_compare(const struct rib_name *a, const struct rib_name *b);

/* What its IGP calls it, in at most so many octets; their number, 0 where it is none of an IGP. */
size_t rib_name_take_igp_id(const struct rib_name *name, uint8_t *id, size_t size_max);

/* "0000.0000.0001", "192.0.2.1", "192.0.2.1/10.0.0.1" (a LAN of OSPF). Returns text. */
#define RIB_NAME_TEXT_SIZE 64
const char *rib_name_format(const struct rib_name *name, char text[RIB_NAME_TEXT_SIZE]);

#endif
