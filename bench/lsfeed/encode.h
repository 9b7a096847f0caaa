/* Encoder: nodes, prefixes and links of a snapshot as a router of IS-IS tells them by BGP-LS (RFC 9552,
 * RFC 9085, RFC 9514), an object in each UPDATE; and the other messages of a session (RFC 4271).
 *
 * Made by hand, and not by core/bgp: what pced reads is then not written by what reads it. As FRR does, a
 * node is named by TLV 515 alone.
 *
 * Thread: any. Owns: nothing. Bound: the writer's; a metric or delay of more than 24 bits, which IS-IS has no
 * room for, is told as the largest one. */
#ifndef PCED_BENCH_LSFEED_ENCODE_H
#define PCED_BENCH_LSFEED_ENCODE_H

#include "core/base/wire.h"
#include "core/ted/ted.h"

#define ENCODE_MESSAGE_MAX  4096
#define ENCODE_EXTENDED_MAX 65535 /* RFC 8654 */
#define ENCODE_OPEN         1
#define ENCODE_NOTIFICATION 3
#define ENCODE_KEEPALIVE    4

struct encode_open {
    uint32_t as;
    uint16_t hold_s;
    struct ip identifier;
    uint16_t restart_s; /* RFC 4724; 0: it keeps nothing over a restart */
    bool is_restarted;
};

void encode_open(struct wire_writer *writer, const struct encode_open *open);
void encode_keepalive(struct wire_writer *writer);
void encode_notification(struct wire_writer *writer, uint8_t code, uint8_t subcode);
void encode_end_of_rib(struct wire_writer *writer);

void encode_node(struct wire_writer *writer, const struct ted_snapshot *snapshot, uint32_t node);
/* An address of a node; a router id has the node's SIDs of that family. */
void encode_address(struct wire_writer *writer, const struct ted_snapshot *snapshot, uint32_t node,
                    const struct ip *address);
void encode_srv6_sid(struct wire_writer *writer, uint32_t node, const struct ted_srv6_sid *sid);
void encode_link(struct wire_writer *writer, const struct ted_snapshot *snapshot,
                 const struct ted_link *link);
/* As many links as go into one message of that size, from *at on, which is moved past them. */
void encode_withdrawal(struct wire_writer *writer, const struct ted_snapshot *snapshot,
                       const uint32_t *links, uint32_t count, uint32_t *at);

#endif
