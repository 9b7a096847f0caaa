/* Received: from octets to whole messages, and from a message to its objects (RFC 5440 6.1, 7.2).
 * A load generator reads nothing but what it counts or judges; every length is checked before
 * it is used.
 *
 * Thread: any. Owns: nothing but a struct gathered, which belongs to whoever keeps the octets and
 * is freed with free(). Bound: a message has 65,535 octets at most, by its 16-bit length, and
 * gathered octets are fewer than two of them. */
#ifndef PCED_BENCH_PCELOAD_PROTOCOL_RECEIVED_H
#define PCED_BENCH_PCELOAD_PROTOCOL_RECEIVED_H

#include "core/base/wire.h"
#include "core/pcep/registry.h"

#include <stdbool.h>
#include <stdint.h>

#define RECEIVED_HEADER_SIZE        4u
#define RECEIVED_OBJECT_HEADER_SIZE 4u
#define RECEIVED_BAD                UINT32_MAX /* no header of a PCEP message, version 1 */

static inline uint32_t received_u16(const uint8_t *octets)
{
    return (uint32_t)octets[0] << 8 | octets[1];
}

/* Octets of the message at the front of `size` octets; 0: more have to come first; RECEIVED_BAD. */
static inline uint32_t received_size(const uint8_t *octets, uint32_t size)
{
    if (size < RECEIVED_HEADER_SIZE)
        return 0;
    uint32_t wanted = received_u16(octets + 2);
    if (octets[0] >> 5 != 1 || wanted < RECEIVED_HEADER_SIZE)
        return RECEIVED_BAD;
    return wanted <= size ? wanted : 0;
}

/* The type of a whole message. */
static inline uint8_t received_type(const uint8_t *octets)
{
    return octets[1];
}

/* ---- a message that came in parts ---- */

struct gathered {
    uint32_t size, room;
    uint8_t octets[];
};

/* Puts the octets behind what was gathered before, NULL at first; returns where it all is now. */
struct gathered *received_gather(struct gathered *gathered, const uint8_t *octets, uint32_t size);

/* ---- a message's objects ---- */

struct received_object {
    uint8_t class_;
    struct wire_reader body;
};

/* The objects of a whole message, for received_next_object. */
static inline struct wire_reader received_objects(const uint8_t *octets, uint32_t size)
{
    return wire_reader_init(octets + RECEIVED_HEADER_SIZE, size - RECEIVED_HEADER_SIZE);
}

/* False at the end; `failed` of the reader then says that a length did not fit. */
bool received_next_object(struct wire_reader *reader, struct received_object *object);

#endif
