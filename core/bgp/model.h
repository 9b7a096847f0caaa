/* Model: the structs of the bodies of capabilities, path attributes and TLVs.
 *
 * All are made from the field lists of fields.h: read the members there. Bodies of decoded messages
 * live in the arena of the decode call; spans and arrays in them point into the message or the
 * arena.
 *
 * Thread: any. Owns: nothing. */
#ifndef PCED_CORE_BGP_MODEL_H
#define PCED_CORE_BGP_MODEL_H

#include "core/bgp/fields.h"
#include "core/bgp/layout_list.h"
#include "core/wire/members.h"

#define BGP_STRUCT(layout)                                                                         \
    struct bgp_##layout {                                                                          \
        BGP_FIELDS_##layout(WIRE_MEMBER)                                                           \
    };

BGP_LAYOUTS(BGP_STRUCT)
BGP_OWN_LAYOUTS(BGP_STRUCT)

/* Address families that a consumer of link state meets (RFC 9552 5.1). */
#define BGP_AFI_LS  16388
#define BGP_SAFI_LS 71

enum bgp_refresh_subtype {
    BGP_REFRESH_REQUEST = 0,
    BGP_REFRESH_BEGIN = 1, /* RFC 7313 3.2 */
    BGP_REFRESH_END = 2,
};

#define BGP_RESTART_R 0x8  /* restart state (RFC 4724 3) */
#define BGP_RESTART_N 0x4  /* notifications keep routes, too (RFC 8538 2) */
#define BGP_FAMILY_F  0x80 /* forwarding state preserved (RFC 4724 3) */

/* Protocol-ID of an NLRI (RFC 9552 5.2, RFC 9086 4, RFC 9857 3). */
enum bgp_protocol {
    BGP_PROTOCOL_ISIS_1 = 1,
    BGP_PROTOCOL_ISIS_2 = 2,
    BGP_PROTOCOL_OSPF_2 = 3,
    BGP_PROTOCOL_DIRECT = 4,
    BGP_PROTOCOL_STATIC = 5,
    BGP_PROTOCOL_OSPF_3 = 6,
    BGP_PROTOCOL_BGP = 7,
    BGP_PROTOCOL_RSVP_TE = 8,
    BGP_PROTOCOL_SEGMENT_ROUTING = 9,
};

#endif
