/* Link state: what an NLRI and its BGP-LS attribute say, as the objects that a RIB takes
 * (core/ted/rib.h).
 *
 * An NLRI gives identities and a key; the attribute gives what is known of the object. What has no
 * place in an object is kept behind it as TLVs (`rest`), unknown ones too. Choices that the
 * documents leave to a consumer:
 *
 *   keys            descriptors in the order of RFC 9552 5.1, however they came, so that a producer
 *                   that does not sort withdraws what it has announced
 *   topologies      a metric of MT 2 is igp_metric_mt2 (one link with two metrics, no second link)
 *   applications    attributes for SR policies go before those for all (RFC 9294 2, RFC 9479 4.2):
 *                   they are what paths are computed on; those of other applications are in rest
 *   peer SIDs       of a link to another AS the PeerAdj SID, where there is none the PeerNode SID
 *
 * Thread: any. Owns: nothing; lists live in the arena, texts point into the message. The arena may be
 * another one than the message's, and be reset after each object: what many NLRIs of one UPDATE keep
 * of their attribute would add up.
 * Bound: RIB_LIST_MAX items of a list, RIB_KEY_SIZE_MAX octets of a key; the message's own size. */
#ifndef PCED_CORE_BGP_LS_H
#define PCED_CORE_BGP_LS_H

#include "core/bgp/codec.h"
#include "core/ted/rib.h"

struct bgp_ls_object {
    enum rib_kind kind;
    uint32_t part;        /* IS-IS: the level; OSPF: the area */
    struct rib_key key;   /* by which it is put and removed */
    struct rib_name node; /* whose it is */
    bool has_attribute;   /* false: it was lost on the way (RFC 9552 8.2.2), all else is unknown */
    union {               /* by kind */
        struct rib_node as_node;
        struct {
            struct rib_name remote;
            struct rib_link link;
        } as_link;
        struct {
            struct ip address; /* bits behind its length are zero */
            uint8_t bits;
            struct rib_prefix prefix;
        } as_prefix;
        struct ted_srv6_sid as_srv6_sid;
    };
};

/* What an NLRI is called: kind and key alone, for what is withdrawn.
 * PCE_UNSUPPORTED: of a type that a RIB does not take, or discarded (bgp_nlri.action). PCE_LIMIT:
 * the key is too long, or the arena is full. */
PCE_MUST_CHECK enum pce_status bgp_ls_identify(const struct bgp_nlri *nlri, struct arena *arena,
                                               struct bgp_ls_object *object);

/* The whole object. attribute: NULL when the UPDATE has none that can be used.
 * PCE_INVALID: a descriptor that the object needs is missing, or not to be used (no router id; a
 * link without the other end; a prefix without an address; a SID without a value). Kind and key are
 * there all the same. */
PCE_MUST_CHECK enum pce_status bgp_ls_read(const struct bgp_nlri *nlri,
                                           const struct bgp_attribute *attribute,
                                           struct arena *arena, struct bgp_ls_object *object);

#endif
