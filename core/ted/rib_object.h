/* RIB objects: what one source says of a node, of one direction of a link, of a prefix, of an SRv6
 * SID. Each field is a row, so that packing, unpacking and merging are one loop each.
 *
 * A field that is not marked in `present` was not told, which is not the same as zero.
 *
 * Thread: any. Owns: nothing: texts and lists are the caller's. Bound: RIB_LIST_MAX items of a list.
 * Units: as ted.h; loss in units of 0.000003 % (RFC 8570 4.4).
 * Source: RFC 9552 5.3, RFC 9085, RFC 9514, RFC 8571, RFC 9104. */
#ifndef PCED_CORE_TED_RIB_OBJECT_H
#define PCED_CORE_TED_RIB_OBJECT_H

#include "core/ted/ted.h"

#define RIB_NAME_SIZE      31   /* octets of the longest name of a node */
#define RIB_LIST_MAX       1024 /* items of one list; more are not taken */
#define RIB_FLEX_SRLGS_MAX 64   /* of a link, for flexible algorithms; more are not taken */

/* What a source calls a node: octets that are equal exactly for the same node of one routing
 * domain (rib_name.h makes them). */
struct rib_name {
    uint8_t size; /* 0: none */
    uint8_t octets[RIB_NAME_SIZE];
};

/* An adjacency SID as it was told (RFC 9085 2.2.1, 2.2.2). */
struct rib_adj_sid {
    uint32_t value; /* a label, or an index of the SRLB … */
    uint8_t is_index;
    uint8_t family; /* enum ip_family; IP_NONE: both */
    uint8_t is_protected;
    uint8_t weight;
    struct rib_name neighbor; /* of a LAN: towards whom; size 0: the other end of the link */
};

/* An SRv6 SID of an adjacency (RFC 9514 4.1, 4.2). */
struct rib_end_x {
    struct ted_srv6_sid sid;
    struct rib_name neighbor; /* as of struct rib_adj_sid */
};

/* What a link has for flexible algorithms (RFC 9350 12). No padding. */
struct rib_flex_link {
    uint32_t te_metric, delay_min_us; /* TED_NONE: none */
    uint32_t group_count, srlg_count;
    uint32_t groups[TED_GROUP_WORDS_MAX];
    uint32_t srlgs[RIB_FLEX_SRLGS_MAX];
};

/* ---- rows: the member is named, the bit of `present` is RIB_<KIND>_<NAME> ---- */

#define RIB_NODE_FIELDS(FIELD)                                                                     \
    FIELD(NODE, ROUTER_ID_V4, router_id_v4)                                                        \
    FIELD(NODE, ROUTER_ID_V6, router_id_v6)                                                        \
    FIELD(NODE, FLAGS, flags)                                                                      \
    FIELD(NODE, MSD, msd)                                                                          \
    FIELD(NODE, SRV6_MSD, srv6_msd)                                                                \
    FIELD(NODE, LATITUDE, latitude)                                                                \
    FIELD(NODE, LONGITUDE, longitude)

#define RIB_NODE_LISTS(LIST)                                                                       \
    LIST(NODE, TEXT, text, text_count)                                                             \
    LIST(NODE, ADDRESSES, addresses, address_count)                                                \
    LIST(NODE, SRGBS, srgbs, srgb_count)                                                           \
    LIST(NODE, SRLBS, srlbs, srlb_count)                                                           \
    LIST(NODE, ALGORITHMS, algorithms, algorithm_count)                                            \
    LIST(NODE, SRV6_SIDS, srv6_sids, srv6_sid_count)                                               \
    LIST(NODE, PREFIX_SIDS, prefix_sids, prefix_sid_count)                                         \
    LIST(NODE, FLEXES, flexes, flex_count)                                                         \
    LIST(NODE, REST, rest, rest_count)

#define RIB_LINK_FIELDS(FIELD)                                                                     \
    FIELD(LINK, LOCAL_ID, local_id)                                                                \
    FIELD(LINK, REMOTE_ID, remote_id)                                                              \
    FIELD(LINK, LOCAL_V4, local_v4)                                                                \
    FIELD(LINK, REMOTE_V4, remote_v4)                                                              \
    FIELD(LINK, LOCAL_V6, local_v6)                                                                \
    FIELD(LINK, REMOTE_V6, remote_v6)                                                              \
    FIELD(LINK, IGP_METRIC, igp_metric)                                                            \
    FIELD(LINK, IGP_METRIC_MT2, igp_metric_mt2)                                                    \
    FIELD(LINK, TE_METRIC, te_metric)                                                              \
    FIELD(LINK, ADMIN_GROUP, admin_group)                                                          \
    FIELD(LINK, CAPACITY, capacity)                                                                \
    FIELD(LINK, MAX_RESERVABLE, max_reservable)                                                    \
    FIELD(LINK, UNRESERVED, unreserved)                                                            \
    FIELD(LINK, DELAY, delay_us)                                                                   \
    FIELD(LINK, DELAY_MIN, delay_min_us)                                                           \
    FIELD(LINK, DELAY_MAX, delay_max_us)                                                           \
    FIELD(LINK, DELAY_VARIATION, delay_variation_us)                                               \
    FIELD(LINK, LOSS, loss)                                                                        \
    FIELD(LINK, RESIDUAL, residual)                                                                \
    FIELD(LINK, AVAILABLE, available)                                                              \
    FIELD(LINK, UTILIZED, utilized)                                                                \
    FIELD(LINK, MSD, msd)

#define RIB_LINK_LISTS(LIST)                                                                       \
    LIST(LINK, TEXT, text, text_count)                                                             \
    LIST(LINK, SRLGS, srlgs, srlg_count)                                                           \
    LIST(LINK, EXTENDED_GROUPS, extended_groups, extended_group_count)                             \
    LIST(LINK, ADJ_SIDS, adj_sids, adj_sid_count)                                                  \
    LIST(LINK, END_XS, end_xs, end_x_count)                                                        \
    LIST(LINK, FLEX_LINKS, flex_links, flex_link_count)                                            \
    LIST(LINK, REST, rest, rest_count)

#define RIB_PREFIX_FIELDS(FIELD)                                                                   \
    FIELD(PREFIX, METRIC, metric)                                                                  \
    FIELD(PREFIX, FLAGS, flags)

#define RIB_PREFIX_LISTS(LIST)                                                                     \
    LIST(PREFIX, SIDS, sids, sid_count)                                                            \
    LIST(PREFIX, REST, rest, rest_count)

/* ---- bits ---- */

#define RIB_BIT_MEMBER(kind, name, member)             RIB_BIT_##kind##_##name,
#define RIB_BIT_LIST(kind, name, member, count_member) RIB_BIT_##kind##_##name,
#define RIB_PRESENT(kind, name)                        RIB_##kind##_##name = 1 << RIB_BIT_##kind##_##name,
#define RIB_PRESENT_MEMBER(kind, name, member)         RIB_PRESENT(kind, name)
#define RIB_PRESENT_LIST(kind, name, member, count)    RIB_PRESENT(kind, name)

enum { RIB_NODE_FIELDS(RIB_BIT_MEMBER) RIB_NODE_LISTS(RIB_BIT_LIST) };
enum { RIB_LINK_FIELDS(RIB_BIT_MEMBER) RIB_LINK_LISTS(RIB_BIT_LIST) };
enum { RIB_PREFIX_FIELDS(RIB_BIT_MEMBER) RIB_PREFIX_LISTS(RIB_BIT_LIST) };
enum { RIB_NODE_FIELDS(RIB_PRESENT_MEMBER) RIB_NODE_LISTS(RIB_PRESENT_LIST) };
enum { RIB_LINK_FIELDS(RIB_PRESENT_MEMBER) RIB_LINK_LISTS(RIB_PRESENT_LIST) };
enum { RIB_PREFIX_FIELDS(RIB_PRESENT_MEMBER) RIB_PREFIX_LISTS(RIB_PRESENT_LIST) };

#undef RIB_BIT_MEMBER
#undef RIB_BIT_LIST
#undef RIB_PRESENT
#undef RIB_PRESENT_MEMBER
#undef RIB_PRESENT_LIST

/* ---- objects ---- */

enum {
    RIB_NODE_OVERLOADED = 1 << 0, /* IS-IS overload bit, OSPF R-bit clear: no transit */
    RIB_NODE_ATTACHED = 1 << 1,
    RIB_NODE_EXTERNAL = 1 << 2,
    RIB_NODE_ABR = 1 << 3,
};

struct rib_node {
    uint32_t present;
    struct ip router_id_v4, router_id_v6; /* TLVs 1028, 1029 */
    uint8_t flags;                        /* RIB_NODE_… */
    uint8_t msd;                          /* base MPLS imposition (RFC 8814) */
    uint8_t srv6_msd;                     /* maximum of H.Encaps (RFC 9352 4.3) */
    double latitude, longitude;
    const char *text; /* its name, not terminated */
    uint32_t text_count;
    const struct ip *addresses;
    uint32_t address_count;
    const struct ted_srgb *srgbs;
    uint32_t srgb_count;
    const struct ted_srgb *srlbs;
    uint32_t srlb_count;
    const uint8_t *algorithms;
    uint32_t algorithm_count;
    const struct ted_srv6_sid *srv6_sids;
    uint32_t srv6_sid_count;
    const struct ted_prefix_sid *prefix_sids; /* of sources that give them to the node itself */
    uint32_t prefix_sid_count;
    const struct ted_flex_definition *flexes; /* in the order of their numbers */
    uint32_t flex_count;
    const uint8_t *rest; /* TLVs that are kept and not read */
    uint32_t rest_count;
};

/* One direction. */
struct rib_link {
    uint32_t present;
    uint32_t local_id, remote_id;
    struct ip local_v4, remote_v4, local_v6, remote_v6;
    uint32_t igp_metric, igp_metric_mt2, te_metric, admin_group;
    float capacity, max_reservable, unreserved[TED_PRIORITIES];
    uint32_t delay_us, delay_min_us, delay_max_us, delay_variation_us, loss;
    float residual, available, utilized;
    uint8_t msd;
    const char *text;
    uint32_t text_count;
    const uint32_t *srlgs;
    uint32_t srlg_count;
    const uint32_t *extended_groups; /* RFC 7308: the first has bits 0 to 31 */
    uint32_t extended_group_count;
    const struct rib_adj_sid *adj_sids;
    uint32_t adj_sid_count;
    const struct rib_end_x *end_xs;
    uint32_t end_x_count;
    const struct rib_flex_link *flex_links; /* none, or one */
    uint32_t flex_link_count;
    const uint8_t *rest;
    uint32_t rest_count;
};

/* A prefix SID as it was told (RFC 9085 2.3.1). */
struct rib_prefix_sid {
    uint32_t value; /* an index of the SRGB, or a label */
    uint8_t is_label;
    uint8_t algorithm;
    uint8_t is_node; /* N flag */
};

enum {
    RIB_PREFIX_NODE = 1 << 0,         /* N: it names the node (RFC 9085 2.3.2) */
    RIB_PREFIX_READVERTISED = 1 << 1, /* R: it came from another level or area */
    RIB_PREFIX_EXTERNAL = 1 << 2,     /* X */
    RIB_PREFIX_ANYCAST = 1 << 3,      /* A (RFC 9352, RFC 9513) */
};

struct rib_prefix {
    uint32_t present;
    uint32_t metric;
    uint8_t flags; /* RIB_PREFIX_… */
    const struct rib_prefix_sid *sids;
    uint32_t sid_count;
    const uint8_t *rest;
    uint32_t rest_count;
};

#endif
