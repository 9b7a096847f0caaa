/* Packet: what stands around the octets of a TCP connection: link, VLAN tags, IP, TCP.
 *
 * Link types: Ethernet (with any of 802.1Q, 802.1ad and their old numbers), Linux cooked (SLL and
 * SLL2), raw IP, and the loopbacks of BSD (NULL, LOOP). IPv4 with options, IPv6 with extension
 * headers, AH; fragments are told apart for fragment.h. Checksums are not looked at: a machine that
 * captures its own packets sees them before its card computes them.
 *
 * Thread: any. Owns: nothing; spans point into the packet.
 * Bound: PACKET_TAGS_MAX tags, PACKET_EXTENSIONS_MAX extension headers. */
#ifndef PCED_SERVER_PCECTL_CAPTURE_PACKET_H
#define PCED_SERVER_PCECTL_CAPTURE_PACKET_H

#include "core/base/ip.h"
#include "core/base/wire.h"

#define PACKET_TAGS_MAX       8
#define PACKET_EXTENSIONS_MAX 16

enum packet_result {
    PACKET_OK,
    PACKET_OTHER, /* not IP, or not TCP */
    PACKET_LINK,  /* a link type that is not read */
    PACKET_CUT,   /* the capture kept too little of it */
    PACKET_BAD,   /* a header that cannot be */
};

struct packet_ip {
    struct ip source, destination;
    uint8_t protocol;         /* of the payload: for IPv6 of its first header */
    bool is_fragment;         /* the payload is a part, for fragment.h */
    bool has_more;            /* it is not the last part */
    uint32_t id;              /* of the datagram that the part is of */
    uint32_t offset;          /* of the part in the datagram */
    struct wire_span payload; /* as far as captured */
    uint32_t payload_size;    /* on the wire */
};

#define TCP_FIN 0x01
#define TCP_SYN 0x02
#define TCP_RST 0x04
#define TCP_ACK 0x10

struct packet_tcp {
    uint16_t source_port, destination_port;
    uint32_t sequence, acknowledged;
    uint8_t flags;            /* TCP_… */
    struct wire_span payload; /* as far as captured */
    uint32_t payload_size;    /* on the wire */
};

enum packet_result packet_read_ip(uint16_t link_type, struct wire_span octets,
                                  struct packet_ip *out);
/* Steps over extension headers up to TCP; with *ip a part of a datagram it stops there. To be
 * called again when fragment.h has made the datagram whole. */
enum packet_result packet_read_tcp(const struct packet_ip *ip, struct packet_tcp *out);

#endif
