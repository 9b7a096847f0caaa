/* Layouts of BGP: what its bodies are made of (core/wire/layout.h).
 *
 * A decoder takes exactly the octets of its body: what is left over makes the body one of another
 * length, where no TLVs may follow it.
 *
 * Thread: any. Owns: nothing. */
#ifndef PCED_CORE_BGP_LAYOUT_H
#define PCED_CORE_BGP_LAYOUT_H

#include "core/bgp/layout_list.h"
#include "core/wire/layout.h"
#include "core/wire/members.h"

/* wire_decoding.kind: what a decoder must know of its surroundings. */
enum bgp_decoding_kind {
    BGP_DECODING_PLAIN,
    BGP_DECODING_AS4,    /* of path attributes: an AS has 4 octets (RFC 6793 4.1) */
    BGP_DECODING_PREFIX, /* of TLVs: the NLRI is an IPv4 prefix */
    BGP_DECODING_PREFIX6,
};

/* wire_decoding.error of a body that is wrong in another way than its length. */
#define BGP_DECODING_BAD_VALUE 1

#define BGP_LAYOUT_EXTERN(layout) extern const struct wire_layout bgp_layout_##layout;
BGP_LAYOUTS(BGP_LAYOUT_EXTERN)
BGP_OWN_LAYOUTS(BGP_LAYOUT_EXTERN)
#define bgp_layout_empty wire_layout_empty
/* The struct of srv6_lan_end_x, with a neighbor of 4 octets. */
extern const struct wire_layout bgp_layout_srv6_lan_end_x_ospf;

#define BGP_OWN_LAYOUT_EXTERN(layout)                                                              \
    wire_decode_fn bgp_decode_##layout;                                                            \
    wire_encode_fn bgp_encode_##layout;
BGP_OWN_LAYOUTS(BGP_OWN_LAYOUT_EXTERN)
wire_decode_fn bgp_decode_srv6_lan_end_x_ospf;

/* Bodies of a regular layout, one after the other, as many as there are: for the hand-written. */
bool bgp_decode_list(struct wire_reader *reader, const struct wire_layout *element,
                     struct wire_list *list, struct wire_decoding *decoding);
void bgp_encode_list(struct wire_writer *writer, const struct wire_layout *element,
                     const struct wire_list *list);

#endif
