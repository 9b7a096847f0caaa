/* TCP keys: signatures on the segments of a connection, TCP-MD5 (RFC 2385) and TCP-AO (RFC 5925).
 *
 * A key belongs to the peers of a prefix. A listening socket that has one drops what such a peer
 * sends without it or with another, before a connection exists; an outgoing socket gets it before
 * it connects. Keys never come back out of here: nothing prints or logs them.
 *
 * Thread: any; the kernel locks the socket. Owns: nothing. Bound: TCP_KEY_SIZE_MAX octets. */
#ifndef PCED_IO_NET_TCP_KEY_H
#define PCED_IO_NET_TCP_KEY_H

#include "core/base/ip.h"
#include "core/base/status.h"
#include "io/os/failure.h"

#include <stdbool.h>
#include <stdint.h>

#define TCP_KEY_SIZE_MAX 80

enum tcp_key_kind { TCP_KEY_MD5, TCP_KEY_AO };

struct tcp_key {
    struct ip prefix;
    uint8_t bits;    /* of the prefix: 32 or 128 for one peer */
    uint8_t kind;    /* enum tcp_key_kind */
    uint8_t send_id; /* TCP-AO: KeyIDs; both ends mirror them */
    uint8_t receive_id;
    uint8_t size; /* of octets, at least 1 */
    uint8_t octets[TCP_KEY_SIZE_MAX];
};

/* Whether this kernel has it: tried on a socket of its own. */
bool tcp_key_is_supported(enum tcp_key_kind kind);

/* Sets or replaces the key of that prefix on a socket. PCE_UNSUPPORTED, PCE_INVALID, PCE_NO_MEMORY
 * (the kernel's net.core.optmem_max bounds the keys of one socket); the text names the prefix. */
PCE_MUST_CHECK enum pce_status tcp_key_set(int descriptor, const struct tcp_key *key,
                                           struct failure *failure);
/* Takes the key of that prefix off; harmless when there is none. */
void tcp_key_remove(int descriptor, const struct tcp_key *key);

bool tcp_key_is_equal(const struct tcp_key *a, const struct tcp_key *b);

#endif
