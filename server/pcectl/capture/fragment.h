/* Fragments: parts of IP datagrams, put together (RFC 791 3.2, RFC 8200 4.5).
 *
 * Parts may come in any order and twice. Parts that overlap and differ make the whole datagram
 * suspect; it is dropped (RFC 5722). What never gets whole is reported, once, and missing in the
 * TCP stream like any packet that was not captured.
 *
 * Thread: the only one. Owns: the parts, until the datagram is whole or lost.
 * Bound: FRAGMENT_SETS_MAX datagrams of FRAGMENT_SIZE_MAX octets; FRAGMENT_WAIT_S seconds of the
 * capture's time. */
#ifndef PCED_SERVER_PCECTL_CAPTURE_FRAGMENT_H
#define PCED_SERVER_PCECTL_CAPTURE_FRAGMENT_H

#include "core/base/status.h"
#include "server/pcectl/capture/file.h"
#include "server/pcectl/capture/packet.h"

#define FRAGMENT_SETS_MAX 64U
#define FRAGMENT_SIZE_MAX 65536U
#define FRAGMENT_WAIT_S   30

/* One datagram that is not whole yet. */
struct fragment_set {
    struct packet_ip ip; /* of the part that came first */
    struct capture_time time;
    uint64_t number;     /* of the packet that came last */
    uint32_t size;       /* of the datagram; 0 before its last part came */
    uint32_t unit_count; /* units of 8 octets that are there */
    uint32_t room;       /* octets of `octets` */
    uint8_t *octets;
    uint8_t units[FRAGMENT_SIZE_MAX / 64]; /* a bit for each unit that is there */
};

/* A datagram was lost. */
typedef void fragment_lost_fn(void *context, const struct fragment_set *set, const char *reason);

struct fragment_table {
    struct fragment_set *sets[FRAGMENT_SETS_MAX]; /* oldest first */
    uint32_t set_count;
    struct fragment_set *whole; /* what the last call gave out */
    fragment_lost_fn *on_lost;
    void *context;
};

void fragment_init(struct fragment_table *table, fragment_lost_fn *on_lost, void *context);
/* Reports what is still there. */
void fragment_flush(struct fragment_table *table);
void fragment_fini(struct fragment_table *table);

/* Takes the part *ip. PCE_OK: the datagram is whole, and *ip is the datagram, valid until the next
 * call. PCE_AGAIN: not yet. PCE_INVALID: the part or the datagram was dropped, and it was reported.
 * PCE_NO_MEMORY. */
PCE_MUST_CHECK enum pce_status fragment_put(struct fragment_table *table, struct packet_ip *ip,
                                            const struct capture_packet *packet);

#endif
