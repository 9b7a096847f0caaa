/* Responses of a PCRep (RFC 5440 6.5): each an RP, and a path or NO-PATH. This is the way of every
 * reply that is measured, so it reads the wire directly.
 *
 * Thread: any. Owns: nothing; a response points into the message. */
#ifndef PCED_BENCH_PCELOAD_PROTOCOL_RESPONSE_H
#define PCED_BENCH_PCELOAD_PROTOCOL_RESPONSE_H

#include <stdbool.h>
#include <stdint.h>

struct response {
    uint32_t id;
    bool has_no_path;
    uint32_t ero_size;  /* octets */
    const uint8_t *ero; /* the subobjects of the first ERO; NULL: there is none */
};

struct response_reader {
    const uint8_t *at, *end;
    uint32_t count; /* of RPs that were read */
    bool failed;    /* a length did not fit, or there was no response at all */
};

/* Of a whole message. */
struct response_reader response_reader_init(const uint8_t *octets, uint32_t size);
/* The next one whose objects are all there; false at the end, or when the reader has failed. */
bool response_next(struct response_reader *reader, struct response *response);

#endif
