/* Inside the readers of link state. Internal to core/bgp.
 *
 * Thread: any. Owns: nothing. */
#ifndef PCED_CORE_BGP_LS_IMPL_H
#define PCED_CORE_BGP_LS_IMPL_H

#include "core/bgp/ls.h"

struct ls_reading {
    const struct bgp_nlri *nlri;
    const struct bgp_tlv_list *tlvs; /* of the attribute; an empty list where there is none */
    uint32_t attribute_size;
    struct arena *arena;
    struct rib_igp_name domain; /* of the local node, without its router id */
    uint8_t *rest;              /* TLVs that are not read; room for the whole attribute */
    uint32_t rest_count;
    bool is_full; /* the arena refused */
};

/* Keeps the TLV behind the object. */
void ls_keep(struct ls_reading *reading, const struct bgp_tlv *tlv);
/* Room for the items of a list: those there are, and `more`. NULL, and is_full: the arena refused. */
void *ls_grow(struct ls_reading *reading, const void *items, uint32_t count, uint32_t more,
              size_t size);
/* The name of a router of the local node's domain; size 0 when the id is none. */
struct rib_name ls_name(const struct ls_reading *reading, struct wire_span router_id);
bool ls_is_isis(const struct ls_reading *reading);

void ls_read_node(struct ls_reading *reading, struct rib_node *node);
void ls_read_link(struct ls_reading *reading, struct rib_link *link);
void ls_read_prefix(struct ls_reading *reading, struct rib_prefix *prefix);
void ls_read_srv6_sid(struct ls_reading *reading, struct ted_srv6_sid *sid);
/* The structure and behaviour that stand beside or inside an SRv6 SID. */
void ls_read_structure(const struct bgp_tlv_list *tlvs, struct ted_srv6_sid *sid);

#endif
