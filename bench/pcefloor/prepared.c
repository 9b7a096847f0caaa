/* The prepared messages, octet by octet. */
#include "bench/pcefloor/prepared.h"

#include <string.h>

static void put_16(uint8_t *at, unsigned value)
{
    at[0] = (uint8_t)(value >> 8);
    at[1] = (uint8_t)value;
}

static void put_header(uint8_t *at, uint8_t type, unsigned size)
{
    at[0] = 0x20; /* version 1 */
    at[1] = type;
    put_16(at + 2, size);
}

/* RFC 5440 7.3, with PATH-SETUP-TYPE-CAPABILITY: RSVP-TE and SR (RFC 8408 3, RFC 8664 4.1.2). */
static void prepared_make_open(uint8_t *at, unsigned keepalive_s)
{
    static const uint8_t setup_types[20] = {0, 34, 0, 16, 0, 0, 0, 2, 0, 1,
                                            0, 0,  0, 26, 0, 4, 0, 0, 0, 0};
    unsigned dead_s = keepalive_s * 4 > 255 ? 255 : keepalive_s * 4;
    put_header(at, 1, PREPARED_OPEN_SIZE - PREPARED_KEEPALIVE);
    at[4] = 1; /* OPEN */
    at[5] = 0x10;
    put_16(at + 6, PREPARED_OPEN_SIZE - PREPARED_KEEPALIVE - 4);
    at[8] = 0x20; /* version 1 */
    at[9] = (uint8_t)keepalive_s;
    at[10] = (uint8_t)dead_s;
    at[11] = 0; /* SID */
    memcpy(at + 12, setup_types, sizeof setup_types);
    put_header(at + PREPARED_OPEN_SIZE - PREPARED_KEEPALIVE, 2, PREPARED_KEEPALIVE);
}

/* SR hops of 8 octets (a SID alone), the last one of 12 (with an IPv4 node) where that fills it. */
static void fill_hops(uint8_t *at, unsigned size)
{
    static const uint8_t documentation[4] = {192, 0, 2, 1};
    while (size > 0) {
        unsigned hop = size == 12 ? 12 : 8;
        at[0] = 36;
        at[1] = (uint8_t)hop;
        put_16(at + 2,
               hop == 12 ? 0x1001 : 0x0009); /* node type; F: no node, M: the SID is a label */
        put_16(at + 4, 0x03e8);
        put_16(at + 6, 0);
        if (hop == 12)
            memcpy(at + 8, documentation, sizeof documentation);
        at += hop;
        size -= hop;
    }
}

void prepared_make(struct prepared *prepared, unsigned keepalive_s, uint16_t reply_size)
{
    memset(prepared, 0, sizeof *prepared);
    prepared_make_open(prepared->open, keepalive_s);
    put_header(prepared->keepalive, 2, PREPARED_KEEPALIVE);
    uint8_t *at = prepared->reply;
    prepared->reply_size = reply_size;
    put_header(at, 4, reply_size);
    at[4] = 2;    /* RP: flags, request-ID */
    at[5] = 0x12; /* P: RFC 5440 7.4 */
    put_16(at + 6, 12);
    at[16] = 7; /* ERO */
    at[17] = 0x10;
    put_16(at + 18, reply_size - 16U);
    unsigned hops = reply_size - 20U;
    if (hops == 4) { /* no hop is that small: a NO-PATH of 8 octets takes the place of the ERO */
        at[16] = 3;
        return;
    }
    fill_hops(at + 20, hops);
}
