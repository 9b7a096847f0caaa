/* The messages that pcefloor sends, made once: Open and Keepalive, Keepalive, PCRep.
 *
 * Thread: any, once made. Owns: its octets. Bound: PREPARED_REPLY_MAX. */
#ifndef PCED_BENCH_PCEFLOOR_PREPARED_H
#define PCED_BENCH_PCEFLOOR_PREPARED_H

#include <stdint.h>

#define PREPARED_REPLY_MIN   20 /* RP and an ERO without hops */
#define PREPARED_REPLY_MAX   4096
#define PREPARED_REQUEST_ID  12 /* where the request-ID is in a message that begins with an RP */
#define PREPARED_OPEN_SIZE   36
#define PREPARED_KEEPALIVE   4
#define PREPARED_TYPE_PCREQ  3
#define PREPARED_HEADER_SIZE 4

struct prepared {
    uint8_t open[PREPARED_OPEN_SIZE]; /* Open, Keepalive */
    uint8_t keepalive[PREPARED_KEEPALIVE];
    uint16_t reply_size;
    uint8_t reply[PREPARED_REPLY_MAX]; /* PCRep: RP, ERO of SR hops (RFC 5440 6.5, RFC 8664 4.3) */
};

/* keepalive_s: 0 to 255. reply_size: PREPARED_REPLY_MIN to PREPARED_REPLY_MAX, a multiple of 4. */
void prepared_make(struct prepared *prepared, unsigned keepalive_s, uint16_t reply_size);

#endif
