/* Finding requests in what comes: messages by the length of their common header, nothing else.
 *
 * A message that came whole is looked at where it lies; of one that is split only the octets that
 * matter are kept.
 *
 * Thread: the connection's. Bound: nothing is buffered. */
#ifndef PCED_BENCH_PCEFLOOR_REQUEST_H
#define PCED_BENCH_PCEFLOOR_REQUEST_H

#include "bench/pcefloor/prepared.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The message that is split: all zero between messages. */
struct request {
    uint16_t position; /* octets of it that have come */
    uint16_t size;     /* known from position 4 on */
    uint8_t type;
    uint8_t kept[4]; /* the common header, then the request-ID */
};

/* A message cannot be shorter than its header. */
#define REQUEST_BAD SIZE_MAX

/* Takes octets of a split message: until its end or theirs. Returns how many, or REQUEST_BAD.
 * *is_request: a PCReq has ended, kept is its request-ID. */
static inline size_t request_gather(struct request *request, const uint8_t *octets, size_t size,
                                    bool *is_request)
{
    size_t used = 0;
    *is_request = false;
    while (used < size) {
        uint16_t position = request->position;
        if (position < PREPARED_HEADER_SIZE) {
            request->kept[position] = octets[used];
        } else if (position >= PREPARED_REQUEST_ID && position < PREPARED_REQUEST_ID + 4) {
            request->kept[position - PREPARED_REQUEST_ID] = octets[used];
        } else if (position >= PREPARED_REQUEST_ID + 4) {
            size_t left = (size_t)(request->size - position);
            size_t more = (left < size - used ? left : size - used) - 1;
            used += more;
            request->position = (uint16_t)(position + more);
        }
        used++;
        request->position++;
        if (request->position == PREPARED_HEADER_SIZE) {
            request->type = request->kept[1];
            request->size = (uint16_t)(request->kept[2] << 8 | request->kept[3]);
            if (request->size < PREPARED_HEADER_SIZE)
                return REQUEST_BAD;
        }
        if (request->position >= PREPARED_HEADER_SIZE && request->position == request->size) {
            *is_request =
                request->type == PREPARED_TYPE_PCREQ && request->size >= PREPARED_REQUEST_ID + 4;
            request->position = 0;
            break;
        }
    }
    return used;
}

#endif
